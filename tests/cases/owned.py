"""The oracle of ownership: who would have to have a case, read off a table written by hand."""

from datetime import timedelta
from typing import Any

from wangge.cases.clock import held
from wangge.kernel.db import Tx
from wangge.tenant.deadline import Deadline, deadline, working_time
from wangge.tenant.explain import Kind
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

FIELD = {"grid_worker", "grid_leader", "secretary", "professional_worker", "duty_leader"}
# Where a case stands: which roles have it, where their post is, and in which queue they find it.
TABLE: dict[tuple[str, str], tuple[set[str], str, str]] = {
    ("reported", "desk"): ({"acceptor", "duty_leader"}, "desk", "to_accept"),
    ("accepted", "desk"): ({"acceptor", "duty_leader"}, "desk", "to_register"),
    ("registered", "desk"): ({"dispatcher", "duty_leader"}, "desk", "to_dispatch"),
    ("reopened", "desk"): ({"dispatcher", "duty_leader"}, "desk", "to_dispatch"),
    ("handled", "desk"): ({"acceptor", "duty_leader"}, "desk", "to_close"),
    ("checked", "desk"): ({"acceptor", "duty_leader"}, "desk", "to_close"),
    ("dispatched", "unit"): (
        {"handler", "department_manager", "property_manager"},
        "unit",
        "to_acknowledge",
    ),
    ("handling", "unit"): (
        {"handler", "department_manager", "property_manager"},
        "unit",
        "to_handle",
    ),
    ("suspended", "desk"): ({"dispatcher", "duty_leader"}, "desk", "suspended"),
    ("verifying", "grid"): (FIELD, "ground", "to_verify"),
    ("checking", "grid"): (FIELD | {"supervisor"}, "ground", "to_check"),
    ("checking", "supervisor"): (
        {"supervisor", "dispatcher", "duty_leader", "leader"},
        "ground",
        "to_sample",
    ),
}
# The same of what hangs on a case: an open child task, and a whistle that is not concluded.
TASKS: dict[str, tuple[set[str], str]] = {
    "dispatched": ({"handler", "department_manager", "property_manager"}, "unit_id"),
    "acknowledged": ({"handler", "department_manager", "property_manager"}, "unit_id"),
    "returned": ({"dispatcher", "duty_leader"}, "desk_id"),
}
WHISTLE = {"acceptor", "dispatcher", "duty_leader"}
# What is asked for: which roles decide on it, at the desk that the request names.
DECIDES: dict[str, set[str]] = {
    "extension": {"duty_leader"},
    "pause": {"duty_leader"},
    "suspension": {"duty_leader"},
    "objection": {"dispatcher", "duty_leader"},
    "unreasonable": {"duty_leader"},
    "refusal": {"duty_leader"},
}
OVER = {"closed", "evaluated", "declined", "withdrawn", "merged", "split"}
POSTS = """
with today as (select (coalesce(frozen_at, statement_timestamp() + shift) at time zone zone)::date
    as day from clock)
select a.username, a.id as account_id, p.role, p.unit_id, r.code, o.active as unit_active
from today, posts p join accounts a on a.id = p.account_id
left join areas r on r.id = p.area_id left join organisations o on o.id = p.unit_id
where a.active and lower(p.valid) <= today.day
    and (upper(p.valid) is null or upper(p.valid) > today.day)
"""


def staff(tx: Tx) -> list[dict[str, Any]]:
    """Everybody who holds a post now."""
    return tx.rows(POSTS)


def owners(
    case: dict[str, Any], posts: list[dict[str, Any]], only: frozenset[str] | None = None
) -> list[str]:
    """Usernames of those who have the case; ``case`` has the code of its area as ``code``.

    ``only`` are the roles to which the city has narrowed verifying and checking.
    """
    roles, place, _ = TABLE[case["state"], case["duty"]]
    if only is not None and case["state"] in {"verifying", "checking"}:
        roles = roles & only
    found = []
    for post in posts:
        if place == "ground":
            here = bool(post["code"]) and case["code"].startswith(post["code"])
        else:
            here = post["unit_id"] == case[f"{place}_id"] and bool(post["unit_active"])
        if here and post["role"] in roles:
            found.append(post)
    others = [post for post in found if post["account_id"] != case["handler_id"]]
    again = case["state"] == "dispatched" and case["round"] > 1
    # Nobody checks his own work; another handler takes the next round, where the unit has one.
    chosen = others if case["state"] == "checking" or (again and others) else found
    return [post["username"] for post in chosen]


