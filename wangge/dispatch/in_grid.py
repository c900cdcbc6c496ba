"""格内先办: the grid's own people first, where the directory or the reporter's post says so."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases.clock import CaseRow
from wangge.cases.models import Action, StepInput
from wangge.cases.service import locked, step_of_system
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

# What somebody of the field reports he has seen already; an emergency waits for nobody. Most people
# name no type: what the words clearly point to is then enough for a look, and settles nothing.
FOR_THE_GRID = """
select c.id from cases c
where c.id = any(%(ids)s) and c.state = 'reported'
    and (c.type is not null or not coalesce((c.route ->> 'unsure')::bool, false))
    and (c.route ->> 'grid_first')::bool and c.emergency = '{}' and c.place_state = 'located'
    and c.about_unit is null and c.about_account is null
    and not exists (select from posts p where p.account_id = c.created_by
        and p.role = any(%(field)s) and p.valid @> city_today())
    and exists (select from areas a join posts p on p.area_id = a.id
        and p.role = 'professional_worker' and p.valid @> city_today()
        join accounts t on t.id = p.account_id and t.active
        where a.span @> c.pos and a.level in ('grid', 'micro_grid'))
    and not exists (select from case_steps s where s.case_id = c.id and s.action = 'send_verify')
order by c.id
"""
FIELD = ["grid_worker", "professional_worker", "grid_leader"]
# What a unit's worker reports goes to the worker of the grid, who looks before the desk does.
FROM_A_UNIT = """
select c.id from cases c
where c.id = any(%(ids)s) and c.state = 'reported' and c.emergency = '{}'
    and c.place_state = 'located' and c.about_unit is null and c.about_account is null
    and exists (select from posts p where p.account_id = c.created_by
        and p.role = 'unit_worker' and p.valid @> city_today())
    and not exists (select from posts p where p.account_id = c.created_by
        and p.role = any(%(field)s) and p.valid @> city_today())
    and exists (select from areas a join posts p on p.area_id = a.id
        and p.role = any(%(field)s) and p.valid @> city_today()
        join accounts t on t.id = p.account_id and t.active
        where a.span @> c.pos and a.level in ('grid', 'micro_grid'))
order by c.id
"""


def send(tx: Tx, ids: Sequence[UUID], first: Sequence[UUID]) -> None:
    """Send new cases to the people of their grid, if there is somebody on the post.

    ``first`` are those of them of which the directory says that the grid's own look first.
    """
    asked = {"ids": list(ids), "field": FIELD}
    # Asked only where such a post reports: every other report would pay for it.
    if tx.session and any(post["role"] == "unit_worker" for post in tx.session.posts):
        _send(tx, [row["id"] for row in tx.rows(FROM_A_UNIT, asked)], "unit_report")
    if first:
        to_its_professional(tx, first)


def to_its_professional(tx: Tx, ids: Sequence[UUID]) -> None:
    """Where the directory has the grid first: new cases, and those whose type was named since."""
    if rules(tx).routes.grid_first:
        asked = {"ids": list(ids), "field": FIELD}
        _send(tx, [row["id"] for row in tx.rows(FOR_THE_GRID, asked)], "grid_first")


def _send(tx: Tx, ids: Sequence[UUID], rule: str) -> None:
    for case_id in ids:
        case = locked(tx, case_id)
        step_of_system(tx, case, step_to_grid(rules(tx), case, rule))


def step_to_grid(known: Rules, case: CaseRow, rule: str = "grid_first") -> StepInput:
    """The step that sends it there; of a type that was only guessed it says so."""
    data = {"rule": rule, "route": case["route"]}
    note = ""
    if rule == "grid_first" and case["type"] is None:
        kind = known.types.by_code[case["route"]["suggested"][0]["code"]]
        data["guessed"] = kind.code
        note = f"描述像“{kind.zh}”，先请格内专业网格员去看；类型由看过的人和受理台定。"
    return StepInput(id=new_id(), action=Action.SEND_VERIFY, note=note, data=data)


def is_for_the_grid(case: CaseRow) -> bool:
    """What ``FOR_THE_GRID`` asks of the case's own row, for a past that is computed."""
    route = case["route"]
    return bool(
        route.get("grid_first")
        and (case["type"] or not route.get("unsure"))
        and case["place_state"] == "located"
        and not case["emergency"]
    )
