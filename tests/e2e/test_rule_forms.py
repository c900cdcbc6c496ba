"""An administrator changes a case type and the calendar in words, and looks before he saves."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.basemaps.making import Made
from tests.e2e.browsing import DESK, PHONE, House
from tests.e2e.test_accessible import looks
from tests.town import Town
from wangge.basemaps import service
from wangge.kernel import clock
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


def saved(page: Page, *, shows: str, version: int = 1) -> None:
    """Nothing is written before its difference stood on the screen."""
    expect(page.get_by_role("button", name="保存为新版本")).to_have_count(0)
    page.get_by_role("button", name="预览差别").click()
    expect(page.get_by_role("table").filter(has_text=shows).first).to_be_visible()
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

    saved(page, shows="9个自然日")

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


def test_stages_reasons_and_the_ladder_are_changed_in_words(house: House, town: Town) -> None:
    """Red while all three were nothing but JSON.

    Seen red, too, with the roles that the law allows written down when all are ticked.
    """
    page = house.staff("孔管理").page
    page.goto(f"{house.origin}/desk/rules/workflow")
    page.get_by_role("button", name="待受理", exact=True).click()
    page.get_by_label("环节名称", exact=True).fill("等待街道受理")
    page.get_by_label("居民看到的话").first.fill("街道收到了，两小时内回话")
    steps = page.get_by_role("table", name="从这里可以走的步骤")
    steps.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_role("switch", name="启用这一步")).to_be_disabled()
    all_may = page.get_by_role("group", name="哪些岗位可以").get_by_label("受理员")
    all_may.uncheck()
    all_may.check()
    steps.get_by_role("button", name="不予受理", exact=True).click()
    who = page.get_by_role("group", name="哪些岗位可以")
    who.get_by_label("受理员").uncheck()
    page.get_by_role("group", name="必须填写").get_by_label("办理意见").check()
    steps.get_by_role("button", name="派去核实", exact=True).click()
    page.get_by_role("switch", name="启用这一步").uncheck()
    saved(page, shows="等待街道受理")

    told = {"id": str(new_id()), "text": "路灯不亮", "area_code": "3799010010010001"}
    reported = house.resident().page.request.post(f"{house.origin}/api/v1/public/cases", data=told)
    offered = town.person("acceptor").get(f"/cases/{told['id']}").json()["actions"]
    assert not {"decline", "send_verify"} & {one["action"] for one in offered}
    by_leader = town.person("dutyleader").get(f"/cases/{told['id']}").json()["actions"]
    needs = next(one["needs"] for one in by_leader if one["action"] == "decline")
    assert [need["required"] for need in needs if need["field"] == "note"] == [True]
    asker = house.resident().page
    asker.goto(f"{house.origin}/r/m/{reported.json()['code']}")
    expect(asker.get_by_text("街道收到了，两小时内回话").first).to_be_visible()

    page.goto(f"{house.origin}/desk/rules/lists")
    page.get_by_label("哪一份选项").select_option(label="不予受理的理由")
    page.get_by_role("button", name="增加一项").click()
    fresh = page.get_by_role("group", name="新选项")
    fresh.get_by_label("文字", exact=True).fill("属于小区自治事项")
    reason = page.get_by_role("group", name="属于小区自治事项")
    reason.get_by_label("文字 · 英文").fill("For the owners of the estate")
    reason.get_by_label("依据，或要写明什么").first.fill("民法典第二百七十八条")
    reason.get_by_label("依据，或要写明什么 · 英文").fill("Civil Code, art. 278")
    saved(page, shows="属于小区自治事项")

    page.goto(f"{house.origin}/desk/rules/supervision")
    the_ladder_is_changed(page)

    admin = town.person("sysadmin")
    flow = admin.get("/rules/workflow").json()["body"]["actions"]
    assert next(one for one in flow if one["code"] == "accept")["roles"] == []
    rung = admin.get("/rules/supervision").json()["body"]["ladder"][1]
    assert (rung["after"], rung["level"]) == (25, "township")
    assert rung["roles"] == ["duty_leader", "supervisor"]
    listed = admin.get("/rules/lists").json()["body"]["decline_reasons"][-1]
    assert listed["ground"] == {"zh": "民法典第二百七十八条", "en": "Civil Code, art. 278"}


def the_ladder_is_changed(page: Page) -> None:
    first = page.get_by_role("group", name="第 2 级")
    first.get_by_label("超过时限的百分之几").fill("25")
    first.get_by_label("督查员").check()
    page.get_by_role("button", name="增加一级").click()
    page.get_by_role("group", name="第 5 级").get_by_role("button", name="删除这一级").click()
    looks(page)
    saved(page, shows="25")


def test_a_teams_places_and_the_words_that_wake_are_changed_in_words(
    house: House, town: Town
) -> None:
    """Red while both were nothing but JSON. The new word wakes somebody in the next report."""
    page = house.staff("孔管理").page
    page.goto(f"{house.origin}/desk/rules/teams")
    page.get_by_role("button", name="增加名额").click()
    page.get_by_role("group", name="新名额").get_by_label("名额名称", exact=True).fill("网格指导员")
    place = page.get_by_role("group", name="网格指导员")
    place.get_by_label("名额名称 · 英文").fill("Grid adviser")
    place.get_by_label("最少").fill("1")
    place.get_by_role("combobox", name="自动就位的岗位").fill("网格指导员")
    place.get_by_role("option", name="网格指导员").first.click()
    expect(place.get_by_role("button", name="去掉“网格指导员”")).to_be_visible()
    saved(page, shows="Grid adviser")

    page.goto(f"{house.origin}/desk/rules/words")
    page.get_by_text("火情").first.click()
    fire = page.get_by_role("group", name="火情")
    heard = fire.get_by_label("听到这些词")
    heard.fill(f"{heard.input_value()}、窜红龙")
    heard.blur()
    saved(page, shows="窜红龙")

    admin = town.person("sysadmin")
    slot = admin.get("/rules/teams").json()["body"]["slots"][-1]
    assert (slot["least"], slot["most"], slot["roles"]) == (1, None, ["grid_adviser"])
    told = {"id": str(new_id()), "text": "楼上窜红龙了", "area_code": "3799010010010001"}
    house.resident().page.request.post(f"{house.origin}/api/v1/public/cases", data=told)
    assert town.person("acceptor").get(f"/cases/{told['id']}").json()["emergency"] == ["fire"]


def test_a_base_map_is_chosen_in_words(house: House, town: Town, tmp_path: Path) -> None:
    """Seen red with the list of files asked for by nobody."""
    with transaction(town.cell) as tx:
        made = service.take(tx, Made().written(tmp_path / "安城.pmtiles"))
    page = house.staff("孔管理", PHONE).page
    page.goto(f"{house.origin}/desk/rules/basemap")
    page.get_by_role("radio", name="自有文件").check()
    page.get_by_label("底图文件").select_option(label="安城.pmtiles（png，4–8 级，0.0 MB）")
    page.get_by_label("来源和审图号").fill("安城测绘 审图号：鲁S(2026)1号")

    saved(page, shows="自有文件")

    told = town.person("leader").get("/basemap").json()
    assert told["address"] == f"/api/v1/basemap/{made.id}.pmtiles"
    assert told["attribution"] == "安城测绘 审图号：鲁S(2026)1号"


def test_plans_and_the_hosts_of_stills_are_changed_in_words(house: House, town: Town) -> None:
    """Red while both were nothing but JSON. The changed plan makes the next incident's checklist.

    Seen red, too, with the old owner of a step left beside the new one: the form stays with it.
    """
    page = house.staff("孔管理", PHONE).page
    page.goto(f"{house.origin}/desk/rules/plans")
    page.get_by_label("哪一份预案").select_option(label="居民区火情处置")
    call = page.get_by_role("group", name="疏散楼内人员，清点人数，照看老人孩子")
    call.get_by_label("谁做").select_option(label="派单目录里负责这类事的单位")
    call.get_by_role("combobox", name="事项类型").fill("消防")
    call.get_by_role("listbox").get_by_role("option").first.click()
    call.get_by_label("几分钟内").fill("7")
    page.get_by_role("group", name="确认已报 119，派人引导消防车").get_by_role(
        "button", name="下移"
    ).click()
    page.get_by_role("button", name="增加一步").click()
    fresh = page.get_by_role("group", name="第 7 步")
    fresh.get_by_label("第 7 步", exact=True).fill("清点灭火器材")
    page.get_by_role("group", name="清点灭火器材").get_by_label("第 7 步 · 英文").fill("Count it")
    saved(page, shows="清点灭火器材")

    page.goto(f"{house.origin}/desk/rules/video")
    expect(page.get_by_text("没有允许的主机：哪里的截图都不取")).to_be_visible()
    hosts = page.get_by_label("允许取截图的主机")
    hosts.fill("https://Video.example.gov.cn/live/1\n10.1.2.3:8443")
    hosts.blur()
    page.get_by_label("一张截图最多等几秒").fill("4")
    saved(page, shows="video.example.gov.cn")

    admin = town.person("sysadmin")
    plans = admin.get("/rules/plans").json()["body"]["plans"]
    steps = next(one for one in plans if one["code"] == "fire")["steps"]
    assert [one["code"] for one in steps][:2] == ["people", "call119"]
    assert (steps[0]["role"], steps[0]["minutes"]) == (None, 7)
    assert steps[0]["type"]
    assert steps[-1]["zh"] == "清点灭火器材"
    video = admin.get("/rules/video").json()["body"]
    assert (video["hosts"], video["seconds"]) == (["video.example.gov.cn", "10.1.2.3:8443"], 4)
