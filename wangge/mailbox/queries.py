"""Reads of the Red Mailbox; row-level security says which rows are visible."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.people.roles import ROLES

BOXES = """
select b.*, a.names, d.short_name as desk, array(select c.name from unnest(b.opener_ids)
    with ordinality as o (id, n) join accounts c on c.id = o.id order by n) as openers
from mailboxes b join areas a on a.id = b.area_id join organisations d on d.id = b.desk_id
"""
OPENINGS = """
select o.*, b.code, b.name, b.place_words, b.lon, b.lat, a.names, p.name as opener,
    p.phone as opener_phone, k.name as closed_by_name, d.short_name as desk
from mailbox_openings o join mailboxes b on b.id = o.mailbox_id
join areas a on a.id = b.area_id join organisations d on d.id = o.desk_id
left join accounts p on p.id = o.opener_id left join accounts k on k.id = o.closed_by
"""
GROUPS = """
select g.*, u.short_name as unit,
    (select count(*) from mailbox_matters m join cases c on c.id = m.case_id
        where m.group_id = g.id and c.state not in {over}) as open
from mailbox_groups g join organisations u on u.id = g.unit_id
"""
OVER = "('closed', 'evaluated', 'declined', 'withdrawn', 'split')"
MATTERS = """
select m.*, l.number as letter_number, l.channel as letter_channel, l.form, l.anonymous,
    b.name as box, b.code as box_code, c.number, c.title, c.text, c.state, c.desk_id, c.version,
    c.place_words, c.photo_id, c.received_at, c.closed_at, c.total_due_at, c.answer,
    c.unit_id, a.names, g.name as group_name, u.short_name as unit, s.name as sorter,
    p.code as posting, exists (select from mailbox_talk_cases t join mailbox_talks k
        on k.id = t.talk_id and k.state <> 'cancelled' where t.case_id = c.id) as on_talk,
    (select count(*) from mailbox_matters x where x.letter_id = m.letter_id) as of_letter
from mailbox_matters m join mailbox_letters l on l.id = m.letter_id
join cases c on c.id = m.case_id join areas a on a.id = c.area_id
left join mailboxes b on b.id = l.mailbox_id left join mailbox_groups g on g.id = m.group_id
left join organisations u on u.id = c.unit_id left join accounts s on s.id = m.sorted_by
left join mailbox_postings p on p.case_id = m.case_id and p.withdrawn_at is null
"""
UNSORTED = "m.sorted_at is null and c.state not in ('declined', 'withdrawn')"
TALKS = """
select t.*, d.short_name as desk, a.name as called_by_name,
    (select count(*) from mailbox_talk_cases x where x.talk_id = t.id) as cases,
    (select count(*) from mailbox_talk_cases x where x.talk_id = t.id and x.decided_at is not null)
        as decided
from mailbox_talks t join organisations d on d.id = t.desk_id
left join accounts a on a.id = t.called_by
"""
TALK_UNITS = """
select p.*, u.short_name as unit, u.kind from mailbox_talk_units p
join organisations u on u.id = p.unit_id where p.talk_id = %s order by u.code
"""
TALK_CASES = """
select t.*, c.number, c.title, c.text, c.state, c.closed_at, m.kind, w.name as decided_by_name
from mailbox_talk_cases t join cases c on c.id = t.case_id
left join mailbox_matters m on m.case_id = t.case_id
left join accounts w on w.id = t.decided_by where t.talk_id = %s order by t.seq
"""
PROMISES = """
select p.*, u.short_name as unit, k.state as task_state, k.ended_at as task_ended_at,
    c.state as case_state, c.handled_at from mailbox_promises p
join organisations u on u.id = p.unit_id join cases c on c.id = p.case_id
left join case_tasks k on k.id = p.task_id where p.talk_id = %s order by p.at, p.id
"""
POSTINGS = """
select p.*, a.names, a.name as area, c.number, c.title, c.state, c.closed_at, c.solved
from mailbox_postings p join areas a on a.id = p.area_id join cases c on c.id = p.case_id
"""
HOLDERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today() order by 1
"""
LEADERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
join areas g on g.id = p.area_id
where p.role = 'leader' and p.valid @> city_today() and %s::int <@ g.span order by 1
"""
ON_POST = """
select a.id from accounts a where a.id = any(%s) and a.active and exists (
    select from posts p where p.account_id = a.id and p.valid @> city_today())
