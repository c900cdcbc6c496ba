"""What each role is called, where its posts are held, and what they allow.

Three administrators keep each other in check (三员): the system administrator writes accounts and
rules, the security administrator locks and resets, the audit administrator reads the log; none of
them reads cases.
"""

from enum import StrEnum
from typing import NamedTuple


class Held(StrEnum):
    """Where a post of the role is held, which is also what its rights reach."""

    AREA = "area"
    DESK = "desk"
    UNIT = "unit"


class Role(NamedTuple):
    """A role of the city; ``kinds`` are the kinds of organisation that a unit's post may be in."""

    zh: str
    en: str
    held: Held
    grants: frozenset[str]
    kinds: tuple[str, ...] = ()


def _grants(names: str) -> frozenset[str]:
    return frozenset(names.split())


FIELD = _grants(
    "case.read case.report case.verify case.check whistle.blow people.read"
    " home.read home.edit home.contact field.work"
)
HELPER = _grants("case.report")
DESK = _grants("case.read case.report case.asker people.read study.type")
ACCEPTOR = DESK | _grants(
    "case.accept case.register case.close case.correct case.ladder whistle.blow file.release"
    " mailbox.run mailbox.post group.run company.approve notice.post incident.read"
    " service.read"
)
DISPATCHER = DESK | _grants(
    "case.dispatch case.recall case.correct case.ladder case.supervise whistle.blow mailbox.run"
    " case.question incident.read video.view"
)
UNIT = _grants("case.read case.report case.handle people.read")

ROLES: dict[str, Role] = {
    "grid_leader": Role(
        "网格长", "grid leader", Held.AREA, FIELD | {"case.entrust", "field.plan", "group.run"}
    ),
    "secretary": Role(
        "社区（村）党组织书记",
        "responsible secretary",
        Held.AREA,
        _grants("case.read case.report case.verify case.check case.entrust")
        | _grants("whistle.blow people.read group.run company.approve notice.post service.read"),
    ),
    "grid_adviser": Role("网格指导员", "grid adviser", Held.AREA, HELPER),
    "grid_worker": Role("专职网格员", "full-time grid worker", Held.AREA, FIELD),
    "professional_worker": Role("专业网格员", "professional grid worker", Held.AREA, FIELD),
    "part_time_worker": Role("兼职网格员", "part-time grid worker", Held.AREA, HELPER),
    "liaison": Role("民情联络员", "residents' liaison", Held.AREA, HELPER),
    "grid_police": Role("格警", "grid police officer", Held.AREA, HELPER),
    "building_head": Role("楼栋长", "building head", Held.AREA, HELPER),
    "street_head": Role("街巷长", "street head", Held.AREA, HELPER),
    "grid_assistant": Role("网格协管员", "grid assistant", Held.AREA, HELPER),
    "unit_worker": Role(
        "单元网格员", "building-unit worker", Held.AREA, HELPER | {"home.read", "field.work"}
    ),
    "volunteer": Role("走访志愿者", "visiting volunteer", Held.AREA, HELPER | {"field.work"}),
    "community_clerk": Role(
        "社区工作者", "community clerk", Held.DESK, HELPER | {"people.read"}, ("desk",)
    ),
    "acceptor": Role("受理员", "acceptor", Held.DESK, ACCEPTOR, ("desk",)),
    "dispatcher": Role("派单员", "dispatcher", Held.DESK, DISPATCHER, ("desk",)),
    "duty_leader": Role(
        "值班长",
        "duty leader",
        Held.DESK,
        ACCEPTOR
        | DISPATCHER
        | _grants("case.verify case.check case.decide case.void case.import case.callback")
        | _grants("roster.edit whistle.rule case.entrust field.plan study.run incident.run"),
        ("desk",),
    ),
    "caller": Role(
        "回访员",
        "caller who calls back",
        Held.DESK,
        DESK | {"case.callback", "case.question"},
        ("desk",),
    ),
    "data_source": Role(
        "接入账号", "account of a system or device", Held.AREA, _grants("case.import")
    ),
    "handler": Role("办理人员", "handler", Held.UNIT, UNIT, ("department", "property", "party")),
    "department_manager": Role(
        "部门负责人",
        "department manager",
        Held.UNIT,
        UNIT | _grants("case.asker roster.edit case.entrust video.register"),
        ("department", "party"),
    ),
    "property_manager": Role(
        "物业负责人",
        "property manager",
        Held.UNIT,
        UNIT | {"case.entrust", "company.run", "video.register"},
        ("property",),
    ),
    "supervisor": Role(
        "督查员",
        "supervisor",
        Held.AREA,
        _grants("case.read case.report case.check case.supervise people.read field.plan")
        | {"video.register"},
    ),
    "leader": Role(
        "领导",
        "leader",
        Held.AREA,
        _grants("case.read case.supervise case.list_openly people.read field.plan video.register")
        | _grants("study.run study.type incident.read incident.run"),
    ),
    "system_admin": Role(
        "系统管理员",
        "system administrator",
        Held.AREA,
        _grants("people.read people.edit roster.edit rules.edit area.edit feedback.answer")
        | {"video.edit"},
    ),
    "security_admin": Role(
        "安全管理员", "security administrator", Held.AREA, _grants("people.read people.secure")
    ),
    "audit_admin": Role("审计管理员", "audit administrator", Held.AREA, _grants("audit.read")),
}
NOBODY = Role("", "", Held.AREA, frozenset())


def role(name: str) -> Role:
    """Look a role up; one that this version does not know allows nothing."""
    return ROLES.get(name, NOBODY)
