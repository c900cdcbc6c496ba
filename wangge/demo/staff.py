"""Everybody who works in the demo city, with posts, and the cast that may be played by a click."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from wangge.areas.models import AreaDraft, GridKind, Level
from wangge.demo import called_out
from wangge.demo.cast import CAST
from wangge.demo.ground_plan import stable_id
from wangge.demo.invented import mobiles, names
from wangge.demo.units import SERVICES, Unit
from wangge.kernel.db import Tx
from wangge.people import service
from wangge.people.models import AccountDraft, PostDraft

SEED = 6098
BEGUN = date(2025, 1, 1)
SPARE_OF = ("community", 12)  # one more full-time worker where a community has so many grids
DESK_ROLES = {
    Level.CITY: {"acceptor": 3, "dispatcher": 2, "duty_leader": 2},
    Level.COUNTY: {"acceptor": 1, "dispatcher": 1, "duty_leader": 2},
    Level.TOWNSHIP: {"acceptor": 2, "dispatcher": 1, "duty_leader": 1},
    # A station has one who takes in and one who leads and may do everything that a desk does.
    Level.COMMUNITY: {"acceptor": 1, "duty_leader": 1},
    Level.COMMITTEE: {"acceptor": 1, "duty_leader": 1},
}
PUBLIC = {"grid_worker", "professional_worker", "grid_leader", "building_head", "grid_police"}
# 部门力量下沉: what is hosted by a market has an officer of the street's squad.
MARKETS = ("农贸市场专业网格员", "商贸城专业网格员")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


class Manning(NamedTuple):
    """How a demo tenant is staffed: its cast, who is on dedicated grids, how many advisers."""

    cast: Mapping[str, str] = CAST
    # Whether dedicated grids have a full-time worker besides, and big communities a spare one.
    plenty: bool = True
    advisers: int = 0


USUAL = Manning()


class Seat(NamedTuple):
    """A post that somebody is to hold; ``username`` says where, so that it stays the same."""

    username: str
    role: str
    area: AreaDraft | None = None
    unit: Unit | None = None
    title: str = ""
    sent_by: Unit | None = None  # his department, in which he has a post too
    deputy: bool = False


def seats(
    areas: Sequence[AreaDraft], units: Sequence[Unit], manning: Manning = USUAL
) -> Iterator[Seat]:
    """Every post of the city, one person each."""
    below: dict[UUID | None, list[AreaDraft]] = defaultdict(list)
    for area in areas:
        below[area.parent_id].append(area)
    squads = {unit.area.id: unit for unit in units if unit.code.startswith("zf-")}
    township: dict[UUID, UUID | None] = {}
    for area in areas:  # parents come first
        own = area.id if area.level is Level.TOWNSHIP else None
        township[area.id] = own or (township.get(area.parent_id) if area.parent_id else None)
        for seat in _in_the_field(area, below[area.id], manning):
            here = township[area.id]
            sunk = seat.role == "professional_worker" and seat.title.endswith(MARKETS)
            yield seat._replace(sent_by=squads.get(here)) if sunk and here else seat
    for unit in units:
        yield from _in_an_office(unit)
    # Last, so that everybody else keeps his name.
    for area in areas:
        for username, role in called_out.heads(area):
            yield Seat(
                username, role, area, title="党员街巷长" if role == "street_head" else "党员楼栋长"
            )
    for unit in units:
        if unit.kind == "desk" and unit.area.level in (Level.CITY, Level.TOWNSHIP):
            yield Seat(f"caller{unit.area.code}.1", "caller", unit=unit)
    base = (area for area in areas if area.kind == GridKind.BASE)
    for area in islice(base, manning.advisers):
        yield Seat(f"zd{area.code}", "grid_adviser", area)


def _in_the_field(
    area: AreaDraft, children: Sequence[AreaDraft], manning: Manning
) -> Iterator[Seat]:
    code = area.code
    if area.level is Level.GRID:
        if manning.plenty or area.kind != GridKind.DEDICATED:
            yield Seat(f"wg{code}", "grid_worker", area)
        if area.kind == GridKind.DEDICATED:
            host = str(area.attributes.get("host", area.name))
            yield Seat(f"zy{code}", "professional_worker", area, title=f"{host}专业网格员")
    if area.level is Level.COMMUNITY:
        yield Seat(f"wz{code}", "grid_leader", area)
        large = (area.kind, len(children)) >= SPARE_OF and area.kind == SPARE_OF[0]
        if large and manning.plenty:
            yield Seat(f"wg{code}", "grid_worker", area, title="专职网格员(机动)")
    if area.level in (Level.CITY, Level.COUNTY, Level.TOWNSHIP):
        where = "" if area.level is Level.TOWNSHIP else area.name  # the doors name the township
        yield Seat(f"dc{code}", "supervisor", area, title=f"{where}督查员")
        yield Seat(f"ld{code}", "leader", area, title=f"{where}分管领导")
    if area.level is Level.TOWNSHIP:
        yield Seat(f"gj{code}", "grid_police", area)
    if area.level is Level.CITY:
        yield from (Seat(role.replace("_", "."), role, area) for role in ADMINISTRATORS)


def _in_an_office(unit: Unit) -> Iterator[Seat]:
    match unit.kind:
        case "desk":
            for role, wanted in DESK_ROLES[unit.area.level].items():
                for number in range(1, wanted + 1):
                    second = role == "duty_leader" and number > 1  # 副值班长
                    yield Seat(
                        f"{role.replace('_', '')}{unit.area.code}.{number}",
                        role,
                        unit=unit,
                        title="副值班长" if second else "",
                        deputy=second,
                    )
        case "property":
            yield Seat(f"{unit.code}.1", "property_manager", unit=unit)
            yield Seat(f"{unit.code}.2", "handler", unit=unit, title="物业维修")
        case _:
            service_of_township = unit.code.split("-")[0] in SERVICES
            if not service_of_township:
                yield Seat(f"{unit.code}.0", "department_manager", unit=unit)
            yield Seat(f"{unit.code}.1", "handler", unit=unit)
            yield Seat(f"{unit.code}.2", "handler", unit=unit)


def drafts(
    areas: Sequence[AreaDraft], units: Sequence[Unit], manning: Manning = USUAL
) -> list[AccountDraft]:
    """Accounts without passwords; ``profile.demo`` marks the cast."""
    order = {username: number for number, username in enumerate(manning.cast, start=1)}
    people = zip(seats(areas, units, manning), names(SEED), mobiles(), strict=False)
    return [
        AccountDraft(
            id=stable_id("account", seat.username),
            username=seat.username,
            name=name,
            phone=phone,
            posts=tuple(_posts(seat)),
            profile={"demo": {"group": manning.cast[seat.username], "order": order[seat.username]}}
            if seat.username in manning.cast
            else {},
        )
        for seat, name, phone in people
    ]


def _posts(seat: Seat) -> Iterator[PostDraft]:
    if seat.sent_by:
        yield PostDraft(
            id=stable_id("post", f"{seat.username}.unit"),
            role="handler",
            unit_id=seat.sent_by.id,
            title=f"{seat.sent_by.short_name}驻格队员",
            begins=BEGUN,
        )
    if seat.role == "grid_leader" and seat.area:  # 书记兼任网格长
        yield PostDraft(
            id=stable_id("post", f"{seat.username}.secretary"),
            role="secretary",
            area_id=seat.area.id,
            begins=BEGUN,
        )
    yield PostDraft(
        id=stable_id("post", seat.username),
        role=seat.role,
        area_id=seat.area.id if seat.area else None,
        unit_id=seat.unit.id if seat.unit else None,
        title=seat.title,
        public=seat.role in PUBLIC,
        begins=BEGUN,
        deputy=seat.deputy,
    )


def hire(
    tx: Tx, areas: Sequence[AreaDraft], units: Sequence[Unit], manning: Manning = USUAL
) -> int:
    """Write everybody at once; returns how many."""
    return len(service.create_accounts(tx, drafts(areas, units, manning), actor=None))
