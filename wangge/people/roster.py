"""The duty roster: who is on duty, who leads, who stands by, and who else if nobody does."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.errors import ExclusionViolation
from psycopg.types.range import TimestamptzRange

from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import FIRST_DAY, LAST_DAY, Actor
from wangge.tenant.service import rules

LONGEST = timedelta(days=7)


class Duty(StrEnum):
    """值班员, 带班领导, 备班."""

    ON_DUTY = "on_duty"
    LEADER = "leader"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is to be woken now; ``written`` is false for a post holder of last resort."""

    duty: Duty
    account_id: UUID
    name: str
    phone: str
    unit_id: UUID
    unit: str
    written: bool
    instead_of: str | None = None


# The desk itself, then the desks of the areas above it, nearest first.
CHAIN = """
with desk as (
    select o.id, a.path from organisations o join areas a on a.id = o.area_id
    where o.id = %(desk)s),
chain as (
    select o.id, o.short_name, 2 * nlevel(a.path) + (o.id = desk.id)::int as depth
    from desk, organisations o join areas a on a.id = o.area_id
    where o.active and (o.id = desk.id or (o.kind = 'desk' and a.path @> desk.path)))
"""
WRITTEN = (
    CHAIN
    + """
select distinct on (s.duty, c.depth, p.id) s.duty, p.id as account_id, p.name, p.phone,
    c.id as unit_id, c.short_name as unit, c.depth,
    case when p.id <> s.account_id then w.name end as instead_of
from chain c join duty_shifts s on s.unit_id = c.id and s.span @> %(at)s::timestamptz
left join shift_stands t on t.shift_id = s.id and t.span @> %(at)s::timestamptz
join accounts p on p.id = coalesce(t.account_id, s.account_id) and p.active
join accounts w on w.id = s.account_id
order by s.duty, c.depth desc, p.id, instead_of nulls first
"""
)
POST_HOLDERS = (
    CHAIN
    + """
select 'on_duty' as duty, p.id as account_id, p.name, p.phone, c.id as unit_id,
    c.short_name as unit, c.depth, null as instead_of
from chain c join posts h on h.unit_id = c.id and h.role = 'duty_leader'
    and h.valid @> city_today()
join accounts p on p.id = h.account_id and p.active
order by c.depth desc, p.id
"""
)


def on_duty(tx: Tx, desk_id: UUID, *, at: datetime | None = None) -> list[Turn]:
    """Return who serves the unit at a moment (now), each duty from the nearest desk that has it.

    A unit with nobody written for a duty hands it up to the desk of its area, then of those above.
    Where no desk up to the city has anybody on duty, the nearest duty leaders by post take it.
    """
    values = {"desk": desk_id, "at": at or tx.now}
    turns = _nearest(tx.rows(WRITTEN, values), written=True)
    if not any(turn.duty is Duty.ON_DUTY for turn in turns):
        turns += _nearest(tx.rows(POST_HOLDERS, values), written=False)
    return turns


def _nearest(rows: list[dict[str, Any]], *, written: bool) -> list[Turn]:
    deepest: dict[str, int] = {}
    for row in rows:
        deepest[row["duty"]] = max(row["depth"], deepest.get(row["duty"], 0))
    return [
        Turn(
            Duty(row["duty"]),
            row["account_id"],
            row["name"],
            row["phone"],
            row["unit_id"],
            row["unit"],
            written,
            row["instead_of"],
        )
        for row in rows
        if row["depth"] == deepest[row["duty"]]
    ]


WEEK = """
select s.id, s.duty, lower(s.span) as begins, upper(s.span) as ends, s.note,
    jsonb_build_object('id', a.id, 'name', a.name, 'phone', a.phone) as account,
    coalesce((select jsonb_agg(jsonb_build_object('account', jsonb_build_object('id', c.id,
        'name', c.name, 'phone', c.phone), 'begins', lower(t.span), 'ends', upper(t.span),
        'kind', g.kind) order by lower(t.span))
        from shift_stands t join accounts c on c.id = t.account_id
        join shift_changes g on g.id = t.change_id where t.shift_id = s.id), '[]') as stands
from duty_shifts s join accounts a on a.id = s.account_id
where s.unit_id = %s and s.span && tstzrange(%s, %s) order by lower(s.span), s.duty, a.username
"""


def week(tx: Tx, unit_id: UUID, *, day: date | None = None) -> dict[str, Any]:
    """Return the week of ``day`` (today), Monday to Sunday in the city's zone, and its shifts."""
    row = tx.one("select zone from clock")
    zone = ZoneInfo(row["zone"] if row else "UTC")
    day = day or tx.now.astimezone(zone).date()
    days = [day + timedelta(days=n - day.weekday()) for n in range(8)]
    monday, next_monday = (datetime.combine(day, time(), zone) for day in (days[0], days[7]))
    items = tx.rows(WEEK, [unit_id, monday, next_monday])
    return {
        "unit_id": unit_id,
        "zone": zone.key,
        "days": days[:7],
        "calendar": [_in_calendar(tx, unit_id, one, items, zone) for one in days[:7]],
        "items": items,
        "changes": tx.rows(CHANGES, [unit_id, monday, next_monday]),
        "next": None,
    }


