"""Stretches of a planned patrol, and which of them somebody has walked; never who, never when."""

from alembic import op

revision = "0061"
down_revision = "0060"

PLANS = """
alter table patrol_plans add column stretches jsonb not null default '[]';
alter table patrol_plans add column walked int[] not null default '{}';
"""


def upgrade() -> None:
    op.execute(PLANS)
