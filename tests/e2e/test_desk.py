"""The desk acts on several cases at once, sees who else is there, and answers from a template."""

from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import House
from tests.e2e.pages import at_desk
from tests.town import Town

LAMP = "东方社区{}号楼路灯不亮了"


def test_several_cases_at_once_a_colleague_beside_and_a_template(house: House, town: Town) -> None:
    """Keys alone choose; the page shows what would happen before it happens.

    Seen red with the preview's answer drawn from the list instead of the server: the case that a
    colleague had accepted meanwhile stood among those that would move.
    """
    worker = town.person("lihong")
    lamps = [told(LAMP.format(n), channel="worker") for n in (1, 2, 3)]
    made = [worker.post("/cases", lamp).json()["id"] for lamp in lamps]
    acceptor = at_desk(house, "郑洁")
    page = acceptor.seat.page
    acceptor.queue("待受理")
    expect(acceptor.rows()).to_have_count(3)
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_text("已选 3 件")).to_be_visible()
    page.get_by_role("button", name="一起办理").click()
    many = page.get_by_role("article", name="一起办理 3 件")
    expect(many.get_by_label("办什么")).to_have_value("accept")
    taken(town.person("dutyleader"), made[1], "accept", type="waterlogging")

    many.get_by_role("button", name="先看结果").click()

    expect(many.get_by_role("status")).to_contain_text("可以“受理” 2 件")
    expect(many.get_by_role("listitem").filter(has_text=LAMP.format(2))).to_contain_text("他人更新")
    many.get_by_role("button", name="受理 2 件").click()
    expect(many.get_by_role("status")).to_contain_text("已“受理” 2 件")
    states = {worker.get(f"/cases/{case}").json()["state"] for case in made}
    assert "reported" not in states
    many.get_by_role("button", name="完成").click()

    colleague = at_desk(house, "冯涛")
    colleague.opens(LAMP.format(1), "待派单")
    page.goto(f"{house.origin}/desk/?queue=all&case={made[0]}")
    expect(acceptor.pane.get_by_text("冯涛（派单员）也打开了这件事项")).to_be_visible()
    expect(colleague.pane.get_by_text("郑洁（受理员）也打开了这件事项")).to_be_visible()
    colleague.dispatches("安东区城市管理局")
    colleague.seat.page.keyboard.press("Escape")
    expect(acceptor.pane.get_by_text("也打开了这件事项")).to_have_count(0)

    handler = at_desk(house, "许工")
    handler.opens(LAMP.format(1), "待签收")
    handler.takes("签收")
    form = handler.begins("部门办结")
    form.get_by_label("办理意见").fill("换了灯泡")
    form.get_by_text("套用模板").click()
    form.get_by_role("button", name="存为模板").click()
    form.get_by_label("模板名称").fill("路灯")
    form.get_by_label("模板内容").fill("您反映的事项（")
    form.get_by_role("button", name="编号").click()
    form.get_by_role("button", name="保存").click()
    form.get_by_role("button", name="路灯").click()
    form.get_by_role("button", name="用这段答复").click()
    number = worker.get(f"/cases/{made[0]}").json()["number"]
    expect(form.get_by_label("对外答复")).to_have_value(f"您反映的事项（{number}")
