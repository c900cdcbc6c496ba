"""诉求不合理: proposed by whoever heard the asker, ruled by a second level, counted apart."""

from collections.abc import Callable
from typing import Any

from tests.cases.test_answers import Day, Opening, brought, called, caller, closed, day
from tests.cases.test_loop import taken
from tests.cases.test_requests import names, read, to_decide
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import noticed
from tests.papers.test_papers import words
from tests.town import Person, Town
from wangge.dispatch import ownership
from wangge.kernel.db import Cell, transaction

__all__ = ["caller", "day", "work"]
GROUND = {"reason": "against_law", "ground": "《城镇燃气管理条例》第二十八条，不得私接燃气管道"}
ANSWER = "私接燃气管道违法，任何单位都不能批准；灶具安全我们已上门检查。"


def come_back(caller: Person, case: str, **more: Any) -> Any:
    more |= {"solved": False, "satisfaction": "dissatisfied", "note": "一定要私接"}
    return called(caller, case, "answered", **more)


def share(leader: Person, code: str) -> tuple[int, int, int]:
    figures = leader.get("/indicators/figures").json()["figures"]
    [one] = [figure for figure in figures if figure["code"] == code]
    return one["numerator"], one["denominator"], one["aside"]


def test_a_demand_is_without_ground_only_by_the_ruling_of_a_second_level(
    town: Town, client: Any, day: Day, caller: Person, work: Callable[[], None], cell: Cell,
    open_tx: Opening,
) -> None:  # fmt: skip
    """Proposed at the call-back, ruled a desk above, told with remedies, in no share, counted.

    Seen red: with the desk's own duty leader as the one to decide (``above`` taken out) the county
    ruled in nobody's place; with the case left in the base of the figures satisfaction was 0 of 1.
    """
    receipt = brought(town, client)
    case, code = receipt["id"], receipt["code"]
    leader, above = town.person("dutyleader"), town.person("cityleader")
    closed(town, case)
    day.passes(hours=30)
    assert come_back(caller, case, question=GROUND).json() == {"outcome": "reopened"}
    work()

    asked = read(leader, case)
    [request] = asked["requests"]
    assert (asked["state"], request["kind"], request["status"]) == (
        "reopened", "unreasonable", "pending",
    )  # fmt: skip
    assert request["words"] == GROUND["ground"]
    assert to_decide(leader) == []
    assert "rule_unreasonable" not in names(leader, case) | names(caller, case)
    refused = taken(leader, case, "rule_unreasonable", answer=ANSWER)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_step")
    refused = taken(caller, case, "rule_unreasonable", answer=ANSWER)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_step")
    [card] = to_decide(above)
    assert card["id"] == case
    assert "request_asked" in noticed(above)
    assert taken(above, case, "rule_unreasonable").json()["details"]["field"] == "answer"

    ruled = taken(above, case, "rule_unreasonable", answer=ANSWER)
    assert ruled.status_code == 200, ruled.text
    work()
    after = ruled.json()
    assert (after["state"], after["solved"], after["satisfaction"]) == (
        "evaluated", False, "dissatisfied",
    )  # fmt: skip
    assert "request_granted" in noticed(caller)

    with open_tx() as tx:
        [sms] = tx.rows("select text from sms_messages where text like %s", ["%经上一级裁定%"])
        assert "私接燃气管道违法" in sms["text"]
    page = client.get(f"/api/v1/public/cases/{code}").json()
    assert "不能按您的要求办理" in page["sentence"]["zh"]
    assert page["answer"] == ANSWER
    assert page["remedies"][0]["zh"].startswith("收到本答复之日起 30 日内")
    letter = words(leader.get(f"/cases/{case}/letters/unreasonable.pdf").content)
    assert "要求违反法律" in letter
    assert "复查" in letter

    day.passes(minutes=5)
    assert share(above, "satisfaction") == (0, 0, 1)
    assert share(above, "resolution_rate") == (0, 0, 1)
    month = caller.get("/callbacks").json()["month"]
    assert (month["reached"], month["unreasonable"], month["share"]) == (0, 1, None)
    told = above.get("/indicators/facts").json()
    assert {one["code"]: one["count"] for one in told["facts"]}["unreasonable"] == 1
    for figure in ("unreasonable:numerator", "satisfaction:aside"):
        rows = above.get("/cases", figure=figure, within=told["within"]).json()["items"]
        assert [row["id"] for row in rows] == [case]


def test_found_reasonable_it_is_handled_and_not_proposed_again(
    town: Town, client: Any, day: Day, caller: Person, cell: Cell
) -> None:
    """The desk proposes too; who handled the matter does not rule; without a ruler it goes on.

    Seen red: without ``apart`` the one who handled it could rule; without ``alone`` the proposal
    of a case whose only second level went away stood for ever.
    """
    case = brought(town, client)["id"]
    dispatcher, above = town.person("dispatcher"), town.person("cityleader")
    form = {"reason": "impossible", "note": "楼体结构不允许"}
    closed(town, case)
    assert "question" not in names(dispatcher, case)
    day.passes(hours=30)
    come_back(caller, case)
    wrong = taken(dispatcher, case, "question", **(form | {"reason": "weather"}))
    assert wrong.json()["code"] == "unknown_reason"
    assert taken(dispatcher, case, "question", reason="impossible").json()["code"] == "field_needed"
    assert taken(dispatcher, case, "question", **form).status_code == 200
    with transaction(cell) as tx:
        tx.run(
            "update cases set handler_id = (select id from accounts where username = 'cityleader')"
            " where id = %s",
            [case],
        )
    own = taken(above, case, "rule_unreasonable", answer=ANSWER)
    assert (own.status_code, own.json()["code"]) == (403, "own_request")
    assert to_decide(above) == []
    with transaction(cell) as tx:
        ownership.see_to(tx)
    fallen = read(dispatcher, case)
    assert (fallen["state"], fallen["requests"][0]["status"]) == ("reopened", "refused")
    assert fallen["steps"][-1]["data"]["rule"] == "nobody_rules"
    assert taken(dispatcher, case, "question", **form).json()["code"] == "nobody_decides"
    with transaction(cell) as tx:
        tx.run("update cases set handler_id = null where id = %s", [case])
    assert taken(dispatcher, case, "question", **form).status_code == 200
    assert taken(above, case, "rule_reasonable", note="可以加装").json()["state"] == "reopened"
    again = taken(dispatcher, case, "question", **form)
    assert again.json()["code"] == "found_reasonable"
    sent = taken(dispatcher, case, "dispatch", unit_id=town.unit("water-379901"))
    assert sent.json()["state"] == "dispatched", sent.text
