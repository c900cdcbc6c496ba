"""The ground: areas, people, rules, cases with their protected history, and the kernel's tables."""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

revision = "0001"
down_revision = None

KERNEL = """
create extension ltree;
create extension btree_gist;

create table clock (
    only_row bool primary key default true check (only_row),
    zone text not null default 'Asia/Shanghai',
    frozen_at timestamptz,
    shift interval not null default '0'
);
insert into clock default values;

create function city_now() returns timestamptz language sql stable parallel safe as $$
    select coalesce(frozen_at, statement_timestamp() + shift) from clock
$$;
create function city_today() returns date language sql stable parallel safe as $$
    select (coalesce(frozen_at, statement_timestamp() + shift) at time zone zone)::date from clock
$$;

create table versions (name text primary key, n bigint not null);
insert into versions values ('rules', 1), ('areas', 1), ('units', 1);

create table facts (
    id uuid primary key,
    name text not null,
    subject uuid not null,
    body jsonb not null,
    pos int,
    unit_ids uuid[] not null default '{}',
    account_id uuid,
    historic bool not null default false,
    at timestamptz not null
);
create index facts_subject on facts (subject);
create table facts_waiting (fact_id uuid primary key references facts (id));
create table fact_positions (
    pos bigint generated always as identity primary key,
    fact_id uuid not null unique references facts (id)
);

create function record_facts(rows jsonb, moment timestamptz) returns void
    language sql security definer set search_path = public, pg_temp as $$
    with fact as (
        insert into facts (id, name, subject, body, pos, unit_ids, account_id, at)
        select id, name, subject, body, pos, unit_ids, account_id, moment
            from jsonb_to_recordset(rows) as f(id uuid, name text, subject uuid, body jsonb,
                pos int, unit_ids uuid[], account_id uuid)
        returning id)
    insert into facts_waiting (fact_id) select id from fact;
    notify wangge_facts;
$$;

create table audit_rows (
    id uuid primary key,
    at timestamptz not null,
    account_id uuid,
    action text not null,
    subject uuid,
    reason text not null default '',
    detail jsonb not null default '{}',
    request_id text not null default '',
    address text not null default ''
);
create index audit_rows_subject on audit_rows (subject, at);

create table rules (
    name text not null,
    version int not null,
    body jsonb not null,
    author_id uuid,
    note text not null default '',
    at timestamptz not null,
    primary key (name, version)
);
"""

AREAS = """
create table areas (
    id uuid primary key,
    parent_id uuid references areas (id),
    path ltree not null,
    level text not null check (level in ('city', 'county', 'township', 'community',
        'natural_village', 'estate', 'grid', 'micro_grid')),
    kind text not null default '',
    code text not null unique,
    name text not null,
    short_name text not null,
    names text[] not null,
    pos int not null unique,
    span int4multirange not null,
    sort_key text not null default '',
    attributes jsonb not null default '{}',
    active_from date not null,
    active_to date
);
create index areas_path on areas using gist (path);
create index areas_parent on areas (parent_id, code);

create table area_borders (
    id uuid primary key,
    area_id uuid not null references areas (id),
    valid daterange not null,
    wkb bytea not null,
    west float8 not null,
    south float8 not null,
    east float8 not null,
    north float8 not null,
    synthetic bool not null default false,
    source text not null default '',
    exclude using gist (area_id with =, valid with &&)
);

create table places (
    id uuid primary key,
    name text not null,
    kind text not null,
    aliases text[] not null default '{}',
    area_id uuid not null references areas (id),
    lon float8 not null,
    lat float8 not null,
    terms text[] not null,
    synthetic bool not null default false
);
create index places_terms on places using gin (terms);
create index places_area on places (area_id);
create index places_name on places (name text_pattern_ops);
"""

