"""While the database is away every door says so and takes up its work again by itself."""

from time import monotonic

import httpx2

from tests.faults.platform import LONGEST, Platform, until
from tests.faults.reporters import STAFF, report

SOON = 4.0


def test_a_report_waits_for_the_database_and_is_taken_then(platform: Platform) -> None:
    """Seen red without the handler of ``OperationalError`` (500 and a stack trace)."""
    body = report(1)
    server = platform.server
    platform.cut_off("database")

    with httpx2.Client(base_url=platform.origin, timeout=30) as client:
        for path in ("/api/v1/public/cases", "/api/v1/public/cases"):
            began = monotonic()
            refused = client.post(path, json=body, headers={"x-forwarded-for": "10.2.0.1"})
            assert monotonic() - began < SOON
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) >= 1
            said = refused.json()
            assert said["code"] == "database_away"
            assert "没有丢失" in said["message"]["zh"]
            assert "nothing you typed is lost" in said["message"]["en"]
            assert said["request_id"]
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        process = platform.parts["serve"].pid

        server.start()
        until(platform.answers, "the doors open again", seconds=SOON)
        taken = client.post(
            "/api/v1/public/cases", json=body, headers={"x-forwarded-for": "10.2.0.1"}
        )

    assert taken.status_code == 200
    assert taken.json()["id"] == body["id"]
    assert platform.parts["serve"].pid == process
    assert platform.parts["serve"].poll() is None


def test_no_request_meets_a_connection_that_a_restart_has_cut(platform: Platform) -> None:
    """Seen red with the transaction begun on whatever connection the pool gives."""
    with httpx2.Client(base_url=platform.origin, timeout=30) as client:
        for _ in range(3):
            assert client.get("/readyz").status_code == 200
        platform.kill("database")
        assert [client.get("/readyz").status_code for _ in range(3)] == [200] * 3


def test_an_open_screen_hears_again_after_a_restart(platform: Platform) -> None:
    """The line stays open; seen red with the stream's loop ended by its first error."""
    (acceptor,) = platform.rows("select id from accounts where username = %s", [STAFF])
    body = report(2)
    with httpx2.Client(base_url=f"{platform.origin}/api/v1", timeout=30) as client:
        signed_in = client.post("/demo/session", json={"account_id": str(acceptor["id"])})
        assert signed_in.status_code == 200
        with client.stream("GET", "/live") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            platform.kill("database")
            taken = httpx2.post(f"{platform.origin}/api/v1/public/cases", json=body, timeout=30)
            assert taken.status_code == 200
            ends = monotonic() + LONGEST
            heard = next(one for one in lines if body["id"] in one or monotonic() > ends)
    assert body["id"] in heard
