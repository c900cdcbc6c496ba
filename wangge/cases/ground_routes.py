"""The door to what happened on a piece of ground this month."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from wangge.areas import atlas
from wangge.cases import ground_counts
from wangge.cases.schemas import NameView
from wangge.kernel.db import Tx
from wangge.kernel.web import hop, json
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1", tags=["indicators"])


class CountView(BaseModel):
    """``figure`` with ``within`` opens exactly the rows that were counted."""

    code: str
    name: NameView
    count: int
    figure: str


class ServiceView(BaseModel):
    type: str
    name: NameView
    count: int
    figure: str


class MonthView(BaseModel):
    """The five counts and the services of an area, from the first of the month until now."""

    within: str
    since: datetime
    counters: list[CountView]
    services: list[ServiceView]


@router.get("/areas/{area_id}/month", operation_id="readMonth", response_model=MonthView)
async def read_month(area_id: UUID, request: Request) -> Response:
    """What was found, screened, reconciled, given and solved here, as far as one may see it."""

    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must("case.read")
        return ground_counts.this_month(tx, atlas.of(tx).area(area_id).id)

    return json(await hop(request, "app", work))
