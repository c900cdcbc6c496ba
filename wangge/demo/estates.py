"""What property companies of the demo city tell their estates, and what was said of the app."""

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
    return tx.run(NOTICES, {"now": tx.now})
