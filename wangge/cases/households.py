"""Matters of many: the households that a case affects, and what each of them is told, once.

There is no register of residents: what is written down here serves this case alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.audit import service as audit
from wangge.cases.service import locked, not_found
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.service import rules

MOST = 2000
KINDS = ("happened", "returned")
PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8}|\d{7,13})(?!\d)"
)
PARTS = re.compile(r"[\t,，;；、|]+|\s{2,}")
INSERT = """
insert into case_households (id, case_id, place_sealed, place_index, phone_sealed, phone_index,
    phone_mask, basis, added_by, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
LIST = """
select h.id, h.place_sealed, h.phone_mask, h.at, h.basis, a.name as added_by, h.phone_index,
    happened.at as happened_at, returned.at as returned_at
from case_households h join accounts a on a.id = h.added_by
left join household_notices happened on happened.household_id = h.id and happened.kind = 'happened'
left join household_notices returned on returned.household_id = h.id and returned.kind = 'returned'
where h.case_id = %s order by h.id
"""
# Whoever inserts the line tells the household; everybody else finds it written.
CLAIM = """
insert into household_notices (household_id, kind, at)
select h.id, %(kind)s, %(now)s from case_households h
where h.case_id = %(case)s and h.phone_sealed is not null order by h.id
on conflict do nothing returning household_id
"""
CLAIMED = """
select id, place_sealed, phone_sealed, phone_index from case_households where id = any(%s)
"""
TOLD = "update household_notices set sms_id = %s where household_id = %s and kind = %s"
ASKERS = """
select phone_index from case_askers where phone_index is not null and (case_id = %(case)s
    or case_id in (select case_id from case_merges where lead_id = %(case)s and undone_at is null))
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One household as it was pasted; ``phone`` is empty where nobody is to be called."""

    place: str
    phone: str


def read(text: str) -> Iterator[tuple[int, str, Line | None]]:
    """Line by line: where the household lives and its number, in any order; None: unreadable."""
    for n, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        found = PHONE.search(raw)
        rest = raw.replace(found[0], " ") if found else raw
        place = " ".join(part.strip() for part in PARTS.split(rest) if part.strip())[:100]
        try:
            phone = crypto.normal_phone(found[0]) if found else ""
        except Invalid:
            yield n, raw, None
            continue
        yield n, raw, Line(place, phone) if place else None


def may_tell(actor: Actor, case: dict[str, Any]) -> bool:
    """The desk in charge, the workers of the ground, and the unit that has it in hand."""
    return (
        actor.may_at("case.correct", desk_id=case["desk_id"])
        or actor.may_at("case.verify", pos=case["pos"])
        or (case["unit_id"] is not None and actor.may_at("case.handle", unit_id=case["unit_id"]))
    )


def _theirs(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    case = locked(tx, case_id)
    if not may_tell(actor, case):
        raise not_found()
    return case


def add(tx: Tx, actor: Actor, case_id: UUID, *, text: str, basis: str) -> dict[str, Any]:
    """Write pasted lines down; repeats change nothing, unreadable lines come back as they were."""
    case = _theirs(tx, actor, case_id)
    lines = list(read(text))
    if len(lines) > MOST:
        raise Invalid(
            "too_many_lines", f"一次最多 {MOST} 户", f"at most {MOST} households at a time",
            field="text",
        )  # fmt: skip
    added, refused, tenant = 0, [], tx.cell.tenant
    for n, raw, line in lines:
        if line is None:
            refused.append({"line": n, "text": raw})
            continue
        added += tx.run(
            INSERT,
            [
                new_id(), case["id"],
                crypto.seal(tenant, line.place), crypto.index(tenant, line.place),
                crypto.seal(tenant, line.phone) if line.phone else None,
                crypto.index(tenant, line.phone) if line.phone else None,
                crypto.mask_phone(line.phone) if line.phone else "",
                basis, actor.id, tx.now,
            ],
        )  # fmt: skip
    detail = {"added": added, "refused": len(refused)}
    audit.record(tx, "households.added", case["id"], basis, detail, account_id=actor.id)
    return {"added": added, "known": len(lines) - len(refused) - added, "refused": refused}


def listing(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Masks only; a full number is read by nobody here, it is only sent to."""
    case = tx.one("select desk_id, unit_id, pos from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    if not may_tell(actor, case):
        return {"items": [], "may_add": False, "without_phone": 0}
    rows = tx.rows(LIST, [case_id])
    return {
        "items": [
            {**row, "place": crypto.open_(tx.cell.tenant, row["place_sealed"])} for row in rows
        ],
        "may_add": True,
        "without_phone": sum(row["phone_index"] is None for row in rows),
    }


def tell(tx: Tx, case_id: UUID, kind: str) -> int:
    """Send one SMS to every household that has not had this one; returns how many were sent.

    Safe to repeat, from two sides at once and after a reopening: the line that is inserted first
    sends. An asker among them, of this case or of one that it
    carries, has his own messages and is not told twice.
    """
    case = tx.one("select * from cases where id = %s", [case_id])
    claimed = tx.rows(CLAIM, {"case": case_id, "kind": kind, "now": tx.now})
    if case is None or not claimed:
        return 0
    askers = tx.rows(ASKERS, {"case": case_id}) if rules(tx).switches.sms_to_asker else []
    told = {bytes(row["phone_index"]) for row in askers}
    sent = 0
    for row in tx.rows(CLAIMED, [[row["household_id"] for row in claimed]]):
        if bytes(row["phone_index"]) in told:
            continue
        values = {
            "place": crypto.open_(tx.cell.tenant, row["place_sealed"]),
            "title": case["title"][:30],
            "number": case["number"],
            "answer": case["answer"][:40],
        }
        phone = crypto.open_(tx.cell.tenant, row["phone_sealed"])
        sms = notices.send_sms(
            tx, phone, f"household_{kind}", values, purpose=f"household_{kind}", case_id=case_id
        )
        tx.run(TOLD, [sms, row["id"], kind])
        sent += 1
    return sent


def tell_now(tx: Tx, actor: Actor, case_id: UUID, kind: str) -> int:
    """A person's word that it happened or is over."""
    case = _theirs(tx, actor, case_id)
    if kind not in KINDS:
        raise Invalid("unknown_kind", "没有这种通知", "no such notice", field="kind")
    if kind == "happened" and case["closed_at"]:
        raise Refusal("over", "这件事项已办结", "this case is over")
    sent = tell(tx, case_id, kind)
    audit.record(tx, f"households.{kind}", case_id, "", {"sent": sent}, account_id=actor.id)
    return sent


REMOVE = """
delete from case_households h where h.id = %s and h.case_id = %s
    and not exists (select from household_notices n where n.household_id = h.id)
"""


def remove(tx: Tx, actor: Actor, case_id: UUID, household_id: UUID) -> None:
    """Take out what was written down by mistake, as long as nothing was sent to it."""
    case = _theirs(tx, actor, case_id)
    if not tx.run(REMOVE, [household_id, case["id"]]):
        raise NotFound(
            "no_such_household", "没有这一户，或已经通知过", "none such, or told already"
        )
    audit.record(tx, "households.removed", case_id, account_id=actor.id)
