"""A resident's telephone on its bad days: nothing stands in the way of a report."""

import re

from playwright.sync_api import FilePayload, expect

from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, GARAGE, Resident, photo, resident
from tests.town import Town

PROGRAM: FilePayload = {
    "name": "photo.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"MZ\x90\x00" + b"\x00" * 4000,
}
FAR = {"longitude": 2.35, "latitude": 48.85}
AT_THE_GARAGE = {"longitude": 118.1, "latitude": 37.3}


def test_a_refused_location_is_no_refusal(house: House) -> None:
    person = resident(house)
    person.writes(GARAGE)
    page = person.seat.page
    page.get_by_role("button", name="用我的位置").click()
    expect(page.get_by_text("没有取得定位权限")).to_be_visible()
    page.get_by_label("地点说明").fill("小广场旁边的地下车库")
    person.sends()
    expect(page.get_by_text("位置还没确定")).to_be_visible()


def test_the_device_finds_the_grid(house: House) -> None:
    person = Resident(house.resident(geolocation=AT_THE_GARAGE, permissions=["geolocation"]))
    person.writes(GARAGE)
    page = person.seat.page
    # Allowed before: nobody is asked again.
    expect(page.get_by_text("您现在的位置")).to_be_visible()
    expect(page.locator(".known")).to_contain_text(re.compile("第 ?1 ?网格"))
    person.sends()


def test_outside_the_city_is_said_and_taken(house: House, town: Town) -> None:
    person = Resident(house.resident(geolocation=FAR, permissions=["geolocation"]))
    person.writes(GARAGE)
    expect(person.seat.page.get_by_text("这个位置不在本市网格内")).to_be_visible()
    person.sends()
    lists = town.person("citydesk").get("/cases").json()["items"]
    assert [card["place"]["state"] for card in lists] == ["outside"]


def test_a_wrong_code_is_said_in_plain_words(house: House) -> None:
    house.watch.expect(404, "/public/cases/")
    house.watch.expect(404, "/public/follows/")
    page = house.resident().page
    page.goto(f"{house.origin}/r/matters")
    page.get_by_label("查询码").fill("ABCD-EFGH-JKMN")
    page.get_by_role("button", name="查询").first.click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到这件事")


def test_a_program_called_photo_is_refused_and_the_report_is_not(house: House, town: Town) -> None:
    """The words have their number; the photo arrives, and of the program it is said why not.

    Seen red with the pictures sent before the words.
    """
    house.watch.expect(422, "/public/uploads")
    person = resident(house)
    person.writes(GARAGE)
    page = person.seat.page
    page.locator("input[type=file]").nth(1).set_input_files([PROGRAM, photo()])
    expect(page.get_by_text("已存手机")).to_have_count(2)
    person.names_the_garage()
    with page.expect_response(lambda said: said.request.method == "PATCH" and said.status == 204):
        person.sends()
    expect(page.get_by_text("photo.jpg 传不上去：这个文件不是照片")).to_be_visible()
    card = town.person("acceptor").get("/cases", queue="to_accept").json()["items"][0]
    files = town.person("acceptor").get(f"/cases/{card['id']}").json()["files"]
    assert [file["kind"] for file in files] == ["image"]


def test_a_draft_outlives_the_page(house: House) -> None:
    person = resident(house)
    person.writes(GARAGE)
    page = person.seat.page
    page.locator("input[type=file]").first.set_input_files([photo()])
    expect(page.get_by_text("已存手机")).to_be_visible()
    page.get_by_label("手机号码").fill("13854600001")
    page.reload()
    expect(page.get_by_text("已为您恢复上次没提交的内容")).to_be_visible()
    expect(page.get_by_label("什么事", exact=True)).to_have_value(GARAGE)
    expect(page.get_by_label("手机号码")).to_have_value("13854600001")
    expect(page.locator(".photo-picker li.kept")).to_have_count(1)
    person.sends()
    page.goto(f"{house.origin}/r/report")
    expect(page.get_by_label("什么事", exact=True)).to_have_value("")
    expect(page.locator(".photo-picker li")).to_have_count(0)


def test_large_type_is_larger_and_stays(house: House) -> None:
    page = house.resident().page
    page.goto(f"{house.origin}/r")
    size = "() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
    tap = "() => Math.min(...[...document.querySelectorAll('main a')].map(a => a.offsetHeight))"
    page.get_by_role("link", name="我要反映").wait_for()
    before = page.evaluate(size)
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    assert page.evaluate(size) > before
    assert page.evaluate(tap) >= 56
    page.reload()
    expect(page.get_by_role("button", name="标准版")).to_be_visible()
    # Nothing of a large page is beyond the narrow screen's edge.
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_language_changes_at_a_touch(house: House) -> None:
    page = house.resident().page
    page.goto(f"{house.origin}/r")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Report something")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^en"))
    page.goto(f"{house.origin}/r/report")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    chinese = re.compile("[\u4e00-\u9fff]")
    assert not chinese.search(page.locator("main, form").first.inner_text())


def test_without_webgl_a_list_and_a_picture_stand_for_the_map(house: House, town: Town) -> None:
    person = resident(house)
    person.writes(GARAGE)
    page = person.seat.page
    page.get_by_role("button", name="在地图上选").click()
    expect(page.get_by_text("此设备无法显示地图")).to_be_visible()
    person.names_the_garage()
    person.sends()

    desk = house.staff("郑洁").page
    desk.locator("[data-case]").filter(has_text=FLOODED).click()
    drawn = desk.locator(".place-box img.picture")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("at => at.complete && at.naturalWidth > 0")
