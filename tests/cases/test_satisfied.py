"""满意率 follows the published setting on 基本满意, and says how it counts and since when."""

import base64
from functools import partial
from io import BytesIO
from typing import Any

import orjson
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from tests.cases.june import pour
from tests.cases.test_figures import JUNE, asked
from tests.town import Person, Town
from wangge.cockpit import cubes
from wangge.kernel.db import transaction
from wangge.studies import open_data

# Of june.txt by hand: ten gave a grade that counts; six were (very) satisfied and "fair" fairly.
GOOD = {"in_time", "just_in_time", "liulin_a", "self_two", "community", "may_in_june"}
FAIR = {"fair"}


def satisfaction(told: dict[str, Any]) -> tuple[int, int]:
    one = next(one for one in told["figures"] if one["code"] == "satisfaction")
    return one["numerator"], one["denominator"]


def opened(person: Person, within: str) -> set[str]:
    found = person.get("/cases", figure="satisfaction:numerator", within=within).json()["items"]
    return {card["number"] for card in found}


def words(person: Person, **as_of: str) -> dict[str, str]:
    told = person.get("/indicators/catalogue", **as_of).json()["indicators"]
    found: dict[str, str] = next(one for one in told if one["code"] == "satisfaction")["formula"]
    return found


def publish(town: Town, *, fairly: bool) -> None:
    """The administrator sets it an hour later, as of the stopped clock."""
    with transaction(town.cell) as tx:
        tx.run("update clock set frozen_at = frozen_at + interval '1 hour'")
    admin = town.person("sysadmin")
    now = admin.get("/rules/switches").json()
    body = {**now["body"], "fairly_satisfied_counts": fairly}
    answer = admin.put("/rules/switches", {"body": body, "version": now["version"], "note": "口径"})
    assert answer.status_code == 200, answer.text


def at(hour: int) -> str:
    return f"2026-07-02T0{hour}:00:00+00:00"


def older(within: str) -> str:
    """An address as it was before it said how 基本满意 counts."""
    values = orjson.loads(base64.urlsafe_b64decode(within + "=" * (-len(within) % 4)))
    return base64.urlsafe_b64encode(orjson.dumps(values[:7])).rstrip(b"=").decode()


def test_the_indicator_follows_the_published_setting(town: Town) -> None:
    """Seven of ten with 基本满意, six without: the figure, its rows, its words, then and now.

    Seen red: with the fixed grades in the formula it was six of ten in both settings; with the
    present setting for every moment the figure of an hour ago became six of ten.
    """
    pour(town)
    leader = town.person("cityleader")
    before = asked(leader, "figures", **JUNE)
    moment = before["moment"]
    assert satisfaction(before) == (7, 10)
    assert opened(leader, before["within"]) - GOOD == FAIR
    assert (before["fairly_counts"], before["before"]["fairly_changed_at"]) == (True, None)
    assert "非常满意、满意和基本满意的" in words(leader)["zh"]
    assert "起这样计" not in words(leader)["zh"]

    publish(town, fairly=False)
    now = asked(leader, "figures", **JUNE)
    assert satisfaction(now) == (6, 10)
    assert opened(leader, now["within"]) & FAIR == set()
    assert len(opened(leader, now["within"])) == 6
    # A list that was opened from the figure of before stays the list of that figure.
    assert opened(leader, before["within"]) & FAIR == FAIR
    assert opened(leader, older(before["within"])) == opened(leader, now["within"])
    for period in (now, now["before"], now["year_before"]):
        assert period["fairly_counts"] is False
        assert period["fairly_changed_at"] == at(1)
    assert "（基本满意不计入）（2026年7月2日 09:00 起这样计）" in words(leader)["zh"]
    assert "(so since 2 July 2026 09:00)" in words(leader)["en"]
    book = load_workbook(BytesIO(leader.get("/indicators/export.xlsx", **JUNE).content))
    lines = [str(row) for row in book["指标"].iter_rows(values_only=True) if "满意率" in row]
    assert lines
    assert all("基本满意不计入" in line for line in lines)

    then = asked(leader, "figures", as_of=moment, **JUNE)
    assert satisfaction(then) == (7, 10)
    assert opened(leader, then["within"]) & FAIR == FAIR
    assert "起这样计" not in words(leader, as_of=moment)["zh"]

    publish(town, fairly=True)
    again = asked(leader, "figures", **JUNE)
    assert satisfaction(again) == (7, 10)
    assert again["fairly_changed_at"] == at(2)


def test_wall_and_open_figures_count_by_the_same_setting(town: Town) -> None:
    """Everybody graded 基本满意: all of them satisfied or none, on the wall and for everybody.

    Seen red: with the cubes' satisfied alone nobody was satisfied in either setting; with the
    setting left out of the wall's address its list was empty while the figure counted all.
    """
    pour(town)
    with transaction(town.cell) as tx:
        tx.run("update cases set satisfaction = 'fairly_satisfied'")
    cubes.keep_up(partial(transaction, town.cell))
    leader, anybody = town.person("cityleader"), TestClient(town.web)

    def everywhere() -> tuple[dict[str, Any], dict[str, Any], int]:
        open_data.forget()
        wall = leader.get("/wall").json()
        opened = leader.get("/cases", figure="wall_satisfied", within=wall["within"]["month"])
        told = anybody.get("/api/v1/public/open").json()
        return wall["satisfaction"], told, len(opened.json()["items"])

    wall, told, rows = everywhere()
    assert wall["satisfied"] == wall["said"] == rows > 20
    assert wall["fairly_counts"] is True
    assert told["now"]["satisfied"] == told["now"]["said"] > 20
    assert told["satisfaction"]["since"] is None
    assert told["satisfaction"]["fairly_counts"] is True

    publish(town, fairly=False)
    wall, told, rows = everywhere()
    assert (wall["satisfied"], wall["fairly_counts"], rows) == (0, False, 0)
    assert wall["said"] > 20
    assert (told["now"]["satisfied"], told["satisfaction"]["fairly_counts"]) == (0, False)
    assert "2026年7月2日 09:00" in told["satisfaction"]["words"]["zh"]


def test_cubes_of_an_older_shape_are_made_anew(town: Town) -> None:
    """A city that is brought up to date: its cubes learn what they did not hold, once.

    Seen red: with the shape not asked for, the old cubes stayed and nobody was fairly satisfied.
    """
    pour(town)
    counts = "select sum(fairly) as n from cube_states"
    with transaction(town.cell) as tx:
        tx.run("update cases set satisfaction = 'fairly_satisfied'")
    cubes.keep_up(partial(transaction, town.cell))
    with transaction(town.cell) as tx:
        full = (tx.one(counts) or {})["n"]
        tx.run("update cube_states set fairly = 0")
        tx.run("update cube_state set shape = 1")
    cubes.keep_up(partial(transaction, town.cell))
    with transaction(town.cell) as tx:
        assert (tx.one(counts) or {})["n"] == full > 20
        made = tx.one("select version from cube_state")
    cubes.keep_up(partial(transaction, town.cell))
    with transaction(town.cell) as tx:
        assert tx.one("select version from cube_state") == made
