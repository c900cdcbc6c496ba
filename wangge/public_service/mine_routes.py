"""Doors of a resident's own account: one number, one cookie of its own, what is kept under it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from wangge.cases.schemas import NameView, Wire
from wangge.kernel.db import Tx
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, hop, json, neighbourhood
from wangge.public_service import holdings, matters, mine
from wangge.public_service.mine import Resident
from wangge.public_service.routes import OwnMatter, PhoneProof

NOBODY = {"description": "Nobody has signed in with a number"}
router = APIRouter(prefix="/api/v1/public/mine", tags=["public"], responses={401: NOBODY})
LOOKS = Bucket(rate=5, burst=120)
COOKIE = "wg_resident"
NO_STORE = {"Cache-Control": "no-store"}


class FollowedMatter(BaseModel):
    code: str
    words: str
    at: datetime


class MineView(BaseModel):
    account: UUID
    phone_mask: str
    matters: list[OwnMatter]
    follows: list[FollowedMatter]


class MessagesView(BaseModel):
    count: int
    last_at: datetime | None


class HeldMatter(BaseModel):
    """A matter with what it keeps of its asker; ``may_forget`` once it is over."""

    id: UUID
    code: str
    number: str | None
    title: str
    type_name: NameView | None
    state: str
    received_at: datetime
    mode: str
    name_mask: str
    phone_mask: str
    files: int
    may_forget: bool


class HeldHome(BaseModel):
    """What a home's list keeps of somebody, and on what ground: his consent or a legal duty."""

    id: UUID
    address: str
    names: list[str]
    name_mask: str
    phone_mask: str
    id_number_mask: str
    born: int | None
    guardian: str
    purpose: str
    consent: str
    consent_at: datetime
    source: str
    found_at: datetime
    verified_at: datetime
    care: list[str]


class LookView(BaseModel):
    """Somebody read the name and the number in full: his duty, where, when and what for."""

    at: datetime
    reason: str
    role: NameView
    place: str
    number: str | None


class HeldView(BaseModel):
    phone_mask: str
    phones: int
    follows: int
    messages: MessagesView
    matters: list[HeldMatter]
    homes: list[HeldHome]
    looks: list[LookView]


class TakeBackBody(Wire):
    id: UUID
    resident: UUID


class ForgetBody(Wire):
    matter: UUID


def _who(tx: Tx, request: Request) -> Resident:
    """The cookie goes along with nothing that another site sends (SameSite=Strict)."""
    LOOKS.take(neighbourhood(request))
    return mine.of_token(tx, request.cookies.get(COOKIE))


@router.post("/session", operation_id="residentSignIn", response_model=MineView)
async def sign_in(body: PhoneProof, request: Request) -> Response:
    """Exchange the digits that came by SMS for 90 days on this phone."""
    LOOKS.take(neighbourhood(request))

    def work(tx: Tx) -> tuple[dict[str, Any], str] | None:
        opened = mine.begin(tx, body.phone, body.code)
        return opened and (mine.overview(tx, opened[0]), opened[1])

    found = await hop(request, "intake", work, session=False)
    if found is None:
        raise matters.wrong_code()
    answer = json(found[0], headers=NO_STORE)
    answer.set_cookie(
        COOKIE, found[1], max_age=int(mine.LASTS.total_seconds()), httponly=True,
        samesite="strict", secure=request.url.scheme == "https", path="/api/v1/public/mine",
    )  # fmt: skip
    return answer


@router.delete("/session", operation_id="residentSignOut", status_code=204)
def sign_out(tx: PublicDb, request: Request, *, everywhere: bool = False) -> Response:
    mine.end(tx, request.cookies.get(COOKIE), everywhere=everywhere)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/api/v1/public/mine")
    return answer


@router.get("", operation_id="residentMatters", response_model=MineView)
def my_matters(tx: PublicDb, request: Request) -> Response:
    return json(mine.overview(tx, _who(tx, request)), headers=NO_STORE)


@router.get("/held", operation_id="heldAboutMe", response_model=HeldView)
def held_about_me(tx: PublicDb, request: Request) -> Response:
    """您的信息: everything that is kept under the number, on what ground, and who looked."""
    return json(holdings.held(tx, _who(tx, request)), headers=NO_STORE)


@router.post("/take-back", operation_id="takeBackConsent", response_model=HeldView)
def take_back(body: TakeBackBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    who = _who(tx, request)
    holdings.take_back(tx, who, body.id, body.resident)
    return holdings.held(tx, who)


@router.post("/forget", operation_id="forgetMe", response_model=HeldView)
def forget(body: ForgetBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    who = _who(tx, request)
    holdings.forget(tx, who, body.matter)
    return holdings.held(tx, who)
