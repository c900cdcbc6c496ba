"""Homes of the demo city's first community, and that every grid is served: few statements, no loop.

All of it is invented: doors by number, names and numbers made up, for the grids of the cast alone.
"""

from datetime import timedelta
from random import Random
from uuid import UUID

from wangge.demo.ground_plan import stable_id
from wangge.demo.invented import mobiles, names
from wangge.kernel import crypto
from wangge.kernel.db import Tx

COMMUNITY = "370505001010"
FLATS = {"buildings": 3, "units": 2, "floors": 3, "doors": 2}
CARED_FOR = (
    ("lonely_elderly", 12), ("empty_nest", 8), ("disabled", 6), ("left_behind_child", 4),
)  # fmt: skip
# Ids from the grid's code and the door, so that two loads are one city.
HOMES = """
with doors as (
    select a.id as area_id, a.pos, p.account_id, b, u, f, d,
        md5(a.code || '-' || b || '-' || u || '-' || f || d) as h
    from areas a join areas c on c.id = a.parent_id and c.code = %(community)s
    join lateral (select account_id from posts where area_id = a.id and role = 'grid_worker'
        and valid @> city_today() order by id limit 1) p on true
    cross join generate_series(1, %(buildings)s) b cross join generate_series(1, %(units)s) u
    cross join generate_series(1, %(floors)s) f cross join generate_series(1, %(doors)s) d
    where a.level = 'grid'),
named as (select *, overlay(overlay(h placing '7' from 13) placing '8' from 17)::uuid as id,
    %(now)s::timestamptz - interval '200 days'
        + (get_byte(decode(h, 'hex'), 3) || ' hours')::interval as at,
    %(now)s::timestamptz - ((get_byte(decode(h, 'hex'), 5) %% 60) || ' days')::interval
        - interval '2 hours' as seen from doors),
dwelt as (
    insert into dwellings (id, pos, area_id, building, unit, room, address_key, kind, seen_at,
        source, made_by, found_at, received_at, verified_at, request_hash)
    select id, pos, area_id, b || '号楼', u || '单元', f || '0' || d, b || '-' || u || '-' || f
        || '0' || d, case when get_byte(decode(h, 'hex'), 6) < 40 then 'rented' else 'home' end,
        seen, 'canvass', account_id, at, at + interval '1 minute', at, decode(h, 'hex') from named)
insert into households (id, dwelling_id, pos, people, source, made_by, found_at, received_at,
    verified_at, request_hash)
select overlay(id::text placing '9' from 20)::uuid, id, pos,
    1 + get_byte(decode(h, 'hex'), 7) %% 4, 'canvass', account_id, at, at + interval '1 minute',
    at, decode(h, 'hex') from named
"""
VISITS = """
insert into field_records (id, kind, account_id, pos, area_id, dwelling_id, household_id, result,
    met, topics, place_words, done_at, received_at, request_hash)
select overlay(d.id::text placing '7a' from 25)::uuid, 'visit', d.made_by, d.pos, d.area_id, d.id,
    h.id, 'in', '本人', array['safety'], d.building || d.unit || d.room, d.seen_at,
    d.seen_at + interval '1 minute', d.request_hash
from dwellings d join households h on h.dwelling_id = d.id
"""
# Every grid was walked in the last days: the nightly report of gaps is empty.
SERVED = """
insert into grounds_served (area_id, visited_at, patrolled_at)
select id, %(now)s::timestamptz - ((pos %% 20) || ' days')::interval - interval '3 hours',
    %(now)s::timestamptz - ((pos %% 3) || ' days')::interval - interval '5 hours'
from areas where level = 'grid'
"""
# A door to mind for a while, and who came along there the last time: a colleague next door.
MINDED = """
with chosen as (select h.id, h.dwelling_id, h.pos, h.made_by, h.request_hash,
        row_number() over (order by h.request_hash) as n from households h
    order by h.request_hash limit 9),
noted as (
    insert into home_cautions (id, household_id, pos, kind, words, until, made_by, found_at,
        received_at, request_hash)
    select overlay(id::text placing '5c' from 25)::uuid, id, pos,
        (array['quarrel', 'unsafe', 'dog'])[(1 + n %% 3)::int],
        (array['为停车吵过，先打电话', '三楼扶手松了', '院里有狗，先敲门'])[(1 + n %% 3)::int],
        (%(now)s::timestamptz + interval '60 days')::date, made_by,
        %(now)s::timestamptz - interval '9 days', %(now)s::timestamptz - interval '9 days',
        request_hash from chosen returning household_id, kind)
update field_records r set partner_id = (
    select p.account_id from posts p join areas a on a.id = p.area_id
    join areas b on b.id = r.area_id and b.parent_id = a.parent_id
    where p.role = 'grid_worker' and p.valid @> city_today() and p.account_id <> r.account_id
    order by a.code limit 1)
from noted where r.household_id = noted.household_id and r.kind = 'visit' and noted.kind <> 'dog'
"""
# A walk of this evening with two units along.
PLANNED = """
insert into patrol_plans (id, pos, area_id, title, route, begins_at, ends_at, unit_ids, account_ids,
    made_by, at, request_hash, stretches)
select md5('patrol' || a.code)::uuid, a.pos, a.id, '夜间联合巡查', '小区东门—沿街商铺—便民市场',
    %(now)s::timestamptz + interval '3 hours', %(now)s::timestamptz + interval '5 hours',
    array(select o.id from organisations o join areas at on at.id = o.area_id
        where o.kind in ('department', 'property') and o.active and at.path @> c.path
            and at.level in ('township', 'community')
        order by o.kind desc, o.code limit 2),
    array[p.account_id], p.account_id, %(now)s, decode(md5(a.code), 'hex'),
    '[{"begins": "小区东门", "ends": "沿街商铺"}, {"begins": "沿街商铺", "ends": "便民市场"}]'
from areas a join areas c on c.id = a.parent_id and c.code = %(community)s
join lateral (select account_id from posts where area_id = a.id and role = 'grid_worker'
    and valid @> city_today() order by id limit 1) p on true
where a.level = 'grid' order by a.code limit 1
"""
# What was done for people in the grids of that community; one in five was at a home.
SERVED_PEOPLE = """
with workers as (
    select a.id as area_id, a.pos, p.account_id, md5('service' || a.code) as h
    from areas a join areas c on c.id = a.parent_id and c.code = %(community)s
    join lateral (select account_id from posts where area_id = a.id and role = 'grid_worker'
        and valid @> city_today() order by id limit 1) p on true where a.level = 'grid'),
told (n, kind, type, words, place, people) as (values
    (0, 'service', 'haircut', '社区理发日，十几位老人理了发。', '服务站', 14),
    (1, 'service', 'outreach', '讲了燃气安全和电动车充电，发了宣传单。', '小区广场', 46),
    (2, 'service', 'tidying', '和物业一起清了楼道杂物。', '3号楼', 9),
    (3, 'errand', '', '帮着取药、交水费。', '', 1),
    (4, 'service', 'help', '换了灯泡，量了血压。', '', 1),
    (5, 'talk', '', '说起南门路灯暗、停车难，想周末开个会商量。', '凉亭', 6),
    (6, 'service', 'dispute', '为晾衣服占道吵起来，说开了。', '小区东门', 2))
insert into field_records (id, kind, type, account_id, pos, area_id, dwelling_id, household_id,
    words, place_words, people, done_at, received_at, request_hash)
select overlay(overlay(md5(h || n || week) placing '7' from 13) placing '8' from 17)::uuid, kind,
    type, account_id, w.pos, area_id, d.id, hh.id, told.words, told.place, told.people, at,
    at + interval '4 min', decode(md5(h || n || week), 'hex')
from workers w cross join told cross join generate_series(0, 3) as week
cross join lateral (select %(now)s::timestamptz - interval '2 hours' - make_interval(
    days => week * 7 + (n + get_byte(decode(h, 'hex'), 0)) %% 7) as at) t
left join lateral (select id from dwellings where pos = w.pos and n in (3, 4)
    order by id limit 1) d on true
left join households hh on hh.dwelling_id = d.id
where (n + week + get_byte(decode(h, 'hex'), 1)) %% 2 = 0
"""
SOME = "select h.id, h.pos, h.made_by from households h order by h.id limit %s"


