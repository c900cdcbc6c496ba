"""Opening an incident: from a case or directly, real or as a drill, with the tasks of its plan."""

from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.cases.models import Action, StepInput
from wangge.cases.service import locked as locked_case
from wangge.cases.service import not_found as no_such_case
from wangge.cases.service import step_of_account
from wangge.dispatch.directory import directory
from wangge.dispatch.routing import Matter, choose
from wangge.emergency import alerting
from wangge.emergency.history import id_taken, write
from wangge.emergency.models import RUN, Opening
from wangge.emergency.ordering import Owner, give
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.plans import LEVELS, IncidentKind, Plan, Step
from wangge.tenant.service import rules
from wangge.whistles.queries import nearest_desk, roles_with, standing

ALARM = "select raised_at, acknowledged_at from alarms where case_id = %s"
ON_POST = """
select c.id from areas a join posts p on p.area_id = a.id and p.role = %(role)s
    and p.valid @> city_today()
join accounts c on c.id = p.account_id and c.active
where a.span @> %(pos)s::int order by nlevel(a.path) desc, p.deputy, c.id limit 1
"""


class Ground(NamedTuple):
    """Where it happens."""

    area: Area
    lon: float
    lat: float
    words: str


def open_(tx: Tx, actor: Actor, given: Opening) -> None:
    """Write it down, give the plan's tasks, wake the roster; a repeat of the same changes nothing.

    The transaction passes row-level security: rights are asked here.
    """
    known = tx.one("select opened_by from incidents where id = %s", [given.id])
    if known:
        if known["opened_by"] != actor.id:
            raise id_taken()
        return
    actor.must(RUN)
    case = _case(tx, actor, given.case_id) if given.case_id else None
    ground = _ground(tx, given, case)
    actor.must_at(RUN, pos=ground.area.pos)
    kind, plan = _chosen(tx, given)
    if not given.title.strip():
        raise Invalid("field_needed", "请写明发生了什么", "say what happened", field="title")
    alarm = tx.one(ALARM, [given.case_id]) if given.case_id else None
    desk = _desk(tx, actor, ground.area.pos)
    row: dict[str, Any] = {
        "id": given.id, "number": _number(tx, ground.area.code, drill=given.drill),
        "drill": given.drill, "case_id": given.case_id, "kind": kind.code,
        "category": kind.category, "level": given.level, "response": given.response,
        "title": given.title.strip(), "words": given.words.strip(), "place_words": ground.words,
        "lon": ground.lon, "lat": ground.lat, "pos": ground.area.pos, "area_id": ground.area.id,
        "desk_id": desk, "unit_ids": [desk], "plan": plan.code if plan else "",
        "plan_name": Jsonb({"zh": plan.zh, "en": plan.en} if plan else {}),
        "plan_version": rules(tx).versions.get("plans", 0) if plan else 0,
        "alerted_at": alarm["raised_at"] if alarm and not given.drill else tx.now,
        "opened_by": actor.id, "opened_name": actor.name, "opened_title": actor.title,
        "opened_at": tx.now,
    }  # fmt: skip
    tx.insert("incidents", [row])
    incident = tx.one("select i.* from incidents i where i.id = %s for update", [given.id]) or row
    opened = {"level": given.level, "response": given.response, "plan": row["plan"],
              "version": row["plan_version"]}  # fmt: skip
    write(tx, incident, "opened", actor, words=row["words"] or row["title"], data=opened)
    if case and not given.drill:
        _tell_case(tx, actor, case, alarm, row["number"])
    for step in plan.steps if plan else ():
        owner = _owner(tx, incident, ground.area, step)
        incident = give(
            tx, incident, owner, key=new_id(), words=step.zh, words_en=step.en,
            step=step.code, minutes=step.minutes, role=step.role or "",
        )  # fmt: skip
    alerting.escalate(tx, given.id)


