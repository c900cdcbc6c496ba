"""Who serves here (公示): the people of an area with duty and phone, as the law has them posted.

Binzhou's regulation on grid services, article 6, asks for the grid's name and area, the grid
worker's name and phone, and a phone for complaints. Everything is read anew for every answer, so
that whoever leaves is gone with the next one.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import shapely

from wangge.estates import service as estates
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.papers import models as papers
from wangge.papers.pdf import serve_poster
from wangge.papers.qr import qr_svg
from wangge.people.posts import today
from wangge.people.roles import ROLES
from wangge.settings import settings
from wangge.tenant.service import rules

# A post's own kind comes before its role: a party member may hold any role in a grid.
KINDS: dict[str, tuple[str, str]] = {
    name: (role.zh, role.en) for name, role in ROLES.items() if "admin" not in name
} | {
    "party_member": ("入网党员", "party member in the grid"),
    "volunteer": ("志愿者", "volunteer"),
    "property": ("物业服务", "property service"),
    "team": ("服务团队", "service team"),
}
OTHERS = ("其他服务人员", "others who serve here")
ORDER = [
    "secretary",
    "grid_leader",
    "grid_adviser",
    "grid_worker",
    "professional_worker",
    "part_time_worker",
    "liaison",
    "grid_police",
    "party_member",
    "building_head",
    "grid_assistant",
    "volunteer",
    "community_clerk",
    "property",
    "property_manager",
    "team",
]
# An old code leads to the area that took it over; a closed area to the nearest one above it.
RESOLVE = """
with named as (
    select path, active_to is null or active_to > city_today() as stands from areas
    where code = %(code)s or attributes -> 'former_codes' ? %(code)s
    order by stands desc, code = %(code)s desc limit 1)
select a.id, a.code, a.name, a.level, a.names, a.path::text as path from areas a, named
where a.path @> named.path and (a.active_to is null or a.active_to > city_today())
order by nlevel(a.path) desc limit 1
"""
# Whoever serves these serves what is inside them too; a county's notice names its own people only.
CLOSE = ["community", "committee", "natural_village", "estate", "grid", "micro_grid"]
PEOPLE = """
with near as (
    select id, path, short_name from areas
    where path = %(path)s::ltree
        or (%(close)s and (path <@ %(path)s::ltree
            or (path @> %(path)s::ltree and level = any(%(levels)s)))))
select distinct c.name, c.phone, p.role, p.kind, p.title, n.path::text as path,
    n.short_name as place
from near n join lateral (
    select * from posts where area_id = n.id and public and valid @> %(today)s::date
    union all
    select p.* from organisations o join posts p on p.unit_id = o.id and p.area_id is null
    where o.area_id = n.id and p.public and p.valid @> %(today)s::date) p on true
join accounts c on c.id = p.account_id and c.active
"""
UP = """
select code, short_name as name, level from areas
where path @> %s::ltree and path <> %s::ltree order by nlevel(path)
"""
DESK = """
select o.short_name as name, o.phone from organisations o join areas a on a.id = o.area_id
where o.kind = 'desk' and o.active and o.phone <> '' and a.path @> %s::ltree
order by nlevel(a.path) desc limit 1
"""
BORDER = "select wkb from area_borders where area_id = %s and valid @> city_today()"


@dataclass(frozen=True, slots=True)
class Here:
    """An area with those who serve it, in the order of the notice."""

    id: UUID
    code: str
    name: str
    level: str
    names: list[str]
    people: list[dict[str, Any]] = field(default_factory=list)
    up: list[dict[str, Any]] = field(default_factory=list)
    desk: dict[str, Any] | None = None
    hotline: str = ""
    supervision_phone: str = ""
    notices: list[dict[str, Any]] = field(default_factory=list)


def here(tx: Tx, code: str) -> Here:
    """Read the notice of an area by its code of today or any it ever had."""
    area = tx.one(RESOLVE, {"code": code})
    if area is None:
        raise NotFound("no_such_area", "没有这个区域", "there is no such area")
    close = area["level"] in CLOSE
    values = {"path": area["path"], "levels": CLOSE, "close": close, "today": today(tx)}
    rows = tx.rows(PEOPLE, values)
    brand = rules(tx).brand
    desk = tx.one(DESK, [area["path"]])
    return Here(
        area["id"],
        area["code"],
        area["name"],
        area["level"],
        area["names"],
        [_person(row) for row in sorted(rows, key=_place_in_line)],
        tx.rows(UP, [area["path"], area["path"]]),
        desk,
        brand.hotline,
        brand.supervision_phone or (desk["phone"] if desk else "") or brand.hotline,
        estates.shown(tx, area["id"], inside=close),
    )


def _kind(row: dict[str, Any]) -> str:
    return str(row["kind"] if row["kind"] in KINDS else row["role"])


def _place_in_line(row: dict[str, Any]) -> tuple[int, str, str, str]:
    kind = _kind(row)
    rank = ORDER.index(kind) if kind in ORDER else len(ORDER)
    return rank, row["path"], row["name"], row["title"]


def _person(row: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(row)
    zh, en = KINDS.get(kind, OTHERS)
    return {
        "name": row["name"],
        "title": row["title"] or zh,
        "kind": kind,
        "kind_name": {"zh": zh, "en": en},
        "place": row["place"],
        "phone": row["phone"] or None,
        "photo": None,
    }


def address(tx: Tx, code: str) -> str:
    """Return what the QR code holds: the residents' page with the grid already chosen."""
    return f"{settings().public_url.format(tenant=tx.cell.tenant)}/r?g={code}"


def qr(tx: Tx, code: str) -> str:
    return qr_svg(address(tx, here(tx, code).code))


def poster(tx: Tx, code: str, *, paper: str = "a3") -> bytes:
    """Print the notice as PDF, with the day's people and a sketch of the area."""
    found = here(tx, code)
    brand = rules(tx).brand
    groups: dict[str, list[papers.Server]] = {}
    for person in found.people:
        duty = f"{person['title']} · {person['place']}"
        line = papers.Server(person["name"], duty, person["phone"] or "—")
        groups.setdefault(person["kind"], []).append(line)
    border = tx.one(BORDER, [found.id])
    return serve_poster(
        papers.ServePoster(
            brand=brand.name.zh,
            slogan=brand.slogan.zh if brand.slogan else "",
            area=found.name,
            path=found.names,
            groups=[
                papers.Group(papers.Word(*KINDS.get(kind, OTHERS)), line)
                for kind, line in groups.items()
            ],
            hotline=found.hotline,
            supervision_phone=found.supervision_phone,
            url=address(tx, found.code),
            made_on=today(tx),
            colour=brand.colour,
            border=_rings(border["wkb"]) if border else (),
            paper=paper,
        )
    )


def _rings(wkb: bytes) -> list[list[tuple[float, float]]]:
    ground = shapely.from_wkb(bytes(wkb))
    parts = getattr(ground, "geoms", [ground])
    return [[(x, y) for x, y, *_ in part.exterior.coords] for part in parts]
