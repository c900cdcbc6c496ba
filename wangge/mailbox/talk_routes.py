"""Doors of residents' talks: call one, decide case by case, end it, print the minutes."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from wangge.audit import service as audit
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf
from wangge.kernel.web import Db
from wangge.mailbox import queries, sheets, talks, views
from wangge.mailbox.models import Decision, Promise, TalkDraft
from wangge.mailbox.rights import no_such_talk
from wangge.mailbox.schemas import TalkBody, TalkCard, TalkDecisionBody, TalkEndBody, TalkView
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/mailbox/talks", tags=["mailbox"])


def _talk(tx: Tx, me: Actor, talk_id: UUID) -> dict[str, Any]:
    row = queries.talk(tx, talk_id)
    if row is None:
        raise no_such_talk()
    return views.talk(tx, me, row)


@router.get("", operation_id="listTalks", response_model=list[TalkCard])
def list_talks(tx: Db, me: Me) -> list[dict[str, Any]]:
    """Those ahead first; a department sees the ones it is asked to."""
    return [views.talk_card(me, row, tx.now) for row in queries.talks(tx)]


@router.post("", operation_id="callTalk", response_model=TalkView)
def call_talk(body: TalkBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    me.must("mailbox.run")
    given = body.model_dump()
    units = tuple((one["unit_id"], one["post"]) for one in given["units"])
    draft = TalkDraft(**{**given, "case_ids": tuple(given["case_ids"]), "units": units})
    talks.call(tx, me, draft)
    return _talk(tx, me, body.id)


@router.get("/{talk_id}", operation_id="readTalk", response_model=TalkView)
def read_talk(talk_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _talk(tx, me, talk_id)


@router.post("/{talk_id}/decisions", operation_id="decideAtTalk", response_model=TalkView)
def decide(talk_id: UUID, body: TalkDecisionBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """What was decided on one case, and who does what by when: each a task of the case."""
    given = body.model_dump()
    promises = tuple(Promise(**one) for one in given["promises"])
    talks.decide(tx, me, talk_id, Decision(**{**given, "promises": promises}))
    return _talk(tx, me, talk_id)


@router.post("/{talk_id}/end", operation_id="endTalk", response_model=TalkView)
def end(talk_id: UUID, body: TalkEndBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Held, once every case of its agenda has a decision; or called off, with the reason."""
    talks.end(tx, me, talk_id, minutes=body.minutes.strip(), came=body.came, held=body.held)
    return _talk(tx, me, talk_id)


@router.get("/{talk_id}/minutes.pdf", operation_id="talkMinutes", response_class=Pdf)
def minutes(talk_id: UUID, tx: Db, me: Me) -> Response:
    """The minutes with every decision and how far each promise is; nothing of the askers."""
    found = _talk(tx, me, talk_id)
    audit.record(tx, "talk.printed", talk_id, account_id=me.id)
    zone = ZoneInfo(rules(tx).calendar.zone)
    return Pdf(
        sheets.minutes_of(tx, found, f"{me.name} {me.title}", zone=zone),
        headers={"Content-Disposition": f'inline; filename="{found["number"]}.pdf"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip
