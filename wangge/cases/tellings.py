"""The answer goes back by the channel that was used, and who brought it how is written down.

SMS and the asker's own page do it by themselves; a call or a visit is a contact. What is left are
the ways in which a person hands it over: a printed letter, the hotline's return, a group's text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.cases import answers
from wangge.cases.contacts import may_contact
from wangge.cases.models import Mode, State
from wangge.cases.service import locked, not_found
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

WAYS = ("letter", "hotline", "group", "in_person")
# The way that answers the channel; every other has a phone or a page of its own.
BY_CHANNEL = {
    "letter": "letter",
    "petition": "letter",
    "mailbox": "letter",
    "visit": "in_person",
    "talk": "in_person",
    "home_visit": "in_person",
    "grid_chat": "group",
    "hotline": "hotline",
    "phone": "call",
    "unit_worker": "in_person",
    "walking_mailbox": "in_person",
}
PAGE = "page"
OVER = frozenset({State.CLOSED, State.EVALUATED, State.DECLINED})
OF_CASE = """
select id, round, way, note, actor_name, actor_title, at from case_tellings
where case_id = %s order by at, id
"""
# Answered cases of these that were not told that way in their present round; the others stay.
UNTOLD = """
select c.id, c.round, c.pos, c.unit_ids from cases c where c.id = any(%s) and c.state = any(%s)
    and not exists (select from case_tellings t
        where t.case_id = c.id and t.at >= c.closed_at and t.way = %s)
order by c.id
"""
ASKER = "select mode from case_askers where case_id = %s"


@dataclass(frozen=True, slots=True)
class Telling:
    """That the answer was handed over; ``note``: to whom, under which number."""

    id: UUID
    way: str
    note: str = ""


def _may(tx: Tx, actor: Actor, case: dict[str, Any]) -> bool:
    asker = tx.one(ASKER, [case["id"]])
    mode = asker["mode"] if asker else Mode.OPEN
    # Of a matter from a group whose asker is not named, whoever reported it takes it back.
    return may_contact(actor, case, mode) or case["created_by"] == actor.id


def _is_open(case: dict[str, Any]) -> bool:
    return State(case["state"]) in OVER


def listing(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """The way that fits the channel, and by which ways it was brought so far."""
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    return {
        "way": BY_CHANNEL.get(case["channel"], PAGE),
        "may_tell": _is_open(case) and _may(tx, actor, case),
        "items": [
            {**one, "by": {"kind": "account", "name": one["actor_name"],
                           "title": one["actor_title"]}}
            for one in tx.rows(OF_CASE, [case_id])
        ],
    }  # fmt: skip


def tell(tx: Tx, actor: Actor, case_id: UUID, given: Telling) -> None:
    """Write down that it was handed over; its result has then reached the asker.

    The transaction is past row-level security. A repeat with the same id changes nothing.
    """
    case = locked(tx, case_id)
    if not _may(tx, actor, case):
        raise NotAllowed(
            "not_your_contact", "由主管受理台、承办单位或本网格人员告知诉求人",
            "the desk or the unit in charge, or the grid's people, tell the asker",
        )  # fmt: skip
    if given.way not in WAYS:
        raise Invalid("unknown_way", "请选择告知方式", "choose how it was told", field="way")
    if tx.one("select 1 from case_tellings where id = %s and case_id = %s", [given.id, case_id]):
        return
    if not _is_open(case):
        raise Refusal("not_answered_yet", "还没有可以告知的答复", "there is no answer to tell yet")
    _write(tx, actor, [case], given.way, [(given.id, given.note)])


def returned(tx: Tx, actor: Actor, notes: Mapping[UUID, str], way: str) -> int:
    """Answers that went out together, with a note on each case; returns how many were new.

    What was told that way in its present round stays as it was, so to return twice tells once.
    """
    cases = tx.rows(UNTOLD, [list(notes), sorted(OVER), way])
    _write(tx, actor, cases, way, [(new_id(), notes[case["id"]]) for case in cases])
    return len(cases)


def _write(
    tx: Tx, actor: Actor, cases: Sequence[dict[str, Any]], way: str,
    lines: Sequence[tuple[UUID, str]],
) -> None:  # fmt: skip
    if not cases:
        return
    rows = [
        {"id": key, "case_id": case["id"], "round": case["round"], "way": way, "note": note,
         "account_id": actor.id, "actor_name": actor.name, "actor_title": actor.title,
         "at": tx.now}
        for case, (key, note) in zip(cases, lines, strict=True)
    ]  # fmt: skip
    tx.insert("case_tellings", rows)
    answers.told(tx, [case["id"] for case in cases], way)
    told = {"way": way}
    facts.record(
        tx, [facts.Fact("CaseTold", one["id"], told, one["pos"], one["unit_ids"]) for one in cases]
    )
