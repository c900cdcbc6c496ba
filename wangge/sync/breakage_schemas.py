"""The wire shapes of what the server broke over."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import Wire
from wangge.sync.schemas import Short, WhoView


class BreakageBody(Wire):
    """What its person was doing when the server broke over it."""

    kind: Short = ""
    tries: Annotated[int, Field(ge=0, le=1000)] = 0
    words: Annotated[str, Field(max_length=1000)]


class TellerView(WhoView):
    phone: str


class BreakageView(BaseModel):
    """``settled_at``: it was taken after all, or refused with its reason."""

    operation: UUID
    kind: str
    tries: int
    first_at: datetime
    last_at: datetime
    fault: str
    request_id: str
    words: str
    told_at: datetime | None
    settled_at: datetime | None
    by: TellerView


class BreakagesView(BaseModel):
    items: list[BreakageView]
