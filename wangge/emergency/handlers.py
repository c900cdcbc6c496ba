"""What the gateways say of a message or a call that woke somebody."""

from collections.abc import Sequence
from uuid import UUID

from wangge.emergency import alerting
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on

RECEIPTS = {"SmsDelivered": "delivered", "SmsFailed": "failed"}


@on("SmsDelivered")
@on("SmsFailed")
def reached(tx: Tx, told: Sequence[Fact]) -> None:
    for fact in told:
        if fact.body["purpose"] in alerting.PURPOSE.values() and "message" in fact.body:
            alerting.receipt(tx, UUID(fact.body["message"]), RECEIPTS[fact.name], tx.now)


@on("SmsAnswered")
def replied(tx: Tx, told: Sequence[Fact]) -> None:
    for fact in told:
        if fact.body["purpose"] in alerting.PURPOSE.values():
            alerting.replied(tx, UUID(fact.body["message"]))


@on("CallEnded")
def rang(tx: Tx, told: Sequence[Fact]) -> None:
    for fact in told:
        alerting.receipt(tx, fact.subject, fact.body["state"], tx.now)
