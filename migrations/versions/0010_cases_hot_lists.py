"""Hot lists read what they show: open cases in the order of urgency, and the few of a small scope.

A policy cannot use an index for ``pos <@ multirange``, so a grid worker's list read the whole
table. ``few_cases`` answers with the ids when a session may see only few, found by indexes alone.
The planner took every policy for one that lets hardly anything through and sorted whole tables;
said as a ``case`` it is a matter of one half, and lists are walked in their order.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

INDEX = """
create index cases_urgent on cases (rank, due_at, id)
    where state not in ('declined', 'evaluated', 'withdrawn', 'closed');
"""

POLICY = """
alter policy cases_seen on cases using (
    case when pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange)
            then true
        when unit_ids && (select nullif(current_setting('app.units', true), '')::uuid[])
            then true
        else coalesce(created_by =
            (select nullif(current_setting('app.account', true), '')::uuid), false) end);
"""

FEW = """
create function few_cases(most int) returns uuid[]
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    account uuid := nullif(current_setting('app.account', true), '')::uuid;
    units uuid[] := coalesce(nullif(current_setting('app.units', true), '')::uuid[], '{}');
    ground int[];
    found uuid[];
begin
    select coalesce(array_agg(p), '{}') into ground from (
        select generate_series(lower(r), upper(r) - 1) as p
        from unnest(nullif(current_setting('app.scope', true), '')::int4multirange) as r
        limit 201) as places;
    if cardinality(ground) > 200
        or (select count(*) from (select from cases where pos = any(ground)
            limit most + 1) as seen) > most
        or (select count(*) from (select from cases where unit_id = any(units)
            limit most + 1) as seen) > most
        or (select count(*) from (select from cases where desk_id = any(units)
            limit most + 1) as seen) > most
        or (select count(*) from (select from cases where created_by = account
            limit most + 1) as seen) > most then
        return null;
    end if;
    select coalesce(array_agg(id), '{}') into found from (
        select id from cases where pos = any(ground)
        union select id from cases where cardinality(units) > 0 and unit_ids && units
        union select id from cases where created_by = account) as seen;
    return case when cardinality(found) <= most then found end;
end $$;
"""

# The words' index answers, whatever the planner thinks of the scope; only a word that is
# everywhere, asked for by somebody who sees nearly everything, is found sooner from the newest on.
SEARCH = """
create function count_words(wanted text[], most int) returns bigint
    language sql stable security definer set search_path = public, pg_temp
    set enable_seqscan = off set enable_indexscan = off as $$
    select count(*) from (select from cases where terms @> wanted limit most) as hits
$$;
create function find_words(wanted text[], most int) returns setof uuid
    language sql stable security definer set search_path = public, pg_temp
    set enable_seqscan = off set enable_indexscan = off as $$
    with hit as materialized (
        select id, pos, unit_ids, created_by, received_at from cases where terms @> wanted)
    select id from hit where sees(pos, unit_ids, created_by) order by received_at desc limit most
$$;
create or replace function search_cases(wanted text[], most int) returns setof uuid
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    scope int4multirange := nullif(current_setting('app.scope', true), '')::int4multirange;
    few uuid[] := few_cases(5000);
    common int := greatest(5000, (select reltuples / 100 from pg_class
        where oid = 'cases'::regclass))::int;
begin
    most := least(most, 1000);
    if few is not null then
        return query with mine as materialized (
                select c.id, c.received_at, c.terms from cases c where c.id = any(few))
            select m.id from mine m where m.terms @> wanted order by m.received_at desc limit most;
    elsif upper(scope) - lower(scope) > 0.5 * (select count(*) from areas)
            and count_words(wanted, common) >= common then
        return query select c.id from cases c
            where c.terms @> wanted and sees(c.pos, c.unit_ids, c.created_by)
            order by c.received_at desc limit most;
    else
        return query select find_words(wanted, most);
    end if;
end $$;
revoke execute on function few_cases(int), count_words(text[], int), find_words(text[], int)
    from public;
grant execute on function few_cases(int) to wangge_app, wangge_intake;
"""


# Counted without touching the cases themselves, by whoever holds ground; who holds units has
# to look at each case's units.
COUNTS = """
create index cases_counts on cases (received_at) include (pos, state, overdue_at, created_by);
create function count_cases(first timestamptz, last timestamptz, ground int4multirange)
    returns table (state text, n bigint, late bigint)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if coalesce(current_setting('app.units', true), '') in ('', '{}') then
        return query select c.state, count(*), count(c.overdue_at) from cases c
            where c.received_at >= first and c.received_at < last
                and (ground is null or c.pos <@ ground) and sees(c.pos, '{}', c.created_by)
            group by c.state;
    else
        return query select c.state, count(*), count(c.overdue_at) from cases c
            where c.received_at >= first and c.received_at < last
                and (ground is null or c.pos <@ ground) and sees(c.pos, c.unit_ids, c.created_by)
            group by c.state;
    end if;
end $$;
revoke execute on function count_cases(timestamptz, timestamptz, int4multirange) from public;
grant execute on function count_cases(timestamptz, timestamptz, int4multirange)
    to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(INDEX)
    op.execute(POLICY)
    op.execute(FEW)
    op.execute(SEARCH)
    op.execute(COUNTS)
