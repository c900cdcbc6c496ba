"""Doors of the Red Mailbox: boxes, openings, letters, sorting, wishes, postings."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from wangge.areas import atlas
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf
from wangge.kernel.web import Db
from wangge.mailbox import boxes, letters, openings, postings, queries, sheets, sorting, views
from wangge.mailbox.models import BoxDraft, Record, Told
from wangge.mailbox.rights import no_such_letter, no_such_opening, no_such_posting
from wangge.mailbox.schemas import (
    LetterBody,
    LetterMatter,
    LetterMatterBody,
    LetterReceipt,
    MailboxBody,
    Mailboxes,
    MailboxGroupBody,
    OpenerBody,
    OpeningView,
    PostBody,
    PostingView,
    ReadBody,
    ReasonBody,
    RecordBody,
    SortBody,
    ViolatorView,
)
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/mailbox", tags=["mailbox"])
Box = Literal["to_sort", "group", "talk", "wishes", "to_post"]


def _boxes(tx: Tx, me: Actor) -> dict[str, Any]:
    return {
        "boxes": [views.box(me, row) for row in queries.boxes(tx)],
        "groups": [views.group(me, row) for row in queries.groups(tx)],
    }


@router.get("/boxes", operation_id="listMailboxes", response_model=Mailboxes)
def list_boxes(tx: Db, me: Me) -> dict[str, Any]:
    """The boxes on one's ground and the groups that letters are given to."""
    return _boxes(tx, me)


@router.put("/boxes/{box_id}", operation_id="putMailbox", status_code=204)
def put_box(box_id: UUID, body: MailboxBody, tx: OfficeDb, me: OfficeMe) -> None:
    """Hang a box, move it, change who takes turns at opening it, or take it down."""
    me.must("mailbox.run")
    given = body.model_dump()
    boxes.put(tx, me, BoxDraft(id=box_id, **{**given, "openers": tuple(given["openers"])}))


@router.put("/groups/{group_id}", operation_id="putMailboxGroup", status_code=204)
def put_group(group_id: UUID, body: MailboxGroupBody, tx: OfficeDb, me: OfficeMe) -> None:
    me.must("mailbox.run")
    boxes.put_group(tx, me, group_id, **body.model_dump())


@router.get("/openings", operation_id="listMailboxOpenings", response_model=list[OpeningView])
def list_openings(
    tx: Db,
    me: Me,
    only: Literal["day", "mine", "missed"] = "day",
    day: date | None = None,
    days: Annotated[int, Query(ge=1, le=31)] = 1,
) -> list[dict[str, Any]]:
    """Who opens what on a day and whether he did; ``missed``: nobody did and nobody said why."""
    last = day or openings.day_of(tx)
    if only == "mine":
        rows = queries.mine(tx, me.id, last)
    elif only == "missed":
        rows = queries.unexplained(tx)
    else:
        rows = queries.openings(tx, last - timedelta(days=days - 1), last)
    return [views.opening(me, row, tx.now) for row in rows]


def _opening(tx: Tx, me: Actor, opening_id: UUID) -> dict[str, Any]:
    row = queries.opening(tx, opening_id)
    if row is None:
        raise no_such_opening()
    return views.opening(me, row, tx.now)


@router.get("/openings/{opening_id}", operation_id="readMailboxOpening",
            response_model=OpeningView)  # fmt: skip
