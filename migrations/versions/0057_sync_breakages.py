"""An operation of a phone over which the server breaks is listed for the administrator."""

from alembic import op

revision = "0057"
down_revision = "0056"

BREAKAGES = """
create table sync_breakages (
    operation uuid primary key,
    account_id uuid not null references accounts (id),
    device_id uuid,
    kind text not null,
    tries int not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    fault text not null default '',
    request_id text not null default '',
    words text not null default '',
    told_at timestamptz
);
create index sync_breakages_last on sync_breakages (last_at desc);
grant select, insert, update, delete on sync_breakages to wangge_intake;
"""


def upgrade() -> None:
    op.execute(BREAKAGES)
