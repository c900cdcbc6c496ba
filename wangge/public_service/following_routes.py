"""Doors without an account: is it this one, following it, and how far it is."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from wangge.cases.joined_routes import ToldBody
from wangge.cases.schemas import NameView, Wire
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, neighbourhood
from wangge.public_service import following

router = APIRouter(prefix="/api/v1/public", tags=["public"])
LOOKS = Bucket(rate=5, burst=120)
# Following costs an SMS in the end: as tight as reporting.
FOLLOWS = Bucket(rate=1 / 6, burst=20)
AtLon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
AtLat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]


class ReleasedView(BaseModel):
    """A released case, coarse: where about, since when, how far, in the desk's own words."""

    id: UUID
    words: str
    type_name: NameView | None
    names: list[str]
    received_on: date
    sentence: NameView
    solved_at: datetime | None
    followers: int


class FollowBody(Wire):
    id: UUID
    case_id: UUID
    phone: Annotated[str, Field(max_length=40)] = ""
    locale: Literal["zh", "en"] = "zh"


class FollowView(BaseModel):
    """``code`` shows how far it is; it is shown here and kept nowhere."""

    code: str


@router.post("/doubles", operation_id="isItThis", response_model=list[ReleasedView])
def is_it_this(body: ToldBody, tx: PublicDb, request: Request) -> list[dict[str, Any]]:
    """Released cases nearby that may be what is being told."""
    LOOKS.take(neighbourhood(request))
    return following.nearby(tx, body.told(tx))


@router.get("/nearest", operation_id="nearestReleased", response_model=list[ReleasedView])
def nearest(tx: PublicDb, request: Request, lon: AtLon, lat: AtLat) -> list[dict[str, Any]]:
    """The released cases nearest to a point, at most three, to be followed or not."""
    LOOKS.take(neighbourhood(request))
    return following.nearest(tx, lon, lat)


@router.post("/follows", operation_id="followReleased", response_model=FollowView)
def follow(body: FollowBody, tx: PublicDb, request: Request) -> dict[str, str]:
    """我也遇到了: follow instead of telling it again; whoever leaves a number hears once."""
    FOLLOWS.take(neighbourhood(request))
    return {"code": following.follow(tx, body.id, body.case_id, body.phone, body.locale)}


@router.get("/follows/{code}", operation_id="readFollowed", response_model=ReleasedView)
def followed(code: str, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    return following.followed(tx, code)


@router.delete("/follows/{code}", operation_id="unfollow", status_code=204)
def unfollow(code: str, tx: PublicDb, request: Request) -> None:
    LOOKS.take(neighbourhood(request))
    following.unfollow(tx, code)
