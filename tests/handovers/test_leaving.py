"""A post ends: its open work is the leader's to give, and each item is signed for."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cases.test_loop import taken, told
from tests.dispatch.test_follows import report
from tests.handovers.conftest import (
    Opening,
    end_by_date,
    in_hand,
    leaves,
    newcomer,
    steps,
    waiting,
)
from tests.town import Person, Town
from wangge.handovers import jobs
from wangge.kernel.ids import new_id

GRID = "3799010010010001"


def give(person: Person, items: list[str], to: str) -> Any:
    return person.post("/handovers/give", {"items": items, "to": to})


def test_a_handlers_cases_are_the_managers_to_give_to_several(
    town: Town, client: Any, manager: Person
) -> None:
    cases = [in_hand(town, client), in_hand(town, client, lon=118.11)]
    newcomer(town, "third", "丙工", "handler", unit_id=town.unit("urban-379901"))
    assert waiting(manager) == []

    leaves(town, "handler")

    items = waiting(manager)
    assert {item["case_id"] for item in items} == set(cases)
    assert {(item["kind"], item["from_name"], item["may_give"]) for item in items} == {
        ("case", "许工", True)
    }
    assert {one["name"] for one in items[0]["people"]} == {"韩工", "丙工", "丁局长"}
    for case in cases:
        (line,) = steps(manager, case, "left_open")
        assert "许工离岗" in line["note"]
        assert "丁局长" in line["note"]
    told_of = [n for n in manager.get("/notices").json()["items"] if n["code"] == "work_left"]
    assert [n["body"]["n"] for n in told_of] == [2]

    first, second = items
    assert give(manager, [first["id"]], town.account("handler2")).status_code == 200
    assert give(manager, [second["id"]], town.account("third")).status_code == 200
    han, third = town.person("handler2"), town.person("third")
    assert [(i["id"], i["may_sign"]) for i in waiting(han)] == [(first["id"], True)]
    stolen = han.post(f"/handovers/{second['id']}/sign", {})
    assert (stolen.status_code, stolen.json()["code"]) == (403, "not_yours_to_sign")

    assert han.post(f"/handovers/{first['id']}/sign", {"note": "已看现场"}).status_code == 200
    assert han.post(f"/handovers/{first['id']}/sign", {}).status_code == 200  # again: the same

    (line,) = steps(han, first["case_id"], "take_on")
    assert (line["actor"]["name"], "许工" in line["note"]) == ("韩工", True)
    assert waiting(han) == []
    assert [i["id"] for i in waiting(manager)] == [second["id"]]
    assert third.post(f"/handovers/{second['id']}/sign", {}).status_code == 200
    assert waiting(manager) == []
    late = give(manager, [second["id"]], town.account("handler2"))
    assert (late.status_code, late.json()["code"]) == (409, "item_over")


def test_neighbours_neither_see_nor_give_nor_sign(town: Town, client: Any, manager: Person) -> None:
    """Seen red: without ``may_give`` a handler gave his absent colleague's work away."""
    in_hand(town, client)
    leaves(town, "handler")
    (item,) = waiting(manager)

    for name in ("water", "squad", "zhouping", "liulin", "handler2", "leader", "lihong"):
        other = town.person(name)
        assert waiting(other) == [], name
        assert give(other, [item["id"]], town.account("handler2")).status_code in (403, 404), name
        signed = other.post(f"/handovers/{item['id']}/sign", {})
        assert signed.status_code in (403, 404), name
    wrong = give(manager, [item["id"]], town.account("water"))
    assert (wrong.status_code, wrong.json()["code"]) == (409, "cannot_take_on")


def test_a_grid_workers_visit_waits_for_the_leader_and_the_successor(
    town: Town, client: Any
) -> None:
    case = report(client)
    taken(town.person("acceptor"), case, "send_verify")
    leaves(town, "lihong")

    leader = town.person("wuhua")
    (item,) = waiting(leader)
    assert (item["kind"], item["case_id"], item["place"]) == ("visit", case, "第1网格")
    newcomer(town, "maning", "马宁", "grid_worker", area_id=town.area(GRID))
    successor = town.person("maning")
    (seen,) = waiting(successor)
    assert (seen["may_sign"], seen["may_give"]) == (True, False)

    assert successor.post(f"/handovers/{item['id']}/sign", {}).status_code == 200

    assert waiting(leader) == []
    assert [s["actor"]["name"] for s in steps(successor, case, "take_on")] == ["马宁"]
    assert taken(successor, case, "verify", note="属实").status_code == 200


def test_what_went_on_by_itself_needs_no_signature(
    town: Town, client: Any, manager: Person, open_tx: Opening
) -> None:
    case = in_hand(town, client)
    end_by_date(town, "handler", open_tx)
    (item,) = waiting(manager)

    done = taken(town.person("handler2"), case, "finish", note="已抽水", answer="积水已抽干")

    assert done.status_code == 200
    assert waiting(manager) == []
    over = give(manager, [item["id"]], town.account("handler2"))
    assert (over.status_code, over.json()["code"]) == (409, "item_over")
    jobs.moved_on(open_tx)
    with open_tx() as tx:
        assert tx.rows("select state from handed_items") == [{"state": "over"}]


