"""When each stage of a case was due and done stands on its row, for indicators in one scan.

``until_at`` is the last moment at which a period can have to do with the case: its latest step or
the latest of its limits. It only grows, so it also finds what mattered at an earlier moment.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

TIMES = """
alter table cases
    add column accept_due_at timestamptz,
    add column accept_done_at timestamptz,
    add column dispatch_due_at timestamptz,
    add column dispatch_done_at timestamptz,
    add column acknowledge_due_at timestamptz,
    add column acknowledge_done_at timestamptz,
    add column handle_due_at timestamptz,
    add column handle_done_at timestamptz,
    add column check_due_at timestamptz,
    add column check_done_at timestamptz,
    add column said_at timestamptz,
    add column reworked_at timestamptz,
    add column misdispatched_at timestamptz,
    add column reopened_at timestamptz,
    add column extended_at timestamptz,
    add column merged_at timestamptz,
    add column until_at timestamptz;
create index cases_until on cases (until_at);
"""


def upgrade() -> None:
    op.execute(TIMES)
