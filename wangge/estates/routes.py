"""Doors of 物业通: the company's own page, its people, its notices and their approval."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire
from wangge.estates import service
from wangge.kernel.paging import after, cursor
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.roles import role
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/estate", tags=["estates"])
Title = Annotated[str, Field(min_length=2, max_length=60)]
Words = Annotated[str, Field(min_length=2, max_length=2000)]


class EstatePerson(BaseModel):
    """``public``: residents read the name, the title and the number on the page of the area."""

    post_id: UUID
    name: str
    phone: str
    role_name: NameView
    title: str
    public: bool


class EstateView(BaseModel):
    """``approved``: notices are public only after the community has approved them."""

    unit_id: UUID
    name: str
    area: str | None
    area_code: str | None
    people: list[EstatePerson]
    runs: bool
    approved: bool


class EstateNotice(BaseModel):
    """``early``: not shown yet; ``over``: its last day has passed; both are the city's today."""

    id: UUID
    unit: str
    of_company: bool
    area: str
    title: str
    words: str
    pictures: list[UUID]
    state: Literal["waiting", "posted", "refused", "withdrawn"]
    begins: date | None
    until: date
    early: bool
    over: bool
    written_name: str
    at: datetime
    decided_name: str
    decided_at: datetime | None
    why: str
    withdrawn_name: str | None
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    may: list[str]


class NoticeGround(BaseModel):
    """An area for whose residents the reader may write."""

    id: UUID
    name: str


class EstateNotices(BaseModel):
    """``grounds``: where the reader may write, his own area first; nobody else's is offered."""

    items: list[EstateNotice]
    grounds: list[NoticeGround]
    next: str | None = None


class NewNotice(Wire):
    """Residents see it from ``begins``, today if it is not said, to ``until``, that day included.

    ``pictures`` are files that the writer has sent before.
    """

    id: UUID
    title: Title
    words: Words
    until: date
    begins: date | None = None
    area_id: UUID | None = None
    pictures: Annotated[list[UUID], Field(max_length=6, default_factory=list)]


class WithdrawNotice(Wire):
    why: Annotated[str, Field(max_length=500)] = ""


class NoticeDecision(Wire):
    approve: bool
    why: Annotated[str, Field(max_length=500)] = ""


class PersonShown(Wire):
    title: Annotated[str, Field(max_length=40)]
    public: bool


@router.get("", operation_id="readEstate", response_model=EstateView)
def read(tx: Db, me: Me) -> dict[str, Any]:
    """The reader's own company; 404 for everybody else."""
    post = service.own_post(me)
    unit = tx.one(
        "select o.id, o.short_name, a.short_name as area, a.code from organisations o"
        " left join areas a on a.id = o.area_id where o.id = %s",
        [post.unit_id],
    )
    unit = unit or {}
    people = service.staff(tx, unit["id"])
    return {
        "unit_id": unit["id"],
        "name": unit["short_name"],
        "area": unit["area"],
        "area_code": unit["code"],
        "people": [
            {**one, "role_name": {"zh": role(one["role"]).zh, "en": role(one["role"]).en}}
            for one in people
        ],
        "runs": me.may_at(service.RUN, unit_id=post.unit_id),
        "approved": rules(tx).switches.estate_notices_approved,
    }


@router.put("/people/{post_id}", operation_id="presentEstatePerson", response_model=EstateView)
def present(post_id: UUID, body: PersonShown, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """The manager says how a post of his company is called and whether residents read it."""
    service.present(tx, me, post_id, title=body.title.strip(), public=body.public)
    return read(tx, me)


@router.get("/notices", operation_id="listEstateNotices", response_model=EstateNotices)
def listed(
    tx: Db, me: Me, cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = ""
) -> dict[str, Any]:
    """A company's own; for whoever approves or writes them all of the ground, waiting first."""
    areas = [{"id": one.id, "name": one.short_name} for one in service.grounds(tx, me)]
    mark = after(cursor_, int, datetime, UUID)
    rows = service.listed(tx, me, after=mark and [bool(mark[0]), *mark[1:]], limit=service.PAGE + 1)
    end = rows[service.PAGE - 1] if len(rows) > service.PAGE else None
    more = end and cursor(int(end["state"] == "waiting"), end["at"].isoformat(), end["id"])
    return {"items": rows[: service.PAGE], "grounds": areas, "next": more}


@router.post("/notices", operation_id="writeEstateNotice", response_model=EstateNotices)
def write(body: NewNotice, tx: Db, me: Me) -> dict[str, Any]:
    """By a company for its estate, by a desk for its area or one in it."""
    service.write(
        tx, me,
        service.Told(
            body.id, body.title.strip(), body.words.strip(), body.until, body.begins,
            body.area_id, tuple(body.pictures),
        ),
    )  # fmt: skip
    return listed(tx, me)


@router.post("/notices/{notice_id}/decision", operation_id="decideEstateNotice",
             response_model=EstateNotices)  # fmt: skip
def decide(notice_id: UUID, body: NoticeDecision, tx: Db, me: Me) -> dict[str, Any]:
    service.decide(tx, me, notice_id, approve=body.approve, why=body.why.strip())
    return listed(tx, me)


@router.post("/notices/{notice_id}/withdraw", operation_id="withdrawEstateNotice",
             response_model=EstateNotices)  # fmt: skip
def withdraw(notice_id: UUID, body: WithdrawNotice, tx: Db, me: Me) -> dict[str, Any]:
    """With a reason, which stays with it."""
    service.withdraw(tx, me, notice_id, body.why.strip())
    return listed(tx, me)
