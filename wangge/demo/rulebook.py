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


def lay_down(tx: Tx, tenant_file: str, areas: Sequence[AreaDraft], units: Sequence[Unit]) -> None:
    """Save brand and routes as versions of their documents, through the service of the tenant."""
    service.import_(tx, text(tenant_file), dry_run=False, note=NOTE)
    before = service.rules(tx)
    body = {"routes": [*before.document("routes").model_dump(mode="json")["routes"]]}
    body["routes"] += list(_rows(areas, units))
    service.save(tx, "routes", body, version=before.versions.get("routes", 0), author_id=None,
                 note=NOTE)  # fmt: skip
