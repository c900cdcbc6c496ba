"""应急: incidents and drills with tasks and log, resources, who was woken and how it reached."""

from alembic import op

revision = "0064"
down_revision = "0066"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
UNITS = "(select nullif(current_setting('app.units', true), '')::uuid[])"
ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
INCIDENTS = f"""
create table incidents (
    id uuid primary key,
    number text not null unique,
    drill boolean not null,
    case_id uuid references cases (id),
    kind text not null,
    category text not null check (category in ('natural', 'accident', 'health', 'security')),
    level text not null check (level in ('1', '2', '3', '4')),
    response text not null default '' check (response in ('', '1', '2', '3', '4')),
    title text not null,
    words text not null default '',
    place_words text not null,
    lon float8 not null,
    lat float8 not null,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    desk_id uuid not null references organisations (id),
    unit_ids uuid[] not null,
    account_ids uuid[] not null default '{{}}',
    plan text not null default '',
    plan_name jsonb not null default '{{}}',
    plan_version int not null default 0,
    state text not null default 'open' check (state in ('open', 'closed')),
    alert_step int not null default 0,
    alert_next_at timestamptz,
    alerted_at timestamptz not null,
    answered_at timestamptz,
    answered_by uuid references accounts (id),
    first_action_at timestamptz,
    on_site_at timestamptz,
    closed_at timestamptz,
    result text not null default '',
    cause text not null default '',
    lessons text not null default '',
    dead int not null default 0 check (dead >= 0),
    injured int not null default 0 check (injured >= 0),
    moved int not null default 0 check (moved >= 0),
    opened_by uuid references accounts (id),
    opened_name text not null default '',
    opened_title text not null default '',
    opened_at timestamptz not null,
    source_ref text not null default '',
    version int not null default 1,
    check ((state = 'closed') = (closed_at is not null))
);
create index incidents_open on incidents (alerted_at desc, id) where state = 'open';
create index incidents_register on incidents (alerted_at desc, id);
create index incidents_ladder on incidents (alert_next_at) where alert_next_at is not null;
create index incidents_case on incidents (case_id) where case_id is not null;

create table incident_tasks (
    id uuid primary key,
    incident_id uuid not null references incidents (id),
    seq int not null,
    step text not null default '',
    words text not null,
    words_en text not null default '',
    role text not null default '',
    unit_id uuid references organisations (id),
    account_id uuid references accounts (id),
    state text not null default 'given' check (state in ('given', 'taken', 'done', 'dropped')),
    given_at timestamptz not null,
    due_at timestamptz,
    late_at timestamptz,
    taken_at timestamptz,
    taken_name text not null default '',
    ended_at timestamptz,
    ended_name text not null default '',
    note text not null default '',
    unique (incident_id, seq),
    check ((unit_id is null) <> (account_id is null)),
    check ((state in ('done', 'dropped')) = (ended_at is not null))
);
create index incident_tasks_due on incident_tasks (due_at)
    where state in ('given', 'taken') and late_at is null;
create index incident_tasks_of_account on incident_tasks (account_id) where state <> 'dropped';
create index incident_tasks_of_unit on incident_tasks (unit_id) where state <> 'dropped';

create table incident_log (
    id uuid primary key,
    incident_id uuid not null references incidents (id),
    seq int not null,
    kind text not null,
    words text not null default '',
    data jsonb not null default '{{}}',
    account_id uuid references accounts (id),
    name text not null default '',
    title text not null default '',
    at timestamptz not null,
    unique (incident_id, seq)
);
create trigger incident_log_written_once before update or delete or truncate on incident_log
    for each statement execute function refuse_change();

create table incident_calls (
    id uuid primary key,
    incident_id uuid not null references incidents (id),
    step int not null,
    duty text not null,
    account_id uuid references accounts (id),
    name text not null,
    unit text not null default '',
    phone text not null,
    way text not null check (way in ('sms', 'voice')),
    message_id uuid not null unique,
    called_at timestamptz not null,
    receipt text not null default '' check (receipt in ('', 'delivered', 'failed', 'busy',
        'no_answer', 'heard')),
    receipt_at timestamptz,
    acknowledged_at timestamptz
);
create index incident_calls_of on incident_calls (incident_id, called_at);

create table emergency_resources (
    id uuid primary key,
    code text not null unique,
    name text not null,
    kind text not null check (kind in ('warehouse', 'pump', 'team', 'shelter', 'vehicle')),
    capabilities text[] not null,
    unit_id uuid not null references organisations (id),
    area_id uuid not null references areas (id),
    pos int not null references areas (pos),
    place_words text not null default '',
    lon float8 not null,
    lat float8 not null,
    amount int not null check (amount > 0),
    away int not null default 0 check (away >= 0 and away <= amount),
    measure text not null default '',
    keeper text not null,
    phone text not null,
    state text not null default 'ready' check (state in ('ready', 'repair', 'retired')),
    note text not null default '',
    version int not null default 1,
    checked_at timestamptz not null
);
create index emergency_resources_listed on emergency_resources (kind, code);
create index emergency_resources_able on emergency_resources using gin (capabilities);

create table incident_resources (
    id uuid primary key,
    incident_id uuid not null references incidents (id),
    resource_id uuid not null references emergency_resources (id),
    amount int not null check (amount > 0),
    metres int not null,
    state text not null default 'sent' check (state in ('sent', 'on_site', 'back')),
    sent_at timestamptz not null,
    on_site_at timestamptz,
    back_at timestamptz,
    note text not null default ''
);
create index incident_resources_of on incident_resources (incident_id, sent_at);
create unique index incident_resources_out on incident_resources (incident_id, resource_id)
    where state <> 'back';

alter table incidents enable row level security;
create policy incidents_seen on incidents for select to wangge_app using (case
    when pos <@ {SCOPE} then true when unit_ids && {UNITS} then true
    else coalesce({ME} = any(account_ids), false) end);
alter table incident_tasks enable row level security;
create policy incident_tasks_seen on incident_tasks for select to wangge_app
    using (exists (select from incidents i where i.id = incident_id));
alter table incident_log enable row level security;
create policy incident_log_seen on incident_log for select to wangge_app
    using (exists (select from incidents i where i.id = incident_id));
alter table incident_calls enable row level security;
create policy incident_calls_seen on incident_calls for select to wangge_app
    using (exists (select from incidents i where i.id = incident_id));
alter table incident_resources enable row level security;
create policy incident_resources_seen on incident_resources for select to wangge_app
    using (exists (select from incidents i where i.id = incident_id));
-- What helps in an emergency may stand next door: whoever is signed in may find it.
alter table emergency_resources enable row level security;
create policy emergency_resources_found on emergency_resources for select to wangge_app
    using ({ME} is not null);

grant select on incidents, incident_tasks, incident_log, incident_calls, incident_resources,
    emergency_resources to wangge_app;
grant select, insert, update, delete on incidents, incident_tasks, incident_calls,
    incident_resources, emergency_resources to wangge_intake;
grant select, insert on incident_log to wangge_intake;
"""


def upgrade() -> None:
    op.execute(INCIDENTS)
