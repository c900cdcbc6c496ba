"""A second step at sign-in: a time-based code from one's own telephone, and codes for its loss."""

from alembic import op

revision = "0005"
down_revision = "0004"

SECOND_STEPS = """
create table second_steps (
    account_id uuid primary key references accounts (id),
    sealed bytea,
    since timestamptz,
    pending bytea,
    last_counter bigint not null default 0,
    check ((sealed is null) = (since is null))
);
create table recovery_codes (
    account_id uuid not null references accounts (id),
    code_hash bytea not null,
    used_at timestamptz,
    primary key (account_id, code_hash)
);
grant select (account_id, since) on second_steps to wangge_app;
grant select, insert, update, delete on second_steps, recovery_codes to wangge_intake;
"""


def upgrade() -> None:
    op.execute(SECOND_STEPS)
