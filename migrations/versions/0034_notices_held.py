"""Messages held in quiet hours or for a daily digest; when somebody wants his digest."""

from alembic import op

revision = "0034"
down_revision = "0033"

HELD = """
create table held_notices (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    case_id uuid,
    code text not null,
    body jsonb not null default '{}',
    why text not null check (why in ('quiet', 'digest')),
    at timestamptz not null,
    until_at timestamptz not null
);
create index held_notices_until on held_notices (until_at, id);
create index held_notices_account on held_notices (account_id);
create table notice_settings (
    account_id uuid primary key references accounts (id),
    digest_at text not null default '',
    set_at timestamptz not null
);
alter table held_notices enable row level security;
create policy held_own on held_notices for select to wangge_app
    using (account_id = nullif(current_setting('app.account', true), '')::uuid);
create policy held_put on held_notices for insert to wangge_app with check (true);
grant select, insert on held_notices to wangge_app;
alter table notice_settings enable row level security;
create policy settings_read on notice_settings for select to wangge_app using (true);
create policy settings_own on notice_settings for all to wangge_app
    using (account_id = nullif(current_setting('app.account', true), '')::uuid)
    with check (account_id = nullif(current_setting('app.account', true), '')::uuid);
grant select, insert, update, delete on notice_settings to wangge_app;
grant select, insert, update, delete on held_notices, notice_settings to wangge_intake;
"""


def upgrade() -> None:
    op.execute(HELD)
