"""巡查: walks round, alone or with several units on a common route and time.

What is found becomes a case of its own with where it came from. Stretches are taken only where
the city has switched them on, and nothing finer exists.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.fieldwork.models import Patrol, PatrolPlan, Recorded, RecordKind
from wangge.fieldwork.permissions import PLAN, WORK, no_such_plan, own_ground
from wangge.fieldwork.recording import Where, known, write
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.service import rules

MOST_UNITS, MOST_PEOPLE = 12, 40
PLAN_OF = "select * from patrol_plans where id = %s"
# Several units tick the stretches of one plan; what was ticked once is walked.
WALKED = """
update patrol_plans set walked = array(
    select distinct n from unnest(walked || %(new)s::int[]) n order by n) where id = %(id)s
"""
HOLDERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = any(%s) and p.role in ('handler', 'department_manager', 'property_manager')
    and p.valid @> city_today() order by 1
"""


def plan(tx: Tx, actor: Actor, plan_id: UUID, given: PatrolPlan) -> None:
    """A common route and time; units and people are told when and where."""
    said = fingerprint(actor.id, asdict(given))
    if is_repeat(tx.one(PLAN_OF, [plan_id]), said):
        return
    area = atlas.of(tx).areas.get(given.area_id)
    if area is None or not (actor.may_at(PLAN, pos=area.pos) or actor.may_at(WORK, pos=area.pos)):
        raise Invalid(
            "not_your_ground", "这里不在您的网格", "this is not on your ground", field="area_id"
        )
    _check(tx, given)
    tx.insert(
        "patrol_plans",
        [{"id": plan_id, "pos": area.pos, "area_id": area.id, "title": given.title.strip(),
          "route": given.route.strip(), "begins_at": given.begins_at, "ends_at": given.ends_at,
          "unit_ids": list(given.unit_ids), "account_ids": list(given.account_ids),
          "stretches": Jsonb([{"begins": one.begins.strip(), "ends": one.ends.strip()}
                              for one in given.stretches], dumps),
          "made_by": actor.id, "at": tx.now, "request_hash": said}],
    )  # fmt: skip
    _tell(tx, actor, given)


def _check(tx: Tx, given: PatrolPlan) -> None:
    if given.ends_at <= given.begins_at:
        raise Invalid(
            "bad_time", "结束时间要晚于开始时间", "it ends after it begins", field="ends_at"
        )
    if not given.title.strip() or not given.route.strip():
        raise Invalid("field_needed", "请写明路线", "say where it goes", field="route")
    if given.stretches and not rules(tx).visits.stretches:
        raise stretches_off()
    if len(given.unit_ids) > MOST_UNITS or len(given.account_ids) > MOST_PEOPLE:
        raise Invalid("too_many", "参加的单位或人员太多", "too many take part", field="unit_ids")
    units = tx.rows(
        "select id from organisations where id = any(%s) and active", [list(given.unit_ids)]
    )
    if len(units) != len(set(given.unit_ids)):
        raise Invalid("unknown_unit", "没有这个单位", "no such unit", field="unit_ids")


def _tell(tx: Tx, actor: Actor, given: PatrolPlan) -> None:
    zone = rules(tx).calendar.days.zone
    begins = given.begins_at.astimezone(zone)
    when = f"{begins.month}月{begins.day}日{begins:%H:%M}"
    body = {"title": given.title.strip(), "route": given.route.strip(), "at": when}
    whom = {row["account_id"] for row in tx.rows(HOLDERS, [list(given.unit_ids)])}
    whom |= set(given.account_ids)
    notices.notify(
        tx,
        [
            notices.Notice(account_id=one, code="patrol_planned", body=body, id=new_id())
            for one in sorted(whom - {actor.id})
        ],
    )


def patrol(tx: Tx, actor: Actor, record_id: UUID, given: Patrol) -> Recorded:
    """Write a patrol down with its findings; a repeat answers as the first did."""
    before = known(tx, actor, record_id, asdict(given))
    if before:
        return before
    if given.stretches and not rules(tx).visits.stretches:
        raise stretches_off()
    row = plan_for(tx, actor, given.plan_id) if given.plan_id else None
    if row:
        _tick(tx, row, given)
        where = Where(atlas.of(tx).area(row["area_id"]), given.place_words.strip() or row["route"])
    else:
        where = Where(own_ground(tx, actor, given.area_id), given.place_words.strip())
    joint = bool(row and row["unit_ids"])
    return write(
        tx, actor, record_id, asdict(given), where,
        channel="joint_patrol" if joint else "patrol", follow_ups=given.follow_ups,
        kind=RecordKind.PATROL.value, plan_id=given.plan_id, words=given.words.strip(),
        place_words=where.words, partner_id=given.partner_id, done_at=given.done_at,
        stretches=Jsonb([asdict(one) for one in given.stretches], dumps),
    )  # fmt: skip


def stretches_off() -> Refusal:
    return Refusal(
        "stretches_off",
        "本市没有开启巡查路段记录，请去掉路段后再提交；其他内容都在",
        "this city keeps no stretches of patrols; leave them out, the rest is kept",
    )


def _tick(tx: Tx, row: dict[str, Any], given: Patrol) -> None:
    """Of a plan that names its stretches only these may be ticked."""
    named = [(one["begins"], one["ends"]) for one in row["stretches"]]
    if not (named and given.stretches):
        return
    new = [
        named.index(said)
        for one in given.stretches
        if (said := (one.begins.strip(), one.ends.strip())) in named
    ]
    if len(new) != len(given.stretches):
        raise Invalid(
            "unknown_stretch", "这段路不在这次巡查的安排里", "this stretch is not in the plan",
            field="stretches",
        )  # fmt: skip
    tx.run(WALKED, {"new": new, "id": row["id"]})


def told(tx: Tx, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The stretches of a plan and whether somebody has walked them; none where that is off."""
    if not rules(tx).visits.stretches:
        return []
    walked = set(row["walked"])
    return [{**one, "walked": n in walked} for n, one in enumerate(row["stretches"])]


def plan_for(tx: Tx, actor: Actor, plan_id: UUID) -> dict[str, Any]:
    """A plan that this person takes part in; to all others it is not there."""
    row = tx.one(PLAN_OF, [plan_id])
    if row is None or not takes_part(actor, row):
        raise no_such_plan()
    return row


def takes_part(actor: Actor, row: dict[str, Any]) -> bool:
    return (
        actor.id in (row["made_by"], *row["account_ids"])
        or not actor.unit_ids.isdisjoint(row["unit_ids"])
        or actor.may_at(WORK, pos=row["pos"])
    )


def end(tx: Tx, actor: Actor, plan_id: UUID) -> None:
    """Over; by whoever made it."""
    row = plan_for(tx, actor, plan_id)
    if row["made_by"] != actor.id:
        raise no_such_plan()
    tx.run(
        "update patrol_plans set ended_at = coalesce(ended_at, %s) where id = %s",
        [tx.now, plan_id],
    )
