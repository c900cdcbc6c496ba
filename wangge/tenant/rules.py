"""All rule documents of a city in one typed bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, cast
from uuid import UUID

from wangge.tenant.alerts import Alerts
from wangge.tenant.basemap import Basemap
from wangge.tenant.brand import Brand
from wangge.tenant.calendar import Calendar
from wangge.tenant.case_types import Types
from wangge.tenant.deadline import Deadline, deadline
from wangge.tenant.documents import default
from wangge.tenant.duties import Duties
from wangge.tenant.emergency import Words
from wangge.tenant.limits import Limit
from wangge.tenant.lists import Lists
from wangge.tenant.models import Part
from wangge.tenant.plans import Plans
from wangge.tenant.quiet import Quiet
from wangge.tenant.routing import Routes
from wangge.tenant.step_names import StepNames
from wangge.tenant.suggest import Suggester
from wangge.tenant.supervision import Supervision
from wangge.tenant.switches import Switches
from wangge.tenant.teams import Teams
from wangge.tenant.video import Video
from wangge.tenant.visits import Visits
from wangge.tenant.words import Matcher

DOCUMENTS: dict[str, type[Part]] = {
    "brand": Brand,
    "switches": Switches,
    "calendar": Calendar,
    "lists": Lists,
    "types": Types,
    "routes": Routes,
    "duties": Duties,
    "words": Words,
    "workflow": StepNames,
    "supervision": Supervision,
    "teams": Teams,
    "quiet": Quiet,
    "visits": Visits,
    "video": Video,
    "basemap": Basemap,
    "plans": Plans,
    "alerts": Alerts,
}
TITLES = {
    "brand": ("品牌：名称、颜色、标志、热线", "Brand: name, colours, logo, hotline"),
    "switches": ("开关：哪些步骤自动进行", "Switches: which steps run by themselves"),
    "calendar": ("工作日历：作息、放假、调休", "Working calendar: hours, holidays, made-up days"),
    "lists": ("选项：来源、性质、等级、理由、评价", "Lists: channels, kinds, levels, reasons"),
    "types": ("事项类型：立案条件、时限、结案条件", "Case types: conditions, limits, closing"),
    "routes": ("派单目录：什么事、哪里、谁办", "Dispatch directory: what, where, who"),
    "duties": ("准入：社区（村）可以牵头的事项", "Duty list: what a community may lead"),
    "words": ("紧急词：听到就要有人管", "Emergency words: somebody must wake up"),
    "workflow": ("流程：状态和步骤的名称、岗位、要求", "Workflow: names, roles and needs of steps"),
    "supervision": (
        "督办：催办、督办单、逐级上报、无动静",
        "Supervision: urging, notices, the ladder, silence",
    ),
    "teams": ("网格团队：名额与成员类别", "Grid teams: slots and kinds of member"),
    "quiet": (
        "静默时段和每日汇总：夜里哪些消息先不发",
        "Quiet hours and daily digests: which messages wait",
    ),
    "visits": (
        "走访：按类别多久一次、多久没去算空白、要不要定数",
        "Visits: how often by kind, when a gap is one, whether there is a quota",
    ),
    "video": (
        "视频点位：截图可以从哪些主机取、多久、多大",
        "Video sites: hosts that snapshots come from, how long, how large",
    ),
    "basemap": (
        "底图：网格下面垫什么图（不垫、自有文件、天地图）",
        "Base map: what lies beneath the grids (nothing, an own file, Tianditu)",
    ),
    "alerts": (
        "预警：什么情况提前提醒、谁来看、多久看",
        "Alerts: what warns early, who answers, how soon",
    ),
    "plans": (
        "应急预案：突发事件种类、按级别的处置清单",
        "Contingency plans: kinds of incident, checklists by level",
    ),
}


@dataclass(frozen=True)
class Rules:
    """``versions`` names the version of each document; 0 is the default of the product.

    ``own_hours`` names, for each organisation below one, the code that has a calendar of its own.
    """

    brand: Brand
    switches: Switches
    calendar: Calendar
    lists: Lists
    types: Types
    routes: Routes
    duties: Duties
    words: Words
    workflow: StepNames
    supervision: Supervision
    teams: Teams
    quiet: Quiet
    visits: Visits
    video: Video
    basemap: Basemap
    plans: Plans
    alerts: Alerts
    versions: Mapping[str, int] = field(default_factory=dict)
    own_hours: Mapping[UUID, str] = field(default_factory=dict)

    @cached_property
    def matcher(self) -> Matcher:
        """Call with a text to hear its emergency words."""
        return _usual_matcher() if self.words is comes_with("words") else Matcher(self.words)

    @cached_property
    def suggester(self) -> Suggester:
        """Call with a text for the types it may be about, best first."""
        return _usual_suggester() if self.types is comes_with("types") else Suggester(self.types)

    def calendar_of(self, organisation: UUID | None) -> Calendar:
        """Its own, or that of the organisation above it that has one, or the city's."""
        code = self.own_hours.get(organisation) if organisation else None
        return self.calendar.of(code) if code else self.calendar

    def deadline(self, start: datetime, limit: Limit) -> Deadline:
        return deadline(self.calendar, start, limit)

    def document(self, name: str) -> Part:
        found = getattr(self, name)
        assert isinstance(found, Part)  # noqa: S101 - DOCUMENTS and the fields above agree
        return found


def parsed(name: str, body: Any) -> Part:
    """Validate a document's body; raises pydantic's ``ValidationError``."""
    return DOCUMENTS[name].model_validate(body)


@cache
def comes_with(name: str) -> Part:
    """Return the document as it comes with the product."""
    return parsed(name, default(name))


@cache
def _usual_matcher() -> Matcher:
    """Of the words that come with the product: worked out once for all tenants."""
    return Matcher(cast("Words", comes_with("words")))


@cache
def _usual_suggester() -> Suggester:
    return Suggester(cast("Types", comes_with("types")))


def bundle(
    bodies: Mapping[str, Any],
    versions: Mapping[str, int],
    own_hours: Mapping[UUID, str] | None = None,
) -> Rules:
    """Put documents together; those not given are the defaults of the product."""
    parts: dict[str, Any] = {
        name: parsed(name, bodies[name]) if name in bodies else comes_with(name)
        for name in DOCUMENTS
    }
    return Rules(**parts, versions=dict(versions), own_hours=own_hours or {})
