"""Service groups: teams of another kind, each with a thread that its members alone read.

Who has read what is kept nowhere, except of messages whose writer asked for it where the city
allows it: a read of any other message cannot be written.
"""

from alembic import op

revision = "0046"
down_revision = "0045"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
GROUPS = f"""
alter table teams add column kind text not null default 'grid' check (kind in ('grid', 'service'));
-- Of a unit's seat: whoever holds this post there; empty: any post of the unit.
alter table team_members add column role text not null default '';

create table group_messages (
    id uuid primary key,
    team_id uuid not null references teams (id),
    kind text not null default 'message' check (kind in ('message', 'invitation')),
    account_id uuid not null references accounts (id),
    account_name text not null,
    account_title text not null default '',
    text text not null default '',
    receipt boolean not null default false,
    valid_until date,
    taken_back_at timestamptz,
    at timestamptz not null,
    unique (id, receipt)
);
create index group_messages_thread on group_messages (team_id, at desc, id desc);
create index group_messages_at on group_messages (at);
create table group_reads (
    message_id uuid not null,
    receipt boolean not null default true check (receipt),
    account_id uuid not null references accounts (id),
    at timestamptz not null,
    primary key (message_id, account_id),
    foreign key (message_id, receipt) references group_messages (id, receipt) on delete cascade
);
create table group_cases (
    message_id uuid primary key references group_messages (id) on delete cascade,
    team_id uuid not null references teams (id),
    case_id uuid not null references cases (id),
    account_id uuid not null references accounts (id),
    at timestamptz not null
);
create index group_cases_case on group_cases (case_id);
alter table files add column group_message_id uuid
    references group_messages (id) on delete set null;
create index files_group_message on files (group_message_id) where group_message_id is not null;

-- Who is in a group today: those listed while they hold a post, whoever holds the posts that are
-- listed, and the people of its grids: of the grid itself, and above it up to the group's area.
create view group_people as
select m.team_id, m.account_id, m.id as seat_id, null::uuid as unit_id from team_members m
join teams t on t.id = m.team_id and t.kind = 'service' and t.valid @> city_today()
where m.account_id is not null and m.valid @> city_today()
    and exists (select from posts p where p.account_id = m.account_id and p.valid @> city_today())
union
select m.team_id, p.account_id, m.id, m.unit_id from team_members m
join teams t on t.id = m.team_id and t.kind = 'service' and t.valid @> city_today()
join posts p on p.unit_id = m.unit_id and p.valid @> city_today()
    and (m.role = '' or p.role = m.role)
where m.unit_id is not null and m.valid @> city_today()
union
select g.team_id, p.account_id, null::uuid, null::uuid from team_grids g
join teams t on t.id = g.team_id and t.kind = 'service' and t.valid @> city_today()
join areas grid on grid.id = g.area_id join areas top on top.id = t.area_id
join areas h on h.path @> grid.path and h.path <@ top.path
join posts p on p.area_id = h.id and p.valid @> city_today()
    and p.role in ('grid_worker', 'professional_worker', 'grid_leader', 'secretary')
where g.valid @> city_today();

create function my_groups() returns uuid[]
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(distinct team_id), '{{}}') from group_people
    where account_id = nullif(current_setting('app.account', true), '')::uuid
$$;
revoke execute on function my_groups() from public;
grant execute on function my_groups() to wangge_app, wangge_intake;

alter table group_messages enable row level security;
create policy group_messages_seen on group_messages for select to wangge_app
    using (team_id = any ((select my_groups())::uuid[]));
alter table group_cases enable row level security;
create policy group_cases_seen on group_cases for select to wangge_app
    using (team_id = any ((select my_groups())::uuid[]));
-- Who has read is told to the writer alone.
alter table group_reads enable row level security;
create policy group_reads_told on group_reads for select to wangge_app
    using (exists (select from group_messages m where m.id = message_id and m.account_id = {ME}));
drop policy files_seen on files;
create policy files_seen on files for select to wangge_app
    using (exists (select from cases c where c.id = case_id) or (case_id is null
        and uploaded_by = {ME}) or (group_message_id is not null
        and exists (select from group_messages m where m.id = group_message_id)));

grant select on group_messages, group_reads, group_cases, group_people to wangge_app;
grant select, insert, update, delete on group_messages, group_reads, group_cases to wangge_intake;
grant select on group_people to wangge_intake;
"""


def upgrade() -> None:
    op.execute(GROUPS)
