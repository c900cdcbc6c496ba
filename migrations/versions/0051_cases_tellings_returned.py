"""What goes back to the hotline is written down by whoever returns it, under his own rights."""

from alembic import op

revision = "0051"
down_revision = "0050"

WRITTEN = """
create policy tellings_written on case_tellings for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
grant insert on case_tellings to wangge_app;
"""


def upgrade() -> None:
    op.execute(WRITTEN)
