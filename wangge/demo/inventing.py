"""Matters that might happen in a loaded city: where, what, by whom, told in which words."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from wangge.areas.models import Area, Level
from wangge.cases.models import Mode
from wangge.demo.crew import FIELD, Crew
from wangge.demo.habits import id_at, words
from wangge.demo.invented import ASKERS, names
from wangge.demo.rulebook import text
from wangge.dispatch.directory import Directory, directory
from wangge.intake.models import AskerWords, Report
from wangge.kernel.db import Tx
from wangge.tenant.documents import read
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

MADE = "模拟"  # the reference of every matter that nobody has brought: it is simulated
PLACES = "select name, lon, lat, area_id from places order by id"
STAFFED = ("worker", "phone", "hotline", "patrol", "grid_chat")
BY_WORKER = ("worker", "patrol", "grid_chat")
MODES = (Mode.OPEN, Mode.CONFIDENTIAL, Mode.ANONYMOUS)
CROWD = 4000


class Spot(NamedTuple):
    """A place with a name."""

    name: str
    lon: float
    lat: float


@dataclass(slots=True)
class Mind:
    """What one matter's people are like, and what they have done about it so far."""

    rng: Random
    kind: str
    done: str
    verified: bool = False
    looked: bool = False
    returned: bool = False
    progressed: bool = False
    extended: bool = False
    failed: bool = False


@dataclass(slots=True)
class Invented:
    """A report, the account of staff that brings it (none: a resident), and its people's mind."""

    report: Report
    by: UUID | None
    mind: Mind


class Town:
    """The ground, the people and the rules of a loaded city, as an inventor needs them."""

    def __init__(self, tx: Tx) -> None:
        self.known: Rules = rules(tx)
        self.directory: Directory = directory(tx)
        self.crew = Crew(tx)
        self.now = tx.now
        atlas = self.directory.atlas
        self.grids = sorted(atlas.level(Level.GRID), key=lambda grid: grid.code)
        self.spots: dict[UUID, list[Spot]] = defaultdict(list)
        for row in tx.rows(PLACES):
            self.spots[row["area_id"]].append(Spot(row["name"], row["lon"], row["lat"]))
        heavy = float(words()["urban"])
        communities = {area.id: area.kind for area in atlas.level(Level.COMMUNITY)}
        weights = (heavy if communities.get(g.parent_id or g.id) == "community" else 1
                   for g in self.grids)  # fmt: skip
        self._weights = list(accumulate(weights))
        self.people = list(islice(names(len(self.grids)), CROWD))
        self.matters: dict[str, Any] = read(text("matters.yaml"))
        self.kinds = _kinds(self.matters["matters"], self.known)

    def looks_first(self, kind: str) -> bool:
        """Whether somebody goes and looks before what the public tells of it is taken on."""
        return self.known.types.is_verified_first(kind)

    def grid(self, rng: Random) -> Area:
        return self.grids[bisect(self._weights, rng.random() * self._weights[-1])]

    def spot(self, grid: Area, rng: Random) -> Spot:
        """A named place of the grid; without one, a point of it under its community's name."""
        known = self.spots[grid.id]
        if not known:
            point = self.directory.atlas.grounds[grid.id].representative_point()
            known.append(Spot(grid.names[-2] if len(grid.names) > 1 else grid.name,
                              point.x, point.y))  # fmt: skip
        return rng.choice(known)

    def desk_of(self, place: Area) -> UUID:
        """The desk that takes telephone calls of a place."""
        above = self.directory.above(place, Level.TOWNSHIP)
        found = self.directory.nearest("desk", above)
        if found is None:
            raise LookupError(place.code)
        return found.id


def _kinds(matters: dict[str, Any], known: Rules) -> dict[bool, tuple[list[str], list[float]]]:
    """Types with their weights: for workers (True) and for everybody else."""
    said: dict[str, list[float]] = words()["types"]
    kinds = [kind for kind in sorted(matters) if kind in known.types.by_code]
    return {
        worker: (kinds, list(accumulate(said.get(kind, [1, 1])[not worker] for kind in kinds)))
        for worker in (True, False)
    }


def invent(town: Town, at: datetime, rng: Random) -> Invented:
    """One matter of that moment; never one whose words would wake somebody."""
    while True:
        found = invented(town, at, rng)
        if not town.known.matcher(found.report.text):
            return found


def invented(town: Town, at: datetime, rng: Random) -> Invented:
    """One matter, whatever its words may do; the same draws as in ``invent``."""
    channel = _channel(town, at, rng)
    kinds, weights = town.kinds[channel in BY_WORKER]
    kind = kinds[bisect(weights, rng.random() * weights[-1])]
    said = town.matters["matters"][kind]
    grid = town.grid(rng)
    lost = channel not in BY_WORKER and rng.random() < words()["unplaced"]
    spot = None if lost else town.spot(grid, rng)
    filled = {"n": rng.randint(1, 18), "m": rng.randint(2, 4)}
    told = rng.choice(said["texts"]).format(place=spot.name if spot else "家附近", **filled)
    report = Report(
        id=id_at(at, rng),
        text=told + rng.choice(words()["endings"]),
        channel=channel,
        type=kind if channel in BY_WORKER else None,
        reported_at=at,
        source_ref=MADE,
    )
    if spot:
        report.lon, report.lat, report.place_words = spot.lon, spot.lat, spot.name
    if channel not in BY_WORKER:
        report.asker = _asker(town, rng, known=channel != "resident")
        report.wants_code = channel == "resident"
    done = said["done"].format(place="", **filled)
    return Invented(report, _reporter(town, channel, grid, rng), Mind(rng, kind, done))


def _channel(town: Town, at: datetime, rng: Random) -> str:
    """Workers are out by day; who rings at night is a resident."""
    shares: dict[str, float] = words()["channels"]
    hour = at.astimezone(town.known.calendar.days.zone).hour
    worth = [share if 7 <= hour < 20 or code not in BY_WORKER else share * 0.05
             for code, share in shares.items()]  # fmt: skip
    return rng.choices(list(shares), worth)[0]


def _asker(town: Town, rng: Random, *, known: bool) -> AskerWords:
    who = rng.randrange(CROWD)
    mode = Mode.OPEN if known else rng.choices(MODES, (84, 8, 8))[0]
    return AskerWords(town.people[who], f"{ASKERS}{who:04}", mode)


def _reporter(town: Town, channel: str, grid: Area, rng: Random) -> UUID | None:
    if channel not in STAFFED:
        return None
    if channel in BY_WORKER:
        return rng.choice(town.crew.at(grid.id, *FIELD))
    return rng.choice(town.crew.at(town.desk_of(grid), "acceptor"))


def tally(found: Sequence[Invented]) -> dict[str, int]:
    """How many came in by each channel."""
    counted: dict[str, int] = defaultdict(int)
    for one in found:
        counted[one.report.channel] += 1
    return dict(counted)
