"""The door for batches: each item answered, one bad one harms nobody, sent again it repeats."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


@pytest.fixture
def leader(town: Town) -> Person:
    return town.person("cityleader")


def item(text: str = "路灯不亮", **more: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "text": text, "channel": "device", **more}


def cases(town: Town) -> int:
    with transaction(town.cell) as tx:
        return int((tx.one("select count(*) as n from cases") or {"n": -1})["n"])


def test_each_item_is_answered_for_itself(town: Town, leader: Person) -> None:
    first, other = item(lon=118.1, lat=37.3, source_ref="摄像头 12"), item("井盖丢了")
    batch = [
        first,
        first,
        {**first, "text": "不是同一件事"},
        item(" "),
        {"id": "no id", "text": "x"},
        7,
        item("坏\0了"),
        item(type="no.such.type"),
        item("着火了", asker={"phone": "13805460001"}),
        other,
    ]

    answer = leader.post("/intake/cases", {"items": batch})

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [one["outcome"] for one in told["answers"]] == [
        "taken", "repeated", "refused", "refused", "refused", "refused", "refused", "refused",
        "taken", "taken",
    ]  # fmt: skip
    assert (told["taken"], told["repeated"], told["refused"]) == (3, 1, 6)
    codes = [one["refusal"] and one["refusal"]["code"] for one in told["answers"]]
    assert codes == [None, None, "id_taken", "text_needed", "invalid_input", "invalid_input",
                     "unfit_value", "unknown_type", None, None]  # fmt: skip
    assert all(one["refusal"]["zh"] and one["refusal"]["en"] for one in told["answers"][2:8])
    assert told["answers"][0]["number"] == told["answers"][1]["number"]
    assert told["answers"][0]["number"].startswith("379901001-")
    assert told["answers"][4]["id"] == "no id"
    assert told["answers"][8]["emergency"] == ["fire"]
    assert told["answers"][8]["code"]
    assert cases(town) == 3


def test_sent_again_a_batch_changes_nothing(town: Town, leader: Person) -> None:
    """The answer was lost on the way: the second one says the same."""
    batch = {"items": [item(lon=118.1, lat=37.3) for _ in range(20)]}
    first = leader.post("/intake/cases", batch).json()

    again = leader.post("/intake/cases", batch).json()

    assert (again["taken"], again["repeated"]) == (0, 20)
    assert [one["number"] for one in again["answers"]] == [
        one["number"] for one in first["answers"]
    ]
    assert cases(town) == 20


def test_the_same_matter_by_another_account_is_another_content(town: Town, leader: Person) -> None:
    one = item()
    leader.post("/intake/cases", {"items": [one]})

    told = town.person("dutyleader").post("/intake/cases", {"items": [one]}).json()

    assert told["answers"][0]["refusal"]["code"] == "id_taken"
    assert told["answers"][0]["number"] == ""


@pytest.mark.parametrize("username", ["acceptor", "lihong", "handler", "sysadmin"])
def test_only_who_may_bring_batches_in(town: Town, username: str) -> None:
    answer = town.person(username).post("/intake/cases", {"items": [item()]})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert cases(town) == 0


def test_nobody_gets_in_without_an_account(client: TestClient) -> None:
    assert client.post("/api/v1/intake/cases", json={"items": [item()]}).status_code == 401


def test_a_device_account_brings_in_and_reads_nothing_but_its_own(town: Town) -> None:
    leader = town.person("cityleader")
    town.person("lihong")
    with transaction(town.cell) as tx:
        tx.run(
            "update posts set role = 'data_source' where account_id ="
            " (select id from accounts where username = 'sunlei')"
        )
    device = town.person("sunlei")
    leader.post("/intake/cases", {"items": [item("别人的事", lon=118.3, lat=37.1)]})
    own = item("摄像头看到积水", lon=118.3, lat=37.1)

    assert device.post("/intake/cases", {"items": [own]}).json()["taken"] == 1

    seen = device.get("/cases").json()["items"]
    assert [one["id"] for one in seen] == [own["id"]]


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_has_up_to_a_thousand_items(leader: Person, size: int) -> None:
    answer = leader.post("/intake/cases", {"items": [item()] * size})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_a_thousand_long_items_fit_through_the_door(town: Town, leader: Person) -> None:
    """Seen red with the limit of a single report's body, 1 MB."""
    batch = {"items": [item("积水很深" * 120) for _ in range(1000)]}

    answer = leader.post("/intake/cases", batch)

    assert answer.status_code == 200, answer.text[:300]
    assert answer.json()["taken"] == 1000
