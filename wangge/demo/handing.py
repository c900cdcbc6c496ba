"""The city hands over: a shift given and taken, promises, a thing lent, and somebody who left."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.demo.ground_plan import stable_id
from wangge.demo.players import Players
from wangge.handovers import handlers, lending, promises, shifts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.people import appointments

FOLLOWED = (handlers,)  # what a leaver had in hand follows from it
DESK = """
select p.unit_id, p.account_id from posts p join accounts a on a.id = p.account_id
where p.role = 'acceptor' and p.valid @> city_today() and a.profile ? 'demo'
order by (a.profile -> 'demo' ->> 'order')::int limit 1
"""
AT_DESK = """
select id from cases where desk_id = %s and duty = 'desk' order by received_at desc, id limit 2
"""
SERVED = """
select s.id, s.account_id from duty_shifts s
where s.unit_id = %s and s.duty = 'on_duty' and upper(s.span) between %s and %s
order by upper(s.span) desc limit 1
"""
COLLEAGUE = """
select account_id from posts where unit_id = %s and account_id <> %s and valid @> city_today()
order by role, id limit 1
"""
# Somebody with cases in hand in a unit where others go on with them; nobody of the chosen cast.
LEAVER = """
select p.id from posts p join accounts a on a.id = p.account_id and not a.profile ? 'demo'
where p.role = 'handler' and p.valid @> city_today()
    and exists (select from posts o where o.unit_id = p.unit_id and o.account_id <> p.account_id
        and o.role in ('handler', 'department_manager') and o.valid @> city_today())
order by (select count(*) from cases c where c.unit_id = p.unit_id
    and c.holder_id = p.account_id and c.state = 'handling') desc, p.id limit 1
"""
PROMISED = ("今天下班前给您回电话说明进展", "明天上午派人到现场查看")


def live(tx: Tx) -> int:
    """Write a little of everything at the desk of the cast; returns how many things."""
    desk = tx.one(DESK)
    if desk is None:
        return 0
    players, unit = Players(tx), desk["unit_id"]
    acceptor = players.with_id(desk["account_id"])
    done = 0
    for words, row in zip(PROMISED, tx.rows(AT_DESK, [unit]), strict=False):
        promises.make(tx, acceptor, row["id"], key=stable_id("promise", str(row["id"])),
                      words=words, by=tx.now + timedelta(hours=6 + 14 * done))  # fmt: skip
        done += 1
    lending.lend(tx, acceptor, stable_id("lent", str(unit)), unit_id=unit, what="应急照明灯 2 只",
                 to_whom="综合执法队", due=tx.now + timedelta(days=1))  # fmt: skip
    done += 1 + _handed_over(tx, players, unit)
    leaver = tx.one(LEAVER)
    if leaver:
        appointments.end(tx, leaver["id"], actor=None)
        done += 1
    return done


def _handed_over(tx: Tx, players: Players, unit: UUID) -> int:
    shift: dict[str, Any] | None = tx.one(SERVED, [unit, tx.now - timedelta(days=2), tx.now])
    other = tx.one(COLLEAGUE, [unit, shift["account_id"]]) if shift else None
    if shift is None or other is None:
        return 0
    key = stable_id("handover", str(shift["id"]))
    try:
        shifts.give(tx, players.with_id(shift["account_id"]), key, shift_id=shift["id"],
                    words="夜间无紧急事项，两件承诺请跟进。")  # fmt: skip
        shifts.take(tx, players.with_id(other["account_id"]), key, words="已清点")
    except Refusal:
        return 0
    return 1
