"""Who owns an open case: whoever holds a post today that may take its next step; who stands in."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.models import Action, Duty, State, StepInput
from wangge.cases.workflow import BEFORE_CLOSING, LOOP
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.kernel.workflow import Move
from wangge.people.roles import ROLES
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

LEADS = ("duty_leader", "acceptor")
Narrowed = tuple[tuple[str, tuple[str, ...]], ...]


class Place(StrEnum):
    """Where the owner's post is held."""

    DESK = "desk"
    UNIT = "unit"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Owning:
    """The posts that own a case in one state; from round ``other_from`` not its last handler."""

    state: str
    duty: str
    place: Place
    roles: tuple[str, ...]
    other_from: int | None = None


def ownings(known: Rules) -> tuple[Owning, ...]:
    """Read the owners of every state off the law of the loop and the city's own narrowing."""
    return _read(tuple((rule.code, rule.roles) for rule in known.workflow.actions if rule.roles))


@lru_cache(maxsize=64)
def _read(narrowed: Narrowed) -> tuple[Owning, ...]:
    return tuple(
        owning
        for state in sorted(BEFORE_CLOSING)
        for move in LOOP.from_(state)
        if move.primary
        for owning in _ownings(dict(narrowed), state, move)
    )


def _ownings(
    narrowed: dict[str, tuple[str, ...]], state: State, move: Move[State, Action]
) -> Iterator[Owning]:
    action, by, permission = move.action, move.by, move.permission
    roles = partial(_roles, narrowed.get(action.value, ()))
    if by == "checker":
        for duty, needed in ((Duty.GRID, permission), (Duty.SUPERVISOR, "case.supervise")):
            yield Owning(state, duty, Place.GROUND, roles(needed), 1)
        return
    place = {Duty.DESK: Place.DESK, Duty.UNIT: Place.UNIT}.get(Duty(by), Place.GROUND)
    other = 2 if action is Action.ACKNOWLEDGE else None
    yield Owning(state, Duty(by), place, roles(permission), other)


def _roles(only: tuple[str, ...], permission: str) -> tuple[str, ...]:
    return tuple(
        name
        for name, role in ROLES.items()
        if permission in role.grants and (not only or name in only)
    )


# Where a unit has nobody else, its last handler may take the next round (has_nobody_else).
# Cases that stand in the same place in the same state have the same owners, so places are asked
# for and not cases. A desk that was dissolved is in charge of nothing. The open ones are fetched
# first: told that a few will do, PostgreSQL walks whole tables in the order of the places.
UNOWNED = """
with needs as materialized (
    select * from jsonb_to_recordset(%(needs)s)
        as n(state text, duty text, place text, roles text[], other_from int)),
today as materialized (select city_today() as day),
open as materialized (
    select c.id, c.state, c.duty, c.desk_id, c.unit_id, c.pos, c.round, c.handler_id,
        c.about_account, c.due_at
    from cases c
    where c.state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')
        and c.id = any(%(ids)s)),
held as (
    select c.state, c.duty, c.desk_id, n.place, n.roles,
        case n.place when 'desk' then c.desk_id when 'unit' then c.unit_id end as unit_id,
        case n.place when 'ground' then c.pos end as pos,
        case when c.round >= n.other_from then c.handler_id end as other,
        c.about_account as about,
        bool_or(c.due_at is null) as undue, array_agg(c.id) as ids
    from open c left join needs n on n.state = c.state and n.duty = c.duty
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9)
select unnest(h.ids) as id from held h, today
where h.undue or h.place is null
    or not exists (select from organisations d where d.id = h.desk_id and d.active)
    or (h.place <> 'ground' and not exists (
        select from posts p join accounts a on a.id = p.account_id and a.active
        join organisations u on u.id = p.unit_id and u.active
        where p.unit_id = h.unit_id and p.role = any(h.roles) and p.valid @> today.day
            and p.account_id is distinct from h.about))
    or (h.place = 'ground' and not exists (
        select from areas here join areas r on r.path @> here.path
        join posts p on p.area_id = r.id and p.role = any(h.roles) and p.valid @> today.day
        join accounts a on a.id = p.account_id and a.active
        where here.pos = h.pos and p.account_id is distinct from h.other
            and p.account_id is distinct from h.about))
limit %(most)s
"""
# Two statements, for one that could be either has a plan that looks at all for one.
ALL_UNOWNED = UNOWNED.replace("and c.id = any(%(ids)s)", "")


