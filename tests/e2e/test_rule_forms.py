"""An administrator changes a case type and the calendar in words, and looks before he saves."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browsing import DESK, PHONE, House
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import transaction

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


def saved(page: Page, *, shows: str, version: int = 1) -> None:
    """Nothing is written before its difference stood on the screen."""
    expect(page.get_by_role("button", name="保存为新版本")).to_have_count(0)
    page.get_by_role("button", name="预览差别").click()
    expect(page.get_by_role("table").first).to_contain_text(shows)
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text(f"已保存，现为第 {version} 版")).to_be_visible()


@SIZES
def test_a_case_type_is_changed_in_words(house: House, town: Town, size: ViewportSize) -> None:
    """Red while the types were nothing but JSON."""
    page = house.staff("孔管理", size).page
    page.goto(f"{house.origin}/desk/rules/types")
    page.get_by_role("combobox", name="事项类型").fill("路灯")
    page.get_by_role("option", name="路灯").first.click()
    limits = page.get_by_role("group", name="各环节时限")
    limits.get_by_label("办理", exact=True).fill("9")
    limits.get_by_label("办理的单位").select_option("CD")
    page.get_by_label("需要处置前照片").check()
    page.get_by_label("为什么需要", exact=True).first.fill("要看清是哪一盏")
    page.get_by_label("为什么需要 · 英文").first.fill("to see which lamp it is")
    page.get_by_label("结案条件").first.fill("灯亮了")
    page.get_by_label("结案条件 · 英文").fill("The lamp is lit")

    saved(page, shows="9CD")

    types = town.person("sysadmin").get("/rules/types").json()["body"]["types"]
    lamp = next(one for one in types if one["code"] == "street_lamp")
    assert lamp["limits"]["handle"] == "9CD"
    assert lamp["closing"] == {"zh": "灯亮了", "en": "The lamp is lit"}
    assert {
        "photo": "before",
        "reason": {"zh": "要看清是哪一盏", "en": "to see which lamp it is"},
    } in (lamp["evidence"])


@SIZES
def test_the_year_that_is_missing_is_said_aloud_and_entered(
    house: House, town: Town, size: ViewportSize
) -> None:
    with transaction(town.cell) as tx:
        clock.set_to(tx, tx.now.replace(year=2026, month=11, day=22))
    page = house.staff("孔管理", size).page
    page.goto(f"{house.origin}/desk/rules/calendar")
    expect(
        page.get_by_role("alert").filter(has_text="2027 年的放假和调休还没有录入")
    ).to_be_visible()

    house.watch.expect(404, "/api/v1/calendar/years/2027")
    house.watch.expect(422, "/api/v1/calendar/years/2027")
    page.get_by_role("button", name="录入 2027 年").click()
    shown = page.get_by_role("button", name="2027", exact=True)
    expect(shown).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="增加放假").click()
    row = page.locator(".year-days li").first
    row.get_by_label("名称").fill("元旦")
    row.get_by_label("英文").fill("New Year")
    saved(page, shows="2027-01-01")

    expect(page.get_by_role("alert").filter(has_text="还没有录入")).to_have_count(0)
    # Red while the days that were shown stayed those of the version before.
    page.get_by_role("button", name="增加调休上班").click()
    extra = page.locator(".year-days li.short")
    extra.get_by_label("名称").fill("元旦调休")
    extra.get_by_label("英文").fill("Make-up day")
    extra.get_by_label("上班日期").fill("2027-01-03")
    saved(page, shows="元旦调休", version=2)
    years = town.person("sysadmin").get("/rules/calendar").json()["body"]["years"]
    assert years["2027"]["holidays"][0]["zh"] == "元旦"
    assert years["2027"]["make_up"][0]["zh"] == "元旦调休"
    assert years["2026"]["holidays"]


def test_the_rule_of_visits_is_changed_in_words(house: House, town: Town) -> None:
    """Red while it was nothing but JSON, and with the kind written beside the row that stood."""
    page = house.staff("孔管理", PHONE).page
    page.goto(f"{house.origin}/desk/rules/visits")
    disabled = page.get_by_role("group", name="残疾人")
    disabled.get_by_label("几天一次").fill("20")
    disabled.get_by_label("要两人同行").check()
    page.get_by_role("group", name="有未拴的狗").get_by_label("要两人同行").check()
    page.get_by_role("group", name="困难家庭").get_by_label("几天一次").fill("")
    expect(page.get_by_label("定每人每天走访几户")).not_to_be_checked()

    saved(page, shows="20")

    body = town.person("sysadmin").get("/rules/visits").json()["body"]
    kinds = {one["kind"]: (one.get("days"), one.get("two")) for one in body["care"] + body["risks"]}
    assert (kinds["disabled"], kinds["dog"]) == ((20, True), (None, True))
    assert "hardship" not in kinds
    assert (body["daily_homes"], body["stretches"]) == (0, False)
