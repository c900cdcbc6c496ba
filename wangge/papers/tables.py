"""Tables that others send, XLSX or CSV: told apart by content, bounded, and never run.

Names of files prove nothing. A program called orders.xlsx is refused, so is a zip that unpacks to
gigabytes; formulas are read as the value that was shown when the file was saved.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from wangge.kernel.errors import Invalid

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_TIMES = 200  # what a spreadsheet's XML packs down to, with room to spare
MOST_ENTRIES = 1000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LOOKED_AT = 10  # rows above the headings: a title, the day of the export
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
SHEET = {"[Content_Types].xml", "xl/workbook.xml"}
SEPARATORS = ",\t;"


class Rounded(str):
    """A long number that the spreadsheet stored as a number and thereby cut to 15 digits."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows with their number as the spreadsheet counts them; cells are text."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


def read(body: bytes) -> Table:
    """Read the first sheet; refuses what is no table, too large, or holds more than data."""
    if len(body) > MOST_BYTES:
        raise _too_large()
    return _table(_sheet(body) if body[:2] == b"PK" else _text_rows(body))


def _sheet(body: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    _inspect(body)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]  # of a read-only book, which the stubs do not know
        sheet.reset_dimensions()  # a file may claim a million columns
        lines = list(
            sheet.iter_rows(
                max_row=MOST_ROWS + LOOKED_AT + 1, max_col=MOST_COLUMNS, values_only=True
            )
        )
        book.close()
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise _unreadable() from error
    yield from enumerate(lines, start=1)


def _inspect(body: bytes) -> None:
    """Look at a zip before anything of it is unpacked."""
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            if not {entry.filename for entry in entries} >= SHEET:
                raise _unreadable()
            total = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            if (
                len(entries) > MOST_ENTRIES
                or total > MOST_UNPACKED
                or total > MOST_TIMES * max(packed, 50_000)
            ):
                raise _too_large()
            for entry in entries:
                if entry.filename.lower().endswith("vbaproject.bin"):
                    raise Invalid(
                        "table_with_macros",
                        "表格里有宏，请另存为不含宏的 .xlsx 再上传",
                        "the workbook holds macros; save it as .xlsx without them",
                        field="file",
                    )
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                            raise _unreadable()
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unreadable() from error


def _text_rows(body: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    start = body[:512].lstrip().lower()
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or start.startswith(
        (b"<html", b"<!doc", b"<table", b"<?xml")
    ):
        raise Invalid(
            "old_table",
            "这是旧版 .xls 或网页格式的表格，请用 Excel 或 WPS 打开后另存为 .xlsx",
            "this is an old .xls or a web page; open it and save it as .xlsx",
            field="file",
        )
    text = _decoded(body)
    head = text[:2000].split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for line in lines:
            yield lines.line_num, line[:MOST_COLUMNS]
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(body: bytes) -> str:
    if b"\0" not in body:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = body.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
                return text
    raise _unreadable()


def _table(lines: Iterable[tuple[int, Sequence[Any]]]) -> Table:
    """Headings are the first row with two filled cells; rows above are titles."""
    columns: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in lines:
        cells = [_text(cell) for cell in line]
        filled = sum(map(bool, cells))
        if not columns:
            if filled > 1:
                columns = _named(cells)
            elif number > LOOKED_AT:
                break
            continue
        if filled:
            rows.append(
                (number, {name: cell for name, cell in zip(columns, cells, strict=False) if name})
            )
        if len(rows) > MOST_ROWS:
            raise Invalid(
                "too_many_rows",
                f"一次最多 {MOST_ROWS} 行，请分几次导入",
                f"{MOST_ROWS} rows at most; send it in parts",
                field="file",
            )
    if not columns:
        raise _unreadable()
    return Table([name for name in columns if name], rows)


def _named(cells: list[str]) -> list[str]:
    """Headings on one line each; one that stands twice is numbered."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.split())
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return names


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M:%S}"
        case int() | float():
            whole = isinstance(cell, int) or cell.is_integer()
            plain = str(int(cell)) if whole else repr(cell)
            return Rounded(plain) if whole and abs(cell) >= 10**EXACT_DIGITS else plain
        case _:
            return str(cell).strip()


def _unreadable() -> Invalid:
    return Invalid(
        "unreadable_table",
        "这不是能读的表格：请上传 .xlsx 或 .csv（看的是内容，不是文件名）",
        "not a readable table: send .xlsx or .csv (its content counts, not its name)",
        field="file",
    )


def _too_large() -> Invalid:
    return Invalid(
        "table_too_large",
        f"表格太大：文件不超过 {MOST_BYTES // 10**6} MB，解开后不超过 {MOST_UNPACKED // 10**6} MB",
        f"too large: at most {MOST_BYTES // 10**6} MB, {MOST_UNPACKED // 10**6} MB unpacked",
        field="file",
    )
