"""Taking a base map in, and what the maps and the pages have to know of the one that is chosen."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import obstore

from wangge.areas import atlas
from wangge.areas.schemas import TileJson
from wangge.audit import service as audit
from wangge.basemaps import pmtiles, queries
from wangge.basemaps.models import BaseMap
from wangge.files.store import CHUNK, opened
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.kernel.ids import new_id
from wangge.kernel.middleware import policy
from wangge.tenant.basemap import Basemap
from wangge.tenant.service import rules, save


def take(tx: Tx, file: Path) -> BaseMap:
    """Check a PMTiles file and keep it in the tenant's storage; the same bytes are kept once.

    Refuses with ``basemap_wrong`` what is none, and with ``basemap_elsewhere`` what shows another
    part of the world than the city's.
    """
    archive = pmtiles.inspect(file)
    _here(tx, archive.bounds)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").digest()
    known = queries.of_digest(tx, digest)
    # Also where it is known: after a restore the row is there and the bytes are not.
    obstore.put(opened(), _path(tx.cell.tenant, digest), file)
    if known:
        return known
    west, south, east, north = archive.bounds
    made = BaseMap(
        new_id(), digest, file.stat().st_size, file.name[:200], archive.tile_type,
        archive.min_zoom, archive.max_zoom, west, south, east, north, list(archive.layers),
        archive.attribution, tx.now,
    )  # fmt: skip
    tx.insert("base_maps", [asdict(made)])
    audit.record(tx, "basemap.taken", made.id, "", {"name": made.name, "bytes": made.bytes})
    return made


def use(tx: Tx, made: BaseMap) -> None:
    """Make it the city's base map: a new version of the rule document."""
    known = rules(tx)
    body = known.basemap.model_dump(mode="json") | {"kind": "pmtiles", "file": str(made.id)}
    save(tx, "basemap", body, version=known.versions.get("basemap", 0), author_id=None)


def _here(tx: Tx, bounds: tuple[float, float, float, float]) -> None:
    book = atlas.of(tx)
    if not book.areas:
        return
    west, south, east, north = TileJson.of(book, "").bounds
    if bounds[0] > east or bounds[2] < west or bounds[1] > north or bounds[3] < south:
        raise Invalid(
            "basemap_elsewhere",
            "这份底图不在本市范围内",
            "this base map shows another part of the world",
        )


def _path(tenant: str, digest: bytes) -> str:
    return f"{tenant}/basemaps/{digest.hex()}.pmtiles"


def found(tx: Tx, base_map_id: UUID) -> BaseMap:
    made = queries.base_map(tx, base_map_id)
    if made is None:
        raise _missing()
    return made


def read(tenant: str, made: BaseMap, start: int, end: int) -> Iterator[bytes]:
    """Open the bytes from ``start`` up to but not including ``end``; missing ones fail at once."""
    options: obstore.GetOptions = {"range": (start, end)}
    try:
        there = obstore.get(opened(), _path(tenant, made.sha256), options=options)
    except FileNotFoundError:
        raise _missing() from None
    return map(bytes, there.stream(min_chunk_size=CHUNK))


def _missing() -> NotFound:
    return NotFound("no_base_map", "没有这份底图文件", "there is no such base map")


def page_headers(chosen: Basemap) -> dict[str, str]:
    """What a page that draws maps may ask of others: only the servers that its city has named.

    They hear from which host they are asked, because Tianditu's keys are bound to it, and no more.
    """
    if chosen.kind != "tianditu":
        return {}
    return {
        "Content-Security-Policy": policy(chosen.servers),
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
