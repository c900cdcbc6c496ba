"""A community tells its residents something; whoever scanned the code in the stairwell reads it."""

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import photo
from tests.town import Town
from wangge.kernel.ids import new_id

GRID, BESIDE = "3799010010010001", "3799010010020001"
TITLE = "周六便民服务日"


def test_what_the_community_tells_is_read_by_its_grid_until_it_is_withdrawn(
    house: House, town: Town
) -> None:
    """Written with a picture, read without an account, withdrawn with a reason that stays.

    The resident scanned the code of his grid: the newest title stands on his first page, the whole
    with its picture one touch further, also in the large print. Another grid's phone shows nothing
    of it. What was done for people is on the desk's own page, opened by a touch, and of what was at
    a home it says only that it was.

    Seen red with the grid of the code forgotten, and with notices of all areas shown.
    """
    desk = house.staff("东方明").page
    desk.goto(f"{house.origin}/desk/estate/notices")
    desk.get_by_role("button", name="写一条公告").click()
    desk.get_by_label("标题").fill(TITLE)
    desk.get_by_role("button", name="提交", exact=True).click()
    expect(desk.get_by_text("标题和内容都要写。")).to_be_visible()
    desk.get_by_label("内容").fill("9 时至 11 时在社区服务站：理发、量血压，不收费。")
    desk.locator("input[type=file][multiple]").set_input_files([photo("服务站.jpg")])
    expect(desk.locator(".photo-picker li.sent")).to_have_count(1)
    desk.get_by_role("button", name="提交", exact=True).click()
    mine = desk.get_by_role("listitem").filter(has_text=TITLE)
    expect(mine).to_contain_text("已公开")
    expect(mine.get_by_role("button", name="查看第 1 张图片")).to_be_visible()

    here = house.resident(PHONE).page
    here.goto(f"{house.origin}/r?g={GRID}")
    here.get_by_role("link", name="社区公告").filter(has_text=TITLE).click()
    told = here.get_by_role("article").filter(has_text=TITLE)
    expect(told).to_contain_text("理发、量血压")
    expect(told).to_contain_text("东方社区工作站")
    told.get_by_role("button", name="查看第 1 张图片").click()
    expect(here.get_by_role("dialog").locator("img").first).to_be_visible()
    here.get_by_role("button", name="关闭").click()
    there = house.resident(PHONE).page
    there.goto(f"{house.origin}/r/told?g={BESIDE}")
    expect(there.get_by_text("这里现在没有公告。")).to_be_visible()
    nobody = house.resident(PHONE).page
    nobody.goto(f"{house.origin}/r/told")
    nobody.get_by_label("小区、社区、村或地名").fill("东方车库")
    nobody.get_by_role("button", name="东方社区地下车库").click()
    expect(nobody.get_by_role("heading", name=TITLE)).to_be_visible()

    mine.get_by_role("button", name="撤下").click()
    mine.get_by_label("理由").fill("服务站停电，改到下周")
    mine.get_by_role("button", name="撤下").click()
    expect(mine).to_contain_text("服务站停电，改到下周")
    expect(mine).to_contain_text("已撤下")
    here.goto(f"{house.origin}/r")
    here.get_by_role("button", name="大字版").click()
    here.get_by_role("link", name="社区公告").click()
    expect(here.get_by_text("这里现在没有公告。")).to_be_visible()

    worker = town.person("lihong")
    when = worker.get("/fieldwork/round").json()["day"] + "T00:01:00+08:00"
    done = {"id": str(new_id()), "kind": "service", "type": "haircut", "done_at": when}
    worker.post("/fieldwork/services", done | {"words": "给二十位老人理发", "people": 20})
    desk.goto(f"{house.origin}/desk/services")
    expect(desk.get_by_text("惠及 20 人次")).to_be_visible()
    desk.get_by_role("button", name="义务理发").click()
    expect(desk.get_by_text("记录人 李红")).to_be_visible()
    desk.get_by_label("类别").select_option("talk")
    expect(desk.get_by_text("没有符合的记录，换个条件试试。")).to_be_visible()
