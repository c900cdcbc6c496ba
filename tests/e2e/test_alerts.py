"""Early warnings at the desk: tried, switched on, answered, and honest about false alarms."""

from functools import partial

from playwright.sync_api import expect

from tests.alerts.conftest import TUESDAY, look, matter, poured
from tests.e2e.browsing import House
from tests.town import Town
from wangge.cockpit import cubes
from wangge.kernel import clock
from wangge.kernel.db import transaction


def test_a_rule_is_tried_switched_on_answered_and_judged(house: House, town: Town) -> None:
    """From the form's preview to the share of false alarms.

    Seen red with a card that nobody may answer.
    """
    open_tx = partial(transaction, town.cell)
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)
    poured(open_tx, [matter(days, kind="fire_hazard") for days in (20, 9, 1)])
    cubes.keep_up(open_tx)

    admin = house.staff("孔管理")
    admin.open("/desk/rules/alerts")
    rule = admin.page.locator("details").filter(has_text="同一地点安全隐患重复发生")
    rule.locator("summary").click()
    rule.get_by_role("button", name="看过去 30 天会出多少张").click()
    expect(rule.get_by_role("status")).to_contain_text("过去 30 天会出 1 张")
    expect(rule.get_by_role("region")).to_contain_text("反映“安全隐患”3次")
    rule.get_by_label("几天内").fill("25")
    rule.get_by_label("启用这条规则").check()
    admin.page.get_by_role("button", name="预览差别").click()
    admin.page.get_by_role("button", name="保存为新版本").click()
    expect(admin.page.get_by_text("已保存，现为第 1 版")).to_be_visible()

    look(open_tx)
    page = house.staff("陈刚").page
    page.goto(f"{house.origin}/desk/alerts")
    page.get_by_role("link").filter(has_text="25天内相距100米以内").click()
    pane = page.locator(".alert-pane")
    expect(pane).to_contain_text("repeat_hazard（规则第 1 版）")
    expect(pane.locator(".rows li")).to_have_count(3)
    pane.get_by_role("button", name="确认：我来看").click()
    expect(pane).to_contain_text("值班长 陈刚")
    pane.get_by_role("button", name="误报，结束").click()
    pane.get_by_role("button", name="提交").click()
    expect(pane.get_by_role("alert")).to_contain_text("请写明情况或理由")
    pane.get_by_label("为什么是误报").fill("三次都是消防演练")
    pane.get_by_role("button", name="提交").click()
    expect(page.get_by_text("现在没有未结束的预警")).to_be_visible()
    page.get_by_role("button", name="规则和误报").click()
    hazard = page.get_by_role("listitem").filter(has_text="同一地点安全隐患重复发生")
    expect(hazard).to_contain_text("100%")
    expect(hazard).to_contain_text("1 张中 1 张")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Early warnings")
    expect(hazard).to_have_count(0)
    expect(page.get_by_text("1 of 1")).to_be_visible()
