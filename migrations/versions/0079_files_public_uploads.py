"""Residents' photos come in pieces too: an upload and its promise may be a device's."""

from alembic import op

revision = "0079"
down_revision = "0080"

UPLOADS = """
alter table uploads alter column account_id drop not null;
alter table uploads add column token_hash bytea;
alter table uploads add constraint uploads_of_one
    check (num_nonnulls(account_id, token_hash) = 1) not valid;
create unique index uploads_of_device on uploads (token_hash, sha256)
    where token_hash is not null;
alter table upload_promises alter column account_id drop not null;
alter table upload_promises add column token_hash bytea;
alter table upload_promises add constraint upload_promises_by_one
    check (num_nonnulls(account_id, token_hash) = 1) not valid;
create unique index upload_promises_of_device on upload_promises (token_hash, sha256, case_id)
    where token_hash is not null;
"""


def upgrade() -> None:
    op.execute(UPLOADS)
