"""汇总分类: a person gives every matter to a group; what waits longer than a working day is red."""

from typing import Any
from uuid import UUID

from wangge.cases.corrections import Correction, correct
from wangge.cases.models import Action, State, StepInput
from wangge.cases.rights import may_take
from wangge.cases.service import check_version, locked, step_of_account
from wangge.cases.verifying import is_waited_for
from wangge.cases.workflow import BEFORE_CLOSING, LOOP
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.mailbox import queries
from wangge.mailbox.history import tell_case
from wangge.mailbox.letters import OTHERWISE, code_in
from wangge.mailbox.models import LetterKind, Way
from wangge.mailbox.rights import must_run, no_such_letter
from wangge.mailbox.telling import moved, tell
from wangge.people.models import Actor
from wangge.tenant.service import rules

WAYS = {Way.GROUP: "简单事项，小组自行办理", Way.TALK: "复杂事项，提交民情恳谈会"}
TO_UNIT = (Action.ACCEPT, Action.REGISTER, Action.DISPATCH)
SORTED = """
update mailbox_matters set sorted_at = coalesce(sorted_at, %(now)s), sorted_by = %(by)s,
    group_id = %(group)s, way = %(way)s, kind = %(kind)s where case_id = %(case)s
"""
LATE = """
update mailbox_matters m set red_at = %(now)s from cases c
where c.id = m.case_id and m.sorted_at is null and m.red_at is null and m.sort_due_at < %(now)s
    and c.state not in ('declined', 'withdrawn')
returning m.case_id, m.letter_id, c.number, c.title, c.pos, c.desk_id
"""


def sort(
    tx: Tx,
    actor: Actor,
    case_id: UUID,
    *,
    group_id: UUID,
    way: Way,
    kind: LetterKind,
    version: int | None = None,
) -> None:
    """Choose the group, and whether it deals with the matter itself or a talk is needed.

    A simple matter is led to the group's unit as far as the sorter's own posts allow; the rest of
    the way is the dispatcher's, to whom the case shows the group.
    """
    matter = tx.one("select * from mailbox_matters where case_id = %s for update", [case_id])
    if matter is None:
        raise no_such_letter()
    case = locked(tx, case_id)
    must_run(actor, case["desk_id"], no_such_letter())
    if (matter["group_id"], matter["way"], matter["kind"]) == (group_id, way.value, kind.value):
        return
    check_version(tx, case, version)
    group = _group(tx, group_id, case["desk_id"])
    note = f"归入{group['name']}：{WAYS[way]}。"
    tell_case(tx, case, actor, "sorted", note, group=group["name"], way=way.value)
    tx.run(
        SORTED,
        {"now": tx.now, "by": actor.id, "group": group_id, "way": way.value, "kind": kind.value,
         "case": case_id},
    )  # fmt: skip
    _say_kind(tx, actor, case_id, kind)
    if way is Way.GROUP:
        lead(tx, actor, case_id, group["unit_id"])
    moved(tx, case_id, "sorted", case["pos"], [case["desk_id"]])


def _say_kind(tx: Tx, actor: Actor, case_id: UUID, kind: LetterKind) -> None:
    """The case is of the kind that was read in the letter; its history says what it was before."""
    case = locked(tx, case_id)
    code = code_in(rules(tx), "kinds", kind.value, OTHERWISE)
    if case["kind"] != code and State(case["state"]) in BEFORE_CLOSING:
        given = Correction(id=new_id(), version=case["version"], kind=code)
        correct(tx, actor, case_id, given)


def _group(tx: Tx, group_id: UUID, desk_id: UUID) -> dict[str, Any]:
    group = tx.one(
        "select g.* from mailbox_groups g where g.id = %s and g.desk_id = %s and g.active",
        [group_id, desk_id],
    )
    if group is None:
        raise Invalid("unknown_group", "没有这个小组", "no such group", field="group_id")
    return group


