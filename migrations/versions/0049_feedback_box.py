"""意见箱: complaints and suggestions about the app itself, each with its owner and its answer."""

from alembic import op

revision = "0049"
down_revision = "0048"

FEEDBACK = """
create table app_feedback (
    id uuid primary key,
    kind text not null check (kind in ('complaint', 'suggestion', 'fault')),
    side text not null check (side in ('w', 'r')),
    words text not null,
    code text not null unique,
    account_id uuid references accounts (id),
    at timestamptz not null,
    due_at timestamptz not null,
    owner_id uuid references accounts (id),
    answer text not null default '',
    answered_at timestamptz,
    answered_name text not null default '',
    seen_at timestamptz
);
create index app_feedback_open on app_feedback (due_at) where answered_at is null;
create index app_feedback_of on app_feedback (account_id, at);
grant select, insert, update, delete on app_feedback to wangge_intake;
"""


def upgrade() -> None:
    op.execute(FEEDBACK)
