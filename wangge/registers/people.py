"""Who lives somewhere, who is cared for: with purpose and consent, sealed, erased on wish."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.audit import service as audit
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.repeats import fingerprint, is_repeat
from wangge.people.models import Actor
from wangge.registers.models import CareDraft, ResidentDraft
from wangge.registers.permissions import (
    CONTACT,
    EDIT,
    check_past,
    must_reach,
    no_such_care,
    no_such_resident,
)
from wangge.registers.service import changed, household
from wangge.tenant.service import rules

# 个人信息保护法 第二十八条、第三十一条: under fourteen only with a guardian's word.
CHILD = 14
ERASE = """
update residents set name_sealed = null, phone_sealed = null, phone_index = null,
    id_number_sealed = null, id_number_index = null, name_mask = '', phone_mask = '',
    id_number_mask = '', born = null, guardian = '', erased_at = %s, version = version + 1
where id = %s
"""


def add(tx: Tx, actor: Actor, resident_id: UUID, given: ResidentDraft) -> None:
    """Write a person down; without a purpose and a consent (or a legal duty) nothing is kept."""
    said = fingerprint(actor.id, asdict(given))
    home = household(tx, actor, given.household_id, EDIT)
    if is_repeat(tx.one("select * from residents where id = %s", [resident_id]), said):
        return
    check_past(tx, given.found_at)
    check_past(tx, given.consent_at, "consent_at")
    _check(tx, given)
    tenant = tx.cell.tenant
    phone = crypto.normal_phone(given.phone) if given.phone.strip() else ""
    number = given.id_number.strip().upper()
    row = {
        "id": resident_id, "household_id": given.household_id, "pos": home["pos"],
        "name_sealed": crypto.seal(tenant, given.name.strip()) if given.name.strip() else None,
        "name_mask": crypto.mask_name(given.name),
        "phone_sealed": crypto.seal(tenant, phone) if phone else None,
        "phone_index": crypto.index(tenant, phone) if phone else None,
        "phone_mask": crypto.mask_phone(phone) if phone else "",
        "id_number_sealed": crypto.seal(tenant, number) if number else None,
        "id_number_index": crypto.index(tenant, number) if number else None,
        "id_number_mask": f"{number[:3]}***********{number[-2:]}" if number else "",
        "born": given.born, "guardian": given.guardian.strip(), "is_contact": given.is_contact,
        "purpose": given.purpose.strip(), "consent": given.consent.value,
        "consent_at": given.consent_at, "source": given.source, "made_by": actor.id,
        "found_at": given.found_at, "received_at": tx.now, "verified_at": given.found_at,
        "request_hash": said,
    }  # fmt: skip
    tx.insert("residents", [row])
    detail = {"purpose": given.purpose.strip(), "consent": given.consent.value}
    audit.record(tx, "registers.resident", resident_id, "", detail, account_id=actor.id)


def _check(tx: Tx, given: ResidentDraft) -> None:
    if not given.purpose.strip():
        raise Invalid(
            "purpose_needed", "请写明登记的用途", "say what it is kept for", field="purpose"
        )
    if not (given.name.strip() or given.phone.strip()):
        raise Invalid("field_needed", "请写姓名或电话", "a name or a phone", field="name")
    if given.id_number.strip() and len(given.id_number.strip()) != 18:
        raise Invalid(
            "id_number_not_valid", "身份证号应为 18 位，请核对", "an identity number has 18 places",
            field="id_number",
        )  # fmt: skip
    must_have_guardian(tx, given.born, given.guardian)


def must_have_guardian(tx: Tx, born: int | None, guardian: str) -> None:
    child = born is not None and tx.now.year - born < CHILD
    if child and not guardian.strip():
        raise Invalid(
            "guardian_needed",
            "未满十四周岁的，须由监护人同意并写明监护人",
            "for somebody under fourteen a guardian agrees and is named",
            field="guardian",
        )


def _resident(tx: Tx, actor: Actor, resident_id: UUID, permission: str) -> dict[str, Any]:
    row = tx.one("select * from residents where id = %s for update", [resident_id])
    if row is None or row["erased_at"]:
        raise no_such_resident()
    must_reach(actor, permission, row["pos"], no_such_resident())
    return row


def reveal(tx: Tx, actor: Actor, resident_id: UUID, why: str) -> dict[str, str]:
    """The full name and number of one person, for a reason that is written in the log."""
    row = _resident(tx, actor, resident_id, CONTACT)
    if len(why.strip()) < 2:
        raise Invalid(
            "reason_needed", "请写明为什么要看", "say why you need to see it", field="why"
        )
    audit.record(tx, "registers.reveal", resident_id, why.strip(), account_id=actor.id)
    tenant = tx.cell.tenant

    def shown(sealed: bytes | None) -> str:
        return crypto.open_(tenant, sealed) if sealed else ""

    return {
        "name": shown(row["name_sealed"]),
        "phone": shown(row["phone_sealed"]),
        "id_number": shown(row["id_number_sealed"]),
    }


def erase(tx: Tx, actor: Actor, change_id: UUID, resident_id: UUID, *, words: str) -> None:
    """On a person's wish: what told who he is goes, and that it went stays."""
    known = tx.one("select * from register_changes where id = %s", [change_id])
    said = fingerprint(actor.id, [resident_id, words])
    if is_repeat(known, said):
        return
    row = _resident(tx, actor, resident_id, EDIT)
    _erased(tx, actor, resident_id, words.strip())
    changed(
        tx, actor, change_id, subject=row["household_id"], record="resident", pos=row["pos"],
        was={}, became={"erased": True}, words=words, found_at=tx.now, said=said,
    )  # fmt: skip
    audit.record(tx, "registers.erase", resident_id, words.strip(), account_id=actor.id)


