"""Doors of the demo's instruments; without the demo there are no such doors."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from wangge.demo import instruments, living, resetting, towns
from wangge.demo.instruments import Wish, moment, span
from wangge.kernel.errors import NotAllowed, NotFound
from wangge.kernel.web import PublicDb, cell_of
from wangge.settings import settings


def only_in_the_demo(request: Request) -> None:
    """No account is needed, but no other site may press these buttons through a browser."""
    if not settings().demo:
        raise NotFound("no_such_page", "没有这个地址", "there is no such address")
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.url.netloc:
        raise NotAllowed("foreign_site", "不能从别的网站操作", "not from another site")


router = APIRouter(prefix="/api/v1/demo", tags=["demo"], dependencies=[Depends(only_in_the_demo)])


class ClockBody(BaseModel):
    """``at`` in the city's zone if it names none; ``advance`` in minutes, or 90m, 2h, 1d."""

    model_config = ConfigDict(extra="forbid")

    at: Annotated[str, Field(max_length=40)] | None = None
    frozen: bool | None = None
    advance: int | Annotated[str, Field(max_length=10)] | None = None
    real: bool = False


@router.get("/messages", operation_id="demoMessages")
def read_messages(tx: PublicDb) -> dict[str, Any]:
    """Every SMS of the city (numbers masked) and every urgent notice, newest first."""
    return {"items": instruments.messages(tx), "next": None}


@router.get("/clock", operation_id="demoClock")
def read_clock(tx: PublicDb) -> dict[str, Any]:
    return instruments.clock_state(tx)


@router.post("/clock", operation_id="setDemoClock")
def set_clock(body: ClockBody, tx: PublicDb) -> dict[str, Any]:
    """Move, freeze or let run the city's clock; whoever is signed in stays signed in."""
    wish = Wish(
        at=moment(body.at, instruments.zone_of(tx)) if body.at else None,
        frozen=body.frozen,
        advance=None if body.advance is None else span(body.advance),
        real=body.real,
    )
    return instruments.set_clock(tx, wish)


class LifeBody(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    paused: bool | None = None
    pace: Annotated[str, Field(max_length=20)] | None = None


class LifeView(BaseModel):
    paused: bool
    pace: str
    paces: list[str]
    frozen: bool
    living: bool
    there: bool
    reports: int
    steps: int


@router.get("/life", operation_id="demoLife", response_model=LifeView)
def read_life(tx: PublicDb) -> dict[str, Any]:
    """Whether the demo's people go on living by themselves, and what they have done so far."""
    return living.state(tx)


@router.post("/life", operation_id="setDemoLife", response_model=LifeView)
def set_life(body: LifeBody, tx: PublicDb) -> dict[str, Any]:
    """Pause them or let them go on, at one of the paces; a frozen clock stops them as well."""
    living.change(tx.cell.tenant, paused=body.paused, pace=body.pace)
    return living.state(tx)


class Words(BaseModel):
    zh: str
    en: str


class TownView(BaseModel):
    """``url`` is its sign-in page."""

    tenant: str
    name: Words
    what: Words
    there: bool
    url: str


class Progress(BaseModel):
    """``status`` is loading, ready or failed; ``stage`` what the loader does just now."""

    status: Literal["loading", "ready", "failed"]
    stage: str
    seconds: float


class TownList(BaseModel):
    items: list[TownView]
    progress: Progress


@router.get("/towns", operation_id="demoTowns", response_model=TownList)
def read_towns(request: Request) -> dict[str, Any]:
    """The tenants that the demo knows, those that stand with their addresses."""
    return towns.listing(request.app.state.cells)


@router.post("/towns/{tenant}", operation_id="addDemoTown", response_model=TownList,
             status_code=202)  # fmt: skip
def add_town(request: Request, tenant: str) -> dict[str, Any]:
    """Load a sample town in the background; the others go on."""
    return towns.add(request.app.state.cells, tenant)


@router.get("/reset", operation_id="demoResetProgress")
def reset_progress() -> dict[str, Any]:
    return resetting.progress()


@router.post("/reset", operation_id="resetDemo", status_code=202)
def reset(request: Request) -> dict[str, Any]:
    """Load the city anew in the background; accounts, sessions and the clock go on."""
    return resetting.begin(cell_of(request).tenant)
