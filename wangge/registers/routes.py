"""Doors of the registers: homes on one's ground, written down, corrected, and read with a log."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.audit import service as audit
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.registers import cautions, people, queries, service
from wangge.registers.permissions import CONTACT, EDIT, READ, no_such_household
from wangge.registers.schemas import (
    CareBody,
    CautionBody,
    DoubleBody,
    EndCareBody,
    EraseBody,
    HomeCorrectionBody,
    HomeView,
    PlainResident,
    ResidentBody,
    ScreeningAnswer,
    ScreeningBody,
    ScreeningsBody,
    WholeHome,
    WhyBody,
)

router = APIRouter(prefix="/api/v1/registers", tags=["registers"])


@router.get("/homes", operation_id="listHomes", response_model=list[HomeView])
def list_homes(tx: Db, me: Me, area: UUID | None = None) -> list[dict[str, Any]]:
    """The homes on one's ground by address; that they were read is written in the log."""
    me.must(READ)
    rows = queries.homes(tx, area)
    service.read_list(tx, me, area, len(rows))
    return rows


def _whole(tx: Tx, me: Actor, household_id: UUID) -> dict[str, Any]:
    row = queries.home(tx, household_id)
    if row is None or not me.may_at(READ, pos=row["pos"]):
        raise no_such_household()
    audit.record(tx, "registers.read", household_id, "走访、服务和上报", account_id=me.id)
    return {
        **row,
        "residents": queries.residents(tx, household_id),
        "care_entries": queries.care(tx, household_id),
        "cautions": queries.cautions(tx, household_id),
        "changes": queries.changes(tx, [household_id, row["dwelling_id"]]),
        "may_edit": me.may_at(EDIT, pos=row["pos"]),
        "may_contact": me.may_at(CONTACT, pos=row["pos"]),
    }


@router.get("/homes/{household_id}", operation_id="readHome", response_model=WholeHome)
def read_home(household_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _whole(tx, me, household_id)


@router.post("/screenings", operation_id="screenHomes", response_model=list[ScreeningAnswer])
def screen_homes(body: ScreeningsBody, tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """摸排, a session at once: each row is answered for itself, doubles are flagged."""
    return [_screened(tx, me, item) for item in body.items]


def _screened(tx: Tx, me: Actor, item: ScreeningBody) -> dict[str, Any]:
    try:
        with tx.conn.transaction():
            done = service.screen(tx, me, item.id, item.draft())
    except Refusal as no:
        refusal = {"code": no.code, "zh": no.zh, "en": no.en}
        return {"id": item.id, "outcome": "refused", "refusal": refusal}
    outcome = "taken" if done.fresh else "repeated"
    return {"id": item.id, "outcome": outcome, "duplicate_of": done.duplicate_of}


@router.post("/homes/{household_id}/corrections", operation_id="correctHome",
             response_model=WholeHome)  # fmt: skip
def correct_home(
    household_id: UUID, body: HomeCorrectionBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    service.correct(tx, me, body.id, household_id, body.given())
    return _whole(tx, me, household_id)


@router.post("/homes/{household_id}/residents", operation_id="addResident",
             response_model=WholeHome)  # fmt: skip
def add_resident(
    household_id: UUID, body: ResidentBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """With the purpose and the consent it stands on; the answer is masked again."""
    people.add(tx, me, body.id, body.draft(household_id))
    return _whole(tx, me, household_id)


@router.post("/homes/{household_id}/care", operation_id="addCare", response_model=WholeHome)
def add_care(household_id: UUID, body: CareBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    people.care(tx, me, body.id, body.draft(household_id))
    return _whole(tx, me, household_id)


@router.post("/care/{care_id}/end", operation_id="endCare", status_code=204)
def end_care(care_id: UUID, body: EndCareBody, tx: OfficeDb, me: OfficeMe) -> None:
    people.end_care(tx, me, body.id, care_id, words=body.words, found_at=body.found_at)


@router.post("/homes/{household_id}/cautions", operation_id="addCaution",
             response_model=WholeHome)  # fmt: skip
def add_caution(
    household_id: UUID, body: CautionBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """What to mind at this door for a while: about the door, never about somebody."""
    cautions.put(tx, me, body.id, body.draft(household_id))
    return _whole(tx, me, household_id)


@router.post("/cautions/{caution_id}/end", operation_id="endCaution", status_code=204)
def end_caution(caution_id: UUID, body: EndCareBody, tx: OfficeDb, me: OfficeMe) -> None:
    cautions.end(tx, me, caution_id, words=body.words)


@router.post("/residents/{resident_id}/reveal", operation_id="revealResident",
             response_model=PlainResident)  # fmt: skip
def reveal_resident(resident_id: UUID, body: WhyBody, tx: OfficeDb, me: OfficeMe) -> dict[str, str]:
    """One person in full, for a reason that the log keeps."""
    return people.reveal(tx, me, resident_id, body.why)


@router.post("/residents/{resident_id}/erase", operation_id="eraseResident", status_code=204)
def erase_resident(resident_id: UUID, body: EraseBody, tx: OfficeDb, me: OfficeMe) -> None:
    people.erase(tx, me, body.id, resident_id, words=body.words)


@router.post("/dwellings/{dwelling_id}/double", operation_id="settleDouble", status_code=204)
def settle_double(dwelling_id: UUID, body: DoubleBody, tx: OfficeDb, me: OfficeMe) -> None:
    """Say whether a flagged double is the same home."""
    service.settle_double(tx, me, body.id, dwelling_id, same=body.same, found_at=body.found_at)
