"""Sessions end when nobody uses them, activation codes run out, and the log is read by day.

``open_session`` stands here whole although one line of it is new: PostgreSQL replaces a function
only whole, and what 0001 once made must go on reading as it was.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = """
alter table sessions add column idle interval not null default '2 hours';
alter table accounts add column activation_expires_at timestamptz;
create index audit_rows_at on audit_rows (at desc, id desc);
create index audit_rows_account on audit_rows (account_id, at desc);
"""

OPEN_SESSION = """
create or replace function open_session(token bytea) returns table (
    now timestamptz, versions jsonb, session jsonb, account jsonb, posts jsonb)
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz := city_now();
    today date := city_today();
    found sessions%rowtype;
    scope int4multirange;
    units uuid[];
begin
    select s.* into found from sessions s join accounts a on a.id = s.account_id and a.active
        where s.token_hash = token and s.expires_at > moment and s.seen_at + s.idle > moment;
    if found.account_id is null then
        return query select moment, (select jsonb_object_agg(v.name, v.n) from versions v),
            null::jsonb, null::jsonb, null::jsonb;
        return;
    end if;
    if moment - found.seen_at > interval '1 minute' or moment < found.seen_at then
        update sessions s set seen_at = moment where s.token_hash = token;
    end if;
    select range_agg(r), array_agg(distinct p.unit_id) filter (where p.unit_id is not null)
        into scope, units
        from posts p left join areas a on a.id = p.area_id
        left join lateral unnest(a.span) as r on true
        where p.account_id = found.account_id and p.valid @> today and p.reads_cases;
    perform set_config('app.account', found.account_id::text, true),
        set_config('app.scope', coalesce(scope, '{}')::text, true),
        set_config('app.units', coalesce(units, '{}')::text, true);
    return query select moment, (select jsonb_object_agg(v.name, v.n) from versions v),
        jsonb_build_object('csrf', found.csrf, 'seen_at', found.seen_at,
            'expires_at', found.expires_at),
        (select jsonb_build_object('id', a.id, 'username', a.username, 'name', a.name,
            'must_change_password', a.must_change_password, 'scope', scope::text)
            from accounts a where a.id = found.account_id),
        (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'role', p.role,
            'kind', p.kind, 'title', p.title, 'span', a.span::text,
            'area', case when a.id is not null then jsonb_build_object('id', a.id,
                'name', a.short_name, 'level', a.level, 'code', a.code, 'pos', a.pos,
                'names', a.names) end,
            'unit', case when o.id is not null then jsonb_build_object('id', o.id,
                'name', o.short_name, 'kind', o.kind, 'code', o.code) end)
            order by p.role, p.id), '[]')
            from posts p left join areas a on a.id = p.area_id
            left join organisations o on o.id = p.unit_id
            where p.account_id = found.account_id and p.valid @> today);
end $$;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(OPEN_SESSION)
