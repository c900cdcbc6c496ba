"""群众安全感测评: surveys, and answers that nobody can be found by."""

from alembic import op

revision = "0066"
down_revision = "0070"

SCOPE = "(select nullif(current_setting('app.scope', true), '')::int4multirange)"
SURVEYS = f"""
create table surveys (
    id uuid primary key,
    code text not null unique,
    title text not null,
    area_id uuid not null references areas (id),
    pos int not null,
    opens_on date not null,
    closes_on date not null,
    planned int not null,
    questions jsonb not null,
    state text not null check (state in ('draft', 'open', 'closed', 'released')),
    made_by uuid not null references accounts (id),
    made_name text not null,
    at timestamptz not null,
    opened_at timestamptz,
    closed_at timestamptz,
    released_at timestamptz,
    check (closes_on >= opens_on)
);
create index surveys_at on surveys (at desc, id);
create index surveys_of_ground on surveys (pos, at desc);
alter table surveys enable row level security;
create policy surveys_seen on surveys for all to wangge_app using (pos <@ {SCOPE});
grant select, insert, update on surveys to wangge_app;
grant select, insert, update, delete on surveys to wangge_intake;
"""
# No moment, no address, no account. Without a policy the application's own role reads none.
ANSWERS = """
create table survey_answers (
    id uuid primary key,
    survey_id uuid not null references surveys (id),
    area_id uuid references areas (id),
    way text not null check (way in ('public', 'paper')),
    answers smallint[] not null check (0 <= all (answers) and 4 >= all (answers))
);
create index survey_answers_of on survey_answers (survey_id);
alter table survey_answers enable row level security;
grant select on survey_answers to wangge_app;
grant select, insert, delete on survey_answers to wangge_intake;
"""


def upgrade() -> None:
    op.execute(SURVEYS)
    op.execute(ANSWERS)
