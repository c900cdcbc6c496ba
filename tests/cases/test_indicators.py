"""Indicators are what their formulas say, of what one may see, and quick among many cases."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bench import rows
from tests.conftest import clone
from tests.proofs import Proof
from tests.town import Person, Town
from wangge.app import build
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cells, transaction

Filled = Callable[..., Town]


@pytest.fixture
def filled(cells: Cells, town_template: str) -> Iterator[Filled]:
    """A town of its own with the past that is asked for."""
    made: list[str] = []

    def fill(count: int, *, days: int) -> Town:
        tenant = clone(cells, PREFIX + town_template)
        made.append(tenant)
        rows.pour(cells.owner(PREFIX + tenant), count, days=days, steps=0, asker_every=20)
        web = build(cells, default_tenant=tenant)
        with TestClient(web):  # reads rules and ground, as a running server has
            pass
        return Town(cells.cell(tenant), web)

    yield fill
    for tenant in made:
        tenants.drop(cells, tenant)


def figures(person: Person, **asked: Any) -> dict[str, Any]:
    answer = person.get("/indicators", **asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def ago(town: Town, days: int) -> str:
    """A day by the city's calendar."""
    with transaction(town.cell) as tx:
        row = tx.one("select city_today() as day") or {}
    return str(row["day"] - timedelta(days=days))


def states(town: Town, where: str) -> Counter[str]:
    with transaction(town.cell) as tx:
        found = tx.rows(f"select state from cases c where {where}")
    return Counter(row["state"] for row in found)


def test_the_closing_rate_is_what_its_formula_says(filled: Filled) -> None:
    """Seen red with reopened cases counted as closed."""
    town = filled(600, days=20)
    with transaction(town.cell) as tx:
        for n, (state, duty) in enumerate(
            [("declined", "none"), ("withdrawn", "none"), ("reopened", "desk"), ("closed", "asker")]
        ):
            tx.run(
                "update cases set state = %s, duty = %s where id in"
                " (select id from cases where state = 'evaluated' order by id limit %s)",
                [state, duty, n + 3],
            )
    counted = states(town, "true")

    told = figures(town.person("cityleader"))

    closing, overdue = told["indicators"]
    below = counted.total() - counted["declined"] - counted["withdrawn"]
    above = counted["closed"] + counted["evaluated"]
    assert (closing["numerator"], closing["denominator"]) == (above, below)
    assert closing["share"] == round(above / below, 4)
    apart = dict.fromkeys(("merged", "split", "suspended"), 0)
    assert closing["left_out"] == {"declined": 3, "withdrawn": 4, **apart}
    assert told["received"] == counted.total() == 600
    with transaction(town.cell) as tx:
        late = tx.rows(
            "select id from cases where overdue_at is not null and state not in"
            " ('declined', 'withdrawn', 'closed', 'evaluated')"
        )
    assert overdue["numerator"] == len(late) > 0
    assert overdue["denominator"] == told["received"] - above - 3 - 4
    assert all(one["formula"]["zh"] and one["formula"]["en"] for one in told["indicators"])


@pytest.mark.parametrize(
    ("username", "visible"),
    [
        ("cityleader", "true"),
        ("lihong", "c.pos = 7"),
        ("acceptor", "c.pos in (select pos from areas where code like '379901001%%')"),
        (
            "handler",
            "c.unit_ids @> array(select id from organisations where code = 'urban-379901')",
        ),
    ],
)
def test_one_counts_what_one_sees(filled: Filled, username: str, visible: str) -> None:
    town = filled(400, days=20)

    told = figures(town.person(username))

    assert {s: n for s, n in told["by_state"].items() if n} == dict(states(town, visible))


def test_a_period_and_an_area_narrow_it(filled: Filled) -> None:
    town = filled(400, days=40)
    leader, last, first = town.person("cityleader"), ago(town, 5), ago(town, 14)
    area = "379901001001"
    where = (
        f"(received_at at time zone 'Asia/Shanghai')::date between '{first}' and '{last}'"
        f" and pos <@ (select span from areas where code = '{area}')"
    )

    told = figures(leader, **{"from": first, "to": last, "area": town.area(area)})

    assert {s: n for s, n in told["by_state"].items() if n} == dict(states(town, where))
    assert told["received"] > 0


