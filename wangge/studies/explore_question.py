"""A question to the explorer: what, where, when, of which types, beside what, as of when.

What cannot be had is refused in words; a figure that would be wrong is never given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.areas.models import Area
from wangge.cases import figure_tables, figures
from wangge.cases.figure_rows import Within
from wangge.cockpit import ground
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.people.models import Actor, intervals
from wangge.studies.explore_periods import Span, buckets
from wangge.studies.metrics import Kind, Metric, metric
from wangge.studies.rights import READ
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

MOST_BUCKETS = 62


class By(StrEnum):
    TIME = "time"
    AREA = "area"
    TYPE = "type"


class Compare(StrEnum):
    NONE = "none"
    BEFORE = "before"
    YEAR = "year"
    USUAL = "usual"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it stands in an address; days of the city, both counted."""

    metric: str
    first: date | None = None
    last: date | None = None
    area: UUID | None = None
    types: Sequence[str] = ()
    by: By = By.TIME
    every: str = "day"
    compare: Compare = Compare.NONE
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The same understood: ``codes`` are the types that are asked for and all below them.

    ``whole`` says whether every case of the area is in the reader's sight.
    """

    metric: Metric
    span: Span
    zone: ZoneInfo
    area: Area | None
    types: tuple[str, ...]
    codes: tuple[str, ...]
    by: By
    every: str
    compare: Compare
    as_of: datetime | None
    moment: datetime
    whole: bool

    @property
    def today(self) -> date:
        return self.moment.astimezone(self.zone).date()

    @property
    def area_id(self) -> UUID | None:
        return self.area.id if self.area else None

    @property
    def buckets(self) -> list[Span]:
        """Those that have begun; nothing is said of what is to come."""
        found = buckets(self.span, self.every)
        return [one for one in found if one.first <= self.today]

    def within(self, tx: Tx, span: Span) -> Within:
        """The period as the figures take it."""
        found = figures.within_of(
            tx, span.first, span.last, self.zone, area=self.area_id, as_of=self.as_of
        )
        return found.narrowed(types=self.codes)


def understood(tx: Tx, actor: Actor, asked: Asked) -> Question:
    """Read a question; refuse what nobody could answer rightly."""
    actor.must(READ)
    here, known = ground.of(tx), rules(tx)
    wanted = metric(asked.metric)
    first, last, zone = figures.period(tx, asked.first, asked.last)
    area_id = asked.area
    if area_id is None and (asked.by is By.AREA or asked.compare is Compare.BESIDE):
        widest = here.widest(_reach(actor))
        area_id = figure_tables.own_area(actor) or (widest.id if widest else None)
        area_id = area_id or next(iter(one.id for one in here.book.below[None]), None)
    figures.check_area(tx, area_id)
    area = here.book.area(area_id) if area_id else None
    as_of = asked.as_of if asked.as_of and asked.as_of < tx.now else None
    _refuse(asked, wanted, as_of)
    if asked.by is By.TIME and len(buckets(Span(first, last), asked.every)) > MOST_BUCKETS:
        raise Invalid(
            "too_many_periods",
            f"一次最多分 {MOST_BUCKETS} 段，请改成按周、按月，或缩短期间",
            f"at most {MOST_BUCKETS} parts at once; take weeks or months, or a shorter period",
            field="every",
        )
    return Question(
        wanted, Span(first, last), zone, area, tuple(asked.types), _leaves(known, asked.types),
        asked.by, asked.every, asked.compare, as_of, as_of or tx.now,
        _covers(here, _reach(actor), area),
    )  # fmt: skip


def _reach(actor: Actor) -> tuple[tuple[int, int], ...]:
    return intervals(actor.reach(READ).scope)


def _covers(here: ground.Ground, reach: tuple[tuple[int, int], ...], area: Area | None) -> bool:
    """Whether the reader's ground holds all of the area; without one, all of the city."""
    areas = [area] if area else here.book.below[None]
    return bool(reach) and all(here.covered(one, reach) for one in areas)


def _leaves(known: Rules, types: Sequence[str]) -> tuple[str, ...]:
    """The types that are asked for and those that hang below them."""
    wanted = set(types)
    if strange := wanted - known.types.by_code.keys():
        raise Invalid(
            "no_such_type",
            f"没有这个事项类型：{'、'.join(sorted(strange))}",
            f"there is no such type: {', '.join(sorted(strange))}",
            field="types",
        )
    return tuple(
        one.code for one in known.types.types
        if wanted & {above.code for above in known.types.line(one.code)}
    )  # fmt: skip


def _refuse(asked: Asked, wanted: Metric, as_of: datetime | None) -> None:
    """What no count could answer rightly is said, and nothing is shown in its place."""
    by_type = bool(asked.types) or asked.by is By.TYPE
    if as_of and by_type:
        raise Refusal(
            "no_types_as_of",
            "这个数给不出：事项的类型只留现在的，当时登记的是哪一类没有逐步记下。"
            "请去掉类型，或者看现在的数",
            "this figure cannot be had: only the present type of a case is kept, not what it was"
            " at that moment; leave out the types, or look at the present",
            field="as_of",
        )
    if as_of and not wanted.may_look_back:
        raise Refusal(
            "no_fact_as_of",
            "这个数给不出：这一项要看的申请、回访等没有按当时的样子留下，只能看现在的",
            "this figure cannot be had: the requests and calls it looks at are not kept as they"
            " were; look at the present",
            field="as_of",
        )
    if wanted.kind is Kind.STOCK and (
        asked.by is By.TIME or asked.compare in (Compare.BEFORE, Compare.YEAR)
    ):
        raise Refusal(
            "no_stock_in_time",
            "这个数给不出：在办、超期是一个时刻的数，没有按天留下。请按区域或按类型看；"
            "要看过去某一刻的，填“按当时的情况”",
            "this figure cannot be had: open and overdue are counts of a moment and not kept by"
            " day; look by area or type, or set a moment to look back to",
            field="by",
        )
    if asked.compare is Compare.USUAL and not wanted.may_be_usual:
        raise Refusal(
            "no_usual",
            "这个数给不出：只有收到、结案这样按天计数的指标有“平常”，比率和时长没有",
            "this figure cannot be had: only what is counted by day, such as received or closed,"
            " has a usual; shares and times have none",
            field="compare",
        )


def running(question: Question, span: Span) -> bool:
    """Whether a period is not over at the moment that is spoken of."""
    return span.last >= question.today
