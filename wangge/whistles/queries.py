"""Reads of whistles; row-level security says which are visible."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.facts import kept_by
from wangge.people.roles import ROLES
from wangge.whistles.models import Box

WHOLE = """
select w.*, a.names, (select count(*) from whistle_members m where m.whistle_id = w.id
        and m.accepted_at is not null) as coming,
    desk.short_name as desk, ruling.short_name as ruling_desk,
    c.number as case_number, c.title as case_title, c.state as case_state
from whistles w join areas a on a.id = w.area_id
join organisations desk on desk.id = w.desk_id
join organisations ruling on ruling.id = w.ruling_desk_id
left join cases c on c.id = w.case_id
"""
CALLS = """
select k.*, o.short_name as unit, o.kind, o.phone
from whistle_calls k join organisations o on o.id = k.unit_id
where k.whistle_id = any(%s) order by k.whistle_id, o.code
"""
STEPS = """
select s.id, s.seq, s.action, s.at, s.actor_kind, s.actor_name, s.actor_title,
    o.short_name as unit, s.note, s.reason
from whistle_steps s left join organisations o on o.id = s.unit_id
where s.whistle_id = %s order by s.seq
"""
RATINGS = "select call_id, by_whom, grade, note, at from whistle_ratings where whistle_id = %s"
MINE = """
(exists (select from whistle_calls k where k.whistle_id = w.id and k.unit_id = any(%(units)s)
    and k.state = 'called')
or w.ruling_desk_id = any(%(rules)s) and exists (select from whistle_calls k
    where k.whistle_id = w.id and k.state = 'contested')
or (w.caller_id = %(me)s or w.desk_id = any(%(leads)s)) and (
    exists (select from whistle_calls k where k.whistle_id = w.id and k.state = 'arrived')
    or w.overdue_at is not null
    or w.kind = 'units' and not exists (select from whistle_calls k where k.whistle_id = w.id
        and k.state in ('called', 'contested'))
    or w.kind = 'members' and (w.report_by < %(now)s or w.wanted <= (select count(*)
        from whistle_members k where k.whistle_id = w.id and k.accepted_at is not null))))
"""
# A party member, a volunteer or an assistant by the lists and posts of the day, ``m.account_id``.
MEMBER = """(exists (select from party_members p where p.account_id = m.account_id
        and p.valid @> city_today())
    or exists (select from team_members t where t.account_id = m.account_id
        and t.kind in ('member', 'retired', 'volunteer') and t.valid @> city_today())
    or exists (select from posts h where h.account_id = m.account_id and h.valid @> city_today()
        and h.role in ('building_head', 'street_head', 'grid_assistant', 'part_time_worker',
            'volunteer')))"""
COMING = """
select k.whistle_id, k.near, k.accepted_at, a.name, a.phone from whistle_members k
join accounts a on a.id = k.account_id
where k.whistle_id = any(%s) and k.accepted_at is not null order by k.accepted_at, a.name
"""
ASKED_OF = """
select w.id, w.number, w.words, w.place_words, w.lon, w.lat, a.names, w.reason, w.skill, w.wanted,
    w.report_by, w.at, w.state, w.conclusion, k.near, k.accepted_at, w.caller_name, w.caller_title,
    case when k.accepted_at is not null then c.phone else '' end as caller_phone,
    (select count(*) from whistle_members o where o.whistle_id = w.id
        and o.accepted_at is not null) as coming
from whistle_members k join whistles w on w.id = k.whistle_id join areas a on a.id = w.area_id
join accounts c on c.id = w.caller_id
where k.account_id = %(me)s and (w.state = 'open'
    or k.accepted_at is not null and w.ended_at > %(now)s - interval '7 days')
order by w.state = 'open' desc, w.report_by, w.id limit 100
"""


def roles_with(permission: str) -> list[str]:
    return [name for name, role in ROLES.items() if permission in role.grants]


def whole(tx: Tx, whistle_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{WHOLE} where w.id = %s", [whistle_id])


def calls(tx: Tx, whistle_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return tx.rows(CALLS, [list(whistle_ids)])


def coming(tx: Tx, whistle_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The members who come, in the order in which they said so."""
    return tx.rows(COMING, [list(whistle_ids)])


