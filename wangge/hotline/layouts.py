"""Which column of a hotline's export means what, and how a row becomes a report."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from re import compile as pattern
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from wangge.areas.models import Area, Level
from wangge.cases.models import Mode
from wangge.dispatch.directory import Directory
from wangge.hotline.headings import FIELDS, NEEDED, Key
from wangge.intake.importing import id_of
from wangge.intake.models import AskerWords, Report
from wangge.kernel.crypto import normal_phone
from wangge.kernel.errors import Invalid
from wangge.papers.tables import Rounded
from wangge.tenant.deadline import deadline
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules

CHANNEL = "hotline"
TIMES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分", "%Y.%m.%d %H:%M",
    "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d",
)  # fmt: skip
DAYS = {"%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"}
SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0 has no zone
DURATION = pattern(r"(\d{1,3})个?(工作日|工作时|工作小时|小时|自然日|天|日)内?(?:办结|答复)?")
UNITS = {"工作日": "WD", "工作时": "WH", "工作小时": "WH", "小时": "UH"}
URGENT = {"紧急", "特急", "加急", "急件", "是"}
MAJOR = {"重大", "特别重大"}
SHORTEST_NAME = 3  # an area's name of two characters is found in too many addresses


class Layout(BaseModel):
    """A saved way of reading one hotline's export: our field → its column."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(default="12345", min_length=1, max_length=40)
    columns: dict[Key, str]


@dataclass(frozen=True, slots=True)
class Order:
    """One row that can be taken."""

    line: int
    number: str
    report: Report
    promised_at: datetime | None
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading rows needs to know of the city."""

    rules: Rules
    places: Directory
    names: dict[str, Area]
    now: datetime

    @classmethod
    def of(cls, rules: Rules, places: Directory, now: datetime) -> "Surroundings":
        return cls(rules, places, _names(places), now)

    @property
    def zone(self) -> ZoneInfo:
        return self.rules.calendar.days.zone


def _names(places: Directory) -> dict[str, Area]:
    """Areas by names that mean one area only; 第1网格 means hundreds."""
    found: dict[str, Area] = {}
    twice: set[str] = set()
    for area in places.atlas.areas.values():
        if Level.TOWNSHIP.depth <= area.level.depth < Level.GRID.depth:
            for name in {area.name, area.short_name}:
                if name in found:
                    twice.add(name)
                if len(name) >= SHORTEST_NAME:
                    found[name] = area
    return {name: area for name, area in found.items() if name not in twice}


def check(layout: Layout, columns: list[str]) -> None:
    """Refuse a layout that this file does not fit."""
    words = {one.key: one for one in FIELDS}
    if missing := [words[key] for key in NEEDED if not layout.columns.get(key)]:
        raise Invalid(
            "field_unmatched",
            f"还没有指定列：{'、'.join(one.zh for one in missing)}",
            f"no column is named for: {', '.join(one.en for one in missing)}",
            fields=[one.key for one in missing],
        )
    if absent := [name for name in layout.columns.values() if name and name not in columns]:
        raise Invalid(
            "column_missing",
            f"表中没有这些列：{'、'.join(absent)}",
            f"the table lacks columns: {', '.join(absent)}",
            columns=absent,
        )


def read(line: int, cells: dict[str, str], layout: Layout, known: Surroundings) -> Order:
    """Read one row; refuses with the reason what cannot be taken."""

    def cell(key: Key) -> str:
        return cells.get(layout.columns.get(key, ""), "").strip()

    number = cells.get(layout.columns["number"], "")
    if not number:
        raise Invalid("number_missing", "此行没有工单编号", "this row has no order number")
    if isinstance(number, Rounded):
        raise Invalid(
            "number_rounded",
            f"工单编号 {number} 被表格存成了数字，末几位已丢失：请把该列设为文本后重新导出",
            f"the number {number} was stored as a number and lost its last digits; export as text",
        )
    reported = moment(cell("reported_at"), known.zone) if cell("reported_at") else None
    if reported and reported > known.now + timedelta(days=1):
        raise Invalid("time_in_future", "来电时间晚于现在", "the call lies in the future")
    area = _area(f"{cell('area')} {cell('place_words')}", known)
    return Order(
        line,
        number,
        Report(
            id=id_of(layout.source, number),
            text=cell("text") or cell("title"),
            title=cell("title"),
            channel=CHANNEL,
            kind=_listed(cell("kind"), known.rules, "kinds"),
            type=_type(cell("type"), known.rules),
            level=_level(cell("level"), known.rules),
            reported_at=reported,
            place_words=cell("place_words"),
            area_id=area.id if area else None,
            asker=_asker(cell("name"), cell("phone"), cell("mode")),
            source_ref=f"{layout.source} {number}",
        ),
        _promised(cell("promised_at"), reported or known.now, known),
        cells,
    )


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A time in any of the ways that exports write it, also as a spreadsheet's serial number."""
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        serial = float(text)
    except ValueError:
        serial = 0.0
    if 20_000 < serial < 80_000:
        return (SERIAL_EPOCH + timedelta(seconds=round(serial * 86_400))).replace(tzinfo=zone)
    raise Invalid(
        "bad_time",
        f"看不懂时间“{text}”，应如 2026-11-21 14:05",
        f"cannot read the time '{text}', expected 2026-11-21 14:05",
    )


