"""Rows of the mission table that a grid's own page shows: whose each matter is, and its month."""

from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_within_grid import ruled
from tests.town import Person, Town
from wangge.kernel.ids import new_id

GRID, NEXT, MARKET = "3799010010010001", "3799010010010002", "3799010010021001"
DIRECTORY = [
    {"type": "*", "unit": "urban-379901"},
    {"type": "water_outage", "unit": "water-379901"},
    {"type": "property", "unit": "@property"},
    {"type": "street_order", "unit": "urban-379901", "grid_first": True},
]


def whose(person: Person, area: str) -> dict[str, dict[str, Any]]:
    answer = person.get(f"/areas/{area}/responsible")
    assert answer.status_code == 200, answer.text
    return {one["type"]: one for one in answer.json()["items"]}


@pytest.mark.mission("BX-07", "DA-02")
def test_every_type_in_every_grid_is_somebodys(town: Town) -> None:
    """Who looks after what, by the directory and by the people on their posts.

    BX-07: "for any type the grid page names the responsible person" (the page itself is opened in
    tests/e2e/test_area_page.py). DA-02: "no empty cell report".

    Seen red: without the gap of empty posts the report was empty when nobody was left.
    """
    leader, admin = town.person("wuhua"), town.person("sysadmin")
    street = town.person("acceptor")
    ruled(town, "routes", routes=DIRECTORY[1:])
    here = town.area("379901001")

    def gaps() -> dict[str, Any]:
        found: dict[str, Any] = street.get(f"/areas/{here}/responsible/gaps").json()
        return found

    types = whose(leader, town.area(GRID))
    named = {code for code, one in types.items() if one["person"]}
    own = {code for code, one in types.items() if one["class_code"] == "street_order"}
    companys = {code for code, one in types.items() if one["class_code"] == "property"}
    assert named == own | companys | {"water_outage"}
    lacking = gaps()
    assert (lacking["grids"], lacking["types"], lacking["cells"]) == (
        4, len(types), 4 * len(types),
    )  # fmt: skip
    # Two of the four grids lie in the community that has no property company.
    per_grid = len(types) - len(own) - 1
    assert lacking["empty"] == 2 * (per_grid - len(companys) + 1) + 2 * per_grid
    assert {one["gap"] for one in lacking["items"]} == {"no_unit"}

    ruled(town, "routes", routes=[*DIRECTORY[:2], DIRECTORY[3]])
    assert (gaps()["empty"], gaps()["items"]) == (0, [])
    for area in (GRID, NEXT):
        assert all(one["person"]["name"] for one in whose(leader, town.area(area)).values())
    market = whose(town.person("sunlei"), town.area(MARKET))
    assert market["street_vending"]["person"] == {
        "name": "孙磊", "title": "", "by": "grid",
        "role_name": {"zh": "专业网格员", "en": "professional grid worker"},
    }  # fmt: skip
    assert market["street_lamp"]["unit"] == "安东区城市管理局"

    post = {"role": "professional_worker", "area_id": town.area(GRID), "title": "城管队员(下沉)"}
    officer = town.account("handler2")
    assert admin.post(f"/people/{officer}/posts", post).status_code == 201
    sent = {one["person"]["name"]: one["person"]["by"]
            for one in whose(leader, town.area(GRID)).values()
            if one["unit"] == "安东区城市管理局"}  # fmt: skip
    assert sent == {"韩工": "posted"}
    town.end_posts("water")
    grids = ("第1网格", "第2网格", "第1网格", "为民市场")
    assert [(one["area"], one["type"], one["gap"]) for one in gaps()["items"]] == [
        (grid, "water_outage", "nobody_on_post") for grid in grids
    ]
    assert town.person("liulin").get(f"/areas/{here}/responsible/gaps").status_code == 403


def listed(person: Person, figure: str, within: str) -> set[str]:
    answer = person.get("/cases", figure=figure, within=within, limit=100)
    assert answer.status_code == 200, answer.text
    return {card["id"] for card in answer.json()["items"]}


@pytest.mark.mission("BX-37")
@pytest.mark.mission("PL-39")
def test_a_grids_month_in_five_counts_and_its_services(town: Town, client: Any) -> None:
    """A month in one grid, and the same matters next door and in another hand, which do not count.

    BX-37: "grid page shows five counters equal to row counts". PL-39: "grid page shows services
    this month". The page itself is opened in tests/e2e/test_area_page.py.

    Seen red with the services of every grid counted.
    """
    ruled(town, "switches", short_path_sample_percent=0)
    lihong, wang = town.person("lihong"), town.person("wangqiang")

    def settled(by: Person, kind: str, **more: Any) -> str:
        body = told("办了一件事", channel="worker", asker=None, type=kind, **more)
        body["self_handle"] = {"id": str(new_id()), "note": "当场办好"}
        answer = by.post("/cases", body)
        assert answer.json()["case"]["state"] == "closed", answer.text
        return str(body["id"])

    def found(kind: str) -> str:
        body = told("看到一件事", channel="worker", asker=None, type=kind)
        assert lihong.post("/cases", body).status_code == 200
        return str(body["id"])

    meal, meal2, errand = (
        settled(lihong, kind) for kind in ("elderly_care", "elderly_care", "errand")
    )
    quarrel = settled(lihong, "neighbour_dispute")
    loud = settled(lihong, "noise")
    blocked = found("fire_hazard")
    still = found("neighbour_dispute")
    settled(wang, "elderly_care", lat=37.10)
    asked = client.post("/api/v1/public/cases", json=told("门前的老人没人照看")).json()["id"]
    taken(town.person("acceptor"), asked, "accept", type="elderly_care")
    taken(town.person("dispatcher"), asked, "dispatch", unit_id=town.unit("urban-379901"))
    taken(town.person("handler"), asked, "acknowledge")
    taken(town.person("handler"), asked, "finish", note="办了", answer="办了")
    assert taken(lihong, asked, "pass_check").json()["state"] == "closed"

    grid = town.area(GRID)
    month = lihong.get(f"/areas/{grid}/month").json()

    five = {one["code"]: one for one in month["counters"]}
    assert [one["name"]["zh"] for one in month["counters"]] == [
        "事项在网格发现", "隐患在网格排查", "矛盾在网格化解", "服务在网格开展", "问题在网格解决",
    ]  # fmt: skip
    wanted = {
        "found_in_grid": {meal, meal2, errand, quarrel, loud, blocked, still},
        "screened_in_grid": {blocked},
        "reconciled_in_grid": {quarrel},
        "served_in_grid": {meal, meal2, errand},
        "solved_in_grid": {meal, meal2, errand, quarrel, loud},
    }
    for code, rows in wanted.items():
        assert five[code]["count"] == len(rows), code
        assert listed(lihong, five[code]["figure"], month["within"]) == rows, code
    services = {one["type"]: one for one in month["services"]}
    assert {code: one["count"] for code, one in services.items()} == {
        "elderly_care": 2,
        "errand": 1,
    }
    assert listed(lihong, services["errand"]["figure"], month["within"]) == {errand}
    assert wang.get(f"/areas/{grid}/month").json()["counters"][0]["count"] == 0
    whole = town.person("cityleader").get(f"/areas/{town.area('3799')}/month").json()
    assert {one["code"]: one["count"] for one in whole["counters"]}["served_in_grid"] == 4
