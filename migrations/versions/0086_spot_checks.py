"""现场督查: a record of the field of its own kind, with what was found and what follows from it."""

from alembic import op

revision = "0086"
down_revision = "0087"

ME = "(select nullif(current_setting('app.account', true), '')::uuid)"
SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
# Read where the cases of its ground are, and by whoever has the case.
CHECKS = f"""
alter table field_records drop constraint field_records_kind_check;
alter table field_records add constraint field_records_kind_check check (kind in
    ('visit', 'service', 'outreach', 'errand', 'talk', 'patrol', 'check')) not valid;
create table spot_checks (
    record_id uuid primary key references field_records (id),
    pos int not null references areas (pos),
    account_id uuid not null references accounts (id),
    case_id uuid references cases (id),
    case_state text,
    unit_id uuid references organisations (id),
    finding text not null check (finding in ('in_order', 'not_in_order', 'not_clear')),
    follow text not null check (follow in ('none', 'urge', 'notice', 'rework', 'case')),
    followed bool not null,
    follow_id uuid,
    lon float8,
    lat float8,
    received_at timestamptz not null,
    check ((lon is null) = (lat is null)),
    check ((follow = 'none') = (follow_id is null)),
    check (case_id is not null or follow in ('none', 'case'))
);
create index spot_checks_newest on spot_checks (received_at desc, record_id desc);
create index spot_checks_account on spot_checks (account_id, received_at desc, record_id desc);
create index spot_checks_case on spot_checks (case_id) where case_id is not null;

alter table spot_checks enable row level security;
create policy spot_checks_seen on spot_checks for select to wangge_app
    using (pos <@ {SCOPE} or account_id = {ME}
        or (case_id is not null and exists (select from cases c where c.id = case_id)));
create policy field_records_checks on field_records for select to wangge_app
    using (kind = 'check' and exists (select from spot_checks s where s.record_id = id));
grant select on spot_checks to wangge_app;
grant select, insert, update, delete on spot_checks to wangge_intake;
"""


def upgrade() -> None:
    op.execute(CHECKS)
