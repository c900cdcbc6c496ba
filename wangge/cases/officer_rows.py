"""The rows behind what officers did in their grids, as conditions over a row ``c`` of ``cases``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wangge.cases.figure_sets import COUNTED_AS
from wangge.kernel.errors import Invalid

if TYPE_CHECKING:
    from wangge.cases.figure_rows import Within

OFFICER_EVENTS, DEPARTMENT_EVENTS = "officer_events", "department_events"
CODES = (OFFICER_EVENTS, DEPARTMENT_EVENTS)
# Posts by which an officer stands in a grid, and those by which he belongs to his department.
IN_GRID = "('professional_worker', 'part_time_worker', 'grid_police')"
OF_DEPARTMENT = "('handler', 'department_manager')"
# One matter told by ten is one event, and what was split counts as its parts.
ITSELF = f"{COUNTED_AS} not in ('merged', 'split')"
# Begun with the few who hold both posts; the posts of the day on which he acted count.
STEPS = f"""
select s.id as step_id, s.case_id, u.unit_id from posts g
join posts u on u.account_id = g.account_id and u.role in {OF_DEPARTMENT}
join organisations o on o.id = u.unit_id and o.kind = 'department'
join areas here on here.id = g.area_id
join case_steps s on s.account_id = g.account_id and s.actor_kind = 'account'
    and s.at >= %(first)s and s.at < %(cap)s
cross join lateral (select (s.at at time zone (select zone from clock))::date as day) d
join cases at on at.id = s.case_id and here.span @> at.pos
where g.role in {IN_GRID} and g.valid @> d.day and u.valid @> d.day
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows behind one number, as a condition on ``cases c``."""

    where: str
    params: dict[str, Any]


def condition(code: str, unit: str, within: "Within") -> Rows:
    """Of all officers, or of one department: what they did, or what it did in all."""
    params = within.params | {"officers_of": _unit(unit)}
    acted = f"""c.id in (select s.case_id from ({STEPS}) s
        where %(officers_of)s::uuid is null or s.unit_id = %(officers_of)s)"""
    if code == DEPARTMENT_EVENTS:
        handled = "c.handle_done_at >= %(first)s and c.handle_done_at < %(cap)s"
        acted = f"({acted} or c.unit_id = %(officers_of)s and {handled})"
    ground = "c.pos <@ (select span from areas where id = %(in_area)s)"
    return Rows(f"({acted} and {ITSELF} and (%(in_area)s::uuid is null or {ground}))", params)


def _unit(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError as error:
        raise Invalid(
            "unknown_figure",
            "没有这个指标或这一部分，请从指标页重新点开",
            "there is no such figure; open it again from the page of figures",
            field="figure",
        ) from error