def asked_of(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    """The calls that reached a member; one that he has put away is not there."""
    return tx.rows(ASKED_OF, {"me": account_id, "now": tx.now})


def steps(tx: Tx, whistle_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(STEPS, [whistle_id])


def ratings(tx: Tx, whistle_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(RATINGS, [whistle_id])


def page(
    tx: Tx, box: Box, places: dict[str, Any], after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Open ones by their time, those that are over newest first; keyset (time, id)."""
    column, order, sign = (
        ("w.ended_at", "desc", "<") if box is Box.ENDED else ("w.due_at", "asc", ">")
    )
    where = ["w.state <> 'open'" if box is Box.ENDED else "w.state = 'open'"]
    params = {**places, "now": tx.now}
    if box is Box.TODO:
        where.append(MINE)
    if after:
        where.append(f"({column}, w.id) {sign} (%(after_at)s, %(after_id)s)")
        params |= {"after_at": after[0], "after_id": after[1]}
    return tx.rows(
        f"{WHOLE} where {' and '.join(where)} order by {column} {order}, w.id {order}"
        f" limit {limit:d}",
        params,
    )


def sees_case(tx: Tx, case_id: UUID) -> bool:
    return tx.one("select 1 from cases where id = %s", [case_id]) is not None


def of_case(tx: Tx, case_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(f"{WHOLE} where w.case_id = %s order by w.at desc, w.id", [case_id])


KEPT = """
select w.id, array_remove(array[c.about_unit, c.about_account], null) as from_whom
from whistles w join cases c on c.id = w.case_id
where w.id = any(%s) and (c.about_unit is not null or c.about_account is not null)
"""


@kept_by
def kept(tx: Tx, whistle_ids: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    """From whom the facts of these whistles are kept: whom their case is about."""
    return {row["id"]: frozenset(row["from_whom"]) for row in tx.rows(KEPT, [whistle_ids])}


AT_UNIT = """
select distinct p.account_id, a.phone, p.role from posts p
join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today() order by p.role, p.account_id
"""


def people(tx: Tx, unit_id: UUID, roles: Sequence[str]) -> list[dict[str, Any]]:
    """Who holds one of the roles at the unit today, with the telephone."""
    return tx.rows(AT_UNIT, [unit_id, list(roles)])


STAFFED = """exists (select from posts p join accounts c on c.id = p.account_id and c.active
    where p.unit_id = o.id and p.role = any(%(roles)s) and p.valid @> city_today())"""
NEAREST = f"""
select o.id from areas here
join areas a on a.path @> here.path join organisations o on o.area_id = a.id
where here.pos = %(pos)s and o.kind = 'desk' and o.active and {STAFFED}
order by nlevel(a.path) desc, o.code limit 1
"""
ABOVE = f"""
select o.id from organisations desk join areas here on here.id = desk.area_id
join areas a on a.path @> here.path and a.id <> here.id
join organisations o on o.area_id = a.id
where desk.id = %(desk)s and o.kind = 'desk' and o.active and {STAFFED}
order by nlevel(a.path) desc, o.code limit 1
"""


def nearest_desk(tx: Tx, pos: int, roles: Sequence[str]) -> UUID | None:
    """The desk of the place or the nearest above it where one of the roles is held."""
    row = tx.one(NEAREST, {"pos": pos, "roles": list(roles)})
    return row["id"] if row else None


def standing(tx: Tx, desks: Sequence[UUID]) -> UUID | None:
    """The first of some desks that is not dissolved."""
    rows = tx.rows("select id from organisations where id = any(%s) and active", [list(desks)])
    found = {row["id"] for row in rows}
    return next((desk for desk in desks if desk in found), None)


def desk_above(tx: Tx, desk_id: UUID, roles: Sequence[str]) -> UUID | None:
    row = tx.one(ABOVE, {"desk": desk_id, "roles": list(roles)})
    return row["id"] if row else None
