"""The city screen's newest matters: what was closed last is found without looking at the rest."""

from alembic import op

revision = "0068"
down_revision = "0062"

LATEST = """
create index cases_closed_last on cases (closed_at, id)
    where state in ('closed', 'evaluated');
"""


def upgrade() -> None:
    op.execute(LATEST)
