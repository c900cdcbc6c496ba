"""The demo city acts together: whistles of the last weeks, and those that its people go on with."""

from datetime import timedelta
from random import Random

from wangge.demo import instruments
from wangge.demo.inventing import MADE, Town
from wangge.demo.together import Together
from wangge.kernel import clock
from wangge.kernel.db import Cell, transaction
from wangge.tenant.service import rules

COUNTS = """
select w.state, count(*) as n, count(*) filter (where w.conclusion <> '') as told
from whistles w where source_ref = %s group by 1
"""
CALLS = """
select count(*) as n,
    count(*) filter (where k.state in ('confirmed', 'signed', 'excused')) as settled,
    count(*) filter (where k.arrived_at < w.at or k.confirmed_at < k.arrived_at) as backwards
from whistle_calls k join whistles w on w.id = k.whistle_id where w.state = 'concluded'
"""
HANDLING = """
update cases set source_ref = %s where id in (select id from cases
    where state = 'handling' and holder_id is not null limit 3)
"""


def test_a_loaded_city_has_whistles_behind_it(loaded: Cell) -> None:
    with transaction(loaded) as tx:
        found = {row["state"]: row for row in tx.rows(COUNTS, [MADE])}
        calls = tx.one(CALLS) or {}
        told = tx.one("select count(*) as n from pgqueuer where entrypoint = 'whistle_tell'")
    assert found["concluded"]["n"] == found["concluded"]["told"] > 0
    assert calls["n"] == calls["settled"] > 0
    assert calls["backwards"] == 0
    assert told == {"n": 0}


def test_whistles_and_tasks_go_on_by_themselves(own: Cell) -> None:
    """Somebody blows, units come, it is concluded and rated; a helper is asked and is done."""
    with transaction(own) as tx:
        days = rules(tx).calendar.days
        morning = tx.now.replace(hour=2, minute=0) + timedelta(days=1)
        while not days.at(morning).spans:
            morning += timedelta(days=1)
        instruments.set_clock(tx, instruments.Wish(at=morning))
        tx.run(HANDLING, [MADE])
        tx.run("update whistles set source_ref = ''")
    with transaction(own) as tx:
        together = Together(own, Town(tx), Random(3))  # noqa: S311 - invents, keeps no secret
    for _ in range(40):  # a helper may need the whole of his time and a tenth more
        with transaction(own) as tx:
            now = tx.now
        together.turn(now, timedelta(minutes=5), 1e6 if now < morning + timedelta(hours=1) else 0)
        with transaction(own) as tx:
            clock.advance(tx, timedelta(hours=12))
    with transaction(own) as tx:
        found = {row["state"]: row["n"] for row in tx.rows(COUNTS, [MADE])}
        tasks = {row["state"] for row in tx.rows("select state from case_tasks")}
        asked = tx.rows("select distinct case_id from case_tasks")
        rated = tx.one("select count(*) as n from whistle_ratings r join whistles w"
                       " on w.id = r.whistle_id where w.source_ref = %s", [MADE])  # fmt: skip
    assert found == {"concluded": 1}
    assert tasks == {"done"}
    assert sorted(together.freed) == sorted(row["case_id"] for row in asked)
    assert rated
    assert rated["n"] >= 2
