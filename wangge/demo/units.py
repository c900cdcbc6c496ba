"""The organisations of the demo city: desks of three levels, departments, property services."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from wangge.areas.models import AreaDraft, Level
from wangge.demo.ground_plan import stable_id
from wangge.demo.invented import landlines
from wangge.kernel.db import Tx
from wangge.people import organisations

# What a county has, by the key that its code ends in: how it is called after the county's name.
BUREAUS = {
    "cg": "城市管理局",
    "zj": "住房和城乡建设局",
    "sw": "供水公司",
    "gd": "供电公司",
    "gr": "供热公司",
    "rq": "燃气公司",
    "jt": "交通运输局",
    "sc": "市场监督管理局",
    "ga": "公安分局",
    "yj": "应急管理局",
    "yb": "医疗保障局",
    "mz": "民政局",
    "rs": "人力资源和社会保障局",
    "hj": "生态环境分局",
}
SERVICES = {"zf": "综合执法队", "bm": "便民服务中心", "tj": "矛盾纠纷调处中心"}


class Unit(NamedTuple):
    """One organisation with the area it belongs to."""

    id: UUID
    kind: str
    code: str
    name: str
    short_name: str
    area: AreaDraft
    parent_id: UUID | None = None


def desk_code(area_code: str) -> str:
    return f"desk-{area_code}"


def plan(areas: Sequence[AreaDraft]) -> list[Unit]:
    """Every organisation, parents before children; what there is follows from the areas."""
    by_id = {area.id: area for area in areas}
    without_counties = not any(area.level is Level.COUNTY for area in areas)
    with_stations = any(area.level is Level.COMMITTEE for area in areas)
    found: list[Unit] = []
    for area in areas:
        match area.level:
            case Level.CITY:
                found += [_desk(area, None), *(_bureaus(area) if without_counties else ())]
            case Level.COUNTY:
                found += [_desk(area, by_id[_above(area)]), *_bureaus(area)]
            case Level.TOWNSHIP:
                found += [_desk(area, by_id[_above(area)]), *_services(area)]
            case Level.COMMUNITY | Level.COMMITTEE if with_stations:
                found.append(_station(area, by_id[_above(area)]))
                found += [_property(area)] if area.kind == "community" else []
            case Level.COMMUNITY if area.kind == "community":
                found.append(_property(area))
            case _:
                pass
    return found


def _above(area: AreaDraft) -> UUID:
    if area.parent_id is None:
        raise TypeError(area.code)
    return area.parent_id


def _unit(kind: str, key: str, area: AreaDraft, words: tuple[str, str], *parent: UUID) -> Unit:
    code = f"{key}-{area.code}"
    return Unit(stable_id("unit", code), kind, code, *words, area, *parent)


def _desk(area: AreaDraft, above: AreaDraft | None) -> Unit:
    parent = [stable_id("unit", desk_code(above.code))] if above else []
    words = f"{area.name}网格化服务管理中心", f"{area.name}网格中心"
    return _unit("desk", "desk", area, words, *parent)


def _station(area: AreaDraft, above: AreaDraft) -> Unit:
    """The desk of a community or of a residents' committee: 社会治理工作站."""
    words = f"{area.name}社会治理工作站", f"{area.name}工作站"
    return _unit("desk", "desk", area, words, stable_id("unit", desk_code(above.code)))


def _bureaus(county: AreaDraft) -> Iterator[Unit]:
    for key, words in BUREAUS.items():
        name = f"{county.name}{words}"
        if key == "ga" and county.kind == "county":
            name = f"{county.name}公安局"
        yield _unit("department", key, county, (name, name))


def _services(township: AreaDraft) -> Iterator[Unit]:
    for key, words in SERVICES.items():
        name = f"{township.name}{words}"
        yield _unit("department", key, township, (name, name))


def _property(community: AreaDraft) -> Unit:
    name = f"{community.name}物业服务中心"
    return _unit("property", "wy", community, (name, name))


def found(tx: Tx, units: Sequence[Unit], *, area_code: str) -> None:
    """Write them through the service of the people module; telephones begin with ``area_code``."""
    for unit, phone in zip(units, landlines(area_code), strict=False):
        values: dict[str, Any] = {
            "id": unit.id,
            "parent_id": unit.parent_id,
            "kind": unit.kind,
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "area_id": unit.area.id,
            "phone": phone,
            "active": True,
        }
        organisations.put(tx, values, actor=None)
