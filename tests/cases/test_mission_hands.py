"""Rows of the mission table that askers, property companies and command desks see."""

from typing import Any

import pytest

from tests.cases.test_answers import Day, Opening, brought
from tests.cases.test_assisting import given, said
from tests.cases.test_closed_loop import photo
from tests.cases.test_loop import taken, told
from tests.cases.test_mission import seen
from tests.cases.test_within_grid import ruled
from tests.town import Town
from wangge.kernel.ids import new_id

ROAD = {
    "reported": "我们收到了，正在看",
    "verifying": "网格员正在现场核实",
    "registered": "已登记，正在安排单位",
    "dispatched": "已派给承办单位",
    "handling": "正在办理",
    "checking": "网格员正在现场核查",
    "closed": "已办完，请告诉我们解决了没有",
    "reopened": "没解决，正在再办",
    "evaluated": "已完成，谢谢您",
}


@pytest.mark.mission("PL-13")
def test_a_resident_sees_every_change_and_rates(town: Town, client: Any, open_tx: Opening) -> None:
    """PL-13: "resident sees each status change and rates".

    After each of fourteen steps he looks by his code: the new state, its sentence and, where it
    came to a new stage, its time. He says no once and rates at the end.

    Seen red: with the sentence of another state he read that we have it while it was verified.
    """
    day = Day(open_tx)
    asked = brought(town, client)
    case, code, unit = asked["id"], asked["code"], {"unit_id": town.unit("urban-379901")}
    desk, sender, worker = (town.person(n) for n in ("acceptor", "dispatcher", "lihong"))
    handler, other = town.person("handler"), town.person("handler2")

    def shown() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/v1/public/cases/{code}").json()
        assert found["sentence"]["zh"] == ROAD[found["state"]]
        assert found["sentence"]["en"]
        return found

    def answered(*, solved: bool, **more: Any) -> None:
        words = {"id": str(new_id()), "solved": solved, **more}
        assert client.post(f"/api/v1/public/cases/{code}/answer", json=words).status_code == 200

    sent = {"note": "已抽水", "answer": "积水已抽干"}
    steps: list[tuple[Any, str, dict[str, Any], str]] = [
        (desk, "send_verify", {}, "verifying"),
        (worker, "verify", {"note": "属实"}, "reported"),
        (desk, "accept", {"type": "waterlogging"}, "registered"),
        (sender, "dispatch", unit, "dispatched"),
        (handler, "acknowledge", {}, "handling"),
        (handler, "finish", sent, "checking"),
        (worker, "fail_check", {"note": "角落还有水"}, "handling"),
        (handler, "finish", sent, "checking"),
        (worker, "pass_check", {}, "closed"),
        (client, "no", {}, "reopened"),
        (sender, "dispatch", unit, "dispatched"),
        (other, "acknowledge", {}, "handling"),
        (other, "finish", sent, "checking"),
        (worker, "pass_check", {}, "closed"),
    ]
    seen_ = [shown()["state"]]
    for who, action, filled, _ in steps:
        day.passes(minutes=7)
        if action == "no":
            answered(solved=False, text="又进水了")
        else:
            assert taken(who, case, action, **filled).status_code == 200, action
        seen_.append(shown()["state"])
    assert seen_ == ["reported", *(state for *_, state in steps)]
    times = [stage["at"] for stage in shown()["stages"]]
    assert times == sorted(set(times))
    assert times[-1] == "2026-03-03T02:38:00Z"

    answered(solved=True, satisfaction="very_satisfied")
    last = shown()
    assert (last["state"], last["solved"], last["satisfaction"]) == (
        "evaluated", True, "very_satisfied",
    )  # fmt: skip


