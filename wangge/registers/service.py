"""Verbs on homes: each has an id of whoever makes it, and a repeat answers as the first did."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.audit import service as audit
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.people.models import Actor
from wangge.registers.models import Correction, Screened, Screening, address_key
from wangge.registers.permissions import (
    EDIT,
    READ,
    check_past,
    must_reach,
    no_such_dwelling,
    no_such_household,
    not_your_ground,
    stale,
)

SAME_ADDRESS = """
select d.id from dwellings d join areas a on a.id = d.area_id
where d.active and d.address_key = %(key)s and d.pos <@ (select g.span from areas g
    where g.level = 'grid' and g.span @> %(pos)s::int limit 1) and d.id <> %(id)s
order by d.received_at, d.id limit 1
"""
SEEN = """
update dwellings set seen_at = greatest(seen_at, %(at)s) where id = %(id)s
"""
HOUSEHOLD = """
select h.*, d.kind, d.building, d.unit, d.room, d.area_id, d.version as dwelling_version,
    d.seen_at, d.active as dwelling_active
from households h join dwellings d on d.id = h.dwelling_id where h.id = %s
"""


def ground(tx: Tx, actor: Actor, area_id: UUID, permission: str = EDIT) -> Area:
    """A grid or micro-grid on this person's ground."""
    found = atlas.of(tx).areas.get(area_id)
    if found is None or not actor.may_at(permission, pos=found.pos):
        raise not_your_ground(area_id)
    if found.level.depth < Level.GRID.depth:
        raise Invalid("grid_needed", "请选择网格", "choose the grid", field="area_id", area=area_id)
    return found


def screen(tx: Tx, actor: Actor, household_id: UUID, given: Screening) -> Screened:
    """摸排: write a dwelling and its household down; a double of an address is flagged."""
    said = fingerprint(actor.id, given)
    known = tx.one("select * from households where id = %s", [household_id])
    if is_repeat(known, said):
        row = tx.one("select * from dwellings where id = %s", [given.dwelling_id]) or {}
        return Screened(household_id, given.dwelling_id, row.get("duplicate_of"), fresh=False)
    area = ground(tx, actor, given.area_id)
    check_past(tx, given.found_at)
    if not given.room.strip():
        raise Invalid("field_needed", "请写门牌号", "write the number of the door", field="room")
    came = {
        "source": given.source, "made_by": actor.id, "found_at": given.found_at,
        "received_at": tx.now, "verified_at": given.found_at, "request_hash": said,
    }  # fmt: skip
    double = _dwelling(tx, actor, area, given, came)
    tx.insert(
        "households",
        [{"id": household_id, "dwelling_id": given.dwelling_id, "pos": area.pos,
          "people": given.people, "note": given.note.strip(), **came}],
    )  # fmt: skip
    return Screened(household_id, given.dwelling_id, double, fresh=True)


def _dwelling(
    tx: Tx, actor: Actor, area: Area, given: Screening, came: dict[str, Any]
) -> UUID | None:
    """The dwelling of a screening; one that stands already may take in a further household."""
    known = tx.one("select * from dwellings where id = %s", [given.dwelling_id])
    if known:
        must_reach(actor, EDIT, known["pos"], no_such_dwelling())
        return None
    key = address_key(given.building, given.unit, given.room)
    same = tx.one(SAME_ADDRESS, {"key": key, "pos": area.pos, "id": given.dwelling_id})
    double: UUID | None = same["id"] if same else None
    tx.insert(
        "dwellings",
        [{"id": given.dwelling_id, "pos": area.pos, "area_id": area.id,
          "building": given.building.strip(), "unit": given.unit.strip(),
          "room": given.room.strip(), "address_key": key, "kind": given.kind.value,
          "duplicate_of": double, **came}],
    )  # fmt: skip
    return double


def household(
    tx: Tx, actor: Actor, household_id: UUID, permission: str = READ, *, lock: bool = False
) -> dict[str, Any]:
    """The household with its dwelling; absent and not on one's ground look the same."""
    row = tx.one(HOUSEHOLD + (" for update of h, d" if lock else ""), [household_id])
    if row is None:
        raise no_such_household()
    must_reach(actor, permission, row["pos"], no_such_household())
    return row


