"""Dwellings, households, residents and care: only what visits and reports need, behind a wall.

``home_scope`` is the ground of the posts that look after homes; it is asked once a statement.
"""

from alembic import op

revision = "0036"
down_revision = "0035"

REGISTERS = """
create function home_scope() returns int4multirange
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(range_agg(r), '{}') from posts p
        join areas a on a.id = p.area_id cross join lateral unnest(a.span) as r
    where p.account_id = nullif(current_setting('app.account', true), '')::uuid
        and p.valid @> city_today()
        and p.role in ('grid_worker', 'professional_worker', 'grid_leader', 'unit_worker')
$$;
revoke execute on function home_scope() from public;
grant execute on function home_scope() to wangge_app, wangge_intake;

create table dwellings (
    id uuid primary key,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    building text not null default '',
    unit text not null default '',
    room text not null,
    address_key text not null,
    kind text not null check (kind in ('home', 'rented', 'vacant', 'shop')),
    active bool not null default true,
    duplicate_of uuid references dwellings (id),
    seen_at timestamptz,
    source text not null,
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    verified_at timestamptz not null,
    version int not null default 1,
    request_hash bytea not null
);
create index dwellings_pos on dwellings (pos, building, unit, room, id) where active;
create index dwellings_address on dwellings (area_id, address_key);

create table households (
    id uuid primary key,
    dwelling_id uuid not null references dwellings (id),
    pos int not null references areas (pos),
    people int check (people between 0 and 60),
    note text not null default '',
    active bool not null default true,
    source text not null,
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    verified_at timestamptz not null,
    version int not null default 1,
    request_hash bytea not null
);
create index households_dwelling on households (dwelling_id);

create table residents (
    id uuid primary key,
    household_id uuid not null references households (id),
    pos int not null references areas (pos),
    name_sealed bytea,
    name_mask text not null default '',
    phone_sealed bytea,
    phone_index bytea,
    phone_mask text not null default '',
    id_number_sealed bytea,
    id_number_index bytea,
    id_number_mask text not null default '',
    born int,
    guardian text not null default '',
    is_contact bool not null default false,
    purpose text not null check (purpose <> ''),
    consent text not null check (consent in ('given', 'legal_duty')),
    consent_at timestamptz not null,
    source text not null,
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    verified_at timestamptz not null,
    erased_at timestamptz,
    version int not null default 1,
    request_hash bytea not null,
    check (erased_at is null or (name_sealed is null and phone_sealed is null
        and id_number_sealed is null and phone_index is null and id_number_index is null))
);
create index residents_household on residents (household_id);
create index residents_phone on residents (phone_index) where phone_index is not null;

create table care_entries (
    id uuid primary key,
    household_id uuid not null references households (id),
    resident_id uuid references residents (id),
    pos int not null references areas (pos),
    kind text not null,
    words text not null default '',
    purpose text not null check (purpose <> ''),
    consent_at timestamptz not null,
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    ended_at timestamptz,
    ended_by uuid references accounts (id),
    end_words text not null default '',
    request_hash bytea not null
);
create index care_entries_household on care_entries (household_id) where ended_at is null;

create table register_changes (
    id uuid primary key,
    subject uuid not null,
    record text not null check (record in ('dwelling', 'household', 'resident', 'care')),
    pos int not null references areas (pos),
    was jsonb not null,
    became jsonb not null,
    words text not null default '',
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    request_hash bytea not null
);
create index register_changes_subject on register_changes (subject, received_at);
create trigger register_changes_written_once before update or truncate on register_changes
    for each statement execute function refuse_change();

alter table dwellings enable row level security;
create policy dwellings_seen on dwellings for select to wangge_app
    using (pos <@ (select home_scope()));
alter table households enable row level security;
create policy households_seen on households for select to wangge_app
    using (pos <@ (select home_scope()));
alter table residents enable row level security;
create policy residents_seen on residents for select to wangge_app
    using (pos <@ (select home_scope()));
alter table care_entries enable row level security;
create policy care_entries_seen on care_entries for select to wangge_app
    using (pos <@ (select home_scope()));
alter table register_changes enable row level security;
create policy register_changes_seen on register_changes for select to wangge_app
    using (pos <@ (select home_scope()));

grant select on dwellings, households, care_entries, register_changes to wangge_app;
grant select (id, household_id, pos, name_mask, phone_mask, id_number_mask, born, guardian,
    is_contact, purpose, consent, consent_at, source, made_by, found_at, received_at, verified_at,
    erased_at, version) on residents to wangge_app;
grant select, insert, update, delete on dwellings, households, residents, care_entries
    to wangge_intake;
grant select, insert, delete on register_changes to wangge_intake;
"""


def upgrade() -> None:
    op.execute(REGISTERS)
