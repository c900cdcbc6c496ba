"""What surveys are made of: the scale of four, the states of a survey, the way an answer came."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

Words = tuple[str, str]
# The lowest first; the two upper ones are the numerator of every result.
SCALES: dict[str, tuple[Words, Words, Words, Words]] = {
    "safe": (
        ("不安全", "unsafe"),
        ("不太安全", "rather unsafe"),
        ("比较安全", "fairly safe"),
        ("安全", "safe"),
    ),
    "satisfied": (
        ("不满意", "dissatisfied"),
        ("不太满意", "rather dissatisfied"),
        ("比较满意", "fairly satisfied"),
        ("满意", "satisfied"),
    ),
}
UPPER = (3, 4)
SKIPPED = 0
# Of fewer answers nothing is told but that there are few.
LEAST = 10
FORMULA: Words = (
    f"选了四档里上面两档的 ÷ 回答了这一题的；没答的不算。不足 {LEAST} 份的不显示，也推算不出来。",
    (
        f"the two upper of four answers ÷ those who answered this question. Below {LEAST} answers"
        " nothing is shown, nor can it be reckoned from the rest."
    ),
)


class State(StrEnum):
    """A survey's way; what it found is read only after ``closed``, by everybody when released."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"


class Way(StrEnum):
    """How an answer came: by the code, from whoever wished, or on paper from who was asked."""

    PUBLIC = "public"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Question:
    """One question in both languages; English may be left out."""

    zh: str
    en: str
    scale: str


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """A survey as it is written: where, when, what is asked, how many sheets are planned."""

    id: UUID
    title: str
    area_id: UUID
    opens_on: date
    closes_on: date
    planned: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's answers: 1 to 4 for each question, 0 where it was skipped."""

    id: UUID
    area_id: UUID | None
    answers: tuple[int, ...]


PERIOD = re.compile(r"^(\d{4})(?:年?Q([1-4])|[-/年.](\d{1,2})月?|年)?$", re.IGNORECASE)


def period_of(words: str) -> tuple[date, date] | None:
    """First and last day of ``2025``, ``2025Q1`` or ``2025-03``; None if it is none of them."""
    found = PERIOD.match(words.strip())
    if found is None or not 1950 <= int(found[1]) <= 2150:
        return None
    year, months = int(found[1]), (1, 12)
    if found[2]:
        months = (3 * int(found[2]) - 2, 3 * int(found[2]))
    elif found[3]:
        months = (int(found[3]), int(found[3]))
    if not 1 <= months[0] <= 12:
        return None
    after = date(year + months[1] // 12, months[1] % 12 + 1, 1)
    return date(year, months[0], 1), after - timedelta(days=1)
