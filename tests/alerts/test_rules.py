"""The other rules: each on a past that is written for it, once a thing, and tried before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.alerts.conftest import TUESDAY, Opening, cards, later, look, matter, poured, ruled
from tests.town import Town
from wangge.alerts import bursts, jobs, looking
from wangge.alerts.counts import trends
from wangge.alerts.models import Found
from wangge.alerts.words import sentence
from wangge.cockpit import cubes
from wangge.kernel.ids import new_id
from wangge.tenant.alerts import Trend
from wangge.tenant.service import rules

GRIDS = ("3799010010010001", "3799010010010002", "3799010010020001", "3799010010021001",
         "3799011012010001", "3799011012010002")  # fmt: skip
REPEAT = {"code": "again", "kind": "repeat", "types": ["dispute"]}
MANY = {"code": "many", "kind": "threshold", "indicator": "received", "ground": "township",
        "days": 7, "above": 20}  # fmt: skip
SOURCE = {"code": "source", "kind": "silent_source", "channels": ["hotline"], "expected": 5,
          "weeks": 8}  # fmt: skip
TREND = {"code": "rise", "kind": "trend", "ground": "township", "days": 7}
BURST = {"code": "burst", "kind": "burst", "ground": "grid", "days": 3, "history": 28,
         "kilometres": 5, "runs": 199}  # fmt: skip
QUIET = {"code": "quiet", "kind": "silent_grid", "days": 5, "history": 60, "heard": 10}


def seeded(open_tx: Opening) -> None:
    """Nine weeks of a quiet town; then three quarrels, a street in a rush, a silent hotline."""
    past = [
        matter(day + n / 10, grid=grid, kind="street_lamp",
               channel="hotline" if n == 2 and day > 5 else "resident",
               lon=117.0 + n, lat=30.0 + day)
        for day in range(63) for n, grid in enumerate(GRIDS[:5])
    ]  # fmt: skip
    past += [matter(days, kind="family_dispute", grid=GRIDS[4], lon=118.5) for days in (25, 8, 3)]
    past += [matter(n / 5, kind="street_lamp", lon=100 + n / 10) for n in range(1, 20)]
    poured(open_tx, past)


@pytest.mark.mission("DY-40")
def test_three_seeded_rules_fire_exactly_once_each(town: Town, open_tx: Opening) -> None:
    """DY-40: "three seeded alert rules fire exactly once each on seeded data".

    Two workers at the same time, then again, then ten minutes later. Seen red with neither the
    look for what stands nor the tables' own word (two cards of the rush and of the silence), and
    with the silence judged without what is usual (none).
    """
    ruled(town, REPEAT, MANY, SOURCE)
    seeded(open_tx)
    cubes.keep_up(open_tx)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: jobs.look(open_tx), range(2)))
    jobs.look(open_tx)
    later(open_tx, minutes=11)
    look(open_tx)

    found = cards(town.person("cityleader"))

    assert sorted(one["rule"] for one in found) == ["again", "many", "source"]
    said = {one["rule"]: one["words"]["zh"] for one in found}
    assert "安和街道" in next(one for one in found if one["rule"] == "many")["names"]
    assert said["source"].startswith("“12345热线”自2026-11-1")
    notices = town.person("dutyleader").get("/notices").json()["items"]
    assert [one["code"] for one in notices] == ["alert_fired"]  # of the rush in his street


def test_the_tables_refuse_a_second_card_of_one_thing(town: Town, open_tx: Opening) -> None:
    """Whoever forgets to look: no two cards of a rule speak of one subject on common days."""
    ruled(town, MANY)
    with open_tx() as tx:
        known = rules(tx)
        rule = known.alerts.rules[0]
        figures = {"indicator": "received", "value": 30, "above": 20, "n": 30, "of": None,
                   "days": 7}  # fmt: skip
        day = date(2026, 11, 24)
        one = Found("area:x", day - timedelta(days=6), day, 2, figures)
        same = Found("area:x", day, day + timedelta(days=6), 2, figures)
        after = Found("area:x", day + timedelta(days=1), day + timedelta(days=7), 2, figures)
        made = looking.write_cards(tx, rule, known, [one, same, after])

    assert len(made) == 2


def test_a_trend_is_told_from_the_same_weekdays(town: Town, open_tx: Opening) -> None:
    """A street with twice as much as ever at week-ends is as usual; thrice its usual is not.

    Meant to go red with the mean of all days for the usual.
    """
    ruled(town, TREND)
    week = [matter(day + n / 50 + 0.5, kind="street_lamp") for day in range(1, 71) for n in
            range(8 if (TUESDAY - timedelta(days=day + 0.5)).isoweekday() > 5 else 2)]  # fmt: skip
    poured(open_tx, week)
    look(open_tx)
    leader = town.person("cityleader")
    assert cards(leader) == []

    poured(open_tx, [matter(1 + n / 8, kind="street_lamp") for n in range(40)], from_n=5000)
    later(open_tx, days=1)
    look(open_tx)

    [found] = cards(leader)
    assert found["words"]["zh"].startswith("近7天收到6")
    assert found["names"][-1] == "安和街道"


def test_a_holiday_is_compared_with_holidays(town: Town, open_tx: Opening) -> None:
    """Four weeks off, then work begins again with its usual five a day: that is no trend.

    Working days bring five, days off one. The last two days are worked and brought ten, beside
    two of the same weekdays, all of which were off. On a day off that brings six more there is a
    trend: beside days off, where the same weekdays hold a working week that would hide it.

    Seen red with the same weekdays whatever the calendar says: a trend first, then none.
    """
    admin = town.person("sysadmin")
    kept = admin.get("/rules/calendar").json()
    off = {"zh": "放假", "en": "Holiday", "first": "2026-10-26", "last": "2026-11-22"}
    year = kept["body"]["years"]["2026"]
    year["holidays"] = [one for one in year["holidays"] if one["last"] < "2026-10-20"] + [off]
    year["make_up"] = [one for one in year["make_up"] if one["day"] < "2026-11-01"]
    answer = admin.put("/rules/calendar", {"body": kept["body"], "version": kept["version"]})
    assert answer.status_code == 200, answer.text
    ruled(town, {**TREND, "days": 2, "weeks": 4, "least": 5, "sigma": 2})

    def many(day: date) -> int:
        return 1 if day.isoweekday() > 5 or date(2026, 10, 26) <= day <= date(2026, 11, 22) else 5

    poured(open_tx, [
        matter(back + n / 50, kind="street_lamp")
        for back in range(70) for n in range(many((TUESDAY - timedelta(days=back)).date()))
    ])  # fmt: skip
    cubes.keep_up(open_tx)
    with open_tx() as tx:
        known = rules(tx)
        rule = known.alerts.rules[0]
        assert isinstance(rule, Trend)
        assert trends(tx, rule, known, [TUESDAY.date()]) == []
    poured(open_tx, [matter(7 + n / 50, kind="street_lamp") for n in range(6)], from_n=5000)
    cubes.keep_up(open_tx)
    with open_tx() as tx:
        [found] = trends(tx, rule, known, [(TUESDAY - timedelta(days=7)).date()])
    assert (found.figures["n"], found.figures["usual"], found.figures["calendar"]) == (8, 2.0, True)
    assert "节假日比节假日" in sentence(known, "trend", found.figures)[0]


def _noise(seed: int, areas: int = 24, days: int = 28) -> np.ndarray[Any, Any]:
    chance = np.random.default_rng(seed)
    return chance.poisson(0.7, (areas, days)).astype(float)


def _points() -> np.ndarray[Any, Any]:
    return np.array([(118 + n % 6 / 100, 37 + n // 6 / 100) for n in range(24)])


SCANNED: dict[str, Any] = {"last": 5, "least": 5, "runs": 199, "percent": 1.0}


def test_a_planted_burst_is_found_where_and_when_it_is() -> None:
    """Seen red with the expectation of the whole period instead of the days'."""
    n = _noise(1)
    n[[8, 9, 14], -3:] += 4
    around = bursts.circles(_points(), 2.5)

    found = bursts.scan(n, around, seed=7, **SCANNED)

    assert found is not None
    assert {8, 9, 14} <= set(found.areas)
    assert (found.days, found.p) == (3, 0.005)
    assert found.n > 2 * found.expected
    assert found == bursts.scan(n, around, seed=7, **SCANNED)


