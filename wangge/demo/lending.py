"""借调, 不在岗: some of the bureaus advise a community until a day, some leaders are away."""

from datetime import timedelta

from wangge.demo.ground_plan import stable_id
from wangge.demo.players import Players
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.people import absences, appointments, posts
from wangge.people.models import PostDraft

TERMS = (12, 45, 90, 160, 21, 75)  # days that are left of each
# One of each bureau, and a community of its county for him.
BUREAUS = """
with bureau as (
    select distinct on (o.id) o.id as unit_id, o.code, p.account_id, a.id as county
    from organisations o join areas a on a.id = o.area_id and a.level = 'county'
    join posts p on p.unit_id = o.id and p.role = 'handler' and p.valid @> city_today()
    where o.kind = 'department' and o.active order by o.id, p.id),
community as (
    select c.id, a.id as county, row_number() over (partition by a.id order by c.code) as n
    from areas c join areas a on a.level = 'county' and a.path @> c.path
    where c.level = 'community')
select b.unit_id, b.account_id, c.id as area_id
from (select *, row_number() over (partition by county order by code) as n from bureau) b
join community c on c.county = b.county and c.n = b.n order by b.code limit %s
"""


# Leaders of desks that have a deputy: he is called while they are away.
LEADERS = """
select p.account_id from posts p join organisations o on o.id = p.unit_id and o.kind = 'desk'
where p.role = 'duty_leader' and not p.deputy and p.valid @> city_today()
    and exists (select from posts d where d.unit_id = o.id and d.role = p.role and d.deputy
        and d.valid @> city_today())
order by o.code desc, p.id limit 2
"""


def live(tx: Tx) -> int:
    """Lend them by name, and let some leaders travel; returns how many are lent."""
    players = Players(tx)
    for row in tx.rows(LEADERS):
        away = players.with_id(row["account_id"])
        absences.say(tx, away, new_id(), begins=tx.now, ends=tx.now + timedelta(days=4))
    today, lent = posts.today(tx), 0
    for row, left in zip(tx.rows(BUREAUS, [len(TERMS)]), TERMS, strict=False):
        draft = PostDraft(
            stable_id("post", f"lent.{row['account_id']}"),
            "grid_adviser",
            area_id=row["area_id"],
            title="网格指导员（借调）",
            begins=today - timedelta(days=30),
            ends=today + timedelta(days=left),
            lent_by=row["unit_id"],
        )
        appointments.appoint(tx, row["account_id"], draft, actor=None)
        lent += 1
    return lent