def unowned(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = 1000) -> list[UUID]:
    """Open cases that nobody could take on today or that have no due time; there must be none."""
    needs = _as_json(ownings(rules(tx)))
    if ids is None:
        return [row["id"] for row in tx.rows(ALL_UNOWNED, {"needs": needs, "most": most})]
    values = {"needs": needs, "ids": list(ids), "most": most}
    return [row["id"] for row in tx.rows(UNOWNED, values)]


@lru_cache(maxsize=64)
def _as_json(needed: tuple[Owning, ...]) -> Jsonb:
    return Jsonb([asdict(owning) for owning in needed])


def owning_of(known: Rules, case: dict[str, Any]) -> Owning | None:
    here = (case["state"], case["duty"])
    return next((one for one in ownings(known) if (one.state, one.duty) == here), None)


AT_UNIT = """
select p.account_id, 0 as height from posts p join accounts a on a.id = p.account_id and a.active
join organisations u on u.id = p.unit_id and u.active
where p.unit_id = %(unit)s and p.role = any(%(roles)s) and p.valid @> city_today()
    and p.account_id is distinct from %(about)s
"""
ON_GROUND = """
select p.account_id, nlevel(here.path) - nlevel(r.path) as height
from areas here join areas r on r.path @> here.path
join posts p on p.area_id = r.id and p.role = any(%(roles)s) and p.valid @> city_today()
join accounts a on a.id = p.account_id and a.active
where here.pos = %(pos)s and p.account_id is distinct from %(other)s
    and p.account_id is distinct from %(about)s
"""


OWNED = """
select exists (select from organisations where id = %(desk)s and active)
    and exists ({}) as owned
"""


@lru_cache(maxsize=64)
def _owned_at(place: Place, roles: int) -> str:
    """The question for a number of roles.

    At a unit they are named one by one: for a list PostgreSQL would plan it anew each time, which
    took four fifths of it.
    """
    if place is Place.GROUND:
        return OWNED.format(ON_GROUND)
    names = ", ".join(f"%(role{n})s" for n in range(roles))
    return OWNED.format(AT_UNIT.replace("= any(%(roles)s)", f"in ({names})"))


def is_owned(tx: Tx, case: dict[str, Any]) -> bool:
    """Whether one open case is anybody's today; what ``unowned`` asks of many at once."""
    if case["state"] not in BEFORE_CLOSING:
        return True
    owning = owning_of(rules(tx), case)
    if owning is None or case["due_at"] is None:
        return False
    if not owning.roles:
        return False
    roles = {f"role{n}": role for n, role in enumerate(owning.roles)}
    values = _sought(owning, case) | roles | {"desk": case["desk_id"]}
    row = tx.one(_owned_at(owning.place, len(roles)), values)
    return bool(row and row["owned"])


def _sought(owning: Owning, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "roles": list(owning.roles),
        "unit": case["desk_id"] if owning.place is Place.DESK else case["unit_id"],
        "pos": case["pos"],
        "about": case.get("about_account"),
        "other": case["handler_id"]
        if owning.other_from and case["round"] >= owning.other_from
        else None,
    }


def owners(tx: Tx, case: dict[str, Any]) -> list[UUID]:
    """The accounts that own the case now; of those whose ground it is, the nearest ones."""
    owning = owning_of(rules(tx), case)
    if owning is None:
        return []
    values = _sought(owning, case)
    rows = tx.rows(ON_GROUND if owning.place is Place.GROUND else AT_UNIT, values)
    rows = [row for row in rows if row["account_id"] != values["other"]] or rows
    lowest = min((row["height"] for row in rows), default=0)
    return sorted({row["account_id"] for row in rows if row["height"] == lowest})


UNIT_HANDLES = """
select 1 from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today() limit 1
"""


def can_handle(tx: Tx, unit_id: UUID) -> bool:
    """Whether the unit has somebody on his post who may acknowledge a case."""
    here = {"state": State.DISPATCHED, "duty": Duty.UNIT}
    owning = owning_of(rules(tx), here)
    return bool(owning and tx.one(UNIT_HANDLES, [unit_id, list(owning.roles)]))


