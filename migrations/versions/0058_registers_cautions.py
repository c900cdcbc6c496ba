"""上门提醒 and 两人同行: what to mind at a door for a while, and who went alone."""

from alembic import op

revision = "0058"
down_revision = "0057"

CAUTIONS = """
create table home_cautions (
    id uuid primary key,
    household_id uuid not null references households (id),
    pos int not null references areas (pos),
    kind text not null,
    words text not null default '',
    until date not null,
    made_by uuid not null references accounts (id),
    found_at timestamptz not null,
    received_at timestamptz not null,
    ended_at timestamptz,
    ended_by uuid references accounts (id),
    end_words text not null default '',
    request_hash bytea not null
);
create index home_cautions_household on home_cautions (household_id) where ended_at is null;
alter table home_cautions enable row level security;
create policy home_cautions_seen on home_cautions for select to wangge_app
    using (pos <@ (select home_scope()));
grant select on home_cautions to wangge_app;
grant select, insert, update, delete on home_cautions to wangge_intake;

alter table field_records add column alone bool not null default false;
"""


def upgrade() -> None:
    op.execute(CAUTIONS)
