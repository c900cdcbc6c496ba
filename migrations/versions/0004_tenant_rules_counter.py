"""A version of a rule document keeps the city's counter of rules, so that a case finds its own.

What was written before has none and is found by its moment.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

COUNTER = """
alter table rules add column counter bigint;
"""


def upgrade() -> None:
    op.execute(COUNTER)
