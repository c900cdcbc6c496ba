"""格内先办: the grid's own people first, where the directory or the reporter's post says so."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases.models import Action, StepInput
from wangge.cases.service import locked, step_of_system
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.service import rules

# What somebody of the field reports he has seen already; an emergency waits for nobody.
FOR_THE_GRID = """
select c.id from cases c
where c.id = any(%(ids)s) and c.state = 'reported' and c.type is not null
    and (c.route ->> 'grid_first')::bool and c.emergency = '{}' and c.place_state = 'located'
    and c.about_unit is null and c.about_account is null
    and not exists (select from posts p where p.account_id = c.created_by
        and p.role = any(%(field)s) and p.valid @> city_today())
    and exists (select from areas a join posts p on p.area_id = a.id
        and p.role = 'professional_worker' and p.valid @> city_today()
        join accounts t on t.id = p.account_id and t.active
        where a.span @> c.pos and a.level in ('grid', 'micro_grid'))
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


def send(tx: Tx, ids: Sequence[UUID]) -> None:
    """Send new cases to the people of their grid, if there is somebody on the post."""
    asked = {"ids": list(ids), "field": FIELD}
    # Asked only where such a post reports: every other report would pay for it.
    if tx.session and any(post["role"] == "unit_worker" for post in tx.session.posts):
        _send(tx, [row["id"] for row in tx.rows(FROM_A_UNIT, asked)], "unit_report")
    if rules(tx).routes.grid_first:
        _send(tx, [row["id"] for row in tx.rows(FOR_THE_GRID, asked)], "grid_first")


def _send(tx: Tx, ids: Sequence[UUID], rule: str) -> None:
    for case_id in ids:
        case = locked(tx, case_id)
        data = {"rule": rule, "route": case["route"]}
        step_of_system(tx, case, StepInput(id=new_id(), action=Action.SEND_VERIFY, data=data))
