"""结果指标: entered with their source, corrected with a reason, compared with the year before."""

import csv
import io
from typing import Any

import pytest

from tests.town import Person, Town
from wangge.demo import studied
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


def defined(who: Person, name: str, unit: str) -> str:
    one = str(new_id())
    body = {"name": name, "definition": f"{name}的全年起数", "unit": unit, "source": "市有关部门"}
    answer = who.put(f"/studies/outcomes/indicators/{one}", body)
    assert answer.status_code == 200, answer.text
    return one


def entered(who: Person, indicator: str, area: str, period: str, value: str, **more: Any) -> Any:
    return who.post(
        "/studies/outcomes/values",
        {"id": str(new_id()), "indicator_id": indicator, "area_id": area, "period": period,
         "value": value, "source": "市公安局2026年1号通报", **more},
    )  # fmt: skip


@pytest.mark.mission("DY-44")
def test_outcomes_are_entered_with_their_source(town: Town) -> None:
    """DY-44, the whole acceptance: "manual/connector entry with source".

    By hand: cases that could be prevented 2024 and 2025, ↓57.3 %; accidents ↓47.1 %. Without a
    source nothing is taken; a correction says why and both stand in the history. By a connector:
    the account of a connected system enters a month, and the value says so.

    Seen red: with the change against the month before.
    """
    leader, city = town.person("cityleader"), town.area("3799")
    prevented = defined(leader, "可预防性案件量", "起")
    accidents = defined(leader, "安全生产事故起数", "起")
    known = ((prevented, "2024", "1000"), (prevented, "2025", "430"), (accidents, "2024", "17"),
             (accidents, "2025", "9"))  # fmt: skip
    for indicator, period, value in known:
        assert entered(leader, indicator, city, period, value).status_code == 204
    again = entered(leader, prevented, city, "2025", "427")
    assert again.json()["code"] == "why_needed"
    assert entered(leader, prevented, city, "2025", "427", why="通报更正").status_code == 204
    refused = leader.post(
        "/studies/outcomes/values",
        {"id": str(new_id()), "indicator_id": prevented, "area_id": city, "period": "2023",
         "value": "1", "source": "  "},
    )  # fmt: skip
    assert refused.json()["code"] == "source_needed"
    shown = leader.get("/studies/outcomes").json()
    found = {(one["indicator_id"], one["first"]): one for one in shown["values"]}
    year = found[prevented, "2025-01-01"]
    assert (year["value"], year["change"], year["corrections"]) == (427, -57.3, 1)
    assert found[accidents, "2025-01-01"]["change"] == -47.1
    assert (year["source"], year["entered_name"], year["way"]) == (
        "市公安局2026年1号通报", "何伟", "typed"
    )  # fmt: skip
    history = leader.get(f"/studies/outcomes/values/{year['id']}/history").json()
    assert [(one["value"], one["stands"], one["why"]) for one in history] == [
        (430, False, ""), (427, True, "通报更正")
    ]  # fmt: skip
    with_system(town)
    system = town.person("auditor")  # who has the post of a connected system now
    sent = entered(system, accidents, city, "2026-01", "2", source="应急管理局接口")
    assert sent.status_code == 204, sent.text
    values = leader.get("/studies/outcomes").json()["values"]
    assert [one["way"] for one in values if one["first"] == "2026-01-01"] == ["connector"]


def with_system(town: Town) -> None:
    from wangge.kernel.db import transaction  # noqa: PLC0415 - only this story needs it

    with transaction(town.cell) as tx:
        tx.run(
            "insert into posts (id, account_id, role, title, area_id, valid) values (%s, %s,"
            " 'data_source', '', %s, daterange('2020-01-01', null))",
            [new_id(), town.account("auditor"), town.area("3799")],
        )


def test_a_sheet_is_taken_row_by_row(town: Town) -> None:
    """Meant to go red: with the whole sheet refused for one row."""
    leader = town.person("cityleader")
    defined(leader, "安全生产事故起数", "起")
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["指标", "区域代码", "期间", "数值", "来源"],
            ["安全生产事故起数", "3799", "2024", "17", "应急局"],
            ["安全生产事故起数", "3799", "2025Q1", "3", "应急局"],
            ["没有的指标", "3799", "2025", "9", "应急局"],
            ["安全生产事故起数", "999", "2025", "9", "应急局"],
            ["安全生产事故起数", "3799", "去年", "9", "应急局"],
            ["安全生产事故起数", "3799", "2025", "九", "应急局"],
            ["安全生产事故起数", "3799", "2025", "9", ""],
            ["安全生产事故起数", "3799", "2024", "18", "应急局"],
        ]
    )
    files = {"file": ("a.csv", out.getvalue().encode(), "text/csv")}
    answer = leader.client.post("/api/v1/studies/outcomes/sheet", files=files).json()
    assert answer["taken"] == 2
    assert [(one["row"], one["code"]) for one in answer["refused"]] == [
        (4, "no_such_outcome"), (5, "no_such_area"), (6, "bad_period"), (7, "bad_value"),
        (8, "source_needed"), (9, "why_needed"),
    ]  # fmt: skip
    assert all(one["message"]["en"] for one in answer["refused"])


def test_a_street_enters_and_sees_its_own(town: Town) -> None:
    """Meant to go red: with the right asked for and the ground not."""
    leader, desk = town.person("cityleader"), town.person("dutyleader")
    one = defined(leader, "可预防性案件量", "起")
    assert entered(desk, one, town.area("379901001"), "2025", "5").status_code == 204
    assert entered(desk, one, town.area("379901101"), "2025", "5").status_code == 403
    assert (
        entered(town.person("acceptor"), one, town.area("379901001"), "2024", "5").status_code
        == 403
    )
    assert len(desk.get("/studies/outcomes").json()["values"]) == 1
    liulin = town.person("liulin").get("/studies/outcomes").json()
    assert (len(liulin["indicators"]), liulin["values"]) == (1, [])
    [value] = desk.get("/studies/outcomes").json()["values"]
    gone = town.person("liulin").get(f"/studies/outcomes/values/{value['id']}/history")
    assert gone.json()["code"] == "no_such_value"


def test_the_demo_has_studies_of_counties_too(town: Town) -> None:
    """Who leads a county finds his own survey, and outcomes that add up to the city's.

    Meant to go red with the whole in every county, and with surveys of the city alone.
    """
    with transaction(town.cell) as tx:
        assert studied.live(tx) > 0
    [own] = town.person("leader").get("/studies/surveys").json()
    assert own["title"] == "安东区群众安全感测评"
    shown = town.person("leader").get(f"/studies/surveys/{own['id']}").json()
    assert shown["received"] == 200
    assert shown["result"]
    city = town.person("cityleader").get("/studies/outcomes").json()
    county = town.person("leader").get("/studies/outcomes").json()
    assert county["values"]
    assert {one["area"] for one in county["values"]} == {"安东区"}
    for one in county["indicators"]:
        of = [row for row in city["values"] if row["indicator_id"] == one["id"]]
        for first in {row["first"] for row in of}:
            whole, *parts = (
                sum(row["value"] for row in of if row["first"] == first and row["area"] == name)
                for name in ("安城市", *sorted({row["area"] for row in of} - {"安城市"}))
            )
            assert whole == sum(parts) > 0
