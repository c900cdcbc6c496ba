"""Doors of whistles: blowing one, the lists, reporting in, the conclusion, ratings, rates."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from wangge.cases.service import not_found
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.web import Db
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.whistles import blowing, ending, queries, service, views
from wangge.whistles.models import Blow, Box, CallStep
from wangge.whistles.rates import rates
from wangge.whistles.schemas import (
    BlowBody,
    CallStepBody,
    CancelBody,
    ConclusionBody,
    RatesView,
    RatingBody,
    WhistleCard,
    WhistlePage,
    WhistleView,
)

router = APIRouter(prefix="/api/v1", tags=["whistles"])


def whole(tx: Tx, actor: Actor, whistle_id: UUID) -> dict[str, Any]:
    row = queries.whole(tx, whistle_id)
    if row is None:
        raise service.not_found()
    return views.view(tx, actor, row)


@router.get("/whistles", operation_id="listWhistles", response_model=WhistlePage)
def list_whistles(
    tx: Db,
    me: Me,
    box: Box = Box.TODO,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """What waits for this person; what is open; what is over, newest first."""
    me.must("case.read")
    places = {
        "me": me.id,
        "units": me.reach("case.handle").units,
        "rules": me.reach("whistle.rule").units,
        "leads": me.reach("whistle.blow").units,
    }
    rows = queries.page(tx, box, places, paging.after(cursor, datetime, UUID), limit)
    last = rows[-1] if len(rows) == limit else None
    column = "ended_at" if box is Box.ENDED else "due_at"
    mark = last and paging.cursor(last[column], last["id"])
    return {"items": views.cards(tx, rows), "next": mark}


@router.post("/whistles", operation_id="blowWhistle", response_model=WhistleView)
def blow_whistle(body: BlowBody, tx: Db, me: Me) -> dict[str, Any]:
    """Call units to a place or to a case; a repeat with the same id answers as the first did."""
    given = body.model_dump()
    blowing.blow(tx, me, Blow(**{**given, "unit_ids": tuple(given["unit_ids"])}))
    return whole(tx, me, body.id)


@router.get("/whistles/rates", operation_id="whistleRates", response_model=RatesView)
def whistle_rates(
    tx: Db,
    me: Me,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
) -> dict[str, Any]:
    """报到率, 按时报到率 and 解决率 of the whistles that one may see, with their formulas."""
    me.must("case.read")
    return rates(tx, first, last, area)


@router.get("/whistles/{whistle_id}", operation_id="readWhistle", response_model=WhistleView)
def read_whistle(whistle_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    if not me.may("case.read"):
        raise service.not_found()
    return whole(tx, me, whistle_id)


@router.post("/whistles/{whistle_id}/calls/{call_id}/steps", operation_id="takeCallStep",
             response_model=WhistleView)  # fmt: skip
def take_call_step(
    whistle_id: UUID, call_id: UUID, body: CallStepBody, tx: Db, me: Me
) -> dict[str, Any]:
    """Report in, contest, rule, confirm, mark as absent, sign: whoever's turn it is."""
    service.step(tx, me, whistle_id, call_id, CallStep(**body.model_dump()))
    return whole(tx, me, whistle_id)


@router.post("/whistles/{whistle_id}/conclusion", operation_id="concludeWhistle",
             response_model=WhistleView)  # fmt: skip
def conclude_whistle(whistle_id: UUID, body: ConclusionBody, tx: Db, me: Me) -> dict[str, Any]:
    """Refused while a called unit is silent and its leader has not signed."""
    ending.conclude(
        tx, me, whistle_id,
        step_id=body.id, version=body.version, outcome=body.outcome, conclusion=body.conclusion,
    )  # fmt: skip
    return whole(tx, me, whistle_id)


@router.post("/whistles/{whistle_id}/cancel", operation_id="cancelWhistle",
             response_model=WhistleView)  # fmt: skip
def cancel_whistle(whistle_id: UUID, body: CancelBody, tx: Db, me: Me) -> dict[str, Any]:
    """Only while nobody has come."""
    ending.cancel(tx, me, whistle_id, step_id=body.id, version=body.version, note=body.note)
    return whole(tx, me, whistle_id)


@router.post("/whistles/{whistle_id}/calls/{call_id}/rating", operation_id="rateWhistle",
             response_model=WhistleView)  # fmt: skip
def rate_whistle(
    whistle_id: UUID, call_id: UUID, body: RatingBody, tx: Db, me: Me
) -> dict[str, Any]:
    """The whistler rates a unit that came, or that unit the whistler; each once."""
    ending.rate(
        tx, me, whistle_id, call_id, side=body.side, grade=body.grade, note=body.note
    )  # fmt: skip
    return whole(tx, me, whistle_id)


@router.get("/cases/{case_id}/whistles", operation_id="caseWhistles",
            response_model=list[WhistleCard])  # fmt: skip
def case_whistles(case_id: UUID, tx: Db, me: Me) -> list[dict[str, Any]]:
    """The whistles blown on a case, as far as one may see them; newest first."""
    me.must("case.read")
    if not queries.sees_case(tx, case_id):
        raise not_found()
    return views.cards(tx, queries.of_case(tx, case_id))
