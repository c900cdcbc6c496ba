"""为民服务、宣传、代办、座谈: recorded in three touches, repeated in one."""

from dataclasses import asdict
from uuid import UUID

from wangge.fieldwork.models import Recorded, RecordKind, Service
from wangge.fieldwork.recording import known, write
from wangge.fieldwork.visits import whereabouts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor
from wangge.tenant.service import rules

KINDS = frozenset({RecordKind.SERVICE, RecordKind.OUTREACH, RecordKind.ERRAND, RecordKind.TALK})


def serve(tx: Tx, actor: Actor, record_id: UUID, given: Service) -> Recorded:
    """Write down what was done for people; only what it was is needed, of a talk what was said."""
    before = known(tx, actor, record_id, asdict(given))
    if before:
        return before
    if given.kind not in KINDS:
        raise Invalid("unknown_kind", "没有这种记录", "no such record", field="kind")
    if (
        given.kind is RecordKind.SERVICE
        and given.type not in rules(tx).lists.codes["service_types"]
    ):
        raise Invalid(
            "unknown_service", "请选择服务类别", "choose what kind of service", field="type"
        )
    if given.kind is RecordKind.TALK and not given.words.strip():
        raise Invalid("field_needed", "请写谈了什么", "say what was talked about", field="words")
    where = whereabouts(tx, actor, given.household_id, given.area_id, given.place_words)
    return write(
        tx, actor, record_id, asdict(given), where,
        channel="talk" if given.kind is RecordKind.TALK else "worker", follow_ups=given.follow_ups,
        kind=given.kind.value, type=given.type, place_words=where.words,
        words=given.words.strip(), people=given.people, done_at=given.done_at,
        partner_id=given.partner_id,
    )  # fmt: skip