PEOPLE = """
create table organisations (
    id uuid primary key,
    parent_id uuid references organisations (id),
    kind text not null check (kind in ('desk', 'department', 'property', 'party')),
    code text not null unique,
    name text not null,
    short_name text not null,
    area_id uuid references areas (id),
    phone text not null default '',
    active bool not null default true
);
create index organisations_area on organisations (area_id, kind);
create function units_changed() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    update versions set n = n + 1 where name = 'units';
    return null;
end $$;
create trigger organisations_changed after insert or update or delete on organisations
    for each statement execute function units_changed();

create table accounts (
    id uuid primary key,
    username text not null unique,
    name text not null,
    phone text not null default '',
    profile jsonb not null default '{}',
    password_hash text,
    activation_hash bytea,
    must_change_password bool not null default false,
    failed_count int not null default 0,
    locked_until timestamptz,
    active bool not null default true,
    created_at timestamptz not null
);

create table posts (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    role text not null,
    kind text not null default '',
    title text not null default '',
    area_id uuid references areas (id),
    unit_id uuid references organisations (id),
    public bool not null default false,
    valid daterange not null,
    reads_cases bool generated always as (role in ('grid_worker', 'grid_leader',
        'professional_worker', 'acceptor', 'dispatcher', 'duty_leader', 'handler',
        'department_manager', 'property_manager', 'supervisor', 'leader')) stored,
    check (area_id is not null or unit_id is not null)
);
create index posts_account on posts (account_id);
create index posts_area on posts (area_id, role);
create index posts_unit on posts (unit_id, role);

create table sessions (
    token_hash bytea primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    csrf text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    address text not null default '',
    agent text not null default ''
);
create index sessions_account on sessions (account_id);

create table duty_shifts (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    duty text not null check (duty in ('on_duty', 'leader', 'backup')),
    account_id uuid not null references accounts (id),
    span tstzrange not null,
    note text not null default '',
    created_by uuid,
    exclude using gist (unit_id with =, duty with =, account_id with =, span with &&)
);

create table notices (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    case_id uuid,
    code text not null,
    body jsonb not null default '{}',
    urgent bool not null default false,
    at timestamptz not null,
    read_at timestamptz
);
create index notices_account on notices (account_id, at desc, id);

create table sms_messages (
    id uuid primary key,
    phone_sealed bytea not null,
    phone_mask text not null,
    text text not null,
    purpose text not null,
    case_id uuid,
    state text not null default 'queued'
        check (state in ('queued', 'sent', 'delivered', 'failed')),
    attempts int not null default 0,
    provider_id text unique,
    error text not null default '',
    at timestamptz not null,
    sent_at timestamptz,
    receipt_at timestamptz
);
create index sms_messages_at on sms_messages (at desc, id);
create index sms_messages_case on sms_messages (case_id);

create table phone_codes (
    id uuid primary key,
    phone_index bytea not null,
    code_hash bytea not null,
    attempts int not null default 0,
    at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index phone_codes_phone on phone_codes (phone_index, at desc);
"""

