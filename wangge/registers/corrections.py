"""Changes of a person's entry and of a care entry, field by field, with a history of masks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.people.models import Actor
from wangge.registers.people import must_have_guardian
from wangge.registers.permissions import EDIT, must_reach, no_such_care, no_such_resident
from wangge.registers.service import changed

PLAIN = ("born", "guardian", "is_contact", "purpose")
MASKS = {"name": crypto.mask_name, "phone": crypto.mask_phone}
OF_CARE = ("words", "purpose")
RESIDENT = "select * from residents where id = %s and erased_at is null for update"
CARE = "select * from care_entries where id = %s and ended_at is null for update"


def resident_fields(tx: Tx, actor: Actor, resident_id: UUID) -> dict[str, Any]:
    """What may change, as its reader sees it: a name and a number are compared by their masks."""
    row = _resident(tx, actor, resident_id)
    plain = {name: row[name] for name in PLAIN}
    return {**plain, **{name: row[f"{name}_mask"] for name in MASKS}}


def _resident(tx: Tx, actor: Actor, resident_id: UUID) -> dict[str, Any]:
    row = tx.one(RESIDENT, [resident_id])
    if row is None:
        raise no_such_resident()
    must_reach(actor, EDIT, row["pos"], no_such_resident())
    return row


def masked(field: str, value: Any) -> Any:
    """A typed value as others may see it."""
    return MASKS[field](value) if field in MASKS and isinstance(value, str) and value else value


def correct_resident(
    tx: Tx,
    actor: Actor,
    change_id: UUID,
    resident_id: UUID,
    values: Mapping[str, Any],
    *,
    words: str,
    found_at: datetime,
) -> None:
    """Change what is named; whoever takes the purpose away takes the entry away instead."""
    said = fingerprint(actor.id, [resident_id, dict(values)])
    row = _resident(tx, actor, resident_id)
    if is_repeat(tx.one("select * from register_changes where id = %s", [change_id]), said):
        return
    new = {name: values[name] for name in PLAIN if name in values}
    if "purpose" in new and not str(new["purpose"] or "").strip():
        raise _purpose_needed()
    must_have_guardian(tx, new.get("born", row["born"]), new.get("guardian", row["guardian"]))
    new |= _sealed(tx.cell.tenant, values)
    if not new:
        return
    if not (new.get("name_mask", row["name_mask"]) or new.get("phone_mask", row["phone_mask"])):
        raise Invalid("field_needed", "请写姓名或电话", "a name or a phone", field="name")
    was = {name: row[name] if name in PLAIN else row[f"{name}_mask"] for name in values}
    pairs = ", ".join(f"{name} = %({name})s" for name in new)
    tx.run(
        f"update residents set {pairs}, version = version + 1,"
        " verified_at = greatest(verified_at, %(at)s) where id = %(id)s",
        {**new, "at": found_at, "id": resident_id},
    )
    changed(
        tx, actor, change_id, subject=row["household_id"], record="resident", pos=row["pos"],
        was=was, became={name: masked(name, values[name]) for name in values}, words=words,
        found_at=found_at, said=said,
    )  # fmt: skip


def _sealed(tenant: str, values: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if "name" in values:
        name = str(values["name"] or "").strip()
        new |= {"name_sealed": crypto.seal(tenant, name) if name else None}
        new |= {"name_mask": crypto.mask_name(name)}
    if "phone" in values:
        said = str(values["phone"] or "").strip()
        phone = crypto.normal_phone(said) if said else ""
        new |= {
            "phone_sealed": crypto.seal(tenant, phone) if phone else None,
            "phone_index": crypto.index(tenant, phone) if phone else None,
            "phone_mask": crypto.mask_phone(phone) if phone else "",
        }
    return new


def _purpose_needed() -> Invalid:
    return Invalid("purpose_needed", "请写明登记的用途", "say what it is kept for", field="purpose")


def care_fields(tx: Tx, actor: Actor, care_id: UUID) -> dict[str, Any]:
    row = _care(tx, actor, care_id)
    return {name: row[name] for name in OF_CARE}


def _care(tx: Tx, actor: Actor, care_id: UUID) -> dict[str, Any]:
    row = tx.one(CARE, [care_id])
    if row is None:
        raise no_such_care()
    must_reach(actor, EDIT, row["pos"], no_such_care())
    return row


def correct_care(
    tx: Tx,
    actor: Actor,
    change_id: UUID,
    care_id: UUID,
    values: Mapping[str, str],
    *,
    words: str,
    found_at: datetime,
) -> None:
    said = fingerprint(actor.id, [care_id, dict(values)])
    row = _care(tx, actor, care_id)
    if is_repeat(tx.one("select * from register_changes where id = %s", [change_id]), said):
        return
    new = {name: values[name].strip() for name in OF_CARE if name in values}
    if not new.get("purpose", row["purpose"]):
        raise _purpose_needed()
    pairs = ", ".join(f"{name} = %({name})s" for name in new)
    tx.run(f"update care_entries set {pairs} where id = %(id)s", {**new, "id": care_id})
    changed(
        tx, actor, change_id, subject=row["household_id"], record="care", pos=row["pos"],
        was={name: row[name] for name in new}, became=new, words=words, found_at=found_at,
        said=said,
    )  # fmt: skip
