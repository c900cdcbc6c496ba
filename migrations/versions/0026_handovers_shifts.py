"""A shift is handed over and signed by both; promises made to askers; things lent."""

from alembic import op

revision = "0026"
down_revision = "0025"

SHIFTS = """
create table case_promises (
    id uuid primary key,
    case_id uuid not null references cases (id),
    desk_id uuid not null references organisations (id),
    unit_id uuid not null references organisations (id),
    words text not null,
    by_at timestamptz not null,
    made_by uuid not null references accounts (id),
    made_name text not null,
    made_title text not null default '',
    made_at timestamptz not null,
    late_at timestamptz,
    kept_at timestamptz,
    kept_name text not null default '',
    kept_words text not null default ''
);
create index case_promises_case on case_promises (case_id, made_at);
create index case_promises_open on case_promises (unit_id, by_at) where kept_at is null;
create index case_promises_due on case_promises (by_at) where kept_at is null and late_at is null;
alter table case_promises enable row level security;
create policy promises_seen on case_promises for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy promises_made on case_promises for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
create policy promises_kept on case_promises for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, insert, update on case_promises to wangge_app;

create table lent_items (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    what text not null,
    to_whom text not null,
    due_at timestamptz,
    lent_by uuid not null references accounts (id),
    lent_name text not null,
    lent_at timestamptz not null,
    returned_at timestamptz,
    returned_name text not null default ''
);
create index lent_items_out on lent_items (unit_id, lent_at) where returned_at is null;
grant select, insert, update on lent_items to wangge_app;

create table shift_handovers (
    id uuid primary key,
    shift_id uuid not null unique references duty_shifts (id),
    unit_id uuid not null references organisations (id),
    begins timestamptz not null,
    ends timestamptz not null,
    content jsonb not null,
    given_by uuid not null references accounts (id),
    given_name text not null,
    given_words text not null default '',
    given_at timestamptz not null,
    taken_by uuid references accounts (id),
    taken_name text not null default '',
    taken_words text not null default '',
    taken_at timestamptz
);
create index shift_handovers_unit on shift_handovers (unit_id, ends desc);
grant select, insert, update on shift_handovers to wangge_app;
grant select, insert, update, delete on case_promises, lent_items, shift_handovers
    to wangge_intake;
"""


def upgrade() -> None:
    op.execute(SHIFTS)
