"""The desk's doors to hotline orders: a file in, a trial, the import, what to decide, replies."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import AwareDatetime

from wangge.audit.service import record
from wangge.hotline import batches, queries, replies, service, views
from wangge.hotline.schemas import (
    DecisionBody,
    HotlineBatch,
    HotlineBatchList,
    LayoutBody,
    LayoutList,
    Name,
    OrderList,
    OrderView,
    Preview,
)
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.paging import after, cursor
from wangge.kernel.web import Db
from wangge.papers import tables
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/hotline", tags=["hotline"])
Only = Literal["all", "changed", "doubles", "open"]


@router.get("/batches", operation_id="listHotlineBatches", response_model=HotlineBatchList)
def list_batches(tx: Db, me: Me) -> dict[str, Any]:
    """The last files of one's desk, and the fields that their columns may be matched to."""
    batches.desk_of(me)
    return {"items": [views.batch(row) for row in queries.batches(tx)], "fields": views.FIELD_VIEWS}


@router.post("/files/{batch_id}", operation_id="sendHotlineFile", response_model=HotlineBatch)
def send_file(
    batch_id: UUID, file: Annotated[UploadFile, File()], tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """Keep an export sealed until it is taken; judged by its content, not by its name."""
    batches.desk_of(me)
    body = file.file.read(tables.MOST_BYTES + 1)
    return views.batch(batches.receive(tx, me, batch_id, file.filename or "", body))


@router.post("/batches/{batch_id}/trial", operation_id="tryHotlineFile", response_model=Preview)
def try_file(batch_id: UUID, body: LayoutBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Do all that the import would do and undo it: the counts, the first rows, the refusals."""
    outcome = batches.tried(tx, me, batch_id, body.layout)
    batch = batches.mine(tx, me, batch_id)
    return views.preview(tx, batch, body.layout, outcome)


@router.post(
    "/batches/{batch_id}/import", operation_id="takeHotlineRows", response_model=HotlineBatch
)
def take_rows(
    batch_id: UUID, tx: OfficeDb, me: OfficeMe, body: LayoutBody | None = None
) -> dict[str, Any]:
    """Take the next rows; to be asked again until ``state`` is done. Stopping is not asking."""
    me.must("case.report")
    return views.batch(batches.take(tx, me, batch_id, body.layout if body else None))


@router.get(
    "/batches/{batch_id}/errors.xlsx",
    operation_id="hotlineErrors",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
def error_sheet(batch_id: UUID, tx: Db, me: Me) -> Response:
    batches.desk_of(me)
    batch = queries.batch(tx, batch_id)
    if batch is None:
        raise service.not_found()
    record(tx, "hotline.errors_read", batch_id)
    rows = queries.refusals(tx, batch_id)
    return attachment(replies.errors(tx, rules(tx), batch["columns"], rows), "未收的工单.xlsx")


@router.get("/layouts", operation_id="listHotlineLayouts", response_model=LayoutList)
def list_layouts(tx: Db, me: Me) -> dict[str, Any]:
    batches.desk_of(me)
    rows = queries.layouts(tx)
    return {"items": [{"name": row["name"], "layout": row["body"]} for row in rows]}


@router.put("/layouts/{name}", operation_id="keepHotlineLayout", status_code=204)
def keep_layout(name: Name, body: LayoutBody, tx: OfficeDb, me: OfficeMe) -> None:
    service.keep_layout(tx, me, name, body.layout)


@router.delete("/layouts/{name}", operation_id="dropHotlineLayout", status_code=204)
def drop_layout(name: Name, tx: OfficeDb, me: OfficeMe) -> None:
    service.drop_layout(tx, me, name)


@router.get("/orders", operation_id="listHotlineOrders", response_model=OrderList)
def list_orders(
    tx: Db,
    me: Me,
    only: Only = "all",
    case: UUID | None = None,
    cursor_: Annotated[str, Query(alias="cursor", max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """Orders of one's desk, newest first; ``changed`` and ``doubles`` wait for a person's eye."""
    batches.desk_of(me)
    rows = queries.orders(
        tx, only, case_id=case, after=after(cursor_, datetime, UUID), limit=limit + 1
    )
    page = rows[:limit]
    further = cursor(page[-1]["at"], page[-1]["case_id"]) if len(rows) > limit else None
    return {"items": views.orders(tx, page), "next": further}


@router.get("/orders/{case_id}", operation_id="readHotlineOrder", response_model=OrderView)
def read_order(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    batches.desk_of(me)
    return _order(tx, case_id)


@router.post("/orders/{case_id}/seen", operation_id="seeHotlineChange", response_model=OrderView)
def see_change(case_id: UUID, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Take down the flag of what the hotline changed, after somebody has read it."""
    service.seen(tx, me, case_id)
    return _order(tx, case_id)


@router.post(
    "/orders/{case_id}/doubles/{other_id}",
    operation_id="decideHotlineDouble",
    response_model=OrderView,
)
def decide_double(
    case_id: UUID, other_id: UUID, body: DecisionBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """Say whether two matters are one; it is written down and moves neither."""
    service.decide(tx, me, case_id, other_id, body.decision)
    return _order(tx, case_id)


@router.get(
    "/replies.xlsx",
    operation_id="hotlineReplies",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
def reply_sheet(
    tx: Db,
    me: Me,
    batch: UUID | None = None,
    since: AwareDatetime | None = None,
    *,
    unfinished: bool = False,
) -> Response:
    """The orders of one's desk in the columns they came in, with what the asker may read."""
    rows = _replies(tx, me, {"batch": batch, "since": since, "unfinished": unfinished})
    return attachment(replies.sheet(tx, rules(tx), rows), "工单答复.xlsx")


@router.post(
    "/replies.xlsx",
    operation_id="returnHotlineReplies",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
def return_replies(
    tx: Db, me: Me, batch: UUID | None = None, since: AwareDatetime | None = None
) -> Response:
    """The same sheet to be sent back: its answers are written down as told by the hotline."""
    rows = _replies(tx, me, {"batch": batch, "since": since, "unfinished": False})
    replies.returned(tx, me, rows)
    return attachment(replies.sheet(tx, rules(tx), rows), "工单答复.xlsx")


def _replies(tx: Tx, me: Actor, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    batches.desk_of(me)
    me.must("case.asker")
    rows = queries.replies(tx, wanted)
    record(tx, "hotline.replies", wanted["batch"], detail={"rows": len(rows)})
    return rows


def _order(tx: Tx, case_id: UUID) -> dict[str, Any]:
    row = queries.order(tx, case_id)
    if row is None:
        raise service.not_found()
    return views.orders(tx, [row])[0]
