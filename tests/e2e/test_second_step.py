"""The second step of signing in, on the screen: begun, asked at the next sign-in, lost, reset."""

import re
import time

import pyotp
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, House
from tests.people.browser import PASSWORD, enrol
from tests.town import Town
from wangge.people import second_steps


@pytest.fixture
def half_minutes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    at = [int(time.time()) // 30]
    monkeypatch.setattr(second_steps, "counter", lambda: at[0])
    return at


def knocks(house: House) -> Page:
    """Name and password on a telephone of one's own."""
    page = house.seat(PHONE).page
    page.goto(house.origin)
    page.get_by_label("用户名").fill("lihong")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return page


def begins(page: Page, house: House, half_minutes: list[int]) -> tuple[pyotp.TOTP, str]:
    """The authenticator and one recovery code."""
    page.goto(f"{house.origin}/second-step")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="启用二次验证").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    phone = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("动态码").fill(phone.generate_otp(half_minutes[0]))
    page.get_by_role("button", name="确认启用").click()
    codes = page.locator("ol.codes li")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    page.get_by_role("button", name="已经存好，继续").click()
    page.wait_for_url(re.compile("/w"))
    return phone, recovery


def test_begun_asked_and_without_the_phone_recovered(
    house: House, town: Town, half_minutes: list[int]
) -> None:
    enrol(town, TestClient(town.web), "lihong")
    page = knocks(house)
    page.wait_for_url(re.compile("/w"))
    phone, recovery = begins(page, house, half_minutes)
    half_minutes[0] += 1
    house.watch.expect(401, "/api/v1/session")

    page = knocks(house)
    expect(page.get_by_label("动态码")).to_be_focused()
    expect(page.get_by_label("用户名")).to_have_count(0)
    page.get_by_label("动态码").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("不正确")
    page.get_by_label("动态码").fill(phone.generate_otp(half_minutes[0]))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/w"))

    lost = knocks(house)
    lost.get_by_label("动态码").fill(recovery)
    lost.get_by_role("button", name="登录", exact=True).click()
    lost.wait_for_url(re.compile("/w"))
    lost.goto(f"{house.origin}/second-step")
    expect(lost.get_by_text("9 个恢复码")).to_be_visible()


def test_phone_and_codes_lost_reset_by_the_security_administrator(
    house: House, town: Town, half_minutes: list[int]
) -> None:
    enrol(town, TestClient(town.web), "lihong")
    page = knocks(house)
    page.wait_for_url(re.compile("/w"))
    begins(page, house, half_minutes)
    page.goto("about:blank")

    keeper = house.staff("曹安全").page
    keeper.goto(f"{house.origin}/desk/people")
    keeper.get_by_label("姓名、电话").fill("李红")
    row = keeper.get_by_role("row").filter(has_text="李红")
    row.get_by_role("button", name="管理").click()
    panel = keeper.get_by_role("form", name="账号")
    panel.get_by_label("原因").fill("手机丢失")
    panel.get_by_role("button", name="重置二次验证").click()
    expect(panel.get_by_text("请写明怎样核实的身份")).to_be_visible()
    panel.get_by_label("怎样核实的身份").fill("本人持工作证到场")
    panel.get_by_role("button", name="重置二次验证").click()
    expect(keeper.get_by_role("status").filter(has_text="已重置")).to_be_visible()

    knocks(house).wait_for_url(re.compile("/w"))
