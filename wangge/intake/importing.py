"""Matters from a file, through the same intake: a table, a mapping, and an error file."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo, available_timezones

import yaml
from psycopg import Rollback
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from wangge.intake.models import Answer, AskerWords, Report, Source
from wangge.intake.models import Outcome as Became
from wangge.intake.service import receive_each
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.place import Datum, to_wgs84
from wangge.papers import tables

BATCH = 500
MOST_FIELD = 1_000_000


Columns = str | list[str]


class Mapping(BaseModel):
    """How the columns of a foreign table become a report; read from a YAML file.

    ``source`` names where the table comes from: together with the value of ``id`` it makes the
    case's id, so the same row twice makes nothing twice. What a table calls by several columns
    (``text``, ``place_words``) is a list of them. Where ``types`` or ``agencies`` are given, a row
    with a type or an agency that is not among them goes to the sorting desk of the city.
    """

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1)
    channel: str = "import"
    encoding: str = "utf-8-sig"
    locale: Literal["zh", "en"] = "zh"
    id: str
    text: Columns
    title: str = ""
    reported_at: str = ""
    time_formats: list[str] = Field(default_factory=lambda: ["%Y-%m-%d %H:%M:%S"])
    time_zone: str = "Asia/Shanghai"
    kind: str = ""
    kinds: dict[str, str] = Field(default_factory=dict)
    type: str = ""
    types: dict[str, str] = Field(default_factory=dict)
    agency: str = ""
    agencies: list[str] = Field(default_factory=list)
    place_words: Columns = ""
    lon: str = ""
    lat: str = ""
    datum: Datum = Datum.WGS84
    name: str = ""
    phone: str = ""

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        """A slip in the name of a zone would put every time off by hours."""
        if name not in available_timezones():
            message = f"no such time zone: {name}"
            raise ValueError(message)
        return name

    @property
    def columns(self) -> list[str]:
        """Every column that the mapping speaks of."""
        single = [
            self.id, self.title, self.reported_at, self.kind, self.type, self.agency,
            self.lon, self.lat, self.name, self.phone,
        ]  # fmt: skip
        return [name for name in (*single, *listed(self.text), *listed(self.place_words)) if name]


def listed(columns: Columns) -> list[str]:
    return [columns] if isinstance(columns, str) else columns


@dataclass
class Outcome:
    """What an import did; ``errors`` are rows with the reason in both languages."""

    rows: int = 0
    taken: int = 0
    repeated: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


def read_mapping(path: Path) -> Mapping:
    try:
        return Mapping.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise Invalid(
            "bad_mapping", f"映射文件有误：{error}", f"the mapping file is not right: {error}"
        ) from error


def _rows(path: Path, mapping: Mapping) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV as they are read, or of the first sheet of a workbook; told by content."""
    with path.open("rb") as start:
        packed = start.read(2) == b"PK"
    if packed:
        table = tables.read(path.read_bytes())
        _check_columns(mapping, table.columns)
        yield from table.rows
        return
    csv.field_size_limit(MOST_FIELD)
    with path.open(encoding=mapping.encoding, newline="") as file:
        reader = csv.DictReader(file)
        _check_columns(mapping, reader.fieldnames or ())
        yield from enumerate(reader, start=2)


def _check_columns(mapping: Mapping, columns: Sequence[str]) -> None:
    if missing := sorted(set(mapping.columns) - set(columns)):
        raise Invalid(
            "column_missing",
            f"表中没有这些列：{'、'.join(missing)}",
            f"the table lacks columns: {', '.join(missing)}",
        )


