"""未告知清单: every night what was answered and has not reached its asker, with who owes it."""

from alembic import op

revision = "0096"
down_revision = "0088"

NIGHTS = """
create table untold_nights (
    night date primary key,
    made_at timestamptz not null
);
create table untold_listed (
    night date not null references untold_nights (night) on delete cascade,
    case_id uuid not null references cases (id),
    round int not null,
    desk_id uuid not null references organisations (id),
    untold_since timestamptz not null,
    way text not null check (way in ('call', 'letter', 'hotline', 'group', 'in_person', 'page')),
    owes text not null check (owes in ('callers', 'desk', 'unit')),
    owes_id uuid not null references organisations (id),
    told_at timestamptz,
    told_how text,
    primary key (night, case_id),
    check ((told_at is null) = (told_how is null))
);
create index untold_listed_desk on untold_listed (night, desk_id, untold_since, case_id);
create index untold_listed_waiting on untold_listed (case_id) where told_at is null;

alter table untold_listed enable row level security;
create policy untold_listed_seen on untold_listed for select to wangge_app
    using (exists (select from cases c where c.id = case_id));
-- Whoever writes down that he told it marks it, in the cases that he sees.
create policy untold_listed_told on untold_listed for update to wangge_app
    using (exists (select from cases c where c.id = case_id));
grant select on untold_nights, untold_listed to wangge_app;
grant update (told_at, told_how) on untold_listed to wangge_app;
grant select, insert, update, delete on untold_nights, untold_listed to wangge_intake;
"""


def upgrade() -> None:
    op.execute(NIGHTS)
