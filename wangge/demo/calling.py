"""The callers of the demo city: they ask those who have not said how it went; some never answer."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from wangge.cases import callbacks, contacts, requests, to_tell
from wangge.cases.contacts import Attempt
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_account
from wangge.demo.crew import HANDLERS, Crew
from wangge.demo.habits import words
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.tenant.calendar import Calendar

BY_DAY = (9, 18)  # nobody is rung up at supper
PER_HOUR = 60.0  # calls of a whole city of the demo's size, and as many first contacts
LONGEST = timedelta(minutes=10)
SAID = (("answered", 68), ("no_answer", 20), ("switched_off", 6), ("wrong_number", 2),
        ("refused", 4))  # fmt: skip
GRADES = (("very_satisfied", 45), ("satisfied", 38), ("fairly_satisfied", 10),
          ("dissatisfied", 6), ("very_dissatisfied", 1))  # fmt: skip
# Whoever was tried lately waits, as the callers' own list has it.
TO_CALL = """
select c.id, c.desk_id from cases c join case_askers k on k.case_id = c.id
where c.source_ref = %(made)s and c.state = 'closed' and c.duty = 'asker'
    and c.closed_at < %(since)s and k.phone_sealed is not null and k.mode = 'open'
    and not exists (select from case_contacts t where t.case_id = c.id
        and t.purpose = 'callback' and t.at > %(again)s)
order by c.closed_at limit %(n)s
"""
TO_CONTACT = """
select c.id, c.unit_id, c.holder_id from cases c join case_askers k on k.case_id = c.id
where c.source_ref = %(made)s and c.state = 'handling' and k.phone_sealed is not null
    and k.mode = 'open' and not exists (select from case_contacts t where t.case_id = c.id
        and t.round = c.round and (t.reached or t.at > %(again)s))
order by c.due_at limit %(n)s
"""
# Who rang up and was reached by no message, as the callers' other list has it.
TO_TELL = """
select c.id, c.desk_id from cases c join case_askers k on k.case_id = c.id
where c.source_ref = %(made)s and c.untold_since between %(stale)s and %(untold)s
    and c.channel = 'phone' and k.phone_sealed is not null and k.mode = 'open'
    and not (c.state = 'closed' and c.closed_at < %(since)s)
    and not exists (select from case_contacts t where t.case_id = c.id
        and t.at >= c.closed_at and t.purpose = 'answer' and t.at > %(again)s)
order by c.untold_since limit %(n)s
"""
REACHED = 0.75
QUESTIONED = 0.25  # of the demands that come back
WITHOUT_GROUND = 0.6  # of what a second level rules on
TO_RULE = """
select r.* from case_requests r join cases c on c.id = r.case_id
where r.kind = 'unreasonable' and r.status = 'pending' and c.source_ref = %(made)s
    and r.asked_at < %(rests)s order by r.due_at limit %(n)s
