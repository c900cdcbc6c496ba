"""The cases of the one file: every report, step and try at its own moment, in the order of time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from wangge.cases import callbacks, contacts, merging
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_account, step_of_asker
from wangge.demo.instruments import moment
from wangge.demo.onefile import Case, Step, Try
from wangge.demo.players import Players
from wangge.dispatch.service import mark_overdue
from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.people.models import Actor
from wangge.tenant.mistakes import Problem

Noted = Callable[[str], AbstractContextManager[None]]
# What the sweep of the red lights would have found next.
NEXT_DUE = """
select min(due_at) as at from cases
where overdue_at is null and duty not in ('none', 'asker') and due_at < %s
"""
MOMENT = timedelta(seconds=1)
REPORT = -1  # where the number of a step would stand
TRIES: dict[Action | Try, Try] = {one: one for one in Try}


class Brought:
    """What one case waits for from another (a merger) has happened by then: time decides.

    ``noted`` takes down what is refused at a place of the file; what follows a refusal in the same
    case is left out, because it would only be refused for the first one's sake.
    """

    def __init__(
        self,
        tx: Tx,
        cases: list[Case],
        noted: Noted,
        problems: list[Problem],
        *,
        zone: ZoneInfo,
        present: datetime,
    ) -> None:
        self.tx, self.cases = tx, cases
        self.noted, self.problems = noted, problems
        self.zone, self.present = zone, present
        self.players = Players(tx)
        self.ids = {case.ref: case.id or uuid5(NAMESPACE_URL, f"case:{case.ref}") for case in cases}
        self.broken: set[int] = set()
        self.leads: set[UUID] = set()

    def run(self) -> None:
        before = len(self.problems)
        for at, n, m in sorted(self._moments()):
            if n in self.broken:
                continue
            told = len(self.problems)
            with self.noted(_place(n, m)):
                self._lights(at)
                self._happens(at, n, m)
            if len(self.problems) > told:
                self.broken.add(n)
        self._lights(self.present)
        # Told in the order of the file, as a person reads it.
        self.problems[before:] = sorted(self.problems[before:], key=_order)

    def _moments(self) -> list[tuple[datetime, int, int]]:
        """When everything happens; a case whose times run backwards is out of it."""
        found = []
        for n, case in enumerate(self.cases):
            before = None
            for m in range(REPORT, len(case.steps)):
                told = len(self.problems)
                with self.noted(_place(n, m)):
                    words = case.received_at if m == REPORT else case.steps[m].at
                    at = moment(words, self.zone)
                    _check(at, before, self.present)
                    found.append((at, n, m))
                    before = at
                if len(self.problems) > told:
                    break
        return found

    def _lights(self, until: datetime) -> None:
        """Red lights at their own moments: what was late in June is late in June's figures."""
        while (row := self.tx.one(NEXT_DUE, [until])) and row["at"]:
            self.tx.now = min(row["at"] + MOMENT, until)
            if not mark_overdue(self.tx):
                return

    def _happens(self, at: datetime, n: int, m: int) -> None:
        self.tx.now = at
        case = self.cases[n]
        if m == REPORT:
            self._report(case)
        else:
            self._step(self.ids[case.ref], case.steps[m], m)

    def _report(self, case: Case) -> None:
        actor = self._actor(case.by) if case.by else None
        asker = case.asker
        report = Report(
            id=self.ids[case.ref],
            text=case.text,
            title=case.title,
            channel=case.channel or ("worker" if actor else "resident"),
            kind=case.kind,
            type=case.type,
            level=case.level,
            lon=case.lon,
            lat=case.lat,
            area_id=self._code("areas", case.area, "area"),
            place_words=case.place_words,
            reported_at=self.tx.now,
            source_ref=case.ref,
            asker=AskerWords(asker.name, asker.phone, asker.mode) if asker else None,
            wants_code=actor is None,
        )
        receive_many(self.tx, [report], Source(actor))

    def _step(self, case_id: UUID, step: Step, m: int) -> None:
        key = uuid5(case_id, str(m))
        if step.action in TRIES:
            self._try(case_id, key, step)
            return
        given = StepInput(
            id=key,
            action=Action(step.action),
            note=step.note,
            answer=step.answer,
            reason=step.reason,
            unit_id=self._code("organisations", step.unit, "unit"),
            type=step.type,
            solved=step.solved,
            satisfaction=step.satisfaction,
            author=step.author,
            until=moment(step.until, self.zone) if step.until else None,
        )
        if step.by == "asker":
            step_of_asker(self.tx, case_id, given)
        elif given.action is Action.MERGE:
            lead = self._lead(step.lead)
            merging.merge(self.tx, self._actor(step.by), case_id, lead, given)
            self.leads.add(lead)
        elif given.action is Action.UNMERGE:
            merging.unmerge(self.tx, self._actor(step.by), case_id, given)
        else:
            step_of_account(self.tx, self._actor(step.by), case_id, given)
        # At its own moment, not when a job comes to it after the load.
        if case_id in self.leads:
            merging.follow(self.tx, case_id)

    def _try(self, case_id: UUID, key: UUID, step: Step) -> None:
        """A telephone call or a visit; whoever called back and reached the asker has his word."""
        actor = self._actor(step.by)
        given = contacts.Attempt(key, step.way, step.result, step.note)
        if step.action == Try.CONTACT:
            contacts.add(self.tx, actor, case_id, given)
            return
        said = step.satisfaction
        callbacks.record(self.tx, actor, case_id, given, solved=step.solved, satisfaction=said)

    def _lead(self, ref: str) -> UUID:
        """The carrying case by its ``ref``, of this file or of one that was loaded before."""
        if ref in self.ids:
            return self.ids[ref]
        row = self.tx.one("select id from cases where source_ref = %s", [ref])
        if row is None:
            raise NotFound("no_such_case", f"没有事项 {ref}", f"no case {ref}", field="lead")
        found: UUID = row["id"]
        return found

    def _actor(self, username: str) -> Actor:
        return self.players.with_id(account_of(self.tx, username, "by"))

    def _code(self, table: str, code: str, field: str) -> UUID | None:
        return id_of(self.tx, table, code, field) if code else None


def id_of(tx: Tx, table: str, code: str, field: str) -> UUID:
    """What a code stands for; ``field`` is the place of the file that names it."""
    row = tx.one(f"select id from {table} where code = %s", [code])
    if row is None:
        raise NotFound("no_such_code", f"没有代码 {code}", f"no code {code}", field=field)
    found: UUID = row["id"]
    return found


def account_of(tx: Tx, username: str, field: str) -> UUID:
    row = tx.one("select id from accounts where username = %s", [username])
    if row is None:
        zh, en = f"没有账号 {username}", f"no account {username}"
        raise NotFound("no_such_account", zh, en, field=field)
    found: UUID = row["id"]
    return found


def _place(n: int, m: int) -> str:
    return f"cases.{n}" if m == REPORT else f"cases.{n}.steps.{m}"


def _order(problem: Problem) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in problem.path.split(".")]


def _check(at: datetime, before: datetime | None, present: datetime) -> None:
    if before and at < before:
        raise Invalid("too_early", "早于上一步", "earlier than the step before", field="at")
    if at > present:
        zh, en = "晚于城市现在的时间", "later than the city's present time"
        raise Invalid("in_the_future", zh, en, field="at")
