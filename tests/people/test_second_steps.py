"""The second step of signing in, at the doors: begun, asked, used once, lost, reset, required."""

import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from tests.people.browser import PASSWORD, enrol, sign_in
from tests.town import Town
from wangge.kernel import crypto
from wangge.kernel.db import Cell, transaction
from wangge.people import second_steps
from wangge.settings import settings


class Phone:
    """An authenticator whose next half minute begins when the test says so."""

    def __init__(self, secret: str, start: int) -> None:
        self.totp = pyotp.TOTP(secret)
        self.start = start
        self.passed = 0

    def waits(self) -> None:
        self.passed += 1

    def code(self) -> str:
        return self.totp.generate_otp(self.start + self.passed)


@pytest.fixture
def half_minutes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The server's count of half minutes, moved by the test together with the phone's."""
    at = [int(time.time()) // 30]
    monkeypatch.setattr(second_steps, "counter", lambda: at[0])
    yield at


def begun(browser: TestClient, username: str, half_minutes: list[int]) -> tuple[Phone, list[str]]:
    """Signs in with the password and goes through the enrolment; the phone and recovery codes."""
    assert sign_in(browser, username) == 200
    headers = {"X-CSRF-Token": browser.get("/api/v1/me").json()["csrf"]}
    shown = browser.post(
        "/api/v1/me/second-step", json={"password": PASSWORD}, headers=headers
    ).json()
    assert "<svg" in shown["qr_svg"]
    assert f"secret={shown['secret']}" in shown["uri"]
    phone = Phone(shown["secret"], half_minutes[0])
    confirmed = browser.post(
        "/api/v1/me/second-step/confirm", json={"code": phone.code()}, headers=headers
    )
    assert confirmed.status_code == 200, confirmed.text
    browser.cookies.clear()
    return phone, confirmed.json()["codes"]


def enter(browser: TestClient, username: str, second: str = "", password: str = PASSWORD) -> Any:
    body = {"username": username, "password": password, "second": second}
    return browser.post("/api/v1/session", json=body)


def later(phone: Phone, half_minutes: list[int]) -> str:
    phone.waits()
    half_minutes[0] += 1
    return phone.code()


def test_after_the_password_a_code_from_the_phone(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "sysadmin")
    phone, _ = begun(browser, "sysadmin", half_minutes)

    asked = enter(browser, "sysadmin")
    assert (asked.status_code, asked.json()["code"]) == (401, "second_step_needed")
    assert "动态码" in asked.json()["message"]["zh"]
    assert browser.get("/api/v1/me").status_code == 401

    assert enter(browser, "sysadmin", later(phone, half_minutes)).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200


def test_who_does_not_know_the_password_does_not_learn_of_the_second_step(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "sysadmin")
    begun(browser, "sysadmin", half_minutes)

    wrong = enter(browser, "sysadmin", password="not the password")
    nobody = enter(browser, "nobody-at-all", password="not the password")

    assert wrong.json() | {"request_id": ""} == nobody.json() | {"request_id": ""}
    assert wrong.json()["code"] == "sign_in_failed"


def test_no_code_opens_twice(town: Town, browser: TestClient, half_minutes: list[int]) -> None:
    """Neither the one that confirmed the enrolment, nor one of a sign-in, nor an earlier one."""
    enrol(town, browser, "sysadmin")
    phone, _ = begun(browser, "sysadmin", half_minutes)
    first = phone.code()
    second = later(phone, half_minutes)

    assert enter(browser, "sysadmin", first).status_code == 401
    assert enter(browser, "sysadmin", second).status_code == 200
    assert enter(browser, "sysadmin", second).status_code == 401
    assert enter(browser, "sysadmin", first).status_code == 401
    half_minutes[0] += 3
    assert enter(browser, "sysadmin", phone.code()).status_code == 401, "it is out of date"


def test_wrong_codes_and_wrong_passwords_close_the_account_together(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "sysadmin")
    phone, _ = begun(browser, "sysadmin", half_minutes)
    right = later(phone, half_minutes)
    wrong = "000000" if right != "000000" else "111111"

    for second, password in ((wrong, PASSWORD), ("", "a wrong password"), (wrong, PASSWORD)) * 2:
        answer = enter(browser, "sysadmin", second, password)
        assert answer.json()["code"] == "sign_in_failed"

    assert enter(browser, "sysadmin", right).status_code == 401
    rows = town.person("auditor").get("/audit", action="session.failed").json()["items"]
    assert {row["detail"]["username"] for row in rows} == {"sysadmin"}


def test_a_recovery_code_opens_once(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "sysadmin")
    _, codes = begun(browser, "sysadmin", half_minutes)
    assert len(set(codes)) == 10

    assert enter(browser, "sysadmin", codes[3].lower().replace("-", " ")).status_code == 200
    left = browser.get("/api/v1/me/second-step").json()["recovery_codes_left"]
    assert left == 9
    assert enter(browser, "sysadmin", codes[3]).status_code == 401
    assert enter(browser, "sysadmin", codes[4]).status_code == 200


def test_secret_and_codes_are_not_in_the_database_as_they_are(
    town: Town, cell: Cell, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "sysadmin")
    phone, codes = begun(browser, "sysadmin", half_minutes)

    with transaction(cell) as tx:
        step = tx.one("select * from second_steps") or {}
        hashes = [bytes(row["code_hash"]) for row in tx.rows("select * from recovery_codes")]
    assert phone.totp.secret.encode() not in bytes(step["sealed"])
    assert crypto.open_(cell.tenant, step["sealed"]) == phone.totp.secret
    assert not any(code.replace("-", "").encode() in kept for kept in hashes for code in codes)
    audit = town.person("auditor").get("/audit").text
    assert phone.totp.secret not in audit
    assert not any(code in audit for code in codes)


def test_a_new_activation_code_does_not_go_round_the_second_step(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "lihong")
    phone, _ = begun(browser, "lihong", half_minutes)
    issued = town.person("secadmin").post(
        f"/people/{town.account('lihong')}/code", {"reason": "遗忘密码"}
    )
    body = {"username": "lihong", "code": issued.json()["code"], "password": "另一句好记的话-77"}

    asked = browser.post("/api/v1/activation", json=body)
    guessed = browser.post("/api/v1/activation", json={**body, "second": "AAAAA-AAAAA"})
    given = browser.post("/api/v1/activation", json={**body, "second": later(phone, half_minutes)})

    assert (asked.status_code, asked.json()["code"]) == (401, "second_step_needed")
    assert (guessed.status_code, guessed.json()["code"]) == (401, "sign_in_failed")
    assert given.status_code == 200, given.text


def test_an_open_session_alone_begins_and_ends_nothing(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    """At an unlocked screen nobody puts in a phone of his own or takes the owner's out."""
    enrol(town, browser, "lihong")
    phone, _ = begun(browser, "lihong", half_minutes)
    assert enter(browser, "lihong", later(phone, half_minutes)).status_code == 200
    headers = {"X-CSRF-Token": browser.get("/api/v1/me").json()["csrf"]}

    for door in ("/api/v1/me/second-step", "/api/v1/me/second-step/end"):
        for body in ({"password": "a guess"}, {"password": PASSWORD}):
            answer = browser.post(door, json=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "wrong_proof")
    ended = browser.post(
        "/api/v1/me/second-step/end",
        json={"password": PASSWORD, "code": later(phone, half_minutes)},
        headers=headers,
    )
    assert ended.status_code == 200
    browser.cookies.clear()
    assert sign_in(browser, "lihong") == 200