def check_unit(tx: Tx, unit_id: UUID | None, *, about: UUID | None = None) -> None:
    """Refuse a unit that is none, that the case is about, or that has nobody to take it."""
    if about and unit_id == about:
        raise Refusal(
            "about_this_unit",
            "这件事项反映的就是该单位，请改派其他单位",
            "the case is about this unit; choose another",
            field="unit_id",
        )
    unit = tx.one(
        "select id, kind from organisations where id = %s and active and kind <> 'party'",
        [unit_id],
    )
    if unit is None:
        raise Invalid("unknown_unit", "没有这个承办单位", "no such unit", field="unit_id")
    if not can_handle(tx, unit["id"]):
        raise Refusal(
            "unit_without_people",
            "这个单位现在没有能签收的在岗人员，请改派其他单位",
            "nobody on a post in this unit could take it now; choose another unit",
            field="unit_id",
        )


NEXT_DESK = """
select o.id, o.short_name, before.short_name as old_name, before.active as old_active
from organisations before
left join areas ground on ground.id = before.area_id
join organisations o on o.kind = 'desk' and o.active and o.id <> before.id
    and o.id is distinct from %(about)s
join areas a on a.id = o.area_id and (a.path @> ground.path or a.parent_id is null)
where before.id = %(desk)s and exists (select from posts p
    join accounts c on c.id = p.account_id and c.active
    where p.unit_id = o.id and p.role = any(%(roles)s) and p.valid @> city_today())
order by nlevel(a.path) desc, o.code limit 1
"""


def next_desk(
    tx: Tx, desk_id: UUID, roles: Sequence[str], *, about: UUID | None = None
) -> dict[str, Any] | None:
    """The nearest other desk, on the same ground or above, where one of the roles is held.

    ``about`` is the unit that a complaint is about; it is passed over.
    """
    return tx.one(NEXT_DESK, {"desk": desk_id, "roles": list(roles), "about": about})


HOLDS = """
select exists (select from organisations where id = %(desk)s and active) as desk,
    (select short_name from organisations where id = %(unit)s) as unit,
    (select array_to_string(names[2:], '') from areas where pos = %(pos)s) as ground
"""


def names(tx: Tx, case: dict[str, Any]) -> dict[str, Any]:
    """What a history calls the places of a case; ``desk`` says whether its desk still exists."""
    values = {"desk": case["desk_id"], "unit": case["unit_id"], "pos": case["pos"]}
    return tx.one(HOLDS, values) or {}


def next_in_line(tx: Tx, case: dict[str, Any]) -> StepInput | None:
    """The step that gives a case without an owner to the next in line; None when it has one.

    A desk hands it to the nearest desk above that has the post; from a unit or from the ground it
    comes back to the desk in charge. With nobody up to the city's desk it stays where it is.
    """
    owning, called = owning_of(rules(tx), case), names(tx, case)
    if owning is None or (called["desk"] and owners(tx, case)):
        return None
    if owning.place is Place.DESK or not called["desk"]:
        roles = owning.roles if owning.place is Place.DESK else LEADS
        desk = next_desk(tx, case["desk_id"], roles, about=case.get("about_unit"))
        return _handed_over(desk) if desk else None
    return _taken_back(called[owning.place], owning.place)


def _handed_over(desk: dict[str, Any]) -> StepInput:
    why = "没有能办这一步的在岗人员" if desk["old_active"] else "已撤销"
    rule = "nobody_on_post" if desk["old_active"] else "unit_dissolved"
    return StepInput(
        id=new_id(),
        action=Action.HAND_OVER,
        note=f"{desk['old_name']}{why}，移交{desk['short_name']}。",
        data={"rule": rule, "desk_id": str(desk["id"])},
    )


def _taken_back(name: str, place: Place) -> StepInput:
    where = name if place is Place.UNIT else f"{name}及其上级网格"
    return StepInput(
        id=new_id(),
        action=Action.TAKE_BACK,
        note=f"{where}没有能办这一步的在岗人员，由受理台收回另派。",
        data={"rule": "nobody_on_post"},
    )


def take_over(after: dict[str, Any], given: StepInput) -> None:
    """What the two steps of standing in change of a case."""
    if given.action is Action.TAKE_BACK:
        after |= {"unit_id": None, "holder_id": None, "path": "main"}
        return
    after["desk_id"] = UUID(given.data["desk_id"])
    after["unit_ids"] = list(dict.fromkeys([*after["unit_ids"], after["desk_id"]]))
