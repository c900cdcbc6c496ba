"""The steps to a deadline, told in sentences of both languages."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.tenant.calendar import Day, Why
from wangge.tenant.limits import Limit

WEEKDAYS = "一二三四五六日"


class Kind(StrEnum):
    """Kinds of steps of an explanation."""

    START = "start"
    OVER = "over"
    SPAN = "span"
    RUN = "run"
    COUNT = "count"
    SKIP = "skip"
    ROLL = "roll"
    STOP = "stop"
    DUE = "due"
    MISSING = "missing"


class Step(NamedTuple):
    """One step to the deadline; ``counted``: days so far, or the minutes that a pause took."""

    kind: Kind
    day: Day
    first: datetime
    last: datetime
    counted: int = 0


class Line(NamedTuple):
    """One sentence of an explanation, in both languages."""

    kind: Kind
    zh: str
    en: str


def explain(
    steps: Sequence[Step], limit: Limit, zone: ZoneInfo, missing_years: Sequence[int]
) -> list[Line]:
    lines: list[Line] = []
    for (kind, why, name), group in groupby(steps, key=_alike):
        same = list(group)
        if kind in (Kind.SKIP, Kind.ROLL):
            lines.append(_skipped(kind, why, name, same))
        else:
            lines.extend(line for step in same for line in _told(step, limit, zone))
    return lines + [
        Line(
            Kind.MISSING,
            f"工作日历里还没有{year}年的放假安排，{year}年的日子暂按平常的周末推算",
            f"The working calendar does not have {year} yet: plain weekdays are counted",
        )
        for year in missing_years
    ]


def _alike(step: Step) -> tuple[Kind, Why | None, str]:
    if step.kind in (Kind.SKIP, Kind.ROLL):
        return step.kind, step.day.why, step.day.name.zh if step.day.name else ""
    return step.kind, None, ""


def _told(step: Step, limit: Limit, zone: ZoneInfo) -> Iterator[Line]:
    zh, en = _day(step.day)
    first, last = step.first.astimezone(zone), step.last.astimezone(zone)
    hours = f"{first:%H:%M}–{_end(first, last)}"
    length_zh, length_en = _length(step)
    match step.kind:
        case Kind.START:
            begins_zh, begins_en = (
                ("从此刻起算", "hours run from here")
                if limit.in_hours
                else ("当日不计，从次日起算", "days count from the next day")
            )
            yield Line(
                step.kind,
                f"{zh} {first:%H:%M} 开始，时限{limit.zh}，{begins_zh}",
                f"Starts {en} {first:%H:%M}; limit {limit.en}; {begins_en}",
            )
        case Kind.OVER:
            yield Line(
                step.kind,
                f"{zh} 当天的工作时间已过，顺延",
                f"{en}: working hours are over for the day",
            )
        case Kind.SPAN:
            yield Line(
                step.kind,
                f"{zh} {hours}，计{length_zh}{_extra(step.day)[0]}",
                f"{en} {hours}: {length_en}{_extra(step.day)[1]}",
            )
        case Kind.RUN:
            yield Line(
                step.kind,
                f"不分昼夜和节假日，连续计{limit.zh}",
                f"{limit.en}, day and night, holidays included",
            )
        case Kind.COUNT:
            yield Line(
                step.kind,
                f"{zh}，第{step.counted}天{_extra(step.day)[0]}",
                f"{en}: day {step.counted}{_extra(step.day)[1]}",
            )
        case Kind.STOP:
            till = last.date() if last.date() != first.date() else None
            yield Line(
                step.kind,
                f"{zh} {first:%H:%M}至{_date_zh(till) + ' ' if till else ''}{last:%H:%M} "
                f"停表，其间{_minutes(step.counted)[0]}不计入时限",
                f"{en} {first:%H:%M} to {f'{till:%a} {till.day} {till:%b} ' if till else ''}"
                f"{last:%H:%M}: the clock stood, {_minutes(step.counted)[1]} do not count",
            )
        case _:
            yield Line(
                step.kind,
                f"到期：{last.year}年{_date_zh(last)} {_end(first, last)}",
                f"Due: {last:%a} {last.day} {last:%b} {last.year} {_end(first, last)}",
            )


def _skipped(kind: Kind, why: Why | None, name: str, steps: list[Step]) -> Line:
    first, last = steps[0].day, steps[-1].day
    span_zh, span_en = _day(first)
    if len(steps) > 1:
        span_zh += f"至{_day(last)[0]}"
        span_en += f" to {_day(last)[1]}"
    english = first.name.en if first.name else "weekend"
    reason_zh, reason_en = (name + "放假", english) if why is Why.HOLIDAY else ("周末", "weekend")
    if kind is Kind.ROLL:
        return Line(
            kind,
            f"期限最后一天逢{reason_zh}（{span_zh}），顺延到之后的第一个工作日",
            f"The last day falls on {span_en} ({reason_en}): moved to the next working day",
        )
    return Line(kind, f"{span_zh} {reason_zh}，不计", f"{span_en}: {reason_en}, not counted")


def _extra(day: Day) -> tuple[str, str]:
    if day.why is Why.MAKE_UP and day.name:
        return f"（{day.name.zh}调休上班）", f" (made up for {day.name.en})"
    return "", ""


def _length(step: Step) -> tuple[str, str]:
    return _minutes(round((step.last - step.first).total_seconds() / 60, 1))


def _minutes(minutes: float) -> tuple[str, str]:
    hours, rest = divmod(minutes, 60)
    zh = (f"{hours:g}小时" if hours else "") + (f"{rest:g}分钟" if rest or not hours else "")
    en = " ".join(
        part
        for part in (f"{hours:g} h" if hours else "", f"{rest:g} min" if rest or not hours else "")
        if part
    )
    return zh, en


def _end(first: datetime, last: datetime) -> str:
    """Midnight reads as the end of the day it closes."""
    midnight = (last.hour, last.minute) == (0, 0) and last.date() > first.date()
    return "24:00" if midnight else f"{last:%H:%M}"


def _day(day: Day) -> tuple[str, str]:
    on = day.date
    return _date_zh(on), f"{on:%a} {on.day} {on:%b}"


def _date_zh(on: date) -> str:
    return f"{on.month}月{on.day}日 周{WEEKDAYS[on.isoweekday() - 1]}"
