"""Reads of rule documents and logos."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

IN_FORCE = "select distinct on (name) name, version, body from rules order by name, version desc"
HISTORY = """
select version, author_id, note, at, body from rules where name = %s order by version desc limit %s
"""
LOGO = "select media_type, body from brand_logos where id = %s"


def in_force(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(IN_FORCE)


def history(tx: Tx, name: str, most: int = 200) -> list[dict[str, Any]]:
    return tx.rows(HISTORY, [name, most])


def logo_ids(tx: Tx) -> list[str]:
    return [str(row["id"]) for row in tx.rows("select id from brand_logos")]


def logo(tx: Tx, logo_id: UUID) -> dict[str, Any] | None:
    return tx.one(LOGO, [logo_id])
