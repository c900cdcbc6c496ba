"""我也遇到了: what was released nearby, and following it instead of telling it again."""

from typing import Any
from uuid import UUID

from wangge.cases import doubles, recurrences
from wangge.cases.views import type_name
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.intake.service import code_hash, code_of
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound, Refusal
from wangge.tenant.service import rules

RELEASED = """
select c.id, c.type, c.state, c.received_at, c.closed_at, a.names, coalesce(r.words, '') as words,
    (select count(*) from case_followers f where f.case_id = c.id) as followers
from cases c join areas a on a.id = c.area_id left join case_releases r on r.case_id = c.id
"""
# The nearest of a place, whatever they are about; the grids around it are what the index holds.
NEAREST = f"""
{RELEASED}
cross join lateral (select 111320 * sqrt((%(lat)s - c.lat) ^ 2
    + ((%(lon)s - c.lon) * cos(radians(%(lat)s))) ^ 2) as metres) as near
where c.pos = any(%(around)s) and c.state = any(%(open)s) and r.case_id is not null
    and near.metres <= {{metres}}
order by near.metres, c.id limit {{most}}
"""
NEAR, FEW = 500, 3
# The lock makes whoever follows and whoever closes wait for one another: he who comes in first is
# told, and he who comes after it is closed hears so at once.
ADD = """
insert into case_followers (id, case_id, code_hash, phone_sealed, phone_index, locale, at)
select %(id)s, c.id, %(code)s, %(sealed)s, %(index)s, %(locale)s, %(now)s
from cases c join case_releases r on r.case_id = c.id
where c.id = %(case)s and c.state = any(%(open)s)
for share of c
on conflict (id) do nothing
"""


def nearby(tx: Tx, told: doubles.Told) -> list[dict[str, Any]]:
    """Coarse cards of released cases that may be what is being told."""
    if not rules(tx).switches.doubles_for_residents:
        return []
    found = doubles.like_told(tx, told, released=True)
    rows = {
        row["id"]: row
        for row in tx.rows(f"{RELEASED} where c.id = any(%s)", [[row["id"] for row in found]])
    }
    return [_card(tx, rows[row["id"]]) for row in found]


def nearest(tx: Tx, lon: float, lat: float) -> list[dict[str, Any]]:
    """Coarse cards of the released cases nearest to a point, before anything is said of it."""
    known = rules(tx)
    if not known.switches.doubles_for_residents:
        return []
    place = {"lon": lon, "lat": lat, "pos": None}
    around = recurrences.around(tx, known, place, metres=NEAR)
    values = {"lon": lon, "lat": lat, "around": around, "open": sorted(BEFORE_CLOSING)}
    rows = tx.rows(NEAREST.format(metres=NEAR, most=FEW), values)
    return [_card(tx, row) for row in rows]


def _card(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    """The desk's words, the sort, the community, the day: nothing that anybody told."""
    known = rules(tx)
    named = known.workflow.by_state.get(row["state"])
    said = named.public if named and named.public else named
    return {
        "id": row["id"],
        "words": row["words"],
        "type_name": type_name(known, row["type"]),
        "names": row["names"][:-1][-2:],
        "received_on": row["received_at"].astimezone(known.calendar.days.zone).date(),
        "sentence": {"zh": said.zh, "en": said.en} if said else {"zh": "", "en": ""},
        "solved_at": row["closed_at"] if row["state"] in ("closed", "evaluated") else None,
        "followers": row["followers"],
    }


def follow(tx: Tx, follow_id: UUID, case_id: UUID, phone: str, locale: str) -> str:
    """Return the follow code; a repeat with the same id answers as the first did."""
    tenant = tx.cell.tenant
    number = crypto.normal_phone(phone) if phone.strip() else ""
    code = code_of_follow(tenant, follow_id)
    values = {
        "id": follow_id,
        "case": case_id,
        "code": code_hash(code),
        "sealed": crypto.seal(tenant, number) if number else None,
        "index": crypto.index(tenant, number) if number else None,
        "locale": locale,
        "now": tx.now,
        "open": sorted(BEFORE_CLOSING),
    }
    if not tx.run(ADD, values):
        row = tx.one("select case_id from case_followers where id = %s", [follow_id])
        if row is None:
            raise NotFound(
                "nothing_to_follow",
                "这件事项已办结或不再公开，请直接上报",
                "this is over or no longer public; please report it",
            )
        if row["case_id"] != case_id:
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
    return code


def code_of_follow(tenant: str, follow_id: UUID) -> str:
    """Of its own kind: whoever gives a case's id for his own must not get that asker's code."""
    return code_of(tenant, b"follower" + follow_id.bytes)


def followed(tx: Tx, code: str) -> dict[str, Any]:
    row = tx.one(
        f"{RELEASED} where c.id = (select case_id from case_followers where code_hash = %s)",
        [code_hash(code)],
    )
    if row is None:
        raise _unknown()
    return _card(tx, row)


def unfollow(tx: Tx, code: str) -> None:
    if not tx.run("delete from case_followers where code_hash = %s", [code_hash(code)]):
        raise _unknown()


def _unknown() -> NotFound:
    return NotFound(
        "no_such_matter",
        "没有查到这件事，请核对查询码",
        "nothing was found under this code; please check it",
    )
