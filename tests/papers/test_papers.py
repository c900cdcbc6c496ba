"""What leaves on paper can be read, scanned, and runs nothing."""

import csv as reading
import gc
import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pypdfium2
import pytest
import typst
import zxingcpp
from openpyxl import load_workbook
from PIL import Image

from wangge.kernel.errors import Refusal
from wangge.papers.models import AskedFor, CaseFile, Group, Line, Picture, ServePoster, Server, Word
from wangge.papers.pdf import case_file, serve_poster, sketch
from wangge.papers.qr import qr_png, qr_svg
from wangge.papers.sheets import Column, csv, xlsx

CITY = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
URL = "http://ancheng.localhost:8000/r/q/7K2M-9QXD-41TB"


def jpeg(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


def a_case(**changes: Any) -> CaseFile:
    fields: dict[str, Any] = {
        "brand": "安城市网格化服务管理中心",
        "number": "379901001-20260301-0007",
        "title": "地下车库漏水",
        "text": "东方社区地下车库水管爆裂，*水* #深 $20 厘米_，请尽快处理。",
        "kind": Word("求助", "help wanted"),
        "type": Word("供水", "water supply"),
        "state": Word("已办结", "closed"),
        "channel": Word("网格员上报", "grid worker"),
        "place": "安东区 › 安和街道 › 东方社区 › 第1网格",
        "received_at": AT,
        "due_at": None,
        "asker": "王** 138****5678",
        "lines": [
            Line(1, AT, Word("派单", "dispatch"), "冯涛", "安和街道网格中心", note="先联系物业"),
            Line(1, AT, Word("办结", "handled"), "蒋师傅", "供水公司", answer="水管已修复。"),
            Line(2, AT, Word("发回重办", "rework"), "王**", "", note="仍在滴水"),
        ],
        "printed_at": AT,
        "printed_by": "郑洁",
        "url": URL,
    }
    return CaseFile(**(fields | changes))


def words(data: bytes) -> str:
    """All words of a PDF without blanks: typesetting puts some between Chinese and Latin."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_a_case_file_holds_the_matter_every_round_and_the_answers() -> None:
    text = words(case_file(a_case(), zone=CITY))
    for expected in (
        "379901001-20260301-0007", "地下车库漏水", "*水* #深 $20 厘米_", "王** 138****5678",
        "2026-03-01 08:30", "派单", "dispatch", "冯涛", "供水公司", "发回重办", "对外答复",
        "水管已修复。", "东方社区", "事项档案", "Case file", "郑洁",
    ):  # fmt: skip
        assert expected.replace(" ", "") in text, expected


def test_internal_notes_are_printed_only_when_asked_for() -> None:
    outside = words(case_file(a_case(), zone=CITY))
    assert "先联系物业" not in outside
    assert "仍在滴水" not in outside
    inside = words(case_file(a_case(internal=True), zone=CITY))
    assert "先联系物业" in inside
    assert "仅供内部使用" in inside


def test_requests_are_printed_inside_with_their_outcome() -> None:
    asked = AskedFor(
        Word("申请延期", "more time"), "城管局 许工（办理人员）", AT, "等配件", AT,
        Word("同意", "granted"), "安和街道网格中心 陈刚", AT, "抓紧", AT,
    )  # fmt: skip
    inside = words(case_file(a_case(internal=True, requests=[asked]), zone=CITY))
    for expected in ("申请与审批", "申请延期", "等配件", "同意", "陈刚", "抓紧"):
        assert expected in inside, expected
    assert "等配件" not in words(case_file(a_case(requests=[asked]), zone=CITY))


def test_photographs_are_in_the_file_with_their_captions() -> None:
    pictures = [Picture("处置前 before", jpeg("red"), AT), Picture("处置后 after", jpeg("green"))]
    reader = pypdf.PdfReader(io.BytesIO(case_file(a_case(pictures=pictures), zone=CITY)))
    shown = [image for page in reader.pages for image in page.images]
    assert len(shown) == 2
    assert "处置前 before" in "".join(page.extract_text() for page in reader.pages)


def test_a_long_history_runs_over_pages_with_its_heading_repeated() -> None:
    line = Line(1, AT, Word("办理", "handle"), "许工", "城市管理局", answer="正在处理" * 30)
    reader = pypdf.PdfReader(io.BytesIO(case_file(a_case(lines=[line] * 40), zone=CITY)))
    assert len(reader.pages) > 4
    assert "办理人" in reader.pages[2].extract_text()


def a_poster(**changes: Any) -> ServePoster:
    fields: dict[str, Any] = {
        "brand": "安城网格",
        "slogan": "有事找网格",
        "area": "第1网格",
        "path": ["安东区", "安和街道", "东方社区", "第1网格"],
        "groups": [
            Group(
                Word("专职网格员", "grid worker"),
                [Server("李红", "巡查、走访、代办", "13805460000")],
            ),
            Group(Word("格警", "grid police officer"), [Server("马警官", "治安", "110")]),
        ],
        "hotline": "0546-12345",
        "supervision_phone": "0546-1234567",
        "url": URL,
        "made_on": date(2026, 3, 1),
    }
    return ServePoster(**(fields | changes))


@pytest.mark.parametrize(("paper", "millimetres"), [("a3", (297, 420)), ("a4", (210, 297))])
def test_a_poster_names_who_serves_and_whom_to_call(
    paper: str, millimetres: tuple[int, int]
) -> None:
    data = serve_poster(a_poster(paper=paper))
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert [round(float(side) / 72 * 25.4) for side in (box.width, box.height)] == list(millimetres)
    text = words(data)
    for expected in (
        "网格服务公示牌", "Who serves here", "东方社区", "专职网格员", "李红", "13805460000",
        "马警官", "0546-12345", "0546-1234567", "2026-03-01", "监督电话",
    ):  # fmt: skip
        assert expected.replace(" ", "") in text, expected
    assert "示意边界" not in text


def test_a_drawn_border_says_that_it_is_a_sketch() -> None:
    ring = [(118.0, 37.2), (118.2, 37.2), (118.2, 37.4), (118.0, 37.4)]
    assert "示意边界，非法定界线" in words(serve_poster(a_poster(border=[ring])))


def test_a_sketch_keeps_the_proportions_of_the_ground() -> None:
    (ring,) = sketch([[(118.0, 60.0), (120.0, 60.0), (120.0, 62.0), (118.0, 62.0)]])
    assert ring[0][1] == 1.0
    assert ring[2][1] == 0.0
    assert ring[1][0] - ring[0][0] == pytest.approx(0.4848, abs=0.001)  # cos 61 degrees
    assert sketch([]) == []


def scanned(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: case_file(a_case(), zone=CITY), id="case"),
        pytest.param(lambda: serve_poster(a_poster()), id="a3"),
        pytest.param(lambda: serve_poster(a_poster(paper="a4")), id="a4"),
    ],
)
def test_the_code_on_paper_is_read_by_a_scanner(data: Callable[[], bytes]) -> None:
    page = pypdfium2.PdfDocument(data())[0]
    assert scanned(page.render(scale=1.5).to_pil()) == [URL]


def test_codes_alone_are_read_too() -> None:
    assert scanned(Image.open(io.BytesIO(qr_png("网格 " + URL)))) == ["网格 " + URL]
    assert qr_svg(URL).startswith("<svg")


def test_without_a_chinese_font_the_package_to_install_is_named() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    with pytest.raises(Refusal) as refused:
        case_file(a_case(), zone=CITY, fonts=bare)
    assert (refused.value.code, refused.value.status) == ("no_chinese_font", 503)
    assert "fonts-noto-cjk" in refused.value.zh
    assert "fonts-noto-cjk" in refused.value.en


COLUMNS = [
    Column("number", "编号", "Number", 24),
    Column("title", "标题", "Title", 40),
    Column("at", "收到时间", "Received", 18),
    Column("day", "日期", "Date"),
    Column("count", "次数", "Count", 8),
    Column("state", "状态", "State", shown=lambda state: {"closed": "已办结"}[state]),
]
EVIL = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    "|calc",
]


def evil_rows() -> Iterator[dict[str, Any]]:
    for count, title in enumerate(EVIL):
        yield {"number": "0012", "title": title, "at": AT, "day": AT.date(), "count": count,
               "state": "closed"}  # fmt: skip
    yield {"number": "x\x00y", "title": "长" * 40_000, "at": None, "state": None}


def test_a_sheet_is_frozen_dated_in_the_city_and_runs_nothing() -> None:
    sheet = load_workbook(io.BytesIO(xlsx(COLUMNS, evil_rows(), zone=CITY))).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [
        "编号 Number", "标题 Title", "收到时间 Received", "日期 Date", "次数 Count", "状态 State",
    ]  # fmt: skip
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width > 35
    for number, title in enumerate(EVIL, start=2):
        assert (sheet.cell(number, 2).value, sheet.cell(number, 2).data_type) == (title, "s")
    assert sheet["A2"].value == "0012"
    assert sheet["C2"].value == datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 - as the sheet shows it
    assert sheet["E3"].value == 1
    assert sheet["F2"].value == "已办结"
    assert sheet["A10"].value == "xy"
    assert len(str(sheet["B10"].value)) == 32_767


def test_an_empty_sheet_still_has_its_header() -> None:
    sheet = load_workbook(io.BytesIO(xlsx(COLUMNS, [], zone=CITY))).active
    assert sheet is not None
    assert sheet.max_row == 1


def test_rows_are_taken_one_at_a_time() -> None:
    """A sheet of 10,000 rows is written while they come, not after they have all come."""
    rows = ({"number": str(n), "at": AT, "count": n} for n in range(10_000))
    data = xlsx(COLUMNS, rows, zone=CITY)
    sheet = load_workbook(io.BytesIO(data), read_only=True).active
    assert sheet is not None
    assert sum(1 for _ in sheet.iter_rows(values_only=True)) == 10_001


def test_csv_opens_in_excel_and_runs_nothing() -> None:
    text = "".join(csv(COLUMNS, evil_rows(), zone=CITY))
    assert text.startswith("\ufeff编号 Number,")
    lines = list(reading.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line[1] for line in lines[1:9]] == ["'" + title for title in EVIL]
    assert lines[1][:1] == ["0012"]
    assert lines[1][2:] == ["2026-03-01 08:30", "2026-03-01", "0", "已办结"]


def test_a_phone_abroad_in_csv_stays_a_phone() -> None:
    column = [Column("phone", "电话", "Phone")]
    text = "".join(csv(column, [{"phone": "+85221234567"}, {"phone": "-5"}], zone=CITY))
    assert text.splitlines()[1:] == ["+85221234567", "-5"]


def test_narrow_cells_are_ragged() -> None:
    """Red when cells were filled out: the words were pressed together and ran over the edge."""
    words = "A B " + "C" * 18
    document = pypdfium2.PdfDocument(
        case_file(a_case(lines=[Line(1, AT, Word("派单", "dispatch"), words)]), zone=CITY)
    )

    assert words not in document[0].get_textpage().get_text_range()


def test_a_sheet_that_broke_off_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when the half was put together as the book was freed, in a folder that was gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[dict[str, Any]]:
        yield from ({"number": str(n)} for n in range(100))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        xlsx(COLUMNS, broken(), zone=CITY)
    gc.collect()

    assert list(tmp_path.iterdir()) == []
