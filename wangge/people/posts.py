"""The rules of posts: where a role may be held, until when, by whom it may be given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound
from wangge.people.models import Actor, Intervals, PostDraft, intervals
from wangge.people.roles import ROLES, Held

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
AREAS = (
    "select id, pos, span::text as span from areas where id = any(%s)"
    " and (active_to is null or active_to > city_today())"
)
UNITS = """
select o.id, o.kind, o.area_id, a.pos, a.span::text as span
from organisations o left join areas a on a.id = o.area_id where o.id = any(%s) and o.active
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """An area or an organisation's area: its own position and all below."""

    pos: int | None
    span: Intervals
    area_id: UUID | None = None
    kind: str = ""

    def holds(self, pos: int | None) -> bool:
        return pos is not None and any(low <= pos < high for low, high in self.span)


@dataclass(frozen=True, slots=True)
class Places:
    """The areas and organisations that a batch of posts names, read once."""

    today: date
    areas: dict[UUID, Ground]
    units: dict[UUID, Ground]


def today(tx: Tx) -> date:
    row = tx.one("select city_today() as day")
    if row is None:
        raise RuntimeError
    day: date = row["day"]
    return day


def places(tx: Tx, drafts: Iterable[PostDraft]) -> Places:
    drafts = list(drafts)
    units = {
        row["id"]: Ground(row["pos"], intervals(row["span"]), row["area_id"], row["kind"])
        for row in tx.rows(UNITS, [[draft.unit_id for draft in drafts if draft.unit_id]])
    }
    wanted = {draft.area_id for draft in drafts if draft.area_id}
    wanted |= {unit.area_id for unit in units.values() if unit.area_id}
    areas = {
        row["id"]: Ground(row["pos"], intervals(row["span"]), row["id"])
        for row in tx.rows(AREAS, [list(wanted)])
    }
    return Places(today(tx), areas, units)


def settled(draft: PostDraft, known: Places, *, actor: Actor | None) -> PostDraft:
    """Complete a draft and refuse what may not be; ``actor`` is None for the system itself."""
    found = ROLES.get(draft.role)
    if found is None:
        raise _bad("role", "bad_role", f"没有此岗位：{draft.role}", f"no such role: {draft.role}")
    area = _area(draft, known)
    unit = _unit(draft, known, found.kinds) if found.held is not Held.AREA else None
    if found.held is Held.AREA and (area is None or draft.unit_id):
        raise _bad("area_id", "post_needs_area", f"{found.zh}须在区域任职", f"{found.en}: an area")
    if found.held is Held.UNIT and area:
        raise _bad("area_id", "post_without_area", f"{found.zh}只在单位任职", f"{found.en}: a unit")
    if found.held is Held.DESK and unit:
        if area and not unit.holds(area.pos):
            raise _bad(
                "area_id", "outside_desk", "区域不在该中心辖区内", "the area is not that desk's"
            )
        area = area or known.areas.get(unit.area_id) if unit.area_id else area
    ground = unit if found.held is Held.UNIT else area
    if actor:
        actor.must_at("people.edit", pos=ground.pos if ground else None)
    begins = draft.begins or known.today
    if draft.ends and draft.ends < begins:
        raise _bad("ends", "ends_before_it_begins", "止日早于起日", "it ends before it begins")
    title = draft.title or (f"{found.zh}（副职）" if draft.deputy else "")
    return replace(draft, area_id=area.area_id if area else None, begins=begins, title=title)


def _area(draft: PostDraft, known: Places) -> Ground | None:
    if draft.area_id is None:
        return None
    if draft.area_id not in known.areas:
        raise NotFound("no_such_area", "没有此区域", "no such area", field="area_id")
    return known.areas[draft.area_id]


def _unit(draft: PostDraft, known: Places, kinds: Sequence[str]) -> Ground:
    unit = known.units.get(draft.unit_id) if draft.unit_id else None
    if unit is None or unit.kind not in kinds:
        zh = ROLES[draft.role].zh
        raise _bad(
            "unit_id", "post_needs_unit", f"{zh}须在相应单位任职", "a unit of the right kind"
        )
    return unit


def keep_apart(roles: Iterable[str]) -> None:
    """Refuse an administrator who is anything else besides: the three check each other (三员)."""
    held = set(roles)
    if held & ADMINISTRATORS and len(held) > 1:
        raise NotAllowed(
            "administrators_apart",
            "系统、安全、审计管理员必须由不同的人担任，且不得兼任业务岗位",
            "system, security and audit administrators are three people without any other post",
        )


def _bad(name: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(code, zh, en, field=name)
