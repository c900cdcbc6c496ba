"""Every hot list reads what it shows, under row-level security, among 300,000 cases.

PostgreSQL itself counts the rows that a transaction read, by table and by the way to them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bench import rows
from tests.conftest import clone
from tests.town import Town
from wangge.app import build
from wangge.areas.geodesy import tile_of
from wangge.cases import doubles, lists, queries
from wangge.cases.queries import Filter
from wangge.cockpit import squares
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction
from wangge.kernel.web import COOKIE, token_hash
from wangge.notices import queries as notices
from wangge.people.models import Actor
from wangge.public_service import matters

CASES = 300_000
GRIDS = """
insert into areas (id, parent_id, path, level, kind, code, name, short_name, names, pos, span,
    active_from)
select uuidv7(), c.id, c.path || t.code::ltree, 'township', '', t.code, t.code, t.code,
    array[t.code], t.pos, int4multirange(int4range(t.pos, t.pos + 26)), '2020-01-01'
from (select 100 + n * 26 as pos, '3799' || 60 + n as code from generate_series(0, 38) n) t,
    areas c where c.level = 'county';
insert into areas (id, parent_id, path, level, kind, code, name, short_name, names, pos, span,
    active_from)
select uuidv7(), t.id, t.path || g.code::ltree, 'grid', 'base', g.code, g.code, g.code,
    array[t.code, g.code], g.pos, int4multirange(int4range(g.pos, g.pos + 1)), '2020-01-01'
from areas t, lateral (select t.code || 'g' || n as code, t.pos + n as pos
    from generate_series(1, 25) n) g where t.pos >= 100 and t.level = 'township';
update areas set span = int4multirange(int4range(0, 1200)) where level in ('city', 'county');
insert into organisations (id, kind, code, name, short_name, area_id)
select uuidv7(), 'desk', 'desk-' || code, code, code, id from areas
where pos >= 100 and level = 'township';
insert into organisations (id, kind, code, name, short_name, area_id)
select uuidv7(), 'department', 'bureau-' || n, n, n, (select id from areas where level = 'county')
from generate_series(1, 30) n;
update versions set n = n + 1;
"""
NOTICES = """
insert into notices (id, account_id, code, at)
select uuidv7(), case when i % 3 = 0 then a.id else b.id end, 'case_reported',
    city_now() - i * interval '1 minute'
from generate_series(1, 60000) i, accounts a, accounts b
where a.username = 'acceptor' and b.username = 'liulin'
"""
READ = """
select relname, seq_tup_read as whole, coalesce(idx_tup_fetch, 0) as found
from pg_stat_xact_user_tables
where relname in ('cases', 'case_steps', 'case_askers', 'notices')
"""


@dataclass
class City:
    """The town among many others, with the past of a year."""

    town: Town
    tokens: dict[str, bytes]

    def token(self, username: str) -> bytes:
        if username not in self.tokens:
            cookie = self.town.person(username).client.cookies[COOKIE]
            self.tokens[username] = token_hash(cookie)
        return self.tokens[username]


@pytest.fixture(scope="module")
def city(cells: Cells, town_template: str) -> Iterator[City]:
    tenant = clone(cells, PREFIX + town_template)
    cell = cells.cell(tenant)
    with transaction(cell) as tx:
        tx.run(GRIDS)
    rows.pour(cells.owner(PREFIX + tenant), CASES, steps=0, asker_every=20)
    with transaction(cell) as tx:
        tx.run(NOTICES)
    web = build(cells, default_tenant=tenant)
    with TestClient(web):
        yield City(Town(cell, web), {})
    tenants.drop(cells, tenant)


def counted(tx: Tx) -> dict[str, tuple[int, int]]:
    return {row["relname"]: (row["whole"], row["found"]) for row in tx.rows(READ)}


Work = Callable[[Tx], Any]


def read_by(city: City, username: str, work: Work) -> tuple[Any, int, int]:
    """What the work answers, and rows read by going through a table, and by an index.

    Eight times, because the planner thinks again once a statement is prepared.
    """
    whole = found = 0
    for _ in range(8):
        role, token = ("app", city.token(username)) if username else ("intake", None)
        with transaction(city.town.cell, "app" if role == "app" else "intake", token=token) as tx:
            before = counted(tx)
            answer = work(tx)
            after = counted(tx)
        steps = [(after[table], before.get(table, (0, 0))) for table in after]
        whole = max(whole, sum(now[0] - then[0] for now, then in steps))
        found = max(found, sum(now[1] - then[1] for now, then in steps))
    return answer, whole, found


def page(queue: str = "", **wanted: Any) -> Work:
    return lambda tx: lists.page(
        tx, Actor.of(tx), Filter(**wanted), queue=queue, cursor="", limit=100
    )


def alike(n: int) -> Work:
    """The possible doubles of the first rows of the desk's queue."""

    def work(tx: Tx) -> Any:
        items = lists.page(tx, Actor.of(tx), Filter(), queue="to_accept", cursor="", limit=100)
        return doubles.like_kept(tx, [item["id"] for item in items["items"][:n]])

    return work


def released(tx: Tx) -> Any:
    told = doubles.Told("井盖松动", 118.5, 37.4, 120, None, "")
    return doubles.like_told(tx, told, released=True)


