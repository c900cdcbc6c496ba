"""The door to the indicators: counts and shares with the formula beside them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from wangge.cases.indicators import indicators
from wangge.cases.schemas import NameView
from wangge.kernel.db import Tx
from wangge.kernel.web import hop, json
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1", tags=["indicators"])


class IndicatorView(BaseModel):
    """``share`` is numerator by denominator, or nothing where there is nothing to divide by."""

    code: str
    name: NameView
    formula: NameView
    numerator: int
    denominator: int
    left_out: dict[str, int]
    share: float | None


class IndicatorsView(BaseModel):
    first: date
    last: date
    received: int
    by_state: dict[str, int]
    indicators: list[IndicatorView]


@router.get("/indicators", operation_id="readIndicators", response_model=IndicatorsView)
async def read_indicators(
    request: Request,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
) -> Response:
    """Of what was received in a period, as far as the reader may see it; the last thirty days."""

    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must("case.read")
        return indicators(tx, first, last, area)

    return json(await hop(request, "app", work))
