"""SMS leave through a gateway, once, and what became of them is known."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.notices.conftest import until
from wangge.kernel import crypto
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.notices import jobs, service
from wangge.notices.gateway import shared_token, sign
from wangge.notices.local_gateway import Behaviour, StandIn
from wangge.notices.models import SmsState, sms_text
from wangge.settings import settings

PHONE = "138 0546 0001"
VALUES = {"number": "0007", "title": "路灯不亮", "answer": "已修好。"}


def written(cell: Cell, *, purpose: str = "asker", phone: str = PHONE) -> UUID:
    with transaction(cell) as tx:
        return service.send_sms(tx, phone, "case_closed", VALUES, purpose=purpose)


def run(cell: Cell, message_id: UUID) -> None:
    jobs.send(lambda: transaction(cell), message_id=str(message_id))


def row(cell: Cell, message_id: UUID) -> dict[str, Any]:
    with transaction(cell) as tx:
        found = tx.one("select * from sms_messages where id = %s", [message_id])
    assert found
    return found


def settled(cell: Cell, message_id: UUID) -> tuple[str, int]:
    found = row(cell, message_id)
    return found["state"], found["attempts"]


def waiting_jobs(cell: Cell) -> list[dict[str, Any]]:
    with transaction(cell) as tx:
        return tx.rows(
            "select priority, execute_after - now() as wait, payload from pgqueuer"
            " where entrypoint = 'sms.send' order by created, id"
        )


WORKER = """
import asyncio, sys
from wangge.kernel.db import Cell
from wangge.worker import work_for
asyncio.run(work_for(Cell(sys.argv[1], {"intake": sys.argv[2]})))
"""


@pytest.fixture
def worker(cell: Cell, gateway: StandIn, platform: str) -> Iterator[None]:
    """Run the real worker for this tenant, as a process of its own."""
    environment = os.environ | {"WANGGE_SMS_URL": gateway.url, "WANGGE_PUBLIC_URL": platform}
    command = [sys.executable, "-c", WORKER, cell.tenant, cell.dsns["intake"]]
    process = subprocess.Popen(command, env=environment)
    yield
    process.terminate()
    process.wait()


def test_a_message_goes_from_the_transaction_to_the_phone_and_back(
    cell: Cell, gateway: StandIn, platform: str, worker: None
) -> None:
    message_id = written(cell)
    # The receipt may overtake the worker's own note that the message has left.
    until(lambda: settled(cell, message_id) == ("delivered", 1))
    found = row(cell, message_id)
    kept = gateway.kept[str(message_id)]
    assert (kept.phone, kept.times) == ("13805460001", 1)
    assert kept.text.startswith("【")
    assert "路灯不亮" in kept.text
    assert "已修好。" in kept.text
    assert found["provider_id"] == kept.provider_id
    assert found["sent_at"] <= found["receipt_at"]


def test_a_message_that_cannot_be_delivered_says_why(
    cell: Cell, gateway: StandIn, platform: str
) -> None:
    gateway.behaviour.undelivered = ["13805460001"]
    message_id = written(cell, purpose="emergency")
    run(cell, message_id)
    until(lambda: row(cell, message_id)["state"] == "failed")
    assert row(cell, message_id)["error"] == "absent subscriber"
    with transaction(cell) as tx:
        fact = tx.one("select body from facts where name = 'SmsFailed'")
    assert fact == {"body": {"purpose": "emergency", "message": str(message_id)}}


def test_a_receipt_that_overtakes_the_answer_keeps_its_reason(cell: Cell) -> None:
    """Seen red: the answer of the gateway, noted after the receipt, wiped the reason away."""
    message_id = written(cell)
    with transaction(cell) as tx:
        service.receive(
            tx, message_id, state=SmsState.FAILED, provider_id="p-1", error="absent subscriber"
        )
    with transaction(cell) as tx:
        service.sent(tx, message_id, "p-1")

    found = row(cell, message_id)
    assert (found["state"], found["error"]) == ("failed", "absent subscriber")
    assert (found["provider_id"], found["attempts"]) == ("p-1", 1)
    assert found["sent_at"] <= found["receipt_at"]


def test_a_receipt_is_not_older_than_its_message(cell: Cell) -> None:
    """Seen red: a receipt opened first and written last stood before the message's leaving."""
    message_id = written(cell)
    with transaction(cell) as earlier:
        with transaction(cell) as tx:
            service.sent(tx, message_id, "p-1")
        service.receive(earlier, message_id, state=SmsState.DELIVERED, provider_id="p-1")

    found = row(cell, message_id)
    assert found["sent_at"] <= found["receipt_at"]