def _case(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Whoever commands at the place of a case sees it, unless it is about himself."""
    case = locked_case(tx, case_id)
    about = case["about_account"] == actor.id or case["about_unit"] in actor.unit_ids
    if about or not actor.may_at("case.read", pos=case["pos"], desk_id=case["desk_id"]):
        raise no_such_case()
    return case


def _ground(tx: Tx, given: Opening, case: dict[str, Any] | None) -> Ground:
    places = atlas.of(tx)
    lon, lat = given.lon, given.lat
    if case and lon is None:
        lon, lat = case["lon"], case["lat"]
    here = places.locator.at(lon, lat) if lon is not None and lat is not None else None
    if here is None or lon is None or lat is None:
        raise Invalid(
            "place_needed",
            "请在地图上点出位置：最近的资源由位置算出",
            "mark the place on the map: the nearest resources follow from it",
            field="lon",
        )
    words = given.place_words.strip() or (case["place_words"] if case else "") or here.name
    return Ground(here, lon, lat, words)


def _chosen(tx: Tx, given: Opening) -> tuple[IncidentKind, Plan | None]:
    plans = rules(tx).plans
    kind = plans.kind(given.kind)
    if kind is None or not kind.active:
        raise Invalid("field_needed", "请选择事件种类", "choose the kind", field="kind")
    if given.level not in LEVELS or given.response not in ("", *LEVELS):
        raise Invalid("field_needed", "请选择事件级别", "choose the level", field="level")
    plan = plans.plan(given.plan) if given.plan else None
    if given.plan and plan is None:
        raise Invalid("no_such_plan", "没有这个预案", "there is no such plan", field="plan")
    return kind, plan


def _desk(tx: Tx, actor: Actor, pos: int) -> UUID:
    """The opener's own desk, or the nearest with somebody who can command."""
    held = [post for post in actor.posts if RUN in post.grants and post.covers(pos)]
    own = standing(tx, [post.unit_id for post in held if post.unit_id])
    desk = own or nearest_desk(tx, pos, roles_with(RUN))
    if desk is None:
        raise Refusal("no_desk", "这个地方没有值守的网格中心", "no desk looks after this place")
    return desk


def _owner(tx: Tx, incident: dict[str, Any], area: Area, step: Step) -> Owner:
    """Whom a step falls to here: its post, its unit, the directory's unit, else the desk."""
    places = directory(tx)
    if step.role:
        held = tx.one(ON_POST, {"role": step.role, "pos": area.pos})
        if held:
            return Owner(account_id=held["id"])
    if step.unit and (unit := places.units.get(step.unit)):
        return Owner(unit_id=unit.id)
    if step.type:
        matter = Matter(area, step.type, incident["desk_id"], tx.now)
        if found := choose(rules(tx), places, matter):
            return Owner(unit_id=found.unit.id)
    return Owner(unit_id=incident["desk_id"])


def _tell_case(
    tx: Tx, actor: Actor, case: dict[str, Any], alarm: dict[str, Any] | None, number: str
) -> None:
    """The case's own history says so; an alarm that still rings is in hand from now on."""
    rings = alarm is not None and alarm["acknowledged_at"] is None
    action = Action.ACKNOWLEDGE_ALARM if rings else Action.REMARK
    said = StepInput(id=new_id(), action=action, note=f"已按突发事件处置，编号 {number}")
    with suppress(Refusal):  # a leader has no step of his own in a case; the incident names it
        step_of_account(tx, actor, case["id"], said)


def _number(tx: Tx, code: str, *, drill: bool) -> str:
    """E, or YL of a drill 演练; the township's code, the day and a running number, as of cases."""
    day = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    prefix = f"{'YL' if drill else 'E'}{code[:9]}"
    row = tx.one("select next_case_number(%s, %s) as n", [prefix, day])
    return f"{prefix}-{day:%Y%m%d}-{row['n'] if row else 0:04d}"
