"""Cases that belong together: merged into a lead, split into parts, followed by neighbours."""

from alembic import op

revision = "0015"
down_revision = "0014"

# A new constraint is checked for new rows at once and for the others without holding anybody up.
STATES = """
alter table cases drop constraint cases_state_check;
alter table cases add constraint cases_state_check check (state in ('reported', 'verifying',
    'declined', 'accepted', 'registered', 'dispatched', 'handling', 'handled', 'checking',
    'checked', 'closed', 'evaluated', 'reopened', 'withdrawn', 'merged', 'split')) not valid;
"""
TABLES = """
create table case_merges (
    id uuid primary key,
    case_id uuid not null references cases (id),
    lead_id uuid not null references cases (id) check (lead_id <> case_id),
    former jsonb not null,
    at timestamptz not null,
    by uuid references accounts (id),
    undone_at timestamptz,
    undone_by uuid references accounts (id),
    why text not null default ''
);
create unique index case_merges_now on case_merges (case_id) where undone_at is null;
create index case_merges_lead on case_merges (lead_id) where undone_at is null;

create table case_parts (
    part_id uuid primary key references cases (id),
    origin_id uuid not null references cases (id) check (origin_id <> part_id),
    step_id uuid not null,
    same_asker bool not null,
    at timestamptz not null
);
create index case_parts_origin on case_parts (origin_id);

create table case_releases (
    case_id uuid primary key references cases (id),
    words text not null,
    by uuid not null references accounts (id),
    at timestamptz not null
);

create table case_followers (
    id uuid primary key,
    case_id uuid not null references cases (id),
    code_hash bytea not null unique,
    phone_sealed bytea,
    phone_index bytea,
    locale text not null default 'zh',
    at timestamptz not null,
    told_at timestamptz
);
create index case_followers_case on case_followers (case_id);

create table case_seals (
    case_id uuid primary key references cases (id),
    seq int not null,
    digest bytea not null,
    at timestamptz not null
);

alter table case_merges enable row level security;
create policy merges_seen on case_merges for select to wangge_app
    using (exists (select from cases c where c.id in (case_id, lead_id)));
create policy merges_made on case_merges for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id)
        and exists (select from cases l where l.id = lead_id));
create policy merges_undone on case_merges for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
alter table case_parts enable row level security;
create policy parts_seen on case_parts for select to wangge_app
    using (exists (select from cases c where c.id in (part_id, origin_id)));
alter table case_releases enable row level security;
create policy releases_seen on case_releases for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
alter table case_followers enable row level security;
create policy followers_seen on case_followers for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
alter table case_seals enable row level security;
create policy seals_seen on case_seals for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
create policy seals_set on case_seals for insert to wangge_app
    with check (exists (select from cases c where c.id = case_id));
grant select on case_merges, case_parts, case_releases to wangge_app;
grant select, insert on case_seals to wangge_app, wangge_intake;
grant select (id, case_id, at, told_at) on case_followers to wangge_app;
grant insert, update on case_merges to wangge_app;
grant select, insert, update, delete on case_merges, case_parts, case_releases, case_followers
    to wangge_intake;
"""


def upgrade() -> None:
    op.execute(STATES)
    op.execute("alter table cases validate constraint cases_state_check")
    op.execute(TABLES)
