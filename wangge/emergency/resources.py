"""Emergency resources 应急资源: kept by those who command on the ground, sent, on site, back."""

from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.audit.service import record
from wangge.emergency.history import acted, commanded, is_repeat, locked, not_yours, write
from wangge.emergency.models import RUN, Moved
from wangge.emergency.rights import runs
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.place import metres_between
from wangge.people.models import Actor
from wangge.tenant.service import rules

KEPT = """
insert into emergency_resources (id, code, name, kind, capabilities, unit_id, area_id, pos,
    place_words, lon, lat, amount, measure, keeper, phone, state, note, checked_at)
values (%(id)s, %(code)s, %(name)s, %(kind)s, %(capabilities)s, %(unit_id)s, %(area_id)s, %(pos)s,
    %(place_words)s, %(lon)s, %(lat)s, %(amount)s, %(measure)s, %(keeper)s, %(phone)s, %(state)s,
    %(note)s, %(at)s)
on conflict (id) do update set code = excluded.code, name = excluded.name, kind = excluded.kind,
    capabilities = excluded.capabilities, unit_id = excluded.unit_id, area_id = excluded.area_id,
    pos = excluded.pos, place_words = excluded.place_words, lon = excluded.lon, lat = excluded.lat,
    amount = excluded.amount, measure = excluded.measure, keeper = excluded.keeper,
    phone = excluded.phone, state = excluded.state, note = excluded.note,
    checked_at = excluded.checked_at, version = emergency_resources.version + 1
"""
SENT = """
insert into incident_resources (id, incident_id, resource_id, amount, metres, sent_at, note)
values (%(id)s, %(incident)s, %(resource)s, %(amount)s, %(metres)s, %(at)s, %(note)s)
"""
AWAY = "update emergency_resources set away = away + %s where id = %s"
ON_SITE = "update incident_resources set state = 'on_site', on_site_at = %s where id = %s"
BACK = "update incident_resources set state = 'back', back_at = %s where id = %s"
FIRST_THERE = """
update incidents set on_site_at = %s, version = version + 1 where id = %s and on_site_at is null
"""


def keep(tx: Tx, actor: Actor, key: UUID, given: dict[str, Any]) -> None:
    """Write a resource down or change it; by whoever commands where it stands, and stood."""
    known = tx.one(
        "select pos, away, version from emergency_resources where id = %s for update", [key]
    )
    here = atlas.of(tx).locator.at(given["lon"], given["lat"])
    if here is None:
        raise Invalid("place_needed", "位置不在本市范围内", "not a place of this city", field="lon")
    for pos in {here.pos, known["pos"] if known else here.pos}:
        actor.must_at(RUN, pos=pos)
    unknown = set(given["capabilities"]) - {one.code for one in rules(tx).plans.capabilities}
    if not given["capabilities"] or unknown:
        raise Invalid(
            "field_needed", "请选择资源能力", "choose what it can do", field="capabilities"
        )
    if tx.one("select 1 from organisations where id = %s and active", [given["unit_id"]]) is None:
        raise Invalid("unknown_unit", "没有这个单位", "no such unit", field="unit_id")
    same = tx.one("select id from emergency_resources where code = %s", [given["code"]])
    if same and same["id"] != key:
        raise Invalid("code_taken", "这个编号已有资源", "this code is taken", field="code")
    if known and given["amount"] < known["away"]:
        raise Invalid(
            "still_away", f"还有{known['away']}个在外，数量不能少于它",
            f"{known['away']} are still away; there cannot be fewer", field="amount",
        )  # fmt: skip
    phone = crypto.normal_phone(given["phone"])
    tx.run(KEPT, {**given, "phone": phone, "id": key, "area_id": here.id, "pos": here.pos,
                  "at": tx.now})  # fmt: skip
    record(tx, "emergency.resource_kept", key, detail={"code": given["code"]})


def send(
    tx: Tx, actor: Actor, incident_id: UUID, *, key: UUID, resource_id: UUID, amount: int, note: str
) -> None:
    """调派: what is sent is away until it is back; nobody sends more than is there."""
    if is_repeat(tx, incident_id, key, actor):
        return
    incident = commanded(tx, actor, incident_id)
    found = tx.one("select * from emergency_resources where id = %s for update", [resource_id])
    if found is None:
        raise no_such_resource()
    out = tx.one(
        "select 1 from incident_resources where incident_id = %s and resource_id = %s"
        " and state <> 'back'", [incident_id, resource_id],
    )  # fmt: skip
    if found["state"] != "ready" or amount > found["amount"] - found["away"] or out:
        raise Refusal(
            "not_there",
            "这项资源现在调不出这么多，或已经调给这起事件",
            "that much of it is not there now, or it was sent here already",
            there=found["amount"] - found["away"],
        )
    far = metres_between(
        (incident["lon"], incident["lat"]), (found["lon"], found["lat"])
    )  # fmt: skip
    tx.run(SENT, {"id": key, "incident": incident_id, "resource": resource_id, "amount": amount,
                  "metres": round(far), "at": tx.now, "note": note.strip()})  # fmt: skip
    tx.run(AWAY, [amount, resource_id])
    acted(tx, incident)
    data = {"resource": resource_id, "amount": amount, "metres": round(far)}
    write(tx, incident, "resource_sent", actor, key=key, words=found["name"], data=data)


def move(tx: Tx, actor: Actor, incident_id: UUID, sent_id: UUID, what: Moved, *, key: UUID) -> None:
    """到达现场, or back in its place; back also after the incident is closed."""
    incident = locked(tx, actor, incident_id)
    if is_repeat(tx, incident_id, key, actor):
        return
    if not runs(actor, incident):
        raise not_yours()
    row = tx.one(
        "select s.*, r.name from incident_resources s join emergency_resources r"
        " on r.id = s.resource_id where s.id = %s and s.incident_id = %s for update of s",
        [sent_id, incident_id],
    )
    if row is None:
        raise no_such_resource()
    if row["state"] == "back" or (what is Moved.ON_SITE and row["state"] != "sent"):
        raise Refusal("resource_moved_on", "这项资源已不在这一步", "this resource has moved on")
    if what is Moved.ON_SITE:
        tx.run(ON_SITE, [tx.now, sent_id])
        tx.run(FIRST_THERE, [tx.now, incident_id])
    else:
        tx.run(BACK, [tx.now, sent_id])
        tx.run(AWAY, [-row["amount"], row["resource_id"]])
    data = {"resource": row["resource_id"], "amount": row["amount"]}
    kind = f"resource_{what.value}"
    write(tx, incident, kind, actor, key=key, words=row["name"], data=data)


def no_such_resource() -> NotFound:
    return NotFound("no_such_resource", "没有这项资源", "there is no such resource")
