"""Stations near a resident: how far, whom to call, open until when."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient

from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
STATIONS = [
    ("东方社区党群服务中心", "3799010010010001", 118.1, 37.31),
    ("柳林镇便民服务中心", "3799011012010001", 118.5, 37.3),
]
PLACE = """
insert into places (id, name, kind, aliases, area_id, lon, lat, terms)
values (%s, %s, 'station', '{}', %s, %s, %s, '{}')
"""


HOURS = {
    "zh": "全周", "en": "All week", "spans": [{"first": "08:00", "last": "20:00"}],
    "weekend": [7], "public_holidays": False,
}  # fmt: skip
CITY = ZoneInfo("Asia/Shanghai")


def test_the_nearest_station_says_how_far_and_until_when(
    town: Town, client: TestClient, open_tx: Opening
) -> None:
    """The nearer one first, with its own desk's number and hours; on a holiday it says which.

    Seen red: ordered by name, with the city's hours for all, and open before it opens.
    """
    with open_tx() as tx:
        for name, area, lon, lat in STATIONS:
            tx.run(PLACE, [new_id(), name, town.area(area), lon, lat])

    def asked(lon: float = 118.1, lat: float = 37.3) -> list[dict[str, Any]]:
        answer = client.get("/api/v1/public/stations", params={"lon": lon, "lat": lat})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    near, far = asked()
    assert (near["name"], near["metres"], near["desk"]) == (
        "东方社区党群服务中心", 1113, "东方社区工作站")  # fmt: skip
    assert (near["phone"], far["desk"]) == ("0546-1234567", "柳林镇网格中心")
    assert asked(118.5)[0]["name"] == "柳林镇便民服务中心"

    admin = town.person("sysadmin")
    body = admin.get("/rules/calendar").json()["body"]
    own = {**body, "own": {"desk-379901101": HOURS}}
    assert admin.put("/rules/calendar", {"body": own, "version": 0}).status_code == 200

    def on(moment: datetime) -> list[Any]:
        with open_tx() as tx:
            clock.set_to(tx, moment, frozen=True)
        return [
            (
                one["open_until"] and one["open_until"][11:16],
                one["opens_at"] and one["opens_at"][:16],
            )
            for one in asked()
        ]

    # Times of the wire are UTC: noon here is four o'clock there.
    assert on(datetime(2026, 9, 29, 9, tzinfo=CITY)) == [("04:00", None), ("12:00", None)]
    assert on(datetime(2026, 9, 29, 12, 30, tzinfo=CITY)) == [
        (None, "2026-09-29T06:00"), ("12:00", None)]  # fmt: skip
    assert on(datetime(2026, 10, 1, 9, tzinfo=CITY)) == [
        (None, None), ("12:00", None)]  # fmt: skip
    assert {one["name"]["zh"] for one in asked()[0]["week"] if one["name"]} == {"国庆节"}
