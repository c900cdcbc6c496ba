"""What comes again within days of its closing is known as that, linked, and counted.

The earlier one may lie out of the sight of whoever registers the later: the search sees past row-
level security and answers with its number alone, never with one that is kept from somebody.
"""

from alembic import op

revision = "0041"
down_revision = "0040"

RECURRENCES = """
alter table cases add column recurs_at timestamptz;
create index cases_closed on cases (pos, type, closed_at)
    where state in ('closed', 'evaluated') and type is not null;
create table case_recurrences (
    case_id uuid primary key references cases (id),
    earlier_id uuid not null references cases (id),
    why text not null check (why in ('place', 'asker')),
    at timestamptz not null
);
create index case_recurrences_earlier on case_recurrences (earlier_id);
alter table case_recurrences enable row level security;
create policy recurrences_seen on case_recurrences for select to wangge_app
    using (exists (select from cases c where c.id in (case_id, earlier_id)));
create policy recurrences_made on case_recurrences for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
grant select, insert on case_recurrences to wangge_app;
grant select, insert, update, delete on case_recurrences to wangge_intake;

create function earlier_closed(later uuid, kept_type text, around int[], metres float8, days int)
    returns table (id uuid, number text, closed_at timestamptz, why text)
    language sql stable security definer set search_path = public, pg_temp as $$
    with mine as (
        select c.*, k.phone_index, k.mode from cases c
        left join case_askers k on k.case_id = c.id where c.id = later),
    found as (
        select c.id, 'place' as why from mine m join cases c on c.pos = any(around)
        where c.type = kept_type and c.state in ('closed', 'evaluated')
            and c.closed_at > m.received_at - make_interval(days => days)
            and (111320 * sqrt((m.lat - c.lat) ^ 2
                + ((m.lon - c.lon) * cos(radians(m.lat))) ^ 2) <= metres
                or ((m.lon is null or c.lon is null) and m.place_words <> ''
                    and c.place_words = m.place_words))
        union all
        select c.id, 'asker' from mine m join case_askers k on k.phone_index = m.phone_index
        join cases c on c.id = k.case_id
        where m.mode <> 'confidential' and k.mode <> 'confidential' and c.type = kept_type
            and c.state in ('closed', 'evaluated')
            and c.closed_at > m.received_at - make_interval(days => days))
    select c.id, c.number, c.closed_at, f.why from found f join cases c on c.id = f.id, mine m
    where c.id <> later and c.closed_at <= m.received_at
        and c.about_unit is null and c.about_account is null
        and not exists (select from case_parts s join case_parts t on t.origin_id = s.origin_id
            where c.id in (s.part_id, s.origin_id) and later in (t.part_id, t.origin_id))
    order by f.why desc, c.closed_at desc limit 1
$$;
revoke all on function earlier_closed(uuid, text, int[], float8, int) from public;
grant execute on function earlier_closed(uuid, text, int[], float8, int)
    to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(RECURRENCES)