def test_nothing_leaves_if_the_transaction_is_undone(cell: Cell) -> None:
    def undone() -> None:
        with transaction(cell) as tx:
            service.send_sms(tx, PHONE, "case_closed", VALUES, purpose="asker")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert waiting_jobs(cell) == []


def test_the_number_is_sealed_and_masked(cell: Cell) -> None:
    found = row(cell, written(cell))
    assert b"0546" not in bytes(found["phone_sealed"])
    assert crypto.open_(cell.tenant, found["phone_sealed"]) == "13805460001"
    assert found["phone_mask"] == "138****0001"
    with pytest.raises(Invalid):
        written(cell, phone="nobody")


def test_a_gateway_that_is_busy_is_asked_again_later_and_later(
    cell: Cell, gateway: StandIn
) -> None:
    gateway.behaviour.failures = [503, 500, 429]
    message_id = written(cell)
    for attempt in (1, 2, 3):
        run(cell, message_id)
        assert (row(cell, message_id)["state"], row(cell, message_id)["attempts"]) == (
            "queued",
            attempt,
        )
    assert row(cell, message_id)["error"] == "HTTP 429"
    waits = [job["wait"] for job in waiting_jobs(cell)[1:]]
    for wait, seconds in zip(waits, (5, 10, 20), strict=True):
        assert timedelta(seconds=seconds - 4) < wait <= timedelta(seconds=seconds)
    run(cell, message_id)
    assert row(cell, message_id)["state"] == "sent"
    assert row(cell, message_id)["error"] == ""


