"""Shifts change hands: swaps and stand-ins, agreed and confirmed; who really was on duty."""

from alembic import op

revision = "0025"
down_revision = "0024"

CHANGES = """
create table shift_changes (
    id uuid primary key,
    kind text not null check (kind in ('swap', 'stand_in')),
    unit_id uuid not null references organisations (id),
    shift_id uuid not null references duty_shifts (id) on delete cascade,
    other_id uuid references duty_shifts (id) on delete cascade,
    span tstzrange not null,
    from_account uuid not null references accounts (id),
    to_account uuid not null references accounts (id),
    words text not null default '',
    state text not null check (state in ('asked', 'agreed', 'confirmed', 'refused', 'withdrawn')),
    asked_by uuid not null references accounts (id),
    asked_at timestamptz not null,
    agreed_at timestamptz,
    decided_name text not null default '',
    decided_at timestamptz,
    why text not null default ''
);
create index shift_changes_unit on shift_changes (unit_id, asked_at desc, id);
create index shift_changes_pending on shift_changes (to_account) where state = 'asked';
create table shift_stands (
    id uuid primary key,
    shift_id uuid not null references duty_shifts (id) on delete cascade,
    account_id uuid not null references accounts (id),
    span tstzrange not null,
    change_id uuid not null references shift_changes (id) on delete cascade,
    exclude using gist (shift_id with =, span with &&)
);
grant select, insert, update, delete on shift_changes, shift_stands to wangge_intake;
grant select, insert, update on shift_changes to wangge_app;
grant select, insert, delete on shift_stands to wangge_app;
"""


def upgrade() -> None:
    op.execute(CHANGES)
