"""Teams that serve grids, and the party's own tree beside that of the areas, both by date."""

from alembic import op

revision = "0031"
down_revision = "0030"

TEAMS = """
create table party_organisations (
    id uuid primary key,
    code text not null unique,
    name text not null,
    kind text not null check (kind in ('committee', 'general_branch', 'branch', 'group',
        'household')),
    area_id uuid not null references areas (id),
    valid daterange not null
);
create index party_organisations_area on party_organisations (area_id);

create table party_ties (
    organisation_id uuid not null references party_organisations (id),
    parent_id uuid not null references party_organisations (id),
    valid daterange not null,
    primary key (organisation_id, valid),
    check (organisation_id <> parent_id),
    exclude using gist (organisation_id with =, valid with &&)
);
create index party_ties_parent on party_ties (parent_id);

create table party_grids (
    organisation_id uuid not null references party_organisations (id),
    area_id uuid not null references areas (id),
    valid daterange not null,
    primary key (organisation_id, area_id, valid),
    exclude using gist (organisation_id with =, area_id with =, valid with &&)
);
create index party_grids_area on party_grids (area_id);

create table party_members (
    id uuid primary key,
    organisation_id uuid not null references party_organisations (id),
    account_id uuid not null references accounts (id),
    duty text not null check (duty in ('secretary', 'member')),
    valid daterange not null,
    exclude using gist (organisation_id with =, account_id with =, valid with &&)
);
create index party_members_account on party_members (account_id);

create table teams (
    id uuid primary key,
    code text not null unique,
    name text not null,
    area_id uuid not null references areas (id),
    valid daterange not null
);
create index teams_area on teams (area_id);

create table team_grids (
    team_id uuid not null references teams (id),
    area_id uuid not null references areas (id),
    valid daterange not null,
    primary key (team_id, area_id, valid),
    exclude using gist (team_id with =, area_id with =, valid with &&)
);
create index team_grids_area on team_grids (area_id);

create table team_members (
    id uuid primary key,
    team_id uuid not null references teams (id),
    slot text not null,
    kind text not null default '',
    account_id uuid references accounts (id),
    unit_id uuid references organisations (id),
    name text not null default '',
    phone text not null default '',
    retired bool not null default false,
    valid daterange not null,
    check (num_nonnulls(account_id, unit_id) + (name <> '')::int = 1)
);
create index team_members_team on team_members (team_id);
create index team_members_account on team_members (account_id) where account_id is not null;

grant select, insert, update on party_organisations, party_ties, party_grids, party_members,
    teams, team_grids, team_members to wangge_app, wangge_intake;
grant delete on party_ties, party_grids, team_grids to wangge_app, wangge_intake;
"""


def upgrade() -> None:
    op.execute(TEAMS)
