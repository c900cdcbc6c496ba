"""What phones report without a network: the same road as every report, photos may follow."""

from wangge.cases.operations import add_photos, read_body, split_photos
from wangge.files import service as files
from wangge.intake.models import Source
from wangge.intake.schemas import StaffReportBody
from wangge.intake.service import receive_many, send_code
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.operations import Kind, Operation, Outcome, State, kind
from wangge.people.models import Actor

MINE = "select number from cases where id = %s and created_by = %s"


def report(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """Open the case that the phone named; no clock of a phone moves its limits."""
    actor.must("case.report")
    rest, photos = split_photos(op.payload)
    rest.pop("found_at", None)
    body: StaffReportBody = read_body(StaffReportBody, rest, id=str(op.record))
    if body.self_handle:
        raise Invalid(
            "step_of_its_own", "当场办结请作为单独一步提交", "handling on the spot is a case.step",
            field="self_handle",
        )  # fmt: skip
    told = body.report(body.channel)
    told.found_at = op.found_at
    told.file_ids = []
    state = State.APPLIED
    try:
        with tx.conn.transaction():
            receipt, *_ = receive_many(tx, [told], Source(actor, sure_when=op.sure))
    except Refusal as refusal:
        row = tx.one(MINE, [op.record, actor.id]) if refusal.code == "id_taken" else None
        if row is None:
            raise
        result = {"number": row["number"]}
        state = State.REPEATED
    else:
        send_code(tx, receipt)
        result = receipt.answer([], [])
    files.attach(tx, op.record, body.files, account_id=actor.id)
    awaits = add_photos(tx, actor, op.record, photos, None)
    return Outcome(state, {**result, "awaits": awaits})


kind(Kind("case.report", report, walled=False, leavers=True, collection="case"))
