"""What a company tells its estate's residents, and which of its people the public page names.

A notice is its writer's until it is handed in; then, where the city has it approved, it is the
community's, and whoever decides cannot be the company. On the day after its last one it is gone.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.areas import atlas
from wangge.audit import service as audit
from wangge.dispatch.directory import directory
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor, Post
from wangge.people.posts import today
from wangge.tenant.service import rules

RUN, APPROVE = "company.run", "company.approve"
LONGEST = timedelta(days=366)
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
LIST = """
select n.*, o.short_name as unit, a.short_name as area, n.until < city_today() as over
from estate_notices n join organisations o on o.id = n.unit_id join areas a on a.id = n.area_id
where n.unit_id = any(%(units)s) or n.pos <@ %(ground)s::int4multirange
order by n.state = 'waiting' desc, n.at desc limit 200
"""
# What concerns an area's page: what is told to an estate around it, and to those inside it.
SHOWN = """
select n.id, n.title, n.words, n.until, n.at, o.short_name as unit, a.short_name as area
from estate_notices n join organisations o on o.id = n.unit_id and o.active
join areas a on a.id = n.area_id join areas here on here.id = %(area)s
where n.state = 'posted' and n.until >= city_today()
    and (a.path @> here.path or (%(inside)s and a.path <@ here.path))
order by n.at desc limit 20
"""
POST = "select p.*, o.kind as unit_kind from posts p join organisations o on o.id = p.unit_id"


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
    row = tx.one(f"{POST} where p.id = %s and p.valid @> city_today() for update of p", [post_id])
    if row is None or not actor.may_at(RUN, unit_id=row["unit_id"]):
        raise NotFound("no_such_post", "没有此岗位", "no such post")
    tx.run("update posts set title = %s, public = %s where id = %s", [title, public, post_id])
    detail = {"account_id": str(row["account_id"]), "public": public, "title": title}
    audit.record(tx, "post.changed", post_id, account_id=actor.id, detail=detail)


def listed(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """One's own company's, and on the ground where one approves them those of all."""
    own = [one.unit_id for one in actor.posts if one.unit and one.unit["kind"] == "property"]
    ground = actor.reach(APPROVE).scope if actor.may(APPROVE) else "{}"
    rows = tx.rows(LIST, {"units": own, "ground": ground})
    return [{**row, "may": _may(actor, row)} for row in rows]


def _may(actor: Actor, row: dict[str, Any]) -> list[str]:
    found = []
    if row["state"] == "waiting" and actor.may_at(APPROVE, pos=row["pos"]):
        found.append("decide")
    if row["state"] in ("waiting", "posted") and (
        actor.may_at(RUN, unit_id=row["unit_id"]) or actor.may_at(APPROVE, pos=row["pos"])
    ):
        found.append("withdraw")
    return found


def write(tx: Tx, actor: Actor, key: UUID, *, title: str, words: str, until: date) -> None:
    """Hand a notice in; it is public at once where the city does not have it approved."""
    post = own_post(actor)
    if not post.unit_id or not actor.may_at(RUN, unit_id=post.unit_id):
        raise NotAllowed(
            "not_the_manager", "公告由物业负责人发布", "the company's manager writes its notices"
        )
    known = tx.one("select unit_id, title, words, until from estate_notices where id = %s", [key])
    if known:
        if (known["unit_id"], known["title"], known["words"]) != (post.unit_id, title, words):
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return
    if not today(tx) <= until <= today(tx) + LONGEST:
        raise Invalid(
            "bad_time",
            "公告截止日期须在今天以后、一年以内",
            "its last day is within a year from now",
            field="until",
        )  # fmt: skip
    unit = directory(tx).by_id[post.unit_id]
    area = atlas.of(tx).area(unit.area_id) if unit.area_id else directory(tx).city
    approved = rules(tx).switches.estate_notices_approved
    row = {
        "id": key, "unit_id": unit.id, "area_id": area.id, "pos": area.pos, "title": title,
        "words": words, "state": "waiting" if approved else "posted", "until": until,
        "written_by": actor.id, "written_name": actor.name, "at": tx.now,
    }  # fmt: skip
    tx.insert("estate_notices", [row])
    audit.record(tx, "estate.notice", key, title, account_id=actor.id)
    if approved:
        told = _approvers(tx, row)
        _tell(tx, row, told, "estate_notice_waiting", unit.name)


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


def withdraw(tx: Tx, actor: Actor, key: UUID) -> None:
    row = _locked(tx, key)
    if "withdraw" not in _may(actor, row):
        if row["state"] == "withdrawn":
            return
        raise NotAllowed("not_your_notice", "这条公告不归您撤下", "this notice is not yours")
    _settle(tx, actor, row, "withdrawn", "")


def _settle(tx: Tx, actor: Actor, row: dict[str, Any], after: str, why: str) -> None:
    tx.run(
        "update estate_notices set state = %s, decided_by = %s, decided_name = %s,"
        " decided_at = %s, why = %s where id = %s",
        [after, actor.id, actor.name, tx.now, why, row["id"]],
    )
    audit.record(tx, f"estate.{after}", row["id"], why, account_id=actor.id)


def _locked(tx: Tx, key: UUID) -> dict[str, Any]:
    row = tx.one("select * from estate_notices where id = %s for update", [key])
    if row is None:
        raise NotFound("no_such_notice", "没有这条公告", "no such notice")
    return row


def _tell(tx: Tx, row: dict[str, Any], told: Sequence[UUID], code: str, said: str) -> None:
    body = {"title": row["title"], "said": said, "estate": True}
    ids = [(one, uuid5(row["id"], f"{code}{one}")) for one in told]
    notices.notify(tx, [notices.Notice(one, code, None, body, id=key) for one, key in ids])


def shown(tx: Tx, area_id: UUID, *, inside: bool) -> list[dict[str, Any]]:
    """What residents read on the page of an area today; ``inside``: of the estates in it too."""
    return tx.rows(SHOWN, {"area": area_id, "inside": inside})
