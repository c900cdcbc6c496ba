"""A letter from the box at the gate, over the sorting desk, to what everybody may read of it."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, House, Seat
from tests.e2e.pages import photo
from tests.e2e.test_accessible import looks
from tests.mailbox.conftest import Box, box
from tests.mailbox.test_letters import step

__all__ = ["box"]
TAKEN = re.compile("已登记：")


def opens_with_two_letters(opener: Seat) -> None:
    """Two matters in one letter, one of them a wish, and a letter that is only photographed."""
    page = opener.page
    opener.open("/w/mailbox")
    page.get_by_role("link", name="记录开箱").click()
    page.get_by_role("button", name="2", exact=True).click()
    looks(page)
    page.get_by_role("button", name="记录 2 封来信").click()
    page.get_by_label("写了什么").fill("楼前路灯不亮")
    page.get_by_role("button", name="这封信还有一件事").click()
    page.get_by_label("写了什么").nth(1).fill("想请人教手机挂号")
    page.get_by_role("group", name="第 2 件事").get_by_label("微心愿").check()
    looks(page)
    page.get_by_role("button", name="交给分拣台").click()
    expect(page.get_by_text(TAKEN)).to_be_visible()
    page.get_by_role("button", name="录入下一封").click()
    page.locator("input[type=file]").first.set_input_files(photo())
    page.get_by_role("button", name="交给分拣台").click()
    expect(page.get_by_text(TAKEN)).to_be_visible()


def sorts(page: Page) -> None:
    lamp = page.get_by_role("listitem").filter(has_text="楼前路灯不亮")
    lamp.get_by_label("第一工作小组").check()
    looks(page)
    lamp.get_by_role("button", name="确定归组").click()
    expect(lamp).to_have_count(0)
    picture = page.get_by_role("listitem").filter(has=page.get_by_role("img"))
    picture.get_by_role("button", name="录入信件内容").click()
    picture.get_by_label("第 1 件事").fill("三单元楼道灯坏了")
    page.get_by_role("button", name="保存文字").click()
    expect(page.get_by_text("三单元楼道灯坏了")).to_be_visible()
    page.get_by_role("button", name="心愿墙").click()
    expect(page.get_by_text("想请人教手机挂号")).to_be_visible()
    looks(page)


def posts(page: Page) -> None:
    """What names a dwelling is refused, and the masked sentence is taken instead."""
    page.get_by_role("button", name="公示", exact=True).click()
    form = page.get_by_role("listitem").filter(has_text="楼前路灯不亮")
    form.get_by_label("反映了什么").fill("3号楼2单元501室门前灯坏了")
    form.get_by_label("决定怎么办").fill("更换灯具")
    form.get_by_role("button", name="公示", exact=True).click()
    expect(form.get_by_text("这些内容会让人认出是谁：")).to_be_visible()
    looks(page)
    form.get_by_role("button", name="采用隐去后的文字").click()
    expect(page.get_by_text("（门牌略）门前灯坏了")).to_be_visible()


def reads(page: Page) -> None:
    page.get_by_role("link", name="红色信箱").click()
    looks(page)
    page.get_by_role("link", name="看看大家的信办得怎么样").click()
    page.get_by_role("link", name="（门牌略）门前灯坏了").click()
    expect(page.locator("[aria-current=step]")).to_have_text("已办结")
    expect(page.get_by_text("公示里没有写信人的任何信息。")).to_be_visible()
    looks(page)


def test_a_letter_is_opened_on_a_phone_sorted_at_the_desk_and_posted(
    house: House, box: Box
) -> None:
    house.watch.expect(422, "/mailbox/postings/")
    box.sweep()
    leader = box.town.person("dutyleader")
    opens_with_two_letters(house.staff(box.today(leader)[0]["opener"]["name"], PHONE))
    desk = house.staff("陈刚")
    desk.open("/desk/mailbox")
    sorts(desk.page)
    case = leader.get("/mailbox/matters", box="group").json()[0]["case_id"]
    squad = box.town.person("squad")
    step(squad, case, "acknowledge")
    step(squad, case, "finish", note="已换", answer="已修好")
    step(box.town.person("lihong"), case, "pass_check")
    posts(desk.page)
    resident = house.resident()
    resident.open("/r")
    reads(resident.page)
