"""联系物业: the property company of the estate at a place, its numbers, and calling it to a case.

Calling it is a child task of the case, as every help of a unit is. Who looks after the ground may
call just this company, also before the desk has begun; anybody else is for the desk to send.
"""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from wangge.areas.models import Area
from wangge.cases import tasks
from wangge.cases.assistance import OPEN
from wangge.cases.models import State
from wangge.cases.operations import place_of, read_body
from wangge.cases.schemas import Wire
from wangge.cases.service import locked, not_found
from wangge.cases.workflow import CALLED_TO, WITH_UNIT
from wangge.dispatch.directory import Unit, directory
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, Refusal
from wangge.kernel.operations import Kind, Operation, Outcome, kind
from wangge.kernel.operations import State as Became
from wangge.people.models import Actor

COMPANY = "property"
ASKING = "请到现场处理"
UNITS = """
select o.id, o.short_name as name, o.phone, a.short_name as estate
from organisations o left join areas a on a.id = o.area_id where o.id = any(%s)
"""
# Whoever is on the duty list now stands before those who only hold a post.
PEOPLE = """
select p.unit_id, a.name, a.phone, p.title, p.role, exists (select from duty_shifts s
        left join shift_stands t on t.shift_id = s.id and t.span @> %(now)s
        where s.unit_id = p.unit_id and s.span @> %(now)s
            and coalesce(t.account_id, s.account_id) = a.id) as on_duty
from posts p join accounts a on a.id = p.account_id and a.active and a.phone <> ''
where p.unit_id = any(%(units)s) and p.valid @> city_today()
    and p.role in ('property_manager', 'handler')
order by on_duty desc, p.role = 'property_manager' desc, a.name limit 12
"""
CALLED = """
select state from case_tasks where case_id = %s and unit_id = %s
order by state = any(%s) desc, at desc limit 1
"""


class CallBody(Wire):
    """What the company is asked to do; without words it is asked to come."""

    words: Annotated[str, Field(max_length=2000)] = ""


def companies(tx: Tx, area: Area) -> list[Unit]:
    """Those of the estates inside, else the one of the estate that the area lies in."""
    known = directory(tx)
    inside, waiting = [], [area.id]
    while waiting:
        here = waiting.pop()
        inside += known.at.get((COMPANY, here), [])
        waiting += [below.id for below in known.atlas.below.get(here, [])]
    nearest = known.nearest(COMPANY, area)
    return sorted(inside, key=lambda unit: unit.code) or ([nearest] if nearest else [])


def shown(tx: Tx, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """Each with its number of the day and night and its people, whoever is on duty first."""
    ids = [unit.id for unit in units]
    people = tx.rows(PEOPLE, {"units": ids, "now": tx.now})
    kept = ("name", "phone", "title", "on_duty")
    return [
        {**row, "people": [
            {name: one[name] for name in kept} for one in people if one["unit_id"] == row["id"]
        ]}
        for row in tx.rows(UNITS, [ids])
    ]  # fmt: skip


def of_case(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """The company at the place of a case, whether it leads it or was called, and who may call."""
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    unit = _company(tx, case)
    if unit is None:
        return {"company": None, "leads": False, "called": None, "may_call": False}
    called = tx.one(CALLED, [case_id, unit.id, [state.value for state in OPEN]])
    leads = case["unit_id"] == unit.id and case["state"] in WITH_UNIT
    stands = called is not None and called["state"] in OPEN
    return {
        "company": shown(tx, [unit])[0],
        "leads": leads,
        "called": called["state"] if called else None,
        "may_call": not leads and not stands and case["state"] in CALLED_TO and _may(actor, case),
    }


def call(tx: Tx, actor: Actor, case_id: UUID, *, key: UUID, words: str) -> None:
    """Call the estate's company to the case, as a task of its own; a repeat changes nothing."""
    case = locked(tx, case_id)
    if tasks.stands(tx, actor, case_id, key):
        return
    if not _may(actor, case):
        raise NotAllowed(
            "not_your_ground",
            "请物业到场由看护这片辖区的网格员提出；您填写的内容仍在",
            "who looks after the ground calls its property company; what you typed is kept",
        )
    if State(case["state"]) not in CALLED_TO:
        raise Refusal(
            "wrong_state",
            "这件事项已办理完毕，不用再请物业；您填写的内容仍在",
            "this case is done; nobody need be called, what you typed is kept",
            state=case["state"],
        )
    unit = _company(tx, case)
    if unit is None:
        raise Refusal(
            "no_company_here",
            "这个地点没有登记物业企业，请由受理台派单",
            "no property company is known for this place; let the desk dispatch",
        )
    tasks.begin(tx, actor, case, task_id=key, unit_id=unit.id, words=words.strip() or ASKING)


def _company(tx: Tx, case: dict[str, Any]) -> Unit | None:
    known = directory(tx)
    area = known.atlas.areas.get(case["area_id"])
    return known.nearest(COMPANY, area) if area else None


def _may(actor: Actor, case: dict[str, Any]) -> bool:
    return actor.may_at("case.verify", pos=case["pos"])


def from_phone(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """As the door of it; the operation's id is the task's."""
    body: CallBody = read_body(CallBody, op.payload)
    again = tasks.stands(tx, actor, op.record, op.id)
    call(tx, actor, op.record, key=op.id, words=body.words)
    return Outcome(Became.REPEATED if again else Became.APPLIED, place=place_of(tx, op.record))


kind(Kind("case.call_property", from_phone, collection="case"))
