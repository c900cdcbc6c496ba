"""Whistles, promises and supervision of a leaver: items like his cases, each signed for."""

from typing import Any

from tests.cases.test_loop import taken
from tests.handovers.conftest import Opening, in_hand, leaves, newcomer, steps, waiting
from tests.town import Person, Town
from wangge.handovers import jobs
from wangge.kernel.ids import new_id


def given_and_signed(town: Town, leader: Person, item: dict[str, Any], to: str) -> None:
    body = {"items": [item["id"]], "to": town.account(to)}
    answer = leader.post("/handovers/give", body)
    assert answer.status_code == 200, answer.text
    signed = town.person(to).post(f"/handovers/{item['id']}/sign", {})
    assert signed.status_code == 200, signed.text


def test_what_somebody_blew_promised_and_issued_is_signed_for_by_his_successor(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """A whistle without a case, two promises of one case, a notice: four items, four signatures.

    Seen red: with the index that knew cases alone the second promise was lost; without ``_seen_to``
    the successor could neither conclude the whistle nor heard of the answer to the notice.
    """
    dispatcher, leader = town.person("dispatcher"), town.person("dutyleader")
    case = in_hand(town, client)
    blown = {
        "id": str(new_id()), "reason": "hard", "words": "占道堆物多次清理无效",
        "unit_ids": [town.unit("urban-379901")], "lon": 118.10, "lat": 37.30,
    }  # fmt: skip
    assert dispatcher.post("/whistles", blown).status_code == 200
    for n, words in enumerate(("周三前回电话", "周五前上门")):
        promise = {"id": str(new_id()), "words": words, "by": f"2026-11-2{6 + n}T09:00:00+08:00"}
        assert dispatcher.post(f"/cases/{case}/promises", promise).status_code == 200
    notice = {"id": str(new_id()), "kind": "notice", "reason": "请说明进展"}
    issued = dispatcher.post(f"/cases/{case}/supervision", notice)
    assert issued.status_code == 200, issued.text
    newcomer(town, "second", "乙派", "dispatcher",
             area_id=town.area("379901001"), unit_id=town.unit("desk-379901001"))  # fmt: skip

    leaves(town, "dispatcher")

    items = waiting(leader)
    found = {(item["kind"], item["what"]): item for item in items}
    assert set(found) == {
        ("whistle", "占道堆物多次清理无效"), ("promise", "周三前回电话"),
        ("promise", "周五前上门"), ("supervision", "请说明进展"),
    }  # fmt: skip
    assert found["whistle", "占道堆物多次清理无效"]["case_id"] is None
    assert {item["may_give"] for item in items} == {True}
    assert len(steps(leader, case, "left_open")) == 1
    for item in items:
        given_and_signed(town, leader, item, "second")
    assert waiting(leader) == []

    second = town.person("second")
    page = second.get(f"/whistles/{blown['id']}").json()
    assert page["caller"]["name"] == "乙派", page
    assert [line["action"] for line in page["steps"]][-2:] == ["entrust", "take_on"]
    kept = second.get(f"/cases/{case}/promises").json()["items"]
    assert {(one["made_name"], one["seen_to_name"]) for one in kept} == {("冯涛", "乙派")}
    assert len(steps(second, case, "take_on")) == 3
    said = {"answer": "明天完工"}
    answer = town.person("handler").post(f"/supervision/{notice['id']}/answer", said)
    assert answer.status_code == 200, answer.text
    told = [one["code"] for one in second.get("/notices").json()["items"]]
    assert "supervision_answered" in told


def test_a_promise_that_was_kept_meanwhile_needs_no_signature(
    town: Town, client: Any, open_tx: Opening
) -> None:
    dispatcher, leader = town.person("dispatcher"), town.person("dutyleader")
    case = in_hand(town, client)
    promise = {"id": str(new_id()), "words": "周三前回电话", "by": "2026-11-26T09:00:00+08:00"}
    dispatcher.post(f"/cases/{case}/promises", promise)
    leaves(town, "dispatcher")
    (item,) = waiting(leader)

    kept = leader.post(f"/promises/{promise['id']}/keep", {"note": "已回"})
    assert kept.status_code == 200, kept.text
    assert waiting(leader) == []
    jobs.moved_on(open_tx)
    with open_tx() as tx:
        assert tx.rows("select state from handed_items") == [{"state": "over"}]
    over = leader.post("/handovers/give", {"items": [item["id"]], "to": town.account("acceptor")})
    assert over.json()["code"] == "item_over"
    assert taken(leader, case, "remark", note="留痕").status_code == 200
