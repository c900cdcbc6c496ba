"""A flood before the public doors: it is told to wait, and stands in nobody's way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from tests.cases.test_loop import told
from tests.doors.conftest import refused
from tests.town import Town
from wangge.public_service import reporting
from wangge.public_service import routes as doors

REPORT = "/api/v1/public/cases"
FLOOD = 200
EMERGENCY = "东方社区3号楼燃气泄漏，气味很大"


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, the flood is of one second."""
    for bucket in (reporting.REPORTS, reporting.REPORTS_HERE, doors.CHECKS, doors.CHECKS_HERE):
        monkeypatch.setattr(bucket, "_clock", lambda: 1000.0)


def at(city: Town, address: str, **headers: str) -> TestClient:
    return TestClient(
        city.web, raise_server_exceptions=False, client=(address, 4000), headers=headers
    )


def test_the_flood_is_refused_the_emergency_passes_and_the_neighbour_too(city: Town) -> None:
    """All in the same second, by the server's own clock."""
    flood = at(city, "203.0.113.7")

    def one(n: int) -> int:
        text = EMERGENCY if n == FLOOD // 2 else f"第{n}件小事"
        return flood.post(REPORT, json=told(text)).status_code

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(one, range(FLOOD)))

    assert answers[FLOOD // 2] == 200
    assert answers.count(200) == 20 + 1
    assert answers.count(429) == FLOOD - 21
    assert at(city, "203.0.113.8").post(REPORT, json=told("路灯不亮")).status_code == 200


def test_another_name_for_the_device_does_not_help_for_ever(city: Town) -> None:
    """Each invented device has its share; the address has one too, which all of them use up."""
    answers = [
        at(city, "203.0.113.9", **{"X-Device": f"d{n}"}).post(REPORT, json=told()).status_code
        for n in range(130)
    ]

    assert answers == [200] * 120 + [429] * 10
    urgent = at(city, "203.0.113.9", **{"X-Device": "d999"}).post(REPORT, json=told(EMERGENCY))
    assert urgent.status_code == 200


def test_in_one_network_of_ipv6_there_are_not_as_many_shares_as_addresses(city: Town) -> None:
    answers = [
        at(city, f"2001:db8:1:2::{n:x}").post(REPORT, json=told()).status_code for n in range(22)
    ]

    assert answers[-2:] == [429, 429]
    assert at(city, "2001:db8:1:3::1").post(REPORT, json=told()).status_code == 200


def test_who_asks_whether_it_is_an_emergency_is_always_told_when_it_is(city: Town) -> None:
    asking = at(city, "203.0.113.10")
    door = "/api/v1/public/emergency-check"
    answers = [asking.post(door, json={"text": "路灯不亮"}).status_code for _ in range(70)]
    assert answers.count(429) == 10

    answer = asking.post(door, json={"text": EMERGENCY})

    assert answer.status_code == 200
    assert answer.json()["help"][0]["number"]


def test_the_refusal_says_when_to_come_back_in_both_languages(city: Town) -> None:
    asking = at(city, "203.0.113.11")
    answers = [asking.post(REPORT, json=told()) for _ in range(21)]

    said = refused(answers[-1], 429, "too_many")
    assert said["details"]["retry_after"] == 6
    assert answers[-1].headers["retry-after"] == "7"
    assert "110" in said["message"]["zh"]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for bucket in (doors.PHONE_CODES, doors.PHONE_CODES_HERE):
        monkeypatch.setattr(bucket, "_clock", lambda: 1000.0)
    yield


def test_one_number_is_not_rung_up_from_everywhere(city: Town, still: None) -> None:
    door = "/api/v1/public/phone-codes"
    answers = [
        at(city, f"198.51.100.{n}").post(door, json={"phone": "13800001111"}).status_code
        for n in range(5)
    ]

    assert answers == [202, 202, 202, 429, 429]


def test_one_asker_does_not_ring_up_everybody(city: Town, still: None) -> None:
    door = "/api/v1/public/phone-codes"
    asking = at(city, "198.51.100.77")
    answers = [asking.post(door, json={"phone": f"1390000{n:04d}"}).status_code for n in range(25)]

    assert answers == [202] * 20 + [429] * 5
