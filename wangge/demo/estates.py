"""What companies and desks of the demo city tell residents, and what was said of the app."""

from wangge.kernel.db import Tx

# One notice of each company is public, of every third a second one waits for its community.
NOTICES = """
with companies as (
    select o.id, o.area_id, a.pos, p.account_id, who.name, row_number() over (order by o.code) as n,
        md5('estate-' || o.code) as h
    from organisations o join areas a on a.id = o.area_id
    join lateral (select account_id from posts where unit_id = o.id and role = 'property_manager'
        and valid @> city_today() order by id limit 1) p on true
    join accounts who on who.id = p.account_id
    where o.kind = 'property' and o.active),
told (m, title, words, state, days) as (values
    (0, '周六上午水泵检修', '本周六 8 时至 12 时检修二次供水水泵，请提前储水。', 'posted', 5),
    (1, '电动车请停到车棚', '楼道停放、充电有火灾危险，车棚已加装充电桩。', 'posted', 20),
    (2, '消防通道划线', '下周一至周三重新划线，请把车开走。', 'waiting', 9))
insert into estate_notices (id, unit_id, area_id, pos, title, words, state, until, written_by,
    written_name, at)
select overlay(overlay(md5(h || m) placing '7' from 13) placing '8' from 17)::uuid, id, area_id,
    pos, title, words, state, city_today() + days, account_id, name, %(now)s - interval '1 day'
from companies join told on m = n %% 2 or (m = 2 and n %% 3 = 0)
"""
# One or two of each desk that somebody is on; one is over and one was withdrawn, for the list.
OF_DESKS = """
with desks as (
    select o.id, o.area_id, a.pos, a.level, p.account_id, who.name, md5('desk-' || o.code) as h
    from organisations o join areas a on a.id = o.area_id
    join lateral (select account_id from posts where unit_id = o.id and role = 'acceptor'
        and valid @> city_today() order by id limit 1) p on true
    join accounts who on who.id = p.account_id
    where o.kind = 'desk' and o.active),
told (level, title, words, state, first, days, why) as (values
    ('city', '冬季供暖报修电话', '供暖不热、漏水，请拨打 12345，也可以在“我要反映”里上报。',
        'posted', -3, 60, null),
    ('township', '大件垃圾集中清运',
        '本周五 8 时起清运旧家具、旧家电，请提前放到指定投放点，不要堵楼道。',
        'posted', -1, 6, null),
    ('township', '社保年审上门服务', '行动不便的老人可以请网格员上门办理，电话预约。',
        'withdrawn', -6, 20, '办理时间有变，另发新公告'),
    ('community', '便民服务日',
        '本周六 9 时至 11 时在社区服务站：理发、磨刀、量血压、法律咨询，不收费。',
        'posted', -1, 5, null),
    ('community', '楼道杂物清理', '楼道里的杂物请在三天内搬走，到时统一清理。',
        'posted', -20, -5, null))
insert into estate_notices (id, unit_id, area_id, pos, title, words, state, begins, until,
    written_by, written_name, at, withdrawn_name, withdrawn_at, withdrawn_why)
select overlay(overlay(md5(h || title) placing '7' from 13) placing '8' from 17)::uuid, id, area_id,
    pos, title, words, state, city_today() + first, city_today() + days, account_id, name,
    %(now)s + make_interval(days => first), case when why is not null then name end,
    case when why is not null then %(now)s - interval '2 days' end, why
from desks join told using (level)
"""
SAID = """
with workers as (select distinct on (a.id) a.id, a.name from accounts a join posts p
        on p.account_id = a.id and p.role = 'grid_worker' where a.active order by a.id limit 2),
    numbered as (select *, row_number() over (order by id) as n from workers)
insert into app_feedback (id, kind, side, words, code, account_id, at, due_at, answer, answered_at,
    answered_name)
select overlay(overlay(md5('said' || w.n) placing '7' from 13) placing '8' from 17)::uuid, kind,
    'w', words, 'DEMO' || w.n, w.id, %(now)s - interval '3 days', %(now)s + interval '4 days',
    answer, case when answer <> '' then %(now)s - interval '2 days' end,
    case when answer <> '' then '系统管理员' else '' end
from numbered w join (values
    (1, 'suggestion', '上报的类型太多，常用的能不能排在前面？', '已改：常用的排在最前。'),
    (2, 'complaint', '戴手套点不准，按钮再大一点。', '')) as s (n, kind, words, answer) on s.n = w.n
"""


def live(tx: Tx) -> int:
    """Write them; returns how many notices there are."""
    tx.run(SAID, {"now": tx.now})
    return tx.run(NOTICES, {"now": tx.now}) + tx.run(OF_DESKS, {"now": tx.now})
