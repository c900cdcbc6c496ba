"""Files of base maps: what is known of each; the bytes lie in the tenant's storage."""

from alembic import op

revision = "0085"
down_revision = "0082"

BASE_MAPS = """
create table base_maps (
    id uuid primary key,
    sha256 bytea not null unique check (octet_length(sha256) = 32),
    bytes bigint not null check (bytes > 0),
    name text not null check (length(name) between 1 and 200),
    tile_type text not null check (tile_type in ('mvt', 'png', 'jpeg', 'webp')),
    min_zoom smallint not null check (min_zoom between 0 and 24),
    max_zoom smallint not null check (max_zoom between min_zoom and 24),
    west float8 not null,
    south float8 not null,
    east float8 not null check (east > west),
    north float8 not null check (north > south),
    layers text[] not null,
    attribution text not null check (length(attribution) <= 400),
    at timestamptz not null
);
grant select on base_maps to wangge_app;
grant select, insert, delete on base_maps to wangge_intake;
"""


def upgrade() -> None:
    op.execute(BASE_MAPS)
