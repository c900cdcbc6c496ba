"""What a desk keeps for itself: filters under a name, and templates of answers."""

from alembic import op

revision = "0027"
down_revision = "0026"

DESK = """
create table kept_filters (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    unit_id uuid references organisations (id),
    name text not null,
    address jsonb not null,
    at timestamptz not null
);
create unique index kept_filters_name on kept_filters (account_id, name);
create index kept_filters_unit on kept_filters (unit_id) where unit_id is not null;

create table answer_templates (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    name text not null,
    text text not null,
    account_id uuid not null references accounts (id),
    at timestamptz not null
);
create unique index answer_templates_name on answer_templates (unit_id, name);

alter table kept_filters enable row level security;
create policy kept_filters_seen on kept_filters for select to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid)
        or unit_id = any((select nullif(current_setting('app.units', true), ''))::uuid[]));
create policy kept_filters_written on kept_filters for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid)
        and (unit_id is null
            or unit_id = any((select nullif(current_setting('app.units', true), ''))::uuid[])));
alter table answer_templates enable row level security;
create policy answer_templates_of_unit on answer_templates for all to wangge_app
    using (unit_id = any((select nullif(current_setting('app.units', true), ''))::uuid[]))
    with check (unit_id = any((select nullif(current_setting('app.units', true), ''))::uuid[]));
grant select, insert, update, delete on kept_filters, answer_templates
    to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(DESK)
