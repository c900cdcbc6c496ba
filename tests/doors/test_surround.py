"""What surrounds every door: headers, trusted proxies, host names, bodies too large or too slow."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

from tests.cases.test_loop import told
from tests.doors.conftest import refused
from tests.town import Town
from wangge import app
from wangge.kernel import bodies, proxies
from wangge.settings import settings

REPORT = "/api/v1/public/cases"
SIGN_INS = "/api/v1/session"


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One reverse proxy and one network of them."""
    monkeypatch.setattr(settings(), "trusted_proxies", ["10.0.0.5", "10.1.0.0/24"])
    proxies.trusted.cache_clear()
    yield
    proxies.trusted.cache_clear()


def at(city: Town, address: str, base: str = "http://testserver") -> TestClient:
    return TestClient(
        city.web, base_url=base, raise_server_exceptions=False, client=(address, 4000)
    )


def policy(answer: Any) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split(";")
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in parts)}


@pytest.mark.parametrize("path", ["/", "/r", "/desk/", "/api/v1/tenant", "/api/v1/me", "/no/such"])
def test_every_answer_is_fenced(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)

    found = policy(answer)
    assert found["default-src"] == "'none'"
    assert found["script-src"] == found["style-src"] == found["connect-src"] == "'self'"
    assert found["frame-ancestors"] == found["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "http" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    assert "payment=()" in answer.headers["permissions-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


def test_what_breaks_is_answered_kindly_and_fenced_too(
    stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wangge.tenant.schemas.tenant_view", lambda *_: 1 // 0)

    with capture_logs() as written:
        answer = stranger.get("/api/v1/tenant")

    said = refused(answer, 500, "internal")
    assert {line["request_id"] for line in written} == {said["request_id"]}
    assert any(line.get("exc_info") for line in written)
    assert "ZeroDivision" not in answer.text
    assert policy(answer)["default-src"] == "'none'"


def test_what_the_api_answers_is_kept_by_no_cache_unless_the_door_says_so(
    stranger: TestClient,
) -> None:
    assert stranger.get("/api/v1/tenant").headers["cache-control"] == "no-store"
    logo = stranger.get("/api/v1/tenant").json()["brand"]["logo_url"]
    assert "immutable" in stranger.get(logo).headers["cache-control"]


def test_long_answers_go_packed_to_who_can_unpack_them(city: Town) -> None:
    """A telephone's line carries a sixth of it; what is packed already or short goes as it is.

    Seen red with the packing taken out, and with tables packed once more.
    """
    who = city.person("acceptor")

    def asked(path: str, how: str) -> Response:
        return who.client.get(path, headers={"accept-encoding": how})

    packed, plain = (asked("/api/v1/tenant", how) for how in ("gzip, br", "identity"))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() | {"now": ""} == plain.json() | {"now": ""}
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["cache-control"] == "no-store"
    table = "/api/v1/cases/export.xlsx?queue=to_accept"
    for path in ("/healthz", "/api/v1/cases?queue=to_accept&limit=1", table):
        assert "content-encoding" not in asked(path, "gzip").headers
    assert len(asked(table, "gzip").content) > app.PACKED_FROM


def test_over_tls_browsers_are_told_to_stay_there(city: Town) -> None:
    answer = at(city, "10.3.0.1", "https://testserver").get("/")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_trusted_proxy_says_who_asks_and_by_which_scheme(city: Town, trusting: None) -> None:
    person = city.account("lihong")
    headers = {"X-Forwarded-For": "203.0.113.50", "X-Forwarded-Proto": "https"}

    answer = at(city, "10.0.0.5").post(
        "/api/v1/demo/session", json={"account_id": person}, headers=headers
    )

    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers
    last = city.person("auditor").get("/audit", action="session.demo", limit=200).json()["items"]
    assert "203.0.113.50" in {row["address"] for row in last}


def test_nobody_else_is_believed(city: Town, trusting: None) -> None:
    person = city.account("lihong")
    headers = {"X-Forwarded-For": "203.0.113.51", "X-Forwarded-Proto": "https"}

    answer = at(city, "10.0.0.6").post(
        "/api/v1/demo/session", json={"account_id": person}, headers=headers
    )

    assert "secure" not in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" not in answer.headers
    last = city.person("auditor").get("/audit", action="session.demo", limit=200).json()["items"]
    assert "203.0.113.51" not in {row["address"] for row in last}


@pytest.mark.parametrize(
    ("forwarded", "asker"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("1.1.1.1, 203.0.113.1", "203.0.113.1"),  # the first is the asker's own invention
        ("203.0.113.1, 10.1.0.9", "203.0.113.1"),
        ("203.0.113.1, 10.1.0.9, 10.0.0.5", "203.0.113.1"),
        ("", "10.0.0.5"),
        ("nonsense", "10.0.0.5"),
        ("<script>, 10.1.0.9", "10.1.0.9"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_asker_is_the_nearest_that_is_no_proxy(
    trusting: None, forwarded: str, asker: str
) -> None:
    assert proxies.asker(forwarded, "10.0.0.5") == asker


def test_an_address_of_ones_own_invention_gives_no_fresh_share(city: Town) -> None:
    asking = at(city, "203.0.113.60")
    answers = [
        asking.post(REPORT, json=told(), headers={"X-Forwarded-For": f"9.9.9.{n}"}).status_code
        for n in range(23)
    ]

    assert 429 in answers


def test_host_names_that_are_not_ours_are_refused_once_ours_are_named(
    city: Town, stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stranger.get("/api/v1/tenant", headers={"Host": "evil.example"}).status_code == 200
    monkeypatch.setattr(settings(), "hosts", ["grid.example.cn", ".city.example.cn"])

    for host, status in {
        "grid.example.cn": 200,
        "GRID.example.cn:8443": 200,
        "dongying.city.example.cn": 200,
        "evil.example": 421,
        "evilcity.example.cn": 421,
        "": 421,
    }.items():
        assert stranger.get("/api/v1/tenant", headers={"Host": host}).status_code == status, host
    said = stranger.get("/api/v1/tenant", headers={"Host": "evil.example"})
    refused(said, 421, "unknown_host")
    assert stranger.get("/healthz", headers={"Host": "10.0.0.9"}).status_code == 200


def test_an_unknown_host_is_the_default_tenants_and_nobody_elses(
    city: Town, stranger: TestClient
) -> None:
    answer = stranger.get("/api/v1/tenant", headers={"Host": "wangge_template.example"})

    assert answer.json()["tenant"] == city.cell.tenant


def test_only_the_doors_of_files_take_files(city: Town, stranger: TestClient) -> None:
    """A door that is only called after them does not, nor do the staff's without a session."""
    much = b"[" + b"1," * 700_000 + b"1]"
    headers = {"Content-Type": "application/json"}

    for door in ("/api/v1/rules/files", "/api/v1/cases/import", "/api/v1/areas/import"):
        answer = stranger.request("PUT", door, content=much, headers=headers)
        refused(answer, 413, "too_large")
    invented = stranger.post(REPORT, content=much, headers={**headers, "Content-Length": "5"})
    assert invented.status_code == 413


def test_headers_without_end_are_not_read(stranger: TestClient) -> None:
    answer = stranger.get("/api/v1/tenant", headers={"X-Long": "x" * 40_000})

    refused(answer, 431, "headers_too_large")


def test_a_body_that_does_not_come_is_broken_off(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two drops, then silence: the place at the door is free again, and the reason is told."""
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 0.05)
    sent = asyncio.run(slowly(city.web))

    assert sent[0]["status"] == 408
    said = json.loads(sent[1]["body"])
    assert said["code"] == "too_slow"
    assert said["message"]["zh"]


async def slowly(app: Any) -> list[dict[str, Any]]:
    drops = [b'{"text": ', b'"']
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if drops:
            return {"type": "http.request", "body": drops.pop(0), "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": REPORT,
        "raw_path": REPORT.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("10.5.0.1", 1),
        "server": ("testserver", 80),
    }
    await app(scope, receive, send)
    return sent
