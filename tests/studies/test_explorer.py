"""指标分析: any indicator of any area, time and type is the figure of the other pages."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases.june import GRIDS, NOW, ZONE, counted, pour, read
from tests.studies.conftest import Open
from tests.town import Person, Town
from wangge.areas import atlas
from wangge.cases.catalogue import INDICATORS
from wangge.cockpit import cubes
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.studies import analyses
from wangge.studies.explore_periods import Span, before, buckets, earlier, joined, year_before

JUNE = {"from": "2026-06-01", "to": "2026-06-30"}
STREET, TOWN = "379901001", "379901101"
TYPES = {"1": "street_lamp", "2": "street_lamp", "3": "noise"}


@pytest.fixture
def june(town: Town) -> Town:
    """June by hand; the cases of three grids have a type, the rest none yet."""
    pour(town)
    with transaction(town.cell) as tx:
        for grid, kind in TYPES.items():
            tx.run(
                "update cases set type = %s where pos = (select pos from areas where code = %s)",
                [kind, GRIDS[grid]],
            )
    cubes.keep_up(lambda: transaction(town.cell))
    return town


def ask(person: Person, **query: Any) -> dict[str, Any]:
    if "kind" in query:
        query["type"] = query.pop("kind")
    answer = person.get("/studies/explorer", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(person: Person, **query: Any) -> str:
    answer = person.get("/studies/explorer", **query)
    assert answer.status_code in (403, 404, 409, 422), answer.text
    said = answer.json()
    assert said["message"]["zh"]
    assert said["message"]["en"]
    return str(said["code"])


def rows(person: Person, cell: dict[str, Any], part: str = "figure") -> int:
    """How many rows a figure opens."""
    answer = person.get("/cases", figure=cell[part], within=cell["within"], limit=100)
    assert answer.status_code == 200, answer.text
    return len(answer.json()["items"])


def test_every_indicator_is_the_figure_of_the_other_page(june: Town) -> None:
    """Total, before, by area; meant to go red with a township's sum in place of the county's."""
    leader = june.person("cityleader")
    county = june.area("379901")
    page = leader.get("/indicators/figures", area=county, **JUNE).json()
    table = leader.get("/indicators/table", area=county, **JUNE).json()
    for n, one in enumerate(INDICATORS):
        asked = {"metric": one.code, "area": county, "by": "area", "compare": "before", **JUNE}
        found = ask(leader, **asked)
        for cell, figure in (
            (found["total"], page["figures"][n]),
            (found["total"]["before"], page["before"]["figures"][n]),
            *((row, table["rows"][at]["figures"][n]) for at, row in enumerate(found["rows"])),
        ):
            value = figure["minutes"] if one.is_mean else figure["share"]
            assert (cell["value"], cell["n"], cell["of"]) == (
                value, figure["numerator"], figure["denominator"],
            ), one.code  # fmt: skip
            assert cell["left_out"] == figure["left_out"]


def test_counts_are_those_by_hand_and_of_the_wall(june: Town) -> None:
    """By day, week and type, from the cubes and from the rows; each opens as many as it says.

    Meant to go red with the day of receipt taken by UTC, and with closings counted by day of
    receipt.
    """
    leader, county = june.person("cityleader"), june.area("379901")
    lines = read()
    by_day = ask(leader, metric="received", area=county, **JUNE)
    assert by_day["counted_from"] == "cubes"
    assert len(by_day["rows"]) == 30
    for row in by_day["rows"]:
        here = [one for one in lines if str(one.received.date()) == row["key"]]
        assert row["value"] == len(here), row["key"]
    months = [one for one in lines if one.received.month == 6]
    assert by_day["total"]["value"] == len(months) == rows(leader, by_day["total"])
    back = ask(leader, metric="received", area=county, as_of="2026-07-01T23:00:00Z", **JUNE)
    assert back["counted_from"] == "rows"
    assert [row["value"] for row in back["rows"]] == [row["value"] for row in by_day["rows"]]

    weeks = ask(leader, metric="closed", area=county, every="week", compare="year", **JUNE)
    assert [(row["first"], row["last"]) for row in weeks["rows"]][:2] == [
        ("2026-06-01", "2026-06-07"), ("2026-06-08", "2026-06-14"),
    ]  # fmt: skip
    assert sum(row["value"] for row in weeks["rows"]) == weeks["total"]["value"] > 0
    assert [row["value"] for row in weeks["rows"]] == [rows(leader, r) for r in weeks["rows"]]
    assert weeks["rows"][0]["before"]["first"] == "2025-06-02"  # the same weekdays

    kinds = ask(leader, metric="received", area=county, by="type", **JUNE)
    wanted = {
        kind: sum(TYPES.get(one.grid, "") == kind for one in months)
        for kind in {*TYPES.values(), ""}
    }
    assert {row["key"]: row["value"] for row in kinds["rows"]} == wanted
    for row in kinds["rows"]:
        assert rows(leader, row) == row["value"], row["key"]

    wall = leader.get("/wall").json()
    today = {"from": "2026-07-02", "to": "2026-07-02", "by": "area"}
    city = wall["area"]["id"]
    for metric, panel in [("received", "received"), ("open", "open"), ("late", "late"),
                          ("closed", "closed"), ("closed_in_time", "in_time")]:  # fmt: skip
        assert (
            ask(leader, metric=metric, area=city, **today)["total"]["value"] == (wall["now"][panel])
        ), metric
    said = ask(leader, metric="graded_satisfaction", area=city,
               **{"from": "2026-06-03", "to": "2026-07-02"})["total"]  # fmt: skip
    panel = wall["satisfaction"]
    assert (said["n"], said["of"]) == (panel["satisfied"], panel["said"])
    assert rows(leader, said, "below") == panel["said"]


def test_a_type_narrows_every_indicator(june: Town) -> None:
    """Against the formulas once more in plain words, over the lines of that type alone."""
    leader, county = june.person("cityleader"), june.area("379901")
    first, cap = datetime(2026, 6, 1, tzinfo=ZONE), datetime(2026, 7, 1, tzinfo=ZONE)
    lamps = [one for one in read() if TYPES.get(one.grid) == "street_lamp"]
    wanted = counted(lamps, first, min(cap, NOW))
    for code in ("close_rate", "dispose_rate", "on_time_accept_rate", "rework_rate"):
        found = ask(leader, metric=code, area=county, by="type", **JUNE)
        row = next(row for row in found["rows"] if row["key"] == "street_lamp")
        assert (row["n"], row["of"]) == (len(wanted[code].above), len(wanted[code].below)), code
        narrowed = ask(leader, metric=code, area=county, kind="street_lamp", **JUNE)["total"]
        assert (narrowed["n"], narrowed["of"]) == (row["n"], row["of"])
        assert rows(leader, narrowed) == row["n"]
        assert rows(leader, narrowed, "below") == row["of"]


def test_what_cannot_be_had_is_said(june: Town) -> None:
    """No wrong number in its place; meant to go red with the present type shown as of then."""
    leader = june.person("cityleader")
    then = {"as_of": "2026-06-20T00:00:00Z"}
    for code, query in [
        ("no_types_as_of", {"metric": "satisfaction", "by": "type", **then}),
        ("no_types_as_of", {"metric": "received", "type": "noise", **then}),
        ("no_fact_as_of", {"metric": "fact_suspended", **then}),
        ("no_stock_in_time", {"metric": "open"}),
        ("no_stock_in_time", {"metric": "late", "by": "area", "compare": "year"}),
        ("no_usual", {"metric": "satisfaction", "compare": "usual"}),
        ("no_such_metric", {"metric": "diligence"}),
        ("no_such_type", {"type": "nothing"}),
        ("no_such_area", {"area": str(new_id())}),
        ("too_many_periods", {"from": "2026-01-01", "to": "2026-06-30"}),
        ("bad_period", {"from": "2026-06-30", "to": "2026-06-01"}),
    ]:
        assert refused(leader, **query) == code
    assert refused(june.person("sysadmin")) == "not_allowed"


def test_a_neighbour_counts_none_of_it(june: Town) -> None:
    """安和街道 asks of 柳林镇: nothing, and it is said that he does not see it whole.

    Beside his own street stands no street that is not his. A unit counts its own. Meant to go
    red with the cubes read whatever ground is asked for.
    """
    duty = june.person("dutyleader")
    own = ask(duty, metric="received", area=june.area(STREET), compare="beside", **JUNE)
    there = ask(duty, metric="received", area=june.area(TOWN), by="area", **JUNE)
    county = ask(duty, metric="received", area=june.area("379901"), **JUNE)

    assert own["whole"]
    assert own["counted_from"] == "cubes"
    assert own["total"]["value"] > 0
    assert [row["name"]["zh"] for row in own["beside"]] == ["安和街道"]
    assert own["beside"][0]["value"] == own["total"]["value"]
    assert own["beside_hidden"] == 1
    assert not there["whole"]
    assert there["counted_from"] == "rows"
    assert there["total"]["value"] == 0
    assert not any(row["value"] for row in there["rows"])
    assert there["map"] is None
    assert county["total"]["value"] == own["total"]["value"]
    urban = ask(june.person("handler"), metric="received", **JUNE)
    mine = [one for one in read() if one.unit == "urban" and one.received.month == 6]
    assert urban["total"]["value"] == len(mine)
    assert not urban["whole"]


def test_the_areas_beside_stand_in_their_order_and_never_ranked(june: Town) -> None:
    leader = june.person("cityleader")
    found = ask(leader, metric="close_rate", area=june.area(STREET), compare="beside", **JUNE)
    table = leader.get("/indicators/table", area=june.area("379901"), **JUNE).json()
    n = [one.code for one in INDICATORS].index("close_rate")
    assert [(row["name"]["zh"], row["value"]) for row in found["beside"]] == [
        (row["name"], row["figures"][n]["share"]) for row in table["rows"]
    ]


def test_the_answer_leaves_as_a_sheet(june: Town) -> None:
    """What is in it is what was shown, with the definition, who took it out and what was asked."""
    leader = june.person("cityleader")
    asked = {"metric": "close_rate", "by": "area", "area": june.area("379901"), **JUNE}
    found = ask(leader, **asked)
    sheet = leader.get("/studies/explorer/sheet.xlsx", **asked)
    assert sheet.status_code == 200
    book: Any = load_workbook(BytesIO(sheet.content))
    lines = [tuple(row) for row in book.active.values]
    total = next(row for row in lines if row[0] == "合计 total")
    assert total[2:5] == (f"{found['total']['value']:.2%}", 22, 32)
    assert [row[0] for row in lines[2:4]] == ["安和街道", "柳林镇"]
    assert total[10].startswith("其中期末前已结案的 ÷")
    assert any("尤" in str(row[0]) or "何伟" in str(row[0]) for row in lines[-2:]), lines[-1]


def test_a_view_is_kept_for_its_own_page(june: Town) -> None:
    """Among the filters of the list it does not stand."""
    leader, mark = june.person("cityleader"), str(new_id())
    address = {"page": "explore", "metric": "close_rate", "by": "area", "type": ["noise"]}
    body = {"name": "各街道结案率", "address": address, "shared": False}
    assert leader.put(f"/desk/filters/{mark}", body).status_code == 204
    kept = leader.get("/desk/filters", page="explore").json()
    assert [(one["name"], one["address"]) for one in kept] == [("各街道结案率", address)]
    assert leader.get("/desk/filters").json() == []


def test_usual_is_that_of_the_analyses(lived: Town, open_lived: Open) -> None:
    """A week's usual and whether it is unusual are what last week's analysis says, by area too."""
    leader = lived.person("cityleader")
    with open_lived() as tx:
        area = atlas.of(tx).codes["379901"]
        period = analyses.over("week", analyses.local(tx).date())
        body = analyses.counted(tx, area, period)
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    found = ask(leader, metric="received", area=str(area.id), by="area", compare="usual", **days)

    assert (found["total"]["value"], found["total"]["usual"], found["total"]["unusual"]) == (
        body["received"]["n"], body["received"]["usual"], body["received"]["unusual"],
    )  # fmt: skip
    told = {one["name"]: (one["n"], one["usual"]) for one in body["parts"]}
    assert {row["name"]["zh"]: (row["value"], row["usual"]) for row in found["rows"]} == told
    today = ask(leader, metric="received", area=str(area.id), compare="usual",
                **{"from": days["from"]})  # fmt: skip
    assert today["rows"][-1]["running"]
    assert not today["rows"][-1]["unusual"]


def test_periods_meet_their_like() -> None:
    may = Span(date(2026, 5, 1), date(2026, 5, 31))
    assert buckets(Span(date(2026, 6, 3), date(2026, 6, 16)), "week") == [
        Span(date(2026, 6, 3), date(2026, 6, 7)), Span(date(2026, 6, 8), date(2026, 6, 14)),
        Span(date(2026, 6, 15), date(2026, 6, 16)),
    ]  # fmt: skip
    assert next(earlier(may)) == Span(date(2026, 4, 1), date(2026, 4, 30))
    assert list(earlier(Span(date(2026, 6, 1), date(2026, 6, 7))))[7].first == date(2026, 4, 6)
    leap = Span(date(2028, 2, 29), date(2028, 2, 29))
    assert year_before(leap, "day") == Span(date(2027, 2, 28), date(2027, 2, 28))
    assert before(may, Span(date(2026, 4, 1), date(2026, 5, 31)), "month") == Span(
        date(2026, 3, 1), date(2026, 3, 31)
    )
    day = timedelta(days=1)
    assert joined([may, Span(may.last + day, may.last + 3 * day)]) == [
        Span(may.first, may.last + 3 * day)
    ]
