"""Proposed rules are tried on past cases before they are in force; what came of it is kept."""

from alembic import op

revision = "0035"
down_revision = "0034"

TRIALS = """
create table rule_trials (
    id uuid primary key,
    name text not null,
    body jsonb not null,
    version int not null,
    days int not null check (days between 1 and 366),
    author_id uuid references accounts (id),
    asked_at timestamptz not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    looked int not null default 0,
    total int not null default 0,
    result jsonb
);
create index rule_trials_name on rule_trials (name, asked_at);
grant select, insert, update, delete on rule_trials to wangge_intake;
-- Whether a body was tried may be asked by whoever saves it; the cases in a result may not.
grant select (id, name, body, version, state) on rule_trials to wangge_app;
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TRIALS)


def downgrade() -> None:
    op.execute("drop table rule_trials")
