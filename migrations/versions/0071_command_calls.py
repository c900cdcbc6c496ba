"""The command desk: units that were sent out together with a time to acknowledge, and their group.

When a unit acknowledged is not written twice: it is read off the steps of the case.
"""

from alembic import op

revision = "0071"
down_revision = "0069"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
CALLS = f"""
create table command_calls (
    id uuid primary key,
    order_id uuid not null,
    case_id uuid not null references cases (id),
    unit_id uuid not null references organisations (id),
    task_id uuid references case_tasks (id),
    seq int not null,
    words text not null,
    answer_by timestamptz not null,
    late_at timestamptz,
    given_by uuid not null references accounts (id),
    at timestamptz not null
);
create index command_calls_case on command_calls (case_id, at);
create index command_calls_order on command_calls (order_id);
create index command_calls_due on command_calls (answer_by) where late_at is null;
create index command_calls_at on command_calls (at desc);
create table command_groups (
    case_id uuid primary key references cases (id),
    team_id uuid not null references teams (id),
    at timestamptz not null
);

alter table command_calls enable row level security;
create policy command_calls_seen on command_calls for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy command_calls_given on command_calls for insert to wangge_app
    with check (given_by = {ME} and exists (select from cases c where c.id = case_id));
alter table command_groups enable row level security;
create policy command_groups_seen on command_groups for select to wangge_app
    using (exists (select from cases c where c.id = case_id));

grant select, insert on command_calls to wangge_app;
grant select on command_groups to wangge_app;
grant select, insert, update, delete on command_calls, command_groups to wangge_intake;
"""


def upgrade() -> None:
    op.execute(CALLS)
