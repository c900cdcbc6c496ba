"""Work orders of the hotline: layouts, files on their way in, orders beside cases, doubles."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
create table hotline_layouts (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    name text not null,
    body jsonb not null,
    author_id uuid,
    at timestamptz not null,
    unique (unit_id, name)
);
create table hotline_batches (
    id uuid primary key,
    unit_id uuid not null references organisations (id),
    file_name text not null,
    sha256 bytea not null,
    columns text[] not null,
    rows int not null,
    next int not null default 0,
    body_sealed bytea,
    layout jsonb,
    taken int not null default 0,
    repeated int not null default 0,
    changed int not null default 0,
    refused int not null default 0,
    doubles int not null default 0,
    state text not null default 'open' check (state in ('open', 'running', 'done')),
    author_id uuid not null,
    author_name text not null,
    at timestamptz not null,
    done_at timestamptz
);
create index hotline_batches_unit on hotline_batches (unit_id, at desc, id);
create table hotline_refusals (
    batch_id uuid not null references hotline_batches (id) on delete cascade,
    line int not null,
    cells_sealed bytea not null,
    code text not null,
    zh text not null,
    en text not null,
    primary key (batch_id, line)
);
create table hotline_orders (
    case_id uuid primary key references cases (id),
    unit_id uuid not null references organisations (id),
    batch_id uuid not null references hotline_batches (id),
    line int not null,
    source text not null,
    number text not null,
    columns text[] not null,
    cells_sealed bytea not null,
    cells_hash bytea not null,
    promised_at timestamptz,
    changes_sealed bytea,
    changed_at timestamptz,
    at timestamptz not null,
    unique (source, number)
);
create index hotline_orders_unit on hotline_orders (unit_id, at desc, case_id);
create index hotline_orders_changed on hotline_orders (unit_id, changed_at)
    where changes_sealed is not null;
create table hotline_doubles (
    case_id uuid not null references hotline_orders (case_id),
    other_id uuid not null references cases (id),
    reasons jsonb not null,
    decision text not null default 'open' check (decision in ('open', 'same', 'different')),
    decided_by uuid,
    decided_at timestamptz,
    primary key (case_id, other_id)
);
create index hotline_doubles_other on hotline_doubles (other_id);

alter table hotline_layouts enable row level security;
create policy hotline_layouts_own on hotline_layouts for select to wangge_app
    using (unit_id = any(coalesce(
        (select nullif(current_setting('app.units', true), '')::uuid[]), '{}')));
alter table hotline_batches enable row level security;
create policy hotline_batches_own on hotline_batches for select to wangge_app
    using (unit_id = any(coalesce(
        (select nullif(current_setting('app.units', true), '')::uuid[]), '{}')));
alter table hotline_orders enable row level security;
create policy hotline_orders_own on hotline_orders for select to wangge_app
    using (unit_id = any(coalesce(
        (select nullif(current_setting('app.units', true), '')::uuid[]), '{}')));
alter table hotline_refusals enable row level security;
create policy hotline_refusals_own on hotline_refusals for select to wangge_app
    using (exists (select from hotline_batches b where b.id = batch_id));
alter table hotline_doubles enable row level security;
create policy hotline_doubles_own on hotline_doubles for select to wangge_app
    using (exists (select from hotline_orders o where o.case_id = hotline_doubles.case_id));

grant select on hotline_layouts, hotline_batches, hotline_refusals, hotline_orders,
    hotline_doubles to wangge_app;
grant select, insert, update, delete on hotline_layouts, hotline_batches, hotline_refusals,
    hotline_orders, hotline_doubles to wangge_intake;
"""


def upgrade() -> None:
    op.execute(TABLES)
