"""Reads of homes; row-level security says which rows are visible. Names and numbers are masked."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

HOMES = """
select h.id, h.dwelling_id, d.area_id, d.pos, d.building, d.unit, d.room, d.kind, h.people, h.note,
    d.source, d.made_by, w.name as worker, d.found_at, d.received_at, d.verified_at, d.seen_at,
    d.duplicate_of, d.version, h.version as household_version, a.names,
    r.id as contact_id, r.name_mask, r.phone_mask,
    coalesce(c.kinds, '{}') as care
from dwellings d join households h on h.dwelling_id = d.id and h.active
join areas a on a.id = d.area_id join accounts w on w.id = d.made_by
left join lateral (select id, name_mask, phone_mask from residents
    where household_id = h.id and erased_at is null order by is_contact desc, received_at limit 1)
    r on true
left join lateral (select array_agg(distinct kind order by kind) as kinds from care_entries
    where household_id = h.id and ended_at is null) c on true
where d.active
"""
ORDER = (
    "order by d.pos, length(d.building), d.building, length(d.unit), d.unit, length(d.room),"
    " d.room, d.id"
)
RESIDENTS = """
select id, name_mask, phone_mask, id_number_mask, born, guardian, is_contact, purpose, consent,
    consent_at, source, found_at, received_at, verified_at, version
from residents where household_id = %s and erased_at is null order by is_contact desc, received_at
"""
CARE = """
select e.id, e.resident_id, e.kind, e.words, e.purpose, e.consent_at, e.found_at, e.received_at,
    w.name as worker
from care_entries e join accounts w on w.id = e.made_by
where e.household_id = %s and e.ended_at is null order by e.received_at
"""
CHANGES = """
select c.id, c.record, c.was, c.became, c.words, c.found_at, c.received_at, w.name as worker
from register_changes c join accounts w on w.id = c.made_by
where c.subject = any(%s) order by c.received_at desc, c.id limit 200
"""


def homes(tx: Tx, area_id: UUID | None = None, *, most: int = 2000) -> list[dict[str, Any]]:
    """Households on one's ground by address, or those of one area of it."""
    within = (
        "and d.pos <@ (select span from areas where id = %(area)s)" if area_id is not None else ""
    )
    return tx.rows(f"{HOMES} {within} {ORDER} limit %(most)s", {"area": area_id, "most": most})


def home(tx: Tx, household_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{HOMES} and h.id = %s", [household_id])


def residents(tx: Tx, household_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(RESIDENTS, [household_id])


def care(tx: Tx, household_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(CARE, [household_id])


def changes(tx: Tx, subjects: list[UUID]) -> list[dict[str, Any]]:
    """The history of records: before, after, who, when it was found and when it arrived."""
    return tx.rows(CHANGES, [subjects])


def place(row: dict[str, Any]) -> str:
    """3号楼2单元501室, as it was written down."""
    return "".join((row["building"], row["unit"], row["room"]))
