"""Rows of the mission table that the page of figures shows: who settled what, and where."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases.june import NOW, read, row
from tests.cases.test_answers import Day, Opening
from tests.cases.test_loop import taken, told
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

JUNE = {"from": "2026-06-01", "to": "2026-06-30"}
RUNGS = ("grid", "community", "street", "county", "city")


def figures(person: Person, **asked: str) -> tuple[dict[str, Any], str]:
    """Every figure by code, and the token of the period for the lists behind them."""
    answer = person.get("/indicators/figures", **asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {one["code"]: one for one in found["figures"]}, found["within"]


def rows_behind(person: Person, figure: str, within: str) -> set[str]:
    """What a click on a figure opens, page by page."""
    found: set[str] = set()
    cursor = ""
    while True:
        answer = person.get("/cases", figure=figure, within=within, cursor=cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found |= {card["number"] for card in page["items"]}
        if not page["next"]:
            return found
        cursor = page["next"]


def formula(person: Person, code: str) -> str:
    catalogue = person.get("/indicators/catalogue").json()["indicators"]
    words = next(one["formula"] for one in catalogue if one["code"] == code)
    assert words["en"]
    return str(words["zh"])


def settled(worker: Person) -> str:
    """A matter that its grid worker found and settled on the spot."""
    body = {**told("楼道杂物已清理"), "channel": "worker", "asker": None,
            "self_handle": {"id": str(new_id()), "note": "当场清走"}}  # fmt: skip
    answer = worker.post("/cases", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["case"]["number"])


def handled(town: Town, client: Any, unit: str, by: Person) -> str:
    """A resident's matter that a unit handled, checked and closed."""
    case = client.post("/api/v1/public/cases", json=told()).json()
    taken(town.person("acceptor"), case["id"], "accept", type="waterlogging")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=unit)
    taken(by, case["id"], "acknowledge")
    taken(by, case["id"], "finish", note="已抽水", answer="积水已抽干")
    done = taken(town.person("lihong"), case["id"], "pass_check")
    assert done.json()["state"] == "closed", done.text
    return str(case["number"])


