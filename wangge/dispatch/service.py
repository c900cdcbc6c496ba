"""Who is told of a step, what goes by itself to its unit, and what has become late."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from wangge.cases import owners
from wangge.cases.marks import mark
from wangge.cases.models import Action, Duty, StepInput
from wangge.cases.service import step_of_system
from wangge.dispatch.directory import Directory, directory
from wangge.dispatch.loads import open_of
from wangge.dispatch.routing import Loads, Matter, choose, no_loads
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.kernel.queue import defer
from wangge.notices import service as notices
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

HANDLES = ("department", "property")  # a desk sends on and a party branch advises
ROLES_OF_DUTY = {
    Duty.DESK: ("acceptor", "dispatcher", "duty_leader"),
    Duty.UNIT: ("handler", "department_manager", "property_manager"),
    Duty.GRID: ("grid_worker", "professional_worker"),
    Duty.SUPERVISOR: ("supervisor",),
}
BY_UNIT = """
select distinct p.unit_id as place, p.account_id
from posts p join accounts a on a.id = p.account_id and a.active
where p.valid @> city_today() and p.role = any(%s) and p.unit_id = any(%s)
"""
BY_AREA = """
with today as materialized (select city_today() as day)
select distinct here.pos as place, p.account_id
from today, unnest(%s::int[]) as here (pos) join areas r on r.span @> here.pos
join posts p on p.area_id = r.id and p.role = any(%s)
join accounts a on a.id = p.account_id and a.active
where p.valid @> today.day
"""
# What a notice says and what whose turn it is depends on; a whole row is six times as much to read.
TOLD_OF = """
select id, number, title, state, duty, desk_id, unit_id, pos, emergency, round, handler_id,
    about_account, due_at
from cases where id = any(%s)
"""
# Only of a checked one it matters whether anybody asked: then a rule may close it.
LATE = """
select c.*, c.state = 'checked' and coalesce((select k.code_hash is not null
    or k.phone_sealed is not null from case_askers k where k.case_id = c.id), false) as has_asker