def tile(z: int, lon: float, show: squares.Show = squares.Show.OPEN) -> Work:
    """A tile of the wall: every case of this city lies in one square, at 118.5°, 37.4°."""
    at = (z, *tile_of(lon, 37.4, z))
    return lambda tx: squares.counted(tx, at, "{[0,5000)}", squares.Detail.CLUSTERS, show)


HOT: list[tuple[str, str, Work, int]] = [
    ("acceptor", "queues", lambda tx: lists.queues(tx, Actor.of(tx)), 9_000),
    ("acceptor", "to_accept", page("to_accept"), 500),
    ("acceptor", "in_hand", page("in_hand"), 500),
    ("acceptor", "overdue", page("overdue"), 8_000),
    ("dispatcher", "to_dispatch", page("to_dispatch"), 500),
    ("cityleader", "overdue of the city", page("overdue"), 500),
    ("cityleader", "open cases of the city", page("in_grid"), 500),
    ("cityleader", "everything, newest first", page(), 500),
    ("cityleader", "a word that nobody wrote", page(q="从未出现"), 100),
    ("cityleader", "emergencies", page(emergency=True), 2_000),
    ("lihong", "a worker's today", page("in_grid"), 1_500),
    ("lihong", "to_verify", page("to_verify"), 500),
    ("lihong", "overdue in a grid", page("overdue"), 1_500),
    ("lihong", "all in a grid", page(), 2_500),
    ("lihong", "open in a grid", page(open=True), 2_500),
    ("lihong", "a word in a grid", page(q="井盖松动"), 3_000),
    ("handler", "to_handle", page("to_handle"), 1_000),
    ("handler", "handed_in", page("handed_in"), 12_000),
    ("handler", "overdue of a department", page("overdue"), 10_000),
    ("property", "everything of a unit that has nothing", page(), 100),
    ("acceptor", "the caller's earlier matters",
     lambda tx: queries.of_caller(tx, sha256(b"phone 77").digest(), []), 200),
    ("acceptor", "doubles of a case", alike(1), 1_000),
    ("acceptor", "doubles of a page", alike(100), 20_000),
    # Of 300,000 those that are open: in this city 2 %, all in one square.
    ("cityleader", "the wall's tile of the city", tile(8, 118.5), 8_000),
    ("cityleader", "the wall's tile of a street", tile(16, 118.5), 8_000),
    ("cityleader", "the wall's tile of another street", tile(16, 118.9), 10),
    ("cityleader", "the wall's tile of what is late", tile(8, 118.5, squares.Show.LATE), 8_000),
    ("", "released ones nearby", released, 1_000),
    ("acceptor", "notices", lambda tx: notices.mine(tx, Actor.of(tx).id), 200),
]  # fmt: skip


@pytest.mark.parametrize(
    ("username", "work", "most"),
    [pytest.param(who, work, most, id=f"{who}: {name}") for who, name, work, most in HOT],
)
def test_a_hot_list_reads_what_it_shows(city: City, username: str, work: Work, most: int) -> None:
    """No table is gone through, and no more than a bounded number of rows is looked at.

    Seen red without the index ``cases_urgent`` and with the policy as it was before it.
    """
    answer, whole, found = read_by(city, username, work)

    assert answer is not None
    assert whole == 0
    assert found <= most


def test_what_an_asker_follows_is_found_by_its_code(city: City) -> None:
    with transaction(city.town.cell) as tx:
        number = (
            tx.one("select number from cases c join case_askers k on k.case_id = c.id limit 1")
            or {}
        )["number"]

    matter, whole, found = read_by(city, "", lambda tx: matters.by_code(tx, f"CODE{number}"))

    assert matter["number"] == number
    assert (whole, found <= 20) == (0, True)


def test_a_worker_sees_the_same_by_the_short_way(city: City) -> None:
    """The few of a small scope are exactly those that the wall lets through."""
    with transaction(city.town.cell, "app", token=city.token("lihong")) as tx:
        few = queries.few(tx)
        seen = tx.rows("select id from cases")

    assert few is not None
    assert len(few) > 100
    assert sorted(few) == sorted(row["id"] for row in seen)


def test_whoever_sees_much_has_no_short_way(city: City) -> None:
    with transaction(city.town.cell, "app", token=city.token("cityleader")) as tx:
        assert queries.few(tx) is None


def test_a_word_everywhere_is_found_with_its_newest_first(city: City) -> None:
    for username in ("cityleader", "acceptor", "lihong"):
        answer, *_ = read_by(city, username, page(q="井盖松动"))
        received = [item["received_at"] for item in answer["items"]]

        assert received == sorted(received, reverse=True)
        assert all("井盖松动" in item["title"] for item in answer["items"])
        assert received


@pytest.mark.parametrize(("username", "queue"), [("cityleader", ""), ("acceptor", "to_accept")])
def test_a_page_is_planned_once(city: City, username: str, queue: str) -> None:
    """A parameter in the wrong place has PostgreSQL plan each page anew: the limit, or a unit."""
    own = Cell(city.town.cell.tenant, city.town.cell.dsns)
    with transaction(own, "app", token=city.token(username)) as tx:
        for _ in range(20):
            page(queue)(tx)
        (plans,) = tx.rows(
            "select generic_plans, custom_plans from pg_prepared_statements"
            " where statement like %s",
            ["%left(c.text, 160)%"],
        )
    own.close()

    assert plans["custom_plans"] <= 5 < plans["generic_plans"]
