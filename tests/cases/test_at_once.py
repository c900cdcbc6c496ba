"""Many people at one case at the same moment: nothing is lost, and whoever is late is told so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cases.test_loop import taken, told
from tests.town import Town

WRITERS = ("acceptor", "dutyleader", "dispatcher", "lihong", "wuhua", "supervisor")
STEPS: list[dict[str, Any]] = [
    {"action": "accept", "type": "waterlogging", "note": "受理"},
    {"action": "decline", "reason": "out_of_scope", "answer": "不归本中心", "note": "不予受理"},
    {"action": "send_verify", "note": "请核实"},
]


def test_twenty_four_at_once_lose_nothing_and_break_nothing(town: Town, client: Any) -> None:
    """Twelve notes and twelve steps of which one can be taken; all start on one signal.

    Every note stands once; one step is taken, each other is refused with 409 in words that say
    that what was typed is kept, and leaves no trace. Seen red without the lock of the case: two
    lines wanted the same place in the history, and notes were refused.
    """
    case = client.post("/api/v1/public/cases", json=told()).json()["id"]
    people = {name: town.person(name) for name in WRITERS}
    notes = [(people[name], {"action": "remark", "note": f"{name}说{n}"})
             for name in WRITERS for n in (1, 2)]  # fmt: skip
    steps = [(people[name], {**step, "note": f"{step['note']}，{name}{n}"})
             for n in (1, 2) for name in ("acceptor", "dutyleader") for step in STEPS]  # fmt: skip
    together = threading.Barrier(24)

    def one(who: Any, filled: dict[str, Any]) -> Any:
        together.wait(20)
        return taken(who, case, **filled)

    with ThreadPoolExecutor(24) as pool:
        waiting = [pool.submit(one, who, filled) for who, filled in notes + steps]
        answers = [each.result(60) for each in waiting]

    assert {answer.status_code for answer in answers[:12]} == {200}
    assert sorted(answer.status_code for answer in answers[12:]) == [200] + [409] * 11
    for late in (answer.json() for answer in answers[12:] if answer.status_code == 409):
        assert "您填写的内容仍在" in late["message"]["zh"]
        assert "what you typed is kept" in late["message"]["en"]
    history = people["acceptor"].get(f"/cases/{case}").json()["steps"]
    won = [step["note"] for answer, (_, step) in zip(answers[12:], steps, strict=True)
           if answer.status_code == 200]  # fmt: skip
    said = sorted(step["note"] for step in history if step["note"])
    assert said == sorted([step["note"] for _, step in notes] + won)
