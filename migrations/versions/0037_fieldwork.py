"""What is done in the field besides cases: visits, services, patrols, and what follows from them.

Of a patrol its stretches are kept, street by street and only where the city has switched that on;
there is no column for a place by the minute.
"""

from alembic import op

revision = "0037"
down_revision = "0036"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
FIELDWORK = f"""
create table patrol_plans (
    id uuid primary key,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    title text not null,
    route text not null,
    begins_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > begins_at),
    unit_ids uuid[] not null default '{{}}',
    account_ids uuid[] not null default '{{}}',
    made_by uuid not null references accounts (id),
    at timestamptz not null,
    ended_at timestamptz,
    request_hash bytea not null
);
create index patrol_plans_begins on patrol_plans (begins_at, id);

create table field_records (
    id uuid primary key,
    kind text not null check (kind in ('visit', 'service', 'outreach', 'errand', 'talk',
        'patrol')),
    type text not null default '',
    account_id uuid not null references accounts (id),
    partner_id uuid references accounts (id),
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    dwelling_id uuid references dwellings (id),
    household_id uuid references households (id),
    plan_id uuid references patrol_plans (id),
    result text check (result in ('in', 'not_home', 'refused', 'again')),
    again_on date,
    met text not null default '',
    topics text[] not null default '{{}}',
    words text not null default '',
    needs text not null default '',
    place_words text not null default '',
    people int check (people between 0 and 100000),
    stretches jsonb not null default '[]',
    done_at timestamptz not null,
    received_at timestamptz not null,
    duplicate_of uuid references field_records (id),
    request_hash bytea not null,
    check ((kind = 'visit') = (result is not null)),
    check ((result is not distinct from 'again') = (again_on is not null)),
    check (kind = 'patrol' or (plan_id is null and stretches = '[]'))
);
create index field_records_account on field_records (account_id, done_at, id);
create index field_records_partner on field_records (partner_id, done_at)
    where partner_id is not null;
create index field_records_dwelling on field_records (dwelling_id, done_at)
    where dwelling_id is not null;
create index field_records_plan on field_records (plan_id) where plan_id is not null;
create index field_records_area on field_records (area_id, kind, done_at);

create table field_tasks (
    id uuid primary key,
    record_id uuid references field_records (id),
    household_id uuid references households (id),
    dwelling_id uuid references dwellings (id),
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    words text not null check (words <> ''),
    due_on date not null,
    state text not null default 'open' check (state in ('open', 'done', 'dropped')),
    given_by uuid not null references accounts (id),
    owner_id uuid references accounts (id),
    done_at timestamptz,
    ended_by uuid references accounts (id),
    end_words text not null default '',
    end_hash bytea,
    at timestamptz not null,
    check ((state = 'open') = (ended_by is null))
);
create index field_tasks_open on field_tasks (pos, due_on, id) where state = 'open';
create index field_tasks_ended on field_tasks (ended_by, done_at) where ended_by is not null;

create table field_cases (
    record_id uuid not null references field_records (id),
    case_id uuid not null references cases (id),
    primary key (record_id, case_id)
);
create index field_cases_case on field_cases (case_id);

create table diary_notes (
    account_id uuid not null references accounts (id),
    day date not null,
    words_sealed bytea not null,
    version int not null default 1,
    at timestamptz not null,
    primary key (account_id, day)
);

create table grounds_served (
    area_id uuid primary key references areas (id),
    visited_at timestamptz,
    patrolled_at timestamptz
);
create table coverage_gaps (
    day date not null,
    area_id uuid not null references areas (id),
    pos int not null references areas (pos),
    visited_at timestamptz,
    patrolled_at timestamptz,
    primary key (day, area_id)
);

alter table field_records enable row level security;
create policy field_records_seen on field_records for select to wangge_app
    using (pos <@ (select home_scope()) or account_id = {ME} or partner_id = {ME});
alter table field_tasks enable row level security;
create policy field_tasks_seen on field_tasks for select to wangge_app
    using (pos <@ (select home_scope()) or given_by = {ME} or owner_id = {ME});
alter table field_cases enable row level security;
create policy field_cases_seen on field_cases for select to wangge_app
    using (exists (select from field_records r where r.id = record_id)
        or exists (select from cases c where c.id = case_id));
alter table diary_notes enable row level security;
create policy diary_notes_own on diary_notes for select to wangge_app using (account_id = {ME});
alter table patrol_plans enable row level security;
create policy patrol_plans_seen on patrol_plans for select to wangge_app
    using (pos <@ (select home_scope()) or made_by = {ME} or account_ids @> array[{ME}]
        or unit_ids && (select nullif(current_setting('app.units', true), '')::uuid[]));
alter table coverage_gaps enable row level security;
create policy coverage_gaps_seen on coverage_gaps for select to wangge_app
    using (pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange));

grant select on field_records, field_tasks, field_cases, patrol_plans, coverage_gaps, diary_notes
    to wangge_app;
grant select, insert, update, delete on field_records, field_tasks, field_cases, patrol_plans,
    diary_notes, grounds_served, coverage_gaps to wangge_intake;
"""


def upgrade() -> None:
    op.execute(FIELDWORK)