@pytest.mark.mission("PL-14")
def test_a_property_company_handles_with_photos_in_its_own_estates(town: Town, client: Any) -> None:
    """PL-14: "property unit handles an order with photo, sees only its estates".

    Two companies in two communities; the directory names the one of the estate. Each sees its own
    order and nothing else, at four doors and in the files.

    Seen red: with any company taken for the nearest one, one of them had both orders.
    """
    admin = town.person("sysadmin")
    made = admin.post(
        "/organisations",
        {"kind": "property", "code": "property-hean", "name": "河安物业",
         "area_id": town.area("379901001002")},
    ).json()  # fmt: skip
    post = {"role": "property_manager", "unit_id": made["id"]}
    admin.post("/people", {"username": "hean", "name": "安经理", "posts": [post]})
    ruled(town, "routes", routes=[{"type": "corridor_light", "unit": "@property"}])
    east, west = town.person("property"), town.person("hean")
    desk, orders = town.person("acceptor"), {}
    for estate, lon in (("东方", 118.10), ("河安", 118.30), ("别处", 118.10)):
        orders[f"石榴树（{estate}）"] = case = told(f"石榴树（{estate}）楼道灯不亮", lon=lon)
        assert client.post("/api/v1/public/cases", json=case).status_code == 200
        kind = "street_lamp" if estate == "别处" else "corridor_light"
        taken(desk, case["id"], "accept", type=kind)
    made_ = {name.removeprefix("石榴树（")[:-1]: case["id"] for name, case in orders.items()}

    assert seen(east, made_) == {"东方"}
    assert seen(west, made_) == {"河安"}
    taken(east, made_["东方"], "acknowledge")
    shot = photo(east, "after")
    filled = {"note": "换了灯泡", "answer": "楼道灯已修好", "files": [shot]}
    done = taken(east, made_["东方"], "finish", **filled)
    assert done.json()["state"] == "checking", done.text
    assert [(f["id"], f["purpose"]) for f in done.json()["files"]] == [(shot, "after")]
    assert east.get(f"/files/{shot}").status_code == 200
    assert west.get(f"/files/{shot}").status_code == 404
    assert taken(west, made_["东方"], "finish", **filled).status_code == 404
    assert desk.get(f"/files/{shot}").status_code == 200


@pytest.mark.mission("BX-24")
def test_three_units_are_sent_and_each_confirms_at_its_time(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """BX-24: "dispatch to 3 units, confirmations timed".

    The desk sends a lead unit and two that assist. Each confirms when it does; the desk reads who,
    which unit and when off the one matter.

    Seen red: with steps written at the time of receipt all had confirmed at nine.
    """
    day = Day(open_tx)
    case = brought(town, client)["id"]
    desk = town.person("dispatcher")
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    sent = taken(desk, case, "dispatch", unit_id=town.unit("urban-379901"))
    assert sent.json()["state"] == "dispatched"
    for unit in ("water-379901", "urban-379901001"):
        assert given(desk, case, town.unit(unit)).status_code == 200
    tasks = {one["unit"]["name"]: one for one in desk.get(f"/cases/{case}/tasks").json()["items"]}
    assert {one["state"] for one in tasks.values()} == {"dispatched"}

    day.passes(minutes=4)
    assert said(town.person("water"), case, tasks["安东区供水公司"]["id"], "acknowledge").is_success
    day.passes(minutes=5)
    taken(town.person("handler"), case, "acknowledge")
    assert confirmed(desk, case) == [
        ("安东区供水公司", "蒋师傅", "01:04"),
        ("安东区城市管理局", "许工", "01:09"),
    ]
    day.passes(minutes=11)
    squad = town.person("squad")
    assert said(squad, case, tasks["安和街道综合执法队"]["id"], "acknowledge").is_success
    assert confirmed(desk, case)[2:] == [("安和街道综合执法队", "沈队", "01:20")]


def confirmed(desk: Any, case: str) -> list[tuple[str, str, str]]:
    """Unit, person and time of every confirmation, in its order."""
    steps = desk.get(f"/cases/{case}").json()["steps"]
    return [
        (step["unit"], step["actor"]["name"], step["at"][11:16])
        for step in steps
        if "acknowledge" in (step["action"], step["data"].get("did"))
    ]
