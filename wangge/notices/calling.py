"""Call somebody by telephone; what is queued here rings only after the commit."""

from datetime import timedelta
from uuid import UUID

from wangge.kernel import crypto, facts, queue
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.notices.gateway import NeverSent, TryAgain
from wangge.notices.voice import VoiceGateway
from wangge.settings import settings

TASK = "voice.call"
ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)
URGENT = 10
ENDS = frozenset({"heard", "acknowledged", "busy", "no_answer", "failed"})
WAITING = "select phone_sealed, text, state, attempts from voice_calls where id = %s"
PLACED = """
update voice_calls set provider_id = %s, attempts = attempts + 1, placed_at = %s,
    state = case when state = 'queued' then 'calling' else state end
where id = %s
"""
TRIED = """
update voice_calls set attempts = attempts + 1, error = %(error)s,
    state = case when %(final)s then 'failed' else state end,
    ended_at = case when %(final)s then %(now)s::timestamptz else ended_at end
where id = %(id)s and state = 'queued'
returning attempts
"""
# A result may come before the note that the gateway has the call.
ENDED = """
update voice_calls set state = %(state)s, error = %(error)s, ended_at = %(now)s,
    provider_id = coalesce(provider_id, %(provider)s)
where id = %(id)s and state in ('queued', 'calling')
returning purpose
"""


def place(tx: Tx, phone: str, text: str, *, purpose: str) -> UUID:
    """Write the call and queue its job; a restored copy writes it and rings nowhere."""
    number, call_id = crypto.normal_phone(phone), new_id()
    silent = (tx.one("select silent from upkeep") or {"silent": False})["silent"]
    tx.insert(
        "voice_calls",
        [{"id": call_id, "phone_sealed": crypto.seal(tx.cell.tenant, number),
          "phone_mask": crypto.mask_phone(number), "text": text, "purpose": purpose,
          "state": "withheld" if silent else "queued", "at": tx.now}],
    )  # fmt: skip
    if not silent:
        queue.defer(tx, TASK, priority=URGENT, call_id=str(call_id))
    return call_id


def waiting(tx: Tx, call_id: UUID) -> tuple[str, str] | None:
    """Phone and words of a call that still waits; None when there is nothing to do."""
    row = tx.one(WAITING, [call_id])
    if row is None or row["state"] != "queued":
        return None
    return crypto.open_(tx.cell.tenant, row["phone_sealed"]), row["text"]


def hand_over(gateway: VoiceGateway, tenant: str, call_id: UUID, phone: str, text: str) -> str:
    """Give the call to the gateway, outside any transaction."""
    address = settings().public_url.format(tenant=tenant).rstrip("/")
    return gateway.call(call_id, phone, text, results=f"{address}/api/v1/gateway/calls")


def placed(tx: Tx, call_id: UUID, provider_id: str) -> None:
    tx.run(PLACED, [provider_id, tx.now, call_id])


def not_placed(tx: Tx, call_id: UUID, trouble: TryAgain | NeverSent) -> None:
    """Try again, twice as late each time, or give up and say so."""
    row = tx.one(WAITING, [call_id])
    if row is None:
        return
    tries = row["attempts"] + 1
    final = isinstance(trouble, NeverSent) or tries >= ATTEMPTS
    values = {"id": call_id, "error": str(trouble)[:500], "final": final, "now": tx.now}
    if tx.one(TRIED, values) is None:
        return
    if final:
        _announce(tx, call_id, "failed")
        return
    wait = FIRST_WAIT * 2 ** (tries - 1)
    queue.defer(tx, TASK, at=tx.now + wait, priority=URGENT, call_id=str(call_id))


def ended(tx: Tx, call_id: UUID, *, state: str, provider_id: str, error: str = "") -> None:
    """Take a result; the first one counts, repeats and calls that nobody knows change nothing."""
    values = {"id": call_id, "state": state, "provider": provider_id, "error": error[:500],
              "now": tx.now}  # fmt: skip
    if tx.one(ENDED, values) is not None:
        _announce(tx, call_id, state)


def _announce(tx: Tx, call_id: UUID, state: str) -> None:
    facts.record(tx, [facts.Fact("CallEnded", call_id, {"state": state})])
