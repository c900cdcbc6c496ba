"""The grid worker's telephone: done on the spot, and an account opened by its owner."""

import re

from playwright.sync_api import FilePayload, expect

from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import photo
from tests.files.shapes import picture
from tests.town import Town

IN_HIS_GRID = {"longitude": 118.1, "latitude": 37.3}


def after_it() -> FilePayload:
    """Another picture: the same one twice is one file."""
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}


def test_what_is_settled_on_the_spot_is_closed_with_its_proof(house: House, town: Town) -> None:
    """With a picture of before and one of after: each stands at the case as what it is.

    Seen red: with the picture of before left on the phone; with both named after the second.
    """
    seat = house.staff("李红", PHONE, geolocation=IN_HIS_GRID, permissions=["geolocation"])
    page = seat.page
    seat.open("/w/report")
    expect(page.get_by_text("您现在的位置")).to_be_visible()
    page.get_by_label("补充说明").fill("楼道堆放杂物，堵了消防通道")
    page.locator(".type-chips button[aria-pressed]").first.click()
    page.get_by_text("当场已办结").click()
    before = page.locator("section").filter(has=page.get_by_role("heading", name="处置前照片"))
    before.locator("input[type=file][multiple]").set_input_files([photo("before.jpg")])
    expect(before.get_by_text("已存手机")).to_be_visible()
    page.get_by_label("怎么处置的").fill("已联系住户当场搬走")
    after = page.get_by_role("group", name="处置后照片")
    after.locator("input[type=file][multiple]").set_input_files([after_it()])
    expect(after.get_by_text("已存手机")).to_be_visible()
    page.get_by_role("button", name="上报并办结").click()
    expect(page.get_by_role("heading", name="已上报，当场办结")).to_be_visible()
    page.get_by_role("button", name="查看这件事").click()
    expect(page.get_by_text("已联系住户当场搬走").first).to_be_visible()
    pictures = page.locator(".photo-strip.big li")
    expect(pictures.filter(has_text="处置前")).to_have_count(1)
    expect(pictures.filter(has_text="处置后")).to_have_count(1)
    lihong = town.person("lihong")
    case = lihong.get(f"/cases/{page.url.rsplit('/', 1)[-1]}").json()
    shown = {one["purpose"]: one["id"] for one in case["files"]}
    assert sorted(shown) == ["after", "before"]
    [done] = [one for one in case["steps"] if one["action"] == "self_handle"]
    assert done["files"] == [shown["after"]]


def test_a_new_colleague_opens_his_account_himself(house: House, town: Town) -> None:
    house.watch.expect(403, "/me/password")
    house.watch.expect(422, "/me/password")
    house.watch.expect(401, "/session")
    first, second = "院里杨树下的第一句话", "院里柳树下的第二句话"
    grid = town.area("3799010010010001")
    posts = [{"role": "grid_worker", "area_id": grid}]
    made = town.person("sysadmin").post(
        "/people", {"username": "chenxin", "name": "陈新", "posts": posts}
    )
    seat = house.resident()
    page = seat.page
    seat.open("/activate")
    page.get_by_label("用户名").fill("chenxin")
    page.get_by_label("激活码").fill(made.json()["code"])
    page.get_by_label("设置新密码").fill(first)
    page.get_by_label("再输一遍").fill(first + "。")
    page.get_by_role("button", name="开通并登录").click()
    expect(page.get_by_text("两次输入不一样")).to_be_visible()
    page.get_by_label("再输一遍").fill(first)
    page.get_by_role("button", name="开通并登录").click()
    page.wait_for_url(re.compile(r"/w$"))

    seat.open("/w/me")
    page.get_by_role("link", name="修改密码").click()
    page.get_by_label("原密码").fill("不是这一句不是这一句")
    page.get_by_label("设置新密码").fill(second)
    page.get_by_label("再输一遍").fill(second)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_text("原密码不正确")).to_be_visible()
    page.get_by_label("原密码").fill(first)
    page.get_by_role("button", name="保存新密码").click()
    page.wait_for_url(re.compile(r"/w/me$"))

    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="确定退出").click()
    page.get_by_label("用户名").fill("chenxin")
    page.get_by_label("密码", exact=True).fill(first)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("密码", exact=True).fill(second)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"/w$"))
