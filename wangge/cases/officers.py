"""What officers of departments did in the grids they are posted to: counted for both, once in all.

部门下沉人员入格履职: an officer holds a post in his department and one in a grid. What he does in
that grid counts for the grid, because it lies there, and for his department, because he is its own.
An event counts once in each line however many actions it took, and once in the sum however many
lines it stands in; each number opens the rows that it counts.
"""

from typing import Any
from uuid import UUID

from wangge.cases.figure_rows import Within
from wangge.cases.officer_rows import (
    DEPARTMENT_EVENTS,
    ITSELF,
    OFFICER_EVENTS,
    STEPS,
    condition,
)
from wangge.kernel.db import Tx

EVENTS = f"""
select s.case_id, s.unit_id, s.actions, c.pos from (
    select case_id, unit_id, count(distinct step_id) as actions from ({STEPS}) s group by 1, 2) s
join cases c on c.id = s.case_id
where {ITSELF} and (%(in_area)s::uuid is null
    or c.pos <@ (select span from areas where id = %(in_area)s))
"""
SUM = f"""
select count(distinct case_id) as events, coalesce(sum(actions), 0)::int as actions,
    count(distinct case_id) filter (where units > 1) as shared
from (select e.*, count(*) over (partition by case_id) as units from ({EVENTS}) e) e
"""
BY_UNIT = f"""
select o.id, o.short_name as name, count(*) as events, sum(e.actions)::int as actions
from ({EVENTS}) e join organisations o on o.id = e.unit_id
group by o.id order by o.code
"""
BY_AREA = f"""
select child.id, child.short_name as name, count(distinct e.case_id) as events,
    sum(e.actions)::int as actions,
    exists (select from areas b where b.parent_id = child.id) as leads_on
from ({EVENTS}) e join areas child on child.parent_id = %(parent)s and child.span @> e.pos
group by child.id order by child.code
"""


def officer_counts(tx: Tx, within: Within, parent: UUID | None) -> dict[str, Any]:
    """The sum, by department and by the areas of ``parent``, as far as the reader may see.

    ``whole`` is what a department did in all: by its officers in the grids, or sent to it as a
    unit and handled in the period; what was both is one event.
    """
    params = within.params | {"parent": parent}
    total = tx.one(SUM, params) or {}
    return {
        "within": within.token,
        "total": {**total, "figure": OFFICER_EVENTS},
        "units": [
            {
                **row,
                "figure": f"{OFFICER_EVENTS}:{row['id']}",
                "whole": _count(tx, within, f"{DEPARTMENT_EVENTS}:{row['id']}"),
                "whole_figure": f"{DEPARTMENT_EVENTS}:{row['id']}",
            }
            for row in tx.rows(BY_UNIT, params)
        ],
        "parent_id": parent,
        "areas": [
            {
                **row,
                "figure": OFFICER_EVENTS,
                "within": within.narrowed(area=row["id"]).token,
            }
            for row in tx.rows(BY_AREA, params)
        ],
    }


def _count(tx: Tx, within: Within, figure: str) -> int:
    code, _, unit = figure.partition(":")
    rows = condition(code, unit, within)
    row = tx.one(f"select count(*) as n from cases c where {rows.where}", rows.params)
    return int(row["n"]) if row else 0
