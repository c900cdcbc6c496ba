"""Reads of base maps."""

from uuid import UUID

from wangge.basemaps.models import BaseMap
from wangge.kernel.db import Tx


def base_maps(tx: Tx) -> list[BaseMap]:
    """All that were taken in, newest first."""
    return [BaseMap(**row) for row in tx.rows("select * from base_maps order by at desc, id")]


def base_map(tx: Tx, base_map_id: UUID) -> BaseMap | None:
    row = tx.one("select * from base_maps where id = %s", [base_map_id])
    return BaseMap(**row) if row else None


def of_digest(tx: Tx, digest: bytes) -> BaseMap | None:
    row = tx.one("select * from base_maps where sha256 = %s", [digest])
    return BaseMap(**row) if row else None
