"""Residents' reports: those that wait at the same moment are written in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wangge.cases.opening import taken
from wangge.cases.transcribing import waits_for_an_ear
from wangge.files import uploads
from wangge.files.uploads import Photo
from wangge.intake.models import Answer, Report, Source
from wangge.intake.service import receive_waiting, told
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal, TooMany
from wangge.kernel.gathering import Gathering
from wangge.kernel.limits import Bucket
from wangge.tenant.service import last_read, rules

# A device is held tightly; an address more loosely, because a neighbourhood may share one.
REPORTS = Bucket(rate=1 / 6, burst=20)
REPORTS_HERE = Bucket(rate=2, burst=120)
MOST_WORDS = 10_000
SHORT = 1_000  # words that are looked through before anything else is done


@dataclass(slots=True)
class Said:
    """A report, whose share of the limits it uses, and whether it has used it.

    ``spoken`` and ``photos`` stand beside the words, not among them: they make no repeat another
    report. ``token`` is the hash of the device's word, under which the photos will come.
    """

    report: Report
    device: str
    neighbourhood: str
    spoken: bool = False
    token: bytes | None = None
    photos: list[Photo] = field(default_factory=list)
    counted: bool = False

    @property
    def words(self) -> str:
        return told(self.report.title, "。", self.report.text.strip()[:MOST_WORDS])


def waits_for_nobody(tenant: str, said: Said) -> bool:
    """Whether a report has a transaction of its own: an emergency by the words last read."""
    known, words = last_read(tenant), said.words
    return known is None or len(words) > SHORT or bool(known.matcher(words))


def take(tx: Tx, said: Sequence[Said]) -> list[dict[str, Any] | Refusal]:
    """Open a case for each; what the limits or its own words refuse refuses nobody else's."""
    answers = receive_waiting(tx, [_within_limits(tx, one) for one in said], Source())
    taken_in = zip(said, answers, strict=True)
    if spoken := [a.receipt.id for one, a in taken_in if one.spoken and a.receipt]:
        waits_for_an_ear(tx, spoken)
    return [_receipt(tx, *pair) for pair in zip(said, answers, strict=True)]


def take_one(tx: Tx, said: Said) -> dict[str, Any]:
    (answer,) = take(tx, [said])
    if isinstance(answer, Refusal):
        raise answer
    return answer


def _within_limits(tx: Tx, said: Said) -> Report | Refusal:
    """An emergency passes every limit; what is tried again is counted once."""
    if said.counted:
        return said.report
    urgent = bool(rules(tx).matcher(said.words))
    try:
        REPORTS.take(said.device, bypass=urgent)
        REPORTS_HERE.take(said.neighbourhood, bypass=urgent)
    except TooMany as refusal:
        return refusal
    said.counted = True
    return said.report


def _receipt(tx: Tx, said: Said, answer: Answer) -> dict[str, Any] | Refusal:
    receipt = answer.receipt
    if receipt is None:
        return answer.refusal or taken()
    return receipt.awaiting(photos_of(tx, receipt.id, said.token, said.photos))


def photos_of(tx: Tx, case_id: UUID, token: bytes | None, photos: Sequence[Photo]) -> list[str]:
    """What a report named comes to its case; returns the hashes that are awaited."""
    return uploads.of_device(tx, token, case_id, photos) if token and photos else []


GATHERED: Gathering[Said, dict[str, Any]] = Gathering(take)
