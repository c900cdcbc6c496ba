"""What people, phones and attackers send that cannot be taken: refused kindly, nothing written."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cases.test_loop import taken, told
from tests.doors.conftest import refused
from tests.files.sending import begun, named, patched
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

Staff = Callable[[str], Person]
REPORT = "/api/v1/public/cases"


def ahead(city: Town, by: timedelta) -> str:
    """A moment that lies so far ahead of the city's own clock."""
    with transaction(city.cell) as tx:
        return (tx.now + by).isoformat()


WRONG: dict[str, tuple[Any, int, str]] = {
    "no words": ({"text": ""}, 422, "text_needed"),
    "blanks only": ({"text": " \n　\t"}, 422, "text_needed"),
    "a novel": ({"text": "好" * 10_001}, 422, "text_too_long"),
    "no text at all": ({"text": None}, 422, "invalid_input"),
    "a text that is a number": ({"text": 12}, 422, "invalid_input"),
    "a NUL in the words": ({"text": "漏\x00水"}, 422, "unfit_value"),
    "a NUL in the place": ({"place_words": "楼\x00下"}, 422, "unfit_value"),
    "half a coordinate": ({"lat": None}, 422, "invalid_input"),
    "beyond the world": ({"lon": 181.0}, 422, "invalid_input"),
    "a word for a number": ({"lon": "东"}, 422, "invalid_input"),
    "an id that is none": ({"id": "1; drop table cases"}, 422, "invalid_input"),
    "no id": ({"id": None}, 422, "invalid_input"),
    "an unknown field": ({"state": "closed"}, 422, "invalid_input"),
    "staff's own field": ({"channel": "leader"}, 422, "invalid_input"),
    "a time without zone": ({"found_at": "2026-05-01T08:00:00"}, 422, "invalid_input"),
    "a time that is none": ({"found_at": "昨天"}, 422, "invalid_input"),
    "too many photos": ({"photos": [{"sha256": "0" * 64}] * 19}, 422, "invalid_input"),
    "a photo of no hash": ({"photos": [{"sha256": "photo.jpg"}]}, 422, "invalid_input"),
    "a foreign tongue": ({"locale": "fr"}, 422, "invalid_input"),
    "an asker's mode": ({"asker": {"name": "王", "mode": "secret"}}, 422, "invalid_input"),
    "a long name": ({"asker": {"name": "王" * 51}}, 422, "invalid_input"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_report_that_cannot_be_taken(
    stranger: TestClient, nothing_written: None, wrong: str
) -> None:
    changes, status, code = WRONG[wrong]

    answer = stranger.post(REPORT, json={**told(), **changes})

    refused(answer, status, code)


def test_a_discovery_in_the_future(city: Town, stranger: TestClient, nothing_written: None) -> None:
    answer = stranger.post(REPORT, json=told(found_at=ahead(city, timedelta(hours=1))))

    assert refused(answer, 422, "found_in_future")["details"] == {"field": "found_at"}


def test_a_clock_that_is_a_little_fast_is_no_matter(city: Town, stranger: TestClient) -> None:
    soon = ahead(city, timedelta(minutes=5))

    assert stranger.post(REPORT, json=told(found_at=soon)).status_code == 200


RAW: dict[str, bytes] = {
    "not a number": json.dumps(told()).replace("118.1", "NaN").encode(),
    "beyond all numbers": json.dumps(told()).replace("118.1", "Infinity").encode(),
    "too great": json.dumps(told()).replace("118.1", "1e999").encode(),
    "forty digits": json.dumps(told()).replace("118.1", "9" * 400).encode(),
    "half a character": json.dumps(told()).replace("\\u4e1c", "\\ud800").encode(),
    "a lone surrogate": b'{"id": "%s", "text": "\\ud800"}' % str(new_id()).encode(),
    "no JSON": b"{text: hello",
    "nothing": b"",
    "a list": b"[1, 2]",
    "a word": b'"hello"',
    "GBK": '{"text": "漏水"}'.encode("gbk"),
    "nested": b"[" * 50_000,
}


@pytest.mark.parametrize("wrong", RAW)
def test_bytes_that_are_no_report(stranger: TestClient, nothing_written: None, wrong: str) -> None:
    answer = stranger.post(REPORT, content=RAW[wrong], headers={"Content-Type": "application/json"})

    assert 400 <= answer.status_code < 500
    refused(answer, answer.status_code, answer.json()["code"])


def test_ten_megabytes_are_not_read(stranger: TestClient, nothing_written: None) -> None:
    answer = stranger.post(REPORT, json=told("水" * 3_500_000))

    refused(answer, 413, "too_large")


def test_ten_megabytes_in_pieces_are_not_read_either(
    stranger: TestClient, nothing_written: None
) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b'"' + b"x" * 100_000

    answer = stranger.post(REPORT, content=pieces(), headers={"Content-Type": "application/json"})

    refused(answer, 413, "too_large")


@pytest.mark.parametrize(
    "content", [b"MZ" + b"\x00" * 600, b"#!/bin/sh\nrm -rf /\n", b"<svg onload=alert(1)>", b""]
)
def test_a_program_called_photo(
    stranger: TestClient, nothing_written: None, content: bytes
) -> None:
    token = "a-strangers-telephone"
    answer = begun(stranger, token, content)
    refused(answer, 422 if not content else 404, answer.json()["code"])


@pytest.mark.parametrize("content", [b"MZ" + b"\x00" * 600, b"#!/bin/sh\nrm -rf /\n"])
def test_a_program_that_a_report_has_named(stranger: TestClient, content: bytes) -> None:
    token = "a-strangers-telephone"
    body = {**told(), "photos": named(content), "upload_token": token}
    assert stranger.post(REPORT, json=body).status_code == 200
    location = begun(stranger, token, content).headers["Location"]
    answer = patched(stranger, token, location, 0, content)
    refused(answer, 422, "file_not_accepted")


def test_outside_the_city_it_is_taken_and_goes_to_the_sorting_desk(
    stranger: TestClient, staff: Staff
) -> None:
    body = told("桥上的栏杆断了", lon=100.0, lat=30.0)

    receipt = stranger.post(REPORT, json=body).json()

    assert receipt["place_state"] == "outside"
    queue = staff("citydesk").get("/cases", queue="to_locate", limit=100).json()["items"]
    assert body["id"] in {card["id"] for card in queue}


@pytest.mark.parametrize("words", ["'; drop table cases; --", "$$ || '", "%s %(id)s {}", "\\'\\"])
def test_words_are_words_and_no_statements(stranger: TestClient, staff: Staff, words: str) -> None:
    body = told(f"灯坏了 {words}", place_words=words, asker={"name": words[:50], "phone": ""})
    assert stranger.post(REPORT, json=body).status_code == 200

    acceptor = staff("acceptor")
    case = acceptor.get(f"/cases/{body['id']}").json()
    assert case["text"].endswith(words)
    assert case["place"]["words"] == words
    assert acceptor.get(f"/cases/{body['id']}/asker", reason="核实").json()["name"] == words
    assert acceptor.get("/cases", q=words).status_code == 200


@pytest.fixture
def used(stranger: TestClient) -> str:
    """The id of somebody else's report."""
    body = told("桥下的灯坏了")
    assert stranger.post(REPORT, json=body).status_code == 200
    return str(body["id"])


def test_a_used_id_tells_nothing(stranger: TestClient, used: str, nothing_written: None) -> None:
    answer = stranger.post(REPORT, json=told("别的事情", id=used))

    assert refused(answer, 409, "id_taken")["details"] == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "no_such"}, "unknown_type"),
        ({"channel": "telepathy"}, "unknown_channel"),
        ({"kind": "no_such"}, "unknown_kind"),
        ({"level": "no_such"}, "unknown_level"),
        ({"channel": ""}, "invalid_input"),
        ({"reported_at": "2026-05-01T08:00:00"}, "invalid_input"),
    ],
)
def test_what_staff_take_down_wrongly(
    staff: Staff, nothing_written: None, changes: dict[str, Any], code: str
) -> None:
    answer = staff("acceptor").post("/cases", {**told(), "channel": "phone", **changes})

    refused(answer, 422, code)


