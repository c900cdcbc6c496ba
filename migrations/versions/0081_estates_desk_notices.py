"""社区公告: desks tell the residents of their area too; first day, pictures, why withdrawn."""

from alembic import op

revision = "0081"
down_revision = "0079"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
TOLD = f"""
alter table estate_notices add column begins date, add column withdrawn_name text,
    add column withdrawn_at timestamptz, add column withdrawn_why text;
alter table files add column estate_notice_id uuid
    references estate_notices (id) on delete set null;
create index files_estate_notice on files (estate_notice_id) where estate_notice_id is not null;
drop policy files_seen on files;
create policy files_seen on files for select to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = {ME}) or (group_message_id is not null
        and exists (select from group_messages m where m.id = group_message_id))
        or (field_record_id is not null
        and exists (select from field_records r where r.id = field_record_id))
        or (estate_notice_id is not null
        and exists (select from estate_notices n where n.id = estate_notice_id)));
"""


def upgrade() -> None:
    op.execute(TOLD)