CASES = """
create table cases (
    id uuid primary key,
    number text unique,
    request_hash bytea not null,
    title text not null,
    text text not null,
    kind text not null,
    type text,
    level text not null,
    channel text not null,
    emergency text[] not null default '{}',
    rank int not null generated always as
        (case when emergency = '{}' then 1 else 0 end) stored,
    path text not null default 'main' check (path in ('main', 'short')),
    state text not null check (state in ('reported', 'verifying', 'declined', 'accepted',
        'registered', 'dispatched', 'handling', 'handled', 'checking', 'checked', 'closed',
        'evaluated', 'reopened', 'withdrawn')),
    duty text not null check (duty in ('desk', 'unit', 'grid', 'supervisor', 'asker', 'none')),
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    lon float8,
    lat float8,
    place_words text not null default '',
    place_state text not null check (place_state in ('located', 'unverified', 'outside')),
    found_at timestamptz,
    reported_at timestamptz,
    received_at timestamptz not null,
    registered_at timestamptz,
    handled_at timestamptz,
    closed_at timestamptz,
    due_at timestamptz,
    due_from timestamptz,
    due_limit text,
    total_due_at timestamptz,
    overdue_at timestamptz,
    desk_id uuid not null references organisations (id),
    unit_id uuid references organisations (id),
    unit_ids uuid[] not null default '{}',
    handler_id uuid references accounts (id),
    holder_id uuid references accounts (id),
    route jsonb not null default '{}',
    rules_version bigint not null,
    round int not null default 1,
    version int not null default 1,
    answer text not null default '',
    solved bool,
    satisfaction text,
    released bool not null default false,
    photo_id uuid,
    created_by uuid references accounts (id),
    source_ref text not null default '',
    terms text[] not null,
    check (duty = 'none' or state not in ('declined', 'evaluated', 'withdrawn')),
    check (duty <> 'unit' or unit_id is not null)
);
create index cases_desk on cases (desk_id, state, rank, due_at, id);
create index cases_received on cases (received_at, id);
create index cases_unit on cases (unit_id, state, rank, due_at, id)
    where unit_id is not null;
create index cases_units on cases using gin (unit_ids);
create index cases_pos on cases (pos, state, rank, due_at, id);
create index cases_creator on cases (created_by, received_at) where created_by is not null;
create index cases_overdue on cases (due_at)
    where overdue_at is null and duty not in ('none', 'asker');
create index cases_terms on cases using gin (terms);

create table case_numbers (prefix text, day date, last int not null, primary key (prefix, day));

create function next_case_number(wanted text, today date) returns int
    language sql security definer set search_path = public, pg_temp as $$
    insert into case_numbers (prefix, day, last) values (wanted, today, 1)
    on conflict (prefix, day) do update set last = case_numbers.last + 1 returning last
$$;

create table case_steps (
    id uuid primary key,
    case_id uuid not null references cases (id),
    seq int not null,
    round int not null,
    action text not null,
    source text,
    target text not null,
    actor_kind text not null check (actor_kind in ('account', 'asker', 'system')),
    account_id uuid references accounts (id),
    actor_name text not null default '',
    actor_title text not null default '',
    unit_id uuid references organisations (id),
    note text not null default '',
    answer text not null default '',
    reason text not null default '',
    data jsonb not null default '{}',
    due_at timestamptz,
    at timestamptz not null,
    unique (case_id, seq)
);
create index case_steps_account on case_steps (account_id, at) where account_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the history of a case is written once'
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger case_steps_written_once before update or delete or truncate on case_steps
    for each statement execute function refuse_change();
create trigger audit_rows_written_once before update or delete or truncate on audit_rows
    for each statement execute function refuse_change();

create table case_askers (
    case_id uuid primary key references cases (id),
    mode text not null check (mode in ('open', 'confidential', 'anonymous')),
    name_sealed bytea,
    phone_sealed bytea,
    phone_index bytea,
    name_mask text not null default '',
    phone_mask text not null default '',
    code_hash bytea unique,
    locale text not null default 'zh'
);
create index case_askers_phone on case_askers (phone_index) where phone_index is not null;

create table files (
    id uuid primary key,
    case_id uuid references cases (id),
    step_id uuid,
    purpose text not null check (purpose in ('report', 'before', 'after', 'answer', 'letter',
        'other')),
    kind text not null check (kind in ('image', 'audio', 'video')),
    mime text not null,
    name text not null default '',
    size bigint not null,
    sha256 bytea not null,
    shot_at timestamptz,
    width int,
    height int,
    seconds float8,
    from_asker bool not null default false,
    released bool not null default false,
    uploaded_by uuid references accounts (id),
    upload_token_hash bytea,
    created_at timestamptz not null
);
create index files_case on files (case_id);
create index files_orphans on files (created_at) where case_id is null;

create table alarms (
    case_id uuid primary key references cases (id),
    groups text[] not null,
    raised_at timestamptz not null,
    step int not null default 0,
    next_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid references accounts (id)
);
create index alarms_next on alarms (next_at) where acknowledged_at is null;
"""

