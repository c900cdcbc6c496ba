"""What a company or a desk tells the residents, and which of a company's people the page names.

A company's notice is its writer's until it is handed in; then, where the city has it approved, it
is the community's, and whoever decides cannot be the company. A desk answers for its area's page
itself: what it writes is public at once. On the day after its last one a notice is gone from the
page and stays in the list, with who withdrew it and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.audit import service as audit
from wangge.dispatch.directory import Unit, directory
from wangge.files import service as files
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor, Post
from wangge.people.posts import today
from wangge.tenant.service import rules

RUN, APPROVE, POST = "company.run", "company.approve", "notice.post"
LONGEST = timedelta(days=366)
PAGE = 100
DESK_ROLES = ["acceptor", "duty_leader"]
APPROVERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
left join areas r on r.id = p.area_id
where p.valid @> city_today() and (p.unit_id = %(desk)s and p.role = any(%(roles)s)
    or p.role = 'secretary' and r.span @> %(pos)s::int)
"""
STAFF = """
select p.id as post_id, a.name, a.phone, p.role, p.title, p.public from posts p
join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.valid @> city_today() order by p.role <> 'property_manager', a.name
"""
PICTURES = """
array(select f.id from files f where f.estate_notice_id = n.id order by f.created_at, f.id)
"""
LIST = f"""
select n.*, o.short_name as unit, o.kind = 'property' as of_company, a.short_name as area,
    n.until < city_today() as over, coalesce(n.begins > city_today(), false) as early,
    {PICTURES} as pictures
from estate_notices n join organisations o on o.id = n.unit_id join areas a on a.id = n.area_id
where (n.unit_id = any(%(units)s) or n.pos <@ %(ground)s::int4multirange
    or n.pos <@ %(told)s::int4multirange)
    and (%(at)s::timestamptz is null
        or (n.state = 'waiting', n.at, n.id) < (%(waits)s, %(at)s, %(last)s))
order by n.state = 'waiting' desc, n.at desc, n.id desc limit %(limit)s
"""
# What concerns an area's page: what is told to an area around it, and to those inside it.
SHOWN = f"""
select n.id, n.title, n.words, n.begins, n.until, n.at, o.short_name as unit,
    a.short_name as area, {PICTURES} as pictures
from estate_notices n join organisations o on o.id = n.unit_id and o.active
join areas a on a.id = n.area_id join areas here on here.id = %(area)s
where n.state = 'posted' and n.until >= city_today()
    and (n.begins is null or n.begins <= city_today())
    and (a.path @> here.path or (%(inside)s and a.path <@ here.path))
order by coalesce(n.begins, n.at::date) desc, n.at desc limit 20
"""
OWN_POST = "select p.*, o.kind as unit_kind from posts p join organisations o on o.id = p.unit_id"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as it is handed in; shown from ``begins`` to ``until``, both days included."""

    id: UUID
    title: str
    words: str
    until: date
    begins: date | None = None
    area_id: UUID | None = None
    pictures: tuple[UUID, ...] = ()


def own_post(actor: Actor) -> Post:
    """The post in a property company by which this face is opened; nobody else has it."""
    found = next((one for one in actor.posts if one.unit and one.unit["kind"] == "property"), None)
    if found is None:
        raise NotFound("no_company", "您没有物业企业的岗位", "you hold no post in a company")
    return found


def staff(tx: Tx, unit_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(STAFF, [unit_id])


def present(tx: Tx, actor: Actor, post_id: UUID, *, title: str, public: bool) -> None:
    """How a post of one's own company is called, and whether residents read its name and number."""
    row = tx.one(
        f"{OWN_POST} where p.id = %s and p.valid @> city_today() for update of p", [post_id]
    )
    if row is None or not actor.may_at(RUN, unit_id=row["unit_id"]):
        raise NotFound("no_such_post", "没有此岗位", "no such post")
    tx.run("update posts set title = %s, public = %s where id = %s", [title, public, post_id])
    detail = {"account_id": str(row["account_id"]), "public": public, "title": title}
    audit.record(tx, "post.changed", post_id, account_id=actor.id, detail=detail)