def deciders(
    request: dict[str, Any], case: dict[str, Any], posts: list[dict[str, Any]]
) -> list[str]:
    """Usernames of those who may decide on a pending request: never his own or his unit's."""
    own = {post["account_id"] for post in posts if post["unit_id"] == request["unit_id"]}
    if request["unit_id"] == request["desk_id"]:
        roles = {
            post["role"]
            for post in posts
            if post["account_id"] == request["account_id"] and post["unit_id"] == request["unit_id"]
        }
        own = {
            post["account_id"]
            for post in posts
            if post["unit_id"] == request["unit_id"] and post["role"] in roles
        }
    own |= {request["account_id"], case["holder_id"]}
    own |= {case["handler_id"]} if request["kind"] == "unreasonable" else set()
    return [
        post["username"]
        for post in posts
        if post["unit_id"] == request["desk_id"]
        and post["unit_active"]
        and post["role"] in DECIDES[request["kind"]]
        and post["account_id"] not in own
    ]


def explained(case: dict[str, Any], tx: Tx) -> None:
    """The due time follows from the limit of the case's own type, and its steps add up to it."""
    if case["state"] == "suspended":
        return  # its review is due, on the day that was said
    known = rules(tx)
    stage = {
        "reported": "accept", "verifying": "accept", "accepted": "dispatch",
        "registered": "dispatch", "reopened": "dispatch", "dispatched": "acknowledge",
        "handling": "handle", "handled": "check", "checking": "check", "checked": "check",
    }  # fmt: skip
    limit = Limit.parse(limit_by_hand(known, case, stage[case["state"]]))
    assert case["due_limit"] == str(limit)
    stood = held(case, tx.now)
    found = deadline(known.calendar, case["due_from"], limit, stood)
    assert max(found.due_at, case["extended_to"] or found.due_at) == case["due_at"]
    if not stood:
        adds_up(found)
    end = case["received_at"]
    for one in ("accept", "dispatch", "acknowledge", "handle", "check"):
        end = deadline(
            known.calendar, end, Limit.parse(limit_by_hand(known, case, one)), stood
        ).due_at
    more = timedelta(minutes=case["extended_minutes"])
    steps = [
        (s["action"], s["source"], s["at"], s["data"])
        for s in tx.rows("select * from case_steps where case_id=%s order by seq", [case["id"]])
    ]
    assert working_time(known.calendar, end, case["total_due_at"]) == more, (
        case["state"],
        end,
        case["total_due_at"],
        more,
        case["pauses"],
        case["received_at"],
        case["extended_to"],
        steps,
        known.calendar.years[2026],
    )
    assert more or case["total_due_at"] == end


def limit_by_hand(known: Any, case: dict[str, Any], stage: str) -> str:
    """The level's, the type's, its class's, the city's: read from the documents as they are."""
    types = known.types.model_dump(mode="json")
    lines = {one["code"]: one for one in types["types"]}
    places, code = [types["levels"].get(case["level"]) or {}], case["type"]
    while code:
        places.append(lines[code]["limits"])
        code = lines[code]["parent"]
    return next((where[stage] for where in [*places, types["limits"]] if where.get(stage)), "1WD")


def adds_up(found: Deadline) -> None:
    if found.limit.in_hours:
        spent = [
            step.last - step.first for step in found.steps if step.kind in (Kind.SPAN, Kind.RUN)
        ]
        assert sum(spent, timedelta()) == found.limit.duration
    else:
        assert max(step.counted for step in found.steps) == found.limit.days
