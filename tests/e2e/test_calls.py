"""A caller's afternoon by keyboard: the number, what to say, what was said, the next one."""

from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_answers import Day, Opening, brought, closed, sent, tried
from tests.cases.test_mission import appointed
from tests.e2e.browsing import House
from tests.town import Town


def test_a_call_is_taken_down_without_a_mouse(house: House, town: Town, open_tx: Opening) -> None:
    day = Day(open_tx)
    client = TestClient(town.web, raise_server_exceptions=False)
    appointed(town, "caller", "caller", "379901001", "desk-379901001")
    cases = [brought(town, client)["id"] for _ in range(2)]
    for case in cases:
        closed(town, case)
    begun = brought(town, client)["id"]
    sent(town, begun)
    day.passes(minutes=12)
    assert tried(town.person("handler"), begun, "answered").status_code == 200
    day.passes(hours=25)
    with open_tx() as tx:
        tx.run("""update accounts set profile = profile || '{"demo": {"group": "grid"}}'""")

    seat = house.staff("新同事")
    seat.open("/desk/calls")
    page = seat.page
    expect(page.get_by_text("现在可打 2 个")).to_be_visible()
    expect(page.get_by_text("您好，这里是")).to_be_visible()
    expect(page.get_by_text("1 件，一半在 12 分钟内，九成在 12 分钟内")).to_be_visible()
    page.keyboard.press("v")
    expect(page.get_by_role("link", name="13854600001")).to_be_visible()
    page.keyboard.press("1")
    page.get_by_label("未解决").check()
    page.get_by_label("不满意", exact=True).check()
    page.get_by_label("诉求人的话（可不填）").fill("车库还有水")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已发回重办，由另一人办理")).to_be_visible()
    expect(page.get_by_text("现在可打 1 个")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已记下，稍后再打")).to_be_visible()
    expect(page.get_by_text("现在没有要打的回访电话")).to_be_visible()
    states = {town.person("acceptor").get(f"/cases/{case}").json()["state"] for case in cases}
    assert states == {"reopened", "closed"}
