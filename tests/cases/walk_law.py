"""What must hold after every step, by tables written by hand: rights, history, clocks, own work."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.cases import owned
from tests.cases.walk_sql import LINES, UNASKED, WRONG
from wangge.cases.corrections import Correction, correct
from wangge.cases.models import Action, Duty, State, StepInput
from wangge.cases.service import step_of_account
from wangge.cases.workflow import LOOP
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id

if TYPE_CHECKING:
    from tests.cases.walk import Walk

Case = dict[str, Any]
TAKERS, SENDERS = {"acceptor", "duty_leader"}, {"dispatcher", "duty_leader"}
DESK = TAKERS | SENDERS
UNIT = {"handler", "department_manager", "property_manager"}
OVERSEERS = {"supervisor", "dispatcher", "duty_leader", "leader"}
NOBODY: tuple[set[str], str] = (set(), "desk")
# Who takes a step, and where his post has to be.
RIGHTS: dict[str, tuple[set[str], str]] = {
    **dict.fromkeys(("accept", "send_verify", "decline", "propose_decline", "withdraw_for",
                     "register", "send_check", "close", "draft_answer", "return_answer"),
                    (TAKERS, "desk")),
    **dict.fromkeys(("dispatch", "recall", "resume", "review"), (SENDERS, "desk")),
    **dict.fromkeys(("instruct", "correct", "merge", "unmerge", "split", "split_up", "escalate",
                     "assign_down", "transfer"), (DESK, "desk")),
    **dict.fromkeys(("acknowledge", "return", "progress", "extend", "ask_pause", "ask_suspension",
                     "resume_clock", "explain_lateness", "finish"), (UNIT, "unit")),
    "void": ({"duty_leader"}, "desk"),
    "mailbox": (TAKERS, "desk"),
    "acknowledge_alarm": (DESK | {"caller"}, "desk"),
    **dict.fromkeys(("verify", "not_here"), (owned.FIELD, "ground")),
    "self_handle": (owned.FIELD, "ground"),
    "urge": (OVERSEERS, "ground"),
    "supervise": (OVERSEERS, "ground"),
    "spot_check": (OVERSEERS, "ground"),
    "list_openly": ({"leader"}, "ground"),
    "unlist": ({"leader"}, "ground"),
    "criticise": ({"leader"}, "ground"),
}  # fmt: skip
CHECKS = {"pass_check", "fail_check"}
DECISIONS = {
    "uphold": "objection", "overrule": "objection", "rule": "objection",
    "grant_extension": "extension", "refuse_extension": "extension", "grant_pause": "pause",
    "approve_decline": "refusal", "refuse_decline": "refusal",
    "rule_unreasonable": "unreasonable", "rule_reasonable": "unreasonable",
    "refuse_pause": "pause", "grant_suspension": "suspension", "refuse_suspension": "suspension",
}  # fmt: skip
# Told of what hangs on a case, at whose own door the right is asked for; or anybody's who reads.
ELSEWHERE = {
    "remark",
    "entrust",
    "take_on",
    "promise",
    "keep_promise",
    "assist",
    "whistle",
    "answer_supervision",
    "withdraw_request",
}
STAGE = {
    "reported": 1, "verifying": 1, "accepted": 2, "registered": 2, "reopened": 2, "dispatched": 3,
    "handling": 4, "suspended": 4, "handled": 5, "checking": 5, "checked": 5,
}  # fmt: skip
# What may set a running stage's end to an earlier day: it says so, or the rules were changed.
EARLIER = {
    "reckon", "correct", "resume", "resume_clock", "review", "grant_suspension", "unmerge",
    "accept", "register", "rule", "hand_over", "escalate", "assign_down", "transfer",
}  # fmt: skip
WROTE = """
select account_id, answer, action from case_steps where case_id = %s and round = %s and seq < %s
    and action in ('finish', 'self_handle', 'draft_answer') order by seq
