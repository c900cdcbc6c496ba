"""物业通: its own estates' orders, its people on the public page, its notices to residents."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cases.test_answers import Day, day
from tests.cases.test_closed_loop import photo
from tests.dispatch.test_follows import noticed, rule
from tests.sync.phones import city_now
from tests.town import Person, Town
from wangge.demo import estates as demo
from wangge.estates import service
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id

__all__ = ["day"]


def told_of(client: Any, area: str) -> list[str]:
    answer = client.get(f"/api/v1/public/serve/{area}").json()
    return [one["title"] for one in answer["notices"]]


def written(manager: Person, title: str, until: date) -> Any:
    body = {"id": str(new_id()), "title": title, "words": f"{title}，请大家互相转告。"}
    return manager.post("/estate/notices", body | {"until": until.isoformat()})


def gone(person: Person, notice: dict[str, Any], why: str = "改期了") -> Any:
    return person.post(f"/estate/notices/{notice['id']}/withdraw", {"why": why})


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
        assert gone(stranger, notice).status_code == 404
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
    assert gone(manager, notice, "").status_code == 422
    assert gone(manager, notice).status_code == 200
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


def test_a_desk_tells_its_area_and_nobody_elses(town: Town, client: Any, day: Day) -> None:
    """What a community or a street writes is read in its grids from its first day to its last.

    Neighbours read and may do nothing of it; its pictures are anybody's for just as long; withdrawn
    it is gone with its pictures and stays in the list, with who did it and why.

    Seen red: with the first day left out of the list it stood there a day early; with the ground of
    the post not asked the village wrote for the community; with the picture's notice not asked its
    picture was open before its day; with the state not asked the withdrawn one's was open for good.
    """
    station, street = town.person("dongfang"), town.person("acceptor")
    village, worker = town.person("liulin"), town.person("lihong")
    today = city_now(town.cell).date()
    here, beside, far = "3799010010010001", "3799010010020001", "3799011012010001"
    grounds = [one["name"] for one in station.get("/estate/notices").json()["grounds"]]
    assert grounds == ["东方社区", "第1网格", "第2网格"]
    assert worker.get("/estate/notices").json() == {"items": [], "grounds": [], "next": None}
    picture = photo(station, "other")

    def tells(who: Person, **more: Any) -> Any:
        days = {"begins": today.isoformat(), "until": (today + timedelta(days=3)).isoformat()}
        body = {"id": str(new_id()), "title": "便民服务日", "words": "周六上午在服务站。"}
        return who.post("/estate/notices", body | days | more)

    assert tells(worker).status_code == 403
    refused = tells(village, area_id=town.area("379901001001"))
    assert (refused.status_code, refused.json()["code"]) == (422, "not_your_ground")
    assert refused.json()["message"] == {
        "zh": "这里不在您的辖区", "en": "this is not on your ground",
    }  # fmt: skip
    assert tells(street, until=(today - timedelta(days=1)).isoformat()).json()["code"] == "bad_time"
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert tells(street, begins="2020-01-01").json()["code"] == "bad_time"
    assert tells(village, pictures=[picture]).json()["code"] == "picture_missing"

    one = {"begins": tomorrow, "pictures": [picture]}
    [notice] = tells(station, **one).json()["items"]
    shown = (notice["state"], notice["early"], notice["may"], notice["pictures"])
    assert shown == ("posted", True, ["withdraw"], [picture])
    public = f"/api/v1/public/files/{picture}"
    assert (told_of(client, here), client.get(public).status_code) == ([], 404)
    assert tells(street, title="清运大件垃圾").status_code == 200
    day.passes(minutes=1)
    assert tells(street, title="换水表", area_id=town.area(beside)).status_code == 200
    day.passes(days=1)
    assert told_of(client, here) == ["便民服务日", "清运大件垃圾"]
    assert told_of(client, beside) == ["换水表", "清运大件垃圾"]
    assert told_of(client, far) == []
    assert client.get(public).status_code == 200
    for stranger in (village, town.person("property"), town.person("handler")):
        assert stranger.get("/estate/notices").json()["items"] == []
        assert stranger.get(f"/files/{picture}").status_code == 404
        assert gone(stranger, notice).status_code == 404
    assert gone(station, notice, " ").json()["code"] == "field_needed"

    assert gone(street, notice, "服务站停电").status_code == 200
    assert noticed(station)[0] == "estate_notice_withdrawn"
    assert (told_of(client, here), client.get(public).status_code) == (["清运大件垃圾"], 404)
    [kept] = station.get("/estate/notices").json()["items"]
    assert (kept["state"], kept["withdrawn_name"], kept["withdrawn_why"]) == (
        "withdrawn", "郑洁", "服务站停电",
    )  # fmt: skip
    day.passes(days=3)
    assert told_of(client, here) == []
    assert {item["over"] for item in street.get("/estate/notices").json()["items"]} == {True}


def test_the_demo_city_has_notices_of_its_companies_and_desks(tx: Tx) -> None:
    assert demo.live(tx) == 1 + 1 + 2 * 2 + 2
    city = tx.rows("select id from areas where level = 'city'")[0]["id"]
    shown = [one["unit"] for one in service.shown(tx, city, inside=True)]
    assert sorted(set(shown)) == sorted(
        {
            "东方物业",
            "东方社区工作站",
            "安和街道网格中心",
            "柳林镇网格中心",
            "安城市网格化服务管理中心",
        }
    )


def test_the_list_of_notices_goes_on_past_its_first_page(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits stands first, however old it is; the others follow it.

    Seen red: with the last of a page shown again; with those that are newer than what waits lost
    behind it.
    """
    with transaction(town.cell) as tx:
        demo.live(tx)
    for title in ("周六停水检修", "电梯年检"):
        until = city_now(town.cell).date() + timedelta(days=2)
        assert written(town.person("property"), title, until).status_code == 200
    with transaction(town.cell) as tx:
        tx.run("update estate_notices set at = at - interval '60 days' where state = 'waiting'")
    monkeypatch.setattr(service, "PAGE", 2)
    manager, found, cursor = town.person("acceptor"), list[str](), ""
    while True:
        page = manager.get("/estate/notices", cursor=cursor).json()
        assert len(page["items"]) <= 2
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    monkeypatch.undo()
    whole = manager.get("/estate/notices").json()["items"]
    assert found == [one["id"] for one in whole]
    assert (whole[0]["state"], whole[-1]["state"]) == ("waiting", "posted")
    assert whole[0]["at"] < whole[-1]["at"]
    assert len(found) == len(set(found)) > 2
    assert manager.get("/estate/notices", cursor="!").json()["code"] == "bad_cursor"
