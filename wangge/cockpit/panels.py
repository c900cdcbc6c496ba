"""The panels of one area, made of the snapshot; and what changed from one picture to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.areas.models import Area, Level
from wangge.cases.figure_rows import Within
from wangge.cases.models import State
from wangge.cases.views import type_name
from wangge.cockpit import field
from wangge.cockpit.ground import Ground
from wangge.cockpit.latest import Latest
from wangge.cockpit.lists import Lists
from wangge.cockpit.snapshot import BEFORE_DAYS, HOT_DAYS, SAID_DAYS, Snapshot, Standing
from wangge.tenant.rules import Rules

Counts = NDArray[Any]
NOTHING_NEW = Latest(0, ())
ENOUGH_WEEKS = 3  # below that nothing is called usual
HOT = 8
RATES = {"late_share": ("late", "open"), "satisfaction": ("satisfied", "said")}
INDICATORS = ("received", "open", "late", "late_share", "closed", "month", "satisfaction")
SILENT_FROM = 5  # a source of which so many are usual by now and none came is called silent


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody looks at: an area, an indicator on its map, and the level that is coloured."""

    area: Area
    indicator: str
    level: Level


@dataclass(frozen=True, eq=False)
class City:
    """Everything that panels are made of, as it stood at one moment of the city."""

    snapshot: Snapshot
    standing: Standing
    lists: Lists
    ground: Ground
    now: datetime
    known: Rules
    latest: Latest = NOTHING_NEW

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Equal for moments at which every panel says the same."""
        return (
            self.snapshot.version, self.snapshot.day, self.standing.built, self.lists.edition,
            self.now.replace(second=0, microsecond=0), self.ground.book.edition,
            self.standing.checked_at, tuple(self.known.versions.items()),
        )  # fmt: skip

    @cached_property
    def totals(self) -> dict[str, Counts]:
        """The main counts by place; ``usual`` is what comes in on such a day until this moment."""
        snapshot = self.snapshot
        here = self.now.astimezone(snapshot.zone)

        def total(name: str) -> Counts:
            return sum((snapshot.of(name, key) for key in snapshot.keys(name)), snapshot.of("", ""))

        part = {str(hour): 1.0 for hour in range(here.hour)} | {str(here.hour): here.minute / 60}
        usual = sum(
            (snapshot.of("hour_usual", hour) * share for hour, share in part.items()),
            np.zeros(snapshot.size),
        )
        names = ("open", "late", "closed", "in_time", "month", "said")
        satisfied = total("satisfied") + total("fairly") * self.fairly_counts
        return {
            "received": total("channel"),
            "usual": usual / max(snapshot.weeks, 1),
            "satisfied": satisfied,
            **{name: total(name) for name in names},
        }

    @property
    def fairly_counts(self) -> bool:
        """The city's published setting whether 基本满意 counts as satisfied."""
        return self.known.switches.fairly_satisfied_counts

    @property
    def times(self) -> dict[str, Any]:
        """When what is shown was last true; ages in seconds, for a screen's own clock may err."""
        return {
            "cubes": {"at": self.standing.true_at, "age": round(self.standing.age, 1)},
            "lists": {"at": self.lists.at, "age": round(self.lists.age, 1)},
        }


def whole(city: City, seen: Seen) -> dict[str, Any]:
    """Every panel of an area."""
    grids = city.ground.grids(seen.area.id)
    grids = grids[grids < city.snapshot.size]
    here = set(grids.tolist())
    return {
        "area": _area(city, seen.area),
        "now": _figures(city, [seen.area])[0],
        "within": _within(city, seen.area),
        "sources": _sources(city, grids),
        "states": _states(city.snapshot.sums("open", grids)),
        "hours": _hours(city, grids),
        "types": _types(city, grids),
        "satisfaction": _satisfaction(city, seen.area),
        "areas": _areas(city, seen.area),
        "map": {"level": seen.level.value, "indicator": seen.indicator},
        "values": _values(city, seen),
        "emergencies": _emergencies(city, here),
        "latest": field.latest(city.latest, city.ground, city.known, here),
        "whistles": field.whistles(city.lists, city.ground, city.known, here),
        "stations": [row for row in city.lists.stations if row["pos"] in here],
        "posts": field.posts(city.lists, grids),
        "alerts": field.alerts(
            city.lists, city.ground, city.known, here | {seen.area.pos}, city.now
        ),
        "video": field.video(city.lists, city.ground, here),
        "duty": _duty(city, seen.area),
        "health": _health(city),
    }