def test_the_security_administrator_resets_and_says_how_he_made_sure(
    town: Town, browser: TestClient, half_minutes: list[int]
) -> None:
    enrol(town, browser, "lihong")
    _, codes = begun(browser, "lihong", half_minutes)
    door = f"/people/{town.account('lihong')}/second-step/reset"
    body = {"reason": "手机丢失", "identity_check": "本人持工作证到场"}

    assert town.person("secadmin").post(door, {"reason": "手机丢失"}).status_code == 422
    assert town.person("sysadmin").post(door, body).status_code == 403
    assert town.person("secadmin").post(door, body).status_code == 200

    assert sign_in(browser, "lihong") == 200
    assert enter(browser, "lihong", codes[0]).status_code == 200, "nothing more is asked"
    found = town.person("auditor").get("/audit", action="people.second_step_reset").json()["items"]
    assert found[0]["reason"] == "手机丢失"
    assert found[0]["detail"] == {"identity_check": "本人持工作证到场"}
    again = town.person("secadmin").post(door, body)
    assert again.json()["code"] == "no_second_step"


def test_where_a_post_requires_it_nothing_is_allowed_before_it_has_begun(
    town: Town, browser: TestClient, half_minutes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Administrators by default, in a city that is no demo; a grid worker is not asked."""
    enrol(town, browser, "sysadmin")
    enrol(town, browser, "lihong")
    monkeypatch.setattr(settings(), "demo", False)

    assert sign_in(browser, "lihong") == 200
    assert browser.get("/api/v1/me").json()["must_begin_second_step"] is False
    assert sign_in(browser, "sysadmin") == 200
    me = browser.get("/api/v1/me").json()
    assert (me["must_begin_second_step"], me["permissions"]) == (True, [])
    assert browser.get("/api/v1/people").status_code == 403

    begun(browser, "sysadmin", half_minutes)
    half_minutes[0] += 1
    secret = _secret(town.cell)
    code = pyotp.TOTP(secret).generate_otp(half_minutes[0])
    assert enter(browser, "sysadmin", code).status_code == 200
    assert "people.edit" in browser.get("/api/v1/me").json()["permissions"]


def _secret(cell: Cell) -> str:
    with transaction(cell) as tx:
        row = tx.one("select sealed from second_steps")
    assert row
    return crypto.open_(cell.tenant, row["sealed"])
