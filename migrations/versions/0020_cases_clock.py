"""The clock of a case: when its light turns yellow, whether that was said, when it was stopped."""

from alembic import op

revision = "0020"
down_revision = "0019"

CLOCK = """
alter table cases add column yellow_at timestamptz;
alter table cases add column warned_at timestamptz;
alter table cases add column pauses jsonb not null default '[]';
create index cases_yellow on cases (yellow_at)
    where warned_at is null and overdue_at is null and duty not in ('none', 'asker');
"""


def upgrade() -> None:
    op.execute(CLOCK)