def test_a_gateway_that_is_away_is_given_up_in_the_end(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sms_url", "http://127.0.0.1:9")
    message_id = written(cell)
    for _ in range(service.ATTEMPTS):
        run(cell, message_id)
    found = row(cell, message_id)
    assert (found["state"], found["attempts"]) == ("failed", service.ATTEMPTS)
    assert found["error"] == "ConnectError"
    assert len(waiting_jobs(cell)) == service.ATTEMPTS
    run(cell, message_id)
    assert row(cell, message_id)["attempts"] == service.ATTEMPTS


def test_what_the_gateway_refuses_is_not_sent_again(cell: Cell, gateway: StandIn) -> None:
    gateway.behaviour.refused = ["13805460001"]
    message_id = written(cell)
    run(cell, message_id)
    found = row(cell, message_id)
    assert (found["state"], found["attempts"]) == ("failed", 1)
    assert "this number is refused" in found["error"]
    assert len(waiting_jobs(cell)) == 1


def test_a_slow_gateway_counts_as_away(
    cell: Cell, gateway: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.behaviour.delay = 30
    monkeypatch.setattr("wangge.notices.gateway.TIMEOUT", 0.2)
    message_id = written(cell)
    run(cell, message_id)
    assert row(cell, message_id)["error"] == "ReadTimeout"


def test_a_job_that_runs_twice_sends_one_message(cell: Cell, gateway: StandIn) -> None:
    """The worker may die after the gateway has answered and before it is written down."""
    gateway.behaviour.receipts = False
    message_id = written(cell)
    run(cell, message_id)
    run(cell, message_id)
    assert gateway.kept[str(message_id)].times == 1
    with transaction(cell) as tx:
        tx.run("update sms_messages set state = 'queued', provider_id = null")
    run(cell, message_id)
    kept = gateway.kept[str(message_id)]
    assert kept.times == 2
    assert row(cell, message_id)["provider_id"] == kept.provider_id
    assert len(gateway.kept) == 1


def test_an_emergency_goes_before_all_others(cell: Cell) -> None:
    ordinary, emergency = written(cell), written(cell, purpose="emergency")
    priorities = {
        json.loads(job["payload"])["message_id"]: job["priority"] for job in waiting_jobs(cell)
    }
    assert priorities[str(emergency)] > priorities[str(ordinary)]


def receipt(message_id: UUID, state: str = "delivered") -> bytes:
    content = {"id": str(message_id), "provider_id": f"p-{message_id}", "state": state, "error": ""}
    return json.dumps(content).encode()


def give(platform: str, body: bytes, signature: str) -> httpx2.Response:
    return httpx2.post(
        f"{platform}/api/v1/gateway/receipts",
        content=body,
        headers={b"X-Wangge-Signature": signature.encode("latin-1")},
    )


def test_a_receipt_is_believed_only_with_a_fresh_signature(cell: Cell, platform: str) -> None:
    message_id = written(cell)
    body = receipt(message_id)
    good = sign(shared_token(), body)
    old = sign(shared_token(), body, at=1_700_000_000)
    others = (sign("other", body), sign(shared_token(), body + b" "), good.replace("v1", "v2"))
    now = good.split(",")[0]
    for signature in ("", "t=1,v1=00", f"{now},v1=ÿ", old, *others):
        answer = give(platform, body, signature)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_signed"), signature
    assert row(cell, message_id)["state"] == "queued"
    assert give(platform, body, good).status_code == 204
    assert row(cell, message_id)["state"] == "delivered"


def test_receipts_may_come_early_late_twice_and_in_any_order(
    cell: Cell, gateway: StandIn, platform: str
) -> None:
    gateway.behaviour.receipts = False
    message_id = written(cell)
    body = receipt(message_id)
    assert give(platform, body, sign(shared_token(), body)).status_code == 204
    run(cell, message_id)
    assert row(cell, message_id)["state"] == "delivered"
    late = receipt(message_id, "failed")
    for content in (late, body, receipt(new_id())):
        assert give(platform, content, sign(shared_token(), content)).status_code == 204
    assert row(cell, message_id)["state"] == "delivered"
    nonsense = b'{"id": 1}'
    refused = give(platform, nonsense, sign(shared_token(), nonsense))
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_receipt")


@pytest.mark.parametrize("demo", [True, False])
def test_a_code_stays_readable_only_in_the_demo(
    cell: Cell, gateway: StandIn, monkeypatch: pytest.MonkeyPatch, *, demo: bool
) -> None:
    monkeypatch.setattr(settings(), "demo", demo)
    with transaction(cell) as tx:
        message_id = service.send_sms(
            tx, PHONE, "phone_code", {"code": "482913"}, purpose="phone_code"
        )
    assert "482913" in row(cell, message_id)["text"]
    run(cell, message_id)
    assert "482913" in gateway.kept[str(message_id)].text
    assert ("482913" in row(cell, message_id)["text"]) is demo


def test_every_message_is_listed_newest_first_and_by_case(cell: Cell) -> None:
    case_id = new_id()
    first = written(cell)
    with transaction(cell) as tx:
        second = service.send_sms(
            tx, PHONE, "case_closed", VALUES, purpose="asker", case_id=case_id
        )
    with transaction(cell) as tx:
        assert [sms.id for sms in service.messages(tx)] == [second, first]
        (only,) = service.messages(tx, case_id=case_id)
    assert (only.id, only.phone_mask, only.state) == (second, "138****0001", "queued")


def test_texts_speak_both_languages_and_bear_a_gap() -> None:
    assert "482913" in sms_text("phone_code", {"code": "482913"}, locale="en")
    assert sms_text("phone_code", {"code": "1"}, locale="fr") == sms_text(
        "phone_code", {"code": "1"}
    )
    assert "None" not in sms_text("case_closed", {})
    assert "{" not in sms_text("case_closed", {"title": "{number}"}).replace("{number}", "")
    with pytest.raises(KeyError):
        sms_text("nobody_wrote_this", {})


def test_the_stand_in_keeps_its_door_and_does_as_told(gateway: StandIn) -> None:
    assert httpx2.get(f"{gateway.url}/messages").status_code == 401
    with httpx2.Client(
        base_url=gateway.url, headers={"Authorization": f"Bearer {shared_token()}"}
    ) as door:
        assert door.get("/messages").json() == {"items": []}
        assert (
            door.put("/behaviour", json={"failures": [503], "receipts": False}).status_code == 200
        )
        message = {"id": "1", "phone": "1", "text": "好", "receipts": "http://127.0.0.1:9/"}
        assert door.post("/messages", json=message).status_code == 503
        assert door.post("/messages", json=message).status_code == 202
        assert door.post("/messages", json={"id": "2"}).status_code == 400
        assert door.post("/messages", content=b"[").status_code == 400
        assert [kept["text"] for kept in door.get("/messages").json()["items"]] == ["好"]
    assert gateway.behaviour == Behaviour(failures=[], receipts=False)