def test_desk_work_and_alarms_go_to_the_duty_leader(town: Town, client: Any) -> None:
    mine, others = report(client), report(client, lon=118.11)
    switched = town.person("sysadmin")
    now = switched.get("/rules/switches").json()
    body = {**now["body"], "auto_register": False}
    switched.put("/rules/switches", {"body": body, "version": now["version"], "note": "测试"})
    taken(town.person("acceptor"), mine, "accept", type="waterlogging")
    taken(town.person("dutyleader"), others, "accept", type="waterlogging")

    leaves(town, "acceptor")

    (item,) = waiting(town.person("dutyleader"))
    assert (item["case_id"], item["kind"]) == (mine, "desk")


def test_the_public_page_names_nobody_who_left(
    town: Town, client: TestClient, open_tx: Opening
) -> None:
    before = client.get(f"/api/v1/public/serve/{GRID}").json()["people"]
    assert "李红" in {one["name"] for one in before}

    leaves(town, "lihong")
    newcomer(town, "maning", "马宁", "grid_worker", area_id=town.area(GRID))
    with open_tx() as tx:
        tx.run("update posts set public = true where account_id = %s", [town.account("maning")])

    answer = client.get(f"/api/v1/public/serve/{GRID}")
    names = {one["name"] for one in answer.json()["people"]}
    assert "李红" not in names
    assert "马宁" in names
    assert answer.headers["cache-control"] == "no-store"


def test_the_leavers_device_is_told_to_empty_and_what_he_found_is_his(
    town: Town, open_tx: Opening
) -> None:
    """Seen red: without ``left_devices`` the answer was the plain ``sign_in_needed``."""
    worker = town.person("lihong")
    found = told() | {"channel": "worker", "found_at": "2026-11-24T01:30:00Z"}
    found.pop("asker")
    leaves(town, "lihong")

    gone = worker.get("/me")
    assert gone.status_code == 401
    assert gone.json()["code"] == "left_service"
    assert gone.json()["details"] == {"empty": True, "delivers": True}
    assert worker.post("/cases", found).json()["code"] == "left_service"

    for wrong in ("2026-11-24T02:30:00Z", "2026-09-01T00:00:00Z", None):
        refused = worker.post("/session/found", found | {"id": str(new_id()), "found_at": wrong})
        assert refused.json()["code"] == "found_after_leaving", wrong
    taken_in = worker.post("/session/found", found)
    assert taken_in.status_code == 200, taken_in.text
    assert taken_in.json()["number"].startswith("379901001-")
    assert worker.post("/session/found", found).json() == taken_in.json()
    seen = town.person("acceptor").get(f"/cases/{found['id']}").json()
    assert seen["steps"][0]["actor"]["name"] == "李红"
    assert worker.get(f"/cases/{found['id']}").status_code == 401

    assert worker.delete("/session").status_code == 200
    assert worker.post("/session/found", found).json()["code"] == "sign_in_needed"
    with open_tx() as tx:
        assert tx.rows("select action from audit_rows where action = 'device.emptied'")


def test_a_locked_accounts_device_is_emptied_and_brings_nothing(town: Town) -> None:
    worker = town.person("lihong")
    lock = {"locked": True, "reason": "手机丢失"}
    town.person("secadmin").post(f"/people/{worker.account_id}/lock", lock)

    assert worker.get("/me").json()["details"] == {"empty": True, "delivers": False}
    found = told() | {"channel": "worker", "found_at": "2026-11-24T01:30:00Z"}
    assert worker.post("/session/found", found).json()["code"] == "sign_in_needed"


def test_whoever_keeps_another_post_stays_signed_in(town: Town) -> None:
    with_two = town.person("lihong")
    place = {"area_id": town.area("3799010010010002")}
    body = {"id": str(new_id()), "role": "grid_worker", **place}
    answer = town.person("sysadmin").post(f"/people/{with_two.account_id}/posts", body)
    assert answer.status_code == 201, answer.text
    first = next(p for p in with_two.me["posts"])

    town.person("sysadmin").post(f"/posts/{first['id']}/end", {})

    left = with_two.get("/me")
    assert left.status_code == 200
    assert [post["area"]["code"] for post in left.json()["posts"]] == ["3799010010010002"]


@pytest.mark.parametrize("kind", ["task"])
def test_a_child_task_in_hand_is_handed_over(
    town: Town, client: Any, manager: Person, kind: str
) -> None:
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    lead, assisting = town.unit("water-379901"), town.unit("urban-379901")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=lead)
    body = {"id": str(new_id()), "unit_id": assisting, "words": "清理淤泥"}
    made = town.person("dispatcher").post(f"/cases/{case}/tasks", body)
    assert made.status_code == 200, made.text
    task = made.json()["items"][0]["id"] if "items" in made.json() else made.json()["id"]
    step = {"id": str(new_id()), "action": "acknowledge"}
    took = town.person("handler").post(f"/cases/{case}/tasks/{task}/steps", step)
    assert took.status_code == 200, took.text

    leaves(town, "handler")

    (item,) = waiting(manager)
    assert item["kind"] == kind
    give(manager, [item["id"]], town.account("handler2"))
    han = town.person("handler2")
    assert han.post(f"/handovers/{item['id']}/sign", {}).status_code == 200
    tasks = han.get(f"/cases/{case}/tasks").json()
    shown = tasks["items"] if isinstance(tasks, dict) else tasks
    assert shown[0]["holder"] == "韩工"