def _area(city: City, area: Area) -> dict[str, Any]:
    book = city.ground.book
    above = list(book.above(area))[::-1]
    below = book.below.get(area.id, [])
    return {
        "path": [
            {"id": one.id, "name": one.short_name or one.name, "level": one.level.value}
            for one in [*above, area]
        ],
        "id": area.id, "pos": area.pos, "level": area.level.value,
        "below": below[0].level.value if below else None,
        "edition": book.edition,
    }  # fmt: skip


def unusual(received: int, expected: float | None) -> bool:
    """Whether it is further from the usual than chance brings: two standard deviations and two."""
    return expected is not None and abs(received - expected) > 2 * sqrt(expected) + 2


def _figures(city: City, areas: list[Area]) -> list[dict[str, Any]]:
    """The main figures of each area; the usual is the mean of the same weekdays of past weeks."""
    totals, frame = city.totals, city.ground.frame(areas)
    counts = {
        name: frame.summed(totals[name]).astype(int).tolist()
        for name in ("received", "open", "late", "closed", "in_time")
    }
    known = city.snapshot.weeks >= ENOUGH_WEEKS
    means = frame.summed(totals["usual"]).tolist()
    usual = [round(mean, 1) if known else None for mean in means]
    return [
        {
            "usual": usual[n],
            "unusual": unusual(counts["received"][n], usual[n]),
            **{name: held[n] for name, held in counts.items()},
        }
        for n in range(len(areas))
    ]


def _within(city: City, area: Area) -> dict[str, str]:
    """The periods of the figures, as the lists of cases take them."""
    snapshot = city.snapshot
    ends = datetime.combine(snapshot.day + timedelta(days=1), time(), snapshot.zone)

    def since(days: int) -> str:
        begins = datetime.combine(snapshot.day - timedelta(days=days - 1), time(), snapshot.zone)
        return Within(begins, ends, area.id, fairly=city.fairly_counts).token

    return {"today": since(1), "week": since(HOT_DAYS), "month": since(SAID_DAYS)}


