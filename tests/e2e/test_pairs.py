"""Two at a door, a picture of it, and a patrol: on the telephone, without a line."""

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import photo
from tests.e2e.test_fieldwork import homes, touch
from tests.town import Town
from wangge.kernel.db import Cell
from wangge.kernel.ids import new_id

OFFLINE = "没有网络，已存在手机上"
PURPOSE = "独居，定期上门看望"
FOUND = "夜市北口占道经营，消防车过不去"


def two_homes(town: Town, cell: Cell) -> str:
    """Two homes of the first grid; at the first something is to be minded. Returns its id."""
    homes(cell, town, 2)
    lihong = town.person("lihong")
    first, _ = lihong.get("/fieldwork/round").json()["homes"]
    note = {"id": str(new_id()), "kind": "unsafe", "words": "三楼扶手松了",
            "found_at": lihong.get("/tenant").json()["now"]}  # fmt: skip
    answer = lihong.post(f"/registers/homes/{first['id']}/cautions", note)
    assert answer.status_code == 200, answer.text
    return str(first["id"])


def patrol_of(town: Town) -> str:
    """A city that wants stretches, and a walk of this evening with two of them."""
    admin, leader = town.person("sysadmin"), town.person("wuhua")
    known = admin.get("/rules/visits").json()
    body = {"body": {**known["body"], "stretches": True}, "version": known["version"]}
    assert admin.put("/rules/visits", body).status_code == 200
    key, lihong = str(new_id()), town.person("lihong")
    day = lihong.get("/fieldwork/round").json()["day"]
    plan = {
        "area_id": town.area("3799010010010001"), "title": "夜市巡查", "route": "文汇路一线",
        "begins_at": f"{day}T19:00:00+08:00", "ends_at": f"{day}T23:59:00+08:00",
        "account_ids": [lihong.account_id],
        "stretches": [{"begins": "文汇路口", "ends": "为民市场"},
                      {"begins": "为民市场", "ends": "北门"}],
    }  # fmt: skip
    assert leader.put(f"/fieldwork/patrol-plans/{key}", plan).status_code == 200
    return key


def cared_for_without_a_line(page: Page, town: Town, home: str) -> list[str]:
    """Why this home is visited more often, written down at its door; what the register has then."""
    page.context.set_offline(True)
    touch(page, "button", "登记关爱")
    page.get_by_label("类别").select_option(index=0)
    page.get_by_label("做什么用").fill(PURPOSE)
    page.get_by_label("本人（监护人）同意登记").check()
    touch(page, "button", "登记关爱")
    expect(page.get_by_text("已存手机，有网会自动提交")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已同步")).to_be_visible()
    entries = town.person("lihong").get(f"/registers/homes/{home}").json()["care_entries"]
    return [one["purpose"] for one in entries]


def finds(page: Page) -> None:
    page.get_by_role("textbox", name="发现").fill(FOUND)
    page.locator("input[type=file][multiple]").set_input_files([photo("night.jpg")])
    expect(page.get_by_text("照片随发现的问题报到受理台")).to_be_visible()


def pictures_at_the_desk(town: Town) -> list[str]:
    acceptor = town.person("acceptor")
    [card] = [one for one in acceptor.get("/cases").json()["items"] if FOUND in one["text"]]
    return [one["kind"] for one in acceptor.get(f"/cases/{card['id']}").json()["files"]]


def test_two_at_a_door_and_a_walk_without_a_line(house: House, town: Town, cell: Cell) -> None:
    """The phone says before the door that two go, and takes no visit without who comes along.

    The visit with its picture, a care entry of the home, and the ticks of a walk with a picture of
    what it found are kept on the phone and arrive; the pictures stand with the visit on the page of
    the home, and at the desk with the case that was found. An address that leads nowhere says so.

    Seen red with the list not told who must go in pairs, and with the picture of what was found
    left with the walk.
    """
    home, plan = two_homes(town, cell), patrol_of(town)
    lihong = town.person("lihong")
    seat = house.staff("李红", PHONE)
    page = seat.page
    touch(page, "link", "入户走访")
    row = page.get_by_role("article").filter(has_text="3号楼2单元101")
    expect(row).to_contain_text("两人同行 楼道或房屋有危险")
    expect(row.get_by_role("button")).to_have_count(0)
    row.get_by_role("link", name="先选同行的人").click()
    touch(page, "button", "记下")
    expect(page.get_by_role("alert")).to_contain_text("请选同行的人")
    page.get_by_label("同行的人").select_option(label="王强 · 专职网格员 · 第2网格")
    page.locator("input[type=file][multiple]").set_input_files([photo("door.jpg")])
    expect(page.locator(".photo-picker img")).to_be_visible()
    house.watch.no_fault.add("net::ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    touch(page, "button", "记下")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已同步")).to_be_visible()
    seat.open(f"/w/home/{home}")
    visits = page.locator("section").filter(has=page.get_by_role("heading", name="走访记录"))
    expect(visits).to_contain_text("李红、王强")
    expect(visits.get_by_role("button", name="查看第 1 张图片")).to_have_count(1)
    [kept] = lihong.get("/fieldwork/records", household=home).json()
    assert (kept["partner"], kept["alone"], len(kept["files"])) == ("王强", False, 1)

    assert cared_for_without_a_line(page, town, home) == [PURPOSE]

    seat.open("/w/patrols")
    expect(page.get_by_text("路段 0 / 2")).to_be_visible()
    page.context.set_offline(True)
    touch(page, "button", "记一次巡查")
    page.get_by_label("文汇路口 → 为民市场").check()
    touch(page, "button", "先放着")
    touch(page, "button", "记一次巡查")
    expect(page.get_by_label("文汇路口 → 为民市场")).to_be_checked()
    finds(page)
    touch(page, "button", "记下")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("已同步")).to_be_visible()
    assert pictures_at_the_desk(town) == ["image"]
    [shown] = lihong.get("/fieldwork/patrol-plans").json()
    assert shown["id"] == plan
    assert [one["walked"] for one in shown["stretches"]] == [True, False]

    seat.open("/w/no-such-place")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
    page.get_by_role("link", name="回首页").click()
    expect(page.get_by_role("link", name="入户走访")).to_be_visible()
