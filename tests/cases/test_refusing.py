"""不予受理 by two: the desk proposes, somebody else tells the asker; for a city that wants it."""

from collections.abc import Callable
from typing import Any

from tests.cases.test_answers import Opening
from tests.cases.test_loop import taken, told
from tests.cases.test_requests import names, to_decide
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import noticed, report, rule
from tests.papers.test_papers import words
from tests.town import Person, Town

__all__ = ["work"]
WORDS = {"reason": "out_of_scope", "answer": "公积金由住房公积金管理中心办理，电话12329。"}


def by_two(town: Town) -> tuple[Person, Person]:
    rule(town, "switches", decline_by_two=True, auto_register=False)
    return town.person("acceptor"), town.person("dutyleader")


def test_a_refusal_is_told_on_the_word_of_another(
    town: Town, client: Any, work: Callable[[], None], open_tx: Opening
) -> None:
    """Proposed with reason and words, which wait; approved by the duty leader, and then told.

    Seen red: with the words left in ``answer`` the history showed them as an answer before anybody
    had approved them; without ``check_alone`` one acceptor refused by himself.
    """
    acceptor, leader = by_two(town)
    receipt = client.post("/api/v1/public/cases", json=told()).json()
    case, code = receipt["id"], receipt["code"]
    assert "decline" not in names(acceptor, case)
    alone = taken(acceptor, case, "decline", **WORDS)
    assert (alone.status_code, alone.json()["code"]) == (409, "declined_by_two")
    assert alone.json()["details"]["instead"] == "propose_decline"

    assert taken(acceptor, case, "propose_decline", answer="不归我们").status_code == 422
    asked = taken(acceptor, case, "propose_decline", **WORDS).json()
    work()
    assert (asked["state"], asked["answer"], asked["steps"][-1]["answer"]) == ("reported", "", "")
    assert asked["requests"][0]["data"]["answer"] == WORDS["answer"]
    assert taken(acceptor, case, "approve_decline").json()["code"] == "not_your_step"
    assert [card["id"] for card in to_decide(leader)] == [case]
    assert "request_asked" in noticed(leader)
    page = client.get(f"/api/v1/public/cases/{code}").json()
    assert (page["state"], page["answer"]) == ("reported", "")

    done = taken(leader, case, "approve_decline", note="同意").json()
    work()
    assert (done["state"], done["answer"]) == ("declined", WORDS["answer"])
    assert [one["status"] for one in done["requests"]] == ["granted"]
    assert client.get(f"/api/v1/public/cases/{code}").json()["answer"] == WORDS["answer"]
    with open_tx() as tx:
        sent = tx.rows("select text from sms_messages where case_id = %s", [case])
    assert any("12329" in sms["text"] for sms in sent)
    letter = words(leader.get(f"/cases/{case}/letters/declined.pdf").content)
    assert "12329" in letter


def test_what_is_not_refused_is_taken_on_and_the_leader_asks_the_desk_above(
    town: Town, client: Any
) -> None:
    """A no needs a sentence; whoever accepts meanwhile has settled it; nobody approves his own.

    Seen red: without ``of_place`` a proposal went on waiting for a case that was accepted.
    """
    acceptor, leader = by_two(town)
    above = town.person("cityleader")
    case = report(client, text="公积金贷款怎么办")
    taken(acceptor, case, "propose_decline", **WORDS)
    assert taken(leader, case, "refuse_decline").json()["details"]["field"] == "note"
    back = taken(leader, case, "refuse_decline", note="可以转公积金窗口").json()
    assert (back["state"], back["requests"][0]["status"]) == ("reported", "refused")

    taken(acceptor, case, "propose_decline", **WORDS)
    after = taken(acceptor, case, "accept", type="waterlogging").json()
    assert (after["state"], after["requests"][-1]["status"]) == ("accepted", "lapsed")

    taken(leader, case, "propose_decline", **WORDS)
    assert "approve_decline" not in names(leader, case) | names(acceptor, case)
    assert [card["id"] for card in to_decide(above)] == [case]
    assert taken(above, case, "approve_decline").json()["state"] == "declined"
