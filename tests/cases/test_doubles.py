"""疑似重复: found at the door and at triage, with the reason, and only what one may see."""

from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_merging import PIPE, closed, reported
from tests.dispatch.conftest import messages, phones, work
from tests.town import Town
from wangge.cases import doubles
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.tenant.service import rules, save

__all__ = ["phones", "work"]
SAME = {"text": "3号楼前面水管爆裂，水流了一地", "lon": 118.1004, "lat": 37.3002}


def found(town: Town, who: str = "acceptor", **more: Any) -> list[dict[str, Any]]:
    answer = town.person(who).post("/doubles", {**SAME, **more})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def test_the_desk_sees_why_it_may_be_the_same(town: Town, client: Any) -> None:
    case = reported(client)
    [double] = found(town)

    assert double["id"] == case["id"]
    assert double["reason"]["zh"].startswith("50 米内 · 同一天")
    assert "用词相近" in double["reason"]["zh"]
    assert "within 50 m · the same day" in double["reason"]["en"]


@pytest.mark.parametrize(
    "other",
    [
        {"lon": 118.1100},  # a kilometre away
        {"text": "邻居晚上唱歌太吵，睡不着觉"},
    ],
)
def test_what_is_far_or_says_something_else_is_none(
    town: Town, client: Any, other: dict[str, Any]
) -> None:
    reported(client)

    assert found(town, **other) == []


def test_near_recent_and_alike_are_the_citys_to_say(town: Town, client: Any) -> None:
    """Seen red with the numbers written into the statement."""
    reported(client)

    def switch(**values: Any) -> None:
        with transaction(town.cell) as tx:
            known = rules(tx)
            body = known.switches.model_dump(mode="json") | values
            version = known.versions.get("switches", 0)
            save(tx, "switches", body, version=version, author_id=None)

    switch(doubles_metres=20)
    assert found(town) == []
    switch(doubles_metres=1000, doubles_alike_percent=5)
    assert len(found(town, lon=118.1080)) == 1
    with_days = found(town)
    assert len(with_days) == 1
    switch(doubles_alike_percent=100, doubles_metres=100)
    assert all("用词相近" not in one["reason"]["zh"] for one in found(town))


def test_the_list_says_how_many_and_the_case_which(town: Town, client: Any) -> None:
    """Whatever door it came by: the page, the desk, a worker, a batch."""
    acceptor = town.person("acceptor")
    page = reported(client)
    desk = acceptor.post("/cases", told(PIPE, channel="phone")).json()
    field = town.person("lihong").post("/cases", told(PIPE, channel="worker", asker=None)).json()
    item = {**told(PIPE), "channel": "import"}
    batch = town.person("cityleader").post("/intake/cases", {"items": [item]})
    assert batch.json()["taken"] == 1, batch.text
    ids = [page["id"], desk["id"], field["id"], item["id"]]

    counts = {row["id"]: row["count"] for row in acceptor.get("/cases/doubles", ids=ids).json()}

    assert counts == dict.fromkeys(ids, 3)
    which = acceptor.get(f"/cases/{item['id']}/doubles").json()
    assert {row["id"] for row in which} == set(ids) - {item["id"]}
    taken(acceptor, page["id"], "decline", reason="out_of_scope", answer="已另案办理")
    assert len(acceptor.get(f"/cases/{item['id']}/doubles").json()) == 2, "only what is open"


def test_long_texts_are_compared_by_their_beginnings(town: Town, client: Any) -> None:
    """Seen red with whole texts compared: 9,000 other characters outweighed the same beginning."""
    begins = "".join(chr(0x4E00 + n) for n in range(doubles.READ))
    rest = ["".join(chr(0x5E00 + 9_000 * side + n) for n in range(9_000)) for side in (0, 1)]
    case = reported(client, begins + rest[0])

    assert [one["id"] for one in found(town, text=begins + rest[1])] == [case["id"]]
    assert found(town, text=rest[1] + begins[:1_000]) == []


def test_nobody_is_shown_what_is_not_his(town: Town, client: Any) -> None:
    """The neighbour's grid, another town's desk and a unit find nothing."""
    case = reported(client)

    for who in ("wangqiang", "liulin", "handler"):
        assert found(town, who) == [], who
        assert town.person(who).get(f"/cases/{case['id']}/doubles").status_code == 404
    assert found(town, "lihong")[0]["id"] == case["id"]


# --- the resident's side ----------------------------------------------------------------------
WORDS = "3号楼门前水管爆裂，正在抢修"