"""


def roles_with(permission: str) -> list[str]:
    return [name for name, role in ROLES.items() if permission in role.grants]


def holders(tx: Tx, unit_id: UUID, permission: str) -> list[UUID]:
    """Who at a unit or desk holds today a post that allows it."""
    return [row["account_id"] for row in tx.rows(HOLDERS, [unit_id, roles_with(permission)])]


def leaders(tx: Tx, pos: int) -> list[UUID]:
    """Who leads the ground of a place."""
    return [row["account_id"] for row in tx.rows(LEADERS, [pos])]


def on_post(tx: Tx, accounts: Sequence[UUID]) -> set[UUID]:
    return {row["id"] for row in tx.rows(ON_POST, [list(accounts)])}


def boxes(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{BOXES} order by b.active desc, b.code")


def box(tx: Tx, box_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{BOXES} where b.id = %s", [box_id])


def openings(tx: Tx, first: date, last: date) -> list[dict[str, Any]]:
    """What has to be done and what was, by day; red ones stand first within a day."""
    return tx.rows(
        f"{OPENINGS} where o.day between %s and %s"
        " order by o.day desc, (o.state = 'missed') desc, b.code limit 500",
        [first, last],
    )


def unexplained(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{OPENINGS} where o.state = 'missed' order by o.day, b.code limit 200")


def mine(tx: Tx, account_id: UUID, day: date) -> list[dict[str, Any]]:
    """The day's openings of one person, and those of the last week that he has not recorded."""
    return tx.rows(
        f"{OPENINGS} where o.opener_id = %(me)s and (o.day = %(day)s or o.day > %(day)s - 7"
        " and o.state in ('due', 'missed')) order by o.day desc, b.code",
        {"me": account_id, "day": day},
    )


def opening(tx: Tx, opening_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{OPENINGS} where o.id = %s", [opening_id])


def groups(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{GROUPS.format(over=OVER)} order by g.active desc, g.name")


def to_sort(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{MATTERS} where {UNSORTED} order by m.sort_due_at, m.case_id limit 200")


def of_way(tx: Tx, way: str) -> list[dict[str, Any]]:
    """Sorted matters that are not over, oldest first."""
    return tx.rows(
        f"{MATTERS} where m.way = %s and c.state not in {OVER} order by m.at, m.case_id limit 200",
        [way],
    )


def wishes(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{MATTERS} where m.kind = 'wish' order by m.at desc, m.case_id limit 200")


def done_unposted(tx: Tx) -> list[dict[str, Any]]:
    """What is decided or done and not yet shown to the public."""
    return tx.rows(
        f"{MATTERS} where p.code is null and m.sorted_at is not null and (c.closed_at is not null"
        " or exists (select from mailbox_talk_cases t where t.case_id = c.id"
        " and t.decided_at is not null)) order by m.at desc, m.case_id limit 100"
    )


def matter(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{MATTERS} where m.case_id = %s", [case_id])


def of_letter(tx: Tx, letter_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(f"{MATTERS} where m.letter_id = %s order by m.seq", [letter_id])


def talks(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{TALKS} order by (t.state = 'planned') desc, t.held_at desc limit 100")


def talk(tx: Tx, talk_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{TALKS} where t.id = %s", [talk_id])


def postings(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{POSTINGS} where p.withdrawn_at is null order by p.at desc limit 300")


def public_postings(
    tx: Tx, area_id: UUID | None, kind: str | None, before: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """What the public reads of an area, newest first; the caller leaves out what names a case."""
    return tx.rows(
        f"{POSTINGS} where p.withdrawn_at is null"
        " and (%(area)s::uuid is null or p.pos <@ (select span from areas where id = %(area)s))"
        " and (%(kind)s::text is null or p.kind = %(kind)s)"
        " and (%(before)s::timestamptz is null or p.at < %(before)s)"
        f" order by p.at desc, p.code limit {limit:d}",
        {"area": area_id, "kind": kind, "before": before},
    )


def public_posting(tx: Tx, code: str) -> dict[str, Any] | None:
    return tx.one(f"{POSTINGS} where p.code = %s and p.withdrawn_at is null", [code])
