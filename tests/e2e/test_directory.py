"""The dispatch directory is changed without fear: tried first, put in force, brought back."""

import pytest
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.dispatch.test_follows import route, rule
from tests.e2e.browsing import DESK, House
from tests.town import Town


@pytest.mark.usefixtures("worker")
def test_a_row_is_changed_tried_on_past_cases_put_in_force_and_brought_back(
    house: House, town: Town
) -> None:
    """Nothing is offered for saving before it was tried on past cases."""
    rule(town, "routes", routes=[route("neighbourhood", "*", "urban-379901")])
    rule(town, "switches", dry_run_first=True)
    acceptor = town.person("acceptor")
    case = acceptor.post("/cases", told(text="半夜唱歌", channel="phone")).json()["id"]
    taken(acceptor, case, "accept", type="noise")
    page = house.staff("孔管理", DESK).page
    page.goto(f"{house.origin}/desk/rules/routes")

    # Whoever looks for a type finds the row of its class; red while he found nothing.
    page.get_by_label("查找", exact=True).fill("噪声扰民")
    page.get_by_role("button", name="安东区城市管理局").click()
    unit = page.get_by_role("combobox", name="承办单位", exact=False)
    unit.click()
    unit.fill("综合执法队")
    page.get_by_role("option", name="安和街道综合执法队").click()
    page.get_by_role("button", name="预览差别").click()
    expect(page.get_by_text("请先试运行，看过结果再启用。")).to_be_visible()
    expect(page.get_by_role("button", name="启用为新版本")).to_have_count(0)

    page.get_by_role("button", name="开始试运行").click()
    expect(page.get_by_text("1 件事项中，1 件会派到别处")).to_be_visible()
    expect(page.get_by_role("region", name="会派到别处的事项")).to_contain_text(
        "安和街道综合执法队"
    )
    page.get_by_role("button", name="启用为新版本").click()
    expect(page.get_by_text("已保存，现为第 2 版")).to_be_visible()

    page.get_by_role("link", name="全部版本：比较、恢复").click()
    table = page.get_by_role("region", name="将要发生的变化")
    expect(table).to_contain_text("承办单位")
    expect(table).to_contain_text("安东区城市管理局")
    page.get_by_role("button", name="第 1 版").click()
    page.get_by_role("button", name="恢复第 1 版").click()
    page.get_by_label("修改原因").fill("派错了")
    page.get_by_role("button", name="恢复", exact=True).click()
    expect(page.get_by_text("已保存，现为第 3 版")).to_be_visible()
    now = town.person("sysadmin").get("/rules/routes").json()
    assert [row["unit"] for row in now["body"]["routes"]] == ["urban-379901"]
