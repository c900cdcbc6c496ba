"""What the people of a city do next about a matter, and when: one decision at a time, seeded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from wangge.cases.clock import CaseRow
from wangge.cases.models import Action, Duty, State, StepInput
from wangge.cases.needs import needs_of
from wangge.cases.objections import ends_at
from wangge.cases.workflow import LOOP
from wangge.demo.crew import FIELD, HANDLERS
from wangge.demo.habits import Rhythm, id_at, words
from wangge.demo.inventing import BY_WORKER, Mind, Town
from wangge.dispatch.routing import Matter, choose
from wangge.dispatch.service import HANDLES

RATED = ("very_satisfied", "very_satisfied", "satisfied", "satisfied", "fairly_satisfied")
# One in so many that are sent out lies elsewhere.
ELSEWHERE = 12
NOT_HERE = "现场没有找到，看描述应该在旁边的网格。"
BY_HAND = "由就近单位办理。"


@dataclass(slots=True)
class Move:
    """A step to come: who takes it (none: the asker), when, what he says, whether with a photo."""

    at: datetime
    action: Action
    by: UUID | None
    said: dict[str, Any] = field(default_factory=dict)
    photo: bool = False

    def given(self, step_id: UUID, *, files: tuple[UUID, ...] = ()) -> StepInput:
        return StepInput(id=step_id, action=self.action, file_ids=files, **self.said)


class Course:
    """Decides for everybody whose turn it is; ``None`` means that nobody will do anything."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.rhythm = Rhythm(town.known.calendar)
        self._turns: dict[State, Callable[[CaseRow, Mind, datetime], Move | None]] = {
            State.REPORTED: self._new,
            State.VERIFYING: self._verified,
            State.ACCEPTED: partial(self._desk, action=Action.REGISTER, pace="dispatch"),
            State.REGISTERED: self._dispatched,
            State.REOPENED: self._dispatched,
            State.DISPATCHED: self._acknowledged,
            State.HANDLING: self._handled,
            State.HANDLED: partial(self._desk, action=Action.SEND_CHECK, pace="check"),
            State.CHECKING: self._checked,
            State.CHECKED: partial(self._desk, action=Action.CLOSE, pace="check"),
            State.CLOSED: self._answered,
        }

    def next(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        decide = self._turns.get(State(case["state"]))
        return decide(case, mind, now) if decide else None

    def _by(self, mind: Mind, people: list[UUID], *, but: UUID | None = None) -> UUID | None:
        free = [one for one in people if one != but]
        return mind.rng.choice(free) if free else None

    def _when(self, what: str, who: str, case: CaseRow, mind: Mind, now: datetime) -> datetime:
        return self.rhythm.delay(what, who, now, case["due_at"], mind.rng)

    def _desk(
        self,
        case: CaseRow,
        mind: Mind,
        now: datetime,
        *,
        action: Action,
        pace: str = "accept",
        role: str = "acceptor",
    ) -> Move | None:
        people = self.town.crew.at(case["desk_id"], role)
        said = {"answer": case["answer"] or mind.done} if action is Action.CLOSE else {}
        at = self._when(pace, "desk", case, mind, now)
        return Move(at, action, self._by(mind, people), said) if people else None

    def _new(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        if "refusal" in case["asked"]:
            return self._second_word(case, mind, now)
        habits, draw = words(), mind.rng.random()
        by_worker = case["channel"] in BY_WORKER and case["version"] == 1
        if by_worker and draw < habits["self_handled"]:
            photo = self._photo(case, Action.SELF_HANDLE)
            said = {"note": mind.done}
            return Move(now + timedelta(seconds=1), Action.SELF_HANDLE, case["created_by"], said,
                        photo)  # fmt: skip
        if not mind.verified and not by_worker:
            if draw < habits["withdrawn"] and case["has_asker"]:
                at = self._when("accept", "asker", case, mind, now)
                return Move(at, Action.WITHDRAW, None, {"note": "已经自己解决了。"})
            draw -= habits["withdrawn"]
            if draw < habits["verified"] and case["place_state"] == "located":
                return self._sent_to_look(case, mind, now)
            draw -= habits["verified"]
            if draw < habits["declined"] and (move := self._declined(case, mind, now)):
                return move
        public = case["channel"] not in BY_WORKER
        if public and not mind.looked and self.town.looks_first(mind.kind):
            return self._sent_to_look(case, mind, now)
        move = self._desk(case, mind, now, action=Action.ACCEPT)
        if move:
            move.said = {"type": mind.kind}
        return move

    def _declined(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        """Told by one, or proposed where the desk has somebody for the second word."""
        two = self.town.known.switches.decline_by_two
        if two and not self.town.crew.at(case["desk_id"], "duty_leader"):
            return None
        move = self._desk(case, mind, now, action=Action.PROPOSE_DECLINE if two else Action.DECLINE)
        if move:
            mind.verified = True  # whatever becomes of it, it is not proposed again
            move.said = dict(mind.rng.choice(self.town.matters["declined"]))
        return move

    def _second_word(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        """The duty leader mostly agrees; what he does not is taken on."""
        leaders = self.town.crew.at(case["desk_id"], "duty_leader")
        if not leaders:
            return None
        at = self._when("decide", "desk", case, mind, now)
        if mind.rng.random() < words()["refusal_agreed"]:
            note = {"note": "同意，请向诉求人解释清楚。"}
            return Move(at, Action.APPROVE_DECLINE, leaders[0], note)
        note = {"note": "属于本级可以协调的事项，请受理后转有关单位。"}
        return Move(at, Action.REFUSE_DECLINE, leaders[0], note)

    def _sent_to_look(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        mind.looked = True
        move = self._desk(case, mind, now, action=Action.SEND_VERIFY)
        if move:
            move.said = {"note": "请到现场看一下具体情况。"}
        return move

    def _verified(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        mind.verified = True
        by = self._by(mind, self._at_ground(case))
        at = self._when("verify", "field", case, mind, now)
        said = {"note": mind.rng.choice(words()["looked"])}
        professionals = self.town.crew.at(case["area_id"], "professional_worker")
        in_grid = case["route"].get("grid_first") and case["type"] is None and professionals
        if in_grid and mind.rng.random() < words()["self_handled"]:
            done = {"note": mind.done, "answer": mind.done, "type": mind.kind}
            return Move(at, Action.SELF_HANDLE, professionals[0], done)
        if by and case["id"].int % ELSEWHERE == 0:
            return Move(at, Action.NOT_HERE, by, {"reason": "wrong_point", "note": NOT_HERE})
        return Move(at, Action.VERIFY, by, said) if by else None

    def _at_ground(self, case: CaseRow) -> list[UUID]:
        """Who goes and looks: the grid's own people, else whoever leads the ground or the desk."""
        crew = self.town.crew
        return (
            crew.at(case["area_id"], *FIELD)
            or crew.at(case["area_id"], "grid_leader")
            or crew.at(case["desk_id"], "duty_leader")
        )

    def _dispatched(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        if "unreasonable" in case["asked"]:
            return None  # nobody sends it anywhere before it is ruled on
        unit = self._unit(case, mind)
        move = self._desk(
            case, mind, now, action=Action.DISPATCH, pace="dispatch", role="dispatcher"
        )
        if move is None or unit is None:
            return None
        move.said = {"unit_id": unit, "note": BY_HAND}
        return move

    def _unit(self, case: CaseRow, mind: Mind) -> UUID | None:
        """The directory's unit, or after a return or where it names none a service nearby."""
        town = self.town
        place = town.directory.atlas.areas[case["area_id"]]
        matter = Matter(place, case["type"], case["desk_id"], case["received_at"])
        chosen = choose(town.known, town.directory, matter)
        if chosen and chosen.unit.kind in HANDLES and not (mind.returned and case["round"] == 1):
            return chosen.unit.id
        near = [
            unit.id
            for here in reversed(town.directory.line(place))
            for unit in town.directory.at.get(("department", here.id), ())
        ]
        fresh = [unit for unit in near if unit not in case["unit_ids"]]
        return next(iter(fresh or near), None)

    def _ruled(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        """What the dispatcher says to an objection: mostly that the unit is right."""
        at = self._when("rule", "desk", case, mind, now)
        by = self._by(mind, self.town.crew.at(case["desk_id"], "dispatcher"))
        if mind.rng.random() < words()["upheld"]:
            return Move(at, Action.UPHOLD, by, {"note": "异议成立，改派。"})
        note = "按派单目录由贵单位承办，请尽快签收办理。"
        return Move(at, Action.OVERRULE, by, {"note": note})

    def _objects(self, case: CaseRow, mind: Mind, now: datetime, by: UUID) -> Move | None:
        mind.returned = True
        at = self._when("return", "unit", case, mind, now)
        if at > ends_at(self.town.known, case):
            return None
        return Move(at, Action.RETURN, by, dict(mind.rng.choice(self.town.matters["returned"])))

    def _acknowledged(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        if "objection" in case["asked"]:
            return self._ruled(case, mind, now)
        but = case["handler_id"] if case["round"] > 1 else None
        by = self._by(mind, self.town.crew.at(case["unit_id"], *HANDLERS), but=but)
        if by is None:
            return None
        if not mind.returned and case["round"] == 1 and mind.rng.random() < words()["returned"]:
            heard = self.town.crew.at(case["desk_id"], "dispatcher")
            if heard and (move := self._objects(case, mind, now, by)):
                return move
        return Move(self._when("acknowledge", "unit", case, mind, now), Action.ACKNOWLEDGE, by)

    def _handled(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        by = case["holder_id"] or self._by(mind, self.town.crew.at(case["unit_id"], *HANDLERS))
        if by is None:
            return None
        if move := self._more_time(case, mind, now, by):
            return move
        if not mind.progressed and mind.rng.random() < words()["progress"]:
            mind.progressed = True
            at = self._when("progress", "unit", case, mind, now)
            note = mind.rng.choice(words()["on_the_way"])
            return Move(at, Action.PROGRESS, by, {"note": note})
        at = self._when("finish", "unit", case, mind, now)
        said = {"note": mind.done, "answer": mind.done}
        return Move(at, Action.FINISH, by, said, self._photo(case, Action.FINISH))

    def _more_time(self, case: CaseRow, mind: Mind, now: datetime, by: UUID) -> Move | None:
        """Some units ask for more time, once; most get it from the duty leader of the desk."""
        leaders = self.town.crew.at(case["desk_id"], "duty_leader")
        if "extension" in case["asked"]:
            asked = words()["extension"]
            at = self._when("decide", "desk", case, mind, now)
            if mind.rng.random() < asked["granted"] and at < case["due_at"]:
                return Move(at, Action.GRANT_EXTENSION, leaders[0], {"note": "同意，抓紧办理。"})
            note = {"note": "请按原定时限办理，需要协调的及时报告。"}
            return Move(at, Action.REFUSE_EXTENSION, leaders[0], note)
        if mind.extended or not leaders or mind.rng.random() >= words()["extended"]:
            return None
        mind.extended = True
        at = self._when("extend", "unit", case, mind, now)
        if at >= case["due_at"]:
            return None
        said = dict(mind.rng.choice(words()["extension"]["reasons"]))
        until = case["due_at"] + timedelta(days=mind.rng.randrange(2, 8))
        return Move(at, Action.EXTEND, by, {**said, "until": until})

    def _photo(self, case: CaseRow, action: Action) -> bool:
        move = LOOP.move(State(case["state"]), action)
        return any(need.startswith("photo") for need in needs_of(self.town.known, move, case))

    def _checked(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        if case["duty"] == Duty.SUPERVISOR:
            line = self.town.directory.line(self.town.directory.atlas.areas[case["area_id"]])
            people = [
                one for here in reversed(line) for one in self.town.crew.at(here.id, "supervisor")
            ]
            by = people[0] if people else None
        else:
            by = self._by(mind, self._at_ground(case), but=case["handler_id"])
        if by is None:
            return None
        at = self._when("check", "field", case, mind, now)
        if not mind.failed and mind.rng.random() < words()["failed_check"]:
            mind.failed = True
            return Move(at, Action.FAIL_CHECK, by, {"note": mind.rng.choice(words()["again"])})
        return Move(at, Action.PASS_CHECK, by, {"note": mind.rng.choice(words()["checked"])})

    def _answered(self, case: CaseRow, mind: Mind, now: datetime) -> Move | None:
        habits, rng = words(), mind.rng
        if case["duty"] != Duty.ASKER or rng.random() >= habits["answered"]:
            return None
        at = self._when("answer", "asker", case, mind, now)
        if rng.random() >= habits["dissatisfied"]:
            return Move(at, Action.EVALUATE, None,
                        {"solved": True, "satisfaction": rng.choice(RATED)})  # fmt: skip
        again = {"solved": False, "note": rng.choice(self.town.matters["reopened"])}
        if case["round"] > self.town.known.switches.reopen_limit:
            return Move(at, Action.EVALUATE, None, {**again, "satisfaction": "dissatisfied"})
        mind.failed = mind.progressed = True
        return Move(at, Action.REOPEN, None, again)


def step_id(move: Move, mind: Mind) -> UUID:
    return id_at(move.at, mind.rng)
