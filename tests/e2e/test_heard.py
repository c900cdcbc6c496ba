"""What is heard on the way becomes a case: a volunteer's visit, a message of an outside chat."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cases.test_answers import closed
from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import photo
from tests.e2e.test_accessible_phone import helper
from tests.e2e.test_offline import IN_HIS_GRID, KEPT, reopened, synced
from tests.files.shapes import picture
from tests.town import Person, Town

DEMAND = "想在楼下装个长椅"
SAID = "群友刘美兰说：3号楼2单元501门口积水，电话13800001111"
SCREENSHOT = """bytes => {
  const held = new DataTransfer()
  held.items.add(new File([Uint8Array.from(bytes)], 'screenshot.jpg', { type: 'image/jpeg' }))
  const pasted = { clipboardData: held, bubbles: true, cancelable: true }
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', pasted))
}"""


def of_channel(person: Person, channel: str) -> list[dict[str, Any]]:
    return [one for one in person.get("/cases").json()["items"] if one["channel"] == channel]


@pytest.mark.mission("DC-37")
def test_a_volunteer_writes_down_a_demand_without_a_line(house: House, town: Town) -> None:
    """DC-37: "a visit by a volunteer with a demand creates exactly one event linked to the visit".

    She has no register of homes and says where it was. In the stairwell there is no line: the page
    is left and what was typed is there again, it is kept with its picture, the app is killed; when
    the line is back there is one case of the walking mailbox at the desk, her visit names it, and
    she reads on her page what became of it.

    Seen red: with the page's draft kept under another name each time; with the demand left a word;
    with what became of it not looked for.
    """
    helper(town, "volunteer", "tian", "田志愿")
    house.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}
    seat = house.staff("田志愿", PHONE, service_workers="allow", **IN_HIS_GRID)
    page = seat.page
    page.evaluate(KEPT)
    page.get_by_role("link", name="入户走访").click()
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.get_by_role("link", name="记一次走访").click()
    page.get_by_label("需要做什么").fill(DEMAND)
    page.get_by_text("作为事件上报").click()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("请写在哪里。")).to_be_visible()
    page = reopened(seat, "/w/round/new")
    expect(page.get_by_label("需要做什么")).to_have_value(DEMAND)
    page.get_by_label("在哪里").fill("3号楼楼下")
    page.locator("input[type=file][multiple]").set_input_files([photo("bench.jpg")])
    expect(page.get_by_text("已存手机", exact=True)).to_be_visible()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("没有网络，已存在手机上")).to_be_visible()
    page = reopened(seat, "/w/outbox")
    acceptor, tian = town.person("acceptor"), town.person("tian")
    assert of_channel(acceptor, "walking_mailbox") == []

    page.context.set_offline(False)
    synced(page)
    [card] = of_channel(acceptor, "walking_mailbox")
    assert card["text"] == DEMAND
    whole = acceptor.get(f"/cases/{card['id']}").json()
    assert whole["place"]["words"] == "3号楼楼下"
    [visit] = tian.get("/fieldwork/records").json()
    assert (visit["cases"], visit["case_ids"]) == ([card["number"]], [card["id"]])
    assert len(visit["files"]) == 1
    seat.open("/w/round")
    written = page.get_by_role("region", name="最近记的走访")
    for words in ("3号楼楼下", "见到了", DEMAND, "待受理", card["number"]):
        expect(written).to_contain_text(words)
    expect(written.get_by_role("button", name="查看第 1 张图片")).to_be_visible()


def pasted(page: Page) -> None:
    """The words with the keys, the screenshot as the browser hands it over."""
    words = page.get_by_label("群里的原话")
    words.click()
    page.evaluate("words => navigator.clipboard.writeText(words)", SAID)
    page.keyboard.press("Control+V")
    expect(words).to_have_value(SAID)
    page.evaluate(SCREENSHOT, list(picture(size=(64, 48))))
    expect(page.get_by_text("已存手机", exact=True)).to_be_visible()


@pytest.mark.mission("DA-13")
def test_a_message_of_a_chat_becomes_a_case_and_its_answer_is_pasted_back(
    house: House, town: Town
) -> None:
    """A word from outside, by hand; the city's own groups are tests/groups.

    DA-13: "a group message or screenshot pasted becomes a case (source 网格群, asker named) with
    an answer text to paste back". Words and screenshot are pasted on the phone; once it is
    closed the answer lies on the clipboard in words that many may read: no name, number, door.

    Seen red: with a pasted picture not taken; with "copied" said and nothing copied.
    """
    rights = ["geolocation", "clipboard-read", "clipboard-write"]
    seat = house.staff("李红", PHONE, **{**IN_HIS_GRID, "permissions": rights})
    page = seat.page
    page.get_by_role("link", name="网格群").click()
    page.get_by_role("button", name="粘贴群消息，报为事件").click()
    page.get_by_role("button", name="报为事件", exact=True).click()
    expect(page.get_by_text("请粘贴一句话或一张截图")).to_be_visible()
    pasted(page)
    page.get_by_label("谁说的").fill("刘美兰")
    page.get_by_label("手机号").fill("13800001111")
    page.get_by_role("button", name="报为事件", exact=True).click()
    expect(page.get_by_role("heading", name="已登记，编号 379901001-")).to_be_visible()
    page.get_by_role("button", name="打开这件事项").click()
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(page.get_by_role("button", name="查看第 1 张图片")).to_be_visible()
    [card] = of_channel(town.person("acceptor"), "grid_chat")
    whole = town.person("acceptor").get(f"/cases/{card['id']}").json()
    assert (whole["text"], len(whole["files"])) == (SAID, 1)
    assert whole["asker"]["name_masked"].startswith("刘")
    expect(page.get_by_role("button", name="复制答复")).to_have_count(0)

    closed(town, card["id"])
    page.get_by_role("button", name="复制答复").click()
    expect(page.get_by_text("已复制，可以贴到群里了")).to_be_visible()
    answer = page.evaluate("() => navigator.clipboard.readText()")
    assert "积水已抽干" in answer
    assert not [one for one in ("刘美兰", "13800001111", "501") if one in answer]