def correct(
    tx: Tx, actor: Actor, change_id: UUID, household_id: UUID, given: Correction
) -> dict[str, Any]:
    """Change what is different now, or say that all is as it was; the history has both values."""
    said = fingerprint(actor.id, [household_id, asdict(given)])
    known = tx.one("select * from register_changes where id = %s", [change_id])
    row = household(tx, actor, household_id, EDIT, lock=True)
    if is_repeat(known, said):
        return row
    check_past(tx, given.found_at)
    if given.version is not None and given.version != row["version"]:
        raise stale(row["version"])
    wanted = {"kind": given.kind and given.kind.value, "people": given.people, "note": given.note}
    new = {k: v for k, v in wanted.items() if v is not None and v != row[k]}
    tx.run(
        "update households set people = %(people)s, note = %(note)s, version = version + 1,"
        " verified_at = greatest(verified_at, %(at)s) where id = %(id)s",
        {"people": new.get("people", row["people"]), "note": new.get("note", row["note"]),
         "at": given.found_at, "id": household_id},
    )  # fmt: skip
    tx.run(
        "update dwellings set kind = %(kind)s, version = version + 1,"
        " verified_at = greatest(verified_at, %(at)s) where id = %(id)s",
        {"kind": new.get("kind", row["kind"]), "at": given.found_at, "id": row["dwelling_id"]},
    )
    changed(
        tx, actor, change_id, subject=household_id, record="household", pos=row["pos"],
        was={k: row[k] for k in new}, became=new, words=given.words, found_at=given.found_at,
        said=said,
    )  # fmt: skip
    return household(tx, actor, household_id, EDIT)


def changed(
    tx: Tx,
    actor: Actor | None,
    change_id: UUID,
    *,
    subject: UUID,
    record: str,
    pos: int,
    was: dict[str, Any],
    became: dict[str, Any],
    words: str,
    found_at: datetime,
    said: bytes,
) -> None:
    """One line of a record's history; of what is sealed it has the masks alone.

    Without an ``actor`` it was the person himself whom the record names.
    """
    tx.insert(
        "register_changes",
        [{"id": change_id, "subject": subject, "record": record, "pos": pos,
          "was": Jsonb(was, dumps), "became": Jsonb(became, dumps), "words": words.strip(),
          "made_by": actor and actor.id, "found_at": found_at, "received_at": tx.now,
          "request_hash": said}],
    )  # fmt: skip


def settle_double(
    tx: Tx, actor: Actor, change_id: UUID, dwelling_id: UUID, *, same: bool, found_at: datetime
) -> None:
    """A flagged double is the same home, whose household moves over, or it is another one."""
    said = fingerprint(actor.id, [dwelling_id, same, found_at])
    known = tx.one("select * from register_changes where id = %s", [change_id])
    row = tx.one("select * from dwellings where id = %s for update", [dwelling_id])
    if row is None:
        raise no_such_dwelling()
    must_reach(actor, EDIT, row["pos"], no_such_dwelling())
    if is_repeat(known, said):
        return
    if row["duplicate_of"] is None or not row["active"]:
        raise Refusal("not_a_double", "这处房屋没有待核对的重复", "this dwelling is not flagged")
    if same:
        _join(tx, dwelling_id, row["duplicate_of"])
    else:
        tx.run(
            "update dwellings set duplicate_of = null, version = version + 1 where id = %s",
            [dwelling_id],
        )
    changed(
        tx, actor, change_id, subject=dwelling_id, record="dwelling", pos=row["pos"],
        was={"duplicate_of": row["duplicate_of"]}, became={"same": same}, words="",
        found_at=found_at, said=said,
    )  # fmt: skip


def _join(tx: Tx, dwelling_id: UUID, into: UUID) -> None:
    """What was written down twice becomes one; whoever was named in either stays."""
    home = tx.one(
        "select id from households where dwelling_id = %s and active order by received_at, id",
        [into],
    )
    ids = {"double": dwelling_id, "into": into, "home": home["id"] if home else None}
    if home:
        for table in ("residents", "care_entries", "home_cautions"):
            tx.run(
                f"update {table} set household_id = %(home)s where household_id in"
                " (select id from households where dwelling_id = %(double)s)",
                ids,
            )
        tx.run(
            "update households set active = false, version = version + 1"
            " where dwelling_id = %(double)s",
            ids,
        )
    else:
        tx.run(
            "update households set dwelling_id = %(into)s, version = version + 1"
            " where dwelling_id = %(double)s",
            ids,
        )
    tx.run("update dwellings set active = false, version = version + 1 where id = %(double)s", ids)


def seen(tx: Tx, dwelling_id: UUID, at: datetime) -> None:
    """Somebody was met there; only the newest meeting counts."""
    tx.run(SEEN, {"id": dwelling_id, "at": at})


def read_list(tx: Tx, actor: Actor, area_id: UUID | None, count: int) -> None:
    """A list of homes that was shown is written in the log: who, where, how many, what for."""
    detail = {"count": count, "area": area_id and str(area_id)}
    audit.record(tx, "registers.list", area_id, "走访、服务和上报", detail, account_id=actor.id)