def read_opening(opening_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _opening(tx, me, opening_id)


@router.post("/openings/{opening_id}/record", operation_id="recordMailboxOpening",
             response_model=OpeningView)  # fmt: skip
def record_opening(
    opening_id: UUID, body: RecordBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """By the day's person alone; no letters is a record too. The server keeps when it was made."""
    openings.record(tx, me, opening_id, Record(**body.model_dump()))
    return _opening(tx, me, opening_id)


@router.post("/openings/{opening_id}/opener", operation_id="nameMailboxOpener",
             response_model=OpeningView)  # fmt: skip
def name_opener(opening_id: UUID, body: OpenerBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """代班: the desk names who opens instead."""
    openings.name(tx, me, opening_id, body.opener_id)
    return _opening(tx, me, opening_id)


@router.post("/openings/{opening_id}/reason", operation_id="explainMailboxOpening",
             response_model=OpeningView)  # fmt: skip
def explain_opening(
    opening_id: UUID, body: ReasonBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """Close what nobody opened, with the reason; that it was missed stays written."""
    openings.explain(tx, me, opening_id, body.reason)
    return _opening(tx, me, opening_id)


def _told(matters: list[LetterMatterBody]) -> list[Told]:
    return [Told(**one.model_dump()) for one in matters]


@router.post("/letters", operation_id="takeMailboxLetter", response_model=LetterReceipt)
def take_letter(body: LetterBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Take a letter in, typed or photographed: a case for each of its matters."""
    opened = letters.take(
        tx, me, body.id, opening_id=body.opening_id, told=_told(body.matters),
        file_ids=list(body.files), asker=body.asker.words() if body.asker else None,
    )  # fmt: skip
    kept = {row["id"] for row in tx.rows("select id from files where case_id = any(%s)",
                                         [[one.id for one in opened]])}  # fmt: skip
    return {
        "cases": [one.answer(body.files if not n else (), kept) for n, one in enumerate(opened)]
    }


@router.post("/letters/{letter_id}/matters", operation_id="readMailboxLetter",
             response_model=list[LetterMatter])  # fmt: skip
def read_letter(
    letter_id: UUID, body: ReadBody, tx: OfficeDb, me: OfficeMe
) -> list[dict[str, Any]]:
    """Write down what a photographed letter says, and further matters that are in it."""
    letters.read_out(tx, me, letter_id, _told(body.matters))
    return [views.matter(me, row, tx.now) for row in queries.of_letter(tx, letter_id)]


@router.get("/matters", operation_id="listMailboxMatters", response_model=list[LetterMatter])
def list_matters(tx: Db, me: Me, box: Box = "to_sort") -> list[dict[str, Any]]:
    """The sorting desk, what a group or a talk has, the board of wishes, what could be posted."""
    match box:
        case "to_sort":
            rows = queries.to_sort(tx)
        case "wishes":
            rows = queries.wishes(tx)
        case "to_post":
            rows = queries.done_unposted(tx)
        case _:
            rows = queries.of_way(tx, box)
    return [views.matter(me, row, tx.now) for row in rows]


@router.get("/matters/{case_id}", operation_id="readMailboxMatter", response_model=LetterMatter)
def read_matter(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _matter(tx, me, case_id)


def _matter(tx: Tx, me: Actor, case_id: UUID) -> dict[str, Any]:
    row = queries.matter(tx, case_id)
    if row is None:
        raise no_such_letter()
    return views.matter(me, row, tx.now)


@router.post("/matters/{case_id}/sort", operation_id="sortMailboxMatter",
             response_model=LetterMatter)  # fmt: skip
def sort_matter(case_id: UUID, body: SortBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Give a matter to a group, which deals with it itself or brings it to a talk."""
    sorting.sort(tx, me, case_id, **{name: getattr(body, name) for name in
                                     ("group_id", "way", "kind", "version")})  # fmt: skip
    return _matter(tx, me, case_id)


@router.get("/violators", operation_id="listMailboxViolators",
            response_model=list[ViolatorView])  # fmt: skip
def list_violators(tx: Db, me: Me) -> list[dict[str, Any]]:
    """件件有落实、事事有回应: what was not sorted, not answered, not kept or not done in time."""
    me.must("case.read")
    return sorting.violators(tx)


@router.get("/postings", operation_id="listMailboxPostings", response_model=list[PostingView])
def list_postings(tx: Db, me: Me) -> list[dict[str, Any]]:
    return [views.posting(me, row) for row in queries.postings(tx)]


@router.put("/postings/{case_id}", operation_id="postMailboxMatter", response_model=PostingView)
def post_matter(case_id: UUID, body: PostBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Show the public what was asked and decided; refused while a text says who somebody is."""
    code = postings.post(
        tx, me, case_id, asked=body.asked, decided=body.decided, mask=body.mask
    )  # fmt: skip
    row = queries.public_posting(tx, code)
    if row is None:
        raise no_such_posting()
    return views.posting(me, row)


@router.delete("/postings/{case_id}", operation_id="withdrawMailboxPosting", status_code=204)
def withdraw_posting(case_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    postings.withdraw(tx, me, case_id)


@router.get("/sheet.pdf", operation_id="mailboxSheet", response_class=Pdf)
def posting_sheet(
    tx: Db, me: Me, area: Annotated[str, Query(max_length=60, pattern=r"^[0-9]*$")] = ""
) -> Response:
    """The printed sheet of an area's postings, with a code on each that shows how far it is."""
    me.must("mailbox.post")
    place = atlas.of(tx).codes.get(area) if area else None
    if area and place is None:
        raise no_such_posting()
    return Pdf(
        sheets.sheet(tx, place, zone=ZoneInfo(rules(tx).calendar.zone)),
        headers={"Content-Disposition": 'inline; filename="mailbox.pdf"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip
