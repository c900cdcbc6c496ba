"""副职: called where the holder of a post is away; 不在岗: from when to when somebody is."""

from alembic import op

revision = "0050"
down_revision = "0049"

DEPUTIES = """
alter table posts add column deputy bool not null default false;
create table absences (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    span tstzrange not null,
    said_at timestamptz not null,
    exclude using gist (account_id with =, span with &&)
);
grant select, insert, update on absences to wangge_app;
grant select, insert, update, delete on absences to wangge_intake;
"""


def upgrade() -> None:
    op.execute(DEPUTIES)