def live(tx: Tx) -> int:
    """Write the homes and their last visits; returns how many homes there are."""
    tx.run(HOMES, {"community": COMMUNITY, "now": tx.now, **FLATS})
    tx.run(VISITS)
    tx.run(SERVED, {"now": tx.now})
    tx.run(MINDED, {"now": tx.now})
    tx.run(PLANNED, {"community": COMMUNITY, "now": tx.now})
    tx.run(SERVED_PEOPLE, {"community": COMMUNITY, "now": tx.now})
    _cared_for(tx)
    row = tx.one("select count(*) as n from households")
    return int(row["n"]) if row else 0


def _cared_for(tx: Tx) -> None:
    wanted = sum(n for _, n in CARED_FOR)
    rows = tx.rows(SOME, [wanted])
    people = zip(names(29), mobiles(), strict=False)
    kinds = [kind for kind, n in CARED_FOR for _ in range(n)]
    Random(29).shuffle(kinds)  # noqa: S311 - invents, keeps no secret
    residents, entries = [], []
    at, tenant = tx.now - timedelta(days=120), tx.cell.tenant
    for row, kind, (name, phone) in zip(rows, kinds, people, strict=False):
        key = stable_id("resident", str(row["id"]))
        came = {"made_by": row["made_by"], "found_at": at, "received_at": at,
                "request_hash": row["id"].bytes, "purpose": "定期上门看望"}  # fmt: skip
        residents.append(
            {"id": key, "household_id": row["id"], "pos": row["pos"], "is_contact": True,
             "name_sealed": crypto.seal(tenant, name), "name_mask": crypto.mask_name(name),
             "phone_sealed": crypto.seal(tenant, phone), "phone_index": crypto.index(tenant, phone),
             "phone_mask": crypto.mask_phone(phone), "consent": "given", "consent_at": at,
             "source": "visit", "verified_at": at, **came}
        )  # fmt: skip
        entries.append(_care(row["id"], key, row["pos"], kind, came) | {"consent_at": at})
    tx.insert("residents", residents)
    tx.insert("care_entries", entries)


def _care(
    household: UUID, resident: UUID, pos: int, kind: str, came: dict[str, object]
) -> dict[str, object]:
    return {
        "id": stable_id("care", str(household)), "household_id": household,
        "resident_id": resident, "pos": pos, "kind": kind, **came,
    }  # fmt: skip
