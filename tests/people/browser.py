"""A browser that signs in with a password, and the city's clock beside it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from fastapi.testclient import TestClient

from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import Tx

PASSWORD = "河边柳树下的长椅-42"
Opening = Callable[..., AbstractContextManager[Tx]]


def enrol(town: Town, browser: TestClient, username: str) -> None:
    """Have the security administrator issue a code, and its owner choose a password."""
    issued = town.person("secadmin").post(
        f"/people/{town.account(username)}/code", {"reason": "新入职"}
    )
    assert issued.status_code == 200, issued.text
    body = {"username": username, "code": issued.json()["code"], "password": PASSWORD}
    answer = browser.post("/api/v1/activation", json=body)
    assert answer.status_code == 200, answer.text
    browser.cookies.clear()


def sign_in(browser: TestClient, username: str, password: str = PASSWORD) -> int:
    body = {"username": username, "password": password}
    return browser.post("/api/v1/session", json=body).status_code


def move_clock(open_tx: Opening, by: timedelta) -> None:
    with open_tx() as tx:
        clock.advance(tx, by)