def lead(tx: Tx, actor: Actor, case_id: UUID, unit_id: UUID) -> bool:
    """Take the case's own steps towards a unit as far as this person may; whether it got there."""
    known = rules(tx).workflow.by_action
    for action in TO_UNIT:
        case = locked(tx, case_id)
        if case["unit_id"] == unit_id and case["state"] in (State.DISPATCHED, State.HANDLING):
            return True
        move = next((one for one in LOOP.from_(State(case["state"])) if one.action is action), None)
        if move is None:
            continue
        if not may_take(actor, case, move, known.get(action.value)):
            return False
        if action is Action.ACCEPT and is_waited_for(tx, rules(tx), case, case["type"]):
            return False
        unit = unit_id if action is Action.DISPATCH else None
        given = StepInput(id=new_id(), action=action, unit_id=unit)
        case = step_of_account(tx, actor, case_id, given)
    return bool(case["unit_id"] == unit_id)


def mark_red(tx: Tx) -> int:
    """The desk and the leader hear once of a matter that nobody sorted within its working day."""
    rows = tx.rows(LATE, {"now": tx.now})
    for row in rows:
        whom = [
            *queries.holders(tx, row["desk_id"], "mailbox.run"),
            *queries.leaders(tx, row["pos"]),
        ]
        body = {"number": row["number"], "title": row["title"]}
        tell(tx, whom, "mailbox_unsorted", row["case_id"], body, case_id=row["case_id"])
        moved(tx, row["case_id"], "letter", row["pos"], [row["desk_id"]])
    return len(rows)


def violators(tx: Tx) -> list[dict[str, Any]]:
    """件件有落实、事事有回应: matters of letters that nobody answered as they should have been."""
    return tx.rows(VIOLATORS, {"now": tx.now})


VIOLATORS = """
select m.case_id, c.number, c.title, c.pos, c.desk_id, m.kind, m.violated_at, c.state,
    case when m.sorted_at is null and m.sort_due_at < %(now)s then 'unsorted'
        when c.state in ('closed', 'evaluated') and btrim(coalesce(c.answer, '')) = ''
            then 'no_answer'
        when c.closed_at is null and t.promised_on < (%(now)s at time zone k.zone)::date
            then 'promise_broken'
        when c.closed_at is null and c.total_due_at < %(now)s then 'overdue' end as why
from mailbox_matters m join cases c on c.id = m.case_id cross join clock k
left join lateral (select min(x.promised_on) as promised_on from mailbox_talk_cases x
    join mailbox_talks h on h.id = x.talk_id and h.state <> 'cancelled'
    where x.case_id = m.case_id) t on true
where c.state not in ('declined', 'withdrawn', 'merged', 'split') and (
    m.sorted_at is null and m.sort_due_at < %(now)s
    or c.state in ('closed', 'evaluated') and btrim(coalesce(c.answer, '')) = ''
    or c.closed_at is null and t.promised_on < (%(now)s at time zone k.zone)::date
    or c.closed_at is null and c.total_due_at < %(now)s)
order by m.at, m.case_id limit 500
"""


def nightly(tx: Tx) -> int:
    """List the violators once a night and tell each desk how many it has; how many are new."""
    found = [row for row in violators(tx) if row["violated_at"] is None]
    by_desk: dict[UUID, list[dict[str, Any]]] = {}
    for row in found:
        by_desk.setdefault(row["desk_id"], []).append(row)
    for desk_id, rows in by_desk.items():
        tx.run(
            "update mailbox_matters set violated_at = %s where case_id = any(%s)",
            [tx.now, [row["case_id"] for row in rows]],
        )
        body = {"n": len(rows), "number": rows[0]["number"], "title": rows[0]["title"]}
        key = rows[0]["case_id"]
        tell(tx, queries.holders(tx, desk_id, "mailbox.run"), "mailbox_unanswered", key, body)
    return len(found)
