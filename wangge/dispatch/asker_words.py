"""What the asker is told by SMS, and at which steps."""

from uuid import UUID

from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.notices import service as notices
from wangge.tenant.service import rules

SAID = {
    "accepted": "case_accepted",
    "declined": "case_declined",
    "closed": "case_closed",
    "reopened": "case_reopened",
    "merged": "case_merged",
    "split": "case_split",
    "void": "case_voided",
    "withdraw_for": "case_withdrawn_for",
    "rule_unreasonable": "case_ruled_unreasonable",
}
# Told by the step, because the state alone does not say who did.
ENDED = ("void", "withdraw_for", "rule_unreasonable")
READ = """
select c.number, c.title, c.answer, k.phone_sealed from cases c
join case_askers k on k.case_id = c.id where c.id = %s and k.phone_sealed is not null
"""


def tell_asker(tx: Tx, case_id: UUID, target: str, *, key: UUID | None = None) -> None:
    """One SMS at the steps that matter to him, if he left a number and the tenant sends them."""
    row = tx.one(READ, [case_id])
    if row is None or not rules(tx).switches.sms_to_asker:
        return
    notices.send_sms(
        tx,
        crypto.open_(tx.cell.tenant, row["phone_sealed"]),
        SAID[target],
        {"number": row["number"], "title": row["title"][:20], "answer": row["answer"][:60]},
        purpose="asker",
        case_id=case_id,
        message_id=key,
    )
