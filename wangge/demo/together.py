"""The city acts together: a few whistles a day and assisting units, at the pace of its people.

What will happen to a call or a task is drawn from its own id, so nothing is kept between two looks
and only what was made so is touched.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from wangge.cases import tasks
from wangge.cases.assistance import TaskAction, TaskStep
from wangge.demo import called_out
from wangge.demo.crew import HANDLERS, Crew
from wangge.demo.habits import chance, words
from wangge.demo.inventing import MADE, Town
from wangge.demo.rulebook import text
from wangge.dispatch import assisting
from wangge.dispatch import property as company
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.tenant.documents import read
from wangge.whistles import blowing, ending, handlers, jobs, queries, service
from wangge.whistles.models import Blow, CallAction, CallStep, Outcome

FOLLOWED = (assisting, handlers, jobs)  # what is told of a whistle or a task follows from it
LOOK = timedelta(minutes=2)  # of the city's time between two looks at what is due
OPEN_TASKS = """
select t.* from case_tasks t join cases c on c.id = t.case_id
where c.source_ref = %s and t.state in ('dispatched', 'acknowledged') order by t.at limit 300
"""
IN_HAND = """
select c.id, c.holder_id, c.unit_id, c.pos, c.area_id from cases c
where c.source_ref = %s and c.state = 'handling' and c.holder_id is not null
    and not exists (select from case_tasks t where t.case_id = c.id)
order by c.handled_at nulls first, c.due_at limit 200
"""
OPEN_WHISTLES = """
select w.* from whistles w where w.source_ref = %s and w.state = 'open' order by w.at limit 200
"""
UNRATED = """
select k.id, k.unit_id, k.whistle_id, w.caller_id, w.ended_at from whistle_calls k
join whistles w on w.id = k.whistle_id and w.source_ref = %s and w.state = 'concluded'
where k.state = 'confirmed' and w.ended_at > %s
    and not exists (select from whistle_ratings r where r.call_id = k.id)
