"""Whistles: who was called where and until when, who came, how it ended, and both sides' word."""

from alembic import op

revision = "0017"
down_revision = "0016"

# The expression of cases, said in place.
SEEN = """case
        when pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange)
            then true
        when unit_ids && (select nullif(current_setting('app.units', true), '')::uuid[])
            then true
        else coalesce(caller_id =
            (select nullif(current_setting('app.account', true), '')::uuid), false) end"""
WHISTLES = f"""
create table whistles (
    id uuid primary key,
    number text not null unique,
    case_id uuid references cases (id),
    reason text not null,
    words text not null,
    place_words text not null default '',
    lon float8,
    lat float8,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    level text not null check (level in ('grid', 'street')),
    desk_id uuid not null references organisations (id),
    ruling_desk_id uuid not null references organisations (id),
    caller_id uuid not null references accounts (id),
    caller_name text not null,
    caller_title text not null default '',
    unit_ids uuid[] not null,
    source_ref text not null default '',
    state text not null default 'open' check (state in ('open', 'concluded', 'cancelled')),
    report_by timestamptz not null,
    due_at timestamptz not null,
    overdue_at timestamptz,
    outcome text check (outcome in ('solved', 'partly', 'unsolved')),
    conclusion text not null default '',
    ended_at timestamptz,
    version int not null default 1,
    at timestamptz not null,
    check ((state = 'open') = (ended_at is null)),
    check ((state = 'concluded') = (outcome is not null))
);
create index whistles_open on whistles (due_at, id) where state = 'open';
create index whistles_ended on whistles (ended_at, id) where state <> 'open';
create index whistles_at on whistles (at);
create index whistles_case on whistles (case_id) where case_id is not null;

create table whistle_calls (
    id uuid primary key,
    whistle_id uuid not null references whistles (id),
    unit_id uuid not null references organisations (id),
    state text not null default 'called' check (state in ('called', 'arrived', 'confirmed',
        'absent', 'contested', 'excused', 'signed')),
    due_at timestamptz not null,
    overdue_at timestamptz,
    arrived_at timestamptz,
    arrived_by uuid references accounts (id),
    confirmed_at timestamptz,
    reason text not null default '',
    note text not null default '',
    report text not null default '',
    unique (whistle_id, unit_id),
    check (state not in ('arrived', 'confirmed') or arrived_at is not null)
);
create index whistle_calls_due on whistle_calls (due_at)
    where state in ('called', 'contested') and overdue_at is null;

create table whistle_steps (
    id uuid primary key,
    whistle_id uuid not null references whistles (id),
    seq int not null,
    action text not null,
    call_id uuid references whistle_calls (id),
    unit_id uuid references organisations (id),
    actor_kind text not null check (actor_kind in ('account', 'system')),
    account_id uuid references accounts (id),
    actor_name text not null default '',
    actor_title text not null default '',
    note text not null default '',
    reason text not null default '',
    data jsonb not null default '{{}}',
    at timestamptz not null,
    unique (whistle_id, seq)
);
create trigger whistle_steps_written_once before update or delete or truncate on whistle_steps
    for each statement execute function refuse_change();

create table whistle_ratings (
    call_id uuid not null references whistle_calls (id),
    by_whom text not null check (by_whom in ('whistler', 'unit')),
    whistle_id uuid not null references whistles (id),
    grade text not null,
    note text not null default '',
    account_id uuid not null references accounts (id),
    at timestamptz not null,
    primary key (call_id, by_whom)
);
create index whistle_ratings_whistle on whistle_ratings (whistle_id);

alter table whistles enable row level security;
create policy whistles_seen on whistles for select to wangge_app
    using ({SEEN});
create policy whistles_blown on whistles for insert to wangge_app
    with check (caller_id = (select nullif(current_setting('app.account', true), '')::uuid));
create policy whistles_changed on whistles for update to wangge_app
    using ({SEEN}) with check (true);

alter table whistle_calls enable row level security;
create policy whistle_calls_seen on whistle_calls for select to wangge_app
    using (exists (select from whistles w where w.id = whistle_id));
create policy whistle_calls_made on whistle_calls for insert to wangge_app
    with check (exists (select from whistles w where w.id = whistle_id));
create policy whistle_calls_changed on whistle_calls for update to wangge_app
    using (exists (select from whistles w where w.id = whistle_id));

alter table whistle_steps enable row level security;
create policy whistle_steps_seen on whistle_steps for select to wangge_app
    using (exists (select from whistles w where w.id = whistle_id));
create policy whistle_steps_written on whistle_steps for insert to wangge_app
    with check (exists (select from whistles w where w.id = whistle_id));

alter table whistle_ratings enable row level security;
create policy whistle_ratings_seen on whistle_ratings for select to wangge_app
    using (exists (select from whistles w where w.id = whistle_id));
create policy whistle_ratings_given on whistle_ratings for insert to wangge_app
    with check (exists (select from whistles w where w.id = whistle_id)
        and account_id = (select nullif(current_setting('app.account', true), '')::uuid));

grant select, insert on whistles, whistle_calls, whistle_steps, whistle_ratings to wangge_app;
grant update on whistles, whistle_calls to wangge_app;
grant select, insert, update, delete on whistles, whistle_calls, whistle_ratings to wangge_intake;
grant select, insert on whistle_steps to wangge_intake;
"""


def upgrade() -> None:
    op.execute(WHISTLES)
