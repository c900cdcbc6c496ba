"""Contact with the asker: who tried, how, what came of it; and a post that calls back.

A line is written once, as a step is. The callers' list reads the few matters that wait for their
asker's word from an index of their own.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

CONTACTS = """
create table case_contacts (
    id uuid primary key,
    case_id uuid not null references cases (id),
    round int not null,
    purpose text not null check (purpose in ('response', 'callback')),
    way text not null check (way in ('call', 'visit')),
    result text not null,
    reached bool not null,
    outcome text check (outcome in ('evaluated', 'reopened', 'refused', 'unreached')),
    satisfaction text,
    note text not null default '',
    account_id uuid not null references accounts (id),
    actor_name text not null,
    actor_title text not null,
    at timestamptz not null
);
create index case_contacts_case on case_contacts (case_id, at);
create index case_contacts_outcome on case_contacts (at) where outcome is not null;
create trigger case_contacts_written_once before update or delete or truncate on case_contacts
    for each statement execute function refuse_change();
alter table case_contacts enable row level security;
create policy contacts_seen on case_contacts for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy contacts_written on case_contacts for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
grant select, insert on case_contacts to wangge_app, wangge_intake;

create index cases_awaiting_word on cases (closed_at, id)
    where state = 'closed' and duty = 'asker';
"""
CALLERS = """
alter table posts alter column reads_cases set expression as (role in ('grid_worker', 'grid_leader',
    'professional_worker', 'acceptor', 'dispatcher', 'duty_leader', 'handler',
    'department_manager', 'property_manager', 'supervisor', 'leader', 'caller'));
"""


def upgrade() -> None:
    op.execute(CONTACTS)
    op.execute(CALLERS)