limit 20
"""


@cache
def told() -> dict[str, Any]:
    found: dict[str, Any] = read(text("whistles.yaml"))
    return found


def drawn(key: UUID, what: str) -> Random:
    return chance(key, what)


class Together:
    """Blows, comes, confirms, concludes and rates; gives tasks and does them."""

    def __init__(self, cell: Cell, town: Town, rng: Random) -> None:
        self.cell, self.town, self.rng = cell, town, rng
        self.looked: datetime | None = None
        self.freed: list[UUID] = []  # cases whose assisting units are done

    @property
    def crew(self) -> Crew:
        return self.town.crew

    def turn(self, now: datetime, gone: timedelta, pace: float) -> int:
        """Do what has become due; returns how many things."""
        share = len(self.town.grids) / words()["grids"] * pace * gone / timedelta(days=1)
        done = 0
        for what, act in (("whistles", self._blow), ("tasks", self._give)):
            if self._awake(now) and self.rng.random() < words()[f"{what}_per_day"] * share:
                done += self._done(act)
        if self.looked and abs(now - self.looked) < LOOK:
            return done
        self.looked = now
        done += self._done(self._call_out) if self._awake(now) else 0
        return done + self._done(self._tasks) + self._done(self._whistles) + self._done(self._rate)

    def _awake(self, now: datetime) -> bool:
        hour = now.astimezone(self.town.known.calendar.days.zone).hour
        return 8 <= hour < 18

    def _done(self, act: Callable[[Tx], int]) -> int:
        """In a transaction of its own; who was quicker is in the right."""
        try:
            with transaction(self.cell) as tx:
                return act(tx)
        except Refusal:
            return 0

    # --- whistles -------------------------------------------------------------------------------
    def _blow(self, tx: Tx) -> int:
        return blow(tx, self.town, self.rng)

    def _whistles(self, tx: Tx) -> int:
        return sum(follow(tx, self.town, row) for row in tx.rows(OPEN_WHISTLES, [MADE]))

    def _call_out(self, tx: Tx) -> int:
        return called_out.turn(tx, self.town)

    def _rate(self, tx: Tx) -> int:
        rows = tx.rows(UNRATED, [MADE, tx.now - timedelta(days=2)])
        return sum(rate(tx, self.town, row) for row in rows)

    # --- assisting units ------------------------------------------------------------------------
    def _give(self, tx: Tx) -> int:
        rows = tx.rows(IN_HAND, [MADE])
        if not rows:
            return 0
        case = self.rng.choice(rows)
        if self.rng.random() < 0.4 and self._call_company(tx, case):
            return 1
        near = self._helpers(case)
        if not near:
            return 0
        tasks.give(
            tx, self.crew.actor(case["holder_id"]), case["id"],
            task_id=new_id(), unit_id=self.rng.choice(near), words=self.rng.choice(told()["tasks"]),
            limit="4WH",
        )  # fmt: skip
        return 1

    def _call_company(self, tx: Tx, case: dict[str, Any]) -> bool:
        """The grid's worker calls the estate's property company to what others have in hand."""
        place = self.town.directory.atlas.areas[case["area_id"]]
        workers = self.crew.at(place.id, "grid_worker")
        near = company.companies(tx, place)
        if not workers or not near or case["unit_id"] == near[0].id:
            return False
        words = self.rng.choice(told()["companies"])
        company.call(
            tx, self.crew.actor(self.rng.choice(workers)), case["id"], key=new_id(), words=words
        )
        return True

    def _helpers(self, case: dict[str, Any]) -> list[UUID]:
        place = self.town.directory.atlas.areas[case["area_id"]]
        return [
            unit.id
            for here in self.town.directory.line(place)
            for unit in self.town.directory.at.get(("department", here.id), ())
            if unit.id != case["unit_id"] and self.crew.at(unit.id, *HANDLERS)
        ]

    def _tasks(self, tx: Tx) -> int:
        done = 0
        for task in tx.rows(OPEN_TASKS, [MADE]):
            rng = drawn(task["id"], task["state"])
            whole = task["due_at"] - task["at"]
            acknowledged = task["state"] == "acknowledged"
            at = task["at"] + whole * (
                rng.uniform(0.4, 1.1) if acknowledged else rng.uniform(0, 0.3)
            )
            people = self.crew.at(task["unit_id"], *HANDLERS)
            if at > tx.now or not people:
                continue
            action = TaskAction.FINISH if acknowledged else TaskAction.ACKNOWLEDGE
            note = rng.choice(told()["helped"]) if acknowledged else ""
            actor = self.crew.actor(rng.choice(people))
            tasks.step(
                tx, actor, task["case_id"], task["id"], TaskStep(new_id(), action, note=note)
            )
            if acknowledged:
                self.freed.append(task["case_id"])
            done += 1
        return done


def blow(tx: Tx, town: Town, rng: Random) -> int:
    """A street's duty leader or a grid worker calls two or three units to a place."""
    grid = town.grid(rng)
    spot, line = town.spot(grid, rng), town.directory.line(grid)
    by_worker = town.crew.at(grid.id, "grid_worker") if rng.random() < 0.4 else []
    people = by_worker or town.crew.at(town.desk_of(grid), "duty_leader")
    said = rng.choice(told()["whistles"])
    codes = [f"{key}-{here.code}" for key in said["units"] for here in reversed(line)]
    known = [town.directory.units[code] for code in codes if code in town.directory.units]
    unit_ids = tuple(unit.id for unit in known if town.crew.at(unit.id, *HANDLERS))
    if not people or not unit_ids:
        return 0
    given = Blow(
        new_id(), said["reason"], said["words"].format(place=spot.name), unit_ids,
        area_id=grid.id, place_words=spot.name, source_ref=MADE,
    )  # fmt: skip
    blowing.blow(tx, town.crew.actor(people[0]), given)
    return 1


