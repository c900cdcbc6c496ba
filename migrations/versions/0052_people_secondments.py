"""借调: a post that a unit has lent somebody for, until a day."""

from alembic import op

revision = "0052"
down_revision = "0051"

LENT = """
alter table posts add column lent_by uuid references organisations (id);
create index posts_lent on posts (upper(valid), id) where lent_by is not null;
"""


def upgrade() -> None:
    op.execute(LENT)
