"""What is urgent and was not seen on the screen goes by SMS: a phone may be asleep, or offline.

Only where the city has set after how many minutes. Emergencies, drills and whistles wake people by
SMS of their own and are left to that.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.notices.models import Notice, notice_words
from wangge.tenant.service import rules

TASK = "notices.unread"
OWN_SMS = ("whistle", "incident_called")
UNREAD = """
select n.id, n.code, n.body, n.case_id, a.phone
from notices n join accounts a on a.id = n.account_id
where n.id = %s and n.read_at is null and a.active and a.phone <> ''
"""


def watch(tx: Tx, notices: Sequence[Notice]) -> None:
    """Look again after the city's minutes at each that is urgent."""
    urgent = [one for one in notices if one.urgent and not one.code.startswith(OWN_SMS)]
    minutes = rules(tx).switches.urgent_sms_minutes if urgent else 0
    for one in urgent if minutes else ():
        at = tx.now + timedelta(minutes=minutes)
        queue.defer(tx, TASK, at=at, notice_id=str(one.id))


def words(tx: Tx, notice_id: UUID) -> tuple[str, dict[str, str], UUID | None, UUID] | None:
    """To which number, with which words, about which case, under which id; None once read."""
    row = tx.one(UNREAD, [notice_id])
    if row is None:
        return None
    said = notice_words(row["code"], row["body"])
    values = {part: said[part]["zh"] for part in ("title", "text")}
    return row["phone"], values, row["case_id"], uuid5(notice_id, "sms")
