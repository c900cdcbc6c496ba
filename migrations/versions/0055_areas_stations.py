"""Service stations are looked for by where somebody stands."""

from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.execute("create index places_stations on places (id) where kind = 'station'")
