"""Party organisations and service teams of the sample towns, in the numbers that are told of them.

Who sits in a team without an account has an invented name; kinds and counts are the town's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import NamedTuple
from uuid import UUID

from wangge.areas.models import AreaDraft, Level
from wangge.demo.forces import BEGUN
from wangge.demo.ground_names import numeral
from wangge.demo.ground_plan import stable_id
from wangge.demo.invented import names
from wangge.demo.sample_ground import shares
from wangge.demo.units import Unit
from wangge.kernel.db import Tx
from wangge.teams import party, service
from wangge.teams.models import Kind, PartyDraft, Seat, TeamDraft

SEED = 423


class Band(NamedTuple):
    """Grids of one community that one team serves."""

    code: str
    name: str
    community: AreaDraft
    grids: tuple[AreaDraft, ...]


class Members(NamedTuple):
    """So many people of a kind, spread over the teams in turn; ``slot`` is where they sit."""

    slot: str
    kind: str
    people: int


class Order(NamedTuple):
    """How a town composes its teams and the party stands in it."""

    bands: Callable[[Mapping[UUID, list[AreaDraft]], Mapping[UUID, AreaDraft]], Iterator[Band]]
    members: Sequence[Members] = ()
    branches: bool = True  # each band has a branch of its own
    groups: int = 0  # so many of the branches have a building group
    squads: bool = True  # the township's enforcement squad sits in every team


def in_number(
    total: int,
) -> Callable[[Mapping[UUID, list[AreaDraft]], Mapping[UUID, AreaDraft]], Iterator[Band]]:
    """So many bands in all: each community has one, the larger ones several."""

    def bands(
        grids: Mapping[UUID, list[AreaDraft]], areas: Mapping[UUID, AreaDraft]
    ) -> Iterator[Band]:
        parts = shares(total, [len(held) for held in grids.values()], least=1)
        for (key, held), count in zip(grids.items(), parts, strict=True):
            community, taken = areas[key], 0
            for n, size in enumerate(shares(len(held), [1.0] * count), start=1):
                name = f"{community.name}第{numeral(n)}片" if count > 1 else community.name
                band = tuple(held[taken : taken + size])
                taken += size
                yield Band(f"{community.code}.{n}", name, community, band)

    return bands


def by_parent(
    grids: Mapping[UUID, list[AreaDraft]], areas: Mapping[UUID, AreaDraft]
) -> Iterator[Band]:
    """A band for the grids of each residents' committee."""
    for key, held in grids.items():
        parts: dict[UUID | None, list[AreaDraft]] = defaultdict(list)
        for grid in held:
            parts[grid.parent_id].append(grid)
        for parent, band in parts.items():
            above = areas[parent] if parent else areas[key]
            yield Band(above.code, above.name, areas[key], tuple(band))


def by_grid(
    grids: Mapping[UUID, list[AreaDraft]], areas: Mapping[UUID, AreaDraft]
) -> Iterator[Band]:
    """Every grid has a team of its own."""
    for key, held in grids.items():
        for grid in held:
            yield Band(grid.code, grid.name, areas[key], (grid,))


def raise_up(
    tx: Tx, areas: Sequence[AreaDraft], units: Sequence[Unit], order: Order
) -> tuple[int, int]:
    """Write both for the whole town; returns how many organisations and how many teams."""
    organisations, teams = plan(areas, units, order)
    written = party.load(tx, organisations, actor=None), service.load(tx, teams, actor=None)
    party.lead(
        tx,
        [
            (stable_id("party", area.code), stable_id("account", f"wz{area.code}"))
            for area in areas
            if area.level is Level.COMMUNITY
        ],
        begins=BEGUN,
    )
    return written