def listed(
    tx: Tx, actor: Actor, *, after: Sequence[Any] | None = None, limit: int = PAGE
) -> list[dict[str, Any]]:
    """One's own company's, and on the ground where one approves or writes them those of all.

    ``after``: whether the last one that was shown waits, its moment and its id.
    """
    own = [one.unit_id for one in actor.posts if one.unit and one.unit["kind"] == "property"]
    grounds = {
        name: actor.reach(name).scope if actor.may(name) else "{}" for name in (APPROVE, POST)
    }
    waits, at, last = after or (None, None, None)
    asked = {
        "units": own, "ground": grounds[APPROVE], "told": grounds[POST], "waits": waits, "at": at,
        "last": last, "limit": limit,
    }  # fmt: skip
    rows = tx.rows(LIST, asked)
    return [{**row, "may": _may(actor, row)} for row in rows]


def _may(actor: Actor, row: dict[str, Any]) -> list[str]:
    found, pos = [], row["pos"]
    if row["state"] == "waiting" and actor.may_at(APPROVE, pos=pos):
        found.append("decide")
    keeper = APPROVE if row["of_company"] else POST
    if row["state"] in ("waiting", "posted") and (
        actor.may_at(RUN, unit_id=row["unit_id"]) or actor.may_at(keeper, pos=pos)
    ):
        found.append("withdraw")
    return found


def grounds(tx: Tx, actor: Actor) -> list[Area]:
    """For which areas one may write: a company its own, a desk its area and those next below."""
    if unit := _company(tx, actor):
        return [_estate(tx, unit)]
    places = atlas.of(tx)
    own = [one for _, one in _desks(tx, actor)]
    found = [*own, *(below for one in own for below in places.below.get(one.id, []))]
    return list({one.id: one for one in found}.values())


def _company(tx: Tx, actor: Actor) -> Unit | None:
    """The company whose notices one writes."""
    own = (one.unit_id for one in actor.posts if one.unit and one.unit["kind"] == "property")
    first = next((one for one in own if one and actor.may_at(RUN, unit_id=one)), None)
    return directory(tx).by_id.get(first) if first else None


def _estate(tx: Tx, unit: Unit) -> Area:
    return atlas.of(tx).area(unit.area_id) if unit.area_id else directory(tx).city


def _desks(tx: Tx, actor: Actor) -> list[tuple[Unit, Area]]:
    """The desks in whose name one writes, each with the area of the post."""
    places, known, found = atlas.of(tx), directory(tx), []
    for post in actor.posts:
        desk = known.by_id.get(post.unit_id) if post.unit_id else None
        area = places.codes.get(post.area["code"]) if post.area else None
        if area is None and desk and desk.area_id:
            area = places.area(desk.area_id)
        if POST in post.grants and area:
            desk = desk or known.nearest("desk", area)
            found += [(desk, area)] if desk else []
    return found


def _from_whom(tx: Tx, actor: Actor, area_id: UUID | None) -> tuple[Unit, Area]:
    """In whose name and for which area; refuses anybody else's ground."""
    company = _company(tx, actor)
    if company and area_id in (None, _estate(tx, company).id):
        return company, _estate(tx, company)
    if not actor.may(POST):
        raise NotAllowed(
            "not_the_manager", "公告由物业负责人或社区、镇街网格中心发布",
            "notices are written by the company's manager or by a desk",
        )  # fmt: skip
    wanted = atlas.of(tx).areas.get(area_id) if area_id else None
    line = {one.id for one in directory(tx).line(wanted)} if wanted else set()
    for desk, area in _desks(tx, actor):
        if area_id is None or (wanted and area.id in line):
            return desk, wanted or area
    raise Invalid(
        "not_your_ground", "这里不在您的辖区", "this is not on your ground", field="area_id"
    )


