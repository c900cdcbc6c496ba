"""What is counted from an index, by ground, units and own cases, is what a recount finds."""

from itertools import product
from typing import Any

from tests.cases.test_indicators import Filled, ago, filled
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.web import token_hash

__all__ = ["filled"]
PEOPLE = ("cityleader", "leader", "acceptor", "lihong", "wuhua", "handler", "supervisor")
GROUND = (None, "379901001001", "379901101", "3799010010010001")
STRANGE = """
with told as (select id, row_number() over (order by id) as n from cases)
update cases c set
    created_by = case when n %% 7 = 0 then (select id from accounts where username = case n %% 3
        when 0 then 'lihong' when 1 then 'handler' else 'acceptor' end) end,
    unit_ids = case when n %% 5 = 0 then unit_ids || (select id from organisations
        where code = 'desk-379901001') else unit_ids end,
    about_unit = case when n %% 11 = 0 then (select id from organisations
        where code = case when n %% 2 = 0 then 'urban-379901' else 'desk-379901001' end) end,
    about_account = case when n %% 13 = 0 then (select id from accounts
        where username = case when n %% 2 = 0 then 'lihong' else 'cityleader' end) end,
    pos = case when n %% 17 = 0 then 0 else pos end
from told where told.id = c.id
"""
COUNTED = "select state, n, late from count_cases(%(first)s, %(last)s, %(ground)s) where n <> 0"
RECOUNTED = """
select state, count(*) as n, count(overdue_at) as late from cases
where received_at >= %(first)s and received_at < %(last)s
    and (%(ground)s::int4multirange is null or pos <@ %(ground)s::int4multirange) group by state
"""


def both(town: Town, person: Person, asked: dict[str, Any]) -> tuple[Any, Any]:
    """What the reader's count says, and what is there when he looks at each case."""
    token = token_hash(person.client.cookies["wg_session"])
    with transaction(town.cell, "app", token=token) as tx:
        found = [tx.rows(statement, asked) for statement in (COUNTED, RECOUNTED)]
    told, seen = ({row["state"]: (row["n"], row["late"]) for row in rows} for rows in found)
    return told, seen


def test_a_count_is_a_recount(filled: Filled) -> None:
    """Readers of all ground, of some, of scattered ground, of units alone, and of own cases.

    Some are handed to a desk elsewhere, opened elsewhere, or kept from whom they are about. Seen
    red without the cases of one's units, without one's own, and with what is kept counted.
    """
    town = filled(700, days=40)
    with transaction(town.cell) as tx:
        tx.run(STRANGE.replace("%%", "%"))
        spans = {row["code"]: row["span"] for row in tx.rows("select code, span::text from areas")}
    with transaction(town.cell) as tx:
        now = tx.now
    counts = []
    for username, code, days in product(PEOPLE, GROUND, (7, 50)):
        asked = {"first": ago(town, days), "last": now, "ground": code and spans[code]}
        told, seen = both(town, town.person(username), asked)
        assert told == seen, (username, code, days)
        counts.append(sum(n for n, _ in seen.values()))
    assert sum(map(bool, counts)) > 40
    assert len(set(counts)) > 20


def test_what_lasted_long_counts_in_the_period_of_its_end(filled: Filled) -> None:
    """Handled a hundred days after it came. Seen red without the reach of what lasted long."""
    town = filled(600, days=20)
    leader = town.person("cityleader")

    def handled() -> int:
        answer = leader.get("/indicators/figures", **{"from": ago(town, 10)}).json()
        found = {one["code"]: one for one in answer["figures"]}
        number: int = found["mean_dispose_time"]["denominator"]
        return number

    before = handled()
    with transaction(town.cell) as tx:
        tx.run(
            "update cases set received_at = received_at - interval '100 days',"
            " handle_done_at = city_now() - interval '1 day', until_at = city_now()"
            " where id in (select id from cases where handle_done_at is null order by id limit 3)"
        )

    assert handled() == before + 3
    click = leader.get("/indicators/facts", **{"from": ago(town, 10)}).json()
    assert {one["code"]: one["count"] for one in click["facts"]}["carried_over"] == 3
