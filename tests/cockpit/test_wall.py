"""The doors of the wall: who sees what, figures that open their rows, one picture for all, live."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.cockpit.conftest import Open
from tests.town import Person, Town
from wangge.areas.models import Level
from wangge.cases.models import State
from wangge.cockpit import cubes, lists, panels, service
from wangge.cockpit.stream import wall
from wangge.kernel.db import transaction
from wangge.kernel.live import Listener, Live
from wangge.tenant.service import rules


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
    passed = [State(one["state"]) for one in view["states"]]
    assert passed == [one for one in State if one in passed]  # as a case goes, not by the alphabet
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


def test_the_newest_matters_are_told_by_type_and_community_alone(
    lived: Town, open_lived: Open
) -> None:
    """A reader of the wall hears what came in where, as coarse as the matter demands, and no asker.

    Meant to go red with ``exact`` always true, with the officials' matters not left out, and with
    ``latest`` not narrowed to the ground.
    """
    words = "邻居张三半夜吵闹，我是李四"
    body: dict[str, Any] = {"id": "0190b8a0-0000-7000-8000-0000000000ac", "text": words,
                            "lon": 118.1234567, "lat": 37.3234567}  # fmt: skip
    assert lived.door is not None
    assert lived.door.post("/api/v1/public/cases", json=body).status_code == 200
    cubes.keep_up(open_lived)
    leader, neighbour = lived.person("cityleader"), lived.person("liulin")

    def told(person: Person) -> dict[str, dict[str, Any]]:
        found = person.get("/wall").json()["latest"]
        return {one["id"]: one for one in found if one["what"] == "received"}

    one = told(leader)[body["id"]]
    assert (one["place"], one["type"], one["exact"]) == ("东方社区", None, False)
    assert "text" not in one
    assert "张三" not in str(one)
    assert abs(one["lon"] - body["lon"]) > 0.01  # the middle of its grid
    assert body["id"] not in told(neighbour)

    for kind, exact in (("waterlogging", True), (_kind(lived, "dispute"), False)):
        with open_lived() as tx:
            tx.run("update cases set type = %s where id = %s", [kind, body["id"]])
        cubes.keep_up(open_lived)
        one = told(leader)[body["id"]]
        assert one["exact"] is exact
        assert (one["lon"] == 118.123) is exact
    with open_lived() as tx:
        tx.run("update cases set state = 'closed', duty = 'none', closed_at = %s, about_account ="
               " null where id = %s", [tx.now, body["id"]])  # fmt: skip
    cubes.keep_up(open_lived)
    newest = leader.get("/wall").json()["latest"][0]
    assert (newest["id"], newest["what"]) == (body["id"], "closed")
    with open_lived() as tx:
        tx.run("update cases set about_account = %s, type = null where id = %s",
               [lived.account("lihong"), body["id"]])  # fmt: skip
    cubes.keep_up(open_lived)
    assert body["id"] not in {one["id"] for one in leader.get("/wall").json()["latest"]}


def _kind(lived: Town, counted_as: str) -> str:
    with transaction(lived.cell) as tx:
        return rules(tx).types.counted_as(counted_as)[0]


WHISTLE = """
insert into whistles (id, number, reason, words, pos, area_id, level, desk_id, ruling_desk_id,
    caller_id, caller_name, unit_ids, report_by, due_at, at)
select uuidv7(), 'W-1', 'other', '张三家的事', a.pos, a.id, 'grid', o.id, o.id, p.id, p.name,
    array[u.id], now(), now(), now()
from areas a, organisations o, organisations u, accounts p
where a.code = '3799010010010001' and o.code = 'desk-379901001' and u.code = 'urban-379901'
    and p.username = 'lihong'
