"""Open figures without an account: a page's worth, and the data as CSV and JSON with words."""

from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from wangge.cases.schemas import NameView
from wangge.kernel.description import binary
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, neighbourhood
from wangge.papers.sheets import Column, csv
from wangge.studies import open_data
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/public/open", tags=["public"])
LOOKS = Bucket(rate=2, burst=60)
FIELDS = {
    "streets": ("month", "code", "street", *open_data.COUNTS),
    "types": ("month", "type", "type_name", "received"),
}


class OpenNow(BaseModel):
    """Thirty days: came in, of these closed, left out and late now; closed then, and in time."""

    first: date
    last: date
    received: int
    left_out: int
    closed: int
    late: int
    said: int | None
    satisfied: int | None
    ended: int | None
    in_time: int | None


class OpenStreet(BaseModel):
    """None is a count below ``least``, or one that would tell it."""

    month: str
    code: str
    street: str
    received: int | None
    closed: int | None
    in_time: int | None
    said: int | None
    satisfied: int | None


class OpenType(BaseModel):
    month: str
    type: str
    type_name: str
    received: int | None


class OpenField(BaseModel):
    name: str
    words: NameView
    form: str


class OpenSatisfaction(BaseModel):
    """Whether 基本满意 counts as satisfied, since when (null: since the beginning), in words."""

    fairly_counts: bool
    since: datetime | None
    words: NameView


class OpenFigures(BaseModel):
    city: str
    until: date
    least: int
    satisfaction: OpenSatisfaction
    now: OpenNow
    streets: list[OpenStreet]
    types: list[OpenType]
    fields: list[OpenField]


@router.get("", operation_id="openFigures", response_model=OpenFigures)
def figures(tx: PublicDb, request: Request) -> dict[str, Any]:
    """All of the open data with its dictionary: one file, renewed every hour."""
    LOOKS.take(neighbourhood(request))
    fields = [
        {"name": name, "words": {"zh": zh, "en": en}, "form": form}
        for name, zh, en, form in open_data.DICTIONARY
    ]
    return {**open_data.of(tx), "fields": fields}


@router.get(
    "/{table}.csv",
    operation_id="openCsv",
    response_class=Response,
    responses={200: binary("text/csv")},
)
def as_csv(table: Literal["streets", "types"], tx: PublicDb, request: Request) -> Response:
    """One table; an empty cell is a count that is not told."""
    LOOKS.take(neighbourhood(request))
    columns = [Column(name, name, "") for name in FIELDS[table]]
    zone = ZoneInfo(rules(tx).calendar.zone)
    body = "".join(csv(columns, open_data.of(tx)[table], zone=zone))
    headers = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