def test_counting_answers_as_the_ratio_does() -> None:
    """Trials count; what they compare with is the first count that reaches the ratio.

    Seen red with the halving stopped at eight and not put right by the ratio: off by one where a
    mean lies close. Either alone is mended by the other; stopped at three it is red all the same.
    """
    chance = np.random.default_rng(11)
    for real in (0.3, 2.0, 8.5):
        mean, total = chance.uniform(0.01, 120, 400), 500.0
        needed = bursts.counts_needed(mean, total, real, least=3)
        reached = [
            next(n for n in range(3, 502) if n > 250 or bursts.ratio_of(
                np.array([float(n)]), np.array([usual]), total)[0] >= real)
            for usual in mean
        ]  # fmt: skip
        assert np.minimum(needed, 251).tolist() == reached


def test_chance_alone_bursts_as_seldom_as_the_rule_says() -> None:
    """And neither a busy area nor a busy day is one: they are expected to be.

    Seen red with the trials left out, which found one every time.
    """
    around = bursts.circles(_points(), 2.5)
    found = [bursts.scan(_noise(seed), around, seed=seed, **SCANNED) for seed in range(40)]
    assert sum(one is not None for one in found) <= 2

    rates = np.full((24, 28), 0.7)
    rates[5] *= 6
    rates[:, -1] *= 4
    busy = np.random.default_rng(3).poisson(rates).astype(float)
    assert bursts.scan(busy, around, seed=3, **SCANNED) is None


