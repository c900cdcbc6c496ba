"""Voice calls: what was said to whom, and how the call ended; numbers are sealed as of an SMS."""

from alembic import op

revision = "0065"
down_revision = "0067"

CALLS = """
create table voice_calls (
    id uuid primary key,
    phone_sealed bytea not null,
    phone_mask text not null,
    text text not null,
    purpose text not null,
    state text not null default 'queued' check (state in ('queued', 'calling', 'heard',
        'acknowledged', 'busy', 'no_answer', 'failed', 'withheld')),
    attempts int not null default 0,
    provider_id text unique,
    error text not null default '',
    at timestamptz not null,
    placed_at timestamptz,
    ended_at timestamptz
);
create index voice_calls_at on voice_calls (at desc, id);
-- No policy: under the wall nobody reads a call; the board shows what became of it.
alter table voice_calls enable row level security;
grant select on voice_calls to wangge_app;
grant select, insert, update, delete on voice_calls to wangge_intake;
"""


def upgrade() -> None:
    op.execute(CALLS)
