"""The demo goes on living: paused, frozen, at a pace; and a past and a storm on demand."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.e2e.serving import served
from wangge.app import build
from wangge.demo import instruments, living, simulating
from wangge.demo.habits import words
from wangge.demo.inventing import MADE, Town
from wangge.demo.living import Life
from wangge.demo.storm import Storm, bodies
from wangge.kernel import clock
from wangge.kernel.db import Cell, Cells, transaction
from wangge.kernel.errors import NotFound
from wangge.tenant.service import rules

LIFE = "/api/v1/demo/life"
SECONDS = 2
RATE = 40


@pytest.fixture
def web(cells: Cells, own: Cell) -> FastAPI:
    return build(cells, default_tenant=own.tenant)


@pytest.fixture
def awake(own: Cell) -> Cell:
    """The city on the morning of a Tuesday that is no holiday, when everybody is at work."""
    with transaction(own) as tx:
        days = rules(tx).calendar.days
        tuesday = tx.now + timedelta(days=(1 - tx.now.weekday()) % 7)
        while not days.at(tuesday.replace(hour=2)).spans:
            tuesday += timedelta(days=7)
        instruments.set_clock(tx, instruments.Wish(at=tuesday.replace(hour=2, minute=0)))
    return own


def counted(cell: Cell) -> dict[str, Any]:
    query = "select count(*) filter (where source_ref = %s) as made,"
    query += " sum(version) filter (where source_ref <> %s) as others,"
    query += " sum(version) filter (where source_ref = %s) as steps from cases"
    with transaction(cell) as tx:
        return tx.one(query, [MADE] * 3) or {}


def lived(life: Life, cell: Cell, *, looks: int = 4) -> int:
    """Look so often, with nine minutes of the city's time between."""
    done = life.look()
    for _ in range(looks):
        with transaction(cell) as tx:
            clock.advance(tx, timedelta(minutes=9))
        done += life.look()
    return done


def test_the_switch_pauses_and_goes_on_at_a_pace(browser: TestClient) -> None:
    first = browser.get(LIFE).json()
    paused = browser.post(LIFE, json={"paused": True, "pace": "lively"}).json()
    resumed = browser.post(LIFE, json={"paused": False}).json()
    refused = browser.post(LIFE, json={"pace": "breathless"})

    assert (first["paused"], first["living"], first["there"]) == (False, False, False)
    assert (paused["paused"], paused["pace"]) == (True, "lively")
    assert (resumed["paused"], resumed["pace"]) == (False, "lively")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_pace")


def test_life_goes_on_and_leaves_what_visitors_bring(awake: Cell, web: FastAPI) -> None:
    before = counted(awake)
    life = Life(awake, seed=7)
    living.change(awake.tenant, paused=False, pace="lively")

    done = lived(life, awake)

    after = counted(awake)
    assert done > 3
    assert after["made"] > 3
    assert after["steps"] > after["made"]
    assert after["others"] == before["others"]
    with TestClient(web) as client:
        said = client.get(LIFE).json()
    assert (said["living"], said["reports"] + said["steps"]) == (True, done)


def test_paused_or_frozen_nothing_happens(awake: Cell) -> None:
    before = counted(awake)
    living.change(awake.tenant, paused=True)
    assert lived(Life(awake, seed=7), awake) == 0
    living.change(awake.tenant, paused=False)
    with transaction(awake) as tx:
        clock.freeze(tx)
    assert lived(Life(awake, seed=7), awake) == 0

    assert counted(awake) == before


def test_a_day_is_simulated_through_the_doors(
    awake: Cell, web: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Played people sign in and act over HTTP; the summary counts what the database has."""
    monkeypatch.setattr(simulating, "AT_ONCE", timedelta(minutes=9))
    said: list[str] = []
    with transaction(awake) as tx:
        before = (tx.one("select count(*) as n from cases") or {})["n"]
    with served(web) as origin:
        play = simulating.simulate(
            awake, timedelta(hours=4), speed=0, seed=3, doors=origin, say=said.append
        )

    tally = play.tally
    with transaction(awake) as tx:
        after = (tx.one("select count(*) as n from cases") or {})["n"]
    assert tally.acknowledged == after - before > 5
    assert {"accept", "acknowledge"} <= set(tally.steps)
    assert set(tally.refused) <= {"too_many"}
    assert "p95" in said[-1]


def storm_of(own: Cell, origin: str, *, spread: bool = True) -> Storm:
    with transaction(own) as tx:
        reports = bodies(Town(tx), Random(5), tx.now)  # noqa: S311 - invented matters
    storm = Storm(origin, reports, lines=8, spread=spread)
    asyncio.run(storm.blow(rate=RATE, seconds=SECONDS))
    return storm


def test_a_storm_tells_what_became_of_each_report(own: Cell, web: FastAPI) -> None:
    with served(web) as origin:
        result = storm_of(own, origin).result

    assert result.sent == result.acknowledged == RATE * SECONDS
    with transaction(own) as tx:
        kept = tx.rows("select id from cases where id = any(%s)", [result.ids])
        woken = tx.one("select count(*) as n from cases where id = any(%s) and rank = 0",
                       [result.ids]) or {}  # fmt: skip
    assert len(kept) == result.sent
    assert 0 < woken["n"] < result.sent / 4
    assert result.percentile(0.95) >= result.percentile(0.5) > 0
    assert f"sent {result.sent}" in result.summary()


def test_the_limit_of_one_address_is_told(own: Cell, web: FastAPI) -> None:
    with served(web) as origin:
        result = storm_of(own, origin, spread=False).result

    assert result.refused["too_many"] > 0
    assert result.acknowledged + result.refused.total() == result.sent


def test_nothing_is_invented_in_a_real_city(cell: Cell) -> None:
    with pytest.raises(NotFound, match="no demo city"):
        simulating.only_in_a_demo_city(cell)


def test_what_a_neighbour_tells_again_is_merged_by_the_desk(
    awake: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red without the desk's look at what was told before: it was accepted."""
    monkeypatch.setitem(words(), "channels", {"resident": 1})
    monkeypatch.setitem(words(), "retold", 0.9)

    play = simulating.simulate(
        awake, timedelta(hours=3), speed=0, seed=11, doors="", say=lambda _: None
    )

    with transaction(awake) as tx:
        found = tx.one("select count(*) as n, count(distinct lead_id) as leads from case_merges")
    assert found
    assert found["n"] == play.tally.steps["merge"] > 2
    assert found["leads"] >= 1
    assert play.tally.refused.total() == 0