def test_a_burst_makes_one_card_with_its_rows(town: Town, open_tx: Opening) -> None:
    ruled(town, BURST)
    past = [matter(day + 0.3, grid=grid, kind="street_lamp") for day in range(2, 28)
            for grid in GRIDS]  # fmt: skip
    burst = [matter(1.5 + n / 20, grid=GRIDS[1], kind="street_lamp", lat=37.1) for n in range(12)]
    poured(open_tx, past + burst)
    look(open_tx)
    later(open_tx, days=1)
    look(open_tx)

    leader = town.person("dutyleader")
    [found] = cards(leader)
    whole = leader.get(f"/alerts/{found['id']}").json()
    assert whole["figures"]["areas"] == 1
    assert len(whole["rows"]) == whole["figures"]["n"] >= 12
    case = str(new_id())
    body = {"outcome": "case", "reason": "请查一查那一带的路灯", "case_id": case}
    assert leader.post(f"/alerts/{found['id']}/end", body).status_code == 200
    opened = leader.get(f"/cases/{case}").json()
    assert (opened["place"]["lon"], opened["place"]["names"]) == (None, found["names"])


def test_a_silent_grid_is_asked_once_whether_it_needs_help(town: Town, open_tx: Opening) -> None:
    """Only one for which it is unusual; it names no person.

    Meant to go red without its own history.
    """
    ruled(town, QUIET)
    usual = [matter(day + 0.2, grid=GRIDS[0]) for day in range(9, 60)]  # every day, then nothing
    seldom = [matter(day + n + 0.2, grid=GRIDS[1]) for day in range(10, 60, 12) for n in range(3)]
    never = [matter(20, grid=GRIDS[2])]
    quiet = [matter(day + 0.2, grid=GRIDS[4]) for day in range(9, 60, 8)]
    poured(open_tx, usual + seldom + never + quiet)
    look(open_tx)
    later(open_tx, hours=21)
    look(open_tx)

    found = cards(town.person("wuhua"))

    assert [one["names"][-1] for one in found] == ["第1网格"]
    assert "是不是需要帮助" in found[0]["words"]["zh"]
    assert not any(name in str(found) for name in ("李红", "王强"))


def test_a_rule_is_tried_on_the_past_before_it_is_live(town: Town, open_tx: Opening) -> None:
    """What the preview counts is what the sweep would have made; nothing is written by it.

    Meant to go red with the preview's window a day short.
    """
    seeded(open_tx)
    cubes.keep_up(open_tx)
    admin = town.person("sysadmin")

    def tried(rule: dict[str, Any], days: int = 30) -> dict[str, Any]:
        body = {"rule": {"zh": "试", "en": "try", **rule}, "days": days}
        answer = admin.post("/alerts/preview", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    again, many, source = tried(REPEAT), tried(MANY), tried(SOURCE)
    assert (again["cards"], source["cards"]) == (1, 1)
    assert many["cards"] >= 1
    assert sum(week["cards"] for week in many["weeks"]) == many["cards"]
    assert tried(TREND, 90)["replayed"]
    assert tried({**BURST, "runs": 99})["days"] == 30
    assert tried(QUIET)["record"] is None
    late = {"code": "late", "kind": "threshold", "indicator": "late_share", "above": 20}
    assert tried(late)["replayed"] is False  # what was open then is not kept
    assert cards(town.person("cityleader")) == []

    wrong = admin.post("/alerts/preview", {"rule": {"kind": "repeat"}, "days": 30})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "rules_invalid")
    refused = town.person("dutyleader").post("/alerts/preview", {"rule": REPEAT, "days": 30})
    assert refused.status_code == 403


def test_a_changed_rule_looks_anew_and_a_rule_off_is_silent(town: Town, open_tx: Opening) -> None:
    ruled(town, {**MANY, "active": False}, {**REPEAT, "at_least": 9})
    seeded(open_tx)
    look(open_tx)
    leader = town.person("cityleader")
    assert cards(leader) == []

    ruled(town, {**MANY, "active": False}, REPEAT)
    look(open_tx)

    assert [one["rule"] for one in cards(leader)] == ["again"]
    assert datetime.fromisoformat(cards(leader)[0]["at"]) == TUESDAY
