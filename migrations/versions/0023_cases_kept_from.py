"""What is kept from whom it is about is also out of his counts, his notices and his whistles.

``kept_from_me`` is asked once a statement; the few cases that are about somebody have an index of
their own, so that counts are still taken from the index of counts and only corrected by these.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

SEEN = """case
        when c.pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange)
            then true
        when {units} && (select nullif(current_setting('app.units', true), '')::uuid[])
            then true
        else coalesce(c.created_by =
            (select nullif(current_setting('app.account', true), '')::uuid), false) end"""
ON_GROUND, OF_CASE = SEEN.format(units="'{}'::uuid[]"), SEEN.format(units="c.unit_ids")
KEPT = """
create index cases_about on cases (received_at)
    where about_unit is not null or about_account is not null;
create function kept_from_me() returns uuid[]
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(c.id), '{}') from cases c
    where (c.about_unit is not null or c.about_account is not null)
        and (c.about_unit = any(coalesce(
                nullif(current_setting('app.units', true), '')::uuid[], '{}'))
            or c.about_account = nullif(current_setting('app.account', true), '')::uuid)
$$;
revoke execute on function kept_from_me() from public;
grant execute on function kept_from_me() to wangge_app, wangge_intake;

create policy notices_kept_from_whom_they_are_about on notices as restrictive for select
    to wangge_app
    using (case_id is null or not case_id = any((select kept_from_me())::uuid[]));
create policy whistles_kept_from_whom_they_are_about on whistles as restrictive for all
    to wangge_app
    using (case_id is null or not case_id = any((select kept_from_me())::uuid[]))
    with check (true);
"""
COUNTS = f"""
create or replace function count_cases(first timestamptz, last timestamptz, ground int4multirange)
    returns table (state text, n bigint, late bigint)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    scope int4multirange := nullif(current_setting('app.scope', true), '')::int4multirange;
    kept uuid[] := kept_from_me();
begin
    if coalesce(current_setting('app.units', true), '') in ('', '{{}}') or not exists (
            select from areas a where a.parent_id is null and ground is null
                and not coalesce(a.span <@ scope, false)
            union all select where not coalesce(ground <@ scope, ground is null)) then
        return query select counted.state, sum(counted.n)::bigint, sum(counted.late)::bigint from (
            select c.state, count(*) as n, count(c.overdue_at) as late from cases c
                where c.received_at >= first and c.received_at < last
                    and (ground is null or c.pos <@ ground) and {ON_GROUND}
                group by c.state
            union all
            select c.state, -count(*), -count(c.overdue_at) from cases c
                where c.id = any(kept) and c.received_at >= first and c.received_at < last
                    and (ground is null or c.pos <@ ground) and {ON_GROUND}
                group by c.state) as counted
            group by counted.state;
    else
        return query select c.state, count(*), count(c.overdue_at) from cases c
            where c.received_at >= first and c.received_at < last
                and (ground is null or c.pos <@ ground) and {OF_CASE}
                and not c.id = any(kept)
            group by c.state;
    end if;
end $$;
"""


def upgrade() -> None:
    op.execute(KEPT)
    op.execute(COUNTS)
