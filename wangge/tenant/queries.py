"""Reads of rule documents and logos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

IN_FORCE = "select distinct on (name) name, version, body from rules order by name, version desc"
IN_FORCE_THEN = """
select distinct on (name) name, version, body from rules
where case when counter is null then at <= %s else counter <= %s end
order by name, version desc
"""
VERSIONS_THEN = IN_FORCE_THEN.replace(", body from", " from")
HISTORY = """
select r.version, r.author_id, a.name as author, r.note, r.at, r.body
from rules r left join accounts a on a.id = r.author_id
where r.name = %s order by r.version desc
"""
LOGO = "select media_type, body from brand_logos where id = %s"


HOURS = """
with recursive below as (
    select id, code, code as own from organisations where code = any(%(codes)s)
    union
    select o.id, o.code, b.own from organisations o join below b on o.parent_id = b.id
    where o.code <> all(%(codes)s))
select id, own from below
"""


def hours_of(tx: Tx, codes: Sequence[str]) -> dict[UUID, str]:
    """The organisations with these codes and those below them, each with the nearest code."""
    if not codes:
        return {}
    return {row["id"]: row["own"] for row in tx.rows(HOURS, {"codes": list(codes)})}


def in_force(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(IN_FORCE)


def in_force_then(tx: Tx, counter: int, at: datetime) -> list[dict[str, Any]]:
    return tx.rows(IN_FORCE_THEN, [at, counter])


def versions_then(tx: Tx, counter: int, at: datetime) -> dict[str, int]:
    rows = tx.rows(VERSIONS_THEN, [at, counter])
    return {row["name"]: row["version"] for row in rows}


def history(tx: Tx, name: str) -> list[dict[str, Any]]:
    return tx.rows(HISTORY, [name])


def logo_ids(tx: Tx) -> list[str]:
    return [str(row["id"]) for row in tx.rows("select id from brand_logos")]


def base_map_ids(tx: Tx) -> list[str]:
    return [str(row["id"]) for row in tx.rows("select id from base_maps")]


def logo(tx: Tx, logo_id: UUID) -> dict[str, Any] | None:
    return tx.one(LOGO, [logo_id])
