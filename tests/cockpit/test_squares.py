"""Cases by tile: clusters add up to the count at every zoom, and a neighbour sees his own."""

from itertools import combinations
from math import hypot, sqrt
from typing import Any

import mapbox_vector_tile
import pytest

from tests.cockpit.conftest import Open
from tests.town import Person, Town
from wangge.areas.geodesy import tile_of
from wangge.areas.vector_tile import EXTENT
from wangge.cockpit import squares
from wangge.kernel.db import transaction
from wangge.kernel.web import COOKIE, token_hash

# Spread over the whole ground of each grid, so that every zoom divides them otherwise.
SPREAD = """
update cases c set lon = b.west + (b.east - b.west) * (abs(hashtext(c.number)) % 997) / 997.0,
    lat = b.south + (b.north - b.south) * (abs(hashtext(c.number || 'y')) % 991) / 991.0
from areas a join area_borders b on b.area_id = a.id where a.pos = c.pos
"""
OPEN = """
select c.lon, c.lat, c.overdue_at is not null as late, p.code from cases c join areas a
    on a.id = c.area_id join areas p on p.path @> a.path and p.level = 'township'
where c.state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')
"""
WEST, SOUTH, EAST, NORTH = 118.0, 37.0, 118.6, 37.4


def tile(person: Person, z: int, x: int, y: int, **asked: Any) -> list[dict[str, Any]]:
    answer = person.get(f"/wall/cases/{z}/{x}/{y}", **asked)
    assert answer.status_code in {200, 204}, answer.text
    if answer.status_code == 204:
        return []
    (layer,) = mapbox_vector_tile.decode(answer.content).values()
    return [one["properties"] for one in layer["features"]]


DOWN = {"y_coord_down": True}
MOST = {"large": 4, "clusters": 16, "heat": 1_024}


@pytest.mark.parametrize("detail", ["clusters", "heat"])
def test_clusters_add_up_to_the_count_at_every_zoom(
    lived: Town, open_lived: Open, detail: str
) -> None:
    """Every open case with a place is in one square of every zoom, and no tile has too many.

    Meant to go red with ``<=`` at the end of a tile's range, and with the scope left out of the
    function (a neighbour then sees the whole city).
    """
    with open_lived() as tx:
        tx.run(SPREAD)
        known = tx.rows(OPEN)
    leader, neighbour = lived.person("cityleader"), lived.person("liulin")
    assert len({row["lon"] for row in known}) > 10
    assert any(row["late"] for row in known)
    near = [row for row in known if row["code"] == "379901101"]
    assert 0 < len(near) < len(known)

    for z in range(5, squares.DEEPEST + 1, 1 if detail == "clusters" else 4):
        corners = tile_of(WEST, NORTH, z), tile_of(EAST, SOUTH, z)
        across = range(corners[0][0], corners[1][0] + 1)
        down = range(corners[0][1], corners[1][1] + 1)
        tiles = {(x, y) for x in across for y in down}
        if z > 10:  # deeper there are thousands: those in which something lies
            tiles = {tile_of(row["lon"], row["lat"], z) for row in known}
        drawn = [tile(leader, z, x, y, detail=detail) for x, y in sorted(tiles)]
        assert max(map(len, drawn)) <= MOST[detail]
        assert sum(int(one["n"]) for each in drawn for one in each) == len(known), z
        late = sum(int(one["late"]) for each in drawn for one in each)
        assert late == sum(row["late"] for row in known)
        if z in {5, 9}:
            own = [one for x, y in tiles for one in tile(neighbour, z, x, y, detail=detail)]
            assert sum(int(one["n"]) for one in own) == len(near)
            only = [one for x, y in tiles for one in tile(leader, z, x, y, show="late")]
            assert sum(int(one["n"]) for one in only) == late

    county = lived.area("379901101")
    assert lived.person("supervisor").get("/wall/cases/8/1/1", area=county).status_code == 403
    assert lived.person("handler").get("/wall/cases/8/1/1").status_code == 403
    assert leader.get("/wall/cases/17/1/1").status_code == 404


def radius(n: int, side: float) -> float:
    """As the page draws it (web/src/modules/wall/drawMap.ts): by the root of how many."""
    return side * (0.11 + 0.18 * min(max(sqrt(n) - 1, 0) / 39, 1))


def test_circles_of_neighbours_do_not_overlap(lived: Town, open_lived: Open) -> None:
    """At every zoom two circles of different squares keep off each other, whatever their size.

    Meant to go red with ``margins`` all nothing.
    """
    with open_lived() as tx:
        tx.run(SPREAD)
        known = tx.rows(OPEN)
    leader = lived.person("cityleader")
    for detail, across in (("clusters", 4), ("large", 2)):
        side = EXTENT / across
        for z in (9, 12, 15):
            circles = list[tuple[float, float, float]]()
            for x, y in {tile_of(row["lon"], row["lat"], z) for row in known}:
                answer = leader.get(f"/wall/cases/{z}/{x}/{y}", detail=detail)
                (layer,) = mapbox_vector_tile.decode(answer.content, DOWN).values()
                assert len(layer["features"]) <= MOST[detail]
                for one in layer["features"]:
                    a, b = one["geometry"]["coordinates"]
                    size = radius(int(one["properties"]["n"]), side)
                    circles.append((x * EXTENT + a, y * EXTENT + b, size))
            assert len(circles) > 1
            for (a, b, size), (c, d, other) in combinations(circles, 2):
                assert hypot(a - c, b - d) >= size + other


def test_a_square_tells_no_place_finer_than_a_hundred_metres(lived: Town, open_lived: Open) -> None:
    """A case that stands alone is drawn at its rounded place.

    Meant to go red with the average exact.
    """
    with open_lived() as tx:
        tx.run("update cases set lon = 118.5123456, lat = 37.0567891 where id = (select id from"
               " cases where state = 'reported' order by id limit 1)")  # fmt: skip
    token = token_hash(lived.person("cityleader").client.cookies[COOKIE])
    with transaction(lived.cell, "app", token=token) as tx:
        at = tile_of(118.512, 37.057, 16)
        rows = squares.counted(tx, (16, *at), "{[0,1000)}", squares.Detail.HEAT, squares.Show.OPEN)

    assert [(row["lon"], row["lat"]) for row in rows] == [(118.512, 37.057)]


def test_a_day_over_again_is_what_came_in_by_hour(lived: Town, open_lived: Open) -> None:
    """The 24 frames of a day add up to it, for a viewer's own ground alone.

    Meant to go red with the hours taken as a running sum, and with ``_seen`` left out of the door.
    """
    with open_lived() as tx:
        row = tx.rows("select day, sum(n)::int as n from cube_hours group by 1 order by 2 desc")[0]
    day, received = str(row["day"]), row["n"]
    leader, neighbour = lived.person("cityleader"), lived.person("liulin")

    told = leader.get("/wall/day", day=day, level="grid").json()

    assert sum(told["totals"]) == received > 0
    assert [sum(frame.values()) for frame in told["frames"]] == told["totals"]
    own = neighbour.get("/wall/day", day=day).json()
    assert sum(own["totals"]) < received
    wide = leader.get("/wall/day", day=day, level="township").json()
    assert wide["totals"] == told["totals"]
    assert leader.get("/wall/day", day="2999-01-01").status_code == 422
    assert lived.person("handler").get("/wall/day", day=day).status_code == 403
    assert neighbour.get("/wall/day", day=day, area=lived.area("379901")).status_code == 403