def follow(tx: Tx, town: Town, whistle: dict[str, Any]) -> int:
    """Whatever is due of one whistle by now."""
    calls = queries.calls(tx, [whistle["id"]])
    done = 0
    for call in calls:
        decide = TURNS.get(call["state"])
        word = decide(town, whistle, call, tx.now) if decide else None
        if word:
            service.step(tx, town.crew.actor(word[0]), whistle["id"], call["id"], word[1])
            done += 1
    return done + _conclude(tx, town, whistle, calls)


Row = dict[str, Any]
Word = tuple[UUID, CallStep]


def _called(town: Town, whistle: Row, call: Row, now: datetime) -> Word | None:
    """Most come in their time, some say that it is not their duty, some never answer."""
    rng = drawn(call["id"], "called")
    fate, whole = drawn(call["id"], "fate").random(), call["due_at"] - whistle["at"]
    absent, contested = words()["absent"], words()["contested"]
    people = town.crew.at(call["unit_id"], *HANDLERS)
    if fate < absent or not people:
        said = CallStep(new_id(), CallAction.MARK_ABSENT, note=rng.choice(told()["absent"]))
        return (whistle["caller_id"], said) if now > call["due_at"] else None
    if fate < absent + contested and not call["reason"]:
        note = rng.choice(told()["contested"])
        said = CallStep(new_id(), CallAction.CONTEST, note=note, reason="not_area")
        return (people[0], said) if now > whistle["at"] + whole * 0.2 else None
    if now <= whistle["at"] + whole * rng.uniform(0.1, 1.05):
        return None
    return rng.choice(people), CallStep(new_id(), CallAction.ARRIVE)


def _ruled(town: Town, whistle: Row, call: Row, _now: datetime) -> Word | None:
    leaders = town.crew.at(whistle["ruling_desk_id"], "duty_leader")
    action = CallAction.SIGN if call["state"] == "absent" else CallAction.REJECT
    note = drawn(call["id"], "ruled").choice(told()["ruled"])
    return (leaders[0], CallStep(new_id(), action, note=note)) if leaders else None


def _arrived(_town: Town, whistle: Row, call: Row, now: datetime) -> Word | None:
    wait = timedelta(minutes=drawn(call["id"], "arrived").uniform(3, 30))
    if now <= call["arrived_at"] + wait:
        return None
    return whistle["caller_id"], CallStep(new_id(), CallAction.CONFIRM)


TURNS: dict[str, Callable[[Town, Row, Row, datetime], Word | None]] = {
    "called": _called,
    "contested": _ruled,
    "absent": _ruled,
    "arrived": _arrived,
}


def _conclude(tx: Tx, town: Town, whistle: dict[str, Any], calls: list[dict[str, Any]]) -> int:
    settled = {"confirmed", "signed", "excused"}
    if any(call["state"] not in settled for call in calls):
        return 0
    rng = drawn(whistle["id"], "end")
    last = max((call["confirmed_at"] for call in calls if call["confirmed_at"]), default=tx.now)
    if tx.now < last + (whistle["due_at"] - last) * rng.uniform(0.05, 0.5):
        return 0
    solved = rng.random() < words()["solved"]
    about = next(
        (one for one in told()["whistles"] if one["words"][-12:] == whistle["words"][-12:]), None
    )
    conclusion = about["done"] if about and solved else "已开会研究，列入下一步计划，继续跟进。"
    ending.conclude(
        tx, town.crew.actor(whistle["caller_id"]), whistle["id"], step_id=new_id(), version=None,
        outcome=Outcome.SOLVED if solved else Outcome.PARTLY, conclusion=conclusion,
    )  # fmt: skip
    return 1


def rate(tx: Tx, town: Town, call: dict[str, Any]) -> int:
    """Both sides say a word."""
    rng = drawn(call["id"], "rating")
    grades = ("very_satisfied", "satisfied", "satisfied", "fairly_satisfied")
    people = town.crew.at(call["unit_id"], *HANDLERS)
    sides = [("whistler", town.crew.actor(call["caller_id"]))]
    sides += [("unit", town.crew.actor(people[0]))] if people else []
    for side, actor in sides:
        ending.rate(
            tx, actor, call["whistle_id"], call["id"], side=side, grade=rng.choice(grades), note=""
        )
    return len(sides)
