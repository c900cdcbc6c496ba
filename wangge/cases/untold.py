"""未告知清单: every night the results that have not reached their askers, kept as they were found.

The night's list is the desk's own queue "untold" at that hour, by the same condition; each asker of
a merged matter stands in it for himself. What reaches him afterwards is marked in every night that
named it. Nothing of the asker is in it: how he is to be told, and who owes it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.cases.queries import UNTOLD
from wangge.cases.tellings import BY_CHANNEL, PAGE
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.people.roles import ROLES

KEPT = timedelta(days=400)
NIGHTS = 14
# The units of a case hand it over themselves; everything else is the desk's own to send.
BY_UNIT = sorted(channel for channel, way in BY_CHANNEL.items() if way in ("in_person", "group"))
BY_DESK = sorted(channel for channel, way in BY_CHANNEL.items() if way in ("letter", "hotline"))
BEGIN = """
insert into untold_nights (night, made_at) values (city_today(), %s)
on conflict do nothing returning night
"""
LIST = f"""
insert into untold_listed (night, case_id, round, desk_id, untold_since, way, owes, owes_id)
select %(night)s, f.id, f.round, f.desk_id, f.untold_since, f.way, f.owes,
    case f.owes when 'unit' then f.unit_id else f.desk_id end
from (
    select c.id, c.round, c.desk_id, c.unit_id, c.untold_since,
        case when w.way is not null and w.way <> 'call' then w.way
            when k.phone_sealed is not null then 'call' else '{PAGE}' end as way,
        case when k.mode = 'confidential' or c.channel = any(%(by_desk)s) then 'desk'
            when c.channel = any(%(by_unit)s) and c.unit_id is not null then 'unit'
            when c.channel <> all(%(by_unit)s) and k.phone_sealed is not null then 'callers'
            else 'desk' end as owes
    from cases c join case_askers k on k.case_id = c.id
    left join unnest(%(channels)s::text[], %(ways)s::text[]) as w(channel, way)
        on w.channel = c.channel
    where {UNTOLD}) f
returning case_id, desk_id
"""
# Whose first night it is, by desk.
NEW = """
select l.desk_id, count(*)::int as n from untold_listed l
where l.night = %(night)s and not exists (select from untold_listed o where o.case_id = l.case_id
    and o.round = l.round and o.night < l.night) group by 1
"""
HOLDERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today() order by 1
"""
SHOWN = """
select l.night, l.case_id, l.untold_since, l.way, l.owes, o.short_name as owes_name, l.told_at,
    l.told_how, c.number, c.title, c.type, c.state, d.short_name as desk,
    (select count(*)::int from untold_listed n where n.case_id = l.case_id
        and n.round = l.round and n.night <= l.night) as nights,
    (select x.number from case_merges m join cases x on x.id = m.lead_id
        where m.case_id = l.case_id and m.undone_at is null) as carried_by
from untold_listed l join cases c on c.id = l.case_id
join organisations o on o.id = l.owes_id join organisations d on d.id = l.desk_id
"""
MINE = """
l.night = %(night)s and (l.desk_id = any(%(desks)s) or c.pos <@ %(scope)s::int4multirange)
"""
COUNTS = f"""
select count(*)::int as listed, count(l.told_at)::int as told
from untold_listed l join cases c on c.id = l.case_id where {MINE}
"""
AFTER = "and (l.untold_since, l.case_id) > (%(since)s, %(id)s)"
MADE = """
select night, made_at from untold_nights where night <= %s::date order by night desc limit %s
"""
LAST = "select max(night) as night from untold_nights"


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the rows: so many after the cursor."""

    cursor: str = ""
    limit: int = 100


def make(tx: Tx) -> int | None:
    """Write down the list of this night; None where it stands already. Returns how many are on it.

    The first time after midnight that anybody asks: a night in which the machine stood still is
    made up for in the morning, and what was told meanwhile is not on it.
    """
    begun = tx.one(BEGIN, [tx.now])
    if begun is None:
        return None
    night = begun["night"]
    values = {
        "night": night, "by_desk": BY_DESK, "by_unit": BY_UNIT, "channels": list(BY_CHANNEL),
        "ways": list(BY_CHANNEL.values()),
    }  # fmt: skip
    rows = tx.rows(LIST, values)
    tx.run("delete from untold_nights where night < %s", [night - KEPT])
    for new in tx.rows(NEW, {"night": night}):
        _tell(tx, night, new["desk_id"], new["n"])
    return len(rows)


def _tell(tx: Tx, night: date, desk_id: UUID, new: int) -> None:
    """Whoever works at the desk hears once how many came to its list."""
    roles = [name for name, role in ROLES.items() if "case.correct" in role.grants]
    body = {"n": new, "day": f"{night.month}-{night.day}", "night": night.isoformat()}
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=row["account_id"], code="untold_listed", case_id=None, body=body,
                id=uuid5(desk_id, f"untold:{night}:{row['account_id']}"),
            )
            for row in tx.rows(HOLDERS, [desk_id, roles])
        ],
    )  # fmt: skip


def _places(actor: Actor) -> dict[str, Any]:
    """The desks that answer for it and the ground that is supervised; refuses who has neither."""
    if not actor.may("case.correct"):
        actor.must("case.supervise")
    return {
        "desks": list(actor.reach("case.correct").units),
        "scope": actor.reach("case.supervise").scope,
    }


def shown(tx: Tx, actor: Actor, night: date | None, page: Page) -> dict[str, Any]:
    """A night's list as far as the reader answers for it, the longest untold first."""
    places = _places(actor)
    last = night or (tx.one(LAST) or {})["night"]
    nights = [row["night"] for row in tx.rows(MADE, [tx.now.date() + timedelta(days=1), NIGHTS])]
    if last is None:
        return {"night": None, "made_at": None, "nights": [], "listed": 0, "told": 0, "items": [],
                "next": None}  # fmt: skip
    made = _made(tx, last)
    values = places | {"night": last}
    found = _rows(tx, values, page)
    more = found[-1] if len(found) == page.limit else None
    return {
        "night": last,
        "made_at": made,
        "nights": nights,
        **(tx.one(COUNTS, values) or {}),
        "items": found,
        "next": more and paging.cursor(more["untold_since"], more["case_id"]),
    }


def _made(tx: Tx, night: date) -> datetime:
    row = tx.one("select made_at from untold_nights where night = %s", [night])
    if row is None:
        raise NotFound("no_such_night", "这一天没有未告知清单", "there is no list of that night")
    made: datetime = row["made_at"]
    return made


def _rows(tx: Tx, values: dict[str, Any], page: Page) -> list[dict[str, Any]]:
    after = paging.after(page.cursor, datetime, UUID)
    if after:
        values = values | {"since": after[0], "id": after[1]}
    return tx.rows(
        f"{SHOWN} where {MINE} {AFTER if after else ''}"
        " order by l.untold_since, l.case_id limit %(most)s",
        values | {"most": page.limit},
    )
