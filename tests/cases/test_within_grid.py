"""What lies within a grid is settled there: nobody above has to approve it."""

from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_owned import listed
from tests.town import Person, Town
from wangge.kernel.ids import new_id

ABOVE = ("acceptor", "dutyleader", "cityleader", "wuhua")
# What somebody above would have to say yes to; the sample of a supervisor looks at what is done.
APPROVALS = ("to_accept", "to_register", "to_dispatch", "to_decide", "to_close", "to_check")


def awaited(town: Town) -> set[str]:
    """Every matter that waits for the word of a desk, of a leader, of the city."""
    found: set[str] = set()
    for name in ABOVE:
        person = town.person(name)
        held = {queue["code"] for queue in person.get("/cases/queues").json()}
        found |= {case for code in held.intersection(APPROVALS) for case in listed(person, code)}
    return found


def one_of_each_class(person: Person) -> list[str]:
    """The first type of every class that asks for no photo."""
    found = person.get("/tenant").json()["types"]
    asking = {one["code"] for one in found if one["evidence"]}
    first: dict[str, str] = {}
    for one in found:
        if one["parent"] and not {one["code"], one["parent"]} & asking:
            first.setdefault(one["parent"], one["code"])
    return list(first.values())


def ruled(town: Town, name: str, **changed: Any) -> None:
    admin = town.person("sysadmin")
    if name == "routes":
        ruled(town, "switches", dry_run_first=False)
    now = admin.get(f"/rules/{name}").json()
    body = {**now["body"], **changed}
    saved = admin.put(f"/rules/{name}", {"body": body, "version": now["version"], "note": "格内"})
    assert saved.status_code == 200, saved.text


@pytest.mark.mission("PL-02")
def test_what_a_worker_can_settle_waits_for_nobody_above(town: Town, client: Any) -> None:
    """PL-02: "an event inside a grid worker's competence never needs a higher approval".

    A type of every class that he finds himself, in a city whose desks close by hand and approve
    answers; and what a resident reported and he was sent to verify. Outside his grid he may not.

    Seen red: without the rule ``within_grid`` every find stood at `checked` before the desk; with
    the step from `verifying` leading to `reported` the desk had it back; and with the short path
    kept by a reopened case its second round was closed without a check.
    """
    ruled(town, "switches", auto_close=False, approve_answers=True, short_path_sample_percent=0)
    worker, desk = town.person("lihong"), town.person("acceptor")
    kinds = one_of_each_class(worker)
    assert len(kinds) > 10
    for kind in kinds:
        done = {"id": str(new_id()), "note": "当场处置"}
        body = told("楼道里的事", channel="worker", asker=None, type=kind, self_handle=done)
        answer = worker.post("/cases", body)
        assert answer.json()["case"]["state"] == "closed", (kind, answer.text)
    assert awaited(town) == set()

    ruled(town, "switches", auto_close=True, approve_answers=False, short_path_sample_percent=0)
    asked = client.post("/api/v1/public/cases", json=told("楼道里堆着旧沙发")).json()
    taken(desk, asked["id"], "send_verify")
    assert asked["id"] not in awaited(town)
    for stranger in ("wangqiang", "sunlei", "handler"):
        filled = {"note": "搬走了", "answer": "已搬走"}
        assert taken(town.person(stranger), asked["id"], "self_handle", **filled).status_code == 404
    settled = taken(worker, asked["id"], "self_handle", note="搬走了", answer="沙发已搬走")
    assert settled.json()["state"] == "closed", settled.text
    assert awaited(town) == set()
    shown = client.get(f"/api/v1/public/cases/{asked['code']}").json()
    assert (shown["answer"], shown["may_answer"]) == ("沙发已搬走", True)

    again = {"id": str(new_id()), "solved": False, "text": "又堆上了"}
    client.post(f"/api/v1/public/cases/{asked['code']}/answer", json=again)
    case = asked["id"]
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901"))
    taken(town.person("handler"), case, "acknowledge")
    filled = {"note": "清走了", "answer": "已清走"}
    checked = taken(town.person("handler"), case, "finish", **filled).json()
    assert (checked["state"], checked["duty"]) == ("checking", "grid")
