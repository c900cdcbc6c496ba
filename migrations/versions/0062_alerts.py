"""Early warnings 预警: the cards that rules made, the cases behind them, and where rules stand.

That a rule warns of one thing once is kept by the tables themselves: no two cards of a rule speak
of one subject in days that overlap, and a case counts in one card of a rule.
"""

from alembic import op

revision = "0062"
down_revision = "0064"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
ALERTS = f"""
create table alerts (
    id uuid primary key,
    rule text not null,
    rule_version int not null,
    kind text not null,
    subject text not null,
    period daterange not null,
    pos int not null references areas (pos),
    area_id uuid not null references areas (id),
    lon float8,
    lat float8,
    figures jsonb not null,
    types text[] not null default '{{}}',
    state text not null default 'open' check (state in ('open', 'acknowledged', 'ended')),
    holder text not null,
    roles text[] not null,
    told jsonb not null default '[]',
    at timestamptz not null,
    due_at timestamptz not null,
    escalated_at timestamptz,
    escalated_to text,
    acknowledged_at timestamptz,
    acknowledged_by uuid references accounts (id),
    acknowledged_name text not null default '',
    acknowledged_title text not null default '',
    outcome text check (outcome in ('case', 'settled', 'false_alarm')),
    reason text not null default '',
    case_id uuid references cases (id),
    ended_at timestamptz,
    ended_by uuid references accounts (id),
    ended_name text not null default '',
    ended_title text not null default '',
    check ((state = 'ended') = (ended_at is not null)),
    check ((state = 'ended') = (outcome is not null)),
    exclude using gist (rule with =, subject with =, period with &&)
);
create index alerts_open on alerts (at, id) where state <> 'ended';
create index alerts_ended on alerts (ended_at, id) where state = 'ended';
create index alerts_due on alerts (due_at) where state = 'open' and escalated_at is null;
create index alerts_rule on alerts (rule, at);

create table alert_rows (
    rule text not null,
    case_id uuid not null references cases (id),
    alert_id uuid not null references alerts (id),
    at timestamptz not null,
    primary key (rule, case_id)
);
create index alert_rows_alert on alert_rows (alert_id);

create table alert_marks (
    rule text primary key,
    looked_at timestamptz not null,
    body jsonb not null,
    cubes bigint not null default 0
);

alter table alerts enable row level security;
create policy alerts_seen on alerts for select to wangge_app using (pos <@ {SCOPE});
create policy alerts_changed on alerts for update to wangge_app
    using (pos <@ {SCOPE}) with check (true);
alter table alert_rows enable row level security;
create policy alert_rows_seen on alert_rows for select to wangge_app
    using (exists (select from alerts a where a.id = alert_id));

grant select, update on alerts to wangge_app;
grant select on alert_rows to wangge_app;
grant select, insert, update, delete on alerts, alert_rows, alert_marks to wangge_intake;
"""


def upgrade() -> None:
    op.execute(ALERTS)