def near(client: Any, **more: Any) -> list[dict[str, Any]]:
    answer = client.post("/api/v1/public/doubles", json={**SAME, **more})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def released(town: Town, case: str, words: str = WORDS, who: str = "acceptor") -> Any:
    return town.person(who).put(f"/cases/{case}/release", {"words": words})


def test_a_resident_sees_released_ones_only_and_coarse(town: Town, client: Any) -> None:
    """Seen red without the release in the statement: the asker's words were shown."""
    case = reported(client, "王桂英家302门前水管爆裂，水流了一地")
    assert near(client) == []

    assert released(town, case["id"]).status_code == 204
    [card] = near(client)

    assert card["words"] == WORDS
    assert card["names"] == ["安和街道", "东方社区"]
    told_to_all = str(card)
    for secret in ("王桂英", "302门", "118.1", case["number"], case["code"]):
        assert secret not in told_to_all
    assert released(town, case["id"], "").status_code == 204
    assert near(client) == []


def test_what_is_nearest_is_shown_before_a_word_is_said(town: Town, client: Any) -> None:
    """Released and open ones within half a kilometre, the nearest first; nothing of anybody else's.

    Seen red: with unreleased ones joined in, in the order of their coming, and however far away.
    """

    def nearest(lat: float) -> list[str]:
        answer = client.get("/api/v1/public/nearest", params={"lon": 118.1, "lat": lat})
        assert answer.status_code == 200, answer.text
        assert all(set(card) == set(near(client)[0]) for card in answer.json())
        return [card["words"] for card in answer.json()]

    one, two = reported(client), reported(client, "路灯不亮", lat=37.3021)
    reported(client, "楼道堆物")
    for case, words in ((two, "小区路灯不亮"), (one, WORDS)):
        assert released(town, case["id"], words).status_code == 204
    assert nearest(37.3) == [WORDS, "小区路灯不亮"]
    assert nearest(37.3025) == ["小区路灯不亮", WORDS]
    assert nearest(37.32) == []
    released(town, one["id"], "")
    assert client.get(
        "/api/v1/public/nearest", params={"lon": 118.1, "lat": 37.3}
    ).json()[0]["words"] == "小区路灯不亮"  # fmt: skip


def test_releasing_is_the_desks_and_never_of_a_confidential_asker(town: Town, client: Any) -> None:
    case = reported(client)
    kept = reported(
        client, asker={"name": "赵玉梅", "phone": "13854677777", "mode": "confidential"}
    )

    for who in ("lihong", "liulin", "citydesk"):
        assert released(town, case["id"], who=who).status_code == 404, who
    refused = released(town, kept["id"])
    assert refused.json()["code"] == "confidential_not_released"
    assert near(client) == []


def follow(client: Any, case: str, phone: str = "", **more: Any) -> Any:
    body = {"id": str(new_id()), "case_id": case, "phone": phone, **more}
    return client.post("/api/v1/public/follows", json=body)


def test_following_gives_nobody_the_askers_own_code(town: Town, client: Any) -> None:
    """The released case's id, given as the follower's own, must not get its asker's page."""
    case = reported(client)
    released(town, case["id"])

    code = follow(client, case["id"], id=case["id"]).json()["code"]

    assert code != case["code"]
    assert client.get(f"/api/v1/public/cases/{code}").status_code == 404
    assert client.get(f"/api/v1/public/follows/{code}").status_code == 200
    assert client.get(f"/api/v1/public/follows/{case['code']}").status_code == 404


def test_a_neighbour_follows_and_hears_once(
    town: Town, client: Any, work: Any, phones: Any
) -> None:
    case = reported(client)
    assert follow(client, case["id"]).json()["code"] == "nothing_to_follow"
    released(town, case["id"])

    code = follow(client, case["id"], "13854688888").json()["code"]
    follow(client, case["id"], "13854688888")
    silent = follow(client, case["id"]).json()["code"]
    assert client.get(f"/api/v1/public/follows/{code}").json()["solved_at"] is None
    closed(town, case["id"])
    work()

    heard = [text for phone, text in messages(phones) if phone == "13854688888"]
    assert len(heard) == 1, heard
    assert WORDS in heard[0]
    assert client.get(f"/api/v1/public/follows/{silent}").json()["solved_at"]
    assert town.person("acceptor").get(f"/cases/{case['id']}/related").json()["followers"] == 3
    assert client.delete(f"/api/v1/public/follows/{silent}").status_code == 204
    assert client.get(f"/api/v1/public/follows/{silent}").status_code == 404
    assert follow(client, case["id"]).json()["code"] == "nothing_to_follow"
