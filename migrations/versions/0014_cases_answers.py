"""Whom a result has not reached, and which answers are the same but for names, digits and dates.

``untold_since`` stands on few rows, so that the nightly list has a small index of its own.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

ANSWERS = """
alter table cases add column untold_since timestamptz;
create index cases_untold on cases (desk_id, untold_since) where untold_since is not null;
alter table case_contacts drop constraint case_contacts_purpose_check;
alter table case_contacts add constraint case_contacts_purpose_check
    check (purpose in ('response', 'callback', 'answer'));

create table case_answers (
    case_id uuid primary key references cases (id),
    key bytea not null,
    at timestamptz not null
);
create index case_answers_key on case_answers (key, at);
alter table case_answers enable row level security;
create policy answers_seen on case_answers for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy answers_written on case_answers for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
create policy answers_changed on case_answers for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, insert, update on case_answers to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(ANSWERS)
