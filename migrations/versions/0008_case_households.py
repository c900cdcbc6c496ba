"""Households that a matter of many affects: sealed, and what each was told, once."""

from alembic import op

revision = "0008"
down_revision = "0007"

HOUSEHOLDS = """
create table case_households (
    id uuid primary key,
    case_id uuid not null references cases (id),
    place_sealed bytea not null,
    place_index bytea not null,
    phone_sealed bytea,
    phone_index bytea,
    phone_mask text not null default '',
    basis text not null,
    added_by uuid not null references accounts (id),
    at timestamptz not null
);
create unique index case_households_phone on case_households (case_id, phone_index)
    where phone_index is not null;
create unique index case_households_place on case_households (case_id, place_index)
    where phone_index is null;

create table household_notices (
    household_id uuid not null references case_households (id),
    kind text not null check (kind in ('happened', 'returned')),
    sms_id uuid,
    at timestamptz not null,
    primary key (household_id, kind)
);

alter table case_households enable row level security;
create policy households_seen on case_households for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
alter table household_notices enable row level security;
create policy household_notices_seen on household_notices for select to wangge_app
    using (exists (select from case_households h where h.id = household_id));
grant select on case_households, household_notices to wangge_app;
grant select, insert, update, delete on case_households, household_notices to wangge_intake;
"""


def upgrade() -> None:
    op.execute(HOUSEHOLDS)
