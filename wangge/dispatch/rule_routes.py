"""What a change of the rules would move, before anybody writes it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from wangge.cases.models import State
from wangge.cases.schemas import NameView
from wangge.cases.views import type_name
from wangge.dispatch import reckoning
from wangge.dispatch.differences import Teller
from wangge.dispatch.directory import directory
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.web import Db, hop, json
from wangge.people.models import Actor
from wangge.tenant import trials
from wangge.tenant.permissions import EDIT
from wangge.tenant.schemas import RuleFile, RulePreview
from wangge.tenant.service import rules, version_of, with_body, with_file

router = APIRouter(prefix="/api/v1", tags=["tenant"])


class MovedCase(BaseModel):
    """One clock: which, and from when to when. Its words are for those who handle the case."""

    id: UUID
    number: str | None
    type_name: NameView | None
    state: State
    stage: str
    limit_before: str | None
    limit_after: str | None
    before: datetime
    after: datetime
    on_trial: bool


class RuleEffect(BaseModel):
    """How many open cases would be due at another time; the first rows of them, furthest first.

    ``late_now`` would be late at once; ``on_trial`` move in any case, because their year was not
    known; ``left`` were too many to be looked at.
    """

    open: int
    moved: int
    earlier: int
    later: int
    late_now: int
    on_trial: int
    left: int
    rows: list[MovedCase]


@router.post("/rules/{name}/effect", operation_id="tryRuleOnOpenCases", response_model=RuleEffect)
async def try_rule(name: str, preview: RulePreview, request: Request) -> Response:
    """Which open cases a body for this document would move; nothing is changed."""

    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must(EDIT)
        after = with_body(tx, name, preview.body)
        found = asdict(reckoning.effect(tx, after, name))
        for row in found["rows"]:
            row["type_name"] = type_name(after, row.pop("type"))
        return found

    # An administrator of rules sees no cases; numbers and moments of all are his here.
    return json(await hop(request, "intake", work))


class TrialStart(BaseModel):
    """A body to be tried on the cases of the last ``days``; ``id`` is made by the sender."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    body: dict[str, Any]
    days: int = Field(default=30, ge=1, le=trials.MOST_DAYS)


class WentTo(BaseModel):
    """Where a case goes by some rules, and by which row."""

    name: NameView
    why: NameView


class TriedCase(BaseModel):
    """A case of the past, without its words: who writes the rules reads no cases."""

    number: str | None
    type: NameView
    area: str
    received_at: datetime


class StrayCase(TriedCase):
    """One that would have gone elsewhere; ``actual`` is the unit that has it."""

    from_: WentTo = Field(alias="from")
    to: WentTo
    actual: str | None


class ListedCase(TriedCase):
    """One that a community led and may not lead by the proposed list."""

    lead: str


class UnitCount(BaseModel):
    """Cases of a unit by the rules in force and by the proposed ones."""

    name: NameView
    before: int
    after: int


class PairCount(BaseModel):
    """How many would go from one unit to another."""

    from_: NameView = Field(alias="from")
    to: NameView
    cases: int


class TrialResult(BaseModel):
    """Pairs of numbers are by the rules in force and by the proposed ones.

    ``silent``: no unit named. ``agreed``: of the ``sent``, named the unit that has the case.
    ``left_out``: complaints, which nobody but their desk knows. ``rows``: the first of ``moved``.
    """

    cases: int
    left_out: int
    moved: int
    silent: tuple[int, int]
    sent: int
    agreed: tuple[int, int]
    units: list[UnitCount]
    pairs: list[PairCount]
    rows: list[StrayCase]
    against_list: int
    listed: list[ListedCase]


class TrialView(BaseModel):
    """A trial and how far it has come."""

    id: UUID
    name: str
    version: int
    days: int
    asked_at: datetime
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    looked: int
    total: int
    result: TrialResult | None = None


