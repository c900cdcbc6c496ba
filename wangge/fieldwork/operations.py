"""What phones record in the field without a network, and the homes and tasks that they may hold.

One line of a table makes a kind. Times are the server's reading of the phone's clock.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from wangge.cases.operations import hash_of, read_body
from wangge.fieldwork import patrols, queries, rounds, services, tasks, views, visits
from wangge.fieldwork.day_schemas import PatrolBody
from wangge.fieldwork.models import Recorded
from wangge.fieldwork.permissions import WORK
from wangge.fieldwork.recording import today
from wangge.fieldwork.schemas import EndTaskBody, ServiceBody, VisitBody
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.operations import (
    Collection,
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
from wangge.registers import people
from wangge.registers import queries as homes
from wangge.registers import service as registers
from wangge.registers.models import Correction, DwellingKind
from wangge.registers.schemas import CareBody, ResidentBody, ScreeningBody

Verb = Callable[[Tx, Actor, UUID, Any], Recorded]
MINE = "select pos from field_records where id = %s and account_id = %s"


def _recording(body: type[Any], verb: Verb) -> Kind:
    """A kind that writes one record of the field; a record that stands already is repeated."""

    def apply(tx: Tx, actor: Actor, op: Operation) -> Outcome:
        told = {**op.payload, "done_at": (op.done_at or op.made_at).isoformat()}
        given = read_body(body, told, id=str(op.record)).given()
        try:
            with tx.conn.transaction():
                done = verb(tx, actor, op.record, given)
        except Refusal as refusal:
            standing = tx.one(MINE, [op.record, actor.id])
            if refusal.code != "id_taken" or standing is None:
                raise
            return Outcome(State.REPEATED, place=Place(standing["pos"]))
        row = tx.one(MINE, [op.record, actor.id]) or {}
        result = {
            "cases": list(done.cases),
            "duplicate_of": done.duplicate_of and str(done.duplicate_of),
        }
        return Outcome(result=result, place=Place(row.get("pos")))

    name = f"{verb.__name__}.record"
    return Kind(name, apply, walled=False, leavers=True, collection="field_record")


def end_task(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told = {**op.payload, "done_at": (op.done_at or op.made_at).isoformat()}
    given: EndTaskBody = read_body(EndTaskBody, told, id=str(op.id))
    tasks.end(
        tx, actor, op.id, op.record, state=given.state, words=given.words, done_at=given.done_at
    )
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
    people.add(tx, actor, op.record, body.draft(household))
    return Outcome(place=_place(tx, household))


def add_care(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    told, household = _of_household(op)
    body: CareBody = read_body(CareBody, told, id=str(op.record))
    people.care(tx, actor, op.record, body.draft(household))
    return Outcome(place=_place(tx, household))


def _of_household(op: Operation) -> tuple[dict[str, Any], UUID]:
    told = {**op.payload, "found_at": (op.found_at or op.made_at).isoformat()}
    return told, UUID(str(told.pop("household_id", UUID(int=0))))


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
    """Homes of one's own few grids; what is due depends on the day and on the city's rules."""
    if not actor.may(WORK):
        return {}
    day, posts = today(tx), hash_of(post.id for post in actor.posts)
    return {
        row["id"]: ".".join(
            str(part)
            for part in (row["version"], row["household_version"], row["seen_at"],
                         "-".join(row["care"]), day, tx.versions["rules"], posts)
        )
        for row in homes.homes(tx, most=rounds.MOST_HELD)
    }  # fmt: skip


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


BODIES: Mapping[type[Any], Verb] = {
    VisitBody: visits.visit, ServiceBody: services.serve, PatrolBody: patrols.patrol,
}  # fmt: skip
for _body, _verb in BODIES.items():
    kind(_recording(_body, _verb))
kind(Kind("task.end", end_task, walled=False, collection="field_task"))
kind(Kind("home.screen", screen, walled=False, collection="home"))
kind(Kind("resident.add", add_resident, walled=False, collection="home"))
kind(Kind("care.add", add_care, walled=False, collection="home"))
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
