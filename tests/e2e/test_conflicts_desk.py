"""What phones brought and somebody must decide, at the desk: both values, by keyboard."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import House
from tests.sync.phones import Phone
from tests.town import Town


def corrects(phone: Phone, case: str, was: str, to: str) -> list[dict[str, Any]]:
    fields, base = {"place_words": to}, {"fields": {"place_words": was}}
    return phone.push(phone.op("case.correct", case, {"fields": fields}, based_on=base))


def test_a_leader_decides_at_the_desk_by_keyboard(house: House, town: Town) -> None:
    """A conflict of two desks' phones, a worker's proposal; J, 1, 2 and Enter, both languages.

    Seen red with one's own conflicts alone.
    """
    worker, desk = (Phone(town.person(name), town.cell) for name in ("lihong", "acceptor"))
    report = worker.report("楼道灯不亮", place_words="3号楼")
    worker.push(report)
    case = report["record"]
    other = Phone(town.person("dispatcher"), town.cell)
    assert corrects(other, case, "3号楼", "3号楼东侧")[0]["state"] == "applied"
    assert corrects(desk, case, "3号楼", "3号楼西侧")[0]["state"] == "conflict"
    assert corrects(worker, case, "3号楼东侧", "3号楼地下室")[0]["state"] == "proposal"

    seat = house.staff("陈刚")
    page = seat.page
    seat.open("/desk/conflicts")
    boxes = page.locator("article.conflict-box")
    expect(boxes).to_have_count(2)
    for words in ("更正", "3号楼地下室", "李红"):
        expect(boxes.nth(0)).to_contain_text(words)
    for words in ("原来：3号楼", "郑洁写的", "3号楼西侧", "3号楼东侧"):
        expect(boxes.nth(1)).to_contain_text(words)
    page.keyboard.press("j")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("1")
    expect(boxes.nth(1).get_by_label("郑洁写的")).to_be_checked()
    boxes.nth(1).get_by_label("说明").fill("2号门在西")
    page.keyboard.press("Enter")
    expect(boxes).to_have_count(1)
    whole = town.person("acceptor").get(f"/cases/{case}").json()
    assert whole["place"]["words"] == "3号楼西侧"
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有要定的内容")).to_be_visible()
    page.get_by_role("button", name="已定").click()
    expect(boxes).to_have_count(2)
    expect(boxes.filter(has_text="2号门在西")).to_contain_text("陈刚")
    page.get_by_role("button", name="English").click()
    expect(boxes.first).to_contain_text("Decided by 陈刚")
    assert not re.search("[\u4e00-\u9fff]{2}", page.locator("h1").inner_text())
