"""并案: one matter told by many, each answered for himself; nothing of one is told to another."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages, phones, work
from tests.town import Person, Town
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.notices.local_gateway import StandIn

__all__ = ["phones", "work"]
Opening = Callable[..., AbstractContextManager[Tx]]
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PIPE = "东方社区3号楼门前自来水管爆裂，水流了一地"
SECRET = "李秀兰家门口水管爆了，我是302的，别让邻居知道是我说的"


def reported(client: Any, text: str = PIPE, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/public/cases", json=told(text, **more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def merged(person: Person, case: str, lead: str, **more: Any) -> Any:
    body = {"id": str(new_id()), "lead_id": lead, "note": "同一处水管", **more}
    return person.post(f"/cases/{case}/merge", body)


def unmerged(person: Person, case: str) -> Any:
    return person.post(f"/cases/{case}/unmerge", {"id": str(new_id()), "note": "不是同一处"})


def closed(town: Town, case: str, answer: str = "水管已换新") -> None:
    """From reported to closed by the people of the town."""
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    if acceptor.get(f"/cases/{case}").json()["state"] == "reported":
        assert taken(acceptor, case, "accept").status_code == 200
    sent = taken(dispatcher, case, "dispatch", unit_id=town.unit("water-379901"))
    assert sent.status_code == 200, sent.text
    taken(town.person("water"), case, "acknowledge")
    assert taken(town.person("water"), case, "finish", note="换管", answer=answer).is_success
    done = taken(town.person("lihong"), case, "pass_check")
    assert done.json()["state"] == "closed", done.text


def says(client: Any, code: str, *, solved: bool, words: str = "") -> Any:
    return client.post(
        f"/api/v1/public/cases/{code}/answer",
        json={"id": str(new_id()), "solved": solved, "text": words},
    )


def matter(client: Any, code: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/public/cases/{code}").json()
    return found


def test_each_asker_is_answered_and_judges_for_himself(
    town: Town, client: Any, work: Callable[[], None], phones: StandIn
) -> None:
    """Seen red without the job that follows a lead, and with its answer passed on as it is."""
    lead = reported(client)
    numbers = ["13854600011", "13854600012"]
    others = [
        reported(client, asker={"name": f"邻居{n}", "phone": phone})
        for n, phone in enumerate(numbers)
    ]
    acceptor = town.person("acceptor")
    for other in others:
        answer = merged(acceptor, other["id"], lead["id"])
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == "merged"
        assert answer.json()["due_at"] is None
        assert matter(client, other["code"])["state"] == "merged"

    closed(town, lead["id"], "王女士您好，王桂英反映的水管已换新")
    work()

    found = [matter(client, other["code"]) for other in others]
    assert [one["state"] for one in found] == ["closed", "closed"]
    unnamed = "反映人您好，反映人反映的水管已换新"
    assert {one["answer"] for one in found} == {unnamed}, "no other's name in it"
    told_by_sms = {phone for phone, text in messages(phones) if "已办结" in text}
    assert set(numbers) <= told_by_sms

    says(client, others[0]["code"], solved=True)
    says(client, others[1]["code"], solved=False, words="我家门口还在漏")
    work()

    assert matter(client, others[0]["code"])["state"] == "evaluated"
    assert matter(client, others[1]["code"])["state"] == "reopened"
    assert matter(client, lead["code"])["state"] == "closed", "the others' words are their own"
    shown = acceptor.get(f"/cases/{lead['id']}/related").json()
    assert [card["id"] for card in shown["members"]] == [others[0]["id"]]
    alone = acceptor.get(f"/cases/{others[1]['id']}/related").json()
    assert (alone["lead"], alone["lead_hidden"]) == (None, False)
    assert acceptor.get(f"/cases/{others[1]['id']}").json()["due_at"]


def test_undoing_restores_where_it_stood(town: Town, client: Any) -> None:
    """Seen red with the former state left out: it came back as reported."""
    lead, other = reported(client), reported(client)
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    taken(acceptor, other["id"], "accept")
    taken(dispatcher, other["id"], "dispatch", unit_id=town.unit("water-379901"))
    taken(town.person("water"), other["id"], "acknowledge")
    before = acceptor.get(f"/cases/{other['id']}").json()
    merged(acceptor, other["id"], lead["id"])
    assert town.person("water").get("/cases", queue="to_handle").json()["items"] == []

    assert unmerged(acceptor, other["id"]).status_code == 200

    after = acceptor.get(f"/cases/{other['id']}").json()
    assert (after["state"], after["unit"]) == ("handling", before["unit"])
    assert after["total_due_at"] == before["total_due_at"], "the asker's promise stays"
    explained = acceptor.get(f"/cases/{other['id']}/deadline").json()
    due, began = (datetime.fromisoformat(explained[name]) for name in ("due_at", "start_at"))
    assert due == datetime.fromisoformat(after["due_at"])
    assert began == datetime.fromisoformat(after["steps"][-1]["at"])
    assert [step["action"] for step in after["steps"][-2:]] == ["merge", "unmerge"]
    lines = acceptor.get(f"/cases/{lead['id']}").json()["steps"]
    assert [step["data"]["members"] for step in lines if step["action"] == "carry"] == [1, 0]
    assert unmerged(acceptor, other["id"]).json()["code"] == "not_merged"


def test_a_reopened_lead_takes_them_up_again_and_one_may_still_leave(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    lead, other = reported(client), reported(client)
    acceptor = town.person("acceptor")
    merged(acceptor, other["id"], lead["id"])
    closed(town, lead["id"])
    work()
    says(client, lead["code"], solved=False, words="又漏了")
    work()

    assert matter(client, other["code"])["state"] == "merged"
    assert matter(client, other["code"])["answer"] == ""
    assert unmerged(acceptor, other["id"]).json()["state"] == "reported"
    assert matter(client, lead["code"])["state"] == "reopened"


def test_who_reopened_his_own_may_be_merged_anew_before_any_job_has_run(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Seen red with the old merger undone by the job alone: merging again broke."""
    lead, other, third = (reported(client) for _ in range(3))
    acceptor = town.person("acceptor")
    merged(acceptor, other["id"], lead["id"])
    closed(town, lead["id"])
    work()
    says(client, other["code"], solved=False, words="我家门口还在漏")

    anew = merged(acceptor, other["id"], third["id"])

    assert anew.status_code == 200, anew.text
    work()
    assert matter(client, other["code"])["state"] == "merged"
    lines = acceptor.get(f"/cases/{lead['id']}").json()["steps"]
    assert [step["data"]["members"] for step in lines if step["action"] == "carry"] == [1, 0]


