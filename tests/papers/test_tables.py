"""Tables from others: the content decides, not the name; nothing in them is run."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from openpyxl import Workbook

from wangge.kernel.errors import Invalid
from wangge.papers import tables

Lines = list[list[object]]


def workbook(lines: Lines) -> bytes:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD: list[object] = ["工单编号", "诉求内容", "来电时间"]


def test_headings_are_found_below_a_title_and_rows_keep_their_number() -> None:
    table = tables.read(
        workbook(
            [
                ["12345 热线工单导出", None, None],
                HEAD,
                ["A1", "灯坏了", datetime(2026, 11, 20, 8, 30)],  # noqa: DTZ001 - a sheet has none
                [None, None, None],
                ["A2", "停水", "2026-11-20 09:00"],
            ]
        )
    )

    assert table.columns == ["工单编号", "诉求内容", "来电时间"]
    assert [line for line, _ in table.rows] == [3, 5]
    assert table.rows[0][1]["来电时间"] == "2026-11-20 08:30:00"


def test_a_formula_is_text_or_its_shown_value_and_never_run() -> None:
    table = tables.read(workbook([HEAD, ["A1", '=HYPERLINK("http://x","y")', "=1+1"]]))

    # openpyxl writes formulas without a shown value; nobody computes one here.
    assert table.rows[0][1] == {"工单编号": "A1", "诉求内容": "", "来电时间": ""}


def test_a_number_that_lost_its_last_digits_is_known_as_such() -> None:
    table = tables.read(workbook([HEAD, [202611200000012345, "灯", 13812345678]]))

    cells = table.rows[0][1]
    assert isinstance(cells["工单编号"], tables.Rounded)
    assert (cells["来电时间"], type(cells["来电时间"])) == ("13812345678", str)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_of_either_encoding_and_any_separator(encoding: str, separator: str) -> None:
    text = f"工单编号{separator}诉求内容\nA1{separator}灯坏了\n"

    table = tables.read(text.encode(encoding))

    assert table.rows == [(2, {"工单编号": "A1", "诉求内容": "灯坏了"})]


def test_headings_that_stand_twice_are_numbered() -> None:
    assert tables.read("备注,备注,编号\na,b,c\n".encode()).columns == ["备注", "备注 (2)", "编号"]


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return out.getvalue()


def with_part(name: str, body: bytes) -> bytes:
    out = io.BytesIO(workbook([HEAD, ["A1", "灯", ""]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


# Made when asked for: every process of a run reads this, and some are large.
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a program": (lambda: b"MZ\x90\x00\x03" + bytes(range(256)) * 20, "unreadable_table"),
    "an ELF program": (lambda: b"\x7fELF\x02\x01" + bytes(200), "unreadable_table"),
    "a zip that is no workbook": (lambda: packed(**{"a.txt": b"hello"}), "unreadable_table"),
    "half a workbook": (lambda: workbook([HEAD])[:-300], "unreadable_table"),
    "a zip bomb": (lambda: with_part("xl/media/bomb.xml", b"<x>" + b"0" * 60_000_000),
                   "table_too_large"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"sub"), "table_with_macros"),
    "entities": (lambda: with_part("xl/evil.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
                 "unreadable_table"),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_table"),
    "a web page called .xls": (
        lambda: bytes("<html><table><tr><td>工单</td></tr></table>", "utf-8"), "old_table"),
    "nothing": (lambda: b"", "unreadable_table"),
    "one word": (lambda: b"hello", "unreadable_table"),
    "too many rows": (lambda: b"a,b\n" + b"1,2\n" * (tables.MOST_ROWS + 1), "too_many_rows"),
    "too many bytes": (lambda: b"a,b\n" + b"1" * tables.MOST_BYTES, "table_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("what", list(BAD))
def test_what_is_no_harmless_table_is_refused(what: str) -> None:
    made, code = BAD[what]

    with pytest.raises(Invalid, match=code) as refused:
        tables.read(made())

    assert refused.value.zh
    assert refused.value.en