returning id
"""
CALL = """
insert into whistle_calls (id, whistle_id, unit_id, state, due_at, arrived_at)
select uuidv7(), %s, id, 'arrived', now(), now() from organisations where code = 'urban-379901'
"""


def test_whistles_stations_and_posts_are_counted_by_area_and_name_nobody(
    lived: Town, open_lived: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meant to go red with posts counted for the whole city, and with absences not looked at."""
    monkeypatch.setattr(lists, "LAST_SECONDS", -1.0)
    with open_lived() as tx:
        whistle = tx.rows(WHISTLE)[0]["id"]
        tx.run(CALL, [whistle])
        tx.run("insert into absences (id, account_id, span, said_at) values (uuidv7(), %s,"
               " tstzrange(%s, null), %s)", [lived.account("lihong"), tx.now, tx.now])  # fmt: skip
        tx.run("update places set kind = 'station' where kind = 'garage'")
    leader, neighbour = (lived.person(one).get("/wall") for one in ("cityleader", "liulin"))
    assert (leader.status_code, neighbour.status_code) == (200, 200), leader.text + neighbour.text
    seen, beside = leader.json(), neighbour.json()

    assert [(one["place"], one["come"], one["called"]) for one in seen["whistles"]] == [
        ("东方社区", 1, 1)
    ]
    assert [one["name"] for one in seen["stations"]] == ["东方社区地下车库"]
    posts = {one["role"]: (one["held"], one["away"]) for one in seen["posts"]}
    assert posts["grid_worker"] == (4, 1)
    assert beside["whistles"] == beside["stations"] == []
    assert {one["role"]: one["held"] for one in beside["posts"]}["grid_worker"] == 1
    words = str({name: seen[name] for name in ("whistles", "stations", "posts")})
    assert not any(name in words for name in ("李红", "张三", lived.account("lihong")))


ALERT = """
insert into alerts (id, rule, rule_version, kind, subject, period, pos, area_id, figures, holder,
    roles, at, due_at)
select uuidv7(), 'repeat', 1, 'repeat', 'here', daterange(%(day)s::date, null), a.pos, a.id,
    '{"family": "dispute", "estate": false, "metres": 100, "days": 30, "n": 4, "at_least": 3}',
    'township', '{}', %(at)s, %(due)s
from areas a where a.code = '3799010010010001'
returning id
"""
SITE = """
insert into video_sites (id, code, name, area_id, pos, lon, lat, owner_id, page_url, snapshot_url,
    active, changed_at)
select uuidv7(), v.code, v.name, a.id, a.pos, 118.1234567, 37.3, o.id, 'https://cameras.invalid/1',
    '', v.code = 'V-1', now()
from areas a, organisations o, (values ('V-1', '文汇桥头'), ('V-2', '旧桥头')) v(code, name)
where a.code = '3799010010010001' and o.code = 'urban-379901'
"""


def test_early_warnings_and_video_sites_are_told_by_area(
    lived: Town, open_lived: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not ended stands on the wall of its ground; a site's address never does.

    Meant to go red with ended warnings not left out, with ``here`` not asked, and with ``late``
    by the state alone.
    """
    monkeypatch.setattr(lists, "LAST_SECONDS", -1.0)
    with open_lived() as tx:
        hour = timedelta(hours=1)
        when = {"day": tx.now.date(), "at": tx.now - 2 * hour, "due": tx.now - hour}
        alert = tx.rows(ALERT, when)[0]["id"]
        tx.run(SITE)
    leader, neighbour = (lived.person(one) for one in ("cityleader", "liulin"))
    answer = leader.get("/wall")
    seen, beside = answer.json(), neighbour.get("/wall").json()

    (one,) = seen["alerts"]
    assert (one["id"], one["place"], one["late"], one["state"]) == (
        str(alert), "东方社区", True, "open",
    )  # fmt: skip
    assert "4次" in one["words"]["zh"]
    assert "4 times" in one["words"]["en"]
    assert [(site["code"], site["name"], site["place"]) for site in seen["video"]] == [
        ("V-1", "文汇桥头", "东方社区")
    ]
    assert "cameras.invalid" not in answer.text
    assert beside["alerts"] == beside["video"] == []

    with open_lived() as tx:
        tx.run("update alerts set state = 'acknowledged'")
    (one,) = leader.get("/wall").json()["alerts"]
    assert (one["state"], one["late"]) == ("acknowledged", False)
    with open_lived() as tx:
        tx.run("update alerts set state = 'ended', outcome = 'settled', ended_at = now()")
    assert leader.get("/wall").json()["alerts"] == []
