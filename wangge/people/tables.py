"""Tables that people bring: CSV in either encoding or XLSX, as lines of plain text."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from wangge.kernel.errors import Invalid
from wangge.people.models import FIRST_DAY, LAST_DAY


def lines(content: bytes, *, most: int) -> list[list[str]]:
    """Read the first sheet, or a CSV; refuses what is neither. Of a sheet ``most`` rows and two."""
    found = _sheet(content, most) if content[:2] == b"PK" else _csv(content)
    return [[_text(cell) for cell in line] for line in found]


def _sheet(content: bytes, most: int) -> Iterable[Sequence[Any]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise _unreadable() from None
    sheet = book.worksheets[0]
    found = list(sheet.iter_rows(max_row=most + 2, max_col=40, values_only=True))
    book.close()
    return found


def _csv(content: bytes) -> Iterable[Sequence[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise _unreadable()


def _unreadable() -> Invalid:
    return Invalid(
        "unreadable_table", "请上传 CSV 或 XLSX 表格", "send a CSV or XLSX table", field="file"
    )


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def day(row: Mapping[str, str], column: str) -> date | None:
    """Read a day as people write it; refuses what is none."""
    text = row.get(column, "").replace("/", "-").replace(".", "-")
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day
    except ValueError:
        found = date.min
    if found and not FIRST_DAY <= found <= LAST_DAY:
        raise Invalid("bad_date", "日期须如 2026-09-01", "a date is 2026-09-01", field=column)
    return found
