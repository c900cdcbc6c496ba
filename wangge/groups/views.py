"""Groups as screens show them."""

from typing import Any
from uuid import UUID

from wangge.groups import queries
from wangge.groups.service import RUN, no_such_group
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.people.roles import ROLES
from wangge.tenant.service import rules


def cards(tx: Tx, actor: Actor, one: UUID | None = None) -> list[dict[str, Any]]:
    rows = queries.groups(tx, actor.id, actor.reach(RUN).scope, one)
    return [{**row, "runs": actor.may_at(RUN, pos=row["pos"])} for row in rows]


def whole(tx: Tx, actor: Actor, team: UUID) -> dict[str, Any]:
    """The group with who is in it; to others than its members and who runs it it is not there."""
    rows = cards(tx, actor, team)
    if not rows:
        raise no_such_group()
    switches = rules(tx).switches
    persons = queries.people(tx, team)
    given = queries.seats(tx, team)
    own = [one["id"] for one in given if one["account_id"] == actor.id]
    invitation = queries.invitation(tx, team) if rows[0]["member"] else None
    if invitation:
        until = invitation["valid_until"]
        invitation["expired"] = until is not None and until < today(tx)
    return {
        **rows[0],
        "receipts": switches.group_receipts,
        "keep_days": switches.group_keep_days,
        "persons": [{**one, "role_name": _role(one["role"] or "")} for one in persons],
        "seats": [{**one, "role_name": _role(one["role"])} for one in given],
        "grids": queries.grids(tx, team),
        "invitation": invitation,
        "may_leave": own[0] if own else None,
    }


def _role(name: str) -> dict[str, str] | None:
    return {"zh": ROLES[name].zh, "en": ROLES[name].en} if name in ROLES else None


def message(actor: Actor, row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    mine = row["account_id"] == actor.id
    told = mine and row["receipt"]
    case = row["case"]
    return {
        **row,
        "mine": mine,
        "readers": sorted(names.get(one, "") for one in row["readers"]) if told else None,
        "case": case and {"number": None, "state": None, **case},
    }
