"""Doors without an account: a letter to the online box, what is posted, and how far it is."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from wangge.files import uploads
from wangge.intake.schemas import PublicReceiptView
from wangge.intake.service import heard
from wangge.kernel import crypto
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, neighbourhood
from wangge.mailbox import letters, postings, queries
from wangge.mailbox.models import LetterKind
from wangge.mailbox.rights import no_such_posting
from wangge.mailbox.schemas import OnlineBody, PublicPage, PublicPosting
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/public/mailbox", tags=["public"])
LOOKS = Bucket(rate=5, burst=120)
# A device is held tightly; an address more loosely, because a neighbourhood may share one.
LETTERS = Bucket(rate=1 / 6, burst=20)
LETTERS_HERE = Bucket(rate=2, burst=120)
DEVICE = "x-device"


@router.post("/letters", operation_id="writeToMailbox", response_model=PublicReceiptView)
def write(body: OnlineBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    """投诉、建议、微心愿: a case like any other. Danger passes every limit."""
    urgent = bool(heard(tx, body.text[:10_000])["groups"])
    here = neighbourhood(request)
    LETTERS.take(f"{here} {request.headers.get(DEVICE, '')[:60]}", bypass=urgent)
    LETTERS_HERE.take(here, bypass=urgent)
    told = body.report("resident")
    told.wants_code = True
    token = crypto.hashed(body.upload_token)
    told.file_token = token if body.upload_token else None
    receipt, photos = letters.online(tx, told, body.kind), [one.photo() for one in body.photos]
    named = photos if body.upload_token else []
    return receipt.awaiting(uploads.of_device(tx, token, receipt.id, named) if named else [])


@router.get("/postings", operation_id="publicPostings", response_model=PublicPage)
def shown(
    tx: PublicDb,
    request: Request,
    area: Annotated[str, Query(max_length=60, pattern=r"^[0-9]*$")] = "",
    kind: LetterKind | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """What became of letters in an area, newest first; ``kind=wish`` is the board of wishes."""
    LOOKS.take(neighbourhood(request))
    found, items = postings.public_page(tx, area, kind, limit)
    return {"area": " ".join(found.names) if found else rules(tx).brand.name.zh, "items": items}


@router.get("/postings/{code}", operation_id="publicPosting", response_model=PublicPosting)
def progress(
    code: Annotated[str, Path(max_length=30)], tx: PublicDb, request: Request
) -> dict[str, Any]:
    """How far it is: what the code on the printed sheet opens. Gone at once when taken down."""
    LOOKS.take(neighbourhood(request))
    row = queries.public_posting(tx, "".join(filter(str.isalnum, code.upper())))
    if row is None:
        raise no_such_posting()
    return postings.public_view(row, rules(tx).calendar.days.zone)