def _in_calendar(
    tx: Tx, unit_id: UUID, on: date, items: list[dict[str, Any]], zone: ZoneInfo
) -> dict[str, Any]:
    """What a day is in the city's calendar, and the duties that nobody is written for on it."""
    day = rules(tx).calendar_of(unit_id).days[on]
    noon = datetime.combine(on, time(12), zone)
    written = {item["duty"] for item in items if item["begins"] <= noon < item["ends"]}
    needed = [Duty.ON_DUTY] if day.spans else [Duty.ON_DUTY, Duty.LEADER]
    return {
        "day": on,
        "works": bool(day.spans),
        "why": day.why,
        "name": {"zh": day.name.zh, "en": day.name.en} if day.name else None,
        "missing": [duty for duty in needed if duty not in written] if items else [],
    }


CHANGES = """
select g.id, g.kind, g.state, g.shift_id, g.other_id, lower(g.span) as begins,
    upper(g.span) as ends, g.words, g.why, g.asked_by, g.decided_name,
    jsonb_build_object('id', f.id, 'name', f.name) as "from",
    jsonb_build_object('id', t.id, 'name', t.name) as "to"
from shift_changes g join duty_shifts s on s.id = g.shift_id
join accounts f on f.id = g.from_account join accounts t on t.id = g.to_account
where g.unit_id = %s and s.span && tstzrange(%s, %s)
order by g.asked_at desc, g.id limit 100
"""
UNIT = """
select o.id, a.pos, a.span::text as span from organisations o left join areas a on a.id = o.area_id
where o.id = %s and o.active
"""
SERVES = """
select 1 from posts p left join areas a on a.id = p.area_id
where p.account_id = %s and p.valid @> city_today() and (p.unit_id = %s
    or a.pos <@ (select u.span from organisations o join areas u on u.id = o.area_id
        where o.id = %s))
"""


def may_write(tx: Tx, unit_id: UUID, *, actor: Actor) -> None:
    """Refuse unless a post of the actor grants the roster of this unit or of its area."""
    unit = tx.one(UNIT, [unit_id])
    if unit is None:
        raise NotFound("no_such_unit", "没有此单位", "no such unit", field="unit_id")
    actor.must_at("roster.edit", pos=unit["pos"], unit_id=unit_id)


def add(
    tx: Tx,
    shift_id: UUID,
    *,
    unit_id: UUID,
    duty: str,
    account_id: UUID,
    begins: datetime,
    ends: datetime,
    note: str = "",
    actor: Actor | None,
) -> None:
    """Write a shift; a repeat with the same id changes nothing. ``actor`` None: the system."""
    if actor:
        may_write(tx, unit_id, actor=actor)
    if duty not in set(Duty):
        raise Invalid("bad_duty", "没有此类值班", "no such duty", field="duty")
    aware = begins.tzinfo is not None and ends.tzinfo is not None
    sane = FIRST_DAY <= begins.date() <= LAST_DAY
    if not (aware and sane and begins < ends <= begins + LONGEST):
        raise Invalid(
            "bad_shift",
            "值班时间须有时区，止晚于起，且不超过七天",
            "a shift has a time zone, ends after it begins and lasts seven days at most",
            field="ends",
        )
    if tx.one(SERVES, [account_id, unit_id, unit_id]) is None:
        raise Invalid(
            "not_of_this_unit",
            "此人在该单位及其辖区没有岗位",
            "this person holds no post in the unit or its area",
            field="account_id",
        )
    span = TimestamptzRange(begins, ends)
    _insert(tx, shift_id, unit_id, duty, account_id, span, note, actor.id if actor else None)
    record(tx, "roster.added", shift_id, detail={"unit_id": str(unit_id), "duty": duty})


INSERT = """
insert into duty_shifts (id, unit_id, duty, account_id, span, note, created_by)
values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing
"""


def _insert(tx: Tx, *values: object) -> None:
    try:
        tx.run(INSERT, values)
    except ExclusionViolation:
        raise Refusal(
            "shift_overlaps",
            "此人在这段时间已排了同样的班",
            "this person already has this duty in that time",
        ) from None


def remove(tx: Tx, shift_id: UUID, *, actor: Actor) -> None:
    """Take a shift back; one that has begun ends now, for who was on duty stays on record."""
    row = tx.one(
        "select unit_id, lower(span) < %s as begun, upper(span) <= %s as over from duty_shifts"
        " where id = %s",
        [tx.now, tx.now, shift_id],
    )
    if row is None:
        raise NotFound("no_such_shift", "没有此班次", "no such shift")
    may_write(tx, row["unit_id"], actor=actor)
    if row["over"]:
        raise Refusal(
            "shift_over",
            "这个班已经值完，记录不能删除",
            "this shift is over; who was on duty stays on record",
        )
    if row["begun"]:
        tx.run(
            "update duty_shifts set span = tstzrange(lower(span), %s) where id = %s",
            [tx.now, shift_id],
        )
        tx.run(
            "delete from shift_stands where shift_id = %s and lower(span) >= %s", [shift_id, tx.now]
        )
        record(tx, "roster.ended", shift_id, detail={"unit_id": str(row["unit_id"])})
        return
    tx.run("delete from duty_shifts where id = %s", [shift_id])
    record(tx, "roster.removed", shift_id, detail={"unit_id": str(row["unit_id"])})
