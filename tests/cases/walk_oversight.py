"""The part of the walk that looks on: supervision, what is late, and rules that are changed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wangge.cases import task_owners
from wangge.cases.models import Action, State
from wangge.cases.rights import CaseMove
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.dispatch.service import end_silence, mark_overdue
from wangge.fieldwork import spot_checks
from wangge.fieldwork.models import Finding, SpotCheck
from wangge.handovers import promises
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed
from wangge.kernel.ids import new_id
from wangge.supervision import ladder, queries, service, silence, unanswered
from wangge.supervision.models import Kind, Status
from wangge.tenant.service import rules, save
from wangge.whistles import owning

if TYPE_CHECKING:
    from tests.cases.walk import Walk

ACTIONS = frozenset({
    Action.SUPERVISE, Action.ANSWER_SUPERVISION, Action.LIST_OPENLY, Action.UNLIST,
    Action.CRITICISE, Action.SPOT_CHECK,
})  # fmt: skip
REFUSED = {"already_listed", "case_over", "not_listed_before"}


def is_timely(case: dict[str, Any], move: CaseMove) -> bool:
    """Whether there is, or may be made, what the step needs; see what was issued on the case."""
    runs = State(case["state"]) in BEFORE_CLOSING
    match move.action:
        case Action.LIST_OPENLY:
            return "listing open" not in case["issued"]
        case Action.UNLIST:
            return runs or "listing open" in case["issued"]
        case Action.ANSWER_SUPERVISION:
            return runs or "notice open" in case["issued"]
        case Action.CRITICISE:
            return runs or any(one.startswith("listing") for one in case["issued"])
        case Action.SPOT_CHECK:
            return True
    return runs


class Oversight:
    """Issues and answers notices, lists and criticises; sweeps; gives the city a day off."""

    def __init__(self, walk: "Walk") -> None:
        self.walk = walk

    def step(self, tx: Tx, case: dict[str, Any], action: Action) -> bool:
        """Take one; False where there is nothing of the kind to do."""
        issued = queries.of_case(tx, case["id"])
        match action:
            case Action.SUPERVISE:
                return self._issue(tx, case, Kind.NOTICE, "case.supervise")
            case Action.LIST_OPENLY:
                return self._issue(tx, case, Kind.LISTING, "case.list_openly")
            case Action.ANSWER_SUPERVISION:
                if not (waiting := _open(issued, Kind.NOTICE)):
                    self._issue(tx, case, Kind.NOTICE, "case.supervise")
                    waiting = _open(queries.of_case(tx, case["id"]), Kind.NOTICE)
                return self._answer(tx, waiting)
            case Action.UNLIST:
                return self._unlist(tx, case, _open(issued, Kind.LISTING))
            case Action.SPOT_CHECK:
                return self._check(tx, case)
            case _:
                return self._criticise(tx, case, issued)

    def _unlist(self, tx: Tx, case: dict[str, Any], listed: list[dict[str, Any]]) -> bool:
        if not listed:
            self._issue(tx, case, Kind.LISTING, "case.list_openly")
            listed = _open(queries.of_case(tx, case["id"]), Kind.LISTING)
        able = self._able(case, "case.list_openly")
        if able and listed:
            service.end(tx, self.walk.chance.choice(able), listed[0]["id"], why="已整改")
        return bool(able and listed)

    def _able(self, case: dict[str, Any], permission: str) -> list[Any]:
        return [one for one in self.walk.actors if one.may_at(permission, pos=case["pos"])]

    def _check(self, tx: Tx, case: dict[str, Any]) -> bool:
        """Somebody who has not handled it goes there; whoever has is told that it is his own."""
        for actor in self._able(case, "case.supervise"):
            given = SpotCheck(Finding.IN_ORDER, "现场看过", tx.now, case_id=case["id"])
            try:
                spot_checks.check(tx, actor, new_id(), given)
            except NotAllowed:
                continue
            return True
        return False

    def _issue(self, tx: Tx, case: dict[str, Any], kind: Kind, permission: str) -> bool:
        able = self._able(case, permission)
        if able:
            actor = self.walk.chance.choice(able)
            service.issue(tx, actor, case["id"], key=new_id(), kind=kind, reason="请抓紧")
        return bool(able)

    def _answer(self, tx: Tx, waiting: list[dict[str, Any]]) -> bool:
        for row in waiting:
            able = [one for one in self.walk.actors if service.may_answer(one, row)]
            if able:
                service.answer(tx, self.walk.chance.choice(able), row["id"], words="正在办")
                return True
        return False

    def _criticise(self, tx: Tx, case: dict[str, Any], issued: list[dict[str, Any]]) -> bool:
        waiting = [row for row in issued if row["state"] == Status.PROPOSED]
        leaders = self._able(case, "case.list_openly")
        if not any(row["kind"] == Kind.LISTING for row in issued):
            self._issue(tx, case, Kind.LISTING, "case.list_openly")
        if not waiting:
            self._issue(tx, case, Kind.CRITICISM, "case.supervise")
            waiting = [row for row in queries.of_case(tx, case["id"])
                       if row["state"] == Status.PROPOSED]  # fmt: skip
        if not waiting:
            return False
        row = waiting[0]
        for actor in leaders:
            approve = self.walk.chance.random() < 0.8
            try:
                service.decide(tx, actor, row["id"], approve=approve, why="同意")
            except NotAllowed:
                if row["issued_by"] != actor.id:
                    raise
                continue
            assert row["issued_by"] != actor.id, "somebody approved his own proposal"
            return approve
        return False

    def sweep(self, tx: Tx) -> None:
        """What the worker looks for every few seconds: all that is late or without a word."""
        mark_overdue(tx)
        ladder.climb(tx)
        silence.look(tx)
        task_owners.mark_overdue(tx)
        owning.mark_late(tx)
        promises.look(tx)
        if self.walk.chance.random() < 0.25:
            unanswered.look(tx)
            end_silence(tx)

    def day_off(self, tx: Tx) -> None:
        """The city gives everybody the next days off, or takes that back: open clocks follow."""
        known = rules(tx)
        body = known.calendar.model_dump(mode="json")
        today = tx.now.astimezone(known.calendar.days.zone).date()
        year = body["years"].get(str(today.year)) or body["years"].get(today.year)
        if year is None:
            return
        kept = [one for one in year["holidays"] if one["zh"] != "全市放假"]
        if len(kept) == len(year["holidays"]):
            first, last = (
                today + timedelta(1),
                min(today + timedelta(3), today.replace(month=12, day=31)),
            )
            if first > last or _meets(year, str(first), str(last)):
                return
            kept.append(
                {"zh": "全市放假", "en": "A day off", "first": str(first), "last": str(last)}
            )
        year["holidays"] = kept
        save(tx, "calendar", body, version=known.versions.get("calendar", 0), author_id=None,
             move_open=True)  # fmt: skip


def _meets(year: dict[str, Any], first: str, last: str) -> bool:
    """Whether one of the days is a holiday, or is worked to make up for one."""
    return any(
        str(one["first"]) <= last and first <= str(one["last"]) for one in year["holidays"]
    ) or any(first <= str(one["day"]) <= last for one in year["make_up"])


def _open(issued: list[dict[str, Any]], kind: Kind) -> list[dict[str, Any]]:
    return [row for row in issued if row["kind"] == kind and row["state"] == Status.OPEN]