RIGHTS = """
-- What an account may see: the one expression, in one place.
create function sees(pos int, unit_ids uuid[], created_by uuid) returns bool
    language sql stable parallel safe as $$
    select coalesce(
        pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange), false)
        or coalesce(unit_ids &&
            (select nullif(current_setting('app.units', true), '')::uuid[]), false)
        or coalesce(created_by =
            (select nullif(current_setting('app.account', true), '')::uuid), false)
$$;

create function open_session(token bytea) returns table (
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
        where s.token_hash = token and s.expires_at > moment;
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

-- Bigram search is not leakproof: under a policy it would lose its index. The scope is
-- applied here.
create function search_cases(wanted text[], most int) returns setof uuid
    language sql stable security definer set search_path = public, pg_temp as $$
    select id from cases where terms @> wanted and sees(pos, unit_ids, created_by)
    order by received_at desc limit least(most, 1000)
$$;

alter table cases enable row level security;
create policy cases_seen on cases for select to wangge_app
    using (pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange)
        or unit_ids && (select nullif(current_setting('app.units', true), '')::uuid[])
        or created_by = (select nullif(current_setting('app.account', true), '')::uuid));
create policy cases_changed on cases for update to wangge_app
    using (sees(pos, unit_ids, created_by)) with check (true);

alter table case_steps enable row level security;
create policy steps_seen on case_steps for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy steps_written on case_steps for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));

alter table case_askers enable row level security;
create policy askers_seen on case_askers for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy askers_changed on case_askers for update to wangge_app
    using (exists (select from cases c where c.id = case_id));

alter table files enable row level security;
create policy files_seen on files for select to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = (select nullif(current_setting('app.account', true), '')::uuid)));
create policy files_changed on files for update to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = (select nullif(current_setting('app.account', true), '')::uuid)))
    with check (true);
create policy files_added on files for insert to wangge_app
    with check (uploaded_by = (select nullif(current_setting('app.account', true), '')::uuid));

alter table alarms enable row level security;
create policy alarms_seen on alarms for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy alarms_changed on alarms for update to wangge_app
    using (exists (select from cases c where c.id = case_id));

alter table notices enable row level security;
create policy notices_own on notices for select to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
create policy notices_read on notices for update to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
create policy notices_sent on notices for insert to wangge_app with check (true);

grant usage on schema public to wangge_app, wangge_intake;
revoke execute on function open_session(bytea), search_cases(text[], int),
    record_facts(jsonb, timestamptz), next_case_number(text, date) from public;
grant execute on function open_session(bytea), search_cases(text[], int),
    record_facts(jsonb, timestamptz), next_case_number(text, date) to wangge_app, wangge_intake;

grant select, insert, update, delete on all tables in schema public to wangge_intake;
revoke update, delete on case_steps, audit_rows, facts from wangge_intake;
grant usage on all sequences in schema public to wangge_intake, wangge_app;

grant select on clock, versions, rules, areas, area_borders, places, organisations, posts,
    duty_shifts, cases, case_steps, case_askers, files, notices, alarms to wangge_app;
grant select (id, username, name, phone, profile, active, must_change_password, created_at)
    on accounts to wangge_app;
grant insert on audit_rows, case_steps, files, notices, sms_messages, rules, areas, area_borders,
    places, duty_shifts, organisations, posts to wangge_app;
grant update on cases, case_askers, files, notices, alarms, versions, areas, area_borders, places,
    duty_shifts, organisations, posts to wangge_app;
grant update (zone) on clock to wangge_app;
grant delete on places, duty_shifts to wangge_app;
grant insert on pgqueuer, pgqueuer_log to wangge_app;
"""


def upgrade() -> None:
    op.execute(KERNEL)
    op.execute(QueryBuilderEnvironment().build_install_query(create_schema=False))
    for text in (AREAS, PEOPLE, CASES, RIGHTS):
        op.execute(text)
