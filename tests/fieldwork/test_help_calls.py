"""求助: a worker in need is heard at once, by name, and he alone takes his call back."""

from typing import Any

from tests.cases.test_loop import taken
from tests.sync.phones import Phone
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

SAID = "select text, purpose from sms_messages where case_id = %s order by at, id"


def messages(town: Town, case: str) -> list[tuple[str, str]]:
    with transaction(town.cell) as tx:
        return [(row["purpose"], row["text"]) for row in tx.rows(SAID, [case])]


def test_a_call_for_help_wakes_leader_and_duty_and_is_taken_by_name(town: Town) -> None:
    """Sent once more it wakes nobody again; the place is there because he sent it with the call.

    He calls off his own call alone: a fire that he reported goes on ringing.

    Seen red: without telling the leaders one message alone went out; with the call not looked for
    he called off the fire.
    """
    lihong, wang = (Phone(town.person(name), town.cell) for name in ("lihong", "wangqiang"))
    numbers = lihong.person.get("/fieldwork/help").json()
    assert [one["phone"] for one in numbers["public"]] == ["110", "120"]
    assert [one["name"] for one in numbers["leaders"]] == ["吴华"]
    call = lihong.op("help.call", str(new_id()), {"words": "有人堵门", "lon": 118.1, "lat": 37.3})
    (receipt,) = lihong.push(call)
    assert (receipt["state"], receipt["result"]["leaders"]) == ("applied", ["吴华"]), receipt
    lihong.push(call)
    case = call["record"]
    woken = messages(town, case)
    assert [purpose for purpose, _ in woken] == ["emergency", "emergency"]
    assert all("网格员求助" in text for _, text in woken)
    desk = town.person("dutyleader")
    assert [one["case_id"] for one in desk.get("/alarms").json()["items"]] == [case]

    fire = lihong.report("楼道着火了")
    assert lihong.states(fire) == ["applied"]
    foreign, other = wang.op("help.cancel", case, {}), lihong.op("help.cancel", fire["record"], {})
    assert wang.states(foreign) == lihong.states(other) == ["refused no_such_case"]
    assert taken(desk, case, "acknowledge_alarm").status_code == 200
    assert lihong.states(lihong.op("help.cancel", case, {"words": "人已经走了"})) == ["applied"]
    steps = lihong.person.get(f"/cases/{case}").json()["steps"]
    known = [(one["action"], one["actor"]["name"]) for one in steps]
    assert known[-2:] == [("acknowledge_alarm", "陈刚"), ("remark", "李红")]
    assert steps[-1]["note"] == "本人取消求助：人已经走了"
    assert len(messages(town, case)) == 4
    where: Any = lihong.person.get(f"/cases/{case}").json()["place"]
    assert (where["lon"], where["lat"]) == (118.1, 37.3)
