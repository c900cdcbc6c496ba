"""An administrator makes an account, its owner begins with the code, another shuts it."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.browsing import DESK, PHONE, House

SECRET = "tongxun lu zai chouti li"


def opens(page: Page, name: str) -> None:
    page.get_by_label("姓名、电话").fill(name)
    row = page.get_by_role("row").filter(has_text=name).first
    row.get_by_role("button", name="管理", exact=True).click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_account_from_its_first_day_to_its_last(house: House, size: ViewportSize) -> None:
    """Red without the screen: there was a door for it and no page."""
    admin = house.staff("孔管理", size).page
    admin.goto(f"{house.origin}/desk/people")
    admin.get_by_role("button", name="新建账号").click()
    form = admin.get_by_role("form", name="新建账号")
    form.get_by_role("button", name="建立账号").click()
    expect(form.get_by_text("请填写用户名")).to_be_visible()
    form.get_by_label("姓名").fill("新来的")
    form.get_by_label("用户名").fill("xinlai")
    form.get_by_role("combobox", name="岗位").fill("专职网格员")
    form.get_by_role("option", name="专职网格员").first.click()
    form.get_by_role("combobox", name="区域").fill("第2网格")
    form.get_by_role("option", name="第2网格").first.click()
    form.get_by_role("button", name="建立账号").click()
    card = admin.locator(".code-card")
    expect(card).to_contain_text("新来的（xinlai）的激活码")
    code = card.locator("strong").inner_text()
    card.get_by_role("button", name="关闭").click()
    admin.reload()
    expect(admin.get_by_text(code)).to_have_count(0)

    own = house.resident().page
    own.goto(f"{house.origin}/activate")
    own.get_by_label("用户名").fill("xinlai")
    own.get_by_label("激活码").fill(code)
    own.get_by_label("设置新密码").fill(SECRET)
    own.get_by_label("再输一遍").fill(SECRET)
    own.get_by_role("button", name="开通").click()
    own.wait_for_url(re.compile(r"/w"))

    house.watch.expect(401, "/api/v1/")  # his page hears at once that his post is over
    opens(admin, "新来的")
    panel = admin.get_by_role("region", name="新来的")
    panel.get_by_role("button", name="离任", exact=True).click()
    panel.get_by_role("button", name="确认离任").click()
    expect(panel.get_by_role("status")).to_contain_text("已离任")

    guard = house.staff("曹安全", size).page
    guard.goto(f"{house.origin}/desk/people")
    opens(guard, "新来的")
    account = guard.get_by_role("form", name="账号")
    account.get_by_role("button", name="锁定账号").click()
    expect(account.get_by_text("请写明原因")).to_be_visible()
    account.get_by_label("原因").fill("已离职")
    account.get_by_role("button", name="锁定账号").click()
    expect(account.get_by_role("button", name="解除锁定")).to_be_visible()
    assert own.request.get(f"{house.origin}/api/v1/me").status == 401

    auditor = house.staff("严审计", size).page
    auditor.goto(f"{house.origin}/desk/audit")
    line = auditor.get_by_role("row").filter(has_text="新建账号")
    expect(line).to_contain_text("用户名：xinlai")
    expect(line).not_to_contain_text("usernames")
