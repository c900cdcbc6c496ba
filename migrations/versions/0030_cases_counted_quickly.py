"""Three years are counted by the index of counts with the reader's ground said as plain numbers.

A multirange that PostgreSQL takes apart anew for each of three million rows cost a third of the
count. Places are said in the statement itself, as bounds or as a list, so that a small ground also
finds its own index. Whoever sees cases of his units or his own outside his ground has these added,
found by their own indexes, where the whole table was read for them.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

# The four sets are apart from each other, so that no case counts twice: on the reader's ground;
# elsewhere but of his units; elsewhere, of other units, but opened by him; less what is kept from
# him. All are read in one statement, so they are of the same moment.
COUNTS = """
create function on_ground(places int4multirange) returns text
    language sql immutable set search_path = public, pg_temp as $$
    select case
        when isempty(places) then 'false'
        when (select count(*) from unnest(places)) <= 2 then '(' || (
            select string_agg(format('c.pos >= %s and c.pos < %s', lower(r), upper(r)), ' or ')
            from unnest(places) as r) || ')'
        else format('c.pos = any(%L::int[])', (select array_agg(p) from unnest(places) as r,
            generate_series(lower(r), upper(r) - 1) as p)) end
$$;
create or replace function count_cases(first timestamptz, last timestamptz, ground int4multirange)
    returns table (state text, n bigint, late bigint)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    account uuid := nullif(current_setting('app.account', true), '')::uuid;
    scope int4multirange := coalesce(
        nullif(current_setting('app.scope', true), '')::int4multirange, '{}');
    units uuid[] := coalesce(nullif(current_setting('app.units', true), '')::uuid[], '{}');
    kept uuid[] := kept_from_me();
    here text := on_ground(scope * coalesce(ground, scope));
    asked text := case when ground is null then 'true' else on_ground(ground) end;
    counted text := 'select c.state, %s as n, %s as late from cases c'
        ' where c.received_at >= $1 and c.received_at < $2 and %s group by c.state';
    parts text[] := '{}';
    everywhere boolean := case when ground is null
        then not exists (select from areas a where not a.pos <@ scope) else ground <@ scope end;
begin
    if here <> 'false' then
        parts := parts || format(counted, 'count(*)', 'count(c.overdue_at)', here);
    end if;
    if not everywhere and units <> '{}' then
        parts := parts || format(counted, 'count(*)', 'count(c.overdue_at)',
            format('c.unit_ids && $3 and not %s and %s', here, asked));
    end if;
    if not everywhere and account is not null then
        parts := parts || format(counted, 'count(*)', 'count(c.overdue_at)',
            format('c.created_by = $4 and not c.unit_ids && $3 and not %s and %s', here, asked));
    end if;
    if kept <> '{}' then
        parts := parts || format(counted, '-count(*)', '-count(c.overdue_at)',
            format('c.id = any($5) and %s and (%s or c.unit_ids && $3'
                ' or coalesce(c.created_by = $4, false))', asked, here));
    end if;
    if parts <> '{}' then
        return query execute 'select state, sum(n)::bigint, sum(late)::bigint from ('
            || array_to_string(parts, ' union all ') || ') as counted group by state'
            using first, last, units, account, kept;
    end if;
end $$;
revoke execute on function on_ground(int4multirange) from public;
"""

# What lasted long is found by itself, so that a period of long ago reads its own weeks and not all
# that came after it. An array, because a condition that is no bare comparison of columns is asked
# after the policy alone, and no index answers it.
LONG = """
create index cases_long on cases (until_at) where until_at - received_at > interval '31 days';
create function lived_on(since timestamptz, at timestamptz) returns uuid[]
    language sql stable security definer set search_path = public, pg_temp
    set enable_seqscan = off as $$
    select coalesce(array_agg(c.id), '{}') from cases c
    where c.until_at - c.received_at > interval '31 days' and c.until_at >= at
        and c.received_at < since
$$;
revoke execute on function lived_on(timestamptz, timestamptz) from public;
grant execute on function lived_on(timestamptz, timestamptz) to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(COUNTS)
    op.execute(LONG)
