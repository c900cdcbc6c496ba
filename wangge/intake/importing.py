"""Matters from a file, through the same intake: a table, a mapping, and an error file."""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import yaml
from psycopg import Rollback
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Invalid, Refusal

BATCH = 500
MOST_FIELD = 1_000_000


class Mapping(BaseModel):
    """How the columns of a foreign table become a report; read from a YAML file.

    ``source`` names where the table comes from: together with the value of ``id`` it makes the
    case's id, so the same row twice makes nothing twice.
    """

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1)
    channel: str = "import"
    encoding: str = "utf-8-sig"
    id: str
    text: str
    title: str = ""
    reported_at: str = ""
    time_formats: list[str] = Field(default_factory=lambda: ["%Y-%m-%d %H:%M:%S"])
    time_zone: str = "Asia/Shanghai"
    kind: str = ""
    kinds: dict[str, str] = Field(default_factory=dict)
    type: str = ""
    types: dict[str, str] = Field(default_factory=dict)
    place_words: str = ""
    lon: str = ""
    lat: str = ""
    name: str = ""
    phone: str = ""


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
    csv.field_size_limit(MOST_FIELD)
    with path.open(encoding=mapping.encoding, newline="") as file:
        reader = csv.DictReader(file)
        needed = {mapping.id, mapping.text} - {""}
        if missing := needed - set(reader.fieldnames or ()):
            raise Invalid(
                "column_missing",
                f"表中没有这些列：{'、'.join(sorted(missing))}",
                f"the table lacks columns: {', '.join(sorted(missing))}",
            )
        yield from enumerate(reader, start=2)


def _report(row: dict[str, str], mapping: Mapping) -> Report:
    def cell(column: str) -> str:
        return (row.get(column) or "").strip() if column else ""

    key = cell(mapping.id)
    if not key:
        raise Invalid("id_missing", "此行没有编号", "this row has no id", field=mapping.id)
    name, phone = cell(mapping.name), cell(mapping.phone)
    lon, lat = cell(mapping.lon), cell(mapping.lat)
    return Report(
        id=id_of(mapping.source, key),
        text=cell(mapping.text) or cell(mapping.title),
        title=cell(mapping.title),
        channel=mapping.channel,
        kind=mapping.kinds.get(cell(mapping.kind), ""),
        type=mapping.types.get(cell(mapping.type)),
        reported_at=_moment(cell(mapping.reported_at), mapping),
        place_words=cell(mapping.place_words),
        lon=float(lon) if lon else None,
        lat=float(lat) if lat else None,
        asker=AskerWords(name, phone) if name or phone else None,
        source_ref=f"{mapping.source} {key}",
    )


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
    reports: list[tuple[int, dict[str, str], Report]] = []
    for line, row in batch:
        outcome.rows += 1
        try:
            reports.append((line, row, _report(row, mapping)))
        except Refusal as refusal:
            _refuse(outcome, line, row, refusal)
        except ValueError as error:
            told = Invalid("bad_value", f"数值有误：{error}", f"not a number: {error}")
            _refuse(outcome, line, row, told)
    source = Source(name=mapping.source)
    try:
        with transaction(cell) as tx:
            _write(tx, [report for _, _, report in reports], source, outcome)
            if dry_run:
                raise Rollback
    except Refusal:
        # One row of the batch is refused: take them one by one to find out which.
        for line, row, report in reports:
            try:
                with transaction(cell) as tx:
                    _write(tx, [report], source, outcome)
                    if dry_run:
                        raise Rollback
            except Refusal as refusal:
                _refuse(outcome, line, row, refusal)


def _write(tx: Tx, reports: list[Report], source: Source, outcome: Outcome) -> None:
    ids = [report.id for report in reports]
    known = {row["id"] for row in tx.rows("select id from cases where id = any(%s)", [ids])}
    receive_many(tx, reports, source)
    fresh = set(ids) - known
    outcome.taken += len(fresh)
    outcome.repeated += len(ids) - len(fresh)


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
