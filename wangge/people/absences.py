"""不在岗: from when to when somebody is away, so that his deputy is called.

He says so himself, or whoever leads the roster of his unit does when he cannot. No reason is asked
for and it takes no right away: whoever is away may still act. It only says whom to call first.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from psycopg.types.range import TimestamptzRange

from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor

LONGEST = timedelta(days=366)
SEEN = """
select x.id, a.name, x.account_id = %(me)s as own, lower(x.span) as begins, upper(x.span) as ends
from absences x join accounts a on a.id = x.account_id
where upper(x.span) > %(now)s and not isempty(x.span)
    and (x.account_id = %(me)s or exists (select from posts p where p.account_id = x.account_id
        and p.unit_id = any(%(units)s) and p.valid @> city_today()))
order by own desc, lower(x.span), a.name limit 50
"""
COLLEAGUES = """
select distinct a.id, a.name from posts p
join accounts a on a.id = p.account_id and a.active
where p.unit_id = any(%s) and p.valid @> city_today() and a.id <> %s order by a.name, a.id
"""
OF_MY_UNIT = """
select 1 from posts where account_id = %s and unit_id = any(%s) and valid @> city_today() limit 1
"""
ADD = "insert into absences (id, account_id, span, said_at) values (%s, %s, %s, %s)"
# One that has not begun is gone; one that runs ends now.
BACK = """
update absences set span = case when lower(span) >= %(now)s then 'empty'
    else tstzrange(lower(span), least(upper(span), %(now)s)) end
where id = %(id)s
"""


def _led(actor: Actor) -> list[UUID]:
    """The units whose roster he leads."""
    return [post.unit_id for post in actor.posts if post.unit_id and "roster.edit" in post.grants]


def listing(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """One's own, those that run and those to come; of whoever leads a roster also his people's."""
    return tx.rows(SEEN, {"me": actor.id, "now": tx.now, "units": _led(actor)})


def colleagues(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """Those for whom he may say it: the people of the units whose roster he leads."""
    units = _led(actor)
    return tx.rows(COLLEAGUES, [units, actor.id]) if units else []


def say(
    tx: Tx, actor: Actor, key: UUID, *, begins: datetime, ends: datetime, of: UUID | None = None
) -> None:
    """Say that one is away, or one of one's people; a repeat with the same id changes nothing."""
    whose = of or actor.id
    _must_answer_for(tx, actor, whose)
    if tx.one("select 1 from absences where id = %s and account_id = %s", [key, whose]):
        return
    if not begins < ends <= begins + LONGEST or ends <= tx.now:
        raise Invalid(
            "bad_absence",
            "请填写正确的起止时间：止时晚于起时和现在，最长一年",
            "it ends after it begins and after now, within a year",
            field="ends",
        )
    try:
        with tx.conn.transaction():
            tx.run(ADD, [key, whose, TimestamptzRange(begins, ends), tx.now])
    except ExclusionViolation as error:
        raise Refusal(
            "absent_already",
            "这段时间已登记过不在岗；要改请先销掉原来的",
            "that time is down already; end that first",
        ) from error
    _noted(tx, actor, whose, "absence.said", key)


def back(tx: Tx, actor: Actor, key: UUID) -> None:
    """Be back before it is over, or take back what has not begun."""
    row = tx.one("select account_id from absences where id = %s for update", [key])
    if row is None or (
        row["account_id"] != actor.id
        and tx.one(OF_MY_UNIT, [row["account_id"], _led(actor)]) is None
    ):
        raise NotFound("no_such_absence", "没有这条登记", "no such absence")
    tx.run(BACK, {"now": tx.now, "id": key})
    _noted(tx, actor, row["account_id"], "absence.ended", key)


def _must_answer_for(tx: Tx, actor: Actor, whose: UUID) -> None:
    if whose != actor.id and tx.one(OF_MY_UNIT, [whose, _led(actor)]) is None:
        raise NotAllowed(
            "not_your_people",
            "只能替本单位的人登记，且须由管值班表的人登记",
            "whoever leads the roster of his unit says it for somebody else",
        )


def _noted(tx: Tx, actor: Actor, whose: UUID, what: str, key: UUID) -> None:
    """What one says for another is kept; of oneself it is nobody's business."""
    if whose != actor.id:
        record(tx, what, key, detail={"account_id": str(whose)})
