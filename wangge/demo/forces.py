"""Party organisations and service teams of the demo city: all invented, on real divisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from wangge.areas.models import AreaDraft, Level
from wangge.demo import called_out
from wangge.demo.ground_plan import stable_id
from wangge.demo.units import Unit
from wangge.kernel.db import Tx
from wangge.teams import party, service
from wangge.teams.models import Kind, PartyDraft, Seat, TeamDraft

BEGUN = date(2025, 1, 1)
GROUP_EVERY = 3  # of a community's grids, every third has a building group


def raise_up(tx: Tx, areas: Sequence[AreaDraft], units: Sequence[Unit]) -> tuple[int, int]:
    """Write them for the whole city; returns how many organisations and how many teams."""
    grids: dict[UUID | None, list[AreaDraft]] = defaultdict(list)
    for area in areas:
        if area.level is Level.GRID:
            grids[area.parent_id].append(area)
    codes = {area.id: area.code for area in areas}
    organisations = [one for area in areas for one in _party(area, codes, grids[area.id])]
    squads = {unit.area.id: unit for unit in units if unit.code.startswith("zf-")}
    communities = [area for area in areas if area.level is Level.COMMUNITY]
    teams = [
        _team(area, grids[area.id], squads.get(area.parent_id) if area.parent_id else None)
        for area in communities
    ]
    written = party.load(tx, organisations, actor=None), service.load(tx, teams, actor=None)
    secretaries = [
        (stable_id("party", area.code), stable_id("account", f"wz{area.code}"))
        for area in communities
    ]
    party.lead(tx, secretaries, begins=BEGUN)
    return written


def _party(
    area: AreaDraft, codes: Mapping[UUID, str], grids: Sequence[AreaDraft]
) -> Iterator[PartyDraft]:
    above = stable_id("party", codes[area.parent_id]) if area.parent_id else None
    own = stable_id("party", area.code)
    if area.level is Level.TOWNSHIP:
        words = "工作委员会" if area.kind == "subdistrict" else "委员会"
        yield _one(area, Kind.COMMITTEE, f"中共{area.name}{words}", area.code)
    elif area.level is Level.COMMUNITY and area.kind != "community":
        yield _one(area, Kind.BRANCH, f"{area.name}党支部", area.code, above, grids)
    elif area.level is Level.COMMUNITY:
        yield _one(area, Kind.COMMITTEE, f"{area.name}党委", area.code, above)
        for number, grid in enumerate(grids):
            name = f"{area.name}{grid.short_name}"
            yield _one(area, Kind.BRANCH, f"{name}党支部", grid.code, own, [grid])
            if number % GROUP_EVERY == 0:
                branch = stable_id("party", grid.code)
                yield _one(area, Kind.GROUP, f"{name}楼栋党小组", f"{grid.code}.1", branch, [grid])


def _one(
    area: AreaDraft,
    kind: Kind,
    name: str,
    code: str,
    above: UUID | None = None,
    grids: Sequence[AreaDraft] = (),
) -> PartyDraft:
    ground = tuple(grid.id for grid in grids)
    key = stable_id("party", code)
    return PartyDraft(key, f"party-{code}", name, kind, area.id, BEGUN, above, ground)


def _team(area: AreaDraft, grids: Sequence[AreaDraft], squad: Unit | None) -> TeamDraft:
    key, ground = stable_id("team", area.code), tuple(grid.id for grid in grids)
    seats: tuple[Seat, ...] = (
        (Seat(stable_id("seat", area.code), "enforcement", unit_id=squad.id, begins=BEGUN),)
        if squad
        else ()
    )
    seats += tuple(
        Seat(stable_id("seat", who), "others", kind="member", begins=BEGUN,
             account_id=called_out.account_of(who))
        for here in (area, *grids) for who, _ in called_out.heads(here)
    )  # fmt: skip
    name = f"{area.name}网格服务团队"
    return TeamDraft(key, f"team-{area.code}", name, area.id, BEGUN, ground, seats)
