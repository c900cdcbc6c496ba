"""The second step of signing in, on the screen: begun, asked at the next sign-in, recovered."""

import re
import time

import pyotp
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, House
from tests.people.browser import PASSWORD, enrol
from tests.town import Town
from wangge.people import second_steps


@pytest.fixture
def half_minutes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    at = [int(time.time()) // 30]
    monkeypatch.setattr(second_steps, "counter", lambda: at[0])
    return at


def test_begun_on_the_phone_asked_at_the_next_sign_in(
    house: House, town: Town, half_minutes: list[int]
) -> None:
    enrol(town, TestClient(town.web), "lihong")
    page = house.seat(PHONE).page
    page.goto(house.origin)
    page.get_by_label("用户名").fill("lihong")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile("/w"))

    page.goto(f"{house.origin}/second-step")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="启用二次验证").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    secret = page.locator("code").inner_text().replace(" ", "")
    phone = pyotp.TOTP(secret)
    page.get_by_label("动态码").fill(phone.generate_otp(half_minutes[0]))
    page.get_by_role("button", name="确认启用").click()
    codes = page.locator("ol.codes li")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    page.get_by_role("button", name="已经存好，继续").click()
    page.wait_for_url(re.compile("/w"))

    half_minutes[0] += 1
    house.watch.expect(401, "/api/v1/session")
    other = house.seat(PHONE).page
    for second in ("000000", phone.generate_otp(half_minutes[0])):
        other.goto(house.origin)
        other.get_by_label("用户名").fill("lihong")
        other.get_by_label("密码", exact=True).fill(PASSWORD)
        other.get_by_role("button", name="登录", exact=True).click()
        expect(other.get_by_label("动态码")).to_be_focused()
        expect(other.get_by_label("用户名")).to_have_count(0)
        other.get_by_label("动态码").fill(second)
        other.keyboard.press("Enter")
        if second == "000000":
            expect(other.get_by_role("alert")).to_contain_text("不正确")
    other.wait_for_url(re.compile("/w"))

    lost = house.seat(PHONE).page
    lost.goto(house.origin)
    lost.get_by_label("用户名").fill("lihong")
    lost.get_by_label("密码", exact=True).fill(PASSWORD)
    lost.get_by_role("button", name="登录", exact=True).click()
    lost.get_by_label("动态码").fill(recovery)
    lost.get_by_role("button", name="登录", exact=True).click()
    lost.wait_for_url(re.compile("/w"))
    lost.goto(f"{house.origin}/second-step")
    expect(lost.get_by_text("9 个恢复码")).to_be_visible()
