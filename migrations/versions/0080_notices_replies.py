"""An SMS that wakes somebody can be answered by SMS: by whom, with which code, and when it was."""

from alembic import op

revision = "0080"
down_revision = "0065"

REPLIES = """
alter table sms_messages add column account_id uuid, add column answer_code text,
    add column phone_index bytea, add column answered_at timestamptz, add column reply_id text;
create index sms_messages_answerable on sms_messages (phone_index, at)
    where answer_code is not null;
"""


def upgrade() -> None:
    op.execute(REPLIES)
