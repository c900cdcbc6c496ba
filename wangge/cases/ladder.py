"""The ladder of desks 上报、下派、转办: a case changes its desk by a person's word."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.cases import admission, owners
from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.tenant.service import rules

MOVES = frozenset({Action.ESCALATE, Action.ASSIGN_DOWN, Action.TRANSFER})
STAFFED = """exists (select from posts p join accounts c on c.id = p.account_id and c.active
    where p.unit_id = o.id and p.role = any(%(roles)s) and p.valid @> city_today())"""
# From the desk in charge: its ground, and the desks on the branch of the tree above and below it.
# Never to the desk that a complaint is about: it could not even see it.
DESKS = """
select o.id, o.short_name from organisations before
join areas ground on ground.id = before.area_id
join areas here on here.id = %(area)s
join organisations o on o.kind = 'desk' and o.active and o.id <> before.id
    and o.id is distinct from %(about)s
join areas a on a.id = o.area_id
where before.id = %(desk)s and
"""
UP = f"""{DESKS} a.path @> ground.path and a.id <> ground.id and {STAFFED}
order by nlevel(a.path) desc, o.code limit 1"""
DOWN = f"""{DESKS} a.path <@ ground.path and a.id <> ground.id and a.path @> here.path and {STAFFED}
order by nlevel(a.path), o.code limit 1"""
SIDEWAYS = f"""{DESKS} o.id = %(unit)s and a.level = ground.level and {STAFFED}"""
GROUND = "select id, area_id, active from organisations where kind = 'desk'"
NAME = "select short_name from organisations where id = %s"


@dataclass(frozen=True, slots=True)
class _Desks:
    """The ground of each desk, and the active desks on it, as of one version of the units."""

    version: int
    ground: dict[UUID, UUID]  # desk → area
    on: dict[UUID, set[UUID]]  # area → desks


_kept: dict[str, _Desks] = {}


def _desks(tx: Tx) -> _Desks:
    version = tx.versions.get("units", 0)
    held = _kept.get(tx.cell.tenant)
    if held is None or held.version != version:
        rows = [row for row in tx.rows(GROUND) if row["area_id"]]
        on: dict[UUID, set[UUID]] = defaultdict(set)
        for row in rows:
            if row["active"]:
                on[row["area_id"]].add(row["id"])
        ground = {row["id"]: row["area_id"] for row in rows}
        held = _Desks(version, ground, dict(on))
        _kept[tx.cell.tenant] = held
    return held


def leads_on(tx: Tx, case: dict[str, Any]) -> frozenset[Action]:
    """Which ways there are from the desk in charge: no button leads off the ladder's end.

    Answered from memory: it is asked for every case that a desk opens, and desks change rarely.
    """
    areas, desks = atlas.of(tx), _desks(tx)
    mine = desks.ground.get(case["desk_id"])
    ground = areas.areas.get(mine) if mine else None
    here = areas.areas.get(case["area_id"])
    ways = {Action.TRANSFER}
    if ground is None:
        return frozenset(ways)

    def has_desk(area: Area) -> bool:
        return bool(desks.on.get(area.id, set()) - {case["about_unit"]})

    if any(map(has_desk, areas.above(ground))):
        ways.add(Action.ESCALATE)
    line = [here, *areas.above(here)] if here else []
    if ground in line and any(map(has_desk, takewhile(lambda area: area is not ground, line))):
        ways.add(Action.ASSIGN_DOWN)
    return frozenset(ways)


def aimed(tx: Tx, case: dict[str, Any], given: StepInput) -> StepInput:
    """The step with the desk it leads to, where somebody holds the post that has to act there."""
    owning = owners.owning_of(rules(tx), case)
    values = {
        "desk": case["desk_id"],
        "area": case["area_id"],
        "unit": given.unit_id,
        "about": case["about_unit"],
        "roles": list(owning.roles) if owning else [],
    }
    query = {Action.ESCALATE: UP, Action.ASSIGN_DOWN: DOWN}.get(given.action, SIDEWAYS)
    found = tx.one(query, values)
    if found is None:
        raise _no_desk(given.action)
    if given.action is not Action.ESCALATE:
        admission.check_lead(tx, case, found["id"])
    before = tx.one(NAME, [case["desk_id"]]) or {"short_name": ""}
    names = {"from_desk": before["short_name"], "to_desk": found["short_name"]}
    said = {**given.data, "desk_id": str(found["id"]), **names}
    return replace(given, unit_id=None, data=said)


def _no_desk(action: Action) -> Refusal:
    match action:
        case Action.ESCALATE:
            return Refusal(
                "no_desk_above",
                "上面没有能接手的受理台（已是最高一级，或无人在岗）",
                "there is no desk above that could take it on: this is the top, or nobody is there",
            )
        case Action.ASSIGN_DOWN:
            return Refusal(
                "no_desk_below",
                "事项所在地没有能接手的下级受理台",
                "there is no desk below, on the ground of the case, that could take it on",
            )
        case _:
            return Invalid(
                "no_such_desk",
                "请选择同级、有人在岗的受理台",
                "choose a desk of the same level where somebody is on the post",
                field="unit_id",
            )
