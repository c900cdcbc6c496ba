"""A resident's own account: his number, proved by SMS; and what he took back of the registers."""

from alembic import op

revision = "0056"
down_revision = "0055"

MINE = """
create table resident_accounts (
    id uuid primary key,
    phone_index bytea not null unique,
    phone_sealed bytea not null,
    phone_mask text not null,
    at timestamptz not null
);
create table resident_sessions (
    token_hash bytea primary key,
    account_id uuid not null references resident_accounts (id) on delete cascade,
    began_at timestamptz not null,
    ends_at timestamptz not null
);
create index resident_sessions_account on resident_sessions (account_id);
create index resident_sessions_ends on resident_sessions (ends_at);
create index case_followers_phone on case_followers (phone_index) where phone_index is not null;
grant select, insert, update, delete on resident_accounts, resident_sessions to wangge_intake;
alter table register_changes alter column made_by drop not null;
"""


def upgrade() -> None:
    op.execute(MINE)
