"""Who may write what stands on which ground, and from when on."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.people.models import Actor

AREAS = """
select id, pos, level from areas where id = any(%s)
    and (active_to is null or active_to > city_today())
"""
OF = {
    "party_organisations": "没有此党组织",
    "teams": "没有此团队",
}


def reach_all(tx: Tx, areas: Iterable[UUID], actor: Actor | None) -> dict[UUID, str]:
    """Return each area's level; refuses unknown ones and those in which one writes no staff."""
    wanted = set(areas)
    found = {row["id"]: row for row in tx.rows(AREAS, [list(wanted)])}
    if len(found) < len(wanted):
        raise NotFound("no_such_area", "没有此区域", "no such area", field="area_id")
    if actor:
        for row in found.values():
            actor.must_at("people.edit", pos=row["pos"])
    return {key: row["level"] for key, row in found.items()}


def locked(tx: Tx, table: str, key: UUID, actor: Actor | None) -> dict[str, object]:
    """Lock and return a row of ``table``; absent and out of reach look the same."""
    row = tx.one(
        f"select t.*, a.pos from {table} t join areas a on a.id = t.area_id where t.id = %s"
        " for update of t",
        [key],
    )
    # Whoever writes staff has no way into a service group: who runs it says who reads there.
    apart = actor is not None and row is not None and row.get("kind") == "service"
    if row is None or apart or (actor and not actor.may_at("people.edit", pos=row["pos"])):
        raise NotFound("not_found", OF[table], "there is no such organisation or team")
    return row


def since(day: date) -> str:
    """An open range of days as COPY takes it."""
    return f"[{day},)"