"""
DESK_ABOVE = """
select o.id from organisations o join areas a on a.id = o.area_id
where o.kind = 'desk' and a.level = 'city' and o.active limit 1
"""


def _drawn(rng: Random, among: tuple[tuple[str, int], ...]) -> str:
    codes, weights = zip(*among, strict=True)
    found: str = rng.choices(codes, weights)[0]
    return found


class Callers:
    """Everybody who telephones in one tenant; call ``turn`` at each look."""

    def __init__(self, cell: Cell, crew: Crew, calendar: Calendar, *, made: str, seed: int) -> None:
        self.cell, self.crew, self.calendar, self.made = cell, crew, calendar, made
        self.rng = Random(seed)  # noqa: S311 - plays people, keeps no secret
        self._owed = 0.0

    def turn(self, before: datetime, now: datetime, pace: float) -> list[UUID]:
        """Make the calls of the time that has gone by; returns the cases that were called about."""
        gone = min(now - before, LONGEST)
        local = now.astimezone(self.calendar.days.zone)
        working = BY_DAY[0] <= local.hour < BY_DAY[1] and self.calendar.days[local.date()].spans
        if not working or gone <= timedelta():
            return []
        self._owed += gone.total_seconds() / 3600 * PER_HOUR * pace
        calls, self._owed = int(self._owed), self._owed % 1
        if not calls:
            return []
        with transaction(self.cell) as tx:
            values = {"made": self.made, "n": calls, "again": now - timedelta(hours=3),
                      "since": now - timedelta(hours=25)}  # fmt: skip
            to_ask, to_contact = tx.rows(TO_CALL, values), tx.rows(TO_CONTACT, values)
            waits = {"untold": now - to_tell.PATIENCE, "stale": now - to_tell.STALE}
            untold = tx.rows(TO_TELL, values | waits)
            to_rule = tx.rows(TO_RULE, values | {"rests": now - timedelta(minutes=20)})
        for row in to_ask:
            self._done(row, self._ask)
        for row in to_contact:
            self._done(row, self._contact)
        for row in untold:
            self._done(row, self._tell)
        for row in to_rule:
            self._done(row, self._rule)
        return [*(row["id"] for row in to_ask), *(row["case_id"] for row in to_rule)]

    def _done(self, row: dict[str, Any], call: Any) -> None:
        try:
            with transaction(self.cell) as tx:
                call(tx, row)
        except Refusal:
            return  # somebody was quicker, or it is too early; the next look sees

    def _at_telephones(self, tx: Tx, desk_id: UUID) -> list[UUID]:
        """The callers of the desk; where it has none, the city's."""
        above = tx.one(DESK_ABOVE)
        return self.crew.at(desk_id, "caller") or (
            self.crew.at(above["id"], "caller") if above else []
        )

    def _tell(self, tx: Tx, row: dict[str, Any]) -> None:
        people = self._at_telephones(tx, row["desk_id"])
        if people:
            heard = "answered" if self.rng.random() < REACHED else "no_answer"
            who = self.crew.actor(self.rng.choice(people))
            contacts.add(tx, who, row["id"], Attempt(new_id(), "call", heard))

    def _ask(self, tx: Tx, row: dict[str, Any]) -> None:
        people = self._at_telephones(tx, row["desk_id"])
        if not people:
            return
        result = _drawn(self.rng, SAID)
        grade = _drawn(self.rng, GRADES) if result == "answered" else ""
        unhappy = grade in callbacks.UNSATISFIED
        asks = unhappy and self.rng.random() < QUESTIONED
        rests = self.rng.choice(words()["without_ground"]) if asks else {}
        callbacks.record(
            tx,
            self.crew.actor(self.rng.choice(people)),
            row["id"],
            Attempt(new_id(), "call", result),
            solved=not unhappy if grade else None,
            satisfaction=grade,
            question=callbacks.Question(rests["reason"], rests["ground"]) if asks else None,
        )

    def _rule(self, tx: Tx, row: dict[str, Any]) -> None:
        """Somebody of a second level; now and then he finds that the demand has ground."""
        people = requests.deciders(tx, row)
        if not people:
            return
        known = words()["without_ground"]
        answer = next((one["answer"] for one in known if one["reason"] == row["reason"]), None)
        given = StepInput(new_id(), Action.RULE_REASONABLE, note="要求有依据，请继续办理。")
        if answer and self.rng.random() < WITHOUT_GROUND:
            given = StepInput(new_id(), Action.RULE_UNREASONABLE, answer=answer)
        step_of_account(tx, self.crew.actor(self.rng.choice(people)), row["case_id"], given)

    def _contact(self, tx: Tx, row: dict[str, Any]) -> None:
        by: UUID | None = row["holder_id"]
        people = [by] if by else self.crew.at(row["unit_id"], *HANDLERS)
        if not people:
            return
        result = "answered" if self.rng.random() < REACHED else "no_answer"
        contacts.add(tx, self.crew.actor(people[0]), row["id"], Attempt(new_id(), "call", result))
