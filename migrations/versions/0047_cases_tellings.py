"""How an answer was brought to its asker when it was neither an SMS nor a call: who, how, when."""

from alembic import op

revision = "0047"
down_revision = "0046"

TELLINGS = """
create table case_tellings (
    id uuid primary key,
    case_id uuid not null references cases (id),
    round int not null,
    way text not null check (way in ('letter', 'hotline', 'group', 'in_person')),
    note text not null default '',
    account_id uuid not null references accounts (id),
    actor_name text not null,
    actor_title text not null default '',
    at timestamptz not null
);
create index case_tellings_case on case_tellings (case_id, at);
alter table case_tellings enable row level security;
create policy tellings_seen on case_tellings for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select on case_tellings to wangge_app;
grant select, insert on case_tellings to wangge_intake;
"""


def upgrade() -> None:
    op.execute(TELLINGS)
