"""The daily task of opening: whose day it is, what he says of it, and what nobody did."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.audit import service as audit
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.mailbox import queries
from wangge.mailbox.models import Days, Record
from wangge.mailbox.rights import must_run, no_such_opening, not_his_day
from wangge.mailbox.telling import moved, tell
from wangge.people.models import Actor
from wangge.tenant.service import rules

# A record that is made so much later than the opening it tells of says so.
AT_ONCE = timedelta(minutes=15)
SLIP = timedelta(minutes=2)
LOCK = "select * from mailbox_openings where id = %s for update"
WITHOUT_TASK = """
select b.* from mailboxes b where b.active and not exists (
    select from mailbox_openings o where o.mailbox_id = b.id and o.day = %s)
order by b.id for update of b
"""
MAKE = """
insert into mailbox_openings (id, mailbox_id, day, pos, desk_id, opener_id, due_at)
values (%(id)s, %(box)s, %(day)s, %(pos)s, %(desk)s, %(opener)s, %(due)s)
on conflict (mailbox_id, day) do nothing
"""
OPENED = """
update mailbox_openings set state = 'opened', opened_at = %(opened)s, recorded_at = %(now)s,
    letters = %(letters)s, note = %(note)s where id = %(id)s
"""
MISSED = """
update mailbox_openings o set state = 'missed', missed_at = %(now)s from mailboxes b
where b.id = o.mailbox_id and o.state = 'due' and o.due_at < %(now)s
returning o.*, b.name, b.code
"""
EXPLAINED = """
update mailbox_openings set state = 'explained', reason = %s, closed_by = %s, closed_at = %s
where id = %s
"""


def day_of(tx: Tx, moment: datetime | None = None) -> date:
    return (moment or tx.now).astimezone(rules(tx).calendar.days.zone).date()


def turn(tx: Tx, openers: list[UUID], day: date) -> UUID | None:
    """Whose day it is: they take turns; who holds no post any more is passed over."""
    here = queries.on_post(tx, openers)
    standing = [one for one in openers if one in here]
    return standing[day.toordinal() % len(standing)] if standing else None


def prepare(tx: Tx, day: date | None = None) -> int:
    """Write down the day's openings and remind whoever has them; returns how many are new."""
    day = day or day_of(tx)
    days, made = rules(tx).calendar.days, 0
    for box in tx.rows(WITHOUT_TASK, [day]):
        if box["days"] == Days.WORKING and not days[day].spans:
            continue
        opener = turn(tx, box["opener_ids"], day)
        task = {"id": uuid5(box["id"], day.isoformat()), "box": box["id"], "day": day}
        task |= {"pos": box["pos"], "desk": box["desk_id"], "opener": opener}
        due = days.moment(day, box["open_by"])
        made += tx.run(MAKE, task | {"due": due})
        # Where nobody is left to take turns the desk has to name somebody.
        whom = [opener] if opener else queries.holders(tx, box["desk_id"], "mailbox.run")
        code = "mailbox_open_today" if opener else "mailbox_nobody_opens"
        tell(tx, whom, code, task["id"], _body(box, day, box["open_by"]))
        moved(tx, task["id"], "opening", box["pos"], [box["desk_id"]], opener)
    return made


def mark_missed(tx: Tx) -> int:
    """Red: the time is over and nobody opened; he, the desk and the leader are told once."""
    rows = tx.rows(MISSED, {"now": tx.now})
    for row in rows:
        whom = [
            *queries.holders(tx, row["desk_id"], "mailbox.run"),
            *queries.leaders(tx, row["pos"]),
            *([row["opener_id"]] if row["opener_id"] else []),
        ]
        tell(tx, whom, "mailbox_missed", row["id"], _body(row, row["day"]))
        moved(tx, row["id"], "opening", row["pos"], [row["desk_id"]], row["opener_id"])
    return len(rows)


def _body(box: dict[str, Any], day: date, by: str = "") -> dict[str, str]:
    return {"box": f"{box['code']} {box['name']}", "day": f"{day.month}月{day.day}日", "by": by}


def locked(tx: Tx, opening_id: UUID) -> dict[str, Any]:
    row = tx.one(LOCK, [opening_id])
    if row is None:
        raise no_such_opening()
    return row


