"""入户走访: one call at a door, or thirty; what follows from it is somebody's at once."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.fieldwork import pairs
from wangge.fieldwork.models import FollowUp, Recorded, RecordKind, Result, Visit
from wangge.fieldwork.permissions import PLAN, WORK, own_ground
from wangge.fieldwork.recording import Where, known, today, write
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor
from wangge.registers import service as registers
from wangge.registers.queries import place
from wangge.tenant.service import rules

HOME_VISIT, WALKING = "home_visit", "walking_mailbox"
VOLUNTEER = "volunteer"
# The same door on the same day by somebody else: both stay, the later says so.
SAME_DAY = """
select id from field_records where kind = 'visit' and dwelling_id = %(dwelling)s
    and result = 'in' and (done_at at time zone %(zone)s)::date = %(day)s and account_id <> %(me)s
order by received_at, id limit 1
"""


def visit(tx: Tx, actor: Actor, record_id: UUID, given: Visit) -> Recorded:
    """Write a visit down with its follow-ups; a repeat answers as the first did."""
    before = known(tx, actor, record_id, asdict(given))
    if before:
        return before
    where = whereabouts(tx, actor, given.household_id, given.area_id, given.place_words)
    if given.partner_id is None and (kinds := pairs.two_for(tx, given.household_id)):
        raise pairs.two_go(kinds)
    return _write(tx, actor, record_id, given, where)


def stand(tx: Tx, actor: Actor, record_id: UUID, given: Visit, worker: UUID) -> Recorded:
    """A visit to which two should have gone stays its worker's, and says that he was alone.

    So whoever leads the ground decides, never he himself.
    """
    if worker == actor.id:
        return visit(tx, actor, record_id, given)
    where = whereabouts(tx, actor, given.household_id, given.area_id, given.place_words)
    actor.must_at(PLAN, pos=where.area.pos)
    return _write(tx, actor, record_id, given, where, account_id=worker, alone=True)


def _write(
    tx: Tx, actor: Actor, record_id: UUID, given: Visit, where: Where, **more: Any
) -> Recorded:
    _check(tx, given)
    follow_ups = [*given.follow_ups, *_come_again(record_id, given, where)]
    double = _double(tx, actor, given, where)
    done = write(
        tx, actor, record_id, asdict(given), where,
        channel=WALKING if is_volunteer(actor) else HOME_VISIT, follow_ups=follow_ups,
        kind=RecordKind.VISIT.value, result=given.result.value, again_on=given.again_on,
        met=given.met.strip(), topics=list(given.topics), words=given.words.strip(),
        needs=given.needs.strip(), place_words=where.words, done_at=given.done_at,
        partner_id=given.partner_id, duplicate_of=double, **more,
    )  # fmt: skip
    if given.result is Result.IN and where.dwelling_id:
        registers.seen(tx, where.dwelling_id, given.done_at)
    return done


def is_volunteer(actor: Actor) -> bool:
    return all(post.role == VOLUNTEER for post in actor.posts)


def _check(tx: Tx, given: Visit) -> None:
    if (given.result is Result.AGAIN) != (given.again_on is not None):
        raise Invalid(
            "again_on_needed", "改日再访的，请写哪一天", "say which day you come again",
            field="again_on",
        )  # fmt: skip
    if given.again_on and given.again_on < today(tx):
        raise Invalid(
            "bad_time", "再访的日子不能早于今天", "the day to come again lies ahead",
            field="again_on",
        )  # fmt: skip
    unknown = set(given.topics) - rules(tx).lists.codes["visit_topics"]
    if unknown:
        raise Invalid("unknown_topic", "选项不存在，请刷新后重选", "no such topic", field="topics")


def whereabouts(
    tx: Tx, actor: Actor, household_id: UUID | None, area_id: UUID | None, words: str
) -> Where:
    """A home of the register on one's ground, or one's own grid with the words that were said."""
    if household_id is None:
        return Where(own_ground(tx, actor, area_id), words.strip())
    row = registers.household(tx, actor, household_id)
    actor.must_at(WORK, pos=row["pos"])
    area = atlas.of(tx).area(row["area_id"])
    return Where(area, words.strip() or place(row), household_id, row["dwelling_id"])


def _come_again(record_id: UUID, given: Visit, where: Where) -> list[FollowUp]:
    """The day that was agreed is a task of its own, with the id of the visit turned round."""
    if given.again_on is None:
        return []
    again = UUID(int=record_id.int ^ 1)
    return [FollowUp(again, f"再次走访 {where.words}".strip(), due_on=given.again_on)]


def _double(tx: Tx, actor: Actor, given: Visit, where: Where) -> UUID | None:
    if given.result is not Result.IN or where.dwelling_id is None:
        return None
    zone = rules(tx).calendar.days.zone
    row: dict[str, Any] | None = tx.one(
        SAME_DAY,
        {"dwelling": where.dwelling_id, "zone": str(zone), "me": actor.id,
         "day": given.done_at.astimezone(zone).date()},
    )  # fmt: skip
    return row["id"] if row else None
