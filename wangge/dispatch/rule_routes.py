"""What a change of the rules would move, before anybody writes it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from wangge.cases.models import State
from wangge.cases.schemas import NameView
from wangge.cases.views import type_name
from wangge.dispatch import reckoning
from wangge.kernel.db import Tx
from wangge.kernel.web import hop, json
from wangge.people.models import Actor
from wangge.tenant.permissions import EDIT
from wangge.tenant.schemas import RulePreview
from wangge.tenant.service import with_body

router = APIRouter(prefix="/api/v1", tags=["tenant"])


class MovedCase(BaseModel):
    """One clock: which, and from when to when. Its words are for those who handle the case."""

    id: UUID
    number: str | None
    type_name: NameView | None
    state: State
    stage: str
    limit_before: str | None
    limit_after: str | None
    before: datetime
    after: datetime
    on_trial: bool


class RuleEffect(BaseModel):
    """How many open cases would be due at another time; the first rows of them, furthest first.

    ``late_now`` would be late at once; ``on_trial`` move in any case, because their year was not
    known; ``left`` were too many to be looked at.
    """

    open: int
    moved: int
    earlier: int
    later: int
    late_now: int
    on_trial: int
    left: int
    rows: list[MovedCase]


@router.post("/rules/{name}/effect", operation_id="tryRuleOnOpenCases", response_model=RuleEffect)
async def try_rule(name: str, preview: RulePreview, request: Request) -> Response:
    """Which open cases a body for this document would move; nothing is changed."""

    def work(tx: Tx) -> dict[str, Any]:
        Actor.of(tx).must(EDIT)
        after = with_body(tx, name, preview.body)
        found = asdict(reckoning.effect(tx, after, name))
        for row in found["rows"]:
            row["type_name"] = type_name(after, row.pop("type"))
        return found

    # An administrator of rules sees no cases; numbers and moments of all are his here.
    return json(await hop(request, "intake", work))
