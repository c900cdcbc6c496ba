"""Surveys and outcomes of the demo city: one survey released, one open; two years of outcomes.

Outcomes and a survey are of each county, too, so that who leads a county finds his own.
"""

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
select s.id::uuid, s.code, s.title, s.area_id, s.pos, city_today() - s.since,
    city_today() - s.till, s.planned, %(questions)s, s.state, h.account_id, h.name,
    %(now)s - s.since * interval '1 day', %(now)s - s.since * interval '1 day',
    case when s.state = 'released' then %(now)s - s.till * interval '1 day' end,
    case when s.state = 'released' then %(now)s - s.till * interval '1 day' end
from head h cross join lateral (
    select v.*, h.area_id, h.pos, 500 as planned from (values
    ('5d000000-0000-4000-8000-000000000001', 'ANQUANGAN3', '三季度群众安全感测评', 'released',
        80, 55),
    ('5d000000-0000-4000-8000-000000000002', 'ANQUANGAN4', '四季度群众安全感测评', 'open', 6, -24)
    ) as v (id, code, title, state, since, till)
    union all
    select overlay(overlay(md5('survey' || a.id) placing '4' from 13) placing '8' from 17),
        'ANQ' || translate(upper(left(md5(a.code), 7)), '01', 'XY'), a.name || '群众安全感测评',
        'released', 45, 20, a.id, a.pos, 200
    from areas a where a.parent_id = h.area_id
) as s
"""
# Of each 500 the first question has 491 of the two upper answers, the others fewer.
ANSWERS = """
with parts as (select s.id as survey_id, a.id, count(*) over of_one as n,
        row_number() over (partition by s.id order by a.code) - 1 as k
    from surveys s join areas a on a.parent_id = s.area_id window of_one as (partition by s.id)),
sheets as (select s.id as survey_id, g, md5(s.code || g) as h from surveys s
    join lateral generate_series(1, case s.state when 'open' then 137 else s.planned end) g on true)
insert into survey_answers (id, survey_id, area_id, way, answers)
select overlay(overlay(h placing '4' from 13) placing '8' from 17)::uuid, s.survey_id, p.id,
    case when g % 10 < 3 then 'public' else 'paper' end,
    array[case when g <= 2 then 1 when g <= 9 then 2 when g % 3 = 0 then 3 else 4 end,
        case when g <= 6 then 1 when g <= 40 then 2 when g % 2 = 0 then 3 else 4 end,
        case when g % 17 = 0 then 0 when g <= 4 then 1 when g <= 24 then 2
            when g % 4 = 0 then 3 else 4 end]::smallint[]
from sheets s left join parts p on p.survey_id = s.survey_id and p.k = (g * 7) % p.n
"""
OUTCOMES = """
with head as (
    select p.account_id, c.name, a.id as area_id, a.pos from areas a
    join posts p on p.role = 'duty_leader' and p.area_id = a.id and p.valid @> city_today()
    join accounts c on c.id = p.account_id where a.parent_id is null order by p.id limit 1),
said (id, name, name_en, definition, source, before, now) as (values
    ('5d000000-0000-4000-8000-000000000011'::uuid, '可预防性案件量', 'Preventable criminal cases',
        '全年立案的盗窃、诈骗等可预防性案件数（演示数据）', '市公安局年度通报（演示）', 1246, 532),
    ('5d000000-0000-4000-8000-000000000012'::uuid, '安全生产事故起数', 'Work-safety accidents',
        '全年发生的生产安全事故起数（演示数据）', '市应急管理局年度通报（演示）', 34, 18)),
places as (
    select area_id as id, pos, 0::float8 as since, 1::float8 as till from head
    union all
    select a.id, a.pos, (sum(g.n) over w - g.n) / sum(g.n) over (),
        sum(g.n) over w / sum(g.n) over ()
    from head h join areas a on a.parent_id = h.area_id
    cross join lateral (select greatest(count(*), 1)::float8 as n from areas b
        where b.path <@ a.path and b.level = 'grid') g
    window w as (order by a.code rows unbounded preceding)),
defined as (
    insert into outcome_indicators (id, name, name_en, definition, unit, source, lower_is_better,
        made_by, at)
    select s.id, s.name, s.name_en, s.definition, '起', s.source, true, h.account_id, %(now)s
    from said s, head h returning id)
insert into outcome_values (id, indicator_id, area_id, pos, first, last, value, source, way,
    entered_by, entered_name, at)
select overlay(overlay(md5(s.id::text || y.back || p.id) placing '4' from 13) placing '8'
        from 17)::uuid, s.id, p.id, p.pos,
    (date_trunc('year', city_today()::timestamp) - y.back * interval '1 year')::date,
    (date_trunc('year', city_today()::timestamp) - (y.back - 1) * interval '1 year')::date - 1,
    -- Of a county its share by grids, so that the counties add up to the city.
    round(v.whole * p.till) - round(v.whole * p.since), s.source, 'typed', h.account_id, h.name,
    %(now)s
from said s cross join head h cross join places p cross join (values (1), (2)) as y (back)
cross join lateral (select case y.back when 1 then s.now else s.before end as whole) v
join defined d on d.id = s.id
"""


def live(tx: Tx) -> int:
    """Write both with their answers; returns how many answers there are."""
    if not tx.run(SURVEYS, {"questions": Jsonb(QUESTIONS), "now": tx.now}):
        return 0
    tx.run(OUTCOMES, {"now": tx.now})
    return tx.run(ANSWERS)
