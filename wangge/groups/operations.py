"""What phones say in a group without a network, and the messages that they make cases of."""

from wangge.cases.operations import place_of, read_body, split_photos
from wangge.files import uploads
from wangge.groups import thread, turning
from wangge.groups.models import Said
from wangge.groups.schemas import GroupCasePayload, GroupSayPayload
from wangge.kernel.db import Tx
from wangge.kernel.operations import Kind, Later, Operation, Outcome, State, kind
from wangge.people.models import Actor


def say(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """The record is the message; its pictures come first, so that nobody reads half of it."""
    rest, photos = split_photos(op.payload)
    body: GroupSayPayload = read_body(GroupSayPayload, rest)
    ready, missing = uploads.resolve(tx, actor.id, photos)
    if missing:
        raise Later(
            "photo_needed", "这条消息要先上传照片", "this message needs its photo first",
            awaits=[photo.sha256.hex() for photo in missing],
        )  # fmt: skip
    said = Said(op.record, body.group, body.text, tuple(ready), body.receipt)
    fresh = thread.say(tx, actor, said)
    return Outcome(State.APPLIED if fresh else State.REPEATED, {"awaits": []})


def turn(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """The record is the new case; another's case of the same message is the answer too."""
    rest, _ = split_photos(op.payload)
    body: GroupCasePayload = read_body(GroupCasePayload, rest)
    done = turning.turn(
        tx, actor, body.message, op.record, body.asker.words() if body.asker else None
    )
    state = State.REPEATED if done["again"] else State.APPLIED
    return Outcome(state, {"number": done["number"], "awaits": []}, place=place_of(tx, done["id"]))


kind(Kind("group.say", say, walled=False))
kind(Kind("group.case", turn, walled=False, collection="case"))