def plan(
    areas: Sequence[AreaDraft], units: Sequence[Unit], order: Order
) -> tuple[list[PartyDraft], list[TeamDraft]]:
    """The party's tree and the teams of a town, with whoever is listed in them by name."""
    known = {area.id: area for area in areas}
    bands = list(order.bands(_grids(areas, known), known))
    squads = {unit.area.id: unit for unit in units if unit.code.startswith("zf-")}
    seats = _seats(order, len(bands))
    teams = [
        _team(band, seats[n], squads.get(band.community.parent_id or band.community.id))
        if order.squads
        else _team(band, seats[n], None)
        for n, band in enumerate(bands)
    ]
    return [*_tree(areas, bands, order)], teams


def _grids(
    areas: Sequence[AreaDraft], known: Mapping[UUID, AreaDraft]
) -> dict[UUID, list[AreaDraft]]:
    """Grids by the community that they lie in, at whatever depth."""
    found: dict[UUID, list[AreaDraft]] = defaultdict(list)
    for grid in areas:
        if grid.level is Level.GRID:
            above = grid
            while above.level is not Level.COMMUNITY and above.parent_id:
                above = known[above.parent_id]
            found[above.id].append(grid)
    return found


def _tree(areas: Sequence[AreaDraft], bands: Sequence[Band], order: Order) -> Iterator[PartyDraft]:
    codes = {area.id: area.code for area in areas}
    held: dict[UUID, list[AreaDraft]] = defaultdict(list)
    for band in bands:
        held[band.community.id] += band.grids
    for area in areas:
        if area.level is Level.TOWNSHIP:
            words = "工作委员会" if area.kind == "subdistrict" else "委员会"
            yield _one(area, Kind.COMMITTEE, f"中共{area.name}{words}", area.code)
        elif area.level is Level.COMMUNITY:
            above = stable_id("party", codes[area.parent_id]) if area.parent_id else None
            if not order.branches:
                kind, name, grids = Kind.BRANCH, f"{area.name}党支部", held[area.id]
            elif area.kind == "village":
                kind, name, grids = Kind.GENERAL_BRANCH, f"{area.name}党总支", []
            else:
                kind, name, grids = Kind.COMMITTEE, f"{area.name}党委", []
            yield _one(area, kind, name, area.code, above, grids)
    for n, band in enumerate(bands if order.branches else ()):
        own, above = stable_id("party", f"{band.code}#"), stable_id("party", band.community.code)
        name = f"{band.name}网格党支部"
        yield _one(band.community, Kind.BRANCH, name, f"{band.code}#", above, band.grids)
        if n < order.groups:
            name = f"{band.name}楼栋党小组"
            yield _one(band.community, Kind.GROUP, name, f"{band.code}#1", own, band.grids[:1])


def _one(
    area: AreaDraft, kind: Kind, name: str, code: str,
    above: UUID | None = None, grids: Sequence[AreaDraft] = (),
) -> PartyDraft:  # fmt: skip
    ground = tuple(grid.id for grid in grids)
    written = f"party-{code.replace('#', '-')}"
    return PartyDraft(stable_id("party", code), written, name, kind, area.id, BEGUN, above, ground)


def _seats(order: Order, teams: int) -> list[list[Seat]]:
    """Those listed by name, dealt out to the teams in turn."""
    found: list[list[Seat]] = [[] for _ in range(teams)]
    people = names(SEED)
    for row in order.members:
        for n, team in enumerate(islice(cycle(range(teams)), row.people)):
            key = stable_id("seat", row.kind, row.slot, str(n))
            found[team].append(Seat(key, row.slot, row.kind, name=next(people), begins=BEGUN))
    return found


def _team(band: Band, listed: Sequence[Seat], squad: Unit | None) -> TeamDraft:
    seats = list(listed)
    if squad:
        key = stable_id("seat", band.code)
        seats.append(Seat(key, "enforcement", unit_id=squad.id, begins=BEGUN))
    ground = tuple(grid.id for grid in band.grids)
    name = f"{band.name}网格服务团队" if not band.name.endswith("网格") else f"{band.name}服务团队"
    return TeamDraft(
        stable_id("team", band.code), f"team-{band.code}", name, band.community.id, BEGUN, ground,
        tuple(seats),
    )  # fmt: skip
