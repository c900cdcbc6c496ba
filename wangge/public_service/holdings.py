"""您的信息: what is kept under a number, who looked at it, and taking it back.

个人信息保护法 第四十四条 to 第四十七条.
"""

from typing import Any
from uuid import UUID

from wangge.audit import service as audit
from wangge.cases.models import FINAL, State
from wangge.cases.views import type_name
from wangge.intake.service import code_of
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound, Refusal
from wangge.people.roles import ROLES
from wangge.public_service.mine import Resident
from wangge.registers import people, queries
from wangge.tenant.service import rules

# Of one that was merged the answer is still to come.
OVER = FINAL | {State.CLOSED}
MATTERS = """
select c.id, c.number, c.title, c.type, c.state, c.received_at, k.mode, k.name_mask, k.phone_mask,
    k.name_sealed is not null as named,
    (select count(*) from files f where f.case_id = c.id and f.from_asker) as files
from case_askers k join cases c on c.id = k.case_id where k.phone_index = %s
order by c.received_at desc limit 200
"""
# The duty of whoever looked, as his post had it at that moment; a name is not the reader's to give.
LOOKS = """
select x.subject, x.at, x.reason, p.role, coalesce(u.short_name, a.short_name, '') as place
from audit_rows x
left join lateral (select role, unit_id, area_id from posts where account_id = x.account_id
    and valid @> (x.at at time zone (select zone from clock))::date
    order by lower(valid) desc limit 1) p on true
left join organisations u on u.id = p.unit_id left join areas a on a.id = p.area_id
where x.action = %(action)s and x.subject = any(%(ids)s) order by x.at desc limit 200
"""
SENT = """
select count(*) as n, max(at) as last_at from sms_messages where case_id = any(%s)
"""
FOLLOWS = "select count(*) as n from case_followers where phone_index = %s"
PHONES = "select count(*) as n from resident_sessions where account_id = %s and ends_at > %s"
FORGET = """
update case_askers set name_sealed = null, phone_sealed = null, phone_index = null, name_mask = '',
    phone_mask = '', mode = 'anonymous' where case_id = %s
"""


def held(tx: Tx, who: Resident) -> dict[str, Any]:
    """Masked as everywhere else: this page, too, may lie open on a bench."""
    known = rules(tx)
    found = tx.rows(MATTERS, [who.index])
    ids = [row["id"] for row in found]
    homes = queries.of_phone(tx, who.index)
    sent = tx.one(SENT, [ids]) or {}
    return {
        "phone_mask": who.mask,
        "phones": _count(tx, PHONES, [who.id, tx.now]),
        "follows": _count(tx, FOLLOWS, [who.index]),
        "messages": {"count": sent.get("n", 0), "last_at": sent.get("last_at")},
        "matters": [
            {
                **{name: row[name] for name in ("id", "number", "title", "state", "received_at")},
                **{name: row[name] for name in ("mode", "name_mask", "phone_mask", "files")},
                "type_name": type_name(known, row["type"]),
                "code": code_of(tx.cell.tenant, row["id"].bytes),
                "may_forget": State(row["state"]) in OVER,
            }
            for row in found
        ],
        "homes": homes,
        "looks": [
            *_looks(tx, "asker.read", {row["id"]: row["number"] for row in found}),
            *_looks(tx, "registers.reveal", {row["id"]: None for row in homes}),
        ],
    }


def _count(tx: Tx, query: str, values: list[Any]) -> int:
    return int((tx.one(query, values) or {"n": 0})["n"])


def _looks(tx: Tx, action: str, subjects: dict[UUID, str | None]) -> list[dict[str, Any]]:
    """Who read the full name and number, when, and what for."""
    rows = tx.rows(LOOKS, {"action": action, "ids": list(subjects)}) if subjects else []
    return [
        {
            "at": row["at"],
            "reason": row["reason"],
            "place": row["place"],
            "role": _duty(row["role"]),
            "number": subjects[row["subject"]],
        }
        for row in rows
    ]


def _duty(name: str | None) -> dict[str, str]:
    role = ROLES.get(name or "")
    return {"zh": role.zh, "en": role.en} if role else {"zh": "工作人员", "en": "staff"}


def forget(tx: Tx, who: Resident, case_id: UUID) -> None:
    """Take his name and number off a matter that is over; it stays, as an anonymous one."""
    row = tx.one(
        "select c.state from case_askers k join cases c on c.id = k.case_id"
        " where k.case_id = %s and k.phone_index = %s for update of k",
        [case_id, who.index],
    )
    if row is None:
        raise NotFound("no_such_matter", "没有这件事", "there is no such matter")
    if State(row["state"]) not in OVER:
        raise Refusal(
            "matter_open",
            "这件事还没办完，办理和答复要用您的电话；可以先撤回，或等办完以后再删",
            "this is still being dealt with and your number is needed to answer; withdraw it first",
        )
    tx.run(FORGET, [case_id])
    audit.record(tx, "asker.forgotten", case_id, "本人要求")


def take_back(tx: Tx, who: Resident, change_id: UUID, resident_id: UUID) -> None:
    """Take back the consent under which a home's list names him: what names him goes at once."""
    people.taken_back(tx, change_id, resident_id, who.index)
