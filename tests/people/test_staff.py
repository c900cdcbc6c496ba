"""The staff directory and the organisations, as far as each may see and change them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.town import Town
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.people import service


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


def test_everybody_sees_the_staff_of_his_own_reach(town: Town) -> None:
    assert names(town.person("lihong").get("/people")) == ["李红"]
    assert set(names(town.person("dongfang").get("/people"))) == {
        "东方明", "李红", "王强", "吴华", "杨经理",
    }  # fmt: skip
    assert "周平" not in names(town.person("dispatcher").get("/people"))
    assert names(town.person("handler").get("/people")) == ["许工", "韩工"]


def test_finding_by_word_role_unit_and_area(town: Town) -> None:
    leader = town.person("cityleader")

    assert names(leader.get("/people", q="李")) == ["李红"]
    assert names(leader.get("/people", q="13805460000")) == ["李红"]
    assert names(leader.get("/people", role="handler", unit=town.unit("water-379901"))) == [
        "蒋师傅"
    ]
    found = leader.get("/people", role="grid_worker", area=town.area("379901101"))
    assert names(found) == ["周平"]
    assert leader.get("/people", q="%").json()["items"] == []


def test_pages_follow_each_other_without_gap(town: Town) -> None:
    leader = town.person("cityleader")
    whole = names(leader.get("/people", limit=200))
    found: list[str] = []
    cursor = None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        answer = leader.get("/people", limit=4, **more)
        found += names(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert found == whole
    assert len(found) > 8


def test_colleagues_do_not_see_accounts(town: Town) -> None:
    mine = town.person("dispatcher").get("/people", q="李红").json()["items"][0]
    admins = town.person("secadmin").get("/people", q="李红").json()["items"][0]

    assert "username" not in mine
    assert (admins["username"], admins["state"]) == ("lihong", "new")


def test_a_locked_account_is_out_at_once_and_comes_back(town: Town) -> None:
    lihong, admin = town.person("lihong"), town.person("secadmin")
    path = f"/people/{lihong.account_id}/lock"

    assert admin.post(path, {"locked": True, "reason": "手机丢失"}).status_code == 200
    assert lihong.get("/me").status_code == 401
    shut = lihong.post("/demo/session", {"account_id": lihong.account_id})
    assert shut.json()["code"] == "sign_in_failed"
    admin.post(path, {"locked": False, "reason": "已找回"})
    assert town.person("lihong").get("/me").status_code == 200


def test_the_system_administrator_cannot_lock_nor_the_security_one_appoint(town: Town) -> None:
    lihong = town.account("lihong")
    post = {"role": "grid_worker", "area_id": town.area("3799010010010001")}

    lock = town.person("sysadmin").post(
        f"/people/{lihong}/lock", {"locked": True, "reason": "试一试"}
    )
    appoint = town.person("secadmin").post(f"/people/{lihong}/posts", post)

    assert [lock.status_code, appoint.status_code] == [403, 403]


def test_a_taken_username_is_refused(town: Town) -> None:
    answer = town.person("sysadmin").post("/people", {"username": "lihong", "name": "李宏"})
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


def test_a_new_city_begins_with_one_administrator(tx: Tx) -> None:
    with pytest.raises(Refusal, match="administrator_exists"):
        service.first_administrator(tx, username="first", name="首任")
    tx.run("update posts set valid = daterange(lower(valid), city_today())")

    made = service.first_administrator(tx, username="first", name="首任")

    row = tx.one("select role, area_id from posts where account_id = %s", [made.account_id])
    assert row
    assert row["role"] == "system_admin"
    assert made.code.count("-") == 2


def test_organisations_of_a_branch_of_the_tree(town: Town) -> None:
    lihong = town.person("lihong")

    found = lihong.get("/organisations", kind="desk", area=town.area("3799010010010001"))

    codes = [item["code"] for item in found.json()["items"]]
    assert codes == ["desk-3799", "desk-379901", "desk-379901001", "desk-379901001001"]
    assert names(lihong.get("/organisations", q="供水")) == ["安东区供水公司"]


def test_an_organisation_is_made_changed_and_closed(town: Town) -> None:
    admin = town.person("sysadmin")
    body = {"kind": "property", "code": "property-hean", "name": "河安物业有限公司",
            "short_name": "河安物业", "area_id": town.area("379901001002")}  # fmt: skip

    made = admin.post("/organisations", body)
    assert made.status_code == 201, made.text
    path = f"/organisations/{made.json()['id']}"
    assert admin.put(path, {**body, "phone": "0546-7654321"}).status_code == 200
    listed = admin.get("/organisations", q="河安物业").json()["items"]
    assert [(item["phone"], item["area"]["name"]) for item in listed] == [
        ("0546-7654321", "河安社区")
    ]
    admin.put(path, {**body, "active": False})
    assert admin.get("/organisations", q="河安物业").json()["items"] == []
    again = admin.post("/organisations", {**body, "area_id": None})
    assert again.json()["code"] == "code_taken"
    for parent in (made.json()["id"], town.account("lihong")):
        answer = admin.put(path, {**body, "parent_id": parent})
        assert answer.json()["code"] == "bad_parent"
    assert town.person("dutyleader").post("/organisations", body).status_code == 403


def test_without_a_session_the_doors_stay_shut(client: TestClient) -> None:
    for path in ("people", "organisations", "roles", "me", "roster", "audit"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 401, path


def test_roles_are_told_with_what_they_allow(town: Town) -> None:
    items = town.person("lihong").get("/roles").json()["items"]

    told = {item["code"]: {one["code"] for one in item["permissions"]} for item in items}
    assert told["audit_admin"] == {"audit.read"}
    assert all(item["zh"] and item["en"] for item in items)
