"""Requests that somebody else decides: who asked for what until when, and what became of it."""

from alembic import op

revision = "0018"
down_revision = "0017"

REQUESTS = """
alter table cases add column asked text[] not null default '{}',
    add column dispatched_at timestamptz, add column extended_to timestamptz,
    add column extended_minutes int not null default 0;

create table case_requests (
    id uuid primary key,
    case_id uuid not null references cases (id),
    kind text not null,
    round int not null,
    state text not null,
    unit_id uuid not null references organisations (id),
    account_id uuid references accounts (id),
    name text not null default '',
    title text not null default '',
    asked_at timestamptz not null,
    reason text not null default '',
    words text not null default '',
    until_at timestamptz,
    data jsonb not null default '{}',
    desk_id uuid not null references organisations (id),
    due_at timestamptz not null,
    status text not null default 'pending'
        check (status in ('pending', 'granted', 'refused', 'lapsed', 'withdrawn')),
    decided_by uuid references accounts (id),
    decided_name text not null default '',
    decided_title text not null default '',
    decided_at timestamptz,
    decision text not null default '',
    granted_until timestamptz,
    check ((status = 'pending') = (decided_at is null))
);
create unique index case_requests_pending on case_requests (case_id, kind)
    where status = 'pending';
create index case_requests_desk on case_requests (desk_id, due_at, id) where status = 'pending';
create index case_requests_case on case_requests (case_id, asked_at);
create index case_requests_asked on case_requests (kind, asked_at);

alter table case_requests enable row level security;
create policy requests_seen on case_requests for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy requests_asked on case_requests for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
create policy requests_decided on case_requests for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, insert, update on case_requests to wangge_app;
grant select, insert, update, delete on case_requests to wangge_intake;
"""


def upgrade() -> None:
    op.execute(REQUESTS)
