"""Tell somebody on the screen or by SMS; what is queued here leaves only after the commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel import crypto, facts, queue
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import NotFound
from wangge.kernel.ids import new_id
from wangge.notices import holding, queries, replies, unread
from wangge.notices.gateway import Gateway, NeverSent, TryAgain
from wangge.notices.models import Notice, Sms, SmsState, sms_text
from wangge.settings import settings
from wangge.tenant.service import rules

__all__ = ["Notice", "Sms", "deliver", "messages", "notify", "read", "receive", "send_sms"]

TASK = "sms.send"
ATTEMPTS = 9
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
URGENT = 10  # an emergency passes every queue of ordinary messages
CODE = "phone_code"
WAKES = frozenset({"emergency", "drill"})
WAITS = frozenset({"asker", "follower"})

NOTICED = """
insert into notices (id, account_id, case_id, code, body, urgent, at)
select id, account_id, case_id, code, body, urgent, %(now)s
from jsonb_to_recordset(%(rows)s)
    as n (id uuid, account_id uuid, case_id uuid, code text, body jsonb, urgent bool)
"""
TO_SEND = "select id, phone_sealed, text, purpose, attempts, state from sms_messages where id = %s"
SENT = """
update sms_messages set provider_id = %(provider)s, attempts = attempts + 1,
    sent_at = coalesce(sent_at, %(now)s), error = case when state = 'queued' then '' else error end,
    state = case when state = 'queued' then 'sent' else state end
where id = %(id)s
"""
TRIED = """
update sms_messages set attempts = attempts + 1, error = %(error)s,
    state = case when %(final)s then 'failed' else state end
where id = %(id)s and state = 'queued'
returning attempts, case_id, purpose
"""
# A receipt may be opened before, and written after, the note that the message has left.
RECEIPT = """
update sms_messages set state = %(state)s, error = %(error)s,
    receipt_at = greatest(sent_at, %(now)s), provider_id = coalesce(provider_id, %(provider)s),
    sent_at = coalesce(sent_at, %(now)s)
where id = %(id)s and state in ('queued', 'sent')
returning case_id, purpose, at
"""


def notify(tx: Tx, notices: Sequence[Notice]) -> None:
    """Put notices on people's screens; open ones hear of it at once. One that stands stays.

    In quiet hours what is not urgent waits for their end, and reminders for a digest.
    """
    deliver(tx, holding.sorted_out(tx, notices))


def deliver(tx: Tx, notices: Sequence[Notice]) -> None:
    """As ``notify``, whatever the hour: urgent, or held long enough."""
    known = tx.rows("select id from notices where id = any(%s)", [[one.id for one in notices]])
    stand = {row["id"] for row in known}
    notices = [one for one in notices if one.id not in stand]
    if not notices:
        return
    tx.run(
        NOTICED,
        {
            "now": tx.now,
            "rows": Jsonb(
                [
                    {
                        "id": notice.id,
                        "account_id": notice.account_id,
                        "case_id": notice.case_id,
                        "code": notice.code,
                        "body": notice.body,
                        "urgent": notice.urgent,
                    }
                    for notice in notices
                ],
                dumps,
            ),
        },
    )
    unread.watch(tx, notices)
    # A screen fetches its notices anew, however many came: one fact for each person and code.
    firsts = {(one.account_id, one.code): one.id for one in reversed(notices)}
    facts.record(
        tx,
        [
            facts.Fact("NoticeSent", notice, {"code": code}, account_id=account)
            for (account, code), notice in firsts.items()
        ],
    )


def read(tx: Tx, notice_id: UUID, *, account_id: UUID) -> None:
    """Mark one's own notice as read; safe to repeat."""
    touched = tx.run(
        "update notices set read_at = coalesce(read_at, %s) where id = %s and account_id = %s",
        [tx.now, notice_id, account_id],
    )
    if not touched:
        raise NotFound("no_such_notice", "没有这条消息", "there is no such notice")


def send_sms(
    tx: Tx,
    phone: str,
    template_code: str,
    values: dict[str, Any],
    *,
    purpose: str,
    case_id: UUID | None = None,
    locale: str = "zh",
    message_id: UUID | None = None,
    answers: UUID | None = None,
) -> UUID:
    """Write the message and queue its job; nothing leaves if this transaction does not commit.

    A restored copy writes what it would have sent, and sends nothing. A job that may run twice
    gives its own ``message_id``: what stands under it already is not written again.

    The number is kept sealed and masked. ``purpose`` ``emergency`` goes before all others. Where
    an account ``answers``, the text has a ``code`` with which its telephone can reply.
    """
    if message_id and tx.one("select from sms_messages where id = %s", [message_id]) is not None:
        return message_id
    number = crypto.normal_phone(phone)
    message_id = message_id or new_id()
    code = replies.fresh_code() if answers else None
    text = sms_text(template_code, {"code": code, **values}, locale=locale)
    brand = rules(tx).brand.short_name
    silent = (tx.one("select silent from upkeep") or {"silent": False})["silent"]
    sender = brand.en if locale == "en" else brand.zh
    tx.insert(
        "sms_messages",
        [
            {
                "id": message_id,
                "phone_sealed": crypto.seal(tx.cell.tenant, number),
                "phone_mask": crypto.mask_phone(number),
                "text": f"【{sender}】{text}",
                "purpose": purpose,
                "case_id": case_id,
                "state": SmsState.WITHHELD if silent else SmsState.QUEUED,
                "at": tx.now,
                "account_id": answers,
                "answer_code": code,
                "phone_index": crypto.index(tx.cell.tenant, number) if answers else None,
            }
        ],
    )
    if not silent:
        queue.defer(
            tx,
            TASK,
            at=_not_before(tx, purpose),
            priority=_priority(purpose),
            message_id=str(message_id),
        )
    return message_id


