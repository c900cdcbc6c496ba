"""Cases that are put by (挂账) until a day of review."""

from alembic import op

revision = "0022"
down_revision = "0021"

# A new constraint is checked for new rows at once and for the others without holding anybody up.
STATES = """
alter table cases drop constraint cases_state_check;
alter table cases add constraint cases_state_check check (state in ('reported', 'verifying',
    'declined', 'accepted', 'registered', 'dispatched', 'handling', 'handled', 'checking',
    'checked', 'closed', 'evaluated', 'reopened', 'withdrawn', 'merged', 'split',
    'suspended')) not valid;
"""


def upgrade() -> None:
    op.execute(STATES)
    op.execute("alter table cases validate constraint cases_state_check")
