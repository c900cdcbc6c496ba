"""Histories computed in memory by the law of the loop and written by COPY: a past, not replayed.

What they say is what the doors would have written, because the same functions compute it. Nobody
is told of it: the facts are marked historic, no handler runs, and no reader of the log is woken.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import count
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from wangge.cases import request_book
from wangge.cases.automatic import by_rule
from wangge.cases.change import changed
from wangge.cases.clock import CaseRow
from wangge.cases.milestones import TIMES
from wangge.cases.models import SYSTEM, Action, Opening, State, StepInput, Taker
from wangge.cases.needs import check_needs
from wangge.cases.opening import asker_row, case_row, first_step, reported
from wangge.cases.request_book import RequestBook
from wangge.cases.service import history, moved
from wangge.cases.workflow import LOOP
from wangge.files import service as files
from wangge.files.models import FileRow
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.tenant.rules import Rules

Follow = Callable[[CaseRow], StepInput | None]
"""What a module above does by itself with a case that was registered: the directory's dispatch."""
Suggest = Callable[[str, CaseRow], dict[str, Any]]
"""What a module above leaves in ``route`` after a step: the directory's unit for the case now."""

STARTS: dict[str, Any] = {
    "number": None, "path": "main", "registered_at": None, "handled_at": None, "closed_at": None,
    "overdue_at": None, "unit_id": None, "handler_id": None, "holder_id": None, "round": 1,
    "version": 1, "answer": "", "solved": None, "satisfaction": None, "released": False,
    "photo_id": None, "warned_at": None, "pauses": [], "asked": [], "dispatched_at": None,
    "extended_to": None, "extended_minutes": 0, **dict.fromkeys(TIMES),
}  # fmt: skip
STEP = (
    "id", "case_id", "seq", "round", "action", "source", "target", "actor_kind", "account_id",
    "actor_name", "actor_title", "unit_id", "note", "answer", "reason", "due_at", "at",
)  # fmt: skip
NUMBERS = """
insert into case_numbers (prefix, day, last) select * from unnest(%s::text[], %s::date[], %s::int[])
on conflict (prefix, day) do update set last = case_numbers.last + excluded.last
returning prefix, day, last
"""
_values = itemgetter(*STEP)
NO_COLUMN = {"has_asker", "was"}


def _json(value: Any) -> str:
    """Text is what COPY takes fastest."""
    return orjson.dumps(value, default=str).decode() if value else "{}"


class Telling:
    """One matter from its report on, step by step, in memory; ``case`` is its row as it stands."""

    def __init__(
        self, known: Rules, opening: Opening, follow: Follow, suggest: Suggest | None = None
    ) -> None:
        """Begin with the report; an alarm of now cannot be told, because it wakes people."""
        if opening.wakes:
            message = f"an emergency is reported through a door, not told: {opening.id}"
            raise ValueError(message)
        self.known = known
        self.follow = follow
        self.suggest = suggest
        self.opening = opening
        row = case_row(opening)
        reachable = opening.asker is not None and opening.asker.reachable
        self.case: CaseRow = {
            **STARTS, **row, "state": State(row["state"]), "route": row["route"].obj,
            "has_asker": reachable,
        }  # fmt: skip
        step = first_step(opening)
        self.steps: list[dict[str, Any]] = [
            {**dict.fromkeys(STEP, ""), "source": None, **step, "data": step["data"].obj}
        ]
        self.facts: list[tuple[facts.Fact, datetime]] = [(reported(opening), opening.received_at)]
        self.files: list[FileRow] = []
        self.requests = RequestBook()

    @property
    def state(self) -> State:
        found: State = self.case["state"]
        return found

    def take(
        self, at: datetime, given: StepInput, taker: Taker, *, pictures: Sequence[FileRow] = ()
    ) -> None:
        """Take a step and whatever follows of itself; needs and states as at the doors.

        Whether ``taker`` may take it is for the caller to know. ``pictures`` are rows of contents
        that are kept already; they come to belong to this case and step.
        """
        move = LOOP.move(self.state, given.action)
        if taker.kind != SYSTEM.kind:
            check_needs(self.known, self.case, move, given)
        given = self.requests.prepare(self.known, at, self.case, given)
        before = self.state
        after = changed(self.known, at, self.case, move, given, taker)
        after["version"] += 1
        if self.suggest:
            after["route"] = self.suggest(given.action, after)
        self.requests.follow(self.known, at, self.case, after, given, taker)
        self.case = after
        self.steps.append(history(at, before, after, given, taker))
        self.facts.append((moved(before, after, given, taker), at))
        self.files += [
            one._replace(case_id=after["id"], step_id=given.id, created_at=at) for one in pictures
        ]
        if given.action is Action.REGISTER and (dispatch := self.follow(after)):
            self.take(at, dispatch, SYSTEM)
            return
        for following in by_rule(self.known.switches, after):
            self.take(at, following, SYSTEM)

    def fall_due(self, at: datetime, step_id: UUID) -> None:
        """Light the red light, as the sweep does when the stage's time is over."""
        due = self.case["due_at"]
        self.case = {**self.case, "overdue_at": at}
        given = StepInput(id=step_id, action=Action.OVERDUE, data={"due_at": due.isoformat()})
        self.take(at, given, SYSTEM)

    def end_silence(self, at: datetime, step_id: UUID) -> None:
        """End a closed matter that nobody has answered for the tenant's number of days."""
        data = {"rule": "auto_evaluate_days"}
        self.take(at, StepInput(id=step_id, action=Action.EVALUATE, data=data), SYSTEM)


def load_histories(tx: Tx, tellings: Sequence[Telling]) -> None:
    """Write them with running numbers in the order of their days and times, all or none."""
    _number(tx, tellings)
    _copy(tx, "cases", [{**one.case, **_as_json(one.case)} for one in tellings])
    _copy(tx, "case_askers", [asker_row(one.opening) for one in tellings if one.opening.asker])
    tx.copy("case_steps", (*STEP, "data"), (_line(step) for one in tellings for step in one.steps))
    request_book.load(tx, [one.requests for one in tellings])
    files.share(tx, [row for one in tellings for row in one.files])
    facts.remember(tx, [happened for one in tellings for happened in one.facts])


def _as_json(case: CaseRow) -> dict[str, str]:
    return {
        "route": _json(case["route"]),
        "pauses": _json(case["pauses"]) if case["pauses"] else "[]",
    }


def _line(step: dict[str, Any]) -> tuple[Any, ...]:
    return (*_values(step), _json(step["data"]))


def _copy(tx: Tx, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        names = [name for name in rows[0] if name not in NO_COLUMN]
        tx.copy(table, names, map(itemgetter(*names), rows))


def _number(tx: Tx, tellings: Sequence[Telling]) -> None:
    zone: ZoneInfo | None = None
    wanted: dict[tuple[str, date], list[Telling]] = {}
    for one in sorted(tellings, key=lambda one: one.opening.received_at):
        zone = zone or ZoneInfo(one.known.calendar.zone)
        day = one.opening.received_at.astimezone(zone).date()
        wanted.setdefault((one.opening.number_prefix, day), []).append(one)
    keys = sorted(wanted)
    counts = Counter({key: len(wanted[key]) for key in keys})
    rows = tx.rows(
        NUMBERS, [[prefix for prefix, _ in keys], [day for _, day in keys], [*counts.values()]]
    )
    for row in rows:
        key = row["prefix"], row["day"]
        runs = count(row["last"] - counts[key] + 1)
        for one in wanted[key]:
            one.case["number"] = f"{key[0]}-{key[1]:%Y%m%d}-{next(runs):04d}"
