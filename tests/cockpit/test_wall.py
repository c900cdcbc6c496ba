"""The doors of the wall: who sees what, figures that open their rows, one picture for all, live."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson

from tests.cockpit.conftest import Open
from tests.town import Person, Town
from wangge.areas.models import Level
from wangge.cockpit import cubes, panels, service
from wangge.cockpit.stream import wall
from wangge.kernel.db import transaction
from wangge.kernel.live import Listener, Live


def rows(person: Person, **asked: Any) -> int:
    """How many rows the desk's list shows for a figure."""
    found, cursor = 0, ""
    while True:
        page = person.get("/cases", cursor=cursor, **asked).json()
        found += len(page["items"])
        cursor = page.get("next") or ""
        if not cursor:
            return found


def test_every_figure_opens_its_rows(lived: Town) -> None:
    """Each number of the page is as long as the list that it opens.

    Seen red with ``wall_late`` asking for all that were ever late, and with the ground left out.
    """
    leader = lived.person("leader")
    view = leader.get("/wall").json()
    today, month = view["within"]["today"], view["within"]["month"]
    now = view["now"]

    assert now["open"] > now["late"] > 0
    assert rows(leader, figure="wall_received", within=today) == now["received"]
    assert rows(leader, figure="wall_open", within=today) == now["open"]
    assert rows(leader, figure="wall_late", within=today) == now["late"]
    assert rows(leader, figure="wall_closed", within=today) == now["closed"]
    assert rows(leader, figure="wall_in_time", within=today) == now["in_time"]
    assert rows(leader, figure="wall_received", within=month) == view["satisfaction"]["received"]
    assert rows(leader, figure="wall_said", within=month) == view["satisfaction"]["said"]
    assert sum(one["n"] for one in view["states"]) == now["open"]
    for one in view["states"]:
        assert rows(leader, figure="wall_open", within=today, state=one["state"]) == one["n"]
    for one in view["sources"]:
        asked = {"figure": "wall_received", "channel": one["channel"]}
        assert rows(leader, within=today, **asked) == one["n"]
    street = view["areas"][0]
    below = leader.get("/wall", area=street["id"]).json()
    assert below["now"]["open"] == street["open"]
    assert rows(leader, figure="wall_open", within=below["within"]["today"]) == street["open"]
    assert sum(one["open"] for one in view["areas"]) == now["open"]


def test_a_post_sees_the_wall_of_its_area_only(lived: Town) -> None:
    """Seen red with ``_inside`` saying yes."""
    supervisor, handler = lived.person("supervisor"), lived.person("handler")
    home = supervisor.get("/wall").json()

    assert home["area"]["path"][-1]["name"] == "安和街道"
    assert home["home"] == home["area"]["id"]
    refused = supervisor.get("/wall", area=lived.area("379901101"))
    assert (refused.status_code, refused.json()["code"]) == (403, "area_not_yours")
    assert supervisor.get("/wall", area=lived.area("379901")).status_code == 403
    assert supervisor.get("/wall/live", area=lived.area("379901")).status_code == 403
    assert handler.get("/wall").status_code == 403
    assert lived.person("auditor").get("/wall").status_code == 403
    grid = lived.person("lihong").get("/wall").json()
    assert grid["area"]["level"] == "grid"


def test_the_map_is_borders_once_and_values_apart(lived: Town) -> None:
    leader = lived.person("leader")
    view = leader.get("/wall", indicator="open").json()
    edition = view["area"]["edition"]

    county = view["area"]["id"]
    answer = leader.get(f"/wall/borders/{edition}/{county}/grid.geojson")

    assert "immutable" in answer.headers["cache-control"]
    drawn = {str(one["id"]) for one in answer.json()["features"]}
    assert len(drawn) == 6
    assert set(view["values"]) <= drawn
    assert sum(view["values"].values()) == view["now"]["open"]
    assert leader.get(f"/wall/borders/0.1/{county}/grid.geojson").status_code == 404
    for indicator in panels.INDICATORS:
        for level in ("township", "community", "grid"):
            found = leader.get("/wall", indicator=indicator, level=level)
            assert found.status_code == 200, found.text
    assert leader.get("/wall", indicator="nothing").status_code == 422


def test_a_thousand_screens_cost_one_look(lived: Town, open_lived: Open) -> None:
    """Seen red with ``current`` reading anew each time."""
    leader = UUID(lived.account("leader"))
    with transaction(lived.cell) as tx:
        first = service.city(tx)
        area = first.ground.book.codes["379901"]
        seen = panels.Seen(area, "open", Level.GRID)
        shown = service.picture(lived.cell.tenant, first, seen)
    with transaction(lived.cell) as tx:
        again = service.city(tx)

    assert leader
    assert again.snapshot is first.snapshot
    if again.stamp == first.stamp:  # unless the minute has turned
        assert service.picture(lived.cell.tenant, again, seen) is shown


async def heard(events: AsyncIterator[bytes]) -> tuple[str, dict[str, Any]]:
    """The next word of a live line, which is never silent for longer than a few seconds."""
    async with asyncio.timeout(10):
        while True:
            said = (await anext(events)).decode()
            lines = dict(line.split(": ", 1) for line in said.strip().splitlines() if ": " in line)
            if "event" in lines:
                return lines["event"], orjson.loads(lines["data"])


def test_a_report_comes_to_an_open_screen_and_a_post_that_ends_closes_it(
    lived: Town, open_lived: Open
) -> None:
    """A changed figure is pushed; what was pushed, applied to the old, is what the door says.

    Seen red with ``_tell`` not sending, and with the screen not among the line's listeners (it
    stays open after the post has ended).
    """
    leader = lived.person("leader")

    def happens() -> None:
        body = {"id": "0190b8a0-0000-7000-8000-0000000000aa", "text": "路灯不亮", "lon": 118.1,
                "lat": 37.3}  # fmt: skip
        assert lived.door is not None
        assert lived.door.post("/api/v1/public/cases", json=body).status_code == 200
        cubes.keep_up(open_lived)

    async def watched() -> tuple[dict[str, Any], str]:
        live = Live()
        stream = await live.stream(lived.cell)
        with transaction(lived.cell) as tx:
            city = service.city(tx)
        area = city.ground.book.codes["379901"]
        seen = panels.Seen(area, "received", Level.GRID)
        listener = Listener(UUID(leader.account_id), [], frozenset())
        events = wall(stream).events(listener, seen, city, None)
        name, shown = await heard(events)
        assert name == "whole"
        before = shown["now"]["received"]
        await asyncio.to_thread(happens)
        while shown["now"]["received"] == before:
            name, said = await heard(events)
            assert name == "wall"
            shown = panels.applied(shown, said)
        await asyncio.to_thread(lived.end_posts, "leader")
        with transaction(lived.cell) as tx:
            tx.one("select record_facts(%s, %s)", [orjson.dumps([{
                "id": "0190b8a0-0000-7000-8000-0000000000ab", "name": "PostEnded",
                "subject": leader.account_id, "body": {}, "pos": None, "unit_ids": [],
                "account_id": leader.account_id}]).decode(), tx.now])  # fmt: skip
        while name != "bye":
            name, said = await heard(events)
            shown = panels.applied(shown, said) if name == "wall" else shown
        await live.close()
        return shown, name

    asked = leader.get("/wall", indicator="received", level="grid").json()
    shown, _ = asyncio.run(asyncio.wait_for(watched(), 30))

    assert shown["now"]["received"] == asked["now"]["received"] + 1
    assert sum(shown["values"].values()) == sum(asked["values"].values()) + 1
    assert shown["times"]["cubes"]["age"] < 60
