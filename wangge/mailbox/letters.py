"""A letter becomes cases: one for each matter, by the one road in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases.service import locked
from wangge.cases.transcribing import write_down
from wangge.intake.models import AskerWords, Receipt, Report, Source
from wangge.intake.service import receive_many, send_code
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.mailbox import queries
from wangge.mailbox.history import taker_of
from wangge.mailbox.models import LetterKind, Told
from wangge.mailbox.rights import no_such_letter, no_such_opening
from wangge.mailbox.telling import moved
from wangge.people.models import Actor
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

MOST_MATTERS = 10
OTHERWISE = "help"  # what a wish is called where the city's own list has none
SORT_WITHIN = Limit.parse("1WD")
PHOTO_WORDS = "红色信箱来信（照片，内容待分拣时录入）"
LETTER = "select * from mailbox_letters where id = %s for update"
PLACE_OF = "select pos, desk_id from cases where id = %s"
NEXT = "select coalesce(max(seq), 0) as n from mailbox_matters where letter_id = %s"


def code_in(known: Rules, listed: str, code: str, otherwise: str) -> str:
    """The code if this city's list has it; its own word for the same if not."""
    return code if code in known.lists.codes[listed] else otherwise


def take(
    tx: Tx,
    actor: Actor,
    letter_id: UUID,
    *,
    opening_id: UUID,
    told: Sequence[Told],
    file_ids: list[UUID],
    asker: AskerWords | None,
) -> list[Receipt]:
    """A letter out of a box, typed in or photographed; a repeat answers as the first did.

    What is only photographed is one matter at once, so that it has an owner and a clock; further
    matters are added when somebody reads it.
    """
    opening = tx.one(
        "select o.*, b.code, b.name, b.lon, b.lat from mailbox_openings o"
        " join mailboxes b on b.id = o.mailbox_id where o.id = %s",
        [opening_id],
    )
    if opening is None or not _may_take(actor, opening):
        raise no_such_opening()
    if opening["state"] != "opened" or not opening["letters"]:
        raise Refusal(
            "not_opened",
            "请先记录开箱时间和来信数，再录入来信",
            "record the opening and how many letters there were first",
        )
    if not told and not file_ids:
        raise Invalid(
            "field_needed", "请录入来信内容，或拍照上传",
            "type the letter in, or photograph it", field="matters",
        )  # fmt: skip
    standing = tx.one(LETTER, [letter_id])
    if standing is None:
        _check_count(tx, opening)
        _write(
            tx, letter_id,
            {"channel": "box", "mailbox_id": opening["mailbox_id"], "opening_id": opening_id,
             "form": "typed" if told else "photo", "anonymous": asker is None,
             "taken_by": actor.id},
        )  # fmt: skip
    elif (standing["taken_by"], standing["opening_id"]) != (actor.id, opening_id):
        raise _taken()
    matters = told or [Told(letter_id, LetterKind.SUGGESTION, PHOTO_WORDS)]
    return _open(tx, Source(actor), letter_id, opening, matters, file_ids, asker)


def _may_take(actor: Actor, opening: dict[str, Any]) -> bool:
    if not actor.may("case.report"):
        return False
    return opening["opener_id"] == actor.id or actor.may_at(
        "mailbox.run", desk_id=opening["desk_id"]
    )


def _check_count(tx: Tx, opening: dict[str, Any]) -> None:
    row = tx.one("select count(*) as n from mailbox_letters where opening_id = %s", [opening["id"]])
    if row and row["n"] >= opening["letters"]:
        raise Refusal(
            "all_letters_taken",
            f"这次开箱记录的 {opening['letters']} 封信都已录入",
            f"all {opening['letters']} letters of this opening are taken in",
        )


