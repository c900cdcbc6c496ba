"""Reads of homes; row-level security says which rows are visible. Names and numbers are masked."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

HOMES = """
select h.id, h.dwelling_id, d.area_id, d.pos, d.building, d.unit, d.room, d.kind, h.people, h.note,
    d.source, d.made_by, w.name as worker, d.found_at, d.received_at, d.verified_at, d.seen_at,
    d.duplicate_of, d.version, h.version as household_version, a.names,
    r.id as contact_id, r.name_mask, r.phone_mask,
    coalesce(c.kinds, '{}') as care, coalesce(t.kinds, '{}') as risks
from dwellings d join households h on h.dwelling_id = d.id and h.active
join areas a on a.id = d.area_id join accounts w on w.id = d.made_by
left join lateral (select id, name_mask, phone_mask from residents
    where household_id = h.id and erased_at is null order by is_contact desc, received_at limit 1)
    r on true
left join lateral (select array_agg(distinct kind order by kind) as kinds from care_entries
    where household_id = h.id and ended_at is null) c on true
left join lateral (select array_agg(distinct kind order by kind) as kinds from home_cautions
    where household_id = h.id and ended_at is null and until >= city_today()) t on true
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
CAUTIONS = """
select n.id, n.kind, n.words, n.until, n.found_at, n.received_at, w.name as worker
from home_cautions n join accounts w on w.id = n.made_by
where n.household_id = %s and n.ended_at is null and n.until >= city_today()
order by n.received_at, n.id
"""
MARKS = """
select array(select distinct kind from care_entries
        where household_id = %(id)s and ended_at is null) as care,
    array(select distinct kind from home_cautions
        where household_id = %(id)s and ended_at is null and until >= city_today()) as risks
"""
CHANGES = """
select c.id, c.record, c.was, c.became, c.words, c.found_at, c.received_at,
    coalesce(w.name, '本人') as worker
from register_changes c left join accounts w on w.id = c.made_by
where c.subject = any(%s) order by c.received_at desc, c.id limit 200
"""

# A number that several people gave is each one's: every entry stands for itself.
OF_PHONE = """
select r.id, r.name_mask, r.phone_mask, r.id_number_mask, r.born, r.guardian, r.purpose, r.consent,
    r.consent_at, r.source, r.found_at, r.verified_at, a.names,
    d.building || d.unit || d.room as address,
    coalesce(c.kinds, '{}') as care
from residents r join households h on h.id = r.household_id
join dwellings d on d.id = h.dwelling_id join areas a on a.id = d.area_id
left join lateral (select array_agg(distinct kind order by kind) as kinds from care_entries
    where resident_id = r.id and ended_at is null) c on true
where r.phone_index = %s and r.erased_at is null order by r.received_at
"""


def of_phone(tx: Tx, index: bytes) -> list[dict[str, Any]]:
    """What the lists of homes keep under a number, for whoever has proved that it is his."""
    return tx.rows(OF_PHONE, [index])


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


def cautions(tx: Tx, household_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(CAUTIONS, [household_id])


def marks(tx: Tx, household_id: UUID) -> tuple[list[str], list[str]]:
    """The kinds of care of a household, and what is to be minded at its door today."""
    row = tx.one(MARKS, {"id": household_id}) or {"care": [], "risks": []}
    return row["care"], row["risks"]


def changes(tx: Tx, subjects: list[UUID]) -> list[dict[str, Any]]:
    """The history of records: before, after, who, when it was found and when it arrived."""
    return tx.rows(CHANGES, [subjects])


def place(row: dict[str, Any]) -> str:
    """3号楼2单元501室, as it was written down."""
    return "".join((row["building"], row["unit"], row["room"]))
