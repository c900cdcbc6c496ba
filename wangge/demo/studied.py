"""Surveys of the demo city: last quarter's, released, and this quarter's, which takes answers."""

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx

QUESTIONS = [
    {"zh": "总的来说，您觉得您住的地方安全吗？",
     "en": "All in all, do you feel safe where you live?", "scale": "safe"},
    {"zh": "夜里一个人在小区附近走路，您觉得安全吗？",
     "en": "Do you feel safe walking alone near your home at night?", "scale": "safe"},
    {"zh": "您对社区的治安巡防满意吗？",
     "en": "Are you satisfied with the patrols in your community?", "scale": "satisfied"},
]  # fmt: skip
SURVEYS = """
with head as (
    select p.account_id, c.name, a.id as area_id, a.pos from areas a
    join posts p on p.role = 'duty_leader' and p.area_id = a.id and p.valid @> city_today()
    join accounts c on c.id = p.account_id where a.parent_id is null order by p.id limit 1)
insert into surveys (id, code, title, area_id, pos, opens_on, closes_on, planned, questions, state,
    made_by, made_name, at, opened_at, closed_at, released_at)
select s.id::uuid, s.code, s.title, h.area_id, h.pos, city_today() - s.since, city_today() - s.till,
    500, %(questions)s, s.state, h.account_id, h.name, %(now)s - s.since * interval '1 day',
    %(now)s - s.since * interval '1 day',
    case when s.state = 'released' then %(now)s - s.till * interval '1 day' end,
    case when s.state = 'released' then %(now)s - s.till * interval '1 day' end
from head h, (values
    ('5d000000-0000-4000-8000-000000000001', 'ANQUANGAN3', '三季度群众安全感测评', 'released',
        80, 55),
    ('5d000000-0000-4000-8000-000000000002', 'ANQUANGAN4', '四季度群众安全感测评', 'open', 6, -24)
) as s (id, code, title, state, since, till)
"""
# Of each 500 the first question has 491 of the two upper answers, the others fewer.
ANSWERS = """
with parts as (select id, row_number() over (order by code) - 1 as k, count(*) over () as n
    from areas where parent_id = (select area_id from surveys limit 1)),
sheets as (select s.id as survey_id, g, md5(s.code || g) as h from surveys s
    join lateral generate_series(1, case s.state when 'open' then 137 else 500 end) g on true)
insert into survey_answers (id, survey_id, area_id, way, answers)
select overlay(overlay(h placing '4' from 13) placing '8' from 17)::uuid, survey_id, p.id,
    case when g %% 10 < 3 then 'public' else 'paper' end,
    array[case when g <= 2 then 1 when g <= 9 then 2 when g %% 3 = 0 then 3 else 4 end,
        case when g <= 6 then 1 when g <= 40 then 2 when g %% 2 = 0 then 3 else 4 end,
        case when g %% 17 = 0 then 0 when g <= 4 then 1 when g <= 24 then 2
            when g %% 4 = 0 then 3 else 4 end]::smallint[]
from sheets left join parts p on p.k = (g * 7) %% p.n
"""


def live(tx: Tx) -> int:
    """Write both with their answers; returns how many answers there are."""
    if not tx.run(SURVEYS, {"questions": Jsonb(QUESTIONS), "now": tx.now}):
        return 0
    return tx.run(ANSWERS)
