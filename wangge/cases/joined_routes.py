"""Doors of cases that belong together: possible doubles, merging, undoing it, what is related."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator

from wangge.areas import atlas
from wangge.cases import doubles, merging, releases
from wangge.cases.models import Action, StepInput
from wangge.cases.related import related
from wangge.cases.routes import whole
from wangge.cases.schemas import CaseCard, CaseView, Lat, Lon, Long, NameView, Wire
from wangge.cases.service import not_found
from wangge.cases.views import type_name
from wangge.kernel.db import Tx
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])


class AlikeView(BaseModel):
    """An open case that may be the same matter, or one that was closed and comes again.

    ``reason`` says why in few words.
    """

    id: UUID
    number: str | None
    title: str
    state: str
    type_name: NameView | None
    place: str
    round: int
    reason: NameView
    recurs: bool


class DoubleCount(BaseModel):
    id: UUID
    count: int


class ToldBody(Wire):
    """What is being told, before it is sent."""

    text: Annotated[str, Field(max_length=10_000)]
    lon: Lon | None = None
    lat: Lat | None = None
    area_id: UUID | None = None
    type: Annotated[str, Field(max_length=60)] | None = None
    place_words: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def both_or_none(self) -> "ToldBody":
        if (self.lon is None) != (self.lat is None):
            message = "lon and lat belong together"
            raise ValueError(message)
        return self

    def told(self, tx: Tx) -> doubles.Told:
        """The type that the words point to stands in for one that nobody chose."""
        text = self.text[: doubles.READ]
        guess = None if self.type else next(iter(rules(tx).suggester(text)), None)
        area = atlas.of(tx).areas.get(self.area_id) if self.area_id else None
        return doubles.Told(
            text,
            self.lon,
            self.lat,
            area.pos if area else None,
            self.type or (guess.type.code if guess else None),
            self.place_words.strip(),
        )


class RelatedView(BaseModel):
    """Counts of what is hidden say that it is there; nothing else of it is told."""

    lead: CaseCard | None
    lead_hidden: bool
    members: list[CaseCard]
    members_hidden: int
    origin: CaseCard | None
    origin_hidden: bool
    parts: list[CaseCard]
    parts_hidden: int
    earlier: CaseCard | None
    earlier_hidden: bool
    earlier_why: str | None
    again: list[CaseCard]
    again_hidden: int
    recurrence_days: int
    released: str | None
    followers: int
    may: list[str]


class MergeBody(Wire):
    """Let the case ``lead_id`` carry this one; ``id`` is the step's own."""

    id: UUID
    lead_id: UUID
    version: int | None = None
    note: Long = ""


class UnmergeBody(Wire):
    id: UUID
    version: int | None = None
    note: Long = ""


class ReleaseBody(Wire):
    """The desk's own words for the neighbours; none takes the release back."""

    words: Annotated[str, Field(max_length=100)]


def _view(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    named = type_name(rules(tx), row["type"])
    return {**row, "place": row["place_words"], "type_name": named}


@router.get("/cases/doubles", operation_id="countDoubles", response_model=list[DoubleCount])
def count_doubles(
    ids: Annotated[list[UUID], Query(min_length=1, max_length=100)], tx: Db, me: Me
) -> list[dict[str, Any]]:
    """How many possible doubles each case of a list has, up to five; those without are left out."""
    me.must("case.correct")
    counts: dict[UUID, int] = {}
    for row in doubles.like_kept(tx, ids):
        counts[row["key"]] = counts.get(row["key"], 0) + 1
    return [{"id": one, "count": n} for one, n in counts.items()]


@router.post("/doubles", operation_id="findDoubles", response_model=list[AlikeView])
def find_doubles(body: ToldBody, tx: Db, me: Me) -> list[dict[str, Any]]:
    """Open cases that may be what is being told now; only what the asker of this may see."""
    me.must("case.report")
    told = body.told(tx)
    found = [*doubles.like_told(tx, told), *doubles.closed_before_told(tx, told)]
    return [_view(tx, row) for row in found]


@router.get("/cases/{case_id}/doubles", operation_id="listDoubles",
            response_model=list[AlikeView])  # fmt: skip
def list_doubles(case_id: UUID, tx: Db, me: Me) -> list[dict[str, Any]]:
    me.must("case.read")
    if tx.one("select from cases where id = %s", [case_id]) is None:
        raise not_found()
    found = [*doubles.like_kept(tx, [case_id]), *doubles.closed_before(tx, [case_id])]
    return [_view(tx, row) for row in found]


@router.get("/cases/{case_id}/related", operation_id="readRelated", response_model=RelatedView)
def read_related(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return related(tx, me, case_id)


@router.post("/cases/{case_id}/merge", operation_id="mergeCase", response_model=CaseView)
def merge_case(case_id: UUID, body: MergeBody, tx: Db, me: Me) -> dict[str, Any]:
    """Carried by another case from now on; a repeat with the same id changes nothing."""
    step = StepInput(body.id, Action.MERGE, body.version, body.note.strip())
    merging.merge(tx, me, case_id, body.lead_id, step)
    return whole(tx, me, case_id)


@router.post("/cases/{case_id}/unmerge", operation_id="unmergeCase", response_model=CaseView)
def unmerge_case(case_id: UUID, body: UnmergeBody, tx: Db, me: Me) -> dict[str, Any]:
    """On its own again, where it stood; its stage has its whole time from now on."""
    step = StepInput(body.id, Action.UNMERGE, body.version, body.note.strip())
    merging.unmerge(tx, me, case_id, step)
    return whole(tx, me, case_id)


@router.put("/cases/{case_id}/release", operation_id="releaseCase", status_code=204)
def release_case(case_id: UUID, body: ReleaseBody, tx: OfficeDb, me: OfficeMe) -> None:
    """Let neighbours know of the case in the desk's words, so that they may follow it."""
    releases.release(tx, me, case_id, body.words.strip())
