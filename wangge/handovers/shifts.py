"""交接班: the list at the end of a shift, frozen when it is given, signed by both."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from psycopg.types.json import Jsonb

from wangge.handovers import promises
from wangge.handovers.models import Row
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, NotFound, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor

GRACE = timedelta(minutes=30)
BACK = timedelta(days=14)
MOST = 100
# Who had a shift at its end (or has it now): whoever stands in then, else who was written.
SHIFT = """
select s.id, s.unit_id, lower(s.span) as begins, upper(s.span) as ends, o.short_name as unit,
    coalesce(t.account_id, s.account_id) as account_id, a.name, h.id as handover_id,
    h.given_at, h.taken_at
from duty_shifts s join organisations o on o.id = s.unit_id
left join shift_stands t on t.shift_id = s.id
    and t.span @> least(%(now)s, upper(s.span) - interval '1 second')
join accounts a on a.id = coalesce(t.account_id, s.account_id)
left join shift_handovers h on h.shift_id = s.id
where s.duty = 'on_duty'
"""
TO_GIVE = f"""
{SHIFT} and s.unit_id = %(unit)s and coalesce(t.account_id, s.account_id) = %(me)s
    and lower(s.span) <= %(now)s and upper(s.span) > %(now)s - interval '1 day' and h.id is null
order by lower(s.span) limit 1
"""
TO_TAKE = """
select * from shift_handovers where unit_id = %s and taken_at is null and given_by <> %s
order by ends desc, id limit 1
"""
MISSING = f"""
{SHIFT} and s.unit_id = %(unit)s and upper(s.span) > %(now)s - %(back)s
    and upper(s.span) + %(grace)s < %(now)s
    and (h.id is null or (h.taken_at is null and h.given_at + %(grace)s < %(now)s))
order by upper(s.span) desc limit 50
"""
GIVEN = "select * from shift_handovers where unit_id = %s order by ends desc, id limit 30"
# What came or moved in the shift, what is late, and what is due before the next one ends.
OPEN = """
select c.id, c.number, c.title, c.state, c.due_at, c.overdue_at is not null as overdue,
    cardinality(c.emergency) > 0 as emergency, count(*) over () as in_all
from cases c
where ((c.desk_id = %(unit)s and c.duty in ('desk', 'grid', 'supervisor'))
        or (c.unit_id = %(unit)s and c.duty = 'unit'))
    and c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged', 'split')
    and (c.overdue_at is not null or c.due_at < %(next)s or c.received_at >= %(begins)s
        or exists (select from case_steps s where s.case_id = c.id and s.at >= %(begins)s
            and s.actor_kind <> 'system'))
order by cardinality(c.emergency) > 0 desc, c.due_at, c.id limit %(most)s
"""
LENT = """
select id, what, to_whom, due_at, lent_name, lent_at from lent_items
where unit_id = %s and returned_at is null order by lent_at, id limit 100
"""
# Units in which shifts are handed over: one was given within the last weeks.
FORGOTTEN = """
select s.id, s.unit_id, upper(s.span) as ends, o.short_name as unit,
    coalesce(t.account_id, s.account_id) as account_id, a.name
from duty_shifts s join organisations o on o.id = s.unit_id
left join shift_stands t on t.shift_id = s.id and t.span @> upper(s.span) - interval '1 second'
join accounts a on a.id = coalesce(t.account_id, s.account_id)
where s.duty = 'on_duty'
    and upper(s.span) between %(now)s - interval '2 hours' and %(now)s - %(grace)s
    and not exists (select from shift_handovers h where h.shift_id = s.id)
    and exists (select from shift_handovers h where h.unit_id = s.unit_id
        and h.ends > %(now)s - interval '30 days')
"""
LEADS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role in ('duty_leader', 'department_manager', 'property_manager')
    and p.valid @> city_today()
"""


def must_see(tx: Tx, actor: Actor, unit_id: UUID) -> Row:
    """The unit, for whoever holds a post there or leads its roster; for others there is none."""
    unit = tx.one(
        "select o.id, o.short_name as name, a.pos from organisations o"
        " left join areas a on a.id = o.area_id where o.id = %s",
        [unit_id],
    )
    if unit is None or not (
        unit_id in actor.unit_ids or actor.may_at("roster.edit", pos=unit["pos"], unit_id=unit_id)
    ):
        raise NotFound("no_such_unit", "没有此单位", "no such unit", field="unit_id")
    return unit


def content(tx: Tx, unit_id: UUID, shift: Row) -> dict[str, Any]:
    """What is handed on: open items of the shift, promises to keep, things lent."""
    values = {
        "unit": unit_id,
        "begins": shift["begins"],
        "next": shift["ends"] + (shift["ends"] - shift["begins"]),
        "most": MOST,
    }
    cases = tx.rows(OPEN, values)
    return {
        "in_all": cases[0]["in_all"] if cases else 0,
        "cases": [{k: v for k, v in one.items() if k != "in_all"} for one in cases],
        "promises": [promises.shown(row, tx.now) for row in promises.open_at(tx, unit_id)],
        "lent": tx.rows(LENT, [unit_id]),
    }


