"""What the people doors take and give."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wangge.kernel.ids import new_id
from wangge.people.models import FIRST_DAY, LAST_DAY, Actor, Post
from wangge.people.roles import role

# Control characters and lone surrogates are in nobody's name, and PostgreSQL takes neither.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, Field(max_length=200, pattern=PLAIN)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Secret = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
# Six digits, or a recovery code.
Second = Annotated[str, Field(max_length=40, pattern=PLAIN)]


class Body(BaseModel):
    """A body with an unknown field is a mistake, and is told so."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SignIn(Body):
    model_config = ConfigDict(str_strip_whitespace=False)

    username: Secret
    password: Secret
    second: Second = ""


class Activation(Body):
    model_config = ConfigDict(str_strip_whitespace=False)

    username: Secret
    code: Secret
    password: Secret
    second: Second = ""


class NewPassword(Body):
    model_config = ConfigDict(str_strip_whitespace=False)

    old: Secret
    new: Secret


class SecondStepBegin(Body):
    """``code`` is of the second step that is in force, if there is one."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: Secret
    code: Second = ""


class SecondStepCode(Body):
    code: Second


class DemoSignIn(Body):
    account_id: UUID


class PostIn(Body):
    """A post to begin; ``ends`` is the last day."""

    id: UUID = Field(default_factory=new_id)
    role: Line
    area_id: UUID | None = None
    unit_id: UUID | None = None
    title: Line = ""
    kind: Line = ""
    public: bool = False
    begins: Day | None = None
    ends: Day | None = None
    deputy: bool = False
    lent_by: UUID | None = None


class AccountIn(Body):
    id: UUID = Field(default_factory=new_id)
    username: Line
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=PLAIN)]
    phone: Line = ""
    source: Line = ""
    posts: Annotated[list[PostIn], Field(max_length=50)] = []


class AccountChange(Body):
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=PLAIN)] | None = None
    phone: Line | None = None


class Reason(Body):
    reason: Annotated[str, Field(min_length=2, max_length=500, pattern=PLAIN)]


class Lock(Reason):
    locked: bool


class SecondStepReset(Reason):
    """``identity_check`` says how it was made sure who asks: seen in person, called back."""

    identity_check: Annotated[str, Field(min_length=2, max_length=200, pattern=PLAIN)]


class PostShown(Body):
    title: Line = ""
    kind: Line = ""
    public: bool


class PostEnd(Body):
    """``on`` is the first day without the post; today if it is left out."""

    on: Day | None = None


class OrganisationIn(Body):
    id: UUID = Field(default_factory=new_id)
    kind: Line
    code: Annotated[str, Field(min_length=2, max_length=60, pattern=PLAIN)]
    name: Annotated[str, Field(min_length=2, max_length=120, pattern=PLAIN)]
    short_name: Line = ""
    parent_id: UUID | None = None
    area_id: UUID | None = None
    phone: Line = ""
    active: bool = True


class SwapIn(Body):
    id: UUID = Field(default_factory=new_id)
    shift_id: UUID
    other_id: UUID
    words: Line = ""


class StandInIn(Body):
    """``begins`` and ``ends`` are of a part; left out: the shift, or what is left of it."""

    id: UUID = Field(default_factory=new_id)
    shift_id: UUID
    to: UUID
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    words: Line = ""


class Agreement(Body):
    agree: bool
    why: Line = ""


class MyShift(BaseModel):
    """A shift, or the part of one, on which one is on duty oneself."""

    id: UUID
    duty: str
    unit: str
    unit_id: UUID
    note: str
    begins: datetime
    ends: datetime
    instead_of: str | None


class MyChange(BaseModel):
    """A swap or stand-in that waits; ``other_begins`` is of the shift that is given for it."""

    id: UUID
    kind: str
    state: str
    words: str
    unit: str
    duty: str
    begins: datetime
    ends: datetime
    other_begins: datetime | None
    other_ends: datetime | None
    from_name: str
    to_name: str
    may_answer: bool
    may_withdraw: bool
    may_decide: bool


class AbsenceIn(Body):
    """From when to when one is away; ``account_id`` of whoever cannot say so himself."""

    id: UUID = Field(default_factory=new_id)
    account_id: UUID | None = None
    begins: AwareDatetime
    ends: AwareDatetime


class Secondment(BaseModel):
    """Who is lent to whom until when; ``soon``: it ends within thirty days."""

    id: UUID
    account_id: UUID
    name: str
    role: str
    title: str
    lent_by: str
    place: str
    begins: date
    ends: date
    days_left: int
    soon: bool


class SecondmentList(BaseModel):
    items: list[Secondment]


class Colleague(BaseModel):
    id: UUID
    name: str


class Absence(BaseModel):
    id: UUID
    name: str
    own: bool
    begins: datetime
    ends: datetime


class MyShifts(BaseModel):
    shifts: list[MyShift]
    changes: list[MyChange]
    absences: list[Absence]
    colleagues: list[Colleague]


class OtherShift(BaseModel):
    """Somebody else's shift to come."""

    id: UUID
    begins: datetime
    ends: datetime
    name: str


class StandIn(BaseModel):
    id: UUID
    name: str
    title: str | None


class Partners(BaseModel):
    shifts: list[OtherShift]
    people: list[StandIn]


class ShiftIn(Body):
    id: UUID = Field(default_factory=new_id)
    unit_id: UUID
    duty: Line
    account_id: UUID
    begins: datetime
    ends: datetime
    note: Line = ""


def words(name: str) -> dict[str, str]:
    found = role(name)
    return {"zh": found.zh or name, "en": found.en or name}


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "role": post.role,
        "role_name": words(post.role),
        "kind": post.kind,
        "title": post.title or role(post.role).zh,
        "area": post.area,
        "unit": post.unit,
    }


def me(actor: Actor) -> dict[str, Any]:
    """Shape the answer that sign-in, activation and ``GET /me`` share."""
    return {
        "account": {"id": actor.id, "name": actor.name, "username": actor.username},
        "posts": [_post(post) for post in actor.posts],
        "permissions": sorted(actor.permissions),
        "csrf": actor.csrf,
        "must_change_password": actor.must_change_password,
        "must_begin_second_step": actor.must_begin_second_step,
    }