def test_a_reopened_lead_takes_them_up_again_however_far_it_came_meanwhile(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Seen red with only a lead looked after that the job still finds reopened."""
    lead, other = reported(client), reported(client)
    merged(town.person("acceptor"), other["id"], lead["id"])
    closed(town, lead["id"])
    work()
    says(client, lead["code"], solved=False, words="又漏了")
    sent = taken(
        town.person("dispatcher"), lead["id"], "dispatch", unit_id=town.unit("water-379901")
    )
    assert sent.status_code == 200, sent.text
    work()

    assert matter(client, other["code"])["state"] == "merged"


def test_a_lead_that_ends_undone_sets_them_free(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    lead, other = reported(client), reported(client)
    acceptor = town.person("acceptor")
    merged(acceptor, other["id"], lead["id"])

    client.post(f"/api/v1/public/cases/{lead['code']}/withdraw", json={"id": str(new_id())})
    work()

    shown = acceptor.get(f"/cases/{other['id']}").json()
    assert (shown["state"], shown["duty"]) == ("reported", "desk")
    assert shown["due_at"]
    assert acceptor.get("/cases", queue="to_accept").json()["items"][0]["id"] == other["id"]


def test_a_chain_comes_together_in_one_lead(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Merged into a merged one: carried by its lead; what a merged one carries comes along."""
    first, second, third, fourth = (reported(client) for _ in range(4))
    acceptor = town.person("acceptor")
    merged(acceptor, second["id"], first["id"])
    merged(acceptor, third["id"], second["id"])
    merged(acceptor, first["id"], fourth["id"])

    assert acceptor.get(f"/cases/{third['id']}/related").json()["lead"]["id"] == first["id"]
    ring = merged(acceptor, fourth["id"], third["id"])
    assert (ring.status_code, ring.json()["code"]) == (409, "merge_in_a_ring")
    closed(town, fourth["id"])
    work()
    assert {matter(client, one["code"])["state"] for one in (first, second, third)} == {"closed"}


@pytest.fixture
def hidden(client: Any) -> dict[str, Any]:
    """A confidential neighbour's telling of the same burst pipe."""
    return reported(
        client, SECRET, place_words="3号楼302",
        asker={"name": "赵玉梅", "phone": "13854677777", "mode": "confidential"},
    )  # fmt: skip


def everything_of(person: Person, case: str) -> str:
    """All that a person is told about a case at any of its doors."""
    doors = ["", "/related", "/doubles", "/households", "/deadline"]
    said = [person.get(f"/cases/{case}{door}").text for door in doors]
    lists = [person.get("/cases").text, person.get("/cases", q="水管").text]
    return "".join([*said, *lists, person.get("/notices").text])


def test_a_merged_case_discloses_nothing(
    town: Town, client: Any, hidden: dict[str, Any], work: Callable[[], None]
) -> None:
    """The neighbour's test: the lead's handler, its asker and a stranger's grid learn nothing.

    Seen red with the ids of the merged cases in the lead's history.
    """
    lead = reported(client)
    merged(town.person("acceptor"), hidden["id"], lead["id"])
    acceptor = town.person("acceptor")
    closed(town, lead["id"])
    work()

    secrets = [
        "赵玉梅",
        "赵",
        "我是302",
        "号楼302",
        hidden["number"],
        hidden["id"],
        hidden["code"],
    ]
    water = town.person("water")
    assert water.get(f"/cases/{lead['id']}").status_code == 200
    for text in (
        everything_of(water, lead["id"]),
        everything_of(town.person("wangqiang"), lead["id"]),
        client.get(f"/api/v1/public/cases/{lead['code']}").text,
    ):
        assert [secret for secret in secrets if secret in text] == []
        assert "7777" not in ID.sub("", text)  # chance may bring it into an id
    assert water.get(f"/cases/{hidden['id']}").status_code == 404
    related = water.get(f"/cases/{lead['id']}/related").json()
    assert (related["members"], related["members_hidden"]) == ([], 1)
    assert acceptor.get(f"/cases/{lead['id']}/related").json()["members"][0]["id"] == hidden["id"]


def test_between_two_desks_only_who_sees_both(town: Town, client: Any) -> None:
    here = reported(client)
    there = reported(client, lon=118.50, lat=37.30, place_words="柳林村")

    foreign = merged(town.person("acceptor"), here["id"], there["id"])
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no_such_case")
    unseen = merged(town.person("liulin"), here["id"], there["id"])
    assert (unseen.status_code, unseen.json()["code"]) == (404, "no_such_case")
    for who in ("lihong", "supervisor", "citydesk"):
        refused = merged(town.person(who), here["id"], reported(client)["id"])
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_step"), who
    assert town.person("acceptor").get(f"/cases/{here['id']}").json()["state"] == "reported"


def test_what_cannot_be_merged_is_refused_in_both_languages(town: Town, client: Any) -> None:
    acceptor = town.person("acceptor")
    case, over = reported(client), reported(client)
    taken(acceptor, over["id"], "decline", reason="out_of_scope", answer="重复反映")
    urgent = reported(client, "三号楼着火了，有人被困")

    answers = {
        "merge_into_itself": merged(acceptor, case["id"], case["id"]),
        "lead_is_over": merged(acceptor, case["id"], over["id"]),
        "no_such_case": merged(acceptor, case["id"], str(new_id())),
        "emergency_into_calm": merged(acceptor, urgent["id"], case["id"]),
        "wrong_state": merged(acceptor, over["id"], case["id"]),
        "stale_version": merged(acceptor, case["id"], urgent["id"], version=9),
        "field_needed": taken(acceptor, case["id"], "merge"),
    }

    for code, answer in answers.items():
        assert answer.json()["code"] == code, answer.text
        assert answer.json()["message"]["zh"]
        assert answer.json()["message"]["en"]
    assert acceptor.get(f"/cases/{case['id']}").json()["state"] == "reported"


def test_a_repeat_merges_once(town: Town, client: Any) -> None:
    lead, other, acceptor = reported(client), reported(client), town.person("acceptor")
    step = str(new_id())
    first = merged(acceptor, other["id"], lead["id"], id=step)
    again = merged(acceptor, other["id"], lead["id"], id=step)

    assert first.json() == again.json()
    lines = acceptor.get(f"/cases/{lead['id']}").json()["steps"]
    assert [step["action"] for step in lines].count("carry") == 1


def test_figures_count_merged_ones_apart(town: Town, client: Any, work: Callable[[], None]) -> None:
    """Ten tellings of one matter are one closing. Seen red without the count of the carried."""
    lead, others = reported(client), [reported(client) for _ in range(3)]
    acceptor = town.person("acceptor")
    for other in others:
        merged(acceptor, other["id"], lead["id"])
    closed(town, lead["id"])
    work()

    told_ = town.person("citydesk").get("/indicators").json()

    assert (told_["by_state"]["closed"], told_["by_state"]["merged"]) == (1, 3)
    closing = told_["indicators"][0]
    assert (closing["numerator"], closing["denominator"]) == (1, 1)


def test_a_lead_left_behind_by_a_dead_worker_is_found(
    town: Town, client: Any, open_tx: Opening
) -> None:
    lead, other = reported(client), reported(client)
    merged(town.person("acceptor"), other["id"], lead["id"])
    closed(town, lead["id"])
    with open_tx() as tx:
        tx.run("delete from pgqueuer")

    queue.SWEEPS["merged"][1](open_tx)

    assert matter(client, other["code"])["state"] == "closed"