def read_out(tx: Tx, actor: Actor, letter_id: UUID, told: Sequence[Told]) -> list[Receipt]:
    """What somebody reads in a letter: the words of a picture, and further matters.

    A matter that has the id of one of the letter's cases is that case's own words.
    """
    letter = tx.one(LETTER, [letter_id])
    first = queries.of_letter(tx, letter_id)
    if letter is None or not first or not actor.may_at("mailbox.run", desk_id=first[0]["desk_id"]):
        raise no_such_letter()
    known = {one["case_id"]: one for one in first}
    if len(known.keys() | {one.id for one in told}) > MOST_MATTERS:
        raise _too_many()
    for one in told:
        if one.id in known and known[one.id]["text"] == PHOTO_WORDS:
            write_down(tx, locked(tx, one.id), taker_of(actor), one.text)
    fresh = [one for one in told if one.id not in known]
    if not fresh:
        return []
    box = queries.box(tx, letter["mailbox_id"]) if letter["mailbox_id"] else None
    place = box or tx.one("select lon, lat, '' as name from cases where id = %s", [letter_id])
    return _open(tx, Source(actor), letter_id, place or {}, fresh, [], None)


def online(tx: Tx, report: Report, kind: LetterKind) -> Receipt:
    """A letter of the online box: one matter, and its sender's own follow code."""
    known = rules(tx)
    report.channel = code_in(known, "channels", "mailbox", "letter")
    report.kind = code_in(known, "kinds", kind.value, OTHERWISE)
    [receipt] = receive_many(tx, [report], Source())
    if tx.one(LETTER, [report.id]) is None:
        asker = report.asker
        _write(
            tx, report.id,
            {"channel": "online", "mailbox_id": None, "opening_id": None, "form": "typed",
             "anonymous": asker is None or not asker.name.strip(), "taken_by": None},
        )  # fmt: skip
        _enter(tx, report.id, [(report.id, kind)])
    return receipt


def _open(
    tx: Tx,
    source: Source,
    letter_id: UUID,
    box: dict[str, Any],
    told: Sequence[Told],
    file_ids: list[UUID],
    asker: AskerWords | None,
) -> list[Receipt]:
    """All matters or none. The pictures belong to the first, whose case shows them."""
    if not 0 < len(told) <= MOST_MATTERS or len({one.id for one in told}) != len(told):
        raise _too_many()
    known = rules(tx)
    number = (tx.one(LETTER, [letter_id]) or {})["number"]
    reports = [
        Report(
            id=one.id,
            text=one.text,
            channel=code_in(known, "channels", "mailbox", "letter"),
            kind=code_in(known, "kinds", one.kind.value, OTHERWISE),
            lon=box["lon"] if one.lon is None else one.lon,
            lat=box["lat"] if one.lat is None else one.lat,
            place_words=one.place_words or f"红色信箱 {box['name']}".strip(),
            file_ids=[] if n else file_ids,
            asker=asker,
            wants_code=asker is not None,
            source_ref=number,
        )
        for n, one in enumerate(told)
    ]
    receipts = receive_many(tx, reports, source)
    _enter(tx, letter_id, [(one.id, one.kind) for one in told])
    for receipt in receipts:
        send_code(tx, receipt)
    return receipts


def _write(tx: Tx, letter_id: UUID, values: dict[str, Any]) -> None:
    day = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    row = tx.one("select next_case_number('X', %s) as n", [day])
    number = f"X-{day:%Y%m%d}-{row['n'] if row else 0:04d}"
    tx.insert("mailbox_letters", [{"id": letter_id, "number": number, "at": tx.now, **values}])


def _enter(tx: Tx, letter_id: UUID, cases: Sequence[tuple[UUID, LetterKind]]) -> None:
    """The matters of a letter wait to be sorted, each within a working day."""
    row, due = tx.one(NEXT, [letter_id]), due_at(rules(tx).calendar, tx.now, SORT_WITHIN)
    held = {one["case_id"] for one in queries.of_letter(tx, letter_id)}
    fresh = [(case_id, kind) for case_id, kind in cases if case_id not in held]
    tx.insert(
        "mailbox_matters",
        [
            {"case_id": case_id, "letter_id": letter_id, "seq": (row or {"n": 0})["n"] + n,
             "kind": kind.value, "at": tx.now, "sort_due_at": due}
            for n, (case_id, kind) in enumerate(fresh, 1)
        ],
    )  # fmt: skip
    for case_id, _ in fresh:
        place = tx.one(PLACE_OF, [case_id]) or {}
        moved(tx, case_id, "letter", place["pos"], [place["desk_id"]])


def _too_many() -> Invalid:
    return Invalid(
        "bad_matters",
        f"一封信请分成 1 至 {MOST_MATTERS} 件事",
        f"1 to {MOST_MATTERS} matters to a letter",
        field="matters",
    )


def _taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
