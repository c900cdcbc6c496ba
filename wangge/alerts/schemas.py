"""The wire shapes of early warnings."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from wangge.alerts.models import Outcome, State
from wangge.cases.schemas import CaseCard, NameView


class AlertWords(BaseModel):
    """Words in both languages."""

    zh: str
    en: str


class AlertTold(BaseModel):
    """Somebody who was told; ``instead_of`` whom, and whether only when the card went up."""

    name: str
    title: str
    instead_of: str = ""
    raised: bool = False


class AlertAnswer(BaseModel):
    name: str
    title: str
    at: datetime


class AlertCard(BaseModel):
    """A card as lists show it; ``words`` are the figures that made it, said as a sentence."""

    id: UUID
    rule: str
    title: NameView
    kind: str
    state: State
    names: list[str]
    level: str
    words: AlertWords
    at: datetime
    due_at: datetime
    late: bool
    escalated_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None
    lon: float | None
    lat: float | None


class AlertPage(BaseModel):
    items: list[AlertCard]
    next: str | None


class AlertView(AlertCard):
    """The whole card: the rule's version, the rows that the reader may see, what he may do."""

    rule_version: int
    first: date
    last: date
    figures: dict[str, Any]
    area_id: UUID
    pos: int
    holder: str
    told: list[AlertTold]
    acknowledged: AlertAnswer | None
    ended: AlertAnswer | None
    reason: str
    case_id: UUID | None
    case_number: str | None
    rows: list[CaseCard]
    may_answer: bool


class AlertRuleRecord(BaseModel):
    """A rule with its record; ``false_share`` in percent of all that ended, null before any did."""

    code: str
    title: NameView
    kind: str
    active: bool
    holder: str
    within: str
    fired: int
    open: int
    ended: int
    false_alarms: int
    cases: int
    escalated: int
    false_share: float | None


class AlertRulePage(BaseModel):
    version: int
    items: list[AlertRuleRecord]


class AlertEnding(BaseModel):
    """``case_id`` only with ``case``: the id of the case that it becomes."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    reason: Annotated[str, Field(max_length=2000)] = ""
    case_id: UUID | None = None


class AlertTrial(BaseModel):
    """A rule as somebody is thinking about it, and over how many days of the past."""

    model_config = ConfigDict(extra="forbid")

    rule: dict[str, Any]
    days: Annotated[int, Field(ge=7, le=90)] = 30


class AlertTrialWeek(BaseModel):
    first: date
    cards: int


class AlertTrialCard(BaseModel):
    first: date
    last: date
    names: list[str]
    words: AlertWords
    lon: float | None
    lat: float | None


class AlertTrialView(BaseModel):
    """``replayed`` is false where the past is not known: then only today was looked at."""

    days: int
    replayed: bool
    cards: int
    per_week: float
    weeks: list[AlertTrialWeek]
    items: list[AlertTrialCard]
    record: AlertRuleRecord | None
