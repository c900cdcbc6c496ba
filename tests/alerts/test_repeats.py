"""Again and again at one place: a card, who answers it, how it goes up, how it ends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from tests.alerts.conftest import Opening, cards, later, look, matter, poured, ruled
from tests.town import Person, Town
from wangge.alerts import jobs
from wangge.kernel import clock
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

REPEAT = {"code": "again", "kind": "repeat", "types": ["dispute"], "days": 30, "metres": 100}


def quarrel(town: Town, public: TestClient, lon: float = 118.1, lat: float = 37.3) -> str:
    """A resident tells of a quarrel, and the desk says that it is one."""
    body = {"id": str(new_id()), "text": "楼上楼下又为漏水吵起来了", "lon": lon, "lat": lat}
    told = public.post("/api/v1/public/cases", json=body)
    assert told.status_code == 200, told.text
    taken = town.person("acceptor").post(
        f"/cases/{body['id']}/steps",
        {"id": str(new_id()), "action": "accept", "type": "neighbour_dispute"},
    )
    assert taken.status_code == 200, taken.text
    return str(body["id"])


@pytest.fixture
def card(town: Town, open_tx: Opening) -> dict[str, Any]:
    """Three quarrels of one place, and the card that they made."""
    ruled(town, REPEAT)
    poured(open_tx, [matter(days, kind="family_dispute") for days in (20, 9, 1)])
    look(open_tx)
    [found] = cards(town.person("dutyleader"))
    return found


@pytest.mark.mission("DY-45")
def test_three_reports_of_one_place_make_an_early_warning(
    town: Town, client: TestClient, open_tx: Opening
) -> None:
    """DY-45: "≥3 in 30 days → early-warning card".

    Through the public door, the desk's and the worker's sweep. Seen red with a card from four on,
    with twice the days (the oldest counted too), and with the type's class forgotten.
    """
    with open_tx() as tx:
        clock.set_to(tx, tx.now - timedelta(days=31), frozen=True)
    ruled(town, REPEAT)
    quarrel(town, client)
    later(open_tx, days=12)
    second = quarrel(town, client, lon=118.1004)
    later(open_tx, days=19)
    third = quarrel(town, client, lat=37.3003)
    quarrel(town, client, lon=118.15)  # five kilometres away
    look(open_tx)
    leader = town.person("dutyleader")
    assert cards(leader) == []  # the first is thirty-one days old: two in thirty days

    fourth = quarrel(town, client)
    look(open_tx)

    [found] = cards(leader)
    assert found["words"]["zh"] == "30天内相距100米以内反映“矛盾纠纷”3次（规则：3次起）"
    whole = leader.get(f"/alerts/{found['id']}").json()
    assert {row["id"] for row in whole["rows"]} == {second, third, fourth}
    assert (whole["figures"]["n"], whole["rule_version"], whole["state"]) == (3, 1, "open")


def test_what_comes_later_is_written_under_the_same_card(
    town: Town, client: TestClient, open_tx: Opening, card: dict[str, Any]
) -> None:
    """Once a thing: neither another sweep nor another report makes a second card of it.

    Meant to go red without the look for an open card, which made three of six.
    """
    look(open_tx)
    fourth = quarrel(town, client, lon=118.1001)
    look(open_tx)

    leader = town.person("dutyleader")
    [found] = cards(leader)
    whole = leader.get(f"/alerts/{found['id']}").json()
    assert found["id"] == card["id"]
    assert whole["figures"]["n"] == 4
    assert fourth in {row["id"] for row in whole["rows"]}


def test_a_case_counts_once_and_only_the_new_make_another_card(
    town: Town, open_tx: Opening, card: dict[str, Any]
) -> None:
    """Meant to go red with the cases of an ended card counted again."""
    leader = town.person("dutyleader")
    ended = leader.post(
        f"/alerts/{card['id']}/end", {"outcome": "settled", "reason": "两家已经谈好"}
    )
    assert ended.status_code == 200, ended.text
    poured(open_tx, [matter(0.02, kind="family_dispute")], from_n=10)
    look(open_tx)
    assert cards(leader) == []

    poured(open_tx, [matter(0.01, kind="family_dispute") for _ in range(2)], from_n=20)
    look(open_tx)

    assert len(cards(leader)) == 1
    assert [one["id"] for one in cards(leader, box="ended")] == [card["id"]]


def test_reports_of_one_estate_count_wherever_in_it(town: Town, open_tx: Opening) -> None:
    """Half a kilometre apart, and one estate. Meant to go red with the estates left out."""
    ruled(town, {**REPEAT, "types": []})
    with open_tx() as tx:
        tx.run("update areas set level = 'estate' where code = '379901001002'")
        tx.run("update versions set n = n + 1 where name = 'areas'")
    there = "3799010010020001"
    poured(open_tx, [matter(n, grid=there, lon=118.2 + n / 50, lat=37.25) for n in (1, 2, 3)])
    poured(open_tx, [matter(n, lon=118.1 + n / 50) for n in (1, 2, 3)], from_n=10)
    look(open_tx)

    [found] = cards(town.person("cityleader"))
    assert "同一小区" in found["words"]["zh"]


def told(person: Person, code: str) -> list[dict[str, Any]]:
    items = person.get("/notices").json()["items"]
    return [one for one in items if one["code"] == code]


def test_who_holds_a_card_acknowledges_it_and_else_it_goes_up_once(
    town: Town, open_tx: Opening, card: dict[str, Any]
) -> None:
    """Meant to go red with the level above told at every sweep, and with any desk let in."""
    street, city = town.person("dutyleader"), town.person("cityleader")
    assert len(told(street, "alert_fired")) == 1
    assert told(city, "alert_fired") == []
    reader = town.person("acceptor")
    refused = reader.post(f"/alerts/{card['id']}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_alert")

    later(open_tx, hours=3, minutes=50)  # four working hours, of which noon is none
    jobs.unanswered(open_tx)
    assert told(city, "alert_escalated") == []
    later(open_tx, days=1)
    jobs.unanswered(open_tx)
    jobs.unanswered(open_tx)

    raised = town.person("leader")  # of the county, who leads there
    assert len(told(raised, "alert_escalated")) == 1
    assert len(told(street, "alert_fired")) == 1
    whole = raised.get(f"/alerts/{card['id']}").json()
    assert (whole["escalated_at"] is not None, whole["may_answer"]) == (True, True)
    done = street.post(f"/alerts/{card['id']}/acknowledge").json()
    assert (done["state"], done["acknowledged"]["name"]) == ("acknowledged", "陈刚")
    again = raised.post(f"/alerts/{card['id']}/acknowledge").json()
    assert again["acknowledged"]["name"] == "陈刚"


def test_a_card_answered_in_time_goes_nowhere(
    town: Town, open_tx: Opening, card: dict[str, Any]
) -> None:
    town.person("dutyleader").post(f"/alerts/{card['id']}/acknowledge")
    later(open_tx, days=3)
    jobs.unanswered(open_tx)

    assert told(town.person("leader"), "alert_escalated") == []


def test_a_card_becomes_a_case(town: Town, card: dict[str, Any]) -> None:
    """Meant to go red with the card's place left out of the report."""
    leader = town.person("dutyleader")
    case = str(new_id())
    body = {"outcome": "case", "reason": "请调解室上门看看", "case_id": case}
    ended = leader.post(f"/alerts/{card['id']}/end", body)
    assert ended.status_code == 200, ended.text
    assert leader.post(f"/alerts/{card['id']}/end", body).status_code == 200  # said twice

    opened = leader.get(f"/cases/{case}").json()
    assert opened["channel"] == "alert"
    assert opened["text"].startswith("请调解室上门看看\n（预警卡：30天内")
    assert opened["place"]["names"][-1] == "第1网格"
    whole = leader.get(f"/alerts/{card['id']}").json()
    assert (whole["state"], whole["case_id"]) == ("ended", case)
    other = leader.post(
        f"/alerts/{card['id']}/end", {"outcome": "false_alarm", "reason": "其实没有"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "alert_ended")


def test_false_alarms_are_counted_beside_their_rule(
    town: Town, open_tx: Opening, card: dict[str, Any]
) -> None:
    """Meant to go red with false alarms left out of what ended."""
    leader = town.person("dutyleader")
    silent = leader.post(f"/alerts/{card['id']}/end", {"outcome": "false_alarm"})
    assert (silent.status_code, silent.json()["code"]) == (422, "field_needed")
    body = {"outcome": "false_alarm", "reason": "是同一户的三次催问"}
    assert leader.post(f"/alerts/{card['id']}/end", body).status_code == 200

    [rule] = leader.get("/alerts/rules").json()["items"]
    assert (rule["fired"], rule["ended"], rule["false_alarms"], rule["false_share"]) == (
        1, 1, 1, 100.0,
    )  # fmt: skip
    preview = town.person("sysadmin").post(
        "/alerts/preview", {"rule": {**REPEAT, "zh": "重复", "en": "again"}, "days": 30}
    )
    assert preview.status_code == 200, preview.text
    assert preview.json()["record"]["false_share"] == 100.0


def test_the_neighbour_sees_no_card(town: Town, card: dict[str, Any]) -> None:
    """Meant to go red with the policy of cards saying yes."""
    for who in ("liulin", "zhouping", "zhaomin"):
        person = town.person(who)
        assert cards(person) == []
        assert person.get(f"/alerts/{card['id']}").status_code == 404
        assert person.post(f"/alerts/{card['id']}/acknowledge").status_code == 404
        body = {"outcome": "settled", "reason": "好了"}
        assert person.post(f"/alerts/{card['id']}/end", body).status_code == 404
    for who in ("sysadmin", "auditor"):
        assert town.person(who).get("/alerts").status_code == 403
    with transaction(town.cell, "app") as tx:
        assert tx.rows("select id from alerts") == tx.rows("select alert_id from alert_rows") == []
    assert [UUID(one["id"]) for one in cards(town.person("lihong"))] == [UUID(card["id"])]
