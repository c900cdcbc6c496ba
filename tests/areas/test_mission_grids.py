"""Whole plans of grids come in through the door for files, each with its kind."""

from collections import Counter
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import box, mapping

from tests.areas.test_mission import API

WEST, SOUTH, STEP = 118.0, 36.0, 0.01


def ground(column: int, row: int, part: int = 0, parts: int = 1) -> dict[str, Any]:
    """A field of a chessboard south of the town, or one of ``parts`` strips of it."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    low, high = part * STEP / parts, (part + 1) * STEP / parts
    found: dict[str, Any] = mapping(box(west, south + low, west + STEP, south + high))
    return found


def feature(code: str, name: str, geometry: Any, **more: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": name, **more},
            "geometry": geometry}  # fmt: skip


def sent(office: TestClient, level: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    answer = office.post(
        f"{API}/areas/import",
        params={"level": level, "source": "区划方案"},
        json={"type": "FeatureCollection", "features": features},
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def below(office: TestClient, area: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.get(f"{API}/areas", params={"parent": area}).json()[
        "items"
    ]
    return found


def named(office: TestClient, code: str) -> str:
    items = office.get(f"{API}/areas", params={"level": "township"}).json()["items"]
    return str(next(item["id"] for item in items if item["code"] == code))


@pytest.mark.mission("BX-03")
def test_a_street_of_base_and_dedicated_grids(office: TestClient) -> None:
    """BX-03, the plan of a street in three files.

    "128 base + 48 dedicated grids load under 10 communities; every grid has exactly one kind".

    Seen red: with ``_kind`` taking whatever the file says, a grid of two kinds was written.
    """
    street = {**feature("379901300", "北辛街道", ground(0, 0)), "geometry": mapping(
        box(WEST, SOUTH, WEST + 10 * STEP, SOUTH + STEP)
    )}  # fmt: skip
    assert sent(office, "township", [street])["added"] == 1
    communities = [feature(f"3799013000{n:02}", f"第{n}社区", ground(n, 0)) for n in range(10)]
    assert sent(office, "community", communities)["added"] == 10
    grids = []
    for n in range(176):
        kind = {"kind": "dedicated"} if n % 11 in (0, 4, 8) else {"kind": "base"}
        community, place = n % 10, n // 10
        code = f"3799013000{community:02}{place:04}"
        grids.append(feature(code, f"第{n}网格", ground(community, 0, place, 18), **kind))
    nameless = [dict(one) for one in grids]
    nameless[7] = feature("379901300007" + "0999", "两样都是", ground(7, 0, 0, 18), kind="base,x")
    refused = sent(office, "grid", nameless)
    assert (refused["written"], [one["code"] for one in refused["errors"]]) == (
        False,
        ["bad_grid_kind"],
    )

    told = sent(office, "grid", grids)

    assert (told["added"], told["errors"]) == (176, [])
    held = below(office, named(office, "379901300"))
    assert len(held) == 10
    kinds = Counter(grid["kind"] for area in held for grid in below(office, area["id"]))
    assert kinds == {"base": 128, "dedicated": 48}


@pytest.mark.mission("DA-01")
def test_natural_villages_become_grids_with_micro_grids(office: TestClient) -> None:
    """DA-01: "115/291 load under 20 committees", natural villages as grids and their micro-grids.

    Seen red: with the shortest known code taken for the parent no committee stood in its town.
    """
    town = feature("379901301", "大村镇", mapping(box(WEST, 35.9, WEST + 20 * STEP, 36.0)))
    sent(office, "township", [town])
    committees = [
        feature(f"3799013012{n:02}", f"第{n}村委会", mapping(box(
            WEST + n * STEP, 35.9, WEST + (n + 1) * STEP, 36.0)))
        for n in range(20)
    ]  # fmt: skip
    assert sent(office, "community", committees)["added"] == 20
    villages, grids, micro = [], [], []
    for n in range(115):
        committee, place = n % 20, n // 20
        code, name = f"3799013012{committee:02}{place:02}", f"第{n}村"
        villages.append(feature(f"{code}00", name, ground(committee, -1 - place)))
        grids.append(feature(f"{code}0001", f"{name}网格", ground(committee, -1 - place)))
        parts = 3 if n < 61 else 2
        micro += [
            feature(f"{code}0001{part:02}", f"{name}{part + 1}号微网格",
                    ground(committee, -1 - place, part, parts))
            for part in range(parts)
        ]  # fmt: skip

    assert sent(office, "natural_village", villages)["added"] == 115
    assert sent(office, "grid", grids)["added"] == 115
    assert sent(office, "micro_grid", micro)["added"] == 291

    held = below(office, named(office, "379901301"))
    assert len(held) == 20
    tree = [village for area in held for village in below(office, area["id"])]
    assert Counter(village["level"] for village in tree) == {"natural_village": 115}
    found = [grid for village in tree for grid in below(office, village["id"])]
    assert Counter(grid["level"] for grid in found) == {"grid": 115}
    assert sum(grid["children"] for grid in found) == 291
    spot = {"lon": WEST + STEP / 2, "lat": 35.99 + STEP / 6}
    here = office.get(f"{API}/areas/locate", params=spot).json()
    assert (here["area"]["name"], here["micro_grid"]["name"]) == ("第0村网格", "第0村1号微网格")
