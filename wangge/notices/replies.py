"""What people answer to an SMS that woke them (上行短信): the code in it, or a plain 1 or 收到."""

import re
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID

from wangge.kernel import crypto, facts
from wangge.kernel.db import Tx

CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")
PLAIN = frozenset({"1", "收到", "ok"})
HEARD_FOR = timedelta(hours=12)
# Two alarms at once have two codes; a plain answer counts where it can mean one alone.
OPEN = """
select id, case_id, purpose, account_id, answer_code from sms_messages
where phone_index = %s and answer_code is not null and answered_at is null and at > %s
order by at desc for update
"""
REPEATED = "select from sms_messages where phone_index = %s and reply_id = %s"
ANSWERED = "update sms_messages set answered_at = %s, reply_id = %s where id = %s"


def fresh_code() -> str:
    return f"{1000 + secrets.randbelow(9000)}"


def take(tx: Tx, reply_id: str, phone: str, text: str) -> bool:
    """Take an answer; False for what answers nothing, of which nothing is kept."""
    index = crypto.index(tx.cell.tenant, crypto.normal_phone(phone))
    if tx.one(REPEATED, [index, reply_id]) is not None:
        return True
    waiting = tx.rows(OPEN, [index, tx.now - HEARD_FOR])
    said = unicodedata.normalize("NFKC", text).strip().strip("。.!！").casefold()
    codes = set(CODE.findall(said))
    meant = [row for row in waiting if row["answer_code"] in codes]
    if said in PLAIN and len(waiting) == 1:
        meant = waiting
    for row in meant:
        tx.run(ANSWERED, [tx.now, reply_id, row["id"]])
        _announce(tx, row["id"], row["case_id"], row["purpose"], row["account_id"])
    return bool(meant)


def _announce(
    tx: Tx, message_id: UUID, case_id: UUID | None, purpose: str, account_id: UUID | None
) -> None:
    told = {"purpose": purpose, "message": str(message_id), "account": str(account_id)}
    facts.record(tx, [facts.Fact("SmsAnswered", case_id or message_id, told)])
