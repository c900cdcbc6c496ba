"""Residents' committees (居委) as a level of the tree between a community and its grids."""

from alembic import op

revision = "0038"
down_revision = "0037"

# A new constraint is checked for new rows at once and for the others without holding anybody up.
LEVELS = """
alter table areas drop constraint areas_level_check;
alter table areas add constraint areas_level_check check (level in ('city', 'county', 'township',
    'community', 'committee', 'natural_village', 'estate', 'grid', 'micro_grid')) not valid;
"""


def upgrade() -> None:
    op.execute(LEVELS)
    op.execute("alter table areas validate constraint areas_level_check")
