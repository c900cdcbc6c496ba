"""听音转写: what was only spoken, written down by the desk, is read as if it had been typed."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases import transcribing
from wangge.cases.corrections import WITH_DESK, Correction, correct
from wangge.cases.models import DONE, Action, State, StepInput, Taker
from wangge.cases.service import locked, not_found
from wangge.dispatch import alarms
from wangge.intake.models import Source
from wangge.intake.reading import LONGEST_TEXT, URGENT_LEVEL, Reader
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.service import rules

MAY = "case.correct"
ROUTE = "update cases set route = %s where id = %s"
EMERGENCY = "update cases set emergency = %s where id = %s"


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of a recording; ``id`` is the step's."""

    id: UUID
    text: str


def write_down(tx: Tx, actor: Actor, case_id: UUID, given: Heard) -> None:
    """Give a spoken report its words; danger that is heard only now wakes people now."""
    case = locked(tx, case_id)
    if not actor.may_at(MAY, desk_id=case["desk_id"]):
        raise not_found()
    if tx.one("select 1 from case_steps where id = %s and case_id = %s", [given.id, case_id]):
        return
    if len(given.text) > LONGEST_TEXT:
        raise Invalid(
            "text_too_long", "内容过长，请缩短", "too long; please shorten it", field="text"
        )
    taker = Taker("account", actor.id, actor.name, actor.title)
    if not transcribing.heard(tx, case_id, taker):
        raise Refusal(
            "heard_already",
            "这段录音已经转写，请刷新查看；您写的仍在",
            "this recording was written down already; look again, what you typed is kept",
        )
    step = StepInput(given.id, Action.REMARK, note="听录音转写。", data={"did": "heard"})
    transcribing.write_down(tx, case, taker, given.text, step=step)
    if State(case["state"]) in WITH_DESK:
        reader = Reader(tx, Source(actor))
        route = reader.route_of(case["area_id"], case["type"], case["desk_id"], given.text)
        tx.run(ROUTE, [Jsonb(route, dumps), case_id])
    groups = rules(tx).matcher(given.text).groups
    if groups and State(case["state"]) not in DONE:
        _alarm(tx, actor, case_id, groups)


def _alarm(tx: Tx, actor: Actor, case_id: UUID, groups: list[str]) -> None:
    tx.run(EMERGENCY, [groups, case_id])
    case = locked(tx, case_id)
    if State(case["state"]) in WITH_DESK:
        urgent = Correction(new_id(), case["version"], level=URGENT_LEVEL)
        correct(tx, actor, case_id, urgent)
    alarms.raise_alarm(tx, case_id, groups)