BAD_CURSORS = ["x", "====", "W10", "bnVsbA", "WzEsMl0", "💧", "eyJhIjoxfQ", "A" * 300]


@pytest.mark.parametrize("cursor", BAD_CURSORS)
@pytest.mark.parametrize("queue", ["", "to_accept"])
def test_a_page_mark_that_is_none(staff: Staff, queue: str, cursor: str) -> None:
    answer = staff("acceptor").get("/cases", queue=queue, cursor=cursor)

    refused(answer, 422, "bad_cursor")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"queue": "no_such"}, "unknown_queue"),
        ({"queue": "to_handle"}, "unknown_queue"),
        ({"state": "no_such"}, "invalid_input"),
        ({"limit": 0}, "invalid_input"),
        ({"limit": 101}, "invalid_input"),
        ({"area": "no_such"}, "invalid_input"),
        ({"q": "水" * 101}, "invalid_input"),
    ],
)
def test_lists_that_do_not_exist(staff: Staff, query: dict[str, Any], code: str) -> None:
    refused(staff("acceptor").get("/cases", **query), 422, code)


@pytest.fixture
def case(stranger: TestClient) -> str:
    body = told()
    assert stranger.post(REPORT, json=body).status_code == 200
    return str(body["id"])


@pytest.mark.parametrize(
    ("who", "step", "status", "code"),
    [
        ("acceptor", {"action": "fly"}, 422, "invalid_input"),
        ("acceptor", {"action": "close", "answer": "好"}, 409, "wrong_state"),
        ("acceptor", {"action": "accept", "version": 7}, 409, "stale_version"),
        ("acceptor", {"action": "accept", "type": "no_such"}, 422, "unknown_type"),
        ("acceptor", {"action": "decline"}, 422, "field_needed"),
        ("acceptor", {"action": "remark", "note": "漏\x00水"}, 422, "unfit_value"),
        ("acceptor", {"action": "remark", "note": "水" * 5001}, 422, "invalid_input"),
        ("acceptor", {"action": "overdue"}, 403, "not_your_step"),
        ("acceptor", {"action": "evaluate", "solved": True}, 409, "wrong_state"),
        ("acceptor", {"action": "withdraw"}, 403, "not_your_step"),
        ("lihong", {"action": "accept"}, 403, "not_your_step"),
    ],
)
def test_steps_that_cannot_be_taken(
    city: Town, staff: Staff, case: str, who: str, step: dict[str, Any], status: int, code: str
) -> None:
    answer = staff(who).post(f"/cases/{case}/steps", {"id": str(new_id()), **step})

    refused(answer, status, code)
    with transaction(city.cell) as tx:
        row = tx.one("select version, state from cases where id = %s", [case])
    assert row == {"version": 1, "state": "reported"}