def taken_back(tx: Tx, change_id: UUID, resident_id: UUID, phone_index: bytes) -> None:
    """The person himself takes his consent back: he is erased, and the history says that he did."""
    said = fingerprint(resident_id, "taken back")
    if is_repeat(tx.one("select * from register_changes where id = %s", [change_id]), said):
        return
    row = tx.one(
        "select * from residents where id = %s and phone_index = %s and erased_at is null"
        " for update",
        [resident_id, phone_index],
    )
    if row is None:
        raise no_such_resident()
    if row["consent"] != "given":
        raise Refusal(
            "kept_by_duty",
            "这一项依法定职责登记，不能自行撤回；内容不对可以打电话要求更正",
            "this is kept by a legal duty and cannot be taken back; call to have it corrected",
        )
    _erased(tx, None, resident_id, "本人撤回同意")
    changed(
        tx, None, change_id, subject=row["household_id"], record="resident", pos=row["pos"],
        was={}, became={"erased": True, "by": "self"}, words="本人撤回同意", found_at=tx.now,
        said=said,
    )  # fmt: skip
    audit.record(tx, "registers.taken_back", resident_id, "本人撤回同意")


def _erased(tx: Tx, actor: Actor | None, resident_id: UUID, words: str) -> None:
    tx.run(ERASE, [tx.now, resident_id])
    tx.run(
        "update care_entries set ended_at = %s, ended_by = %s, end_words = %s, words = ''"
        " where resident_id = %s and ended_at is null",
        [tx.now, actor and actor.id, words, resident_id],
    )


def care(tx: Tx, actor: Actor, care_id: UUID, given: CareDraft) -> None:
    """Put a household on the care list, with a consent of its own (单独同意)."""
    said = fingerprint(actor.id, asdict(given))
    home = household(tx, actor, given.household_id, EDIT)
    if is_repeat(tx.one("select * from care_entries where id = %s", [care_id]), said):
        return
    check_past(tx, given.found_at)
    check_past(tx, given.consent_at, "consent_at")
    if given.kind not in rules(tx).lists.codes["care_kinds"]:
        raise Invalid("unknown_care", "没有这种关爱类别", "no such kind of care", field="kind")
    if not given.purpose.strip():
        raise Invalid(
            "purpose_needed", "请写明登记的用途", "say what it is kept for", field="purpose"
        )
    if given.resident_id and not tx.one(
        "select 1 from residents where id = %s and household_id = %s and erased_at is null",
        [given.resident_id, given.household_id],
    ):
        raise no_such_resident()
    tx.insert(
        "care_entries",
        [{"id": care_id, "household_id": given.household_id, "resident_id": given.resident_id,
          "pos": home["pos"], "kind": given.kind, "words": given.words.strip(),
          "purpose": given.purpose.strip(), "consent_at": given.consent_at, "made_by": actor.id,
          "found_at": given.found_at, "received_at": tx.now, "request_hash": said}],
    )  # fmt: skip
    detail = {"kind": given.kind, "purpose": given.purpose.strip()}
    audit.record(tx, "registers.care", given.household_id, "", detail, account_id=actor.id)


def end_care(
    tx: Tx, actor: Actor, change_id: UUID, care_id: UUID, *, words: str, found_at: datetime
) -> None:
    """The need is over, or consent was taken back."""
    said = fingerprint(actor.id, [care_id, words, found_at])
    row = tx.one("select * from care_entries where id = %s for update", [care_id])
    if row is None:
        raise no_such_care()
    must_reach(actor, EDIT, row["pos"], no_such_care())
    if is_repeat(tx.one("select * from register_changes where id = %s", [change_id]), said):
        return
    if row["ended_at"]:
        raise Refusal("care_over", "这条关爱登记已经结束", "this care entry is over")
    tx.run(
        "update care_entries set ended_at = %s, ended_by = %s, end_words = %s where id = %s",
        [tx.now, actor.id, words.strip(), care_id],
    )
    changed(
        tx, actor, change_id, subject=row["household_id"], record="care", pos=row["pos"],
        was={"kind": row["kind"]}, became={"ended": True}, words=words, found_at=found_at,
        said=said,
    )  # fmt: skip
