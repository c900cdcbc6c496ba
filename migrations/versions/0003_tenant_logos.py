"""Logos of the city's brand, redrawn on arrival and never changed."""

from alembic import op

revision = "0003"
down_revision = "0002"

LOGOS = """
create table brand_logos (
    id uuid primary key,
    media_type text not null check (media_type = 'image/png'),
    body bytea not null check (octet_length(body) <= 2000000),
    author_id uuid,
    at timestamptz not null
);
grant select, insert on brand_logos to wangge_app;
grant select, insert, delete on brand_logos to wangge_intake;
"""


def upgrade() -> None:
    op.execute(LOGOS)