def _report(row: dict[str, str], mapping: Mapping) -> Report:
    def cell(columns: Columns, between: str = " ") -> str:
        found = [(row.get(column) or "").strip() for column in listed(columns) if column]
        return between.join(filter(None, found))

    key = cell(mapping.id)
    if not key:
        raise Invalid("id_missing", "此行没有编号", "this row has no id", field=mapping.id)
    if isinstance(row.get(mapping.id), tables.Rounded):
        raise Invalid(
            "number_rounded",
            f"编号 {key} 被表格存成了数字，末几位已丢失：请把该列设为文本后重新导出",
            f"the id {key} was stored as a number and lost its last digits; export it as text",
            field=mapping.id,
        )
    name, phone = cell(mapping.name), cell(mapping.phone)
    lon, lat = _place(cell(mapping.lon), cell(mapping.lat), mapping)
    said_type, agency = cell(mapping.type), cell(mapping.agency)
    unknown = (mapping.types and said_type not in mapping.types) or (
        mapping.agencies and agency not in mapping.agencies
    )
    return Report(
        id=id_of(mapping.source, key),
        text=cell(mapping.text, " · ") or cell(mapping.title),
        title=cell(mapping.title),
        channel=mapping.channel,
        kind=mapping.kinds.get(cell(mapping.kind), ""),
        type=mapping.types.get(said_type),
        reported_at=_moment(cell(mapping.reported_at), mapping),
        place_words=cell(mapping.place_words, ", " if mapping.locale == "en" else ""),
        lon=lon,
        lat=lat,
        asker=AskerWords(name, phone) if name or phone else None,
        source_ref=f"{mapping.source} {key}",
        locale=mapping.locale,
        to_sorting_desk=bool(unknown),
    )


def _place(
    lon_text: str, lat_text: str, mapping: Mapping
) -> tuple[float, float] | tuple[None, None]:
    if not (lon_text or lat_text):
        return None, None
    try:
        lon, lat = float(lon_text), float(lat_text)
    except ValueError:
        lon, lat = inf, inf
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Invalid(
            "not_degrees",
            f"坐标不是经纬度：{lon_text or '缺经度'}, {lat_text or '缺纬度'}",
            f"not degrees of longitude and latitude: {lon_text or '?'}, {lat_text or '?'}",
            field=mapping.lon,
        )
    return to_wgs84(lon, lat, mapping.datum)


def id_of(source: str, key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"wangge:{source}:{key}")


def _moment(text: str, mapping: Mapping) -> datetime | None:
    if not text:
        return None
    for form in mapping.time_formats:
        with suppress(ValueError):
            read = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
            return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(mapping.time_zone))
    raise Invalid(
        "bad_time",
        f"看不懂时间“{text}”，应为 {'、'.join(mapping.time_formats)}",
        f"cannot read the time '{text}', expected {', '.join(mapping.time_formats)}",
        field=mapping.reported_at,
    )


def import_file(
    cell: Cell,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    progress: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Take every row that can be taken; a batch is one transaction. ``dry_run`` keeps nothing."""
    with transaction(cell) as tx:
        if not tx.rows("select 1 from areas limit 1"):
            raise Refusal("no_areas_yet", "请先导入区域", "load the areas first")
    outcome = Outcome()
    batch: list[tuple[int, dict[str, str]]] = []
    for numbered in _rows(path, mapping):
        batch.append(numbered)
        if len(batch) == BATCH:
            _take(cell, batch, mapping, outcome, dry_run=dry_run)
            progress(outcome)
            batch = []
    _take(cell, batch, mapping, outcome, dry_run=dry_run)
    progress(outcome)
    return outcome


def _take(
    cell: Cell,
    batch: list[tuple[int, dict[str, str]]],
    mapping: Mapping,
    outcome: Outcome,
    *,
    dry_run: bool,
) -> None:
    told = [_told(row, mapping) for _, row in batch]
    answers: list[Answer] = []
    with transaction(cell) as tx:
        answers = receive_each(tx, told, Source(name=mapping.source))
        if dry_run:
            raise Rollback
    outcome.rows += len(batch)
    for (line, row), answer in zip(batch, answers, strict=True):
        outcome.taken += answer.outcome is Became.TAKEN
        outcome.repeated += answer.outcome is Became.REPEATED
        if answer.refusal:
            _refuse(outcome, line, row, answer.refusal)


def _told(row: dict[str, str], mapping: Mapping) -> Report | Refusal:
    try:
        return _report(row, mapping)
    except Refusal as refusal:
        return refusal


def _refuse(outcome: Outcome, line: int, row: dict[str, str], refusal: Refusal) -> None:
    outcome.errors.append(
        {"line": line, "code": refusal.code, "zh": refusal.zh, "en": refusal.en, **row}
    )


def write_errors(path: Path, outcome: Outcome) -> None:
    """The rows that were not taken, with why, ready to be mended and imported again."""
    if not outcome.errors:
        return
    names = list(dict.fromkeys(name for row in outcome.errors for name in row if name))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(outcome.errors)
