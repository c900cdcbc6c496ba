"""The doors to the indicators: counts and shares with the formula beside them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from wangge.audit import service as audit
from wangge.cases import figure_tables, figures, owners, queries, satisfied
from wangge.cases.catalogue import INDICATORS, POSTS
from wangge.cases.figure_rows import Within
from wangge.cases.figure_schemas import (
    CatalogueView,
    FactsView,
    FiguresView,
    GroupsView,
    IndicatorsView,
    OfficersView,
    UnownedView,
)
from wangge.cases.figure_sheet import sheet
from wangge.cases.indicators import indicators
from wangge.cases.officers import officer_counts
from wangge.cases.views import card
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.web import hop, json
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["indicators"])
By = Literal["area", "unit", "desk"]
SHOWN = 50


def _words(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _catalogue(tx: Tx, as_of: datetime | None) -> dict[str, Any]:
    return {
        "indicators": [
            {
                "code": one.code,
                "name": _words(one.name),
                "formula": satisfied.formula(tx, one, as_of),
                "numerator": _words(satisfied.numerator(tx, one, as_of)),
                "denominator": _words((one.base.zh, one.base.en)),
                "aside": _words(one.aside[0]) if one.aside else None,
                "left_out": sorted(state.value for state in one.left_out),
                "post": one.post,
                "source": one.source,
                "mean": one.is_mean,
            }
            for one in INDICATORS
        ],
        "posts": [{"code": code, "name": _words(name)} for code, name in POSTS.items()],
    }


class Asked(BaseModel):
    """A period by the city's days, both counted, and what it is narrowed to.

    ``as_of`` looks back: the figure as it stood at that moment, from the history.
    """

    first: date | None = None
    last: date | None = None
    area: UUID | None = None
    unit: UUID | None = None
    desk: UUID | None = None
    as_of: datetime | None = None

    @property
    def narrowed(self) -> dict[str, Any]:
        return self.model_dump(include={"area", "unit", "desk", "as_of"})

    def within(self, tx: Tx) -> Within:
        first, last, zone = figures.period(tx, self.first, self.last)
        return figures.within_of(tx, first, last, zone, **self.narrowed)


def _asked(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
    unit: UUID | None = None,
    desk: UUID | None = None,
    as_of: AwareDatetime | None = None,
) -> Asked:
    return Asked(first=first, last=last, area=area, unit=unit, desk=desk, as_of=as_of)


AskedFor = Annotated[Asked, Depends(_asked)]


def _reader(tx: Tx) -> Actor:
    actor = Actor.of(tx)
    actor.must("case.read")
    return actor


@router.get("/indicators", operation_id="readIndicators", response_model=IndicatorsView)
async def read_indicators(
    request: Request,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
) -> Response:
    """Of what was received in a period, as far as the reader may see it; the last thirty days."""

    def work(tx: Tx) -> dict[str, Any]:
        _reader(tx)
        return indicators(tx, first, last, area)

    return json(await hop(request, "app", work))


@router.get("/indicators/catalogue", operation_id="readCatalogue", response_model=CatalogueView)
async def read_catalogue(request: Request, as_of: AwareDatetime | None = None) -> Response:
    """Every indicator with its formula in words, and the kinds of post that each speaks of.

    Where a city's setting words a formula, it is the one in force, or that of ``as_of``.
    """

    def work(tx: Tx) -> dict[str, Any]:
        _reader(tx)
        return _catalogue(tx, as_of)

    return json(await hop(request, "app", work))


@router.get("/indicators/figures", operation_id="readFigures", response_model=FiguresView)
async def read_figures(request: Request, asked: AskedFor) -> Response:
    """The whole catalogue for a period, the period before it and the year before."""

    def work(tx: Tx) -> dict[str, Any]:
        _reader(tx)
        first, last, zone = figures.period(tx, asked.first, asked.last)
        return figure_tables.compared(tx, first, last, zone, **asked.narrowed)

    return json(await hop(request, "app", work))


@router.get("/indicators/table", operation_id="readFigureTable", response_model=GroupsView)
async def read_figure_table(request: Request, asked: AskedFor, by: By = "area") -> Response:
    """The catalogue by sub-area, by handling unit or by desk, in the order of the directory."""

    def work(tx: Tx) -> dict[str, Any]:
        return figure_tables.table(tx, _reader(tx), by, asked.within(tx))

    return json(await hop(request, "app", work))


@router.get("/indicators/facts", operation_id="readFigureFacts", response_model=FactsView)
async def read_facts(request: Request, asked: AskedFor) -> Response:
    """What could flatter the figures, as counts that can be opened; they accuse nobody."""

    def work(tx: Tx) -> dict[str, Any]:
        _reader(tx)
        within = asked.model_copy(update={"as_of": None}).within(tx)
        return {"within": within.token, "facts": figures.facts(tx, within)}

    return json(await hop(request, "app", work))


@router.get("/indicators/officers", operation_id="readOfficers", response_model=OfficersView)
async def read_officers(request: Request, asked: AskedFor) -> Response:
    """入格履职: what officers of departments did in their grids, for both, each event once."""

    def work(tx: Tx) -> dict[str, Any]:
        actor = _reader(tx)
        within = asked.model_copy(update={"as_of": None, "unit": None, "desk": None}).within(tx)
        return officer_counts(tx, within, figure_tables.place_of(tx, actor, within))

    return json(await hop(request, "app", work))


@router.get("/indicators/unowned", operation_id="readUnowned", response_model=UnownedView)
async def read_unowned(request: Request) -> Response:
    """Open cases in sight that nobody could take on today or that have no due time."""

    def work(tx: Tx) -> dict[str, Any]:
        _reader(tx).must("case.supervise")
        found = owners.unowned(tx)
        rows = queries.cards_of(tx, found[:SHOWN])
        known = rules(tx)
        return {"count": len(found), "items": [card(row, known, tx.now) for row in rows]}

    return json(await hop(request, "app", work))


@router.get(
    "/indicators/export.xlsx",
    operation_id="exportFigures",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
async def export_figures(request: Request, asked: AskedFor, by: By = "area") -> Response:
    """The table as a sheet that says who took it out and when; the record says so too."""

    def work(tx: Tx) -> tuple[bytes, str]:
        actor = _reader(tx)
        within = asked.within(tx)
        zone = ZoneInfo(rules(tx).calendar.zone)
        audit.record(tx, "figures.exported", None, "", {"by": by}, account_id=actor.id)
        return sheet(tx, actor, by, within, zone), f"{tx.now.astimezone(zone):%Y%m%d-%H%M}"

    content, moment = await hop(request, "app", work)
    return attachment(content, f"指标-{moment}.xlsx")
