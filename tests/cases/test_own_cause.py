"""Nobody judges in his own cause: every check, approval and ruling of the loop, one by one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.test_answer_goes_out import switched
from tests.cases.test_loop import taken, told
from tests.town import Person, Town
from wangge.cases.models import Action
from wangge.cases.workflow import DECIDER, LOOP
from wangge.kernel import clock
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

A = Action
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
# Every step that judges what somebody did, asked for, wrote or proposed, and the refusal of him.
JUDGES: dict[Action, str] = {
    **dict.fromkeys((A.PASS_CHECK, A.FAIL_CHECK, A.ACKNOWLEDGE, A.SPOT_CHECK), "own_work"),
    **dict.fromkeys((A.UPHOLD, A.OVERRULE, A.RULE), "own_request"),
    **dict.fromkeys((A.GRANT_EXTENSION, A.REFUSE_EXTENSION), "own_request"),
    **dict.fromkeys((A.GRANT_PAUSE, A.REFUSE_PAUSE), "own_request"),
    **dict.fromkeys((A.GRANT_SUSPENSION, A.REFUSE_SUSPENSION), "own_request"),
    **dict.fromkeys((A.RULE_UNREASONABLE, A.RULE_REASONABLE), "own_request"),
    **dict.fromkeys((A.APPROVE_DECLINE, A.REFUSE_DECLINE), "own_request"),
    A.CLOSE: "own_answer",
    A.CRITICISE: "own_proposal",
}
# The others do, ask, tell or hand on; what the system does by rule is nobody's cause.
NO_JUDGEMENT = frozenset({
    A.SELF_HANDLE, A.ACCEPT, A.SEND_VERIFY, A.DECLINE, A.PROPOSE_DECLINE, A.VERIFY, A.NOT_HERE,
    A.WITHDRAW,
    A.WITHDRAW_FOR, A.VOID, A.REGISTER, A.DISPATCH, A.RECALL, A.RETURN, A.PROGRESS, A.EXTEND,
    A.ASK_PAUSE, A.ASK_SUSPENSION, A.RESUME_CLOCK, A.RESUME, A.REVIEW, A.WITHDRAW_REQUEST,
    A.RAISE_REQUEST,
    A.EXPLAIN_LATENESS, A.FINISH, A.SEND_CHECK, A.DRAFT_ANSWER, A.RETURN_ANSWER, A.INSTRUCT,
    A.EVALUATE, A.REOPEN, A.QUESTION, A.CORRECT, A.REMARK, A.OVERDUE, A.RECKON, A.HAND_OVER,
    A.TAKE_BACK, A.ACKNOWLEDGE_ALARM, A.MERGE, A.UNMERGE, A.CLOSE_MERGED, A.REJOIN, A.CARRY,
    A.SPLIT, A.SPLIT_UP, A.ESCALATE, A.ASSIGN_DOWN, A.TRANSFER, A.ASSIST, A.WHISTLE, A.MAILBOX,
    A.URGE, A.SUPERVISE, A.ANSWER_SUPERVISION, A.LIST_OPENLY, A.UNLIST, A.ENTRUST, A.TAKE_ON,
    A.PROMISE, A.KEEP_PROMISE, A.CLIMB, A.SILENT, A.LEFT_OPEN,
})  # fmt: skip
NOTE = "我看办得很好，不用再查了"
POSTS = (
    ("duty_leader", "unit_id", "desk-379901001"),
    ("duty_leader", "unit_id", "desk-3799"),
    ("grid_worker", "area_id", "3799010010010001"),
    ("leader", "area_id", "379901"),
)
Situation = Iterator[tuple[str, tuple[Action, ...]]]


def test_no_step_of_the_loop_is_forgotten() -> None:
    """A new step is put into one table or the other; what checks or decides judges."""
    steps = {move.action for move in LOOP.moves}

    assert steps == set(JUDGES) | NO_JUDGEMENT
    assert not set(JUDGES) & NO_JUDGEMENT
    assert {move.action for move in LOOP.moves if move.by in ("checker", DECIDER)} <= set(JUDGES)


@pytest.fixture
def everything(town: Town) -> Person:
    """The handler is also duty leader twice, grid worker and leader: he could do it all alone."""
    with transaction(town.cell) as tx:
        clock.set_to(tx, MONDAY, frozen=True)
    switched(town, approve_answers=True)
    admin = town.person("sysadmin")
    for role, place, code in POSTS:
        where = town.unit(code) if place == "unit_id" else town.area(code)
        made = admin.post(f"/people/{town.account('handler')}/posts", {"role": role, place: where})
        assert made.status_code in (200, 201), made.text
    return town.person("handler")


class Story:
    """Cases as far as the one who could do everything brings them; then he would judge."""

    def __init__(self, town: Town, client: Any, himself: Person) -> None:
        self.town, self.client, self.himself = town, client, himself
        self.people: dict[str, Person] = {}
        self.code = ""

    def does(self, who: str, case: str, action: str, **filled: Any) -> None:
        if who not in self.people:
            self.people[who] = self.himself if who == "handler" else self.town.person(who)
        answer = taken(self.people[who], case, action, **filled)
        assert answer.status_code == 200, (action, answer.text)

    def sent(self) -> str:
        receipt = self.client.post("/api/v1/public/cases", json=told()).json()
        self.code = receipt["code"]
        self.does("acceptor", receipt["id"], "accept", type="waterlogging")
        self.dispatched(receipt["id"])
        return str(receipt["id"])

    def dispatched(self, case: str) -> None:
        self.does("dispatcher", case, "dispatch", unit_id=self.town.unit("urban-379901"))

    def asked(self) -> Situation:
        case = self.sent()
        self.does("handler", case, "acknowledge")
        for action, days in (("extend", 9), ("ask_pause", 2), ("ask_suspension", 9)):
            until = (MONDAY + timedelta(days=days)).isoformat()
            reason = "funds" if action == "ask_suspension" else "weather"
            self.does("handler", case, action, until=until, reason=reason, note="等材料")
        yield case, (A.GRANT_EXTENSION, A.REFUSE_EXTENSION, A.GRANT_PAUSE, A.REFUSE_PAUSE,
                     A.GRANT_SUSPENSION, A.REFUSE_SUSPENSION)  # fmt: skip

    def objected(self) -> Situation:
        case = self.sent()
        self.does("handler", case, "return", reason="not_duty", note="不属于我们")
        yield case, (A.UPHOLD, A.OVERRULE)
        self.does("dutyleader", case, "overrule", note="属于你们")
        self.does("handler", case, "return", reason="not_duty", note="确实不属于我们")
        yield case, (A.RULE, A.OVERRULE)

    def finished(self) -> Situation:
        case, answer = self.sent(), "积水已抽干"
        self.does("handler", case, "acknowledge")
        self.does("handler", case, "finish", note="已抽水", answer=answer)
        yield case, (A.PASS_CHECK, A.FAIL_CHECK, A.SPOT_CHECK)
        self.does("lihong", case, "pass_check")
        yield case, (A.CLOSE,)
        self.does("dutyleader", case, "close", answer=answer)
        no = {"id": str(new_id()), "solved": False, "text": "又进水了"}
        assert self.client.post(f"/api/v1/public/cases/{self.code}/answer", json=no).is_success
        ground = {"reason": "impossible", "note": "地势低，下大雨总会积水"}
        self.does("dispatcher", case, "question", **ground)
        yield case, (A.RULE_UNREASONABLE, A.RULE_REASONABLE)
        self.does("dispatcher", case, "withdraw_request")
        self.does("handler", case, "question", **ground)
        yield case, (A.RULE_UNREASONABLE, A.RULE_REASONABLE)
        self.dispatched(case)
        yield case, (A.ACKNOWLEDGE,)

    def refused(self) -> Situation:
        case = str(self.client.post("/api/v1/public/cases", json=told()).json()["id"])
        words = {"reason": "out_of_scope", "answer": "不归本中心办理"}
        self.does("handler", case, "propose_decline", **words)
        yield case, (A.APPROVE_DECLINE, A.REFUSE_DECLINE)

    def proposed(self) -> Situation:
        case = self.sent()
        leader = self.town.person("leader")
        for who, kind in ((leader, "listing"), (self.himself, "criticism")):
            body = {"id": str(new_id()), "kind": kind, "reason": "逾期未整改"}
            assert who.post(f"/cases/{case}/supervision", body).is_success
        yield case, (A.CRITICISE,)

    def judges(self, case: str, action: Action) -> Any:
        """He tries, with all that the step asks for."""
        if action is A.CRITICISE:
            issued = self.himself.get(f"/cases/{case}/supervision").json()["items"]
            (waits,) = [one for one in issued if one["state"] == "proposed"]
            return self.himself.post(
                f"/supervision/{waits['id']}/decision", {"approve": True, "why": NOTE}
            )
        if action is A.SPOT_CHECK:
            body = {"id": str(new_id()), "case_id": case, "finding": "in_order", "words": NOTE}
            return self.himself.post("/fieldwork/checks", body | {"done_at": MONDAY.isoformat()})
        filled: dict[str, Any] = {"note": NOTE}
        if action is A.RULE:
            filled["unit_id"] = self.town.unit("water-379901")
        if action is A.CLOSE:
            filled["answer"] = self.himself.get(f"/cases/{case}").json()["answer"]
        return taken(self.himself, case, action.value, **filled)


def test_nobody_judges_in_his_own_cause(town: Town, client: Any, everything: Person) -> None:
    """Whoever did, asked, wrote or proposed it is refused with a code and keeps his words.

    No button offers it to him and the case stays as it was; every judging step is tried. Seen
    red: with ``is_own_work`` always false he passed his own check, granted himself more time and
    took the second round; without the author's refusal he closed with his own words; without the
    proposer's he approved his own criticism; a new step stood in neither table.
    """
    story = Story(town, client, everything)
    tried: set[Action] = set()
    stories = (story.asked, story.objected, story.finished, story.refused, story.proposed)
    for situation in stories:
        for case, actions in situation():
            tried |= set(actions)
            for action in actions:
                before = everything.get(f"/cases/{case}").json()

                refused = story.judges(case, action)

                found = (refused.status_code, refused.json().get("code"))
                assert found == (403, JUDGES[action]), action
                assert "您填写的内容仍在" in refused.json()["message"]["zh"]
                assert "what you typed is kept" in refused.json()["message"]["en"]
                assert everything.get(f"/cases/{case}").json()["version"] == before["version"]
                assert action is A.CLOSE or action.value not in names(before)
    assert tried == set(JUDGES)


def names(case: dict[str, Any]) -> set[str]:
    return {one["action"] for one in case["actions"]}
