"""不予受理 through three pairs of hands, and the word that goes to whoever only rang up."""

from playwright.sync_api import expect

from tests.cases.test_answers import Day, Opening
from tests.cases.test_mission import appointed
from tests.dispatch.test_follows import rule
from tests.e2e.browsing import DESK, PHONE, House, Seat
from tests.e2e.pages import at_desk
from tests.notices.conftest import until
from tests.town import Town
from wangge.kernel.ids import new_id

ASKED = "公积金贷款怎么办"
UNTOLD = "select 1 from cases where id = %s and untold_since is not null"
WHERE = "公积金由住房公积金管理中心办理，请打12329。"


def is_untold(open_tx: Opening, case: str) -> bool:
    with open_tx() as tx:
        return tx.one(UNTOLD, [case]) is not None


def test_a_refusal_by_two_reaches_who_rang_up_and_a_leader_says_when_he_is_away(
    house: House, town: Town, worker: None, open_tx: Opening
) -> None:
    """Proposed at the desk, sent back once, approved by another, told by telephone.

    Seen red with a refusal that one alone may tell, with a list that nobody is on whom no SMS
    reached, and with an absence that ends before it begins (the form and the door let it pass).
    """
    day = Day(open_tx)
    rule(town, "switches", decline_by_two=True, auto_register=False)
    appointed(town, "caller", "caller", "379901001", "desk-379901001")
    case = str(new_id())
    body = {"id": case, "channel": "phone", "text": ASKED, "lon": 118.1, "lat": 37.3,
            "asker": {"name": "刘美兰", "phone": "05468880001"}}  # fmt: skip
    assert town.person("acceptor").post("/cases", body).status_code == 200
    with open_tx() as tx:
        tx.run("""update accounts set profile = profile || '{"demo": {"group": "grid"}}'""")

    acceptor, leader = at_desk(house, "郑洁"), at_desk(house, "陈刚")

    def proposes(words: str) -> None:
        acceptor.opens(ASKED, "待受理")
        form = acceptor.begins("提请不予受理")
        alone = acceptor.pane.get_by_role("button", name="不予受理", exact=True)
        expect(alone).to_have_count(0)
        form.get_by_label("理由").select_option("out_of_scope")
        form.get_by_label("办理意见").fill("已核对职责清单")
        form.get_by_label("对外答复").fill(words)
        acceptor.submits(form, "提请不予受理")

    proposes("不归我们管。")
    leader.opens(ASKED, "待审批")
    expect(leader.pane).to_contain_text("不归我们管。")
    leader.takes("不同意（继续受理）", 办理意见="要写清由谁办、电话多少")
    proposes(WHERE)
    leader.opens(ASKED, "待审批")
    for size in (PHONE, DESK):
        leader.seat.page.set_viewport_size(size)
        expect(leader.pane).to_contain_text(WHERE)
    leader.takes("同意不予受理（告知诉求人）", 办理意见="同意")
    assert town.person("acceptor").get(f"/cases/{case}").json()["state"] == "declined"

    until(lambda: is_untold(open_tx, case))
    day.passes(hours=1)
    is_told_by_telephone(house)
    is_away_and_comes_back(leader.seat)


def is_told_by_telephone(house: House) -> None:
    seat = house.staff("新同事")
    seat.open("/desk/calls")
    waiting = seat.page.get_by_role("region", name="待电话告知 1 件")
    waiting.get_by_role("button").filter(has_text=ASKED).click()
    expect(waiting).to_contain_text(WHERE)
    waiting.get_by_role("button", name="记下结果").click()
    expect(waiting.get_by_role("alert")).to_be_visible()
    waiting.get_by_role("button", name="查看电话").click()
    expect(waiting.get_by_role("link", name="05468880001")).to_be_visible()
    waiting.get_by_label("接通", exact=True).check()
    waiting.get_by_role("button", name="记下结果").click()
    expect(waiting).to_have_count(0)


def is_away_and_comes_back(away: Seat) -> None:
    away.open("/desk/handovers")
    box = away.page.get_by_role("region", name="不在岗")
    box.get_by_role("button", name="登记不在岗").click()
    box.get_by_label("到").fill("2026-03-02T18:00")
    box.get_by_role("button", name="保存").click()
    expect(box.get_by_role("alert")).to_be_visible()
    box.get_by_label("到").fill("2026-03-06T18:00")
    box.get_by_role("button", name="保存").click()
    expect(box.get_by_role("listitem")).to_contain_text("3月6日")
    box.get_by_role("button", name="我回来了").click()
    expect(box.get_by_role("listitem")).to_have_count(0)
