"""From words to cases: one or a thousand matters at once, and what their senders are told."""

from collections.abc import Sequence
from typing import Any

from wangge.cases.models import Opening
from wangge.cases.opening import Opened, open_each, open_many, taken
from wangge.dispatch.directory import Directory
from wangge.intake.models import Answer, Outcome, Receipt, Report, Source
from wangge.intake.reading import Reader, code_hash, code_of, told
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.notices import service as notices
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

__all__ = [
    "code_hash",
    "code_of",
    "heard",
    "opening_of",
    "receive_each",
    "receive_many",
    "receive_waiting",
    "send_code",
    "told",
]


def receive_many(tx: Tx, reports: Sequence[Report], source: Source) -> list[Receipt]:
    """Open a case for each report, in order; all or none. A repeat answers as the first did."""
    reader = Reader(tx, source, in_batch=len(reports) > 1)
    openings = [reader.opening(report) for report in reports]
    opened = open_many(tx, openings)
    return [reader.receipt(*pair) for pair in zip(openings, opened, strict=True)]


def receive_each(tx: Tx, reports: Sequence[Report | Refusal], source: Source) -> list[Answer]:
    """Open a case for each report that can be taken, and answer every one, in order.

    The same as one by one: what is refused refuses nothing else, and ids decide what is a repeat.
    What was refused before it could be read goes in as its refusal and keeps its place.
    """
    return _each(Reader(tx, source, in_batch=len(reports) > 1), tx, reports)


def receive_waiting(tx: Tx, reports: Sequence[Report | Refusal], source: Source) -> list[Answer]:
    """As ``receive_each``, for matters that only came at the same moment: each is told of."""
    return _each(Reader(tx, source), tx, reports)


def _each(reader: Reader, tx: Tx, reports: Sequence[Report | Refusal]) -> list[Answer]:
    read = [reader.try_opening(report) for report in reports]
    openings = [one for one in read if isinstance(one, Opening)]
    opened = iter(open_each(tx, openings))
    return [
        Answer(Outcome.REFUSED, refusal=one)
        if isinstance(one, Refusal)
        else _answer(reader, one, next(opened))
        for one in read
    ]


def opening_of(tx: Tx, known: Rules, places: Directory, report: Report, source: Source) -> Opening:
    """Everything computed for one report at ``tx.now``; nothing is read or written here."""
    return Reader(tx, source, known, places).opening(report)


def _answer(reader: Reader, opening: Opening, opened: Opened) -> Answer:
    if opened.number is None:
        return Answer(Outcome.REFUSED, refusal=taken())
    outcome = Outcome.TAKEN if opened.fresh else Outcome.REPEATED
    return Answer(outcome, receipt=reader.receipt(opening, opened))


TAKEN_DOWN = """
select c.title, k.phone_sealed, k.locale from cases c join case_askers k on k.case_id = c.id
where c.id = %(id)s and k.phone_sealed is not null and not exists (
    select from sms_messages m where m.case_id = c.id and m.purpose = 'taken_down')
"""


def send_code(tx: Tx, receipt: Receipt) -> None:
    """What somebody else took down is still the asker's: his follow code goes to his own phone."""
    row = tx.one(TAKEN_DOWN, {"id": receipt.id}) if receipt.code else None
    if row is None or not rules(tx).switches.sms_to_asker:
        return
    notices.send_sms(
        tx,
        crypto.open_(tx.cell.tenant, row["phone_sealed"]),
        "taken_down",
        {"title": row["title"][:20], "number": receipt.number, "code": receipt.code},
        purpose="taken_down",
        case_id=receipt.id,
        locale=row["locale"],
    )


def heard(tx: Tx, text: str) -> dict[str, Any]:
    """Emergency words in a text, and whom to call at once."""
    found = rules(tx).matcher(text)
    return {
        "groups": found.groups,
        "words": found.words,
        "help": [
            {"name": {"zh": help_.zh, "en": help_.en}, "number": help_.number}
            for help_ in found.help
        ],
    }
