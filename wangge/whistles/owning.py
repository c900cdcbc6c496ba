"""Every open whistle has a desk that looks after it and a time; late ones turn red."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases import owners
from wangge.kernel.db import Tx
from wangge.whistles import queries
from wangge.whistles.history import say, write_step
from wangge.whistles.service import locked

# The desk in charge leads; the ruling desk decides. Where nobody is on a post the next desk does.
# Whom its case is about has nothing of it, as if he were not there.
HELD = """exists (select from posts p join accounts a on a.id = p.account_id and a.active
    join organisations u on u.id = p.unit_id and u.active
    where p.unit_id = w.{place} and p.role = any(%({place})s) and p.valid @> city_today()
        and p.account_id is distinct from c.about_account
        and p.unit_id is distinct from c.about_unit)"""
HELD_DESK, HELD_RULING = HELD.format(place="desk_id"), HELD.format(place="ruling_desk_id")
UNOWNED = f"""
select w.id, {HELD_DESK} as desk_id, {HELD_RULING} as ruling_desk_id, c.about_unit
from whistles w left join cases c on c.id = w.case_id
where w.state = 'open' and not ({HELD_DESK} and {HELD_RULING}) order by w.id
"""


def _roles() -> dict[str, list[str]]:
    return {
        "desk_id": queries.roles_with("whistle.blow"),
        "ruling_desk_id": queries.roles_with("whistle.rule"),
    }


def unowned(tx: Tx) -> list[dict[str, Any]]:
    """Open whistles that nobody at their desks could see to; there must be none."""
    return tx.rows(UNOWNED, _roles())


def see_to(tx: Tx) -> int:
    """Give the whistles of a desk without anybody to the next in line; returns how many."""
    found = unowned(tx)
    for row in found:
        whistle = locked(tx, row["id"])
        for place, roles in _roles().items():
            if not row[place]:
                _hand_over(tx, whistle, place, roles, row["about_unit"])
    return len(found)


ABOUT_CALLED = """
select k.*, o.short_name as unit from whistle_calls k
join organisations o on o.id = k.unit_id
join whistles w on w.id = k.whistle_id and w.state = 'open'
join cases c on c.id = w.case_id and c.about_unit = k.unit_id
where c.id = any(%s) and k.state not in ('excused', 'signed') order by k.id for update of k
"""
EXCUSED = "update whistle_calls set state = 'excused', note = %s, overdue_at = null where id = %s"


def leave(tx: Tx, case_ids: Sequence[UUID]) -> None:
    """Somebody was named whom a case is about: he is not called to it and leads no whistle of it.

    His call is excused, so that the whistle can be concluded without a word of his.
    """
    for call in tx.rows(ABOUT_CALLED, [list(case_ids)]):
        whistle, note = locked(tx, call["whistle_id"]), "是反映的对象，不参加处置。"
        tx.run(EXCUSED, [note, call["id"]])
        tx.run("update whistles set version = version + 1 where id = %s", [whistle["id"]])
        write_step(tx, whistle, "uphold", None, call=call, note=note)
        say(tx, whistle, "whistle_uphold", call)
    see_to(tx)


def _hand_over(
    tx: Tx, whistle: dict[str, Any], place: str, roles: list[str], about: UUID | None
) -> None:
    desk = owners.next_desk(tx, whistle[place], roles, about=about)
    if desk is None:
        return
    whistle["unit_ids"] = list(dict.fromkeys([*whistle["unit_ids"], desk["id"]]))
    tx.run(
        f"update whistles set {place} = %s, unit_ids = %s, version = version + 1 where id = %s",
        [desk["id"], whistle["unit_ids"], whistle["id"]],
    )
    note = f"{desk['old_name']}没有在岗人员，移交{desk['short_name']}。"
    write_step(tx, whistle, "handed_over", None, note=note)
    say(tx, whistle, "whistle_handed_over")


LATE_CALLS = """
select k.*, o.short_name as unit from whistle_calls k
join whistles w on w.id = k.whistle_id and w.state = 'open'
join organisations o on o.id = k.unit_id
where k.state in ('called', 'contested') and k.overdue_at is null and k.due_at < %s
order by k.due_at limit 200
"""
LATE = """
select id from whistles where state = 'open' and overdue_at is null and due_at < %s
order by due_at limit 200
"""


# Asked once more under the lock: somebody may have come, or concluded, while it was waited for.
CALL_IS_LATE = """
update whistle_calls set overdue_at = %(now)s where id = %(id)s and overdue_at is null
    and state in ('called', 'contested') and due_at < %(now)s
"""
IS_LATE = """
update whistles set overdue_at = %(now)s where id = %(id)s and overdue_at is null
    and state = 'open' and due_at < %(now)s
"""


def mark_late(tx: Tx) -> int:
    """The red light of calls nobody answered in time and of whistles not concluded in time."""
    lit = 0
    for call in tx.rows(LATE_CALLS, [tx.now]):
        whistle = locked(tx, call["whistle_id"])
        if whistle["state"] != "open" or not tx.run(
            CALL_IS_LATE, {"now": tx.now, "id": call["id"]}
        ):
            continue
        lit += 1
        write_step(tx, whistle, "late", None, call=call, note=f"{call['unit']}超过时限。")
        say(tx, whistle, "whistle_late", call)
    for row in tx.rows(LATE, [tx.now]):
        whistle = locked(tx, row["id"])
        if not tx.run(IS_LATE, {"now": tx.now, "id": row["id"]}):
            continue
        lit += 1
        write_step(tx, whistle, "overdue", None, note="超过结论时限。")
        say(tx, whistle, "whistle_overdue")
    return lit
