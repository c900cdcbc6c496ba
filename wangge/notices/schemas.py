"""Wire shapes of notices and receipts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from wangge.notices.models import notice_words


class Words(BaseModel):
    """One text in both languages."""

    zh: str
    en: str


class NoticeView(BaseModel):
    """A notice with its words; ``body`` has the values alone for screens that say it otherwise."""

    id: UUID
    at: datetime
    code: str
    title: Words
    text: Words
    body: dict[str, Any]
    case_id: UUID | None
    urgent: bool
    read_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "NoticeView":
        return cls.model_validate(row | notice_words(row["code"], row["body"]))


class NoticePage(BaseModel):
    """One page, and how many are unread in all."""

    items: list[NoticeView]
    next: str | None
    unread: int


class Receipt(BaseModel):
    """What the gateway says of a message it was given."""

    id: UUID
    provider_id: str = Field(max_length=200)
    state: Literal["delivered", "failed"]
    error: str = Field("", max_length=500)


class Reply(BaseModel):
    """What somebody typed on the telephone; ``id`` is the gateway's, the same for a repeat."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    phone: Annotated[str, Field(max_length=30)]
    text: Annotated[str, Field(max_length=1000)]


class CallResult(BaseModel):
    """How a call ended; ``acknowledged``: the key was pressed."""

    id: UUID
    provider_id: str = Field(max_length=200)
    state: Literal["heard", "acknowledged", "busy", "no_answer", "failed"]
    error: str = Field("", max_length=500)


class NoticeWish(BaseModel):
    """``null``: as the post has it; empty: single reminders; else the time of the digest."""

    model_config = ConfigDict(extra="forbid")

    digest_at: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] | None


class NoticeSettings(BaseModel):
    """``own`` is what this person chose, ``by_post`` what his posts have."""

    own: str | None
    by_post: str | None
    quiet: bool
    quiet_first: str
    quiet_last: str
    quiet_until: datetime | None
    waiting: int
