"""物业通 and 居民通 on two telephones: a lamp in a stairwell, and what a resident finds out."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.cases.test_within_grid import ruled
from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import photo
from tests.e2e.test_fieldwork import touch
from tests.e2e.test_installed import until
from tests.e2e.test_resident_offline import signs_in
from tests.fieldwork.conftest import GRID, Field
from tests.public_service.test_stations import PLACE
from tests.registers.test_homes import _resident
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

LAMP, ELSEWHERE = "3号楼二单元楼道灯不亮", "河安社区楼道灯不亮"
MAN = "13705460031"
OTHERS = "urban-379901"


def orders(town: Town, web: FastAPI) -> str:
    """One in the estate of 东方物业, sent by the directory; one of another unit; the first id."""
    ruled(town, "routes", routes=[{"type": "corridor_light", "unit": "@property"}])
    client, found = TestClient(web), []
    for text, lon in ((LAMP, 118.1), (ELSEWHERE, 118.3)):
        case = told(text, lon=lon)
        assert client.post("/api/v1/public/cases", json=case).status_code == 200
        taken(town.person("acceptor"), case["id"], "accept", type="corridor_light")
        found.append(case["id"])
    sent = taken(town.person("dispatcher"), found[1], "dispatch", unit_id=town.unit(OTHERS))
    assert sent.status_code == 200, sent.text
    return str(found[0])


def stands(town: Town, case: str) -> tuple[str, list[str]]:
    """Its state and what its pictures show; a picture may come after its step."""
    whole = town.person("acceptor").get(f"/cases/{case}").json()
    return whole["state"], [one["purpose"] for one in whole["files"]]


def test_a_company_mends_a_lamp_shows_its_people_and_tells_its_estate(
    house: House, town: Town, web: FastAPI
) -> None:
    """The manager sees the order of his estate alone, takes it, and ends it with a photo.

    He says what one of his people does and shows her to residents, and writes a notice that the
    community has to let through.

    Seen red with the orders of every company in one list (its query and its policy), and with the
    photo left out of the step.
    """
    case = orders(town, web)
    seat = house.staff("杨经理", PHONE)
    page = seat.page
    expect(page.get_by_role("heading", name="物业通")).to_be_visible()
    expect(page.get_by_role("link").filter(has_text=LAMP)).to_be_visible()
    expect(page.get_by_text(ELSEWHERE)).to_have_count(0)
    touch(page, "button", "居民报修")
    page.get_by_role("link").filter(has_text=LAMP).click()
    touch(page, "button", "签收")
    page.locator("form.step-form").get_by_role("button", name="签收", exact=True).click()
    touch(page, "button", "部门办结")
    form = page.locator("form.step-form")
    form.get_by_label("怎么办的（内部）").fill("换了灯泡")
    form.get_by_label("给反映人的答复").fill("楼道灯亮了")
    form.locator("input[type=file][multiple]").set_input_files([photo("lamp.jpg")])
    expect(form.get_by_text("已存手机", exact=True)).to_be_visible()
    form.get_by_role("button", name="部门办结", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()
    seat.open("/w")
    touch(page, "button", "已办")
    expect(page.get_by_role("link").filter(has_text=LAMP)).to_be_visible()
    until(page, lambda: stands(town, case) == ("checking", ["after"]))

    touch(page, "link", "人员公示")
    page.get_by_label("职责").fill("水电维修")
    page.get_by_role("switch", name="向居民公示").check()
    touch(page, "button", "保存")
    expect(page.get_by_text("已保存")).to_be_visible()
    touch(page, "button", "返回")
    touch(page, "link", "小区公告")
    touch(page, "button", "写一条公告")
    page.get_by_label("标题").fill("周六清洗水箱")
    page.get_by_label("内容").fill("8 时至 12 时停水，请提前接水。")
    touch(page, "button", "提交")
    expect(page.get_by_role("listitem").filter(has_text="周六清洗水箱")).to_contain_text("待批准")
    served = TestClient(web).get(f"/api/v1/public/serve/{GRID}").json()
    assert "水电维修" in str(served)
    assert "周六清洗水箱" not in str(served)


def test_a_resident_finds_a_station_writes_a_wish_and_takes_back_his_consent(
    house: House, town: Town
) -> None:
    """The nearest station with its hours and a number to touch; a wish for the board of wishes.

    What was written down about him at his door stands on his page with its purpose and the day he
    agreed; taken back it is gone from the register, and the desk of wishes has his wish.

    Seen red: with the wish sent as a complaint.
    """
    with transaction(town.cell) as tx:
        tx.run(PLACE, [new_id(), "东方社区党群服务中心", town.area(GRID), 118.1, 37.31])
    lihong = town.person("lihong")
    field = Field(town, _never, town.area(GRID))
    [home] = field.homes(lihong, 1)
    path = f"/registers/homes/{home}"
    assert lihong.post(f"{path}/residents", _resident(field, phone=MAN)).status_code == 200

    here = {"geolocation": {"longitude": 118.1, "latitude": 37.3}, "permissions": ["geolocation"]}
    page = house.resident(PHONE, **here).page
    page.goto(f"{house.origin}/r")
    page.get_by_role("link", name="附近服务站").click()
    touch(page, "button", "用我的位置找")
    station = page.get_by_role("listitem").filter(has_text="东方社区党群服务中心")
    expect(station).to_contain_text(re.compile(r"1\.1 公里|1113 米|1.1 千米"))
    expect(station).to_contain_text(re.compile("现在(开|关)着"))
    expect(station.locator("a[href^='tel:0546']")).to_be_visible()

    page.goto(f"{house.origin}/r/mailbox")
    page.get_by_role("radio", name="微心愿").check()
    page.get_by_label("写在这里").fill("想请人教手机挂号")
    touch(page, "button", "投进信箱")
    expect(page.get_by_role("heading", name="信已投进信箱")).to_be_visible()
    [wish] = town.person("acceptor").get("/cases").json()["items"]
    assert (wish["text"], wish["channel"], wish["kind"]) == ("想请人教手机挂号", "mailbox", "wish")

    signs_in(page, house, town, MAN)
    page.get_by_role("link", name="我们留了您的什么信息").click()
    entry = page.get_by_role("article").filter(has_text="3号楼2单元101")
    expect(entry).to_contain_text("用途：")
    expect(entry).to_contain_text("您同意的")
    touch(page, "button", "撤回同意并删除")
    touch(page, "button", "确定撤回")
    expect(page.get_by_text("走访登记里没有这个号码。")).to_be_visible()
    assert lihong.get(path).json()["residents"] == []


def _never(*_given: Any, **_more: Any) -> Any:
    raise AssertionError("the clock of this day is not touched")
