"""联系物业: the worker of the grid calls the estate's property company to what he found."""

from typing import Any

import pytest

from tests.cases.test_assisting import said
from tests.cases.test_closed_loop import photo
from tests.cases.test_loop import taken, told
from tests.cases.test_owned import listed
from tests.dispatch.conftest import drain
from tests.dispatch.test_follows import noticed
from tests.sync.phones import Phone
from tests.town import Town
from wangge.kernel.ids import new_id


@pytest.mark.mission("DY-32")
def test_one_tap_brings_an_order_to_the_estates_company(town: Town, client: Any) -> None:
    """DY-32: "contact property: one-tap call/assign to property of the estate".

    "order lands in 物业通": the worker's phone names the company with its number and sends the call
    by sync; the order stands in its manager's list with the words and a time; done with a photo;
    the worker ends the matter in the grid. Neighbours, and the company of another estate, have
    nothing of it.

    Seen red: with the right to give tasks alone (as the desk has it) the tap was refused; with the
    states of the desk's tasks it was refused until the desk had registered the matter.
    """
    admin, lihong = town.person("sysadmin"), town.person("lihong")
    made = admin.post(
        "/organisations",
        {"kind": "property", "code": "property-hean", "name": "河安物业",
         "area_id": town.area("379901001002")},
    ).json()  # fmt: skip
    post = {"role": "property_manager", "unit_id": made["id"]}
    admin.post("/people", {"username": "hean", "name": "安经理", "posts": [post]})
    manager, other = town.person("property"), town.person("hean")
    case = told("地下车库进水", lon=118.1, lat=37.3)
    assert client.post("/api/v1/public/cases", json=case).status_code == 200
    taken(town.person("acceptor"), case["id"], "send_verify")

    near = lihong.get(f"/cases/{case['id']}/property").json()
    assert near["company"]["name"] == "东方物业"
    assert near["company"]["phone"] == "0546-1234567"
    assert [one["name"] for one in near["company"]["people"]] == ["杨经理"]
    assert near["may_call"]
    grid = lihong.get(f"/areas/{town.area('3799010010010001')}/property").json()["items"]
    assert [one["name"] for one in grid] == ["东方物业"]
    # Of wider ground those of every estate inside it; a grid has the one of its estate.
    street = town.person("acceptor").get(f"/areas/{town.area('379901001')}/property").json()
    assert {one["name"] for one in street["items"]} == {"东方物业", "河安物业"}
    assert manager.get(f"/cases/{case['id']}").status_code == 404

    phone = Phone(lihong, town.cell)
    tapped = phone.op("case.call_property", case["id"], {"words": "请带水泵来抽水"})
    [receipt] = phone.push(tapped)
    assert receipt["state"] == "applied", receipt
    drain(town.cell)
    assert noticed(manager)[0] == "task_given"
    assert listed(manager, "to_assist") == [case["id"]]
    [card] = manager.get("/cases", queue="to_assist").json()["items"]
    assert card["task"]["words"] == "请带水泵来抽水"
    assert card["task"]["due_at"]
    assert other.get(f"/cases/{case['id']}").status_code == 404
    again = {"id": str(new_id()), "words": ""}
    refused = lihong.post(f"/cases/{case['id']}/property", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "task_stands")
    for name, status in (("zhaomin", 404), ("wangqiang", 404), ("acceptor", 403)):
        tried = town.person(name).post(f"/cases/{case['id']}/property", again)
        assert tried.status_code == status, name

    early = taken(lihong, case["id"], "self_handle", note="水已抽干")
    assert early.json()["code"] == "tasks_open"
    [task] = manager.get(f"/cases/{case['id']}/tasks").json()["items"]
    assert said(manager, case["id"], task["id"], "acknowledge").is_success
    shot = photo(manager, "after")
    done = said(manager, case["id"], task["id"], "finish", note="水已抽干", files=[shot])
    assert done.json()["items"][0]["state"] == "done"
    whole = lihong.get(f"/cases/{case['id']}").json()
    assert shot in [one["id"] for one in whole["files"]]
    ended = taken(lihong, case["id"], "self_handle", note="物业已抽水", answer="车库积水已抽干")
    assert ended.status_code == 200, ended.text
