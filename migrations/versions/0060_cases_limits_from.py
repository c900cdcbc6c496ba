"""From when the limits of a case run, where a city lets them run from its discovery."""

from alembic import op

revision = "0060"
down_revision = "0059"

CASES = """
alter table cases add column limits_from timestamptz;
"""


def upgrade() -> None:
    op.execute(CASES)
