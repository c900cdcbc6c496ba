"""Signing in and out, at the doors, with a real database behind them."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.people.browser import PASSWORD, Opening, enrol, move_clock, sign_in
from tests.town import Town
from wangge.kernel.errors import SignInNeeded
from wangge.people import sessions
from wangge.people.sessions import Caller
from wangge.settings import settings


def test_a_code_a_password_a_session_and_out(town: Town, browser: TestClient) -> None:
    enrol(town, browser, "lihong")

    answer = browser.post("/api/v1/session", json={"username": " LiHong ", "password": PASSWORD})

    me = answer.json()
    assert me["account"]["name"] == "李红"
    assert me["posts"][0]["area"]["names"] == ["安东区", "安和街道", "东方社区", "第1网格"]
    assert "case.verify" in me["permissions"]
    assert "case.dispatch" not in me["permissions"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert browser.get("/api/v1/me").json() == me
    out = browser.delete("/api/v1/session", headers={"X-CSRF-Token": me["csrf"]})
    assert out.status_code == 200
    assert browser.get("/api/v1/me").status_code == 401


def test_over_https_the_cookie_is_secure(town: Town, browser: TestClient) -> None:
    enrol(town, browser, "lihong")
    safe = TestClient(town.web, base_url="https://testserver")

    answer = safe.post("/api/v1/session", json={"username": "lihong", "password": PASSWORD})

    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_code_works_once(town: Town, browser: TestClient) -> None:
    code = (
        town.person("secadmin")
        .post(f"/people/{town.account('lihong')}/code", {"reason": "遗忘密码"})
        .json()["code"]
    )
    body = {"username": "lihong", "code": code.lower().replace("-", " "), "password": PASSWORD}

    assert browser.post("/api/v1/activation", json=body).status_code == 200
    again = browser.post("/api/v1/activation", json=body)

    assert (again.status_code, again.json()["code"]) == (401, "sign_in_failed")


def test_a_code_runs_out(town: Town, browser: TestClient, open_tx: Opening) -> None:
    code = (
        town.person("secadmin")
        .post(f"/people/{town.account('lihong')}/code", {"reason": "遗忘密码"})
        .json()["code"]
    )
    move_clock(open_tx, timedelta(days=31))

    body = {"username": "lihong", "code": code, "password": PASSWORD}

    assert browser.post("/api/v1/activation", json=body).status_code == 401


def test_nobody_can_tell_a_wrong_password_from_an_unknown_name(
    town: Town, browser: TestClient
) -> None:
    enrol(town, browser, "lihong")

    answers = [
        browser.post("/api/v1/session", json={"username": name, "password": "not the password"})
        for name in ("lihong", "wangqiang", "nobody-has-this-name")
    ]

    told = [answer.json() | {"request_id": ""} for answer in answers]
    assert told[0] == told[1] == told[2]
    assert {answer.status_code for answer in answers} == {401}
    assert "5 次" in told[0]["message"]["zh"]


def test_five_failures_close_the_account_for_a_quarter_of_an_hour(
    town: Town, browser: TestClient, open_tx: Opening
) -> None:
    enrol(town, browser, "lihong")
    enrol(town, browser, "wangqiang")

    assert [sign_in(browser, "lihong", f"guess number {n}") for n in range(5)] == [401] * 5
    assert sign_in(browser, "lihong") == 401
    assert sign_in(browser, "wangqiang") == 200
    move_clock(open_tx, timedelta(minutes=14))
    assert sign_in(browser, "lihong") == 401
    move_clock(open_tx, timedelta(minutes=1, seconds=1))
    assert sign_in(browser, "lihong") == 200


def test_guesses_in_parallel_do_not_outrun_the_lock(town: Town, open_tx: Opening) -> None:
    """The right guess that was compared before the fifth failure was counted begins no session."""
    with open_tx() as tx:
        known = sessions.credentials(tx, "lihong")
    for _ in range(5):
        with open_tx() as tx:
            sessions.failure(tx, "lihong", known.account_id, Caller())
    assert not known.locked
    assert known.account_id

    with pytest.raises(SignInNeeded), open_tx() as tx:
        sessions.begin(tx, known.account_id, Caller())


def test_a_success_forgets_earlier_failures(town: Town, browser: TestClient) -> None:
    enrol(town, browser, "lihong")

    for _ in range(2):
        assert [sign_in(browser, "lihong", f"guess number {n}") for n in range(4)] == [401] * 4
        assert sign_in(browser, "lihong") == 200


def test_a_session_ends_by_idling_and_by_age(
    town: Town, browser: TestClient, open_tx: Opening
) -> None:
    enrol(town, browser, "lihong")
    idle = timedelta(minutes=settings().idle_minutes)
    most = timedelta(hours=settings().session_hours)

    assert sign_in(browser, "lihong") == 200
    move_clock(open_tx, idle + timedelta(minutes=1))
    assert browser.get("/api/v1/me").status_code == 401

    assert sign_in(browser, "lihong") == 200
    for _ in range(most // (idle / 2) - 1):
        move_clock(open_tx, idle / 2)
        assert browser.get("/api/v1/me").status_code == 200
    move_clock(open_tx, idle / 2 + timedelta(minutes=1))
    assert browser.get("/api/v1/me").status_code == 401


def test_sessions_long_over_are_forgotten(
    town: Town, browser: TestClient, open_tx: Opening
) -> None:
    enrol(town, browser, "lihong")
    assert sign_in(browser, "lihong") == 200
    played = town.person("wangqiang")

    move_clock(open_tx, timedelta(days=2))
    with open_tx() as tx:
        assert sessions.forget_ended(tx) == 2  # of the activation and of the password

    assert played.get("/me").status_code == 200


def test_a_change_without_the_token_is_refused(town: Town) -> None:
    lihong = town.person("lihong")
    token = lihong.client.headers.pop("X-CSRF-Token")
    bodies = {"old": "x", "new": "y"}

    bare = lihong.post("/me/password", bodies)
    other = lihong.post("/me/password", bodies, headers={"X-CSRF-Token": f"{token}_"})
    out = lihong.delete("/session")

    assert [answer.json()["code"] for answer in (bare, other, out)] == ["csrf_missing"] * 3
    assert lihong.get("/me").status_code == 200


def test_a_form_of_another_site_cannot_sign_anybody_in(browser: TestClient) -> None:
    text = b'{"username": "lihong", "password": "the password"}'

    answer = browser.post("/api/v1/session", content=text, headers={"content-type": "text/plain"})

    assert answer.status_code == 422


def test_sign_ins_and_failures_are_in_the_log(town: Town, browser: TestClient) -> None:
    enrol(town, browser, "lihong")
    sign_in(browser, "lihong", "wrong password")
    sign_in(browser, "nobody-at-all")

    auditor = town.person("auditor")
    rows = auditor.get("/audit", action="session.failed").json()["items"]

    assert [row["detail"]["username"] for row in rows] == ["nobody-at-all", "lihong"]
    assert [row["detail"]["known"] for row in rows] == [False, True]
    assert PASSWORD not in auditor.get("/audit").text


def test_the_demos_doors_open_only_in_the_demo(
    town: Town, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = browser.get("/api/v1/demo/accounts").json()["items"]
    assert {"grid_worker", "acceptor", "handler", "audit_admin"} <= {one["role"] for one in cast}
    assert {"id", "name", "group", "role", "title", "place"} == set(cast[0])

    monkeypatch.setenv("WANGGE_DEMO", "0")
    settings.cache_clear()
    try:
        listed = browser.get("/api/v1/demo/accounts")
        clicked = browser.post("/api/v1/demo/session", json={"account_id": cast[0]["id"]})
    finally:
        monkeypatch.setenv("WANGGE_DEMO", "1")
        settings.cache_clear()
    assert (listed.status_code, clicked.status_code) == (404, 404)
