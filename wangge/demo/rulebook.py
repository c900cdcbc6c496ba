"""The demo cities' own rules: their brand from a file, the dispatch directory from a plan of it."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from wangge.areas.models import AreaDraft, Level
from wangge.demo.units import Unit
from wangge.kernel.db import Tx
from wangge.tenant import service
from wangge.tenant.documents import read

NOTE = "演示城市的规则"


def text(name: str) -> str:
    return (files("wangge.demo") / "data" / name).read_text("utf-8")


def _rows(areas: Sequence[AreaDraft], units: Sequence[Unit]) -> Iterator[dict[str, Any]]:
    plan = read(text("routes.yaml"))
    known = {unit.code for unit in units}
    grounds: dict[str, str] = plan["grounds"]
    if not any(area.level is Level.COUNTY for area in areas):
        for part in (plan, plan["off_hours"]):
            part[Level.CITY.value] = part[Level.COUNTY.value]
    for area in areas:
        level = area.level.value
        usual: list[tuple[str, str, dict[str, str]]] = [
            (kind, key, {}) for kind, key in plan.get(level, {}).items()
        ]
        off = plan["off_hours"].get(level, {}).items()
        for kind, key, more in [*usual, *((kind, key, {"hours": "off"}) for kind, key in off)]:
            unit = key if key.startswith("@") else f"{key}-{area.code}"
            if unit in known or unit.startswith("@"):
                yield {
                    "type": kind,
                    "area": area.code,
                    "unit": unit,
                    "ground": grounds.get(kind, ""),
                    **more,
                }
    yield from _grid_first(plan["grid_first"], areas, known)


def _grid_first(
    plan: dict[str, Any], areas: Sequence[AreaDraft], units: set[str]
) -> Iterator[dict[str, Any]]:
    """格内先办: markets have a professional of their own, and the unit behind him as elsewhere."""
    by_id = {area.id: area for area in areas}
    hosts = tuple(plan["hosts"])
    for area in areas:
        if not str(area.attributes.get("host", "")).endswith(hosts):
            continue
        above = area
        while above.parent_id in by_id:
            above = by_id[above.parent_id]
            for kind, key in plan.get(above.level.value, {}).items():
                if (unit := f"{key}-{above.code}") in units:
                    yield {"type": kind, "area": area.code, "unit": unit, "grid_first": True}


def lay_down(tx: Tx, tenant_file: str, areas: Sequence[AreaDraft], units: Sequence[Unit]) -> None:
    """Save brand and routes as versions of their documents, through the service of the tenant."""
    service.import_(tx, text(tenant_file), dry_run=False, note=NOTE)
    before = service.rules(tx)
    body = {"routes": [*before.document("routes").model_dump(mode="json")["routes"]]}
    body["routes"] += list(_rows(areas, units))
    service.save(tx, "routes", body, version=before.versions.get("routes", 0), author_id=None,
                 note=NOTE)  # fmt: skip
