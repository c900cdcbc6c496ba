"""Pictures of visits: a file may belong to a record of the field, and is seen with it alone."""

from alembic import op

revision = "0059"
down_revision = "0058"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
FILES = f"""
alter table files add column field_record_id uuid
    references field_records (id) on delete set null;
create index files_field_record on files (field_record_id) where field_record_id is not null;
drop policy files_seen on files;
create policy files_seen on files for select to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = {ME}) or (group_message_id is not null
        and exists (select from group_messages m where m.id = group_message_id))
        or (field_record_id is not null
        and exists (select from field_records r where r.id = field_record_id)));

alter table upload_promises alter column case_id drop not null;
alter table upload_promises add column field_record_id uuid;
alter table upload_promises add constraint upload_promises_of_one
    check (num_nonnulls(case_id, field_record_id) = 1) not valid;
create unique index upload_promises_record_once
    on upload_promises (account_id, sha256, field_record_id) where field_record_id is not null;
"""


def upgrade() -> None:
    op.execute(FILES)
