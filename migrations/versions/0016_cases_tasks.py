"""Child tasks: what assisting units are asked to do for a case, each with its own clock."""

from alembic import op

revision = "0016"
down_revision = "0015"

TASKS = """
create table case_tasks (
    id uuid primary key,
    case_id uuid not null references cases (id),
    unit_id uuid not null references organisations (id),
    desk_id uuid not null references organisations (id),
    from_unit_id uuid not null references organisations (id),
    words text not null,
    state text not null check (state in ('dispatched', 'acknowledged', 'done', 'returned',
        'cancelled')),
    due_limit text not null,
    due_from timestamptz not null,
    due_at timestamptz not null,
    overdue_at timestamptz,
    result text not null default '',
    reason text not null default '',
    note text not null default '',
    given_by uuid not null references accounts (id),
    holder_id uuid references accounts (id),
    version int not null default 1,
    at timestamptz not null,
    ended_at timestamptz
);
create index case_tasks_case on case_tasks (case_id);
create index case_tasks_unit on case_tasks (unit_id)
    where state in ('dispatched', 'acknowledged');
create index case_tasks_desk on case_tasks (desk_id) where state = 'returned';
create index case_tasks_due on case_tasks (due_at)
    where state in ('dispatched', 'acknowledged', 'returned') and overdue_at is null;

alter table case_tasks enable row level security;
create policy tasks_seen on case_tasks for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy tasks_given on case_tasks for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
create policy tasks_changed on case_tasks for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, insert, update on case_tasks to wangge_app;
grant select, insert, update, delete on case_tasks to wangge_intake;
"""


def upgrade() -> None:
    op.execute(TASKS)