from cases c
where overdue_at is null and duty not in ('none', 'asker') and due_at < %s
order by due_at limit 500 for update skip locked
"""


def dispatch_by_rule(tx: Tx, case_id: UUID) -> None:
    """Send a registered case where the directory says, if the tenant wants that.

    Never a reopened one, because another handler is a person's choice, and never an emergency
    without a person's look.
    """
    case = tx.one(
        "select *, true as has_asker from cases where id = %s and state = 'registered' for update",
        [case_id],
    )
    loads = partial(open_of, tx)
    step = step_by_rule(rules(tx), directory(tx), case, loads) if case else None
    away = case and step and step.unit_id == case["about_unit"]
    if case and step and step.unit_id and not away and owners.can_handle(tx, step.unit_id):
        step_of_system(tx, case, step)


def step_by_rule(
    known: Rules, places: Directory, case: dict[str, Any], loads: Loads = no_loads
) -> StepInput | None:
    """The dispatch of a registered case that the tenant lets run by itself, if there is one."""
    place = places.atlas.areas.get(case["area_id"])
    alone = case["round"] > 1 or case["emergency"] or case["place_state"] == "outside"
    if place is None or alone or not known.switches.auto_dispatch:
        return None
    matter = Matter(place, case["type"], case["desk_id"], case["received_at"])
    chosen = choose(known, places, matter, loads)
    if chosen is None or chosen.unit.kind not in HANDLES:
        return None
    return StepInput(
        id=new_id(),
        action=Action.DISPATCH,
        unit_id=chosen.unit.id,
        data={"rule": "auto_dispatch", "route": chosen.reason(known)},
    )


def tell_holders(
    tx: Tx,
    case_ids: Iterable[UUID],
    code: str,
    *,
    key: UUID | None = None,
    said: dict[str, Any] | None = None,
) -> None:
    """An in-app notice for everybody whose turn it now is; with a ``key`` each stands once.

    ``said`` are more values for its words.
    """
    cases = tx.rows(TOLD_OF, [list(case_ids)])
    told = holders(tx, cases)
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=account,
                code=code,
                case_id=case["id"],
                body={
                    "number": case["number"],
                    "title": case["title"],
                    "state": case["state"],
                    **(said or {}),
                },
                urgent=bool(case["emergency"]),
                id=uuid5(key, f"{case['id']}{account}") if key else new_id(),
            )
            for case in cases
            for account in told.get(turn_of(case)) or owners.owners(tx, case)
            if account != case["about_account"]
        ],
    )


def tell_desk(tx: Tx, case_id: UUID, code: str, *, key: UUID) -> None:
    """An in-app notice for the desk in charge, whoever has the case now."""
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        return
    body = {"number": case["number"], "title": case["title"], "state": case["state"]}
    roles = list(ROLES_OF_DUTY[Duty.DESK])
    people = [row["account_id"] for row in tx.rows(BY_UNIT, [roles, [case["desk_id"]]])]
    notices.notify(
        tx,
        [notices.Notice(one, code, case_id, body, id=uuid5(key, str(one))) for one in people],
    )


Turn = tuple[Duty, UUID | int]


def turn_of(case: dict[str, Any]) -> Turn:
    """Whose turn it is: a desk's, a unit's, or that of those who look after a place."""
    duty = Duty(case["duty"])
    return duty, case[{Duty.DESK: "desk_id", Duty.UNIT: "unit_id"}.get(duty, "pos")]


def holders(tx: Tx, cases: Sequence[dict[str, Any]]) -> dict[Turn, list[UUID]]:
    """The accounts of the usual roles for each turn; where there is none, its owner stands in."""
    places: dict[Duty, set[UUID | int]] = {}
    for case in cases:
        duty, place = turn_of(case)
        places.setdefault(duty, set()).add(place)
    found: dict[Turn, list[UUID]] = {}
    for duty, roles in ROLES_OF_DUTY.items():
        wanted = list(places.get(duty, ()))
        if not wanted:
            continue
        if duty in (Duty.DESK, Duty.UNIT):
            rows = tx.rows(BY_UNIT, [list(roles), wanted])
        else:
            rows = tx.rows(BY_AREA, [wanted, list(roles)])
        for row in rows:
            found.setdefault((duty, row["place"]), []).append(row["account_id"])
    return found


def acknowledge_alarm(tx: Tx, case_id: UUID, account_id: UUID) -> bool:
    """Somebody has taken it up: the ladder stops. False when there was nothing to stop."""
    return bool(
        tx.run(
            "update alarms set acknowledged_at = %s, acknowledged_by = %s, next_at = null"
            " where case_id = %s and acknowledged_at is null",
            [tx.now, account_id, case_id],
        )
    )


def mark_overdue(tx: Tx) -> int:
    """One sweep: every open case past its time gets its red light, in its history too.

    Who holds them is told by a job at once: four notices a case would keep the cases locked for
    longer than the marking itself.
    """
    late = tx.rows(LATE, [tx.now])
    mark(tx, [({**case, "overdue_at": tx.now}, _overdue(case)) for case in late])
    if late:
        defer(tx, "tell_late", case_ids=[case["id"] for case in late], key=new_id())
    return len(late)


def _overdue(case: dict[str, Any]) -> StepInput:
    data = {"due_at": case["due_at"].isoformat()}
    return StepInput(id=new_id(), action=Action.OVERDUE, data=data)


def end_silence(tx: Tx) -> int:
    """Cases whose asker has not answered for the tenant's number of days end as not rated."""
    days = rules(tx).switches.auto_evaluate_days
    silent = tx.rows(
        "select c.*, true as has_asker from cases c where state = 'closed' and closed_at < %s"
        " order by closed_at limit 500 for update skip locked",
        [tx.now - timedelta(days=days)],
    )
    for case in silent:
        step_of_system(
            tx,
            case,
            StepInput(id=new_id(), action=Action.EVALUATE, data={"rule": "auto_evaluate_days"}),
        )
    return len(silent)