@pytest.mark.mission("DC-23", "DA-07", "DY-27")
def test_what_is_settled_at_which_rung_of_the_ladder(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """One matter settled at each rung, and one more on the spot: the page says where.

    DC-23: "indicator" (the self-handled share). DA-07: "completed-in-grid share = events closed
    without leaving the grid ÷ closed". DY-27: "ladder report: events solved at
    grid/community/street/county/city, sums to 100 %".

    Seen red: without ``c.path <> 'short' and`` in HAD_BY the street had settled three.
    """
    day = Day(open_tx)
    admin = town.person("sysadmin")
    switches = admin.get("/rules/switches").json()
    body = {**switches["body"], "short_path_sample_percent": 0}
    admin.put("/rules/switches", {"body": body, "version": switches["version"], "note": "不抽查"})
    bureau = {"kind": "department", "code": "urban-3799", "name": "安城市城市管理局",
              "area_id": town.area("3799")}  # fmt: skip
    city_unit = admin.post("/organisations", bureau).json()["id"]
    post = {"role": "handler", "unit_id": city_unit}
    admin.post("/people", {"username": "shiju", "name": "石局", "posts": [post]})
    worker = town.person("lihong")
    closed = {
        "grid": {settled(worker), settled(worker)},
        **{
            rung: {handled(town, client, unit, town.person(by))}
            for rung, unit, by in (
                ("community", town.unit("property-dongfang"), "property"),
                ("street", town.unit("urban-379901001"), "squad"),
                ("county", town.unit("urban-379901"), "handler"),
                ("city", city_unit, "shiju"),
            )
        },
    }
    client.post("/api/v1/public/cases", json=told())  # still open, and therefore nowhere below
    day.passes(hours=1)

    leader = town.person("cityleader")
    found, within = figures(leader)

    for rung in RUNGS:
        figure = found[f"solved_{rung}"]
        assert (figure["numerator"], figure["denominator"]) == (len(closed[rung]), 6), rung
        assert rows_behind(leader, f"solved_{rung}:numerator", within) == closed[rung], rung
    assert sum(found[f"solved_{rung}"]["numerator"] for rung in RUNGS) == 6
    assert f"{sum(found[f'solved_{rung}']['share'] for rung in RUNGS):.0%}" == "100%"
    assert formula(leader, "solved_grid") == "其中网格员当场办结、没有出网格的 ÷ 期内结案的事项"
    own = found["self_handle_rate"]
    assert (own["numerator"], own["denominator"]) == (2, 7)
    assert rows_behind(leader, "self_handle_rate:numerator", within) == closed["grid"]


@pytest.mark.mission("BX-27")
def test_shares_of_what_was_settled_on_the_spot(town: Town) -> None:
    """BX-27, two formulas over 2,000 rows of a street, of which 50 went up to the city.

    "97.5 % (1,950 of 2,000) and 100 % (of what was to be self-handled), both formulas shown, each
    opens its rows".

    Seen red: without ``c.path = 'short'`` in SELF_HANDLED the second share was of 2,000.
    """
    lines = {line.name: line for line in read()}
    own = [replace(lines["self_one"], name=f"own-{n}") for n in range(1950)]
    sent = [replace(lines["in_time"], name=f"sent-{n}") for n in range(50)]
    with transaction(town.cell) as tx:
        tx.run("update clock set frozen_at = %s", [NOW])
        areas = {one["code"]: one for one in tx.rows("select id, code, pos from areas")}
        units = {one["code"]: one["id"] for one in tx.rows("select id, code from organisations")}
        units["urban-379901"] = units["desk-3799"]
        made = [row(one, areas, units) for one in own + sent]
        tx.copy("cases", list(made[0]), (list(one.values()) for one in made))
    leader = town.person("cityleader")

    found, within = figures(leader, **JUNE)

    for code, share, below, words in (
        ("self_handle_rate", 0.975, 2000, "其中网格员当场办结的 ÷ 期内收到的事项"),
        (
            "self_handled_close_rate",
            1.0,
            1950,
            "其中现已结案或已评价的 ÷ 期内收到、网格员自行处置的事项",
        ),
    ):
        figure = found[code]
        told_ = (figure["share"], figure["numerator"], figure["denominator"])
        assert told_ == (share, 1950, below)
        assert formula(leader, code) == words
        assert rows_behind(leader, f"{code}:numerator", within) == {one.name for one in own}
    level = found["solved_city"]
    assert (level["numerator"], level["denominator"]) == (50, 2000)
    assert rows_behind(leader, "solved_city:numerator", within) == {one.name for one in sent}


@pytest.mark.mission("PL-26", "PL-28")
def test_petitions_and_matters_from_above_against_the_year_before(town: Town) -> None:
    """Two years of rows: 200 and 170 petitions, 50 and 40 matters that were assigned from above.

    PL-26: "given two years of rows shows −15 %". PL-28: "reply exported; YoY −20 % computed"; the
    sheet of the matters from above has each one's number, limit and answer.

    Seen red: with the change divided by what came in now it was -17.6 and -25.
    """
    lines = {line.name: line for line in read()}
    line, year = lines["in_time"], timedelta(days=365)
    with transaction(town.cell) as tx:
        tx.run("update clock set frozen_at = %s", [NOW])
        areas = {one["code"]: one for one in tx.rows("select id, code, pos from areas")}
        units = {one["code"]: one["id"] for one in tx.rows("select id, code from organisations")}
        made = []
        for channel, before, now in (("petition", 200, 170), ("superior", 50, 40)):
            for n in range(before + now):
                one = row(replace(line, name=f"{channel}-{n}"), areas, units)
                if n < before:
                    one = {k: v - year if isinstance(v, datetime) else v for k, v in one.items()}
                made.append({**one, "channel": channel, "answer": f"第{n}件已办好"})
        tx.copy("cases", list(made[0]), (list(one.values()) for one in made))
    leader = town.person("cityleader")

    answer = leader.get("/indicators/figures", **JUNE).json()

    assert answer["channels"] == [
        {"code": "petition", "received": 170, "year_before": 200, "change": -15.0},
        {"code": "superior", "received": 40, "year_before": 50, "change": -20.0},
    ]
    here = leader.get("/indicators/figures", area=town.area("379901101"), **JUNE).json()
    assert here["channels"] == []
    sheet = leader.get("/cases/export.xlsx", channel="superior")
    book = load_workbook(BytesIO(sheet.content)).worksheets[0]
    text = [" ".join(str(cell.value) for cell in row_) for row_ in book.iter_rows()]
    replies = [line for line in text if "已办好" in line]
    assert len(replies) == 90
    assert any("superior-60" in line and "第60件已办好" in line for line in replies)