def _states(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """In the order in which a case passes them."""
    return [{"state": one, "n": counts[one]} for one in State if one in counts]


def _sources(city: City, grids: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Every source of today or of such weekdays, with a whole day's usual beside it."""
    snapshot = city.snapshot
    today, before = snapshot.sums("channel", grids), snapshot.sums("channel_usual", grids)
    enough = snapshot.weeks >= ENOUGH_WEEKS
    return [
        {"channel": one, "n": today.get(one, 0),
         "usual": round(before.get(one, 0) / snapshot.weeks, 1) if enough else None}
        for one in sorted(today.keys() | before.keys())
    ]  # fmt: skip


def _hours(city: City, grids: NDArray[np.int64]) -> dict[str, Any]:
    snapshot = city.snapshot
    today, before = snapshot.sums("hour", grids), snapshot.sums("hour_usual", grids)
    enough = snapshot.weeks >= ENOUGH_WEEKS
    return {
        "today": [today.get(str(hour), 0) for hour in range(24)],
        "usual": [round(before.get(str(hour), 0) / snapshot.weeks, 1) for hour in range(24)]
        if enough else None,
    }  # fmt: skip


def _types(city: City, grids: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Types of the last week that rose most against the four weeks before, as chance goes."""
    snapshot = city.snapshot
    week, before = snapshot.sums("type", grids), snapshot.sums("type_before", grids)
    weeks = BEFORE_DAYS / HOT_DAYS
    known = city.known

    def rise(key: str) -> tuple[float, str]:
        mean = before.get(key, 0) / weeks
        return (mean - week[key]) / sqrt(mean + 1), key

    return [
        {"type": key, "name": type_name(known, key), "n": week[key],
         "before": round(before.get(key, 0) / weeks, 1)}
        for key in sorted(week, key=rise)[:HOT]
    ]  # fmt: skip


def _satisfaction(city: City, area: Area) -> dict[str, Any]:
    names = {"said": "said", "satisfied": "satisfied", "received": "month"}
    frame = city.ground.frame([area])
    counts = {name: int(frame.summed(city.totals[of])[0]) for name, of in names.items()}
    return counts | {"fairly_counts": city.fairly_counts}


def _areas(city: City, area: Area) -> list[dict[str, Any]]:
    """The areas below, in the order of the directory: each beside what is usual for itself."""
    below = city.ground.book.below.get(area.id, [])
    return [
        {"id": one.id, "pos": one.pos, "name": one.short_name or one.name, **figures}
        for one, figures in zip(below, _figures(city, below), strict=True)
    ]


def _values(city: City, seen: Seen) -> dict[str, float]:
    """What the map is coloured by, by place; nothing is said where nothing is."""
    frame = city.ground.inside(seen.area, seen.level)
    if seen.indicator in RATES:
        above, below = (frame.summed(city.totals[name]) for name in RATES[seen.indicator])
        return {
            str(area.pos): round(int(a) / int(b), 3)
            for area, a, b in zip(frame.areas, above, below, strict=True)
            if b
        }
    counts = frame.summed(city.totals[seen.indicator])
    return {str(area.pos): int(n) for area, n in zip(frame.areas, counts, strict=True) if n}


def _emergencies(city: City, grids: set[int]) -> list[dict[str, Any]]:
    return [
        {**row, "name": type_name(city.known, row["type"])}
        for row in city.lists.emergencies
        if row["pos"] in grids
    ]


def _duty(city: City, area: Area) -> list[dict[str, Any]]:
    """Who is on duty at the desks of the area and of those right below it."""
    below = {one.pos for one in city.ground.book.below.get(area.id, [])} | {area.pos}
    return [row for row in city.lists.duty if row["pos"] in below]


def _health(city: City) -> dict[str, Any]:
    standing = city.standing
    return {
        "built": standing.built,
        "checked_at": standing.checked_at,
        "checked_wrong": standing.checked_wrong,
        "weeks": city.snapshot.weeks,
        "silent": _silent(city),
        **city.lists.health,
    }


def _silent(city: City) -> list[str]:
    """Sources of which something should have come by now, and nothing did."""
    snapshot = city.snapshot
    if snapshot.weeks < ENOUGH_WEEKS:
        return []
    here = city.now.astimezone(snapshot.zone)
    part = (here.hour + here.minute / 60) / 24
    return [
        one
        for one in snapshot.keys("channel_usual")
        if snapshot.of("channel_usual", one).sum() / snapshot.weeks * part >= SILENT_FROM
        and not snapshot.of("channel", one).any()
    ]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What to say to who has ``old``: panels that differ whole, of the map the places alone."""
    said = {name: panel for name, panel in new.items()
            if name != "values" and old.get(name) != panel}  # fmt: skip
    before, after = old.get("values", {}), new["values"]
    if "map" in said:
        return said | {"values": after}
    moved = {pos: n for pos, n in after.items() if before.get(pos) != n}
    gone = dict.fromkeys(before.keys() - after.keys())
    return said | ({"moved": moved | gone} if moved or gone else {})


def applied(old: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What a screen does with ``changes``; the page does the same."""
    found = {**old, **{name: panel for name, panel in said.items() if name != "moved"}}
    values = {**found["values"], **said.get("moved", {})}
    found["values"] = {pos: n for pos, n in values.items() if n is not None}
    return found
