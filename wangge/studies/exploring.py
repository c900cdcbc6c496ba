"""The explorer's answer: the figure, its rows by time, area or type, and what it stands beside.

Areas stand in the order of the directory and types in the order of the city's list: nobody is
first. A row is compared with itself, earlier or as usual.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wangge.areas.models import Area
from wangge.cases import satisfied
from wangge.cases.figure_rows import Within
from wangge.cockpit import ground
from wangge.cockpit.panels import unusual
from wangge.kernel.db import Tx
from wangge.people.models import Actor, intervals
from wangge.studies import explore_counts as counts
from wangge.studies import explore_periods as periods
from wangge.studies.explore_counts import Counted, Need, Tally
from wangge.studies.explore_periods import Span
from wangge.studies.explore_question import By, Compare, Question, running
from wangge.studies.metrics import Kind
from wangge.studies.rights import READ
from wangge.tenant.service import rules

ENOUGH = 3  # earlier periods; below that nothing is called usual
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be counted: periods of flows, areas below, areas beside that are in sight."""

    question: Question
    below: tuple[Area, ...]
    beside: tuple[Area, ...]
    beside_hidden: int
    cubes: bool

    @property
    def needs(self) -> list[Need]:
        area = self.question.area_id
        found = [Need("", (), area)]
        if self.question.by is By.AREA:
            found.append(Need("area", tuple(one.id for one in self.below), area))
        if self.question.by is By.TYPE:
            found.append(Need("type", (), area))
        if self.beside:
            above = self.question.area.parent_id if self.question.area else None
            found.append(Need("area", tuple(one.id for one in self.beside), above))
        return found

    @property
    def spans(self) -> list[Span]:
        """Every day that the answer adds up."""
        question = self.question
        found = [question.span]
        parts = question.buckets if question.by is By.TIME else []
        for part in [question.span, *parts]:
            if other := compared_with(question, part, whole=part is question.span):
                found.append(other)
            if question.compare is Compare.USUAL:
                found += periods.earlier(part)
        return periods.joined(found)


def planned(tx: Tx, actor: Actor, question: Question) -> Plan:
    """Which areas there are to count, and whether the cubes may say it."""
    here = ground.of(tx)
    area, below, beside, hidden = question.area, [], [], 0
    if area and question.by is By.AREA:
        below = sorted(here.book.below.get(area.id, []), key=lambda one: one.code)
    if area and question.compare is Compare.BESIDE:
        reach = intervals(actor.reach(READ).scope)
        near = sorted(here.book.below.get(area.parent_id, []), key=lambda one: one.code)
        beside = [one for one in near if here.covered(one, reach)]
        hidden = len(near) - len(beside)
    return Plan(question, tuple(below), tuple(beside), hidden, counts.may_read_cubes(tx, question))


def compared_with(question: Question, span: Span, *, whole: bool) -> Span | None:
    """The earlier period that a period is shown beside; the whole by days, as on all pages."""
    every = "day" if whole else question.every
    match question.compare:
        case Compare.BEFORE:
            return periods.before(span, question.span, every)
        case Compare.YEAR:
            return periods.year_before(span, every)
        case _:
            return None


def answered(tx: Tx, plan: Plan, held: tuple[Tally, Any] | None) -> dict[str, Any]:
    """The answer on the wire; ``held`` is what the cubes said, where they were asked."""
    question = plan.question
    tally: Tally = {}
    if question.metric.kind is Kind.FLOW:
        tally = held[0] if held else counts.from_rows(tx, question, plan.needs, plan.spans)
    begun = counts.begun(tx, question) if question.compare is Compare.USUAL else None
    answer = _Answer(tx, plan, tally, begun)
    return {
        **_told(tx, question),
        "counted_from": "cubes" if held else "rows",
        "true_at": held[1] if held else None,
        "total": answer.line(question.span, whole=True),
        "rows": answer.rows(),
        "beside": answer.beside(),
        "beside_hidden": plan.beside_hidden,
        "map": _map(tx, plan),
    }


