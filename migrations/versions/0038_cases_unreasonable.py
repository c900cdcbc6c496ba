"""When a second level ruled that a demand has no ground, for figures that count it apart."""

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.execute("alter table cases add column unreasonable_at timestamptz")
