"""What was only spoken waits in a list until somebody has listened and written it down."""

from alembic import op

revision = "0054"
down_revision = "0053"

UNHEARD = """
create table case_unheard (
    case_id uuid primary key references cases (id),
    at timestamptz not null,
    heard_at timestamptz,
    heard_by uuid references accounts (id)
);
create index case_unheard_waiting on case_unheard (case_id) where heard_at is null;
alter table case_unheard enable row level security;
create policy unheard_seen on case_unheard for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select on case_unheard to wangge_app;
grant select, insert, update, delete on case_unheard to wangge_intake;
"""


def upgrade() -> None:
    op.execute(UNHEARD)
