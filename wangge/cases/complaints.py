"""Complaints about somebody who serves here are routed around him, and kept from his eyes.

The desk says whom a matter is about: a unit, a property firm, a desk or one person. From then on
neither he nor his unit sees it, its asker or its files, and nothing of it comes to them.
"""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases import owners, task_owners
from wangge.cases.models import Action, Duty, State, StepInput, Taker
from wangge.cases.service import history, locked, moved, not_found, seen_to, step_of_system
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

KINDS = frozenset({"complaint", "report"})
SET = """
update cases set about_unit = %(about_unit)s, about_account = %(about_account)s,
    unit_id = %(unit_id)s, version = version + 1 where id = %(id)s
"""
NAMES = """
select (select short_name from organisations where id = %(unit)s) as unit,
    (select name from accounts where id = %(account)s) as account
"""
# Units and people of this ground whose names are in the words of the matter.
NAMED_UNITS = """
select o.id, o.short_name as name from organisations o left join areas a on a.id = o.area_id
where o.active and o.kind <> 'party' and length(o.short_name) > 2
    and (position(o.short_name in %(text)s) > 0 or position(o.name in %(text)s) > 0)
order by length(o.short_name) desc, (a.span @> %(pos)s::int) desc, o.code limit 5
"""
NAMED_PEOPLE = """
select distinct c.id, c.name from accounts c join posts p on p.account_id = c.id
    and p.valid @> city_today() join areas a on a.id = p.area_id
where c.active and length(c.name) > 1 and a.span @> %(pos)s::int and p.public
    and position(c.name in %(text)s) > 0
order by c.name limit 5
"""
KEPT = """
select id, array_remove(array[about_unit, about_account], null) as from_whom from cases
where id = any(%s) and (about_unit is not null or about_account is not null)
"""
UNTIL_HANDLED = frozenset({State.DISPATCHED, State.HANDLING})


def is_about(actor: Actor, case: dict[str, Any]) -> bool:
    return case["about_account"] == actor.id or case["about_unit"] in actor.unit_ids


@facts.kept_by
def kept(tx: Tx, case_ids: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    """From whom the facts of these cases are kept on open screens."""
    return {row["id"]: frozenset(row["from_whom"]) for row in tx.rows(KEPT, [case_ids])}


def _theirs(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    case = locked(tx, case_id)
    if is_about(actor, case) or not actor.may_at("case.correct", desk_id=case["desk_id"]):
        raise not_found()
    return case


def read(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Whom the case is about, and whom its words name; for the desk in charge alone."""
    case = _theirs(tx, actor, case_id)
    words = {"text": f"{case['title']} {case['text']}", "pos": case["pos"]}
    named = case["kind"] in KINDS
    return {
        **_named(tx, case["about_unit"], case["about_account"]),
        "units": tx.rows(NAMED_UNITS, words) if named else [],
        "people": tx.rows(NAMED_PEOPLE, words) if named else [],
    }


def _named(tx: Tx, unit: UUID | None, account: UUID | None) -> dict[str, Any]:
    called = tx.one(NAMES, {"unit": unit, "account": account}) or {}
    return {
        "unit": {"id": unit, "name": called["unit"]} if unit else None,
        "account": {"id": account, "name": called["account"]} if account else None,
    }


def set_about(
    tx: Tx, actor: Actor, case_id: UUID, step_id: UUID,
    *, unit_id: UUID | None, account_id: UUID | None, note: str,
) -> None:  # fmt: skip
    """Say whom it is about, on a transaction past row-level security; a repeat changes nothing."""
    case = locked(tx, case_id)
    if tx.one("select 1 from case_steps where id = %s and case_id = %s", [step_id, case_id]):
        return
    case = _theirs(tx, actor, case_id)
    _check(tx, unit_id, account_id)
    if State(case["state"]) not in BEFORE_CLOSING:
        raise Refusal("over", "这件事项已办结", "this case is over")
    after = {**case, "about_unit": unit_id, "about_account": account_id}
    if unit_id and case["unit_id"] == unit_id and State(case["state"]) not in UNTIL_HANDLED:
        # What it handled comes back to the desk if the check fails.
        after |= {"unit_id": None, "was": {"unit_id": str(unit_id)}}
    given = StepInput(step_id, Action.CORRECT, note=note, data=_said(tx, case, after))
    taker = Taker("account", actor.id, actor.name, actor.title)
    after["version"] += 1
    tx.run(SET, after)
    state = State(case["state"])
    line = history(tx.now, state, after, given, taker)
    tx.insert("case_steps", [line | {"data": Jsonb(line["data"])}])
    facts.record(tx, [moved(state, after, given, taker)])
    _away(tx, after)


def _check(tx: Tx, unit_id: UUID | None, account_id: UUID | None) -> None:
    for table, key, field in (
        ("organisations", unit_id, "unit_id"), ("accounts", account_id, "account_id"),
    ):  # fmt: skip
        if key and tx.one(f"select 1 from {table} where id = %s", [key]) is None:
            raise Invalid("unknown_about", "没有这个单位或人员", "no such unit or person",
                          field=field)  # fmt: skip


def _said(tx: Tx, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    def words(case: dict[str, Any]) -> str:
        called = tx.one(NAMES, {"unit": case["about_unit"], "account": case["about_account"]}) or {}
        return "、".join(name for name in (called.get("unit"), called.get("account")) if name)

    return {"before": {"about": words(before)}, "after": {"about": words(after)}}


def _away(tx: Tx, case: dict[str, Any]) -> None:
    """Take the case out of the hands of whom it is about."""
    about = case["about_unit"]
    if about and case["desk_id"] == about:
        desk = owners.next_desk(tx, about, owners.LEADS)
        if desk is None:
            raise NotFound(
                "no_other_desk", "没有可以移交的上级受理台", "there is no desk above to take it"
            )
        data = {"rule": "complained_of", "desk_id": str(desk["id"])}
        note = f"涉及本台，移交{desk['short_name']}。"
        step_of_system(tx, case, StepInput(new_id(), Action.HAND_OVER, note=note, data=data))
    if about and case["unit_id"] == about and case["duty"] == Duty.UNIT:
        given = StepInput(new_id(), Action.TAKE_BACK, note="涉及承办单位，收回另派。",
                          data={"rule": "complained_of"})  # fmt: skip
        step_of_system(tx, locked(tx, case["id"]), given)
    seen_to(tx, locked(tx, case["id"]))
    task_owners.leave(tx, case["id"])
