"""Desks of every level, departments, property companies and party organisations."""

from typing import Any
from uuid import UUID

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.facts import Fact
from wangge.people import last_resort
from wangge.people.models import Actor
from wangge.people.queries import containing

KINDS = {
    "desk": ("网格中心", "desk"),
    "department": ("部门", "department"),
    "property": ("物业企业", "property company"),
    "party": ("党组织", "party organisation"),
}
COLUMNS = ("id", "parent_id", "kind", "code", "name", "short_name", "area_id", "phone", "active")
# A station 社会治理工作站 is the desk of a community or of a part of it, with a queue as any desk.
STATION = "(o.kind = 'desk' and a.level in ('community', 'committee', 'natural_village', 'estate'))"
# Organisations of an area are those on its branch of the tree: above it and below it.
LIST = f"""
select o.id, o.parent_id, o.kind, o.code, o.name, o.short_name, o.phone, o.active,
    coalesce({STATION}, false) as station,
    case when a.id is not null then jsonb_build_object('id', a.id, 'code', a.code,
        'name', a.short_name, 'level', a.level, 'names', a.names) end as area
from organisations o left join areas a on a.id = o.area_id
where (%(kind)s::text is null or o.kind = %(kind)s or %(kind)s = 'station' and {STATION})
    and (o.active or %(closed)s)
    and (%(area)s::uuid is null or exists (select from areas w where w.id = %(area)s
        and (a.path @> w.path or a.path <@ w.path)))
    and (%(q)s::text is null or o.name like %(q)s or o.short_name like %(q)s or o.code like %(q)s)
order by o.kind = 'party', a.path nulls first, o.kind, o.code limit 1000
"""


def listing(
    tx: Tx,
    *,
    kind: str | None = None,
    area: UUID | None = None,
    q: str | None = None,
    closed: bool = False,
) -> list[dict[str, Any]]:
    words = containing(q or "")
    return tx.rows(LIST, {"kind": kind, "area": area, "q": words, "closed": closed})


def put(tx: Tx, values: dict[str, Any], *, actor: Actor | None) -> None:
    """Write an organisation new or anew; both where it was and where it will be must be reached.

    What one that is dissolved had in hand goes to the desk that sent it, or to the desk above.
    """
    values = {**values, "short_name": values["short_name"] or values["name"]}
    if values["kind"] not in KINDS:
        raise Invalid("bad_kind", "没有此类单位", "no such kind of organisation", field="kind")
    before = tx.one("select * from organisations where id = %s for update", [values["id"]])
    if before is None and values["kind"] == "party":
        raise Refusal(
            "party_has_a_tree",
            "党组织请在“网格力量 · 党组织”中建立：它有隶属和起止日期",
            "found a party organisation in the party's tree: it has a parent and days",
            field="kind",
        )
    if actor:
        for area_id in {values["area_id"], before["area_id"] if before else values["area_id"]}:
            actor.must_at("people.edit", pos=_pos(tx, area_id))
    if before and before["kind"] != values["kind"]:
        raise NotAllowed("kind_stays", "单位类别不可更改", "an organisation's kind stays")
    if tx.rows(
        "select id from organisations where code = %s and id <> %s", [values["code"], values["id"]]
    ):
        raise Refusal("code_taken", "单位代码已被使用", "this code is taken", field="code")
    _check_parent(tx, values["id"], values["parent_id"])
    if before is None:
        tx.insert("organisations", [{name: values[name] for name in COLUMNS}])
    else:
        pairs = ", ".join(f"{name} = %({name})s" for name in COLUMNS[1:])
        with last_resort.kept(tx):
            tx.run(f"update organisations set {pairs} where id = %(id)s", values)
        if not values["active"] or before["area_id"] != values["area_id"]:
            facts.record(tx, [Fact("OrganisationMoved", values["id"])])
    record(tx, "organisation.changed", values["id"], detail={"code": values["code"]})
    if actor:  # a file with hundreds of them is followed by nobody one by one
        facts.record(tx, [facts.Fact("OrganisationChanged", values["id"])])


ABOVE = """
with recursive above as (
    select id, parent_id from organisations where id = %s
    union select o.id, o.parent_id from organisations o join above on o.id = above.parent_id)
select id from above
"""


def _check_parent(tx: Tx, organisation_id: UUID, parent_id: UUID | None) -> None:
    """Refuse a parent that does not exist or lies below the organisation itself."""
    if parent_id is None:
        return
    above = {row["id"] for row in tx.rows(ABOVE, [parent_id])}
    if not above or organisation_id in above:
        raise Invalid(
            "bad_parent",
            "上级单位不存在，或是本单位及其下级",
            "no such parent, or it is the organisation itself or below it",
            field="parent_id",
        )


def _pos(tx: Tx, area_id: UUID | None) -> int | None:
    """Return the area's position; an organisation of no area belongs to the city."""
    if area_id is None:
        row = tx.one("select pos from areas where parent_id is null order by pos limit 1")
    else:
        row = tx.one("select pos from areas where id = %s", [area_id])
        if row is None:
            raise NotFound("no_such_area", "没有此区域", "no such area", field="area_id")
    return row["pos"] if row else None
