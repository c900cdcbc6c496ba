"""Who is told of a whistle, by notice and by SMS; and the sweep for what is late."""

from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from wangge.kernel.crypto import normal_phone
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.queue import Open, sweep, task
from wangge.notices import service as notices
from wangge.tenant.service import rules
from wangge.whistles import owning, queries
from wangge.whistles.rights import LEADERS

TO_UNIT = frozenset(
    f"whistle_{what}"
    for what in ("called", "uphold", "reject", "mark_absent", "late", "concluded", "cancelled")
)
TO_LEAD = frozenset(
    f"whistle_{what}"
    for what in ("arrive", "uphold", "sign", "late", "overdue", "handed_over", "member_left")
)
# To those who are asked, or have said that they come.
TO_MEMBERS = frozenset({"whistle_members", "whistle_concluded", "whistle_cancelled"})
BY_SMS = {"whistle_called": "whistle_called", "whistle_late": "whistle_late"}
MOST_SMS = 3  # a unit's leaders, else as many of its handlers


@task("whistle_tell")
def tell(open_tx: Open, whistle_id: str, code: str, call: str, key: str) -> None:
    """Safe to run twice: every notice and message has its own name."""
    with open_tx() as tx:
        whistle = queries.whole(tx, UUID(whistle_id))
        if whistle is None:
            return
        calls = queries.calls(tx, [whistle["id"]])
        wanted = [one for one in calls if not call or str(one["id"]) == call]
        values = _values(tx, whistle, wanted)
        accounts: set[UUID] = set()
        if code in TO_UNIT:
            accounts |= _units(tx, whistle, code, wanted, values, UUID(key))
        if code in TO_LEAD or (code == "whistle_member_came" and _is_full(tx, whistle)):
            accounts |= _lead(tx, whistle)
        if code in TO_MEMBERS and whistle["kind"] == "members":
            only = "" if code == "whistle_members" else "and accepted_at is not null"
            accounts |= _ids(tx.rows(ASKED.format(only), [whistle["id"]]))
        if code == "whistle_contest" or (code == "whistle_late" and _is_contested(wanted)):
            ruling = queries.roles_with("whistle.rule")
            accounts |= _ids(queries.people(tx, whistle["ruling_desk_id"], ruling))
        _notify(tx, whistle, code, accounts, values, UUID(key))


ASKED = "select account_id from whistle_members where whistle_id = %s {}"


def _is_full(tx: Tx, whistle: dict[str, Any]) -> bool:
    wanted: int = whistle["wanted"]
    return len(queries.coming(tx, [whistle["id"]])) >= wanted


def _is_contested(calls: list[dict[str, Any]]) -> bool:
    return any(call["state"] == "contested" for call in calls)


def _values(tx: Tx, whistle: dict[str, Any], calls: list[dict[str, Any]]) -> dict[str, Any]:
    known = rules(tx)
    reason = next((r for r in known.lists.whistle_reasons if r.code == whistle["reason"]), None)
    by = whistle["report_by"].astimezone(ZoneInfo(known.calendar.zone))
    return {
        "number": whistle["number"],
        "title": whistle["words"][:40],
        "place": whistle["place_words"],
        "reason": reason.zh if reason else "",
        "unit": "、".join(call["unit"] for call in calls),
        "by": f"{by.month}月{by.day}日{by:%H:%M}",
        "whistle": str(whistle["id"]),
        **({"members": True, "wanted": whistle["wanted"]} if whistle["kind"] == "members" else {}),
    }


def _ids(rows: list[dict[str, Any]]) -> set[UUID]:
    return {row["account_id"] for row in rows}


def _lead(tx: Tx, whistle: dict[str, Any]) -> set[UUID]:
    """Whoever blew it, and the desk that looks after it."""
    desk = queries.people(tx, whistle["desk_id"], queries.roles_with("whistle.blow"))
    return {whistle["caller_id"], *_ids(desk)}


def _units(
    tx: Tx,
    whistle: dict[str, Any],
    code: str,
    calls: list[dict[str, Any]],
    values: dict[str, Any],
    key: UUID,
) -> set[UUID]:
    found: set[UUID] = set()
    for call in calls:
        people = queries.people(tx, call["unit_id"], queries.roles_with("case.handle"))
        found |= _ids(people)
        if code in BY_SMS and call["state"] == "called":
            for person in _first(people):
                _text(tx, whistle, code, person, values | {"unit": call["unit"]}, key)
    return found


def _first(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The unit's leaders; where it has none, the first of its people."""
    unique = {person["account_id"]: person for person in people if _rings(person["phone"])}
    leaders = [one for one in unique.values() if one["role"] in LEADERS]
    return (leaders or list(unique.values()))[:MOST_SMS]


def _rings(phone: str) -> bool:
    try:
        return bool(normal_phone(phone))
    except Invalid:
        return False


def _text(
    tx: Tx,
    whistle: dict[str, Any],
    code: str,
    person: dict[str, Any],
    values: dict[str, Any],
    key: UUID,
) -> None:
    notices.send_sms(
        tx, person["phone"], BY_SMS[code], values,
        purpose="whistle", case_id=whistle["case_id"],
        message_id=uuid5(key, f"sms:{person['account_id']}:{values['unit']}"),
    )  # fmt: skip


def _notify(
    tx: Tx,
    whistle: dict[str, Any],
    code: str,
    accounts: set[UUID],
    values: dict[str, Any],
    key: UUID,
) -> None:
    calls = ("whistle_called", "whistle_late", "whistle_members")
    urgent = whistle["reason"] == "emergency" and code in calls
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=one, code=code, case_id=whistle["case_id"], body=values,
                urgent=urgent, id=uuid5(key, str(one)),
            )
            for one in sorted(accounts)
        ],
    )  # fmt: skip


@sweep("whistles", every=10)
def late(open_tx: Open) -> None:
    with open_tx() as tx:
        owning.mark_late(tx)


@sweep("whistle_owners", every=300)
def owned(open_tx: Open) -> None:
    with open_tx() as tx:
        owning.see_to(tx)
