"""现场督查 without a network: what was found comes with its pictures and what follows from it.

What can no longer follow when it comes is a proposal; what was found stands in any case.
"""

from typing import Any

from wangge.cases.operations import add_photos, place_of, read_body, split_photos
from wangge.fieldwork import spot_checks
from wangge.fieldwork.check_schemas import SpotCheckBody
from wangge.files import uploads
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound, Refusal
from wangge.kernel.operations import Kind, Operation, Outcome, Place, State, is_too_late, kind
from wangge.people.models import Actor

# Of these nothing stands: it was not his to check.
NOTHING_STANDS = frozenset({"own_work", "id_taken"})


def record(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """The record is the case, or the check itself where there is none."""
    body, photos = _read(op)
    if op.by:
        # Whoever decides does what follows, in his own name; what was found stands already.
        number = spot_checks.follow_after_all(tx, actor, body.id, body.given(), op.id)
        return Outcome(result={"number": number})
    return _written(tx, actor, body, photos)


def _read(op: Operation) -> tuple[SpotCheckBody, list[uploads.Photo]]:
    rest, photos = split_photos(op.payload)
    at = op.by[1] if op.by else op.done_at or op.made_at
    body: SpotCheckBody = read_body(SpotCheckBody, {**rest, "done_at": at.isoformat()})
    return body, photos


def _written(
    tx: Tx,
    actor: Actor,
    body: SpotCheckBody,
    photos: list[uploads.Photo],
    refusal: Refusal | None = None,
) -> Outcome:
    done = spot_checks.check(tx, actor, body.id, body.given(), follows=refusal is None)
    result: dict[str, Any] = {"number": done.number, "awaits": []}
    if done.case_id:
        result["awaits"] = add_photos(tx, actor, done.case_id, photos, body.id)
    elif not done.new_case_id:
        result["awaits"] = uploads.of_record(tx, actor.id, photos, body.id)
    if done.new_case_id:
        result["awaits"] = add_photos(tx, actor, done.new_case_id, photos, None)
    place = place_of(tx, done.case_id) if done.case_id else Place(done.pos)
    state = State.PROPOSAL if refusal else State.APPLIED if done.fresh else State.REPEATED
    return Outcome(state, result, refusal=refusal, place=place)


def found_after_all(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """What he found counts, with its pictures; what was to follow waits for a person's word."""
    if not is_too_late(refusal) or isinstance(refusal, NotFound) or refusal.code in NOTHING_STANDS:
        return None
    body, photos = _read(op)
    return _written(tx, actor, body, photos, refusal)


kind(
    Kind(
        "check.record",
        record,
        instead=found_after_all,
        walled=False,
        collection="watched",
        leads=spot_checks.RIGHT,
    )
)
