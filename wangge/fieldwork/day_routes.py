"""Doors of one's own day: the diary that writes itself, the log, one's own figures."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from wangge.fieldwork import diary, rounds
from wangge.fieldwork.day_schemas import DiaryDay, DiaryView, NoteBody, OwnFigures
from wangge.fieldwork.recording import today
from wangge.fieldwork.schemas import ProgressView
from wangge.fieldwork.sheets import diary_sheet
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.people.schemas import Day

router = APIRouter(prefix="/api/v1/fieldwork", tags=["fieldwork"])


def _day(tx: Tx, me: Actor, day: date) -> dict[str, Any]:
    return {
        "day": day,
        "actions": diary.actions(tx, me, day, day),
        "note": diary.note(tx, me, day),
    }


@router.get("/diary", operation_id="readDiary", response_model=DiaryView)
def read_diary(tx: OfficeDb, me: OfficeMe, day: Day | None = None) -> dict[str, Any]:
    """A day of one's own with everything done on it, and the private words; nobody else's."""
    return _day(tx, me, day or today(tx))


@router.put("/diary/{day}/note", operation_id="writeDiaryNote", response_model=DiaryView)
def write_note(day: Day, body: NoteBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """One's own words of a day; the last ones stand."""
    diary.write_note(tx, me, day, body.words)
    return _day(tx, me, day)


@router.get("/diary.pdf", operation_id="printDiary", response_class=Pdf)
def print_diary(
    tx: OfficeDb, me: OfficeMe, day: Day | None = None, *, with_note: bool = False
) -> Response:
    """The day on paper; the private words only if asked for."""
    on = day or today(tx)
    return Pdf(
        diary_sheet(tx, me, on, with_note=with_note),
        headers={"Content-Disposition": f'inline; filename="diary-{on}.pdf"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip


@router.get("/log", operation_id="readWorkLog", response_model=list[DiaryDay])
def read_log(tx: OfficeDb, me: OfficeMe, first: Day, last: Day) -> list[dict[str, Any]]:
    """Day by day what one did: the union of what was recorded, without a score."""
    return diary.days(tx, me, first, last)


@router.get("/mine", operation_id="readOwnFigures", response_model=OwnFigures)
def read_own_figures(tx: Db, me: Me, first: Day, last: Day) -> dict[str, Any]:
    """One's own numbers, for one's own eyes; no door shows another's."""
    begins, _ = rounds.day_span(tx, first)
    _, ends = rounds.day_span(tx, last)
    return {"first": first, "last": last, "items": diary.figures(tx, me.id, begins, ends)}


@router.get("/progress", operation_id="readOwnProgress", response_model=ProgressView)
def read_progress(tx: Db, me: Me) -> dict[str, Any]:
    """How many homes of one's own today; the quota is null where the city has set none."""
    return rounds.progress(tx, me)
