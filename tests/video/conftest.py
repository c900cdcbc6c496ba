"""Three sites of the urban bureau before a platform that draws its pictures."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.dispatch.test_follows import rule
from tests.town import Person, Town
from wangge.video.gateway import shared_token
from wangge.video.local_gateway import StandIn

HEAD = "编号,名称,位置,经度,纬度,所属单位,平台链接,截图地址,启用\n"


@pytest.fixture
def platform() -> Iterator[StandIn]:
    server = StandIn(0, shared_token()).start()
    yield server
    server.stop()


def row(platform: StandIn, code: str, name: str, lon: float, lat: float, **more: str) -> str:
    page = f"http://{platform.host}/sites/{code}"
    owner, shot = more.get("owner", "urban-379901"), more.get("shot", f"{page}/snapshot")
    return f"{code},{name},路口东北角,{lon},{lat},{owner},{page},{shot},是\n"


def imported(person: Person, table: str, **params: bool) -> dict[str, Any]:
    answer = person.client.post(
        "/api/v1/video/sites/import", params=params,
        files={"file": ("点位.csv", table.encode(), "text/csv")},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return dict[str, Any](answer.json())


@pytest.fixture
def sites(town: Town, platform: StandIn) -> dict[str, str]:
    """Ids by name: 东 and 西 beside the garage, 柳 in the other town."""
    rule(town, "video", hosts=[platform.host])
    table = HEAD + "".join((
        row(platform, "V-001", "东门路口", 118.101, 37.301),
        row(platform, "V-002", "西门路口", 118.098, 37.299),
        row(platform, "V-101", "柳林集市", 118.5, 37.3),
    ))  # fmt: skip
    report = imported(town.person("sysadmin"), table)
    assert (report["written"], report["added"], report["errors"]) == (True, 3, [])
    items = town.person("cityleader").get("/video/sites").json()["items"]
    return {one["name"][0]: one["id"] for one in items}


@pytest.fixture
def owner(town: Town) -> Person:
    """The head of the bureau that owns the cameras."""
    post = {"role": "department_manager", "unit_id": town.unit("urban-379901")}
    body = {"username": "urbanhead", "name": "罗局长", "posts": [post]}
    answer = town.person("sysadmin").post("/people", body)
    assert answer.status_code == 201, answer.text
    return town.person("urbanhead")
