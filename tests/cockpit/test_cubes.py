"""The cubes say what the cases say: after each write, a rebuild, and errors that were planted."""

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.cockpit.conftest import CASES, Open
from tests.proofs import Proof
from tests.town import Town
from wangge.cockpit import checking, counting, cubes, ground, lists, panels, snapshot
from wangge.cockpit.checking import Cell, Kind
from wangge.cockpit.models import CUBES
from wangge.cockpit.panels import City, Seen
from wangge.kernel.db import Tx, transaction
from wangge.tenant.service import rules

# The same figures in other words: a plain count of the cases themselves.
PLAIN = {
    "cube_states": "select c.state as key, count(*) as n from cases c group by 1",
    "cube_types": "select coalesce(c.type, '') || c.channel as key, count(*) as n"
    " from cases c group by 1",
    "cube_closings": "select (closed_at at time zone 'Asia/Shanghai')::date::text as key,"
    " count(*) as n from cases where closed_at is not null and state in ('closed', 'evaluated')"
    " group by 1",
    "cube_units": "select unit_id::text as key, count(*) as n from cases"
    " where unit_id is not null group by 1",
}
COUNTED = {
    "cube_states": "select state as key, sum(n) as n from cube_states group by 1",
    "cube_types": "select type || channel as key, sum(n) as n from cube_types group by 1",
    "cube_closings": "select closed_on::text as key, sum(n) as n from cube_closings group by 1",
    "cube_units": "select unit_id::text as key, sum(n) as n from cube_units group by 1",
}


def said(tx: Tx, statement: str) -> dict[str, int]:
    return {row["key"]: int(row["n"]) for row in tx.rows(statement)}


def agree(open_tx: Open) -> None:
    cubes.keep_up(open_tx)
    with open_tx() as tx:
        for cube, statement in COUNTED.items():
            assert said(tx, statement) == said(tx, PLAIN[cube]), cube


def test_a_past_that_was_loaded_is_in_the_cubes(open_lived: Open) -> None:
    """Seen red with ``keep_up`` not building what was never made."""
    agree(open_lived)
    with open_lived() as tx:
        hours: dict[str, Any] = tx.one("select sum(n) as n from cube_hours") or {}

    assert hours["n"] == CASES


def test_a_case_and_its_stale_key_are_one_transaction(town: Town) -> None:
    """Through the doors: a report, and a step. Seen red without the new rows of an update."""
    open_tx = partial(transaction, town.cell)
    cubes.keep_up(open_tx)
    body = {"id": "0190b8a0-0000-7000-8000-000000000001", "text": "路灯不亮，晚上看不见路",
            "lon": 118.1, "lat": 37.3}  # fmt: skip
    assert town.door is not None
    answer = town.door.post("/api/v1/public/cases", json=body)
    assert answer.status_code == 200, answer.text
    with open_tx() as tx:
        stale = tx.rows("select unnest(grids) as pos from cube_dirty")
        grid = tx.one("select pos from cases") or {}
    assert {row["pos"] for row in stale} == {grid["pos"]}

    cubes.keep_up(open_tx)
    acceptor = town.person("acceptor")
    case_id = body["id"]
    step = {
        "id": "0190b8a0-0000-7000-8000-000000000002",
        "action": "accept",
        "type": "waterlogging",
    }
    answer = acceptor.post(f"/cases/{case_id}/steps", step)
    assert answer.status_code == 200, answer.text
    cubes.keep_up(open_tx)

    agree(open_tx)
    with open_tx() as tx:
        assert said(tx, COUNTED["cube_states"]) == {answer.json()["state"]: 1}
        assert tx.rows("select 1 from cube_dirty") == []


COLUMNS = """
select string_agg(column_name, ', ') as names from information_schema.columns
where table_name = 'cases' and is_generated = 'NEVER' and column_name not in ('id', 'number')
"""


def test_a_case_that_is_written_or_removed_by_any_statement_leaves_its_key(
    open_lived: Open,
) -> None:
    """Seen red without the triggers on insert and on delete, each by itself."""
    with open_lived() as tx:
        names = (tx.one(COLUMNS) or {})["names"]
        tx.run(
            f"insert into cases (id, number, {names}) select uuidv7(), 'copy', {names} from cases"
            " order by id limit 1"
        )
    agree(open_lived)
    with open_lived() as tx:
        tx.run("delete from cases where number = 'copy'")
    agree(open_lived)


LOST = """
delete from cube_states where (day, pos, state) = (
    select day, pos, state from cube_states where state = 'evaluated' order by day, pos limit 1)
returning day, pos
"""
DOUBLED = """
update cube_types t set n = n * 2
from (select day, pos from cube_types order by day, pos offset 40 limit 1) x
where (t.day, t.pos) = (x.day, x.pos) returning t.day, t.pos
"""
# To a day on which nothing of its place was received.
MOVED = """
update cube_hours t set day = x.free
from (select h.day, h.pos, h.hour, d::date as free
    from cube_hours h, generate_series(city_today() - 60, city_today(), '1 day') d
    where not exists (select from cube_hours o where o.day = d::date and o.pos = h.pos)
    order by h.day, d offset 30 limit 1) x
where (t.day, t.pos, t.hour) = (x.day, x.pos, x.hour) returning x.day, t.pos, t.day as free
"""


