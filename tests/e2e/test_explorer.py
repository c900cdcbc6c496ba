"""The explorer in a browser: one question narrowed, opened, kept, sent, and taken as a picture."""

import io
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.cases.june import GRIDS, pour, read
from tests.e2e.browsing import PHONE, House
from tests.town import Town
from wangge.cockpit import cubes
from wangge.kernel.db import transaction


def assert_leaves(page: Page, answer: Locator) -> None:
    """As a picture that is drawn on, and as a sheet."""
    with page.expect_download() as picture:
        answer.get_by_role("button", name="存图片").click()
    kept = Image.open(io.BytesIO(Path(picture.value.path()).read_bytes()))
    assert kept.format == "PNG"
    assert len(set(kept.convert("RGB").resize((200, 200)).get_flattened_data())) > 5
    with page.expect_download() as sheet:
        answer.get_by_role("link", name="Excel").click()
    assert sheet.value.suggested_filename.endswith(".xlsx")


def test_a_question_is_asked_opened_kept_sent_and_drawn(house: House, town: Town) -> None:
    """By keyboard from the menu to the rows; the link asks the same of a later reader.

    Meant to go red with the map drawn for a reader who sees a part of the ground.
    """
    pour(town)
    with transaction(town.cell) as tx:
        tx.run(
            "update cases set type = 'noise' where pos = (select pos from areas where code = %s)",
            [GRIDS["1"]],
        )
    cubes.keep_up(partial(transaction, town.cell))
    june = [one for one in read() if one.received.month == 6]
    seat = house.staff("何伟")
    house.watch.expect(409, "/api/v1/studies/explorer")
    page = seat.page
    seat.open("/desk/explore")
    expect(page.get_by_role("heading", name="指标分析", exact=True)).to_be_visible()
    answer = page.get_by_role("region", name="结果")
    expect(answer).to_contain_text("期内收到的全部事项")

    page.get_by_label("统计期").select_option(label="上月")
    expect(answer.locator(".value b")).to_have_text(str(len(june)))
    page.get_by_label("指标", exact=True).select_option(label="结案率")
    page.get_by_label("分什么看").select_option(label="下级区域")
    table = page.get_by_role("region", name="逐行").last
    expect(table.locator("tbody tr")).to_have_count(1)
    table.get_by_role("button", name="安东区").click()
    expect(table.locator("tbody th")).to_have_text(["安和街道", "柳林镇"])
    expect(answer).to_contain_text("应结案的")
    expect(answer.locator(".value .parts")).to_contain_text("22 ÷ 32")
    expect(answer.locator(".explore-map path").first).to_be_visible()

    assert_leaves(page, answer)

    page.get_by_role("button", name="存为常用").click()
    page.get_by_label("名称").fill("各街道结案率")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="各街道结案率")).to_be_visible()
    address = page.url
    table.get_by_role("link", name="安和街道 分子").click()
    expect(page.locator("[data-case]").first).to_be_visible()

    page.goto(address)
    page.get_by_label("按当时的情况").fill("2026-06-20T08:00")
    page.get_by_label("按当时的情况").press("Tab")
    expect(answer).to_contain_text("当时的数字")
    page.get_by_label("分什么看").select_option(label="事项类型")
    expect(page.get_by_role("alert")).to_contain_text("这个数给不出")

    phone = house.staff("陈刚", PHONE).page
    phone.goto(address)  # the same question, as far as this reader sees
    phone_answer = phone.get_by_role("region", name="结果")
    expect(phone_answer).to_contain_text("只有一部分事项您看得到")
    expect(phone_answer.locator(".explore-map")).to_have_count(0)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("h1")).to_have_text("Explorer")
