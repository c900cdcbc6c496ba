"""Analyses that write themselves, and outcomes that are entered with their source."""

from alembic import op

revision = "0067"
down_revision = "0071"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
# ``body`` is what was counted and stays; ``words`` is what is said of it, which people may change.
ANALYSES = f"""
create table analyses (
    id uuid primary key,
    kind text not null check (kind in ('week', 'month')),
    area_id uuid not null references areas (id),
    pos int not null,
    first date not null,
    last date not null,
    body jsonb not null,
    words text[] not null,
    made_at timestamptz not null,
    state text not null check (state in ('draft', 'released')),
    released_by uuid references accounts (id),
    released_name text not null default '',
    released_at timestamptz,
    unique (kind, area_id, first)
);
create index analyses_last on analyses (last desc, pos);
alter table analyses enable row level security;
create policy analyses_seen on analyses for all to wangge_app using (pos <@ {SCOPE});
grant select, update on analyses to wangge_app;
grant select, insert, update, delete on analyses to wangge_intake;
create table analysis_edits (
    id uuid primary key,
    analysis_id uuid not null references analyses (id),
    at timestamptz not null,
    account_id uuid not null references accounts (id),
    name text not null,
    comment text not null,
    before text[] not null
);
create index analysis_edits_of on analysis_edits (analysis_id, at);
alter table analysis_edits enable row level security;
create policy analysis_edits_seen on analysis_edits for all to wangge_app using (
    exists (select from analyses a where a.id = analysis_id));
grant select, insert on analysis_edits to wangge_app;
grant select, insert, update, delete on analysis_edits to wangge_intake;
"""
# A value is never changed: what corrects it stands beside it and says why.
OUTCOMES = f"""
create table outcome_indicators (
    id uuid primary key,
    name text not null unique,
    name_en text not null default '',
    definition text not null,
    unit text not null,
    source text not null,
    lower_is_better bool not null,
    made_by uuid not null references accounts (id),
    at timestamptz not null
);
create table outcome_values (
    id uuid primary key,
    indicator_id uuid not null references outcome_indicators (id),
    area_id uuid not null references areas (id),
    pos int not null,
    first date not null,
    last date not null,
    value numeric not null,
    source text not null,
    way text not null check (way in ('typed', 'sheet', 'connector')),
    why text not null default '',
    entered_by uuid not null references accounts (id),
    entered_name text not null,
    at timestamptz not null,
    corrected_by uuid references outcome_values (id) deferrable initially deferred,
    check (last >= first)
);
create unique index outcome_values_one on outcome_values (indicator_id, area_id, first, last)
    where corrected_by is null;
create index outcome_values_of on outcome_values (pos, indicator_id, first);
alter table outcome_values enable row level security;
create policy outcome_values_seen on outcome_values for all to wangge_app using (pos <@ {SCOPE});
grant select on outcome_indicators, outcome_values to wangge_app;
grant select, insert, update, delete on outcome_indicators, outcome_values to wangge_intake;
"""


def upgrade() -> None:
    op.execute(ANALYSES)
    op.execute(OUTCOMES)
