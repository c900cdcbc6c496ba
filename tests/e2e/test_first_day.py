"""The first day at the desk: one matter through five pairs of hands, each before his own screen."""

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.browsing import House
from tests.e2e.pages import (
    FLOODED,
    GARAGE,
    Desk,
    Resident,
    at_desk,
    outside,
    photo,
    resident,
    tried,
)
from tests.public_service.test_serve import code_on


def reports_with_a_photo(person: Resident) -> str:
    person.writes(GARAGE)
    person.seat.page.locator("input[type=file]").first.set_input_files([photo()])
    expect(person.seat.page.get_by_text("已存手机")).to_be_visible()
    person.names_the_garage()
    return person.sends()


def printed(desk: Desk, case: str) -> str:
    answer = desk.seat.page.request.get(f"{desk.seat.origin}/api/v1/cases/{case}/print.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert code_on(answer.body()).endswith(f"/desk/?case={case}")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)


def says_unsolved(person: Resident, words: str) -> None:
    page = person.seat.page
    person.looks()
    page.get_by_text("没解决，请再办", exact=True).click()
    page.get_by_label("还想说一句").fill(words)
    page.get_by_role("button", name="提交，请再办").click()
    expect(page.get_by_text("知道了，已转回重新办理。")).to_be_visible()


def test_one_matter_goes_round_twice_through_everybodys_own_page(
    house: House, worker: None
) -> None:
    asker = resident(house)
    reports_with_a_photo(asker)
    acceptor, dispatcher = at_desk(house, "郑洁"), at_desk(house, "冯涛")
    handler, colleague = at_desk(house, "许工"), at_desk(house, "韩工")
    checker = outside(house, "李红")

    case = acceptor.opens(FLOODED, "待受理")
    expect(acceptor.pane.locator("img").first).to_be_visible()
    acceptor.accepts("积水")

    dispatcher.opens(FLOODED, "待派单")
    dispatcher.dispatches("安东区城市管理局")

    handler.opens(FLOODED, "待签收")
    handler.takes("签收")
    handler.takes("部门办结", 办理意见="已抽水", 对外答复="积水已抽干")

    checker.opens(FLOODED)
    checker.takes("核查通过")

    asker.looks()
    expect(asker.seat.page.get_by_text("积水已抽干")).to_be_visible()
    says_unsolved(asker, "下了一场雨，又进水了")

    dispatcher.opens(FLOODED, "待派单")
    dispatcher.dispatches("安东区城市管理局")
    handler.opens(FLOODED, "待签收")
    expect(handler.pane.get_by_role("button", name="签收", exact=True)).to_have_count(0)
    house.watch.expect(403, f"/cases/{case}/steps")
    assert tried(handler.seat, case, "acknowledge") == (403, "own_work")

    colleague.opens(FLOODED, "待签收")
    colleague.takes("签收")
    colleague.takes("部门办结", 办理意见="换了水泵", 对外答复="更换水泵，已不再进水")
    checker.opens(FLOODED)
    checker.takes("核查通过")

    asker.looks()
    page = asker.seat.page
    page.get_by_text("已解决", exact=True).click()
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢，您的评价已收到。")).to_be_visible()

    file = printed(dispatcher, case)
    assert "已评价" in file
    for round_, person, words in [
        ("1", "许工", "积水已抽干"),
        ("2", "韩工", "更换水泵，已不再进水"),
    ]:
        assert re.search(rf"\n{round_} 2[\d-]+ \n[\d:]+\n部门办结 Done {person}", file)
        assert words in file
    assert "下了一场雨，又进水了" in "".join(file.split())  # narrow cells break their lines