def _not_before(tx: Tx, purpose: str) -> datetime | None:
    """In quiet hours a word on progress waits; an answer to what somebody does now does not."""
    known = rules(tx)
    if purpose not in WAITS or not known.quiet.askers:
        return None
    return known.quiet.ends(tx.now, known.calendar.days.zone)


def _priority(purpose: str) -> int:
    return URGENT if purpose == "emergency" else 0


def messages(tx: Tx, *, case_id: UUID | None = None, limit: int = 200) -> list[Sms]:
    """Every SMS, newest first, for the instruments of the demo and for a case's file."""
    return queries.messages(tx, case_id=case_id, limit=limit)


def to_send(tx: Tx, message_id: UUID) -> tuple[str, str] | None:
    """Give phone and text of a message that still waits; None when there is nothing to do."""
    row = tx.one(TO_SEND, [message_id])
    if row is None or row["state"] != SmsState.QUEUED:
        return None
    return crypto.open_(tx.cell.tenant, row["phone_sealed"]), row["text"]


def hand_over(gateway: Gateway, tenant: str, message_id: UUID, phone: str, text: str) -> str:
    """Give the message to the gateway, outside any transaction."""
    address = settings().public_url.format(tenant=tenant).rstrip("/")
    doors = f"{address}/api/v1/gateway"
    return gateway.send(
        message_id, phone, text, receipts=f"{doors}/receipts", replies=f"{doors}/replies"
    )


def sent(tx: Tx, message_id: UUID, provider_id: str) -> None:
    tx.run(SENT, {"id": message_id, "provider": provider_id, "now": tx.now})
    _forget_code(tx, message_id)


def not_sent(tx: Tx, message_id: UUID, trouble: TryAgain | NeverSent) -> None:
    """Try again later, twice as late each time, or give up and say so."""
    before = tx.one(TO_SEND, [message_id])
    if before is None:
        return
    tries = before["attempts"] + 1
    final = isinstance(trouble, NeverSent) or tries >= ATTEMPTS
    row = tx.one(TRIED, {"id": message_id, "error": str(trouble)[:500], "final": final})
    if row is None:
        return
    if final:
        _announce_failure(tx, message_id, row)
        return
    wait = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    queue.defer(
        tx,
        TASK,
        at=tx.now + wait,
        priority=_priority(row["purpose"]),
        message_id=str(message_id),
    )


def receive(
    tx: Tx, message_id: UUID, *, state: SmsState, provider_id: str, error: str = ""
) -> None:
    """Take a receipt; the first final one counts, repeats and late ones change nothing."""
    values = {
        "id": message_id,
        "state": state.value,
        "provider": provider_id,
        "error": error[:500],
        "now": tx.now,
    }
    row = tx.one(RECEIPT, values)
    if row is not None and state is SmsState.FAILED:
        _announce_failure(tx, message_id, row)
    elif row is not None and state is SmsState.DELIVERED:
        _announce_arrival(tx, message_id, row)
    _forget_code(tx, message_id)


def _announce_arrival(tx: Tx, message_id: UUID, row: dict[str, Any]) -> None:
    """Only of what somebody follows: a message of a case, or one that wakes somebody."""
    if row["case_id"] or row["purpose"] in WAKES:
        told = {"purpose": row["purpose"], "sent_at": row["at"].isoformat(),
                "message": str(message_id)}  # fmt: skip
        facts.record(tx, [facts.Fact("SmsDelivered", row["case_id"] or message_id, told)])


def _announce_failure(tx: Tx, message_id: UUID, row: dict[str, Any]) -> None:
    told = {"purpose": row["purpose"], "message": str(message_id)}
    facts.record(tx, [facts.Fact("SmsFailed", row["case_id"] or message_id, told)])


def _forget_code(tx: Tx, message_id: UUID) -> None:
    """A code that has left is nobody's to read here; the demo shows it in place of a phone."""
    if not settings().demo:
        tx.run(
            "update sms_messages set text = '' where id = %s and purpose = %s", [message_id, CODE]
        )
