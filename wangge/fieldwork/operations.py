"""What phones record in the field without a network, and the homes and tasks that they may hold.

One line of a table makes a kind. Times are the server's reading of the phone's clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2s
from typing import Any, TypeVar
from uuid import UUID

from wangge.cases.operations import add_photos, read_body, split_photos
from wangge.fieldwork import diary, patrols, queries, rounds, services, tasks, views, visits
from wangge.fieldwork.day_schemas import KeptNoteBody, PatrolBody
from wangge.fieldwork.models import Recorded
from wangge.fieldwork.permissions import WORK
from wangge.fieldwork.recording import today
from wangge.fieldwork.schemas import EndTaskBody, ServiceBody, VisitBody
from wangge.files import uploads
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import Refusal
from wangge.kernel.operations import (
    Collection,
    Instead,
    Kind,
    Merging,
    Operation,
    Outcome,
    Place,
    State,
    collection,
    kind,
)
from wangge.people.models import Actor
from wangge.registers import cautions, people
from wangge.registers import service as registers
from wangge.registers.models import Correction, DwellingKind
from wangge.registers.permissions import READ
from wangge.registers.schemas import CareBody, CautionBody, ResidentBody, ScreeningBody

Agreed = TypeVar("Agreed", ResidentBody, CareBody)
Verb = Callable[[Tx, Actor, UUID, Any], Recorded]
MINE = "select pos from field_records where id = %s and account_id = %s"


def _recording(
    body: type[Any], verb: Verb, instead: Instead | None = None, *, of_finding: bool = False
) -> Kind:
    """A kind that writes one record of the field; a record that stands already is repeated.

    ``of_finding``: its photos show what was found, so they stand at the case where it became one.
    """

    def apply(tx: Tx, actor: Actor, op: Operation) -> Outcome:
        rest, photos = split_photos(op.payload)
        told = {**rest, "done_at": _moment(op).isoformat()}
        given = read_body(body, told, id=str(op.record)).given()
        whose = op.by[0] if op.by else actor.id
        try:
            with tx.conn.transaction():
                # Of these kinds a visit alone is ever put to somebody else.
                done = (
                    visits.stand(tx, actor, op.record, given, whose)
                    if op.by
                    else verb(tx, actor, op.record, given)
                )
        except Refusal as refusal:
            standing = tx.one(MINE, [op.record, whose])
            if refusal.code != "id_taken" or standing is None:
                raise
            return Outcome(State.REPEATED, place=Place(standing["pos"]))
        row = tx.one(MINE, [op.record, whose]) or {}
        found = [one.id for one in given.follow_ups if one.as_case] if of_finding else []
        result = {
            "awaits": add_photos(tx, actor, found[0], photos, None)
            if found
            else uploads.of_record(tx, whose, photos, op.record),
            "cases": list(done.cases),
            "duplicate_of": done.duplicate_of and str(done.duplicate_of),
        }
        return Outcome(result=result, place=Place(row.get("pos")))

    name = f"{verb.__name__}.record"
    # What was said at a door is for whoever may know of the home, not for the desk of its cases.
    return Kind(
        name, apply, instead=instead, walled=False, leavers=True, collection="field_record",
        leads=READ,
    )  # fmt: skip


def _moment(op: Operation) -> datetime:
    return op.by[1] if op.by else op.done_at or op.made_at


def put_to_the_leader(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """Whoever has been to a home alone where two go keeps his words; its leader decides."""
    if refusal.code != "partner_needed":
        return None
    rest, photos = split_photos(op.payload)
    told = {**rest, "done_at": _moment(op).isoformat()}
    body: VisitBody = read_body(VisitBody, told, id=str(op.record))
    place = _place(tx, body.household_id) if body.household_id else Place()
    awaits = uploads.promise(tx, actor.id, photos, None, record_id=op.record)
    return Outcome(State.PROPOSAL, {"awaits": awaits}, refusal=refusal, place=place)


def end_task(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told = {**op.payload, "done_at": (op.done_at or op.made_at).isoformat()}
    given: EndTaskBody = read_body(EndTaskBody, told, id=str(op.id))
    tasks.end(
        tx, actor, op.id, op.record, state=given.state, words=given.words, done_at=given.done_at
    )
    return Outcome()


def keep_note(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """One's own words of a day: nobody else's list ever has them, whatever becomes of them."""
    body: KeptNoteBody = read_body(KeptNoteBody, op.payload)
    diary.bring_note(tx, actor, body.day, body.words, was=body.was)
    return Outcome()


def screen(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """The record is the household; a double of its address is flagged in the result."""
    told = {**op.payload, "found_at": (op.found_at or op.made_at).isoformat()}
    body: ScreeningBody = read_body(ScreeningBody, told, id=str(op.record))
    done = registers.screen(tx, actor, op.record, body.draft())
    double = done.duplicate_of and str(done.duplicate_of)
    return Outcome(result={"duplicate_of": double}, place=_place(tx, op.record))


def add_resident(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told, household = _of_household(op)
    body: ResidentBody = read_body(ResidentBody, told, id=str(op.record))
    people.add(tx, actor, op.record, _agreed(op, body).draft(household))
    return Outcome(place=_place(tx, household))


def add_care(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told, household = _of_household(op)
    body: CareBody = read_body(CareBody, told, id=str(op.record))
    people.care(tx, actor, op.record, _agreed(op, body).draft(household))
    return Outcome(place=_place(tx, household))


def add_caution(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told, household = _of_household(op)
    body: CautionBody = read_body(CautionBody, told, id=str(op.record))
    cautions.put(tx, actor, op.record, body.draft(household))
    return Outcome(place=_place(tx, household))


def _of_household(op: Operation) -> tuple[dict[str, Any], UUID]:
    told = {**op.payload, "found_at": (op.found_at or op.made_at).isoformat()}
    return told, UUID(str(told.pop("household_id", UUID(int=0))))


def _agreed(op: Operation, body: Agreed) -> Agreed:
    """Nobody agreed after it was written down; a phone whose clock runs ahead says that he did."""
    at = op.found_at or op.made_at
    return body if body.consent_at <= at else body.model_copy(update={"consent_at": at})


def _place(tx: Tx, household_id: UUID) -> Place:
    row = tx.one("select pos from households where id = %s", [household_id])
    return Place(row["pos"] if row else None)


def read_fields(tx: Tx, actor: Actor, household_id: UUID) -> dict[str, Any]:
    row = registers.household(tx, actor, household_id, lock=True)
    return {name: row[name] for name in ("kind", "people", "note")}


def write_fields(tx: Tx, actor: Actor, op: Operation, values: dict[str, Any]) -> None:
    told = dict(values)
    if told.get("kind"):
        told["kind"] = DwellingKind(told["kind"])
    given = Correction(
        found_at=op.found_at or op.made_at, words=str(op.payload.get("note", ""))[:200], **told
    )
    registers.correct(tx, actor, op.id, op.record, given)


def home_stamps(tx: Tx, actor: Actor) -> dict[UUID, str]:
    """Homes of one's own few grids; the stamp is of all that is given, so no change is missed."""
    if not actor.may(WORK):
        return {}
    return {
        row["id"]: blake2s(dumps(row), digest_size=9).hexdigest()
        for row in rounds.homes_of(tx, most=rounds.MOST_HELD)
    }


