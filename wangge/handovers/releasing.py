"""What was held goes out once: after quiet hours to whoever is then on duty, or as a digest."""

from collections import defaultdict
from typing import Any
from uuid import UUID, uuid5

from wangge.cases.owners import owners
from wangge.kernel.db import Tx
from wangge.notices import service as notices
from wangge.notices.models import notice_words
from wangge.people import roster

DUE = """
select h.*, c.state as now_state, c.desk_id, c.unit_id, c.duty, c.number, c.title,
    c.about_account, a.active, exists (select from posts p where p.account_id = h.account_id
        and p.valid @> city_today()) as has_post,
    (select p.unit_id from posts p where p.account_id = h.account_id
        and p.unit_id = any(array[c.desk_id, c.unit_id]) limit 1) as at_unit
from held_notices h join accounts a on a.id = h.account_id left join cases c on c.id = h.case_id
where h.until_at <= %s order by h.at, h.id limit 500 for update of h skip locked
"""
GONE = "delete from held_notices where id = any(%s)"
CASE = "select * from cases where id = %s"
LISTED = 30


def release(tx: Tx) -> int:
    """Send what is due and forget it, in one transaction; what has moved on is left out."""
    rows = tx.rows(DUE, [tx.now])
    if not rows:
        return 0
    tx.run(GONE, [[row["id"] for row in rows]])
    current = [row for row in rows if _is_current(row)]
    out = _after_quiet(tx, [row for row in current if row["why"] == "quiet"])
    out += _digests([row for row in current if row["why"] == "digest"])
    notices.deliver(tx, out)
    return len(rows)


def _is_current(row: dict[str, Any]) -> bool:
    """A word on a state that the case has left is no news any more."""
    if row["case_id"] is None:
        return bool(row["active"])
    said = row["body"].get("state")
    return row["now_state"] is not None and said in (None, row["now_state"])


def _after_quiet(tx: Tx, rows: list[dict[str, Any]]) -> list[notices.Notice]:
    on_duty: dict[UUID, list[UUID]] = {}
    found: dict[tuple[UUID | None, str, UUID], notices.Notice] = {}
    for row in rows:
        for account in _receivers(tx, row, on_duty):
            if account == row["about_account"]:
                continue
            # Of one case one word of a kind reaches one person once, however many it was held for.
            key = (row["case_id"] or row["id"], row["code"], account)
            found.setdefault(
                key,
                notices.Notice(account, row["code"], row["case_id"], row["body"],
                               id=row["id"] if account == row["account_id"]
                               else uuid5(row["id"], str(account))),
            )  # fmt: skip
    return list(found.values())


def _receivers(tx: Tx, row: dict[str, Any], on_duty: dict[UUID, list[UUID]]) -> list[UUID]:
    """Whoever is on duty now where it was sent; where nobody is written, whom it was meant for.

    Whoever has left since is followed by those who have the case now.
    """
    unit = row["at_unit"] or (row["desk_id"] if row["duty"] == "desk" else None)
    if unit is not None and unit not in on_duty:
        on_duty[unit] = [
            turn.account_id
            for turn in roster.on_duty(tx, unit)
            if turn.written and turn.unit_id == unit and turn.duty is roster.Duty.ON_DUTY
        ]
    if unit is not None and on_duty[unit]:
        return on_duty[unit]
    if row["active"] and row["has_post"]:
        return [row["account_id"]]
    case = tx.one(CASE, [row["case_id"]]) if row["case_id"] else None
    return owners(tx, case) if case else []


def _digests(rows: list[dict[str, Any]]) -> list[notices.Notice]:
    """One notice a person: how many reminders of each kind, and the cases they are about."""
    by_account: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["active"] and row["has_post"]:
            by_account[row["account_id"]].append(row)
    return [
        notices.Notice(account, "digest", None, _digest(group), id=uuid5(group[0]["id"], "digest"))
        for account, group in by_account.items()
    ]


def _digest(rows: list[dict[str, Any]]) -> dict[str, Any]:
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        kinds[row["code"]].append(row)
    titles = {code: notice_words(code, group[0]["body"])["title"] for code, group in kinds.items()}
    return {
        "n": len(rows),
        "zh": "，".join(f"{titles[code]['zh']} {len(group)}" for code, group in kinds.items()),
        "en": ", ".join(f"{titles[code]['en']} {len(group)}" for code, group in kinds.items()),
        "items": [
            {"case_id": str(row["case_id"]), "number": row["number"], "title": row["title"],
             "what": titles[row["code"]]}
            for row in {one["case_id"]: one for one in rows if one["case_id"]}.values()
        ][:LISTED],
    }  # fmt: skip
