"""Reads of fieldwork; row-level security says which rows are visible."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

RECORDS = """
select r.*, a.names, w.name as worker, p.name as partner, d.building, d.unit, d.room,
    array(select c.number from field_cases f join cases c on c.id = f.case_id
        where f.record_id = r.id order by c.number) as cases,
    array(select f.case_id from field_cases f where f.record_id = r.id) as case_ids,
    coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind)
        order by f.created_at, f.id) from files f where f.field_record_id = r.id), '[]') as files
from field_records r join areas a on a.id = r.area_id join accounts w on w.id = r.account_id
left join accounts p on p.id = r.partner_id left join dwellings d on d.id = r.dwelling_id
"""
TASKS = """
select t.*, a.names, d.building, d.unit, d.room, g.name as giver, o.name as owner
from field_tasks t join areas a on a.id = t.area_id join accounts g on g.id = t.given_by
left join accounts o on o.id = t.owner_id left join dwellings d on d.id = t.dwelling_id
"""
COUNTS = """
select r.kind, r.type, r.result, count(*) as n, coalesce(sum(r.people), 0) as people
from field_records r
where (r.account_id = %(me)s or r.partner_id = %(me)s)
    and r.done_at >= %(first)s and r.done_at < %(last)s
group by 1, 2, 3 order by 1, 2, 3
"""
LAST_VISITS = """
select distinct on (dwelling_id) dwelling_id, result, done_at, again_on, account_id
from field_records where kind = 'visit' and dwelling_id = any(%s)
order by dwelling_id, done_at desc, id
"""
HOMES_OF_DAY = """
select count(distinct coalesce(r.dwelling_id, r.id)) as n from field_records r
where r.kind = 'visit' and (r.account_id = %(who)s or r.partner_id = %(who)s)
    and r.done_at >= %(first)s and r.done_at < %(last)s
"""


def record(tx: Tx, record_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{RECORDS} where r.id = %s", [record_id])


def of_household(tx: Tx, household_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(
        f"{RECORDS} where r.household_id = %s order by r.done_at desc, r.id limit 50",
        [household_id],
    )


def mine(tx: Tx, me: UUID, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """One's own records, those in which one went along included, oldest first."""
    return tx.rows(
        f"{RECORDS} where (r.account_id = %(me)s or r.partner_id = %(me)s)"
        " and r.done_at >= %(first)s and r.done_at < %(last)s order by r.done_at, r.id",
        {"me": me, "first": first, "last": last},
    )


def lately(tx: Tx, me: UUID, most: int = 12) -> list[dict[str, Any]]:
    return tx.rows(
        f"{RECORDS} where r.account_id = %s order by r.received_at desc, r.id limit {most:d}", [me]
    )


def open_tasks(tx: Tx, me: UUID) -> list[dict[str, Any]]:
    """One's own and those of the grounds one works on that are nobody's own, first due first."""
    return tx.rows(
        f"{TASKS} where t.state = 'open' and (t.owner_id = %s or (t.pos <@ (select home_scope())"
        " and t.owner_id is null)) order by t.due_on, t.id limit 200",
        [me],
    )


def talks(tx: Tx) -> list[dict[str, Any]]:
    """Notes of talks on one's ground, newest first."""
    return tx.rows(f"{RECORDS} where r.kind = 'talk' order by r.done_at desc, r.id limit 100")


def tasks_about(tx: Tx, records: list[UUID]) -> list[dict[str, Any]]:
    return tx.rows(f"{TASKS} where t.record_id = any(%s) order by t.due_on, t.id", [records])


def counts(tx: Tx, me: UUID, first: datetime, last: datetime) -> list[dict[str, Any]]:
    return tx.rows(COUNTS, {"me": me, "first": first, "last": last})


def last_visits(tx: Tx, dwellings: list[UUID]) -> dict[UUID, dict[str, Any]]:
    return {row["dwelling_id"]: row for row in tx.rows(LAST_VISITS, [dwellings])}


def homes_of_day(tx: Tx, who: UUID, first: datetime, last: datetime) -> int:
    row = tx.one(HOMES_OF_DAY, {"who": who, "first": first, "last": last})
    return int(row["n"]) if row else 0


def next_due(seen_at: datetime | None, known_since: datetime, days: int) -> date:
    """The day by which somebody calls again."""
    since = seen_at or known_since
    return date.fromordinal(since.date().toordinal() + days)


PLANS = """
select p.*, a.names, m.name as maker,
    array(select u.short_name from organisations u where u.id = any(p.unit_ids) order by u.code)
        as units,
    array(select c.name from accounts c where c.id = any(p.account_ids) order by c.name) as people
from patrol_plans p join areas a on a.id = p.area_id join accounts m on m.id = p.made_by
"""


def plans(tx: Tx, since: datetime) -> list[dict[str, Any]]:
    return tx.rows(f"{PLANS} where p.ends_at >= %s order by p.begins_at, p.id limit 100", [since])


def plan(tx: Tx, plan_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{PLANS} where p.id = %s", [plan_id])


def of_plan(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(f"{RECORDS} where r.plan_id = %s order by r.done_at, r.id", [plan_id])
