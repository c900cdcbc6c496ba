"""The short way past the framework: the hot doors take it, and it differs in nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from jsonschema_rs import validator_for

from tests.cases.test_loop import told
from tests.town import Person, Town
from wangge.app import DOORS
from wangge.kernel.direct import ShortWay, door_of
from wangge.kernel.ids import new_id

Staff = Callable[[str], Person]
HOT = {"listCases", "readCase", "takeStep", "reportCase", "takeBatch", "reportPublicly"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def case_id(city: Town, staff: Staff) -> str:
    opened = staff("acceptor").post("/cases", {**told("漏水"), "channel": "phone"})
    return str(opened.json()["id"])


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(ShortWay, "_found", lambda *_: None)


def said(answer: Any) -> tuple[int, Any]:
    """Everything but what differs from one request to the next."""
    body = answer.json()
    return answer.status_code, body | {"request_id": ""} if "request_id" in body else body


def test_the_hot_doors_take_it() -> None:
    routes = [route for door in DOORS for route in door.routes if isinstance(route, APIRoute)]
    short = {route.operation_id for route in routes if door_of(route)}

    assert short >= HOT


READS = {
    "nothing asked": "",
    "a page": "?limit=2&queue=to_accept",
    "two states": "?state=reported&state=accepted",
    "the same word twice": "?limit=1&limit=2",
    "words": "?q=%E6%BC%8F%E6%B0%B4&open=true&emergency=false",
    "an unknown word": "?colour=red",
    "too many": "?limit=101",
    "no number": "?limit=many",
    "nothing as a number": "?limit=",
    "a state that is none": "?state=reported&state=lost",
    "an area that is no id": "?area=1",
    "an id without hyphens": f"?area={new_id().hex}",
    "broken letters": "?q=%ff%fe",
    "a queue that is none": "?queue=strange",
    "a page mark that is none": "?cursor=xyz",
}


@pytest.mark.parametrize("asked", READS)
def test_a_list_is_the_same_on_both_ways(
    staff: Staff, case_id: str, long_way: Callable[[], None], asked: str
) -> None:
    acceptor = staff("acceptor").client
    short = acceptor.get(f"/api/v1/cases{READS[asked]}")
    long_way()

    assert said(short) == said(acceptor.get(f"/api/v1/cases{READS[asked]}"))


def test_a_case_is_the_same_on_both_ways(
    staff: Staff, case_id: str, long_way: Callable[[], None]
) -> None:
    addresses = [case_id, case_id.upper(), case_id.replace("-", ""), str(new_id()), "queues", "x"]
    acceptor = staff("acceptor").client
    short = [said(acceptor.get(f"/api/v1/cases/{one}")) for one in addresses]
    long_way()

    long = [said(acceptor.get(f"/api/v1/cases/{one}")) for one in addresses]
    assert [status for status, _ in long] == [200, 200, 200, 404, 200, 422]
    assert short == long


BODIES: dict[str, dict[str, Any]] = {
    "not its own": {"json": {"id": str(new_id()), "action": "acknowledge"}},
    "no note": {"json": {"id": str(new_id()), "action": "remark"}},
    "no action": {"json": {"id": str(new_id())}},
    "an unknown field": {"json": {"id": str(new_id()), "action": "remark", "x": 1}},
    "nothing": {"content": b""},
    "half a body": {"content": b'{"id":', "headers": {"content-type": "application/json"}},
    "no letters": {"content": b"\xff\xfe", "headers": {"content-type": "application/json"}},
    "a form": {"content": b"id=1", "headers": FORM},
    "a list": {"json": []},
}


@pytest.mark.parametrize("sent", BODIES)
def test_a_step_is_refused_alike_on_both_ways(
    staff: Staff, case_id: str, long_way: Callable[[], None], sent: str
) -> None:
    acceptor, address = staff("acceptor"), f"/api/v1/cases/{case_id}/steps"
    headers = {"x-csrf-token": acceptor.me["csrf"], **BODIES[sent].get("headers", {})}
    asked = {**BODIES[sent], "headers": headers}
    short = acceptor.client.post(address, **asked)
    long_way()

    status, body = said(short)
    assert 400 <= status < 500
    assert (status, body) == said(acceptor.client.post(address, **asked))


def test_nobody_gets_past_the_session_or_the_token(
    stranger: TestClient, staff: Staff, case_id: str
) -> None:
    body = {"id": str(new_id()), "action": "remark", "note": "x"}
    acceptor = staff("acceptor").client
    without = {"x-csrf-token": ""}

    assert stranger.get("/api/v1/cases").status_code == 401
    assert stranger.get(f"/api/v1/cases/{case_id}").status_code == 401
    refused = acceptor.post(f"/api/v1/cases/{case_id}/steps", json=body, headers=without)
    assert refused.json()["code"] == "csrf_missing"


def test_what_the_hot_doors_answer_is_what_is_described(
    city: Town, staff: Staff, stranger: TestClient
) -> None:
    """Nothing between the database and the wire checks these answers, so this does."""
    acceptor = staff("acceptor")
    reported = acceptor.post("/cases", {**told("路灯不亮"), "channel": "phone"})
    one = reported.json()["id"]
    remark = {"id": str(new_id()), "action": "remark", "note": "已电话联系"}
    answers = {
        ("/api/v1/cases", "post"): reported,
        ("/api/v1/cases", "get"): acceptor.get("/cases?limit=100"),
        ("/api/v1/cases/{case_id}/steps", "post"): acceptor.post(f"/cases/{one}/steps", remark),
        ("/api/v1/cases/{case_id}", "get"): acceptor.get(f"/cases/{one}"),
        ("/api/v1/public/cases", "post"): stranger.post("/api/v1/public/cases", json=told()),
    }

    description = city.web.openapi()
    for (path, method), answer in answers.items():
        described = description["paths"][path][method]["responses"]["200"]
        schema = described["content"]["application/json"]["schema"]
        whole = {**schema, "components": description["components"]}
        assert answer.status_code == 200, answer.text
        validator_for(whole).validate(answer.json())
