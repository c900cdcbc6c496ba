"""When a second level ruled that a demand has no ground, for figures that count it apart."""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.execute("alter table cases add column unreasonable_at timestamptz")
