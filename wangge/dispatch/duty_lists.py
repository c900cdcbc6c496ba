"""准入 at work: a community is not given the lead of what its duty list does not name."""

from wangge.areas.models import Level
from wangge.dispatch.directory import Directory, Unit
from wangge.tenant.rules import Rules

# A property company or a party branch at a community is not the community.
COMMUNITY_KINDS = ("desk", "department")


def barred(known: Rules, places: Directory, unit: Unit, code: str | None) -> bool:
    """Whether the unit is a community's and the type stands in no list that holds for it."""
    if not known.duties.enforced or unit.kind not in COMMUNITY_KINDS or unit.area_id is None:
        return False
    here = places.atlas.areas.get(unit.area_id)
    if here is None or here.level not in (Level.COMMUNITY, Level.COMMITTEE):
        return False
    areas = [area.code for area in reversed(places.line(here))]
    return not known.duties.may_lead(areas, [kind.code for kind in known.types.line(code)])
