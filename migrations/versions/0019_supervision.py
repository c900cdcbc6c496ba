"""Supervision of cases: notices, listings, criticism; how far up each late case was told."""

from alembic import op

revision = "0019"
down_revision = "0018"

SUPERVISIONS = """
create table supervisions (
    id uuid primary key,
    case_id uuid not null references cases (id),
    kind text not null check (kind in ('notice', 'listing', 'criticism')),
    state text not null check (state in ('proposed', 'open', 'answered', 'ended', 'refused')),
    number text unique,
    unit_id uuid not null references organisations (id),
    reason text not null,
    issued_by uuid not null references accounts (id),
    issued_name text not null,
    issued_title text not null default '',
    issued_at timestamptz not null,
    answer_by timestamptz,
    answer text not null default '',
    answered_name text not null default '',
    answered_title text not null default '',
    answered_at timestamptz,
    late_at timestamptz,
    rung int not null default 0,
    next_at timestamptz,
    ended_name text not null default '',
    ended_title text not null default '',
    ended_at timestamptz,
    ended_why text not null default ''
);
create unique index supervisions_listed on supervisions (case_id)
    where kind = 'listing' and state = 'open';
create index supervisions_case on supervisions (case_id, issued_at);
create index supervisions_open on supervisions (kind, issued_at)
    where state in ('open', 'proposed');
create index supervisions_next on supervisions (next_at) where next_at is not null;

create table case_watches (
    case_id uuid primary key references cases (id),
    due_from timestamptz,
    rung int not null default 0,
    next_at timestamptz,
    silent_since timestamptz,
    silent_told int not null default 0
);
create index case_watches_next on case_watches (next_at) where next_at is not null;
create index case_watches_silent on case_watches (silent_since) where silent_since is not null;

alter table supervisions enable row level security;
create policy supervisions_seen on supervisions for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy supervisions_written on supervisions for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
create policy supervisions_changed on supervisions for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
alter table case_watches enable row level security;
create policy case_watches_seen on case_watches for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, insert, update on supervisions to wangge_app;
grant select on case_watches to wangge_app;
grant select, insert, update, delete on supervisions, case_watches to wangge_intake;
"""


def upgrade() -> None:
    op.execute(SUPERVISIONS)
