"""不在我网格: whoever was sent to look gives a matter back, with the place that he believes."""

from dataclasses import replace
from typing import Any

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid


def told(tx: Tx, case: dict[str, Any], given: StepInput) -> StepInput:
    """The step with the area in which its place lies, for whoever decides; no place is needed."""
    if given.action is not Action.NOT_HERE:
        return given
    believed = _area(tx, given.data.get("lon"), given.data.get("lat"))
    if believed is None:
        return given
    if believed.id == case["area_id"]:
        raise Invalid(
            "same_grid",
            "这个位置就在本网格；您填写的内容仍在，请重新选点或改为“核实”",
            "this place lies in the same grid; choose another, or verify; what you typed is kept",
            field="place",
        )
    names = [one.name for one in reversed([believed, *atlas.of(tx).above(believed)])]
    data = {**given.data, "area_id": str(believed.id), "names": names}
    return replace(given, data=data)


def _area(tx: Tx, lon: float | None, lat: float | None) -> Area | None:
    if lon is None or lat is None:
        return None
    found = atlas.of(tx).locator.at(lon, lat)
    if found is None:
        raise Invalid(
            "outside_city",
            "这个位置不在本市范围内，请重新选点；不在本市的，不用选点，写一句在哪里",
            "this place is outside the city; choose another, or say in words where it is",
            field="place",
        )
    return found
