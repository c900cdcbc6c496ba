"""Doors of handing over: what waits for me, giving on, signing for."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.handovers import schemas, service, views
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1/handovers", tags=["handovers"])


@router.get("", operation_id="listHandovers", response_model=schemas.ItemPage)
def waiting(tx: Db, me: Me) -> dict[str, Any]:
    """待交接: open work of those who left, to be given on by me or to be signed for by me."""
    return views.page(tx, me)


@router.post("/give", operation_id="giveHandovers", response_model=schemas.ItemPage)
def give(body: schemas.GiveBody, tx: Db, me: Me) -> dict[str, Any]:
    """Give items to one person; several calls give them to several."""
    service.give(tx, me, body.items, to=body.to, note=body.note.strip())
    return views.page(tx, me)


@router.post("/{item_id}/sign", operation_id="signHandover", response_model=schemas.ItemPage)
def sign(item_id: UUID, body: schemas.SignBody, tx: Db, me: Me) -> dict[str, Any]:
    """Sign for one item; from then on it is mine."""
    service.sign(tx, me, item_id, note=body.note.strip())
    return views.page(tx, me)
