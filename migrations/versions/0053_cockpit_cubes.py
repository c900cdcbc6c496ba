"""The city screen's read models: small counts of cases, and the keys whose counts are stale.

A key is a place and a day of receipt. It is written by the statement that writes the case, so that
no road into the table can forget it; who follows counts the cases of the key anew.
"""

from alembic import op

revision = "0053"
down_revision = "0052"

# One row for each statement that wrote cases, without order; the number only makes it removable.
STALE = """
create table cube_dirty (
    id bigint generated always as identity primary key,
    days date[] not null,
    grids int[] not null
);
create table cube_state (
    only_row bool primary key default true check (only_row),
    version bigint not null default 0,
    horizon bigint not null default 0,
    built_at timestamptz,
    building bool not null default false,
    true_at timestamptz,
    beat_at timestamptz not null default now(),
    checked_at timestamptz,
    checked_cells bigint not null default 0,
    checked_wrong int not null default 0
);
create table cube_log (
    version bigint not null,
    pos int not null,
    primary key (version, pos)
);
"""
CUBES = """
create table cube_states (
    day date not null, pos int not null, state text not null,
    n int not null, late int not null, said int not null, satisfied int not null,
    primary key (day, pos, state)
);
create index cube_states_open on cube_states (pos, state) include (n, late) where state not in
    ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split');
create table cube_hours (
    day date not null, pos int not null, hour smallint not null,
    n int not null,
    primary key (day, pos, hour)
);
create table cube_types (
    day date not null, pos int not null, type text not null, channel text not null,
    n int not null,
    primary key (day, pos, type, channel)
);
create table cube_units (
    day date not null, pos int not null, unit_id uuid not null,
    n int not null, open int not null, late int not null,
    primary key (day, pos, unit_id)
);
create index cube_units_unit on cube_units (unit_id, day, pos) include (n, open, late);
create table cube_closings (
    day date not null, pos int not null, closed_on date not null,
    n int not null, in_time int not null,
    primary key (day, pos, closed_on)
);
create index cube_closings_on on cube_closings (closed_on, pos) include (n, in_time);
create table cube_findings (
    id uuid primary key,
    at timestamptz not null,
    cube text not null,
    kind text not null check (kind in ('missing', 'doubled', 'moved', 'different')),
    day date not null,
    pos int not null,
    key text not null,
    expected jsonb not null,
    found jsonb not null,
    found_on date,
    repaired bool not null
);
create index cube_findings_at on cube_findings (at);
grant select, insert, update, delete on cube_dirty, cube_state, cube_log, cube_states, cube_hours,
    cube_types, cube_units, cube_closings, cube_findings to wangge_intake;
"""
# The cases of a key are found by this index alone, however many there are.
KEY = "create index cases_of_day on cases (pos, received_at);"
# Whole rows of old and new are told apart by hashing: a join would be planned for one row and then
# be used for a hundred thousand.
SEEN = """
create function cubes_see_written() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into cube_dirty (days, grids)
    select array_agg(d.day), array_agg(d.pos) from (
        select distinct (w.received_at at time zone k.zone)::date as day, w.pos
        from written w, clock k) d
    having count(*) > 0;
    return null;
end $$;
create function cubes_see_changed() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into cube_dirty (days, grids)
    with before as (
        select id, pos, received_at, state, type, channel, unit_id, overdue_at is null,
            closed_at, total_due_at, satisfaction from old_rows),
    after as (
        select id, pos, received_at, state, type, channel, unit_id, overdue_at is null,
            closed_at, total_due_at, satisfaction from new_rows)
    select array_agg(d.day), array_agg(d.pos) from (
        select distinct (w.received_at at time zone k.zone)::date as day, w.pos
        from ((table before except table after) union all (table after except table before)) w,
            clock k) d
    having count(*) > 0;
    return null;
end $$;
revoke execute on function cubes_see_written(), cubes_see_changed() from public;
create trigger cases_written after insert on cases
    referencing new table as written for each statement execute function cubes_see_written();
create trigger cases_removed after delete on cases
    referencing old table as written for each statement execute function cubes_see_written();
create trigger cases_changed after update on cases
    referencing old table as old_rows new table as new_rows
    for each statement execute function cubes_see_changed();
"""


def upgrade() -> None:
    op.execute(STALE)
    op.execute(CUBES)
    op.execute(KEY)
    op.execute(SEEN)
