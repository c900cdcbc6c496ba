"""一诉多件: what was told in one call becomes cases of their own, linked, each with its asker."""

from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.town import Town
from wangge.kernel.ids import new_id

CALL = "一是3号楼前路灯不亮，二是柳林村水渠堵了，三是门口有人摆摊"


@pytest.fixture
def call(town: Town) -> dict[str, Any]:
    answer = town.person("acceptor").post("/cases", told(CALL, channel="phone"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


LAMP = {"text": "3号楼前路灯不亮", "type": "street_lamp"}
DITCH = {"text": "柳林村水渠堵了", "lon": 118.50, "lat": 37.30, "place_words": "柳林村"}


def split(town: Town, case: str, *parts: dict[str, Any], who: str = "acceptor", **more: Any) -> Any:
    body = {
        "id": str(new_id()),
        "parts": [{"id": str(new_id()), **part} for part in parts],
        **more,
    }
    return town.person(who).post(f"/cases/{case}/split", body)


def test_one_call_becomes_three_matters(town: Town, client: Any, call: dict[str, Any]) -> None:
    """The case goes on with its own part. Seen red without the link's table."""
    answer = split(town, call["id"], LAMP, DITCH)
    assert answer.status_code == 200, answer.text
    lamp, ditch = answer.json()["parts"]
    assert answer.json()["case"]["state"] == "reported"

    acceptor, liulin = town.person("acceptor"), town.person("liulin")
    first = acceptor.get(f"/cases/{lamp['id']}").json()
    assert (first["type"], first["place"]["words"]) == ("street_lamp", "东方社区地下车库")
    second = liulin.get(f"/cases/{ditch['id']}").json()
    assert (second["place"]["words"], second["desk"]["name"]) == ("柳林村", "柳林镇网格中心")
    assert second["asker"]["phone_masked"] == call["case"]["asker"]["phone_masked"]
    assert second["steps"][-1]["data"] == {"from": call["number"]}
    step = acceptor.get(f"/cases/{call['id']}").json()["steps"][-1]
    assert [one["number"] for one in step["data"]["parts"]] == [lamp["number"], ditch["number"]]
    # Each side is linked, and who may not see the other side learns that it is there.
    colleague = town.person("dutyleader")  # who reported nothing of it himself
    theirs = colleague.get(f"/cases/{call['id']}/related").json()
    assert colleague.get(f"/cases/{lamp['id']}/doubles").json() == [], "no double of its own call"
    assert ([one["id"] for one in theirs["parts"]], theirs["parts_hidden"]) == ([lamp["id"]], 1)
    there = liulin.get(f"/cases/{ditch['id']}/related").json()
    assert (there["origin"], there["origin_hidden"]) == (None, True)
    mine = client.get(f"/api/v1/public/cases/{call['code']}").json()
    assert {part["code"] for part in mine["parts"]} == {lamp["code"], ditch["code"]}
    assert client.get(f"/api/v1/public/cases/{ditch['code']}").json()["text"] == DITCH["text"]


def test_split_up_it_ends_and_says_so(town: Town, client: Any, call: dict[str, Any]) -> None:
    answer = split(town, call["id"], LAMP, DITCH, whole=True)

    assert answer.json()["case"]["state"] == "split"
    shown = client.get(f"/api/v1/public/cases/{call['code']}").json()
    assert (shown["state"], len(shown["parts"])) == ("split", 2)
    figures = town.person("citydesk").get("/indicators").json()
    assert figures["by_state"]["split"] == 1
    assert figures["indicators"][0]["denominator"] == 2


def test_another_asker_is_not_told_of_the_first(
    town: Town, client: Any, call: dict[str, Any]
) -> None:
    other = {"name": "刘大爷", "phone": "13854655555"}
    [part] = split(town, call["id"], {**LAMP, "asker": other}).json()["parts"]

    assert client.get(f"/api/v1/public/cases/{call['code']}").json()["parts"] == []
    asker = town.person("acceptor").get(f"/cases/{part['id']}").json()["asker"]
    assert asker["phone_masked"].endswith("5555")


def test_a_repeat_opens_nothing_twice(town: Town, call: dict[str, Any]) -> None:
    body = {"id": str(new_id()), "parts": [{"id": str(new_id()), **LAMP}]}
    acceptor = town.person("acceptor")
    first = acceptor.post(f"/cases/{call['id']}/split", body).json()
    again = acceptor.post(f"/cases/{call['id']}/split", body)

    assert again.status_code == 200, again.text
    assert again.json()["parts"] == first["parts"]
    assert len(acceptor.get("/cases").json()["items"]) == 2


def test_who_may_not_and_what_cannot_be_split(town: Town, call: dict[str, Any]) -> None:
    for who in ("liulin", "handler", "lihong", "citydesk"):
        assert split(town, call["id"], LAMP, who=who).status_code == 404, who
    acceptor = town.person("acceptor")
    same = str(new_id())
    bad = {
        "one_part_is_no_split": split(town, call["id"], LAMP, whole=True),
        "unknown_type": split(town, call["id"], {**LAMP, "type": "no_such"}),
        "bad_parts": split(town, call["id"], {**LAMP, "id": same}, {**DITCH, "id": same}),
        "no_such_case": split(town, str(new_id()), LAMP),
    }
    for code, answer in bad.items():
        assert answer.json()["code"] == code, answer.text
        assert answer.json()["message"]["en"]
    assert len(acceptor.get("/cases").json()["items"]) == 1, "all or nothing"
    taken(acceptor, call["id"], "decline", reason="out_of_scope", answer="无法办理")
    assert split(town, call["id"], LAMP).json()["code"] == "wrong_state"
