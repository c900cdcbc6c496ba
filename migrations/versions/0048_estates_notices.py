"""物业公告: what a property company tells the residents of its estate, until its day is over."""

from alembic import op

revision = "0048"
down_revision = "0047"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
UNITS = "(select nullif(current_setting('app.units', true), '')::uuid[])"
ESTATES = f"""
create table estate_notices (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    area_id uuid not null references areas (id),
    pos int not null,
    title text not null,
    words text not null,
    state text not null check (state in ('waiting', 'posted', 'refused', 'withdrawn')),
    until date not null,
    written_by uuid not null references accounts (id),
    written_name text not null,
    at timestamptz not null,
    decided_by uuid references accounts (id),
    decided_name text not null default '',
    decided_at timestamptz,
    why text not null default ''
);
create index estate_notices_of_unit on estate_notices (unit_id, at);
create index estate_notices_waiting on estate_notices (pos) where state = 'waiting';
create index estate_notices_shown on estate_notices (area_id, until) where state = 'posted';
alter table estate_notices enable row level security;
create policy estate_notices_seen on estate_notices for all to wangge_app using (
    pos <@ {SCOPE} or array[unit_id] && {UNITS});
grant select, insert, update on estate_notices to wangge_app;
grant select, insert, update, delete on estate_notices to wangge_intake;
"""


def upgrade() -> None:
    op.execute(ESTATES)
