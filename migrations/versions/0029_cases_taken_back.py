"""A correction may take a case back from the public and part it from the case it came from."""

from alembic import op

revision = "0029"
down_revision = "0028"

TAKEN_BACK = """
create policy releases_taken_back on case_releases for delete to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant delete on case_releases to wangge_app;
create policy parts_on_their_own on case_parts for update to wangge_app
    using (exists (select from cases c where c.id in (part_id, origin_id)));
grant update (same_asker) on case_parts to wangge_app;
"""


def upgrade() -> None:
    op.execute(TAKEN_BACK)
