"""Taking operations: each in a transaction of its own, in order per record, once and for all."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import structlog
from psycopg.errors import DataError, OperationalError, UniqueViolation

from wangge.kernel import crypto
from wangge.kernel.db import Role, Tx, dumps
from wangge.kernel.errors import Away, Invalid, Refusal, SignInNeeded, TooMany
from wangge.kernel.operations import KINDS, Kind, Later, Operation, Outcome, Place, State
from wangge.people.models import Actor
from wangge.sync import breakages, conflicts, merging, models, receipts
from wangge.sync.models import Device, Receipt, Sent
from wangge.sync.times import RIGHT

log = structlog.get_logger()
BEGIN = "select * from sync_begin(%(id)s, %(record)s, %(device)s, %(account)s)"
HAD = """
select exists (select from sync_gone where account_id = %(account)s and record = %(record)s)
    or exists (select from sync_operations where account_id = %(account)s and record = %(record)s
        and state <> 'refused')
    or exists (select from sync_devices d, jsonb_each(d.sent || d.kept) as held
        where d.account_id = %(account)s and held.value ? %(record)s::text) as had
"""
# Opens a transaction in a role for whoever sends; gives him as he is, or was when he left.
Open = Callable[[Role], AbstractContextManager[tuple[Tx, Actor]]]


@dataclass(frozen=True, slots=True)
class Taking:
    """One batch: whose, from which phone, and how to open a transaction for him."""

    device: Device
    open: Open
    left_at: datetime | None = None
    request: str = ""

    def each(self, batch: Sequence[Sent]) -> list[Receipt]:
        """Answer every operation in the order of the batch; taken by their places in line.

        Sorted first, so that a batch that was put together out of order needs no second round.
        """
        order = sorted(range(len(batch)), key=lambda n: (batch[n].seq, n))
        found = {n: self.one(batch[n]) for n in order}
        return [found[n] for n in range(len(batch))]

    def one(self, sent: Sent) -> Receipt:
        """Take one; a database that is away, a race or a failure says so and keeps nothing."""
        try:
            return self._decided(sent)
        except OperationalError as error:
            log.warning("an operation waits for the database", error=str(error).strip())
            return _answer(sent, State.LATER, Away())
        except Refusal:
            raise
        except Exception as error:
            # Whatever this one meets, the others of the phone must not wait behind it.
            log.exception("an operation broke", kind=sent.operation.kind, id=str(sent.operation.id))
            self._count(sent, type(error).__name__)
            return _answer(sent, State.LATER, models.broken())

    def _count(self, sent: Sent, fault: str) -> None:
        """Write it down for the administrator; that it cannot be written is in the log alone."""
        try:
            with self.open("intake") as (tx, _):
                breakages.broke(tx, self.device, sent, fault, self.request)
        except (OperationalError, Refusal) as error:
            log.warning("a breakage could not be listed", error=type(error).__name__)

    def _decided(self, sent: Sent) -> Receipt:
        try:
            try:
                return self._settled(sent)
            except UniqueViolation:
                # The same record came by another door at this moment: now it is there to be found.
                return self._settled(sent)
        except UniqueViolation:
            return self._refused(sent, models.id_taken())
        except DataError:
            return self._refused(
                sent,
                Invalid(
                    "unfit_value",
                    "内容里有系统不能保存的字符或数值，请检查后重试",
                    "the content holds characters or numbers that cannot be stored; please check",
                ),
            )

    def _settled(self, sent: Sent) -> Receipt:
        kind = KINDS.get(sent.operation.kind)
        if kind is None:
            return self._refused(sent, models.unknown_kind(sent.operation.kind))
        if self.left_at:
            # A phone's clock may be out so far: a word of the last second is not lost by it.
            if sent.operation.made_at > self.left_at + RIGHT:
                return self._refused(sent, models.only_before_leaving())
            if not kind.leavers:
                return self._instead(kind, sent, models.left_since())
        try:
            with self.open("intake" if self.left_at else kind.role) as (tx, actor):
                known = self._known(tx, sent)
                return known or self._keep(
                    tx, actor, kind, sent, _applied(tx, actor, kind, self._seen(tx, sent))
                )
        except SignInNeeded:
            raise
        except (Later, TooMany) as later:
            return _answer(sent, State.LATER, later)
        except Refusal as refusal:
            return self._instead(kind, sent, refusal)

    def _known(self, tx: Tx, sent: Sent) -> Receipt | None:
        """The receipt of an earlier try, or why it is not this one's turn; else None.

        From here to the commit the record's other operations wait.
        """
        operation = sent.operation
        row = tx.one(
            BEGIN,
            {"id": operation.id, "record": operation.record, "device": self.device.id,
             "account": self.device.account_id},
        )  # fmt: skip
        if row is None:
            raise LookupError(operation.id)
        if row["account_id"] is not None:
            mine = row["account_id"] == self.device.account_id
            if not mine or bytes(row["content_hash"]) != sent.content_hash:
                return _signed(
                    tx, self.device, sent, _answer(sent, State.REFUSED, models.id_taken())
                )
            return Receipt(**receipts.opened(tx.cell.tenant, row["receipt_sealed"]))
        if sent.seq > row["expected"]:
            return _answer(sent, State.LATER, models.earlier_missing(row["expected"]))
        if sent.seq < row["expected"]:
            return _signed(tx, self.device, sent, _answer(sent, State.REFUSED, models.seq_taken()))
        return None

    def _seen(self, tx: Tx, sent: Sent) -> Operation:
        """The operation, which can ask whether this account ever had the record."""
        operation = sent.operation

        def had() -> bool:
            row = tx.one(HAD, {"account": self.device.account_id, "record": operation.record})
            return bool(row and row["had"])

        return Operation(
            operation.id, operation.kind, operation.record, operation.payload, operation.made_at,
            operation.found_at, operation.done_at, operation.version, operation.base, had,
            sure=sent.clock != "doubtful",
        )  # fmt: skip

    def _keep(self, tx: Tx, actor: Actor, kind: Kind, sent: Sent, outcome: Outcome) -> Receipt:
        """Write the receipt beside what it says, in the same transaction."""
        receipt = _answer(sent, outcome.state, outcome.refusal)
        receipt.details = {**receipt.details, **outcome.details}
        receipt.result = outcome.result
        _signed(tx, self.device, sent, receipt)
        operation = sent.operation
        tx.insert(
            "sync_operations",
            [
                {
                    "id": operation.id, "account_id": self.device.account_id,
                    "device_id": self.device.id, "record": operation.record,
                    "kind": operation.kind, "seq": sent.seq, "content_hash": sent.content_hash,
                    "said_sealed": crypto.seal(tx.cell.tenant, dumps(sent.said).decode()),
                    "made_at": operation.made_at, "found_at": operation.found_at,
                    "done_at": operation.done_at, "clock_ahead": sent.clock_ahead,
                    "clock": sent.clock, "received_at": sent.received_at,
                    "state": receipt.state.value, "code": receipt.code,
                    "receipt_sealed": receipts.sealed(tx.cell.tenant, receipt),
                }
            ],
        )  # fmt: skip
        if outcome.state in (State.CONFLICT, State.PROPOSAL):
            conflicts.add(tx, actor, kind, sent, outcome, receipt)
        return receipt

    def _instead(self, kind: Kind, sent: Sent, refusal: Refusal) -> Receipt:
        """What still counts of an operation that was refused; else the refusal, kept for repeats.

        In a transaction past row-level security, because what somebody had on his phone may have
        left his ground: the kind itself asks whether he ever had it.
        """
        if kind.instead is None:
            return self._refused(sent, refusal)
        try:
            with self.open("intake") as (tx, actor):
                if known := self._known(tx, sent):
                    return known
                outcome = kind.instead(tx, actor, self._seen(tx, sent), refusal)
                if outcome is not None:
                    return self._keep(tx, actor, kind, sent, outcome)
        except SignInNeeded:
            raise
        except Later as later:
            return _answer(sent, State.LATER, later)
        except Refusal as second:
            return self._refused(sent, second)
        return self._refused(sent, refusal)

    def _refused(self, sent: Sent, refusal: Refusal) -> Receipt:
        with self.open("intake") as (tx, actor):
            known = self._known(tx, sent)
            outcome = Outcome(State.REFUSED, refusal=refusal)
            return known or self._keep(tx, actor, Kind(sent.operation.kind), sent, outcome)


def _applied(tx: Tx, actor: Actor, kind: Kind, operation: Operation) -> Outcome:
    if kind.merging is None:
        if kind.apply is None:
            raise models.unknown_kind(kind.name)
        return kind.apply(tx, actor, operation)
    fields = operation.payload.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise Invalid("fields_needed", "没有要修改的内容", "no field is changed", field="fields")
    stands = kind.merging.read(tx, actor, operation.record)
    if unknown := sorted(set(fields) - set(stands)):
        raise Invalid(
            "unknown_field", f"没有这一项：{'、'.join(unknown)}", "no such field", field=unknown[0]
        )
    merged = merging.three_way(operation.base, fields, stands)
    if merged.take:
        kind.merging.write(tx, actor, operation, merged.take)
    details = {"fields": merged.conflicts} if merged.conflicts else {}
    place = kind.merging.place(tx, operation.record) if merged.conflicts else Place()
    return Outcome(merged.state, {"taken": sorted(merged.take)}, details, place=place)


def _answer(sent: Sent, state: State, refusal: Refusal | None = None) -> Receipt:
    operation = sent.operation
    receipt = Receipt(
        str(operation.id), str(operation.record), operation.kind, sent.seq, state,
        sent.received_at, found_at=operation.found_at, done_at=operation.done_at, clock=sent.clock,
    )  # fmt: skip
    if refusal is not None:
        receipt.because(refusal)
    return receipt


def _signed(tx: Tx, device: Device, sent: Sent, receipt: Receipt) -> Receipt:
    receipts.sign(tx.cell.tenant, device.account_id, receipt, sent)
    return receipt