def _told(tx: Tx, question: Question) -> dict[str, Any]:
    metric, area = question.metric, question.area
    known = rules(tx).types.by_code
    return {
        "metric": metric.code,
        "kind": metric.kind.value,
        "mean": metric.mean,
        "name": _words(metric.name),
        "formula": _formula(tx, question),
        "first": question.span.first,
        "last": question.span.last,
        "area": area and {"id": area.id, "name": area.name, "above": area.parent_id},
        "types": [{"code": one, "name": _words((known[one].zh, known[one].en))}
                  for one in question.types],
        "by": question.by.value,
        "every": question.every,
        "compare": question.compare.value,
        "as_of": question.as_of,
        "moment": question.moment,
        "whole": question.whole,
    }  # fmt: skip


def _formula(tx: Tx, question: Question) -> dict[str, str]:
    """In the words of the city's setting, where one has a say in it."""
    metric = question.metric
    if metric.kind is Kind.INDICATOR:
        return satisfied.formula(tx, metric.indicator, question.as_of)
    if metric.code == "graded_satisfaction":
        way = satisfied.way(tx, question.as_of)
        zh, en = way.words(question.zone)
        return {
            "zh": f"期内收到的事项，评了{zh} ÷ 评了满意度的",
            "en": f"of cases received in the period: {en} ÷ given a grade",
        }
    return _words(metric.formula)


def _words(pair: tuple[str, str]) -> Words:
    return {"zh": pair[0], "en": pair[1]}


def _map(tx: Tx, plan: Plan) -> dict[str, Any] | None:
    """Where the borders of the rows are, for who may see all of their ground."""
    area = plan.question.area
    shown = area and plan.below and plan.question.whole and plan.below[0].level in ground.SHOWN
    if not area or not shown:
        return None
    return {"edition": ground.of(tx).book.edition, "level": plan.below[0].level.value}


