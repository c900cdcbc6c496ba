"""The responsible secretary (书记) of a community sees the matters of its ground."""

from alembic import op

revision = "0044"
down_revision = "0043"

READS_CASES = """
alter table posts alter column reads_cases set expression as (role in ('grid_worker', 'grid_leader',
    'secretary', 'professional_worker', 'acceptor', 'dispatcher', 'duty_leader',
    'handler', 'department_manager', 'property_manager', 'supervisor', 'leader', 'caller'));
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(READS_CASES)
