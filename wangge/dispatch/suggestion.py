"""The unit that the directory names for a case waiting to be sent, kept in step with its ground."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.change import HEARD
from wangge.cases.models import Action
from wangge.dispatch.directory import Directory, directory
from wangge.dispatch.loads import open_of
from wangge.dispatch.routing import Loads, Matter, choose, no_loads
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

# Steps after which type, place or the desk's question may be another.
RESTS_ON = frozenset(
    step.value
    for step in (Action.ACCEPT, Action.REGISTER, Action.CORRECT, Action.UPHOLD, Action.RECALL)
)
UNSENT_STATES = ("reported", "verifying", "accepted", "registered", "reopened")
UNSENT = str(UNSENT_STATES)
READ = f"""
select id, area_id, type, route, pos, unit_ids, desk_id, received_at from cases
where id = any(%s) and state in {UNSENT} order by id for update
"""
WAITING = f"""
select id from cases where state in {UNSENT} and (%(after)s::uuid is null or id > %(after)s)
order by id limit 500
"""


def refresh(tx: Tx, case_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Ask the directory again; returns the cases for which it now says something else.

    An untyped case rests on the best guess at its type, as it did when it came in.
    """
    known, units = rules(tx), directory(tx)
    changed = []
    for case in tx.rows(READ, [list(case_ids)]):
        route = suggested(known, units, case, partial(open_of, tx))
        if _plain(route) != _plain(case["route"]):
            tx.run("update cases set route = %s where id = %s", [Jsonb(route), case["id"]])
            changed.append(case)
    return changed


def _plain(route: dict[str, Any]) -> dict[str, Any]:
    """Without the version: a new one that says the same of a case is no news to anybody."""
    return {key: value for key, value in route.items() if key != "version"}


def suggested(
    known: Rules, units: Directory, case: dict[str, Any], loads: Loads = no_loads
) -> dict[str, Any]:
    """What the directory says of a case now; a past is computed by it without ``loads``."""
    told = {key: case["route"][key] for key in HEARD if key in case["route"]}
    guessed = told.get("suggested") or []
    silent = told.get("unsure") and told.get("model")  # a model that is not sure names no unit
    code = case["type"] or (guessed[0]["code"] if guessed and not silent else None)
    place = units.atlas.areas.get(case["area_id"])
    matter = place and Matter(place, code, case["desk_id"], case["received_at"])
    chosen = choose(known, units, matter, loads) if matter else None
    return {"suggested": guessed, **told, **(chosen.reason(known) if chosen else {})}


def after_step(known: Rules, units: Directory, action: str, case: dict[str, Any]) -> dict[str, Any]:
    """The suggestion that a case carries after a step, as the handler of steps leaves it."""
    if action in RESTS_ON and case["state"] in UNSENT_STATES:
        return suggested(known, units, case)
    route: dict[str, Any] = case["route"]
    return route


def waiting(tx: Tx, after: UUID | None) -> list[UUID]:
    """Cases that no unit has yet, 500 at a time."""
    return [row["id"] for row in tx.rows(WAITING, {"after": after})]


def announce(tx: Tx, changed: Sequence[dict[str, Any]]) -> None:
    """Open screens show the new suggestion at once."""
    facts.record(
        tx,
        [
            facts.Fact("CaseRouted", case["id"], {}, case["pos"], case["unit_ids"])
            for case in changed
        ],
    )
