"""Spreadsheets and CSV, row by row, with cells that can never become formulas."""

import csv as writing
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# What a spreadsheet program would run or call when such a CSV is opened.
_RUNS = re.compile(r"^[\s\u200b\ufeff]*[=+\-@|%\t\r]|^[\t\r\n]")
_PHONE = re.compile(r"^[+-]?[\d .-]+$")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL = 32_767  # characters a cell of Excel holds


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` finds the value in a row; ``width`` in characters; ``shown`` turns it into a cell."""

    key: str
    zh: str
    en: str
    width: int = 16
    shown: Callable[[Any], Any] | None = None

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}".strip()

    def value(self, row: Mapping[str, Any]) -> Any:
        found = row.get(self.key)
        return self.shown(found) if self.shown and found is not None else found


def xlsx(
    columns: list[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    zone: tzinfo,
    name: str = "事项",
    mark: str = "",
    behind: bytes = b"",
) -> bytes:
    """Write one sheet with a frozen header; moments are shown in the city's zone.

    ``mark`` says on every printed page, and below the last row, who took it out; ``behind`` is the
    picture (PNG) that lies behind the cells, on the screen and on paper.

    Rows are taken one at a time and go to disk at once, so their number costs no memory.
    """
    with tempfile.TemporaryDirectory(prefix="wangge-sheet-") as folder:
        place = Path(folder) / "sheet.xlsx"
        book = xlsxwriter.Workbook(
            str(place),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": folder,
            },
        )
        sheet = book.add_worksheet(name)
        head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True}
        )
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, head)
        sheet.freeze_panes(1, 0)
        try:
            last = _fill(sheet, columns, rows, zone, moment=moment, day=day)
            if mark:
                _sign(sheet, mark, last, behind)
        except BaseException:
            _abandon(book)
            raise
        sheet.autofilter(0, 0, last, len(columns) - 1)
        book.close()
        return place.read_bytes()


def _sign(sheet: Worksheet, mark: str, last: int, behind: bytes) -> None:
    plain = _UNPRINTABLE.sub("", mark)
    said = f"&C{plain.replace('&', '&&')}"
    if behind:
        picture = {"image_left": "mark.png", "image_data_left": io.BytesIO(behind)}
        sheet.set_header(f"&L&G{said}", picture)
        sheet.set_background(io.BytesIO(behind))
    else:
        sheet.set_header(said)
    sheet.set_footer("&C&P / &N")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.write_string(last + 2, 0, plain)


def _abandon(book: xlsxwriter.Workbook) -> None:
    """What broke off is no sheet: nothing is put together of its half, now or when it is freed."""
    for sheet in book.worksheets():
        sheet.row_data_fh.close()
    book.fileclosed = 1


def _fill(
    sheet: Worksheet,
    columns: list[Column],
    rows: Iterable[Mapping[str, Any]],
    zone: tzinfo,
    *,
    moment: Format,
    day: Format,
) -> int:
    """Write the rows below the header as they come; returns the last one's number."""
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = column.value(row)
            if isinstance(value, datetime):
                local = value.astimezone(zone).replace(tzinfo=None)
                sheet.write_datetime(last, at, local, moment)
            elif isinstance(value, date):
                sheet.write_datetime(last, at, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(last, at, value)
            elif isinstance(value, int | float):
                sheet.write_number(last, at, value)
            elif value is not None:
                sheet.write_string(last, at, _UNPRINTABLE.sub("", str(value))[:_CELL])
    return last


def csv(columns: list[Column], rows: Iterable[Mapping[str, Any]], *, zone: tzinfo) -> Iterator[str]:
    """Yield CSV line by line, with the mark that makes Excel read UTF-8."""
    out = io.StringIO()
    writer = writing.writer(out)
    out.write("\ufeff")
    writer.writerow([column.title for column in columns])
    yield out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([_plain(column.value(row), zone) for column in columns])
        yield out.getvalue()


def _plain(value: Any, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool | int | float | date):
        return str(value)
    text = _UNPRINTABLE.sub("", str(value))
    return f"'{text}" if _RUNS.match(text) and not _PHONE.match(text) else text
