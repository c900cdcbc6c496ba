"""Whistles to members: skills that they give themselves, whom a call reached, who comes."""

from alembic import op

revision = "0043"
down_revision = "0042"

MEMBERS = """
create table member_skills (
    account_id uuid not null references accounts (id),
    skill text not null,
    given_at timestamptz not null,
    primary key (account_id, skill)
);
create table member_registrations (
    account_id uuid primary key references accounts (id),
    area_id uuid not null references areas (id),
    at timestamptz not null
);
create index member_registrations_area on member_registrations (area_id);

alter table whistles add column kind text not null default 'units'
    check (kind in ('units', 'members'));
alter table whistles add column skill text not null default '';
alter table whistles add column wanted int not null default 0 check (wanted >= 0);

create table whistle_members (
    whistle_id uuid not null references whistles (id),
    account_id uuid not null references accounts (id),
    near text not null check (near in ('grid', 'community', 'neighbour')),
    accepted_at timestamptz,
    primary key (whistle_id, account_id)
);
create index whistle_members_account on whistle_members (account_id);

-- Whoever is asked is no business of those who see the ground: they see who comes.
alter table whistle_members enable row level security;
create policy whistle_members_seen on whistle_members for select to wangge_app
    using (accepted_at is not null and exists (select from whistles w where w.id = whistle_id));
alter table member_skills enable row level security;
alter table member_registrations enable row level security;

grant select on whistle_members, member_skills, member_registrations to wangge_app;
grant select, insert, update, delete on whistle_members, member_skills, member_registrations
    to wangge_intake;
"""


def upgrade() -> None:
    op.execute(MEMBERS)