def write(tx: Tx, actor: Actor, told: Told) -> None:
    """Hand a notice in; a desk's is public at once, a company's where the city has no approval."""
    unit, area = _from_whom(tx, actor, told.area_id)
    day = today(tx)
    known = tx.one("select * from estate_notices where id = %s", [told.id])
    begins = told.begins or day
    if known:
        before = (known["unit_id"], known["area_id"], known["title"], known["words"])
        if before != (unit.id, area.id, told.title, told.words):
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return
    if not day <= told.until <= day + LONGEST:
        raise Invalid(
            "bad_time",
            "公告截止日期须在今天以后、一年以内",
            "its last day is within a year from now",
            field="until",
        )  # fmt: skip
    if not day <= begins <= told.until:
        raise Invalid(
            "bad_time", "开始日期须在今天以后、截止日期以前",
            "its first day is not past and not after its last", field="begins",
        )  # fmt: skip
    company = unit.kind == "property"
    approved = company and rules(tx).switches.estate_notices_approved
    row = {
        "id": told.id, "unit_id": unit.id, "area_id": area.id, "pos": area.pos,
        "title": told.title, "words": told.words, "state": "waiting" if approved else "posted",
        "begins": begins, "until": told.until, "written_by": actor.id,
        "written_name": actor.name, "at": tx.now,
    }  # fmt: skip
    tx.insert("estate_notices", [row])
    files.attach_to_notice(tx, told.id, told.pictures, account_id=actor.id)
    audit.record(tx, "estate.notice", told.id, told.title, account_id=actor.id)
    if approved:
        _tell(tx, row, _approvers(tx, row), "estate_notice_waiting", unit.name)


def _approvers(tx: Tx, row: dict[str, Any]) -> list[UUID]:
    """The community's; where nobody is on its post, those of the next desk above."""
    known = directory(tx)
    for here in reversed(known.line(known.atlas.areas[row["area_id"]])):
        desk = next(iter(known.at.get(("desk", here.id), [])), None)
        values = {"desk": desk and desk.id, "roles": DESK_ROLES, "pos": row["pos"]}
        if desk and (found := tx.rows(APPROVERS, values)):
            return [one["account_id"] for one in found]
    return []


def decide(tx: Tx, actor: Actor, key: UUID, *, approve: bool, why: str) -> None:
    row = _locked(tx, key)
    actor.must_at(APPROVE, pos=row["pos"])
    after = "posted" if approve else "refused"
    if row["state"] == after:
        return
    if row["state"] != "waiting":
        raise Refusal("decided_already", "这条公告已处理过", "this notice is decided already")
    if not approve and not why:
        raise Invalid("field_needed", "请写明不同意的理由", "say why it is refused", field="why")
    _settle(tx, actor, row, after, why)
    _tell(tx, row, [row["written_by"]], f"estate_notice_{after}", why)


def withdraw(tx: Tx, actor: Actor, key: UUID, why: str) -> None:
    """Take a notice down; the reason stays with it, and its writer hears it from another."""
    row = _locked(tx, key)
    if "withdraw" not in _may(actor, row):
        if row["state"] == "withdrawn":
            return
        raise NotAllowed("not_your_notice", "这条公告不归您撤下", "this notice is not yours")
    if not why:
        raise Invalid("field_needed", "请写明撤下的理由", "say why it is taken down", field="why")
    tx.run(
        "update estate_notices set state = 'withdrawn', withdrawn_name = %s, withdrawn_at = %s,"
        " withdrawn_why = %s where id = %s",
        [actor.name, tx.now, why, key],
    )
    audit.record(tx, "estate.withdrawn", key, why, account_id=actor.id)
    if row["written_by"] != actor.id:
        _tell(tx, row, [row["written_by"]], "estate_notice_withdrawn", why)


def _settle(tx: Tx, actor: Actor, row: dict[str, Any], after: str, why: str) -> None:
    tx.run(
        "update estate_notices set state = %s, decided_by = %s, decided_name = %s,"
        " decided_at = %s, why = %s where id = %s",
        [after, actor.id, actor.name, tx.now, why, row["id"]],
    )
    audit.record(tx, f"estate.{after}", row["id"], why, account_id=actor.id)


def _locked(tx: Tx, key: UUID) -> dict[str, Any]:
    row = tx.one(
        "select n.*, o.kind = 'property' as of_company from estate_notices n"
        " join organisations o on o.id = n.unit_id where n.id = %s for update of n",
        [key],
    )
    if row is None:
        raise NotFound("no_such_notice", "没有这条公告", "no such notice")
    return row


def _tell(tx: Tx, row: dict[str, Any], told: Sequence[UUID], code: str, said: str) -> None:
    body = {"title": row["title"], "said": said, "estate": True}
    ids = [(one, uuid5(row["id"], f"{code}{one}")) for one in told]
    notices.notify(tx, [notices.Notice(one, code, None, body, id=key) for one, key in ids])


def shown(tx: Tx, area_id: UUID, *, inside: bool) -> list[dict[str, Any]]:
    """What residents read on the page of an area today; ``inside``: of the areas in it too."""
    return tx.rows(SHOWN, {"area": area_id, "inside": inside})