def test_the_check_finds_names_and_mends_three_planted_errors(
    lived: Town, open_lived: Open
) -> None:
    """The nightly check names, repairs and reports them: "a row missing, doubled, moved".

    Seen red with ``recount`` left out of the check (found again, told as not mended), and with
    ``_moved`` saying no (two findings for the one that was moved).
    """
    with open_lived() as tx:
        lost, doubled, moved = [tx.rows(one)[0] for one in (LOST, DOUBLED, MOVED)]

    done = checking.check(open_lived)

    told = {(one.kind, one.cell.day, one.cell.pos, one.found_on) for one in done.findings}
    assert told == {
        (Kind.MISSING, lost["day"], lost["pos"], None),
        (Kind.DOUBLED, doubled["day"], doubled["pos"], None),
        (Kind.MOVED, moved["day"], moved["pos"], moved["free"]),
    }
    assert all(one.repaired for one in done.findings)
    agree(open_lived)
    assert checking.check(open_lived).findings == []
    with open_lived() as tx:  # a second check does not wipe out what the first one told
        tx.run("update cube_state set checked_wrong = 3")
    record = lived.person("leader").get("/wall/checks").json()
    kinds = {one["kind"]: one["repaired"] for one in record["findings"]}
    assert kinds == {"missing": True, "doubled": True, "moved": True}


def test_what_is_stale_is_no_error(open_lived: Open) -> None:
    """Between a case and its counting a comparison is silent, and a check counts first.

    Seen red with the stale keys left out of ``differences``.
    """
    with open_lived() as tx:
        tx.run("update cases set state = 'closed' where state = 'evaluated'")
    with open_lived() as tx:
        days = {"first": date(2000, 1, 1), "cap": tx.now.date() + timedelta(days=2)}
        assert [row for cube in CUBES for row in tx.rows(counting.differences(cube), days)] == []

    assert checking.check(open_lived).findings == []


def test_a_lack_and_an_excess_of_different_size_are_two_errors() -> None:
    with_day = partial(Cell, "cube_hours", pos=3, key="7")
    today = date(2026, 1, 2)
    lacking = with_day(day=today, expected=(2,), found=(0,))
    extra = with_day(day=today + timedelta(days=1), expected=(0,), found=(1,))

    kinds = [one.kind for one in checking.named([lacking, extra])]

    assert kinds == [Kind.MISSING, Kind.DIFFERENT]


STATES = ("reported", "accepted", "registered", "evaluated", "merged", "withdrawn")


def stirred(tx: Tx, chance: Random) -> None:
    """Something happens in the city: a few cases change in any way that a step can change them."""
    few = "id = any(array(select id from cases order by md5(id::text || %(seed)s) limit %(n)s))"
    values = {"seed": str(chance.random()), "n": chance.randrange(1, 6)}
    state = chance.choice(STATES)
    changes = (
        f"update cases set state = '{state}', duty = 'none', closed_at = null where {few}",
        f"update cases set state = 'closed', duty = 'none', closed_at = %(now)s where {few}",
        f"update cases set overdue_at = case when overdue_at is null then %(now)s end where {few}",
        f"update cases set type = 'kind-' || {chance.randrange(3)} where {few}",
        f"update cases set pos = 7 + {chance.randrange(6)} where {few}",
        f"update cases set satisfaction = 'satisfied' where {few}",
        f"update cases set received_at = received_at + interval '1 day' where {few}",
        f"update cases set unit_id = null, duty = 'none' where {few}",
        f"update cases set overdue_at = null where pos = 7 + {chance.randrange(6)}",
    )
    for change in chance.sample(changes, 3):
        tx.run(change, values | {"now": tx.now})


def city(tx: Tx, held: snapshot.Snapshot) -> City:
    standing, _ = snapshot.standing(tx)
    return City(held, standing, lists.read(tx), ground.of(tx), tx.now, rules(tx))


@pytest.mark.proof("Applying the wall's stream to an old picture equals a fresh one")
def test_old_and_stream_are_the_new(open_lived: Open, proof: Proof) -> None:
    """Applying the stream to an old snapshot equals a fresh snapshot.

    Seen red with ``renewed`` not clearing the places that changed, and with ``changes`` leaving out
    places whose value went.
    """
    chance = proof.random
    with open_lived() as tx:
        held = snapshot.fresh(tx, snapshot.standing(tx)[1])
        book = ground.of(tx).book
        seen = [
            Seen(area, chance.choice(panels.INDICATORS), level)
            for area in book.areas.values()
            for level in ground.SHOWN
        ]
        before = city(tx, held)
    shown = [panels.whole(before, one) for one in seen]
    rounds = proof.count(12, stated=1_000)
    for _ in range(rounds):
        with open_lived() as tx:
            stirred(tx, chance)
        with open_lived() as tx:
            cubes.refresh(tx)
            _, row = snapshot.standing(tx)
            held = snapshot.renewed(tx, held, row)
            anew = snapshot.fresh(tx, row)
            assert held.same(anew)
            renewed = city(tx, held)
            fresh = City(anew, renewed.standing, renewed.lists, renewed.ground, renewed.now,
                         renewed.known)  # fmt: skip
        for n in chance.sample(range(len(seen)), 6):
            said = panels.changes(shown[n], panels.whole(renewed, seen[n]))
            shown[n] = panels.applied(shown[n], said)
            assert shown[n] == panels.whole(fresh, seen[n])
    agree(open_lived)
    proof.note(changes=rounds, pictures=rounds * 6)
