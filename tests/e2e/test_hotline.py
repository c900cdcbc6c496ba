"""A hotline's spreadsheet goes in at the desk and comes back with answers, in a browser."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browsing import House
from tests.hotline.sheets import (
    AGAIN,
    DARK,
    LEAK,
    bring,
    orders,
    read,
    row,
    stop_clock,
    workbook,
)
from tests.town import Town
from wangge.kernel.db import Cell
from wangge.kernel.ids import new_id

THERE = {"事发地址": "河安社区滨河路"}


def choose(page: Page, folder: Path, name: str, *rows: list[str]) -> None:
    file = folder / name
    file.write_bytes(workbook(*rows))
    page.get_by_label("选择热线导出的表格").set_input_files(file)
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def import_(page: Page, counts: str) -> None:
    page.get_by_role("button", name="试运行（不写入）").click()
    expect(page.get_by_text("试运行结果：没有写入任何内容")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^导入 \d+ 行$")).click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    expect(page.get_by_text(counts)).to_be_visible()


def test_work_orders_in_and_replies_out(
    cell: Cell, house: House, town: Town, tmp_path: Path
) -> None:
    """File, columns, trial, saved layout, import, change, double, reply: the whole round."""
    stop_clock(cell)
    seat = house.staff("郑洁")
    seat.open("/desk/hotline")
    page = seat.page
    expect(page.get_by_text("还没有热线工单")).to_be_visible()
    page.get_by_role("link", name="导入工单").click()

    choose(
        page, tmp_path, "一.xlsx", row("R1", DARK), row("R2", LEAK, **THERE), row("", "没有编号")
    )
    expect(page.get_by_label("工单编号")).to_have_value("工单编号")
    page.get_by_label("把这套对应保存为").fill("市热线")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存为“市热线”")).to_be_visible()
    import_(page, "新收 2，已有 0，热线有更新 0，疑似重复 0，不能收 1")
    with page.expect_download() as errors:
        page.get_by_role("link", name="下载错误表").click()
    assert [line["原因"] for line in read(errors.value.path().read_bytes())] == ["此行没有工单编号"]

    page.get_by_role("button", name="再导入一份").click()
    later = row("R3", AGAIN, 来电时间="2026-11-21 09:00")
    choose(
        page, tmp_path, "二.xlsx", row("R1", DARK), row("R2", LEAK + "，越来越大", **THERE), later
    )
    page.get_by_label("用已保存的对应").select_option("市热线")
    import_(page, "新收 1，已有 1，热线有更新 1，疑似重复 1，不能收 0")

    page.get_by_role("link", name="返回工单列表").click()
    page.get_by_role("button", name="热线有更新").click()
    expect(page.get_by_text(f"「{LEAK}，越来越大」")).to_be_visible()
    page.get_by_role("button", name="已看过").click()
    expect(page.get_by_text("这一类现在没有工单")).to_be_visible()
    page.get_by_role("button", name="疑似重复").click()
    page.get_by_role("button", name="不是同一件").click()
    expect(page.get_by_text("这一类现在没有工单")).to_be_visible()

    acceptor = town.person("acceptor")
    first = next(
        one for one in acceptor.get("/hotline/orders").json()["items"] if one["number"] == "R1"
    )
    step = {"id": str(new_id()), "action": "decline", "version": 1, "reason": "outside_area"}
    said = {"note": "内部意见", "answer": "由物业维修"}
    assert acceptor.post(f"/cases/{first['case_id']}/steps", step | said).status_code == 200
    with page.expect_download() as replies:
        page.get_by_role("button", name="导出答复").click()
    (line,) = read(replies.value.path().read_bytes())
    assert (line["工单编号"], line["办理结果"], line["答复内容"]) == (
        "R1",
        "不予受理",
        "由物业维修",
    )


def test_a_program_called_orders_is_refused_on_the_page(house: House, tmp_path: Path) -> None:
    seat = house.staff("郑洁")
    seat.open("/desk/hotline/import")
    house.watch.expect(422, "/api/v1/hotline/files/")
    file = tmp_path / "orders.xlsx"
    file.write_bytes(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 50)

    seat.page.get_by_label("选择热线导出的表格").set_input_files(file)

    expect(seat.page.get_by_role("alert")).to_contain_text("这不是能读的表格")


def test_the_order_stands_beside_its_case(cell: Cell, house: House, town: Town) -> None:
    """The hotline's limit is on the case's own page, beside ours."""
    stop_clock(cell)
    acceptor = town.person("acceptor")
    bring(acceptor, row("R1", DARK, 办理时限="2026-11-25 18:00"))
    (order,) = orders(acceptor)
    seat = house.staff("郑洁")

    seat.open(f"/desk/?case={order['case_id']}")

    box = seat.page.get_by_role("region", name="12345 热线工单 R1")
    expect(box).to_contain_text("2026年11月25日 18:00")
