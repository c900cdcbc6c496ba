"""基本满意 kept apart in the cubes, so that a city's published setting can count it or not."""

from alembic import op

revision = "0087"
down_revision = "0085"

# The worker makes the cubes anew once, for ``shape`` says that they do not know it yet.
FAIRLY = """
alter table cube_states add column fairly int not null default 0;
alter table cube_state add column shape smallint not null default 1;
"""


def upgrade() -> None:
    op.execute(FAIRLY)
