"""Headings, times and limits as different hotlines write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from wangge.dispatch.directory import directory
from wangge.hotline.headings import guess
from wangge.hotline.layouts import Layout, Surroundings, moment, read
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.papers.tables import Rounded
from wangge.tenant.service import rules

CITY = ZoneInfo("Asia/Shanghai")
LAYOUT = Layout(
    columns={
        "number": "编号",
        "text": "内容",
        "place_words": "地址",
        "type": "类型",
        "promised_at": "时限",
        "mode": "保密",
        "phone": "电话",
        "name": "姓名",
    }
)


@pytest.fixture
def city(tx: Tx) -> Surroundings:
    return Surroundings.of(rules(tx), directory(tx), tx.now)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            [
                "序号",
                "工单号",
                "反映人",
                "联系电话",
                "登记时间",
                "工单标题",
                "反映内容",
                "截止时间",
            ],
            {
                "number": "工单号",
                "name": "反映人",
                "phone": "联系电话",
                "reported_at": "登记时间",
                "title": "工单标题",
                "text": "反映内容",
                "promised_at": "截止时间",
            },
        ),
        (
            ["受理编号*", "诉求内容（必填）", "诉求地址", "所属街道", "工单等级", "是否保密"],
            {
                "number": "受理编号*",
                "text": "诉求内容（必填）",
                "place_words": "诉求地址",
                "area": "所属街道",
                "level": "工单等级",
                "mode": "是否保密",
            },
        ),
        (["a", "b"], {}),
    ],
)
def test_headings_are_matched(columns: list[str], expected: dict[str, str]) -> None:
    assert guess(columns) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-11-20 08:30:00", "2026/11/20 08:30", "2026年11月20日 08:30", "2026年11月20日08时30分",
     "2026.11.20 08:30", "46346.3541666667"],
)  # fmt: skip
def test_times_in_every_writing(text: str) -> None:
    assert moment(text, CITY) == datetime(2026, 11, 20, 8, 30, tzinfo=CITY)


def test_a_time_that_is_none() -> None:
    with pytest.raises(Invalid, match="bad_time"):
        moment("上周五", CITY)


def test_an_address_names_the_deepest_area_or_none(city: Surroundings) -> None:
    def area(words: str) -> str | None:
        order = read(2, {"编号": "1", "内容": "灯", "地址": words}, LAYOUT, city)
        found = city.places.atlas.areas.get(order.report.area_id) if order.report.area_id else None
        return found.name if found else None

    assert area("安城市安和街道东方社区和平路8号") == "东方社区"
    assert area("安和街道滨河路") == "安和街道"
    assert area("东方社区与河安社区交界处") is None
    assert area("第1网格") is None
    assert area("某处") is None


def test_types_by_the_last_part_of_their_path(city: Surroundings) -> None:
    def kind(words: str) -> str | None:
        return read(2, {"编号": "1", "内容": "灯", "类型": words}, LAYOUT, city).report.type

    assert kind("城市管理/公共设施/路灯") == "street_lamp"
    assert kind("路灯") == "street_lamp"
    assert kind("外星人") is None


@pytest.mark.parametrize(
    ("words", "due"),
    [("2026-11-27", "2026-11-27 23:59"), ("2026-11-27 18:00", "2026-11-27 18:00"), ("", None)],
)
def test_a_promise_is_a_moment_or_the_end_of_a_day(
    city: Surroundings, words: str, due: str | None
) -> None:
    order = read(2, {"编号": "1", "内容": "灯", "时限": words}, LAYOUT, city)

    said = order.promised_at.astimezone(CITY) if order.promised_at else None
    assert (f"{said:%F %R}" if said else None) == due


def test_a_confidential_caller_stays_confidential(city: Surroundings) -> None:
    cells = {"编号": "1", "内容": "灯", "姓名": "王小明", "电话": "13905460001", "保密": "是"}
    asker = read(2, cells, LAYOUT, city).report.asker

    assert asker
    assert asker.mode.value == "confidential"


def test_a_number_cut_by_the_spreadsheet_is_refused(city: Surroundings) -> None:
    cells = {"编号": Rounded("202611200000012352"), "内容": "灯"}

    with pytest.raises(Invalid, match="number_rounded"):
        read(2, cells, LAYOUT, city)
