"""When a second level ruled that a demand has no ground, for figures that count it apart."""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("alter table cases add column unreasonable_at timestamptz")
