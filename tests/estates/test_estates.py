"""物业通: its own estates' orders, its people on the public page, its notices to residents."""

from datetime import date, timedelta
from typing import Any

from tests.cases.test_answers import Day, day
from tests.dispatch.test_follows import noticed, rule
from tests.sync.phones import city_now
from tests.town import Person, Town
from wangge.demo import estates as demo
from wangge.estates import service
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

__all__ = ["day"]


def told_of(client: Any, area: str) -> list[str]:
    answer = client.get(f"/api/v1/public/serve/{area}").json()
    return [one["title"] for one in answer["notices"]]


def written(manager: Person, title: str, until: date) -> Any:
    body = {"id": str(new_id()), "title": title, "words": f"{title}，请大家互相转告。"}
    return manager.post("/estate/notices", body | {"until": until.isoformat()})


def test_a_company_tells_its_estate_and_nobody_elses(town: Town, client: Any, day: Day) -> None:
    """A notice waits for the community, is read on the grid's page, and is gone after its day.

    The company of another estate sees and may do nothing of it; who serves is the manager's to say
    for his own company alone.

    Seen red: with the day of its end not asked the old one stood there still; with any company
    taken for one's own the neighbour named its people.
    """
    admin = town.person("sysadmin")
    made = admin.post(
        "/organisations",
        {"kind": "property", "code": "property-hean", "name": "河安物业",
         "area_id": town.area("379901001002")},
    ).json()  # fmt: skip
    post = {"role": "property_manager", "unit_id": made["id"]}
    admin.post("/people", {"username": "hean", "name": "安经理", "posts": [post]})
    fitter = {"role": "handler", "unit_id": town.unit("property-dongfang")}
    admin.post("/people", {"username": "fitter", "name": "鲁师傅", "phone": "13905460077",
                           "posts": [fitter]})  # fmt: skip
    manager, other, station = town.person("property"), town.person("hean"), town.person("dongfang")
    today = city_now(town.cell).date()
    here, next_door = "3799010010010001", "3799010010020001"

    asked = written(manager, "周六停水检修", today + timedelta(days=2))
    assert asked.status_code == 200, asked.text
    [notice] = asked.json()["items"]
    assert (notice["state"], notice["may"]) == ("waiting", ["withdraw"])
    assert told_of(client, here) == []
    assert noticed(station)[0] == "estate_notice_waiting"
    assert other.get("/estate/notices").json()["items"] == []
    decision = f"/estate/notices/{notice['id']}/decision"
    assert manager.post(decision, {"approve": True}).status_code == 403
    for stranger in (other, town.person("liulin")):
        assert stranger.post(decision, {"approve": True}).status_code == 404
        assert stranger.post(f"/estate/notices/{notice['id']}/withdraw").status_code == 404
    assert town.person("fitter").get("/estate").json()["runs"] is False
    assert written(town.person("fitter"), "收费", today).status_code == 403

    assert station.post(decision, {"approve": False}).status_code == 422
    assert station.post(decision, {"approve": True}).status_code == 200
    assert noticed(manager)[0] == "estate_notice_posted"
    for area in (here, "379901001001"):
        assert told_of(client, area) == ["周六停水检修"]
    assert told_of(client, next_door) == []
    rule(town, "switches", estate_notices_approved=False)
    written(manager, "灭火器检查", today)
    assert told_of(client, here) == ["灭火器检查", "周六停水检修"]
    assert written(manager, "昨天的事", today - timedelta(days=1)).status_code == 422
    assert manager.post(f"/estate/notices/{notice['id']}/withdraw").status_code == 200
    assert told_of(client, here) == ["灭火器检查"]

    people = {one["name"]: one for one in manager.get("/estate").json()["people"]}
    line = {"title": "水电维修", "public": True}
    path = f"/estate/people/{people['鲁师傅']['post_id']}"
    assert other.put(path, line).status_code == 404
    assert town.person("fitter").put(path, line).status_code == 404
    assert manager.put(path, line).status_code == 200
    serving = client.get(f"/api/v1/public/serve/{here}").json()["people"]
    assert ("鲁师傅", "水电维修", "13905460077") in [
        (one["name"], one["title"], one["phone"]) for one in serving
    ]
    assert other.get("/estate").json()["name"] == "河安物业"
    assert town.person("lihong").get("/estate").status_code == 404
    day.passes(days=1)
    assert told_of(client, here) == []


def test_the_demo_city_has_notices_of_its_companies(tx: Tx) -> None:
    assert demo.live(tx) == 1
    [shown] = service.shown(tx, tx.rows("select id from areas where level = 'city'")[0]["id"],
                            inside=True)  # fmt: skip
    assert shown["unit"] == "东方物业"