def board(tx: Tx, actor: Actor, unit_id: UUID) -> dict[str, Any]:
    """Of one unit: the shift that I am to hand over, what I am to take, what is missing."""
    unit = must_see(tx, actor, unit_id)
    values = {"unit": unit_id, "me": actor.id, "now": tx.now, "grace": GRACE, "back": BACK}
    shift = tx.one(TO_GIVE, values)
    taking = tx.one(TO_TAKE, [unit_id, actor.id]) if unit_id in actor.unit_ids else None
    return {
        "unit": {"id": unit_id, "name": unit["name"]},
        "shift": shift,
        "content": content(tx, unit_id, shift) if shift else None,
        "to_take": taking,
        "lent": tx.rows(LENT, [unit_id]),
        "missing": tx.rows(MISSING, values),
        "items": tx.rows(GIVEN, [unit_id]),
        "may_lend": unit_id in actor.unit_ids,
    }


def give(tx: Tx, actor: Actor, key: UUID, *, shift_id: UUID, words: str) -> None:
    """Sign the list of one's shift; it stands as it is now. A repeat changes nothing."""
    known = tx.one("select given_by from shift_handovers where id = %s", [key])
    if known:
        if known["given_by"] != actor.id:
            raise Refusal("id_taken", "此编号已被使用", "this id is taken")
        return
    shift = tx.one(f"{SHIFT} and s.id = %(shift)s for update of s",
                   {"now": tx.now, "shift": shift_id})  # fmt: skip
    if shift is None:
        raise NotFound("no_such_shift", "没有此班次", "no such shift")
    if shift["account_id"] != actor.id:
        raise NotAllowed("not_your_shift", "只能交自己的班", "only one's own shift is handed over")
    if shift["handover_id"]:
        raise Refusal("shift_given", "这个班已经交过了", "this shift was handed over already")
    if shift["begins"] > tx.now:
        raise Refusal("shift_not_begun", "这个班还没有开始", "this shift has not begun")
    frozen = orjson.loads(orjson.dumps(content(tx, shift["unit_id"], shift), default=str))
    tx.insert(
        "shift_handovers",
        [
            {
                "id": key,
                "shift_id": shift_id,
                "unit_id": shift["unit_id"],
                "begins": shift["begins"],
                "ends": shift["ends"],
                "content": Jsonb(frozen),
                "given_by": actor.id,
                "given_name": actor.name,
                "given_words": words,
                "given_at": tx.now,
            }
        ],
    )


def take(tx: Tx, actor: Actor, key: UUID, *, words: str) -> None:
    """接班签字: somebody else of the unit; what he adds stands beside it."""
    row = tx.one("select * from shift_handovers where id = %s for update", [key])
    if row is None or row["unit_id"] not in actor.unit_ids:
        raise no_such_handover()
    if row["given_by"] == actor.id:
        raise NotAllowed("own_handover", "交班和接班须由两个人签字", "two people sign a handover")
    if row["taken_by"] == actor.id:
        return
    if row["taken_by"]:
        raise Refusal("shift_taken", "这个班已有人接了", "somebody has taken this shift over")
    tx.run(
        "update shift_handovers set taken_by = %s, taken_name = %s, taken_words = %s,"
        " taken_at = %s where id = %s",
        [actor.id, actor.name, words, tx.now, key],
    )


def one(tx: Tx, actor: Actor, key: UUID) -> Row:
    row = tx.one(
        "select h.*, o.short_name as unit from shift_handovers h"
        " join organisations o on o.id = h.unit_id where h.id = %s",
        [key],
    )
    if row is None:
        raise no_such_handover()
    try:
        must_see(tx, actor, row["unit_id"])
    except NotFound:
        raise no_such_handover() from None
    return row


def no_such_handover() -> NotFound:
    return NotFound("no_such_handover", "没有这份交接班记录", "there is no such handover")


def remind(tx: Tx) -> int:
    """A shift that ended without a handover is told once to whoever had it and to the leader."""
    out = []
    for row in tx.rows(FORGOTTEN, {"now": tx.now, "grace": GRACE}):
        leaders = [one["account_id"] for one in tx.rows(LEADS, [row["unit_id"]])]
        body = {"unit": row["unit"], "name": row["name"]}
        out += [
            notices.Notice(one, "handover_missing", None, body, id=uuid5(row["id"], str(one)))
            for one in dict.fromkeys([row["account_id"], *leaders])
        ]
    notices.notify(tx, out)
    return len(out)
