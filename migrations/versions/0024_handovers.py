"""What a leaver had in hand waits for his successor's signature; his devices are told to empty."""

from alembic import op

revision = "0024"
down_revision = "0023"

HANDED = """
create table handed_items (
    id uuid primary key,
    case_id uuid not null references cases (id),
    task_id uuid references case_tasks (id),
    kind text not null,
    case_state text not null,
    from_account uuid not null references accounts (id),
    from_name text not null,
    from_title text not null default '',
    post_id uuid not null references posts (id),
    role text not null,
    unit_id uuid references organisations (id),
    area_id uuid references areas (id),
    state text not null default 'waiting' check (state in ('waiting', 'given', 'signed', 'over')),
    to_account uuid references accounts (id),
    to_name text not null default '',
    given_name text not null default '',
    given_at timestamptz,
    at timestamptz not null,
    ended_at timestamptz
);
create unique index handed_items_open on handed_items (case_id, kind, coalesce(task_id, case_id))
    where state in ('waiting', 'given');
create index handed_items_waiting on handed_items (at, id) where state in ('waiting', 'given');
create index handed_items_to on handed_items (to_account) where state = 'given';
alter table handed_items enable row level security;
create policy handed_seen on handed_items for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy handed_changed on handed_items for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select, update on handed_items to wangge_app;
grant select, insert, update, delete on handed_items to wangge_intake;

create table left_devices (
    token_hash bytea primary key,
    account_id uuid not null references accounts (id),
    left_at timestamptz not null,
    post_ids uuid[] not null default '{}',
    delivers_until timestamptz,
    emptied_at timestamptz
);
create index left_devices_account on left_devices (account_id);
grant select, insert, update, delete on left_devices to wangge_intake;
create function left_device(token bytea) returns table (delivers bool)
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(l.delivers_until > city_now(), false) from left_devices l
    where l.token_hash = token and l.emptied_at is null
$$;
revoke execute on function left_device(bytea) from public;
grant execute on function left_device(bytea) to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(HANDED)