def test_a_period_that_ends_before_it_begins_is_refused(town: Town) -> None:
    answer = town.person("cityleader").get(
        "/indicators", **{"from": "2026-02-01", "to": "2026-01-01"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


@pytest.mark.parametrize("door", ["", "/figures", "/table", "/facts", "/misroutes"])
def test_a_period_at_the_end_of_time_is_refused(town: Town, door: str) -> None:
    """There is no day after the last of all days, and no year before the first."""
    leader = town.person("cityleader")
    for period in (("0001-01-01", "0001-01-09"), ("9999-12-25", "9999-12-31")):
        said = dict(zip(("from", "to"), period, strict=True))
        for path in (f"/indicators{door}", "/whistles/rates"):
            answer = leader.get(path, **said)
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_period"), path


def test_without_cases_there_is_no_share(town: Town) -> None:
    told = figures(town.person("cityleader"))

    assert [one["share"] for one in told["indicators"]] == [None, None]


def test_who_reads_no_cases_reads_no_indicators(town: Town) -> None:
    assert town.person("sysadmin").get("/indicators").status_code == 403


def slowest(ask: Callable[[], Any], times: int) -> tuple[float, float]:
    """Milliseconds: the 95th of a hundred, and the slowest."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        assert ask().status_code == 200
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return took[int(len(took) * 0.95)], took[-1]


FIRST = ("indicators/catalogue", "indicators", "indicators/figures")
BELOW = ("indicators/table", "indicators/facts", "indicators/unowned")


def page_ms(person: Person, times: int, **period: str) -> dict[str, int]:
    """What the page of figures asks for when it is opened, each at its slowest, in milliseconds."""
    return {
        path.rpartition("/")[2]: round(slowest(partial(person.get, f"/{path}", **period), times)[1])
        for path in (*FIRST, *BELOW)
    }


@pytest.mark.mission("DC-13")
@pytest.mark.proof("DC-13: lists and the leaders' figures of a district's half year")
def test_a_districts_half_year(filled: Filled, proof: Proof) -> None:
    """DC-13: "400 k events: list p95 <300 ms, dashboard <2 s".

    Times are asserted with the stated number of events (docs/proofs.md has the last such run); with
    fewer it is the answers alone. Seen
    red without the index ``cases_urgent`` (the list of open cases took seconds).
    """
    count = proof.count(20_000, 400_000)
    stated = count == 400_000
    town = filled(count, days=188)
    leader, acceptor = town.person("cityleader"), town.person("acceptor")
    chief = town.person("leader")

    told = figures(leader, **{"from": ago(town, 190)})
    lists_ms = {
        name: slowest(partial(who.get, "/cases", **asked), 100 if stated else 5)
        for name, who, asked in [
            ("everything", leader, {}),
            ("in_grid", leader, {"queue": "in_grid"}),
            ("overdue", leader, {"queue": "overdue"}),
            ("to_accept", acceptor, {"queue": "to_accept"}),
        ]
    }
    half_year = {"from": ago(town, 190)}
    opening = page_ms(chief, 20 if stated else 2)
    half = page_ms(chief, 5 if stated else 1, **half_year)
    queues_ms = slowest(lambda: leader.get("/cases/queues"), 20 if stated else 2)

    assert told["received"] == count
    assert told["indicators"][0]["denominator"] == count
    proof.note(
        events=count,
        **{f"list_{name}_p95_ms": round(p95) for name, (p95, _) in lists_ms.items()},
        queues_slowest_ms=round(queues_ms[1]),
        page_opened_ms=opening,
        page_of_half_a_year_ms=half,
    )
    if stated:
        assert max(p95 for p95, _ in lists_ms.values()) < 300
        assert sum(opening.values()) + queues_ms[1] < 2000
        assert sum(half[path.rpartition("/")[2]] for path in FIRST) + queues_ms[1] < 2000


@pytest.mark.mission("DY-17")
@pytest.mark.proof("DY-17: the closing rate of three years of a city")
def test_three_years_of_a_city(filled: Filled, proof: Proof) -> None:
    """DY-17: "1 M events/yr × 3 yr on one PostgreSQL; closing rate query <2 s".

    The time is asserted with the stated number of events; with fewer the answer. What the whole
    page of figures takes to open at that size is noted.

    Seen red with the last of the three years left out of the count.
    """
    count = proof.count(10_000, 3_000_000)
    town = filled(count, days=1095)
    leader = town.person("leader")
    asked = {"from": ago(town, 1100)}
    figures(leader, **asked)

    _, most = slowest(lambda: leader.get("/indicators", **asked), 5)
    opening = page_ms(leader, 5 if count == 3_000_000 else 1)
    told = figures(leader, **asked)

    counted = states(town, "true") if count < 100_000 else None
    assert told["received"] == count
    assert told["indicators"][0]["denominator"] == count
    assert counted is None or told["indicators"][0]["numerator"] == (
        counted["closed"] + counted["evaluated"]
    )
    proof.note(events=count, closing_rate=told["indicators"][0]["share"], slowest_ms=round(most))
    proof.note(page_opened_ms=opening)
    if count == 3_000_000:
        assert most < 2000
