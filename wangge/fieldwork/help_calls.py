"""求助: a worker in need calls his leader and whoever is on duty, at once; no position is kept."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from wangge.areas.models import Area
from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.operations import read_body
from wangge.cases.schemas import Lat, Lon, Wire
from wangge.cases.service import locked, marked, not_found
from wangge.dispatch import alarms
from wangge.dispatch.service import acknowledge_alarm
from wangge.fieldwork.permissions import WORK, own_ground
from wangge.intake.models import Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Tx
from wangge.kernel.operations import Kind, Operation, Outcome, Place, kind
from wangge.people import roster
from wangge.people.models import Actor
from wangge.tenant.service import rules

GROUP = "worker_help"
NUMBERS = ("110", "120")
# The nearest first; a number that nobody has written down is no help.
LEADERS = """
select distinct on (a.id) a.id, a.name, a.phone, p.role, nlevel(g.path) as depth
from posts p join accounts a on a.id = p.account_id join areas g on g.id = p.area_id
where p.role in ('grid_leader', 'secretary') and p.valid @> city_today() and a.active
    and a.phone <> '' and a.id <> %(me)s
    and g.path @> (select path from areas where id = %(area)s)
order by a.id, nlevel(g.path) desc
"""
CALLED = "select 1 from alarms where case_id = %s and %s = any(groups)"
DESK = "select desk_id, title, number, place_words, created_by, pos from cases where id = %s"


class CallBody(Wire):
    """A point is only sent by whoever chose to send it with this call."""

    words: Annotated[str, Field(max_length=200)] = ""
    lon: Lon | None = None
    lat: Lat | None = None


class CancelBody(Wire):
    words: Annotated[str, Field(max_length=200)] = ""


def leaders(tx: Tx, actor: Actor, area: Area) -> list[dict[str, Any]]:
    """Who leads this ground and can be called, the nearest first."""
    rows = tx.rows(LEADERS, {"area": area.id, "me": actor.id})
    return sorted(rows, key=lambda row: (-row["depth"], row["name"]))


def numbers(tx: Tx, actor: Actor) -> list[dict[str, str]]:
    """Whom to call without a line: it lies on the phone until its person signs out."""
    area = own_ground(tx, actor, None)
    return [{"name": row["name"], "phone": row["phone"]} for row in leaders(tx, actor, area)]


def call(tx: Tx, actor: Actor, record: UUID, body: CallBody, found_at: datetime) -> dict[str, Any]:
    """Open the matter, wake the duty roster and tell his leaders by SMS; all or nothing."""
    area = own_ground(tx, actor, None)
    said = body.words.strip() or "需要支援"
    report = Report(
        id=record, text=f"网格员求助：{actor.name}，{said}", channel="worker", lon=body.lon,
        lat=body.lat, area_id=None if body.lon else area.id, found_at=found_at,
    )  # fmt: skip
    (receipt,) = receive_many(tx, [report], Source(actor))
    known = tx.one("select 1 from alarms where case_id = %s", [record])
    alarms.raise_alarm(tx, record, [GROUP])
    case = tx.one(DESK, [record]) or {}
    awake = {turn.account_id for turn in roster.on_duty(tx, case["desk_id"])}
    told = [row for row in leaders(tx, actor, area) if row["id"] not in awake]
    if known:
        return {"number": receipt.number, "leaders": [row["name"] for row in told]}
    alarms.tell(tx, record, [GROUP], [row["phone"] for row in told])
    return {"number": receipt.number, "leaders": [row["name"] for row in told]}


def cancel(tx: Tx, actor: Actor, step: UUID, record: UUID, words: str, data: Any) -> None:
    """He is safe: the ladder ends with his name, and everybody who was woken hears it."""
    case = locked(tx, record)
    # A fire that he reported is not his to call off.
    if case["created_by"] != actor.id or tx.one(CALLED, [record, GROUP]) is None:
        raise not_found()
    if tx.one("select 1 from case_steps where id = %s", [step]):
        return
    note = f"本人取消求助：{words.strip() or '已经安全'}"
    given = StepInput(step, Action.REMARK, note=note, data={**data, "cancelled": True})
    marked(tx, case, given, Taker("account", actor.id, actor.name, actor.title))
    acknowledge_alarm(tx, record, actor.id)
    alarms.tell_words(tx, record, note)


def _call(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    actor.must(WORK)
    body: CallBody = read_body(CallBody, op.payload)
    said = call(tx, actor, op.record, body, op.found_at or op.made_at)
    row = tx.one(DESK, [op.record]) or {}
    return Outcome(result=said, place=Place(row.get("pos")))


def _cancel(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: CancelBody = read_body(CancelBody, op.payload)
    cancel(tx, actor, op.id, op.record, body.words, op.times())
    return Outcome()


def help_of(tx: Tx) -> list[dict[str, str]]:
    """The public numbers of the city's own group of words, else the two that everybody knows."""
    group = next((one for one in rules(tx).words.groups if one.code == GROUP), None)
    found = [one.number for one in group.help] if group else list(NUMBERS)
    return [{"name": "", "phone": number} for number in found]


kind(Kind("help.call", _call, walled=False, collection="case"))
kind(Kind("help.cancel", _cancel, walled=False, collection="case"))
