"""The Red Mailbox: boxes and their daily opening, letters, sorting, residents' talks, postings.

What a letter asks is a case like any other; these rows say where it came from, who sorted it,
what a talk promised for it and what the public reads of it.
"""

from alembic import op

revision = "0028"
down_revision = "0027"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
UNITS = "(select nullif(current_setting('app.units', true), '')::uuid[])"
ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
MAILBOX = f"""
create table mailbox_groups (
    id uuid primary key,
    desk_id uuid not null references organisations (id),
    unit_id uuid not null references organisations (id),
    name text not null,
    task text not null default '',
    active boolean not null default true,
    at timestamptz not null,
    unique (desk_id, name)
);
create table mailboxes (
    id uuid primary key,
    code text not null unique,
    name text not null,
    place_words text not null default '',
    lon float8 not null,
    lat float8 not null,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    desk_id uuid not null references organisations (id),
    opener_ids uuid[] not null default '{{}}',
    open_by text not null check (open_by ~ '^[0-2][0-9]:[0-5][0-9]$'),
    days text not null check (days in ('every', 'working')),
    active boolean not null default true,
    version int not null default 1,
    at timestamptz not null
);
create table mailbox_openings (
    id uuid primary key,
    mailbox_id uuid not null references mailboxes (id),
    day date not null,
    pos int not null references areas (pos),
    desk_id uuid not null references organisations (id),
    opener_id uuid references accounts (id),
    due_at timestamptz not null,
    state text not null default 'due' check (state in ('due', 'missed', 'opened', 'explained')),
    missed_at timestamptz,
    opened_at timestamptz,
    recorded_at timestamptz,
    letters int check (letters >= 0),
    note text not null default '',
    reason text not null default '',
    closed_by uuid references accounts (id),
    closed_at timestamptz,
    unique (mailbox_id, day),
    check ((state = 'opened') = (opened_at is not null and recorded_at is not null
        and letters is not null)),
    check (state <> 'explained' or (reason <> '' and closed_at is not null)),
    check (state not in ('missed', 'explained') or missed_at is not null)
);
create index mailbox_openings_waiting on mailbox_openings (due_at) where state = 'due';
create index mailbox_openings_day on mailbox_openings (day, id);

create table mailbox_letters (
    id uuid primary key,
    number text not null unique,
    channel text not null check (channel in ('box', 'online')),
    mailbox_id uuid references mailboxes (id),
    opening_id uuid references mailbox_openings (id),
    form text not null check (form in ('typed', 'photo')),
    anonymous boolean not null,
    taken_by uuid references accounts (id),
    at timestamptz not null,
    check ((channel = 'box') = (mailbox_id is not null)),
    check (channel = 'online' or taken_by is not null)
);
create table mailbox_matters (
    case_id uuid primary key references cases (id),
    letter_id uuid not null references mailbox_letters (id),
    seq int not null,
    kind text not null check (kind in ('complaint', 'suggestion', 'wish')),
    at timestamptz not null,
    sort_due_at timestamptz not null,
    red_at timestamptz,
    sorted_at timestamptz,
    sorted_by uuid references accounts (id),
    group_id uuid references mailbox_groups (id),
    way text check (way in ('group', 'talk')),
    violated_at timestamptz,
    unique (letter_id, seq),
    check ((sorted_at is null) = (group_id is null) and (sorted_at is null) = (way is null)
        and (sorted_at is null) = (sorted_by is null))
);
create index mailbox_matters_unsorted on mailbox_matters (sort_due_at) where sorted_at is null;
create index mailbox_matters_wishes on mailbox_matters (at) where kind = 'wish';

create table mailbox_talks (
    id uuid primary key,
    number text not null unique,
    title text not null,
    place_words text not null,
    held_at timestamptz not null,
    chair text not null,
    desk_id uuid not null references organisations (id),
    pos int not null references areas (pos),
    unit_ids uuid[] not null,
    state text not null default 'planned' check (state in ('planned', 'held', 'cancelled')),
    minutes text not null default '',
    called_by uuid not null references accounts (id),
    version int not null default 1,
    at timestamptz not null,
    ended_at timestamptz,
    check ((state = 'planned') = (ended_at is null))
);
create table mailbox_talk_units (
    talk_id uuid not null references mailbox_talks (id),
    unit_id uuid not null references organisations (id),
    post text not null default '',
    came boolean,
    primary key (talk_id, unit_id)
);
create table mailbox_talk_cases (
    talk_id uuid not null references mailbox_talks (id),
    case_id uuid not null references cases (id),
    seq int not null,
    decision text not null default '',
    promised_on date,
    decided_by uuid references accounts (id),
    decided_at timestamptz,
    primary key (talk_id, case_id),
    check ((decided_at is null) = (decision = ''))
);
create index mailbox_talk_cases_case on mailbox_talk_cases (case_id);
create table mailbox_promises (
    id uuid primary key,
    talk_id uuid not null,
    case_id uuid not null,
    unit_id uuid not null references organisations (id),
    words text not null,
    due_on date not null,
    task_id uuid references case_tasks (id),
    at timestamptz not null,
    foreign key (talk_id, case_id) references mailbox_talk_cases (talk_id, case_id)
);
create index mailbox_promises_talk on mailbox_promises (talk_id, case_id);
create table mailbox_postings (
    case_id uuid primary key references cases (id),
    code text not null unique,
    kind text not null check (kind in ('complaint', 'suggestion', 'wish')),
    asked text not null,
    decided text not null,
    promised_on date,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    posted_by uuid not null references accounts (id),
    at timestamptz not null,
    withdrawn_at timestamptz
);
create index mailbox_postings_shown on mailbox_postings (at) where withdrawn_at is null;

alter table mailbox_groups enable row level security;
create policy mailbox_groups_seen on mailbox_groups for select to wangge_app using (
    array[desk_id] && {UNITS} or array[unit_id] && {UNITS} or exists (
        select from organisations o join areas a on a.id = o.area_id
        where o.id = desk_id and a.pos <@ {SCOPE}));
alter table mailboxes enable row level security;
create policy mailboxes_seen on mailboxes for select to wangge_app using (
    pos <@ {SCOPE} or array[desk_id] && {UNITS} or {ME} = any(opener_ids) or exists (
        select from mailbox_openings o where o.mailbox_id = mailboxes.id and o.opener_id = {ME}));
alter table mailbox_openings enable row level security;
create policy mailbox_openings_seen on mailbox_openings for select to wangge_app using (
    pos <@ {SCOPE} or array[desk_id] && {UNITS} or opener_id = {ME});
alter table mailbox_matters enable row level security;
create policy mailbox_matters_seen on mailbox_matters for select to wangge_app using (
    exists (select from cases c where c.id = case_id));
alter table mailbox_letters enable row level security;
create policy mailbox_letters_seen on mailbox_letters for select to wangge_app using (
    exists (select from mailbox_matters m where m.letter_id = mailbox_letters.id));
alter table mailbox_talks enable row level security;
create policy mailbox_talks_seen on mailbox_talks for select to wangge_app using (
    pos <@ {SCOPE} or unit_ids && {UNITS});
alter table mailbox_talk_units enable row level security;
create policy mailbox_talk_units_seen on mailbox_talk_units for select to wangge_app using (
    exists (select from mailbox_talks t where t.id = talk_id));
alter table mailbox_talk_cases enable row level security;
create policy mailbox_talk_cases_seen on mailbox_talk_cases for select to wangge_app using (
    exists (select from mailbox_talks t where t.id = talk_id)
    and exists (select from cases c where c.id = case_id));
alter table mailbox_promises enable row level security;
create policy mailbox_promises_seen on mailbox_promises for select to wangge_app using (
    exists (select from mailbox_talks t where t.id = talk_id)
    and exists (select from cases c where c.id = case_id));
alter table mailbox_postings enable row level security;
create policy mailbox_postings_seen on mailbox_postings for select to wangge_app using (
    exists (select from cases c where c.id = case_id));

grant select on mailbox_groups, mailboxes, mailbox_openings, mailbox_letters, mailbox_matters,
    mailbox_talks, mailbox_talk_units, mailbox_talk_cases, mailbox_promises, mailbox_postings
    to wangge_app;
grant select, insert, update, delete on mailbox_groups, mailboxes, mailbox_openings,
    mailbox_letters, mailbox_matters, mailbox_talks, mailbox_talk_units, mailbox_talk_cases,
    mailbox_promises, mailbox_postings to wangge_intake;
"""


def upgrade() -> None:
    op.execute(MAILBOX)