def home_rows(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each as the round shows it: masked, and logged as read."""
    wanted = set(ids)
    return {one["id"]: one for one in rounds.round_(tx, actor)["homes"] if one["id"] in wanted}


def task_stamps(tx: Tx, actor: Actor) -> dict[UUID, str]:
    return {row["id"]: f"{row['due_on']}.{today(tx)}" for row in queries.open_tasks(tx, actor.id)}


def task_rows(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    wanted, day = set(ids), today(tx)
    rows = [row for row in queries.open_tasks(tx, actor.id) if row["id"] in wanted]
    return {row["id"]: {**views.task(row), "overdue": row["due_on"] < day} for row in rows}


def without_stretches(tx: Tx, actor: Actor, op: Operation, refusal: Refusal) -> Outcome | None:
    """A city that switched them off meanwhile gets all the rest of the patrol, and says why."""
    if refusal.code != "stretches_off" or PATROL.apply is None:
        return None
    rest = replace(op, payload={**op.payload, "stretches": []})
    return replace(PATROL.apply(tx, actor, rest), refusal=refusal)


kind(_recording(VisitBody, visits.visit, put_to_the_leader))
kind(_recording(ServiceBody, services.serve))
PATROL = kind(_recording(PatrolBody, patrols.patrol, without_stretches, of_finding=True))
kind(Kind("day.note", keep_note, walled=False, leavers=True, collection="diary"))
kind(Kind("task.end", end_task, walled=False, collection="field_task"))
kind(Kind("home.screen", screen, walled=False, collection="home"))
kind(Kind("resident.add", add_resident, walled=False, collection="home"))
kind(Kind("care.add", add_care, walled=False, collection="home"))
kind(Kind("caution.add", add_caution, walled=False, collection="home"))
kind(
    Kind(
        "home.correct",
        merging=Merging(read_fields, write_fields, _place),
        walled=False,
        collection="home",
    )
)
collection(
    Collection(
        "home",
        "本网格的住户（脱敏）：入户走访要用",
        "the homes of one's own grid, masked: for visits",
        home_stamps,
        home_rows,
    )
)
collection(
    Collection(
        "field_task",
        "走访和小组会留下的、还没办的事",
        "what visits and meetings left to do",
        task_stamps,
        task_rows,
    )
)
