"""Doors of the explorer 指标分析: any indicator of any area, time and type, beside what it was."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from wangge.audit import service as audit
from wangge.cases.catalogue import POSTS
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.web import hop, json
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.studies import explore_counts, exploring
from wangge.studies.explore_question import Asked, By, Compare, understood
from wangge.studies.explore_schemas import ExploreView, MetricsView
from wangge.studies.explore_sheet import sheet
from wangge.studies.exploring import Plan
from wangge.studies.metrics import Kind, metrics
from wangge.studies.rights import READ

router = APIRouter(prefix="/api/v1/studies/explorer", tags=["studies"])
MOST_TYPES = 60
GROUPS = {
    "count": ("件数和大屏口径", "counts, as on the wall"),
    **POSTS,
    "fact": ("一并要看的事实", "facts to read beside them"),
}


def _asked(
    metric: Annotated[str, Query(max_length=60)] = "received",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
    types: Annotated[list[str] | None, Query(alias="type", max_length=MOST_TYPES)] = None,
    by: By = By.TIME,
    every: Literal["day", "week", "month"] = "day",
    compare: Compare = Compare.NONE,
    as_of: AwareDatetime | None = None,
) -> Asked:
    return Asked(metric, first, last, area, types or (), by, every, compare, as_of)


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get("/metrics", operation_id="listMetrics", response_model=MetricsView)
def list_metrics(me: Me) -> dict[str, Any]:
    """Everything that can be asked for, with its definition and what it can answer."""
    me.must(READ)
    return {
        "metrics": [
            {
                "code": one.code, "name": _words(one.name), "formula": _words(one.formula),
                "group": one.group, "kind": one.kind.value, "mean": one.mean,
                "source": one.source, "usual": one.may_be_usual,
                "timed": one.kind is not Kind.STOCK, "as_of": one.may_look_back,
            }
            for one in metrics().values()
        ],
        "groups": [{"code": code, "name": _words(name)} for code, name in GROUPS.items()],
    }  # fmt: skip


def _words(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _plan(tx: Tx, asked: Asked) -> Plan:
    actor = Actor.of(tx)
    return exploring.planned(tx, actor, understood(tx, actor, asked))


async def _held(request: Request, plan: Plan) -> Any:
    """What the cubes say; they are no tenant's rows, so they are read past the second wall."""
    if not plan.cubes:
        return None
    return await hop(
        request, "intake",
        lambda tx: explore_counts.from_cubes(tx, plan.question, plan.needs, plan.spans),
    )  # fmt: skip


@router.get("", operation_id="explore", response_model=ExploreView)
async def explore(request: Request, asked: AskedFor) -> Response:
    """One indicator by time, area or type. What cannot be counted rightly is refused with why."""
    plan = await hop(request, "app", lambda tx: _plan(tx, asked))
    held = await _held(request, plan)
    return json(await hop(request, "app", lambda tx: exploring.answered(tx, plan, held)))


@router.get(
    "/sheet.xlsx",
    operation_id="exportExplored",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
async def export(request: Request, asked: AskedFor) -> Response:
    """The same answer as a sheet that says who took it out, when, and what was asked."""
    plan = await hop(request, "app", lambda tx: _plan(tx, asked))
    held = await _held(request, plan)

    def work(tx: Tx) -> tuple[bytes, str]:
        actor = Actor.of(tx)
        shown = exploring.answered(tx, plan, held)
        detail = {"by": asked.by.value, "metric": asked.metric}
        audit.record(tx, "figures.exported", None, "", detail, account_id=actor.id)
        zone = plan.question.zone
        return sheet(tx, actor, shown, zone), f"{tx.now.astimezone(zone):%Y%m%d-%H%M}"

    content, moment = await hop(request, "app", work)
    return attachment(content, f"指标分析-{plan.question.metric.name[0]}-{moment}.xlsx")
