"""Writing a record down with everything that follows from it, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.areas.models import Area
from wangge.cases.opening import taken
from wangge.fieldwork.models import FollowUp, Recorded
from wangge.fieldwork.permissions import grid_of
from wangge.intake.models import Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.people.models import Actor
from wangge.registers.permissions import check_past
from wangge.tenant.service import rules

DEFAULT_DAYS = timedelta(days=7)
NUMBERS = """
select c.number from field_cases f join cases c on c.id = f.case_id
where f.record_id = %s order by c.received_at, c.number
"""
SERVED = """
insert into grounds_served (area_id, {column}) values (%(area)s, %(at)s)
on conflict (area_id) do update set {column} = greatest(grounds_served.{column}, excluded.{column})
"""
COLUMNS = {"visit": "visited_at", "patrol": "patrolled_at"}


@dataclass(frozen=True, slots=True)
class Where:
    """On whose ground, at whose home, and the words for it in a case or a task."""

    area: Area
    words: str
    household_id: UUID | None = None
    dwelling_id: UUID | None = None
    lon: float | None = None
    lat: float | None = None


def today(tx: Tx) -> date:
    return tx.now.astimezone(rules(tx).calendar.days.zone).date()


def known(tx: Tx, actor: Actor, record_id: UUID, said: Any) -> Recorded | None:
    """What the same record was answered before; refuses another under its id."""
    row = tx.one("select * from field_records where id = %s", [record_id])
    if row is None or not is_repeat(row, fingerprint(actor.id, said)):
        return None
    numbers = tuple(one["number"] for one in tx.rows(NUMBERS, [record_id]))
    return Recorded(record_id, fresh=False, duplicate_of=row["duplicate_of"], cases=numbers)


def write(
    tx: Tx,
    actor: Actor,
    record_id: UUID,
    said: Any,
    where: Where,
    *,
    channel: str,
    follow_ups: Sequence[FollowUp],
    **row: Any,
) -> Recorded:
    """Insert the record, then its tasks and cases; all or nothing.

    It is the actor's unless ``account_id`` says whose.
    """
    check_past(tx, row["done_at"], "done_at")
    whose: UUID = row.pop("account_id", actor.id)
    if row.get("partner_id"):
        _check_partner(tx, whose, row["partner_id"])
    tx.insert(
        "field_records",
        [{"id": record_id, "account_id": whose, "pos": where.area.pos,
          "area_id": where.area.id, "dwelling_id": where.dwelling_id,
          "household_id": where.household_id, "received_at": tx.now,
          "request_hash": fingerprint(whose, said), **row}],
    )  # fmt: skip
    if column := COLUMNS.get(row["kind"]):
        served(tx, grid_of(tx, where.area).id, column, row["done_at"])
    for one in follow_ups:
        if not one.as_case:
            _task(tx, actor, record_id, where, one)
    numbers = _cases(tx, actor, record_id, where, channel, row["done_at"],
                     [one for one in follow_ups if one.as_case])  # fmt: skip
    return Recorded(record_id, fresh=True, duplicate_of=row.get("duplicate_of"), cases=numbers)


def served(tx: Tx, area_id: UUID, column: str, at: datetime) -> None:
    """The newest visit and patrol of each grid, so that gaps are read without counting."""
    tx.run(SERVED.format(column=column), {"area": area_id, "at": at})


def _check_partner(tx: Tx, whose: UUID, partner_id: UUID) -> None:
    there = tx.one("select 1 from accounts where id = %s and active", [partner_id])
    if partner_id == whose or there is None:
        raise Invalid("unknown_partner", "没有这位同行人", "no such companion", field="partner_id")


def _task(tx: Tx, actor: Actor, record_id: UUID, where: Where, one: FollowUp) -> None:
    words = one.words.strip()
    if not words:
        raise Invalid("field_needed", "请写明要办什么", "say what is to be done", field="words")
    tx.insert(
        "field_tasks",
        [{"id": one.id, "record_id": record_id, "household_id": where.household_id,
          "dwelling_id": where.dwelling_id, "pos": where.area.pos, "area_id": where.area.id,
          "words": words, "due_on": one.due_on or today(tx) + DEFAULT_DAYS,
          "given_by": actor.id, "at": tx.now}],
    )  # fmt: skip


def _cases(
    tx: Tx,
    actor: Actor,
    record_id: UUID,
    where: Where,
    channel: str,
    found_at: datetime,
    wanted: Sequence[FollowUp],
) -> tuple[str, ...]:
    """A demand becomes a case like any other, by the one road in, tied to its record."""
    if not wanted:
        return ()
    actor.must("case.report")
    if tx.one("select 1 from cases where id = any(%s)", [[one.id for one in wanted]]):
        raise taken()
    named = channel if channel in rules(tx).lists.codes["channels"] else "worker"
    reports = [
        Report(
            id=one.id, text=one.words, channel=named, type=one.type, area_id=where.area.id,
            place_words=where.words, lon=where.lon, lat=where.lat, found_at=found_at,
        )
        for one in wanted
    ]  # fmt: skip
    receipts = receive_many(tx, reports, Source(actor))
    tx.insert("field_cases", [{"record_id": record_id, "case_id": one.id} for one in receipts])
    return tuple(one.number for one in receipts)
