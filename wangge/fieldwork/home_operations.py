"""What phones change of a home's people and of its care list, merged field by field."""

from typing import Any
from uuid import UUID

from wangge.cases.operations import read_body
from wangge.kernel.db import Tx
from wangge.kernel.operations import Kind, Merging, Operation, Outcome, Place, kind
from wangge.people.models import Actor
from wangge.registers import corrections, people, service
from wangge.registers.schemas import CareFields, DoubleBody, EndCareBody, EraseBody, ResidentFields


def _place_of(table: str) -> Any:
    def place(tx: Tx, record: UUID) -> Place:
        row = tx.one(f"select pos from {table} where id = %s", [record])
        return Place(row["pos"] if row else None)

    return place


of_resident, of_care, of_dwelling = map(_place_of, ("residents", "care_entries", "dwellings"))


def _note(op: Operation) -> str:
    return str(op.payload.get("note", ""))[:200]


def write_resident(tx: Tx, actor: Actor, op: Operation, values: dict[str, Any]) -> None:
    body: ResidentFields = read_body(ResidentFields, values)
    corrections.correct_resident(
        tx, actor, op.id, op.record, body.model_dump(include=set(values)),
        words=_note(op), found_at=op.found_at or op.made_at,
    )  # fmt: skip


def write_care(tx: Tx, actor: Actor, op: Operation, values: dict[str, Any]) -> None:
    body: CareFields = read_body(CareFields, values)
    corrections.correct_care(
        tx, actor, op.id, op.record, body.model_dump(include=set(values)),
        words=_note(op), found_at=op.found_at or op.made_at,
    )  # fmt: skip


def _said(op: Operation) -> dict[str, Any]:
    """What was filled in; ``of_home`` tells the phone's own screens whose home it is."""
    return {name: value for name, value in op.payload.items() if name != "of_home"}


def _told(op: Operation) -> dict[str, Any]:
    return {**_said(op), "found_at": (op.found_at or op.made_at).isoformat()}


def erase_resident(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: EraseBody = read_body(EraseBody, _said(op), id=str(op.id))
    people.erase(tx, actor, op.id, op.record, words=body.words)
    return Outcome(place=of_resident(tx, op.record))


def end_care(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: EndCareBody = read_body(EndCareBody, _told(op), id=str(op.id))
    people.end_care(tx, actor, op.id, op.record, words=body.words, found_at=body.found_at)
    return Outcome(place=of_care(tx, op.record))


def settle_double(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    body: DoubleBody = read_body(DoubleBody, _told(op), id=str(op.id))
    service.settle_double(tx, actor, op.id, op.record, same=body.same, found_at=body.found_at)
    return Outcome(place=of_dwelling(tx, op.record))


MERGED = {
    "resident.correct": Merging(
        corrections.resident_fields, write_resident, of_resident, corrections.masked
    ),
    "care.correct": Merging(corrections.care_fields, write_care, of_care),
}
for _name, _merging in MERGED.items():
    kind(Kind(_name, merging=_merging, walled=False, collection="home"))
kind(Kind("resident.erase", erase_resident, walled=False, collection="home"))
kind(Kind("care.end", end_care, walled=False, collection="home"))
kind(Kind("home.double", settle_double, walled=False, collection="home"))
