"""Passwords: which are taken, how they are compared, what happens when one changes."""

import pytest
from fastapi.testclient import TestClient

from tests.people.browser import PASSWORD, Opening, enrol, sign_in
from tests.town import Town
from wangge.people import passwords


@pytest.mark.parametrize("kept", [None, "another password"])
def test_every_comparison_hashes(kept: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal time comes from equal work: no password at all costs one argon2 like a wrong one."""
    stored = passwords.hash_of(kept) if kept else None
    hashed: list[str] = []
    verify = passwords.HASHER.verify

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            hashed.append(stored)
            return verify(stored, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())

    assert passwords.is_right(stored, "a guess") is False
    assert len(hashed) == 1


def test_changing_the_password_ends_the_other_sessions(town: Town, browser: TestClient) -> None:
    enrol(town, browser, "lihong")
    elsewhere = TestClient(town.web)
    assert sign_in(elsewhere, "lihong") == 200
    csrf = browser.post(
        "/api/v1/session", json={"username": "lihong", "password": PASSWORD}
    ).json()["csrf"]
    new = "换了一个更长的口令 7"

    def change(old: str) -> str:
        answer = browser.post(
            "/api/v1/me/password", json={"old": old, "new": new}, headers={"X-CSRF-Token": csrf}
        )
        return str(answer.json().get("code", "changed"))

    assert change("not my password") == "wrong_password"
    assert change(PASSWORD) == "changed"
    assert browser.get("/api/v1/me").status_code == 200
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert sign_in(elsewhere, "lihong") == 401
    assert sign_in(elsewhere, "lihong", new) == 200


@pytest.mark.parametrize(
    "weak", ["short", "sysadmin", "1234567890", "PassWord123", "aaaaaaaaaaaaaa", "woaini1314"]
)
def test_weak_passwords_are_refused(weak: str, town: Town, browser: TestClient) -> None:
    answer = browser.post(
        "/api/v1/activation", json={"username": "lihong", "code": "ABCD", "password": weak}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "weak_password")


def test_ones_own_name_and_number_are_no_passwords(town: Town, browser: TestClient) -> None:
    code = (
        town.person("secadmin")
        .post(f"/people/{town.account('dutyleader')}/code", {"reason": "新入职"})
        .json()["code"]
    )
    for password in ("dutyleader", "REDAELYTUD", "13805460008"):
        answer = browser.post(
            "/api/v1/activation",
            json={"username": "dutyleader", "code": code, "password": password},
        )
        assert answer.json()["code"] == "weak_password"


def test_who_must_change_the_password_may_nothing_else(town: Town, open_tx: Opening) -> None:
    with open_tx() as tx:
        tx.run("update accounts set must_change_password = true where username = 'dispatcher'")

    me = town.person("dispatcher")

    assert me.me["must_change_password"] is True
    assert me.me["permissions"] == []
    assert me.get("/people").json()["code"] == "not_allowed"
