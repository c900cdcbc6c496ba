"""A Tuesday morning in the small town, and a past that is written as a test wants it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.town import Person, Town
from wangge.alerts import jobs
from wangge.cockpit import cubes
from wangge.kernel import clock
from wangge.kernel.db import Tx

Opening = Callable[..., AbstractContextManager[Tx]]
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in 安城
GRID = "3799010010010001"
PAST = """
insert into cases (id, number, request_hash, title, text, kind, type, level, channel, state, duty,
    pos, area_id, lon, lat, place_state, received_at, desk_id, unit_ids, rules_version, terms)
select uuidv7(), 'P' || x.n, '\\xfeed', '从前的事', '从前的事', 'help', x.type, 'normal',
    x.channel, 'evaluated', 'none', a.pos, a.id, x.lon, x.lat, 'located', x.at, o.id, array[o.id],
    1, '{}'
from unnest(%(n)s::int[], %(grids)s::text[], %(types)s::text[], %(channels)s::text[],
    %(lons)s::float8[], %(lats)s::float8[], %(ats)s::timestamptz[])
    as x (n, grid, type, channel, lon, lat, at)
join areas a on a.code = x.grid join organisations o on o.code = 'desk-3799'
"""
Matter = dict[str, Any]


def matter(days: float, *, grid: str = GRID, kind: str = "noise", channel: str = "resident",
           lon: float = 118.1, lat: float = 37.3) -> Matter:  # fmt: skip
    """Something that came in so many days ago."""
    return {"at": TUESDAY - timedelta(days=days), "grid": grid, "type": kind, "channel": channel,
            "lon": lon, "lat": lat}  # fmt: skip


def poured(open_tx: Opening, matters: Iterable[Matter], *, from_n: int = 1) -> None:
    rows = list(matters)
    columns = {"grids": "grid", "types": "type", "channels": "channel", "lons": "lon",
               "lats": "lat", "ats": "at"}  # fmt: skip
    with open_tx() as tx:
        values = {name: [row[key] for row in rows] for name, key in columns.items()}
        tx.run(PAST, {"n": list(range(from_n, from_n + len(rows))), **values})


def ruled(town: Town, *rules: dict[str, Any]) -> None:
    """The administrator writes the city's rules; what they leave out is as the product has it."""
    admin = town.person("sysadmin")
    version = admin.get("/rules/alerts").json()["version"]
    body = {"rules": [{"zh": one["code"], "en": one["code"], "active": True, **one}
                      for one in rules]}  # fmt: skip
    answer = admin.put("/rules/alerts", {"body": body, "version": version})
    assert answer.status_code == 200, answer.text


def look(open_tx: Opening) -> None:
    """What the worker does: the counts first, then the rules."""
    cubes.keep_up(open_tx)
    jobs.look(open_tx)


def later(open_tx: Opening, **by: float) -> None:
    with open_tx() as tx:
        clock.advance(tx, timedelta(**by))


def cards(person: Person, **asked: Any) -> list[dict[str, Any]]:
    answer = person.get("/alerts", **asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.fixture(autouse=True)
def _tuesday(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)