"""
FORBIDDEN = {"not_your_step", "no_request"}


def may(walk: "Walk", case: Case, action: str, actor_id: Any) -> bool:
    """Whether the table by hand lets the account take the step on the case as it stands."""
    posts = [post for post in walk.posts if post["account_id"] == actor_id]
    if action in CHECKS:
        field = owned.FIELD | {"supervisor"}
        roles = OVERSEERS if case["duty"] == Duty.SUPERVISOR else field
        return _holds(walk, posts, case, roles, "ground", narrowed=True)
    if action in DECISIONS:
        kind = DECISIONS[action]
        return any(
            post["role"] in owned.DECIDES[kind] and post["unit_id"] == one["desk_id"]
            for one in case["pending"] if one["kind"] == kind for post in posts
        )  # fmt: skip
    if action == "question":
        return any(
            _holds(walk, posts, case, SENDERS | {"caller"}, place, narrowed=False)
            for place in ("desk", "ground")
        )
    roles, place = RIGHTS.get(action, NOBODY)
    reported = action == "self_handle" and case["state"] == "reported"
    if reported and case["created_by"] != actor_id:
        return False
    return _holds(walk, posts, case, roles, place, narrowed=action == "verify")


def _holds(
    walk: "Walk", posts: list[Case], case: Case, roles: set[str], place: str, *, narrowed: bool
) -> bool:
    if narrowed and walk.only is not None:
        roles = roles & walk.only
    return any(
        post["role"] in roles
        and (
            bool(post["code"]) and case["code"].startswith(post["code"])
            if place == "ground"
            else post["unit_id"] == case[f"{place}_id"]
        )
        for post in posts
    )


def trespass(walk: "Walk", tx: Tx, case: Case) -> None:
    """Somebody tries what is not his: refused, and nothing has changed."""
    action = walk.chance.choice([move.action for move in LOOP.from_(State(case["state"]))])
    if action.value in ELSEWHERE:
        return
    others = [one for one in walk.actors if not may(walk, case, action.value, one.id)]
    actor = walk.chance.choice(others)
    given = StepInput(new_id(), action, note="越权", answer="越权", reason="test", solved=True)
    try:
        if action is Action.CORRECT:
            correct(tx, actor, case["id"], Correction(new_id(), case["version"], level="major"))
        else:
            step_of_account(tx, actor, case["id"], given)
    except Refusal as refusal:
        walk.troubles[f"trespassed: {refusal.code}"] += 1
        if refusal.code in FORBIDDEN:
            return
    message = f"{actor.username} took {action} of {case['number']} in {case['state']}"
    raise AssertionError(message)


def after(walk: "Walk", tx: Tx, moved: dict[Any, Case], rows: list[Case]) -> None:
    """History equals state, nobody without right, no clock backwards, nobody in his own cause.

    ``moved`` are the cases that somebody took a step on, as they were before it.
    """
    told: dict[Any, list[Case]] = {one: [] for one in moved}
    versions = [case["version"] for case in moved.values()]
    for line in tx.rows(LINES, [list(moved), versions]):
        told[line["case_id"]].append(line)
    for now_row in rows:
        if (before := moved.get(now_row["id"])) is None:
            continue
        lines = told[before["id"]]
        _is_told(before, now_row, lines, tx.now)
        for line in lines:
            if line["actor_kind"] == "account":
                _is_his(walk, tx, before, line)
        _runs_on(before, now_row, lines, tx.now)


def _is_told(before: Case, case: Case, lines: list[Case], now: datetime) -> None:
    name = case["number"]
    assert [line["seq"] for line in lines] == list(
        range(before["version"] + 1, case["version"] + 1)
    )
    state = before["state"]
    for line in lines:
        assert line["source"] == state, f"{name}: {line['action']} from {line['source']}"
        state = line["target"]
        move = LOOP.move(State(line["source"]), Action(line["action"]))
        elsewhere = move.action in (Action.UNMERGE, Action.FAIL_CHECK)
        assert elsewhere or state == (move.target or line["source"]), (name, line["action"])
        assert line["at"] == now, f"{name}: {line['action']} at {line['at']}, now {now}"
    assert state == case["state"], f"{name} is {case['state']}, its history says {state}"
    if lines:
        assert (lines[-1]["round"], lines[-1]["due_at"]) == (case["round"], case["due_at"]), name


def _is_his(walk: "Walk", tx: Tx, case: Case, line: Case) -> None:
    action, who = line["action"], line["account_id"]
    said = f"{line['actor_name']}: {action} of {case['number']} in {case['state']}"
    if action not in ELSEWHERE:
        assert may(walk, case, action, who), f"without right, {said}"
    if action in DECISIONS:
        (request,) = [one for one in case["pending"] if one["kind"] == DECISIONS[action]]
        names = {p["username"] for p in walk.posts if p["account_id"] == who}
        deciders = owned.deciders(request, case, walk.posts)
        assert names & set(deciders), f"in his own cause, {said}"
    if action in CHECKS:
        wrote = [one for one in tx.rows(WROTE, [case["id"], case["round"], line["seq"]])
                 if one["action"] != "draft_answer"]  # fmt: skip
        assert wrote[-1]["account_id"] != who, f"his own work, {said}"
    if action == "acknowledge" and case["round"] > 1 and case["handler_id"] == who:
        assert line["data"].get("rule") == "only_handler", f"a second round, {said}"
        assert len(set(owned.owners(case, walk.posts))) == 1, f"not the only one, {said}"
    if action == "close" and walk.approves:
        wrote = tx.rows(WROTE, [case["id"], case["round"], line["seq"]])
        first = next((one for one in wrote if one["answer"] == line["answer"]), None)
        own = first is not None and first["account_id"] == who
        assert not own or line["data"].get("rule") == "only_approver", f"his own words, {said}"


def _runs_on(before: Case, case: Case, lines: list[Case], now: datetime) -> None:
    name, done = case["number"], {line["action"] for line in lines}
    stage = STAGE.get(case["state"])
    if stage is None:
        assert case["due_at"] is None or case["state"] == "closed", name
        return
    assert before["received_at"] == case["received_at"] <= case["due_from"] <= now, name
    assert case["due_from"] <= case["due_at"], name
    assert case["overdue_at"] is None or max(case["due_at"], case["overdue_at"]) <= now, name
    if all(STAGE.get(line["source"]) == STAGE.get(line["target"]) for line in lines):
        assert case["due_from"] == before["due_from"], f"{name}: the stage began anew"
        if not done & EARLIER:
            assert case["due_at"] >= before["due_at"], f"{name}: {done} set its end back"
    else:
        assert case["due_from"] == now, f"{name}: the stage did not begin now"
    last = case["received_at"].isoformat()
    for first, end in case["pauses"]:
        assert datetime.fromisoformat(last) <= datetime.fromisoformat(first), name
        last = end or now.isoformat()
        assert datetime.fromisoformat(first) <= datetime.fromisoformat(last), name
    assert case["pauses"][: len(before["pauses"]) - 1] == before["pauses"][:-1], name


def all_told(tx: Tx, live: list[Any]) -> None:
    """The same of the whole history of every case, whoever wrote it, and of its requests."""
    wrong = tx.rows(WRONG, [live, tx.now])
    assert wrong == [], wrong[:3]
    unasked = tx.rows(UNASKED, [live])
    assert unasked == [], unasked[:3]
