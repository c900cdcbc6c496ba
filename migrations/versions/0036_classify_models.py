"""Models that suggest types: which version, of when, from how many cases, how well it did."""

from alembic import op

revision = "0036"
down_revision = "0035"

MODELS = """
create table classifiers (
    version int primary key,
    digest bytea not null,
    trained_at timestamptz not null,
    cases int not null,
    types int not null,
    scores jsonb not null,
    author text not null,
    active bool not null default false
);
create unique index classifiers_active on classifiers (active) where active;
grant select, insert, update, delete on classifiers to wangge_intake;
grant select on classifiers to wangge_app;
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(MODELS)


def downgrade() -> None:
    op.execute("drop table classifiers")