@router.post("/rules/{name}/trials", operation_id="tryRule", response_model=TrialView)
async def start_trial(name: str, asked: TrialStart, request: Request) -> Response:
    """Try a body on past cases in the background; nothing moves. A repeat answers as the first."""

    def work(tx: Tx) -> dict[str, Any]:
        actor = Actor.of(tx)
        actor.must(EDIT)
        trial = trials.ask(
            tx, name, asked.body, trial_id=asked.id, days=asked.days, author_id=actor.id
        )
        if trial["state"] == "waiting":
            queue.defer(tx, "try_rules", priority=5, trial_id=trial["id"])
        return trial

    return json(await hop(request, "intake", work))


@router.get("/rule-trials/{trial_id}", operation_id="readTrial", response_model=TrialView)
async def read_trial(trial_id: UUID, request: Request) -> Response:
    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must(EDIT)
        return trials.found(tx, trial_id)

    return json(await hop(request, "intake", work))


@router.delete("/rule-trials/{trial_id}", operation_id="cancelTrial", response_model=TrialView)
async def cancel_trial(trial_id: UUID, request: Request) -> Response:
    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must(EDIT)
        trials.end(tx, trial_id, "cancelled")
        return trials.found(tx, trial_id)

    return json(await hop(request, "intake", work))


class ChangeInWords(BaseModel):
    """One difference: its path, where that is in words, and both values in words."""

    path: str
    before: Any
    after: Any
    place: NameView
    was: NameView | None
    now: NameView | None


class Difference(BaseModel):
    """Two versions of a document; 0 comes with the product."""

    name: str
    first: int
    last: int
    changes: list[ChangeInWords]


Number = Annotated[int, Query(ge=0)]


@router.get(
    "/rules/{name}/difference", operation_id="compareRuleVersions", response_model=Difference
)
def compare_versions(name: str, tx: Db, first: Number, last: Number) -> dict[str, Any]:
    """What differs between two versions, in words."""
    parts = [version_of(tx, name, number, None).part for number in (first, last)]
    told = Teller(rules(tx), directory(tx)).told(name, *parts)
    return {"name": name, "first": first, "last": last, "changes": list(told)}


@router.post("/rules/{name}/difference", operation_id="tellRuleDifference",
             response_model=Difference)  # fmt: skip
def tell_difference(name: str, preview: RulePreview, tx: Db) -> dict[str, Any]:
    """What a body would change in the document in force, in words; nothing is written."""
    Actor.of(tx).must(EDIT)
    before, after = rules(tx), with_body(tx, name, preview.body)
    told = Teller(after, directory(tx)).told(name, before.document(name), after.document(name))
    version = before.versions.get(name, 0)
    return {"name": name, "first": version, "last": version + 1, "changes": list(told)}


class FileDifference(BaseModel):
    """Each document that a file of rules would change."""

    documents: list[Difference]


@router.post("/rules/file-difference", operation_id="tellRuleFileDifference",
             response_model=FileDifference)  # fmt: skip
def tell_file_difference(file: RuleFile, tx: Db) -> dict[str, Any]:
    """What a file would change in the documents in force, in words; nothing is written."""
    Actor.of(tx).must(EDIT)
    before, (after, names) = rules(tx), with_file(tx, file.text)
    teller, found = Teller(after, directory(tx)), []
    for name in names:
        version = before.versions.get(name, 0)
        changes = list(teller.told(name, before.document(name), after.document(name)))
        found.append({"name": name, "first": version, "last": version + 1, "changes": changes})
    return {"documents": found}


class RuleNames(BaseModel):
    """What the codes of areas and units in the rules are called."""

    areas: dict[str, str]
    units: dict[str, str]


@router.get("/rule-names", operation_id="readRuleNames", response_model=RuleNames)
def rule_names(tx: Db) -> dict[str, Any]:
    known, places = rules(tx), directory(tx)
    rows = known.routes.routes
    units = {code for row in rows for code in (row.unit, row.desk, *row.share) if code}
    areas = {row.area for row in rows} | {one.area for one in known.duties.lists}
    return {
        "areas": {
            code: " › ".join(area.names) or area.short_name
            for code in areas
            if (area := places.atlas.codes.get(code))
        },
        "units": {code: places.units[code].name for code in units if code in places.units},
    }