def _promised(text: str, start: datetime, known: Surroundings) -> datetime | None:
    """The hotline's own limit: a moment, the end of a day, or so long from the call."""
    if not text:
        return None
    if found := DURATION.fullmatch(text.replace(" ", "")):
        limit = Limit.parse(f"{found[1]}{UNITS.get(found[2], 'CD')}")
        return deadline(known.rules.calendar, start, limit).due_at
    read_at = moment(text, known.zone)
    whole_day = any(_fits(text, form) for form in DAYS)
    return read_at + timedelta(days=1) - timedelta(minutes=1) if whole_day else read_at


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 - only the form is asked for
    except ValueError:
        return False
    return True


def _area(words: str, known: Surroundings) -> Area | None:
    """The deepest area that the address names, if it is only one."""
    named = [area for name, area in known.names.items() if name in words]
    if not named:
        return None
    depth = max(area.level.depth for area in named)
    deepest = {area.id: area for area in named if area.level.depth == depth}
    return next(iter(deepest.values())) if len(deepest) == 1 else None


def _listed(text: str, rules: Rules, name: Literal["kinds", "levels"]) -> str:
    rows = getattr(rules.lists, name)
    for row in rows:
        if text and (text == row.zh or row.zh in text or text.lower() == row.en.lower()):
            return str(row.code)
    return ""


def _level(text: str, rules: Rules) -> str:
    codes = {row.code for row in rules.lists.levels}
    for words, code in ((URGENT, "urgent"), (MAJOR, "major")):
        if text in words and code in codes:
            return code
    return _listed(text, rules, "levels")


def _type(text: str, rules: Rules) -> str | None:
    """A type of this city by its name; the last part of a path such as 城市管理/路灯."""
    last = text.replace("／", "/").replace("-", "/").replace(">", "/").split("/")[-1].strip()
    return next((one.code for one in rules.types.leaves if last and last == one.zh), None)


def _asker(name: str, phone: str, mode: str) -> AskerWords | None:
    """A number that is masked or cut off does not keep the matter out; it is left in the order."""
    if not (name or phone):
        return None
    try:
        kept = normal_phone(phone) if phone else ""
    except Invalid:
        kept = ""
    if "匿名" in mode:
        return AskerWords("", "", Mode.ANONYMOUS)
    confidential = mode in {"是", "保密"} and kept
    return AskerWords(name, kept, Mode.CONFIDENTIAL if confidential else Mode.OPEN)
