"""What phones did without a network: operations with receipts, devices, conflicts, uploads."""

from alembic import op

revision = "0035"
down_revision = "0034"

SYNC = """
create table sync_devices (
    id uuid not null,
    account_id uuid not null references accounts (id),
    name text not null default '',
    platform text not null default '',
    app text not null default '',
    token_hash bytea,
    first_at timestamptz not null,
    seen_at timestamptz not null,
    clock_ahead int,
    locked_at timestamptz,
    locked_by uuid references accounts (id),
    emptied_at timestamptz,
    sent_mark text not null default '',
    sent jsonb not null default '{}',
    kept_mark text not null default '',
    kept jsonb not null default '{}',
    primary key (id, account_id)
);
create index sync_devices_account on sync_devices (account_id);

create table sync_operations (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    device_id uuid not null,
    record uuid not null,
    kind text not null,
    seq int not null check (seq > 0),
    content_hash bytea not null,
    said_sealed bytea,
    made_at timestamptz not null,
    found_at timestamptz,
    done_at timestamptz,
    clock_ahead int,
    clock text not null check (clock in ('right', 'corrected', 'doubtful')),
    received_at timestamptz not null,
    state text not null
        check (state in ('applied', 'repeated', 'merged', 'conflict', 'proposal', 'refused')),
    code text not null default '',
    receipt_sealed bytea not null
);
create unique index sync_operations_order on sync_operations (record, device_id, account_id, seq)
    where state <> 'refused';
create index sync_operations_account on sync_operations (account_id, received_at);
create trigger sync_operations_written_once before delete or truncate on sync_operations
    for each statement execute function refuse_change();

create table sync_gone (
    account_id uuid not null references accounts (id),
    record uuid not null,
    at timestamptz not null,
    primary key (account_id, record)
);
create index sync_gone_at on sync_gone (at);

create table sync_conflicts (
    id uuid primary key references sync_operations (id),
    account_id uuid not null references accounts (id),
    account_name text not null,
    kind text not null,
    collection text not null,
    record uuid not null,
    why text not null check (why in ('fields', 'proposal')),
    code text not null default '',
    zh text not null default '',
    en text not null default '',
    body_sealed bytea not null,
    pos int,
    unit_ids uuid[] not null default '{}',
    made_at timestamptz not null,
    received_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'decided')),
    decision jsonb,
    decided_by uuid references accounts (id),
    decided_name text not null default '',
    decided_at timestamptz
);
create index sync_conflicts_account on sync_conflicts (account_id, received_at desc);
create index sync_conflicts_open on sync_conflicts (pos, received_at) where state = 'open';
create index sync_conflicts_record on sync_conflicts (record);

create table uploads (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    sha256 bytea not null,
    length bigint not null check (length > 0),
    purpose text not null,
    file_id uuid,
    at timestamptz not null,
    done_at timestamptz
);
create unique index uploads_hash on uploads (account_id, sha256);
create index uploads_at on uploads (at);
create table upload_promises (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    sha256 bytea not null,
    case_id uuid not null,
    step_id uuid,
    purpose text not null,
    at timestamptz not null
);
create unique index upload_promises_once
    on upload_promises (account_id, sha256, case_id, coalesce(step_id, case_id));

-- One round trip: the record's operations wait for each other, and each sees what came before.
create function sync_begin(wanted uuid, of_record uuid, device uuid, account uuid)
    returns table (account_id uuid, content_hash bytea, receipt_sealed bytea, expected int)
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('sync ' || of_record::text, 0));
    return query
        select o.account_id, o.content_hash, o.receipt_sealed, s.expected
        from (select coalesce(max(p.seq), 0) + 1 as expected from sync_operations p
            where p.record = of_record and p.device_id = device and p.account_id = account
                and p.state <> 'refused') s
        left join sync_operations o on o.id = wanted;
end $$;
revoke execute on function sync_begin(uuid, uuid, uuid, uuid) from public;
grant execute on function sync_begin(uuid, uuid, uuid, uuid) to wangge_app, wangge_intake;

alter table sync_devices enable row level security;
create policy devices_own on sync_devices for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
alter table sync_operations enable row level security;
create policy operations_own on sync_operations for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
alter table sync_gone enable row level security;
create policy gone_own on sync_gone for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
alter table sync_conflicts enable row level security;
create policy conflicts_seen on sync_conflicts for select to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid)
        or pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange));
create policy conflicts_changed on sync_conflicts for update to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid)
        or pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange));
create policy conflicts_added on sync_conflicts for insert to wangge_app
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
create policy conflicts_kept_from_whom_they_are_about on sync_conflicts as restrictive for select
    to wangge_app using (not record = any((select kept_from_me())::uuid[]));
alter table uploads enable row level security;
create policy uploads_own on uploads for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
alter table upload_promises enable row level security;
create policy promises_own on upload_promises for all to wangge_app
    using (account_id = (select nullif(current_setting('app.account', true), '')::uuid))
    with check (account_id = (select nullif(current_setting('app.account', true), '')::uuid));
grant select, insert, update on sync_devices, sync_operations, sync_conflicts, sync_gone
    to wangge_app;
grant select, insert, update, delete on uploads, upload_promises to wangge_app;
grant select, insert, update, delete on sync_devices, sync_operations, sync_conflicts, sync_gone,
    uploads, upload_promises to wangge_intake;
"""


def upgrade() -> None:
    op.execute(SYNC)
