"""People who serve elsewhere for a while, a group that talks, and many households at once."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.cases.test_households import WATER
from tests.cases.test_loop import told
from tests.e2e.browsing import PHONE, House
from tests.e2e.test_accounts import opens
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import transaction
from wangge.people import posts


def test_one_is_lent_and_is_back_by_himself(house: House, town: Town) -> None:
    """借调 from the administrator's form to the list of both sides, and out of it after its day.

    Seen red with the unit that lends left out of what the form sends: it was a plain post.
    """
    with transaction(town.cell) as tx:
        last = posts.today(tx) + timedelta(days=2)
    admin = house.staff("孔管理").page
    admin.goto(f"{house.origin}/desk/people")
    opens(admin, "沈队")
    panel = admin.get_by_role("region", name="沈队")
    panel.get_by_role("button", name="增加岗位").click()
    form = panel.get_by_role("form", name="增加岗位")
    form.get_by_role("combobox", name="岗位").fill("受理员")
    form.get_by_role("option", name="受理员", exact=True).first.click()
    form.get_by_placeholder("输入单位名称查找").fill("安城市")
    form.get_by_role("option", name="安城市网格化服务管理中心").first.click()
    form.get_by_label("借出单位").select_option(label="安和街道综合执法队")
    form.get_by_role("button", name="任职").click()
    expect(form.get_by_text("借调须写最后一天")).to_be_visible()
    form.get_by_label("最后一天").fill(last.isoformat())
    form.get_by_role("button", name="任职").click()
    expect(panel.get_by_role("status")).to_contain_text("已任职")

    borrower = house.staff("高远", PHONE).page
    borrower.goto(f"{house.origin}/desk/people")
    borrower.get_by_text("借调 1 人").click()
    lent = borrower.get_by_role("listitem").filter(has_text="沈队").first
    expect(lent).to_contain_text("安和街道综合执法队 → 安城市网格化服务管理中心")
    expect(lent).to_contain_text("还有 2 天")

    with transaction(town.cell) as tx:
        clock.advance(tx, timedelta(days=3))
    borrower.reload()
    expect(borrower.get_by_text("借调 0 人")).to_be_visible()


def test_a_group_talks_and_a_matter_of_many_tells_each_household(house: House, town: Town) -> None:
    """Founded on a phone, said on another, made a case at a desk, and answered to all households.

    Seen red with the people of a group's grids left out: the worker found no group on her phone.
    """
    leader = house.staff("吴华", PHONE).page
    leader.goto(f"{house.origin}/w/groups")
    expect(leader.get_by_text("您还不在任何服务小组里")).to_be_visible()
    leader.get_by_role("button", name="组建服务小组").click()
    leader.get_by_role("button", name="组建", exact=True).click()
    expect(leader.get_by_text("请填写").first).to_be_visible()
    leader.get_by_label("小组名称").fill("三号楼停水小组")
    leader.get_by_label("第1网格").check()
    leader.get_by_role("combobox", name="部门、单位").fill("供水")
    leader.get_by_role("option", name="安东区供水公司").first.click()
    leader.get_by_role("button", name="添加该岗位").click()
    leader.get_by_role("button", name="组建", exact=True).click()
    expect(leader.get_by_text("蒋师傅")).to_be_visible()

    worker = house.staff("李红", PHONE).page
    worker.goto(f"{house.origin}/w/groups")
    worker.get_by_role("link", name="三号楼停水小组").click()
    worker.get_by_label("说点什么").fill(WATER)
    worker.get_by_role("button", name="发送").click()
    expect(worker.get_by_role("log").get_by_text(WATER)).to_be_visible()

    unit = house.staff("蒋师傅").page
    unit.goto(f"{house.origin}/desk/groups")
    unit.get_by_role("link", name="三号楼停水小组").click()
    expect(unit.get_by_role("log")).to_contain_text(WATER)
    unit.get_by_role("button", name="转为事件").click()
    expect(unit.get_by_text("已转为事件")).to_be_visible()
    neighbour = house.staff("王强", PHONE).page
    neighbour.goto(f"{house.origin}/w/groups")
    expect(neighbour.get_by_text("您还不在任何服务小组里")).to_be_visible()

    desk = house.staff("郑洁").page
    many = told(WATER, channel="phone")
    assert town.person("acceptor").post("/cases", many).status_code == 200
    desk.goto(f"{house.origin}/desk/?queue=all&case={many['id']}")
    box = desk.locator("details.households")
    box.locator("summary").click()
    box.get_by_label("每行一户").fill(
        "3号楼101 13854610001\n3号楼102 1385461\n3号楼103 13854610003"
    )
    box.get_by_label("用途和来源（留痕）").fill("物业提供名单，仅用于停水通知")
    box.get_by_role("button", name="登记住户").click()
    expect(box.get_by_role("status")).to_contain_text("新增 2 户")
    expect(box.get_by_label("每行一户")).to_have_value("3号楼102 1385461")
    box.get_by_role("button", name="告知已发生（2 户）").click()
    box.get_by_role("button", name="确认发送").click()
    expect(box.get_by_role("status")).to_contain_text("已发出 2 条短信")
    expect(box.get_by_role("button", name="告知已发生（0 户）")).to_be_disabled()