@dataclass(frozen=True, slots=True)
class _Answer:
    """Lines of the answer from what was counted."""

    tx: Tx
    plan: Plan
    tally: Tally
    begun: date | None

    @property
    def question(self) -> Question:
        return self.plan.question

    @property
    def is_flow(self) -> bool:
        return self.question.metric.kind is Kind.FLOW

    def cell(self, span: Span, found: Counted | None, within: Within | None) -> dict[str, Any]:
        found = found or counts.nothing(self.question.metric)
        metric = self.question.metric
        return {
            "first": span.first,
            "last": span.last,
            "value": found.value,
            "n": found.n,
            "of": found.of,
            "left_out": found.left_out,
            "aside": found.aside,
            "figure": "" if metric.mean else metric.figure,
            "below": metric.below,
            "within": within.token if within else None,
        }

    def line(self, span: Span, *, whole: bool = False) -> dict[str, Any]:
        """A period of the whole question."""

        def once(one: Span) -> tuple[Counted, Within]:
            within = self.question.within(self.tx, one)
            if self.is_flow:
                n = counts.summed(self.tally[self.plan.needs[0]].get(None, {}), one)
                return Counted(n=n, value=n), within
            found = counts.counted(self.tx, self.question.metric, within)
            return found.get(None) or counts.nothing(self.question.metric), within

        other = compared_with(self.question, span, whole=whole)
        days = self.tally[self.plan.needs[0]].get(None, {}) if self.is_flow else {}
        return {
            **self.cell(span, *once(span)),
            "before": self.cell(other, *once(other)) if other else None,
            **self._usual(span, days),
        }

    def _usual(self, span: Span, days: dict[Any, int]) -> dict[str, Any]:
        """The mean of eight earlier periods, and whether chance would bring what is there now."""
        open_ended = running(self.question, span)
        if self.question.compare is not Compare.USUAL:
            return {"usual": None, "unusual": False, "running": open_ended}
        begun = self.begun
        earlier = [one for one in periods.earlier(span) if begun and one.first >= begun]
        usual = None
        if len(earlier) >= ENOUGH:
            usual = round(sum(counts.summed(days, one) for one in earlier) / len(earlier), 1)
        judged = not open_ended and unusual(counts.summed(days, span), usual)
        return {"usual": usual, "unusual": judged, "running": open_ended}

    def rows(self) -> list[dict[str, Any]]:
        match self.question.by:
            case By.TIME:
                return [
                    {"key": str(span.first), "name": None, "leads_on": False, **self.line(span)}
                    for span in self.question.buckets
                ]
            case By.AREA:
                return self._keyed("area", self._areas(self.plan.below), rest=True)
            case _:
                return self._keyed("type", None)

    def _areas(self, areas: Iterable[Area]) -> list[tuple[UUID, Words, bool]]:
        below = ground.of(self.tx).book.below
        return [
            (one.id, _words((one.short_name or one.name,) * 2), bool(below.get(one.id)))
            for one in areas
        ]

    def beside(self) -> list[dict[str, Any]]:
        """The areas beside it that the reader sees whole, in the order of the directory."""
        if not self.plan.beside:
            return []
        return self._keyed("area", self._areas(self.plan.beside), beside=True)

    def _keyed(
        self,
        key: str,
        named: list[tuple[Any, Words, bool]] | None,
        *,
        rest: bool = False,
        beside: bool = False,
    ) -> list[dict[str, Any]]:
        """A line for each area or type, of the whole period."""
        question, span = self.question, self.question.span
        above = question.area.parent_id if beside and question.area else question.area_id
        other = compared_with(question, span, whole=True)
        now, then = (
            self._by(key, one, above, beside=beside) if one else {} for one in (span, other)
        )
        need = self._need(key, beside=beside)
        named = named if named is not None else self._types(now)
        found = []
        for one, name, leads_on in named:
            narrow = self._narrowed(key, one)
            days = self.tally[need].get(one, {}) if self.is_flow else {}
            found.append({
                "key": str(one), "name": name, "leads_on": leads_on,
                **self.cell(span, now.get(one), narrow(span)),
                "before": self.cell(other, then.get(one), narrow(other)) if other else None,
                **self._usual(span, days),
            })  # fmt: skip
        if rest and (left := self._rest(now)) is not None:
            found.append({"key": "", "name": None, "leads_on": False,
                          **self.cell(span, left, None), "before": None,
                          "usual": None, "unusual": False, "running": False})  # fmt: skip
        return found

    def _need(self, key: str, *, beside: bool) -> Need:
        return self.plan.needs[-1 if beside else 1 if key else 0]

    def _by(self, key: str, span: Span, above: UUID | None, *, beside: bool) -> dict[Any, Counted]:
        if self.is_flow:
            days = self.tally[self._need(key, beside=beside)]
            sums = {one: counts.summed(line, span) for one, line in days.items()}
            return {one: Counted(n=n, value=n) for one, n in sums.items() if n}
        within = self.question.within(self.tx, span).narrowed(area=above)
        areas = self.plan.beside if beside else self.plan.below
        places = [one.id for one in areas]
        return counts.counted(self.tx, self.question.metric, within, key, places, above)

    def _narrowed(self, key: str, one: Any) -> Callable[[Span], Within]:
        def within(span: Span) -> Within:
            narrow = {"area": one} if key == "area" else {"types": (one,)}
            return self.question.within(self.tx, span).narrowed(**narrow)

        return within

    def _types(self, now: dict[str, Counted]) -> list[tuple[str, Words, bool]]:
        """Those that are there, in the order of the city's list; what has none stands last."""
        known = rules(self.tx).types
        order = {one.code: n for n, one in enumerate(known.types)}
        return [
            (code, _words((known.by_code[code].zh, known.by_code[code].en)) if code in order
             else _words((code or "还没有定类型", code or "no type yet")), False)
            for code in sorted(now, key=lambda one: (order.get(one, len(order)), one))
        ]  # fmt: skip

    def _rest(self, now: dict[Any, Counted]) -> Counted | None:
        """What lies in none of the areas below; of counts alone, for shares are not added up."""
        if not self.is_flow:
            found = now.get(None)
            return found if found and (found.n or found.of) else None
        whole = counts.summed(self.tally[self.plan.needs[0]].get(None, {}), self.question.span)
        left = whole - sum(one.n or 0 for one in now.values())
        return Counted(n=left, value=left) if left else None
