"""Open cases by where they stand, so that those without an owner are found at once."""

from alembic import op

revision = "0007"
down_revision = "0006"

OPEN = """
create index cases_open on cases (state, duty, desk_id, unit_id, pos)
    where state not in ('declined', 'evaluated', 'withdrawn', 'closed');
"""


def upgrade() -> None:
    op.execute(OPEN)