def test_a_unit_that_is_none(city: Town, staff: Staff, case: str) -> None:
    taken(staff("acceptor"), case, "accept")
    dispatcher = staff("dispatcher")

    refused(taken(dispatcher, case, "dispatch"), 422, "field_needed")
    refused(taken(dispatcher, case, "dispatch", unit_id=str(new_id())), 422, "unknown_unit")
    refused(taken(dispatcher, case, "dispatch", unit_id="x"), 422, "invalid_input")


CODES = ["AAAA-BBBB-CCCC", "x", "%00", "💧💧💧", "A" * 2000, "' or 1=1 --"]


@pytest.mark.parametrize("code", CODES)
def test_a_follow_code_that_is_none(stranger: TestClient, nothing_written: None, code: str) -> None:
    refused(stranger.get(f"{REPORT}/{code}"), 404, "no_such_matter")
    answered = stranger.post(f"{REPORT}/{code}/answer", json={"id": str(new_id()), "solved": True})
    refused(answered, 404, "no_such_matter")


@pytest.mark.parametrize("phone", ["", "1", "abc", "电话", "1" * 41, "\x00", "++86 138"])
def test_a_number_that_is_none(stranger: TestClient, phone: str) -> None:
    answer = stranger.post("/api/v1/public/phone-codes", json={"phone": phone})

    assert answer.status_code in (202, 422), answer.text
    if answer.status_code == 422:
        refused(answer, 422, answer.json()["code"])


def test_a_code_by_phone_is_tried_five_times_at_most(city: Town, stranger: TestClient) -> None:
    """Even the right digits do not help after that; the answer never says which it was."""
    phone = "13912345678"
    assert stranger.post("/api/v1/public/phone-codes", json={"phone": phone}).status_code == 202
    with transaction(city.cell) as tx:
        row = tx.one("select text from sms_messages order by at desc, id desc limit 1")
    assert row
    digits = "".join(ch for ch in row["text"] if ch.isdigit())[:6]
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(5):
        answer = stranger.post("/api/v1/public/phone-matters", json={"phone": phone, "code": wrong})
        refused(answer, 422, "wrong_code")

    right = stranger.post("/api/v1/public/phone-matters", json={"phone": phone, "code": digits})

    refused(right, 422, "wrong_code")


def test_too_often_says_when_to_come_back_and_never_holds_up_an_emergency(
    stranger: TestClient,
) -> None:
    answers = [stranger.post(REPORT, json=told(f"第{n}件事")) for n in range(25)]

    late = next(answer for answer in answers if answer.status_code == 429)
    assert refused(late, 429, "too_many")["details"]["retry_after"] > 0
    assert int(late.headers["retry-after"]) > 0
    assert stranger.post(REPORT, json=told("东方社区3号楼燃气泄漏")).status_code == 200