def record(tx: Tx, actor: Actor, opening_id: UUID, given: Record) -> None:
    """The day's person says when he opened and how many letters there were; the same again stands.

    The time of the record is the server's own: what is written down afterwards shows it.
    """
    row = locked(tx, opening_id)
    if row["opener_id"] != actor.id:
        if not _sees(actor, row):
            raise no_such_opening()
        raise not_his_day()
    if row["state"] == "opened":
        if (row["opened_at"], row["letters"]) == (given.opened_at, given.letters):
            return
        raise Refusal("already_opened", "这次开箱已经记录", "this opening is recorded already")
    if row["state"] == "explained":
        raise Refusal(
            "opening_closed", "这次漏开已由受理台说明并关闭",
            "the desk has explained this missed opening and closed it",
        )  # fmt: skip
    if given.opened_at > tx.now + SLIP or day_of(tx, given.opened_at) != row["day"]:
        raise Invalid(
            "bad_time",
            "开箱时间要在当天、不晚于现在；当天没有开箱的，请受理台说明原因",
            "the opening lies on its day and not ahead; if the box was not opened that day the"
            " desk says why",
            field="opened_at",
        )
    if is_late(row, given.opened_at, tx.now) and not given.note.strip():
        raise Invalid(
            "field_needed", "补记或逾时开箱，请写明原因",
            "say why, because it is recorded afterwards or opened late", field="note",
        )  # fmt: skip
    tx.run(
        OPENED,
        {"id": opening_id, "opened": min(given.opened_at, tx.now), "now": tx.now,
         "letters": given.letters, "note": given.note.strip()},
    )  # fmt: skip
    moved(tx, opening_id, "opening", row["pos"], [row["desk_id"]], actor.id)


def _sees(actor: Actor, row: dict[str, Any]) -> bool:
    return row["desk_id"] in actor.unit_ids or any(post.covers(row["pos"]) for post in actor.posts)


def is_late(row: dict[str, Any], opened_at: datetime, recorded_at: datetime) -> bool:
    """Whether it was opened after its time or written down afterwards."""
    return opened_at > row["due_at"] or is_backdated(opened_at, recorded_at)


def is_backdated(opened_at: datetime, recorded_at: datetime) -> bool:
    return recorded_at - opened_at > AT_ONCE


def name(tx: Tx, actor: Actor, opening_id: UUID, opener_id: UUID) -> None:
    """代班: the desk names who opens instead, as long as nothing is recorded."""
    row = locked(tx, opening_id)
    must_run(actor, row["desk_id"], no_such_opening())
    if row["state"] not in ("due", "missed"):
        raise Refusal("already_opened", "这次开箱已经记录", "this opening is recorded already")
    if opener_id not in queries.on_post(tx, [opener_id]):
        raise Invalid(
            "opener_without_post", "开箱人现在没有岗位，请改选",
            "whoever opens the box needs a post; choose another", field="opener_id",
        )  # fmt: skip
    tx.run("update mailbox_openings set opener_id = %s where id = %s", [opener_id, opening_id])
    before = str(row["opener_id"]) if row["opener_id"] else ""
    audit.record(
        tx, "mailbox.opener", opening_id, detail={"from": before, "to": str(opener_id)},
        account_id=actor.id,
    )  # fmt: skip
    box = queries.box(tx, row["mailbox_id"]) or {}
    tell(tx, [opener_id], "mailbox_open_today", opening_id, _body(box, row["day"], box["open_by"]))
    moved(tx, opening_id, "opening", row["pos"], [row["desk_id"]], opener_id)


def explain(tx: Tx, actor: Actor, opening_id: UUID, reason: str) -> None:
    """Close what nobody did, with the reason; that it was missed and since when stays written."""
    row = locked(tx, opening_id)
    must_run(actor, row["desk_id"], no_such_opening())
    if row["state"] != "missed":
        raise Refusal("not_missed", "这次开箱没有漏开", "this opening was not missed")
    if not reason.strip():
        raise Invalid("field_needed", "请写明原因", "please say why", field="reason")
    tx.run(EXPLAINED, [reason.strip(), actor.id, tx.now, opening_id])
    audit.record(tx, "mailbox.explained", opening_id, account_id=actor.id)
    moved(tx, opening_id, "opening", row["pos"], [row["desk_id"]], row["opener_id"])
