"""The log of operations: the application only adds to it; what is past its keeping is found."""

from alembic import op

revision = "0039"
down_revision = "0038"

KEEPING = """
revoke update on sync_operations from wangge_app;
create index sync_operations_said on sync_operations (received_at) where said_sealed is not null;
"""


def upgrade() -> None:
    op.execute(KEEPING)
