"""A resident's own account by his number: his matters on any phone, and what is kept about him."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.cases.test_loop import told
from tests.fieldwork.conftest import Field, field
from tests.registers.test_homes import _resident
from tests.town import Town
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

__all__ = ["field"]
Opening = Callable[..., AbstractContextManager[Tx]]
PHONE = "13705461234"
MINE = "/api/v1/public/mine"


def signs_in(client: TestClient, open_tx: Opening, phone: str = PHONE) -> dict[str, Any]:
    assert client.post("/api/v1/public/phone-codes", json={"phone": phone}).status_code == 202
    with open_tx() as tx:
        row = tx.one("select text from sms_messages order by at desc, id desc limit 1") or {}
    digits = "".join(filter(str.isdigit, row["text"]))[:6]
    wrong = {"phone": phone, "code": "0" * 6 if digits != "0" * 6 else "1" * 6}
    assert client.post(f"{MINE}/session", json=wrong).status_code == 422
    answer = client.post(f"{MINE}/session", json={"phone": phone, "code": digits})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def asked_by(name: str, phone: str = PHONE, **more: Any) -> dict[str, Any]:
    return {**told(**more), "asker": {"name": name, "phone": phone}}


def test_what_is_kept_about_me_is_shown_and_goes_when_i_say(
    town: Town, client: TestClient, web: FastAPI, field: Field, open_tx: Opening
) -> None:
    """Matters, homes' lists and looks of one number alone; taken back, they name him no more.

    Seen red: with everybody's matters, with a legal duty taken back, with an open matter's asker
    forgotten, with the entry of another number taken back, and with signing out left undone.
    """
    report = client.post("/api/v1/public/cases", json=asked_by("田桂英")).json()
    other = client.post("/api/v1/public/cases", json=asked_by("王某", "13854600009")).json()
    lihong = town.person("lihong")
    [home] = field.homes(lihong, 1)
    theirs = f"/registers/homes/{home}/residents"
    assert lihong.post(theirs, _resident(field)).status_code == 200
    assert lihong.post(theirs, _resident(field, consent="legal_duty")).status_code == 200
    assert lihong.post(theirs, _resident(field, phone="13854600009")).status_code == 200
    case = report["id"]
    why = {"reason": "核对地址"}
    assert town.person("acceptor").get(f"/cases/{case}/asker", **why).status_code == 200

    assert client.get(f"{MINE}/held").status_code == 401
    mine = signs_in(client, open_tx)
    assert [(one["code"], one["number"]) for one in mine["matters"]] == [
        (report["code"], report["number"])]  # fmt: skip
    held = client.get(f"{MINE}/held").json()
    assert "137****1234" in str(held)
    assert PHONE not in str(held)
    assert [one["number"] for one in held["matters"]] == [report["number"]]
    assert [one["may_forget"] for one in held["matters"]] == [False]
    assert [one["consent"] for one in held["homes"]] == ["given", "legal_duty"]
    assert [(one["reason"], one["number"], one["role"]["zh"]) for one in held["looks"]] == [
        ("核对地址", report["number"], "受理员")]  # fmt: skip

    given, duty = held["homes"]
    taking = {"id": str(new_id()), "resident": given["id"]}
    for _ in range(2):  # the answer was lost
        after = client.post(f"{MINE}/take-back", json=taking).json()
        assert [one["id"] for one in after["homes"]] == [duty["id"]]
    refused = client.post(f"{MINE}/take-back", json={"id": str(new_id()), "resident": duty["id"]})
    assert refused.json()["code"] == "kept_by_duty"
    whole = lihong.get(f"/registers/homes/{home}").json()
    assert [one["words"] for one in whole["changes"]][:1] == ["本人撤回同意"]
    strange = [one for one in whole["residents"] if one["phone_mask"] == "138****0009"]
    body = {"id": str(new_id()), "resident": strange[0]["id"]}
    assert client.post(f"{MINE}/take-back", json=body).status_code == 404

    def forgets(matter: str) -> Any:
        return client.post(f"{MINE}/forget", json={"matter": matter})

    assert (forgets(case).json()["code"], forgets(other["id"]).status_code) == ("matter_open", 404)
    code = f"/api/v1/public/cases/{report['code']}"
    assert client.post(f"{code}/withdraw", json={"id": str(new_id())}).status_code == 200
    assert [one["may_forget"] for one in client.get(f"{MINE}/held").json()["matters"]] == [True]
    assert forgets(case).json()["matters"] == []
    seen = town.person("acceptor").get(f"/cases/{case}").json()["asker"]
    assert (seen["mode"], seen["phone_masked"]) == ("anonymous", "")
    assert client.get(code).status_code == 200

    elsewhere = TestClient(web)
    signs_in(elsewhere, open_tx)
    assert client.get(f"{MINE}/held").json()["phones"] == 2
    assert client.delete(f"{MINE}/session", params={"everywhere": True}).status_code == 204
    assert [one.get(MINE).status_code for one in (client, elsewhere)] == [401, 401]
