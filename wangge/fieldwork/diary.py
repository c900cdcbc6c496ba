"""网格日记: the day writes itself from what was done; the words of its owner are his alone.

The log is the union of what was recorded elsewhere. Nothing is counted from it for anybody else.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from wangge.fieldwork import queries, views
from wangge.fieldwork.recording import today
from wangge.fieldwork.rounds import day_span
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

LONGEST_SPAN = 92
LONGEST_NOTE = 20_000
# The expression of cases, said in place: a case that has left his sight keeps its number alone.
SEES = """(c.pos <@ nullif(current_setting('app.scope', true), '')::int4multirange
    or c.unit_ids && nullif(current_setting('app.units', true), '')::uuid[]
    or c.created_by = %(me)s) and not c.id = any(kept_from_me())"""
# What one account has done, from every place that keeps it; a title only as far as he may see it.
ACTIONS = f"""
select s.at, 'case' as kind, s.action as did, s.case_id as subject, c.number as number,
    case when {SEES} then c.title else '' end as words,
    case when {SEES} then c.place_words else '' end as place, 1 as n
from case_steps s join cases c on c.id = s.case_id
where s.account_id = %(me)s and s.at >= %(first)s and s.at < %(last)s and s.action <> 'spot_check'
union all
select t.done_at, 'task', t.state, t.record_id, '', t.words,
    coalesce(d.building || d.unit || d.room, ''), 1
from field_tasks t left join dwellings d on d.id = t.dwelling_id
where t.ended_by = %(me)s and t.done_at >= %(first)s and t.done_at < %(last)s
union all
select o.recorded_at, 'opening', 'opened', o.id, b.code, b.name, b.place_words, o.letters
from mailbox_openings o join mailboxes b on b.id = o.mailbox_id
where o.opener_id = %(me)s and o.state = 'opened' and o.recorded_at >= %(first)s
    and o.recorded_at < %(last)s
union all
select w.at, 'whistle', w.action, w.whistle_id, h.number, h.words, h.place_words, 1
from whistle_steps w join whistles h on h.id = w.whistle_id
where w.account_id = %(me)s and h.case_id is null and w.at >= %(first)s and w.at < %(last)s
union all
select max(h.found_at), 'screening', 'screened', null, '', '', a.names[cardinality(a.names)],
    count(*)
from households h join dwellings d on d.id = h.dwelling_id join areas a on a.id = d.area_id
where h.made_by = %(me)s and h.found_at >= %(first)s and h.found_at < %(last)s
group by a.id, (h.found_at at time zone %(zone)s)::date
union all
select max(k.found_at), 'correction', k.record, k.subject, '', max(k.words), '', count(*)
from register_changes k
where k.made_by = %(me)s and k.found_at >= %(first)s and k.found_at < %(last)s
group by k.record, k.subject, (k.found_at at time zone %(zone)s)::date
"""
NAMES = {
    ("task", "done"): ("办好一件走访留下的事", "Did what a visit left"),
    ("task", "dropped"): ("说明不办的原因", "Said why it is not done"),
    ("opening", "opened"): ("开红色信箱", "Opened the Red Mailbox"),
    ("screening", "screened"): ("摸排登记", "Wrote homes down"),
}
CORRECTED = ("核对、更新住户信息", "Checked and corrected a home")
WHISTLE = ("吹哨报到", "Whistle")
KEEP = """
insert into diary_notes (account_id, day, words_sealed, at) values (%(me)s, %(day)s, %(words)s,
    %(now)s)
on conflict (account_id, day) do update set words_sealed = excluded.words_sealed,
    version = diary_notes.version + 1, at = excluded.at
"""


def actions(tx: Tx, actor: Actor, first: date, last: date) -> list[dict[str, Any]]:
    """Everything this person did from one day to another, in order; nobody else may ask.

    Runs past row-level security, because one's own step stays one's own when the case has left.
    """
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise Invalid(
            "bad_period", f"一次最多看 {LONGEST_SPAN} 天", f"at most {LONGEST_SPAN} days",
            field="last",
        )  # fmt: skip
    begins, _ = day_span(tx, first)
    _, ends = day_span(tx, last)
    known = rules(tx)
    asked = {"me": actor.id, "first": begins, "last": ends, "zone": str(known.calendar.days.zone)}
    found = [_action(known, row) for row in tx.rows(ACTIONS, asked)]
    found += [_record(known, row) for row in queries.mine(tx, actor.id, begins, ends)]
    return sorted(found, key=lambda one: (one["at"], one["kind"], str(one["subject"])))


def _action(known: Rules, row: dict[str, Any]) -> dict[str, Any]:
    zh, en = NAMES.get((row["kind"], row["did"]), ("", ""))
    if row["kind"] == "case":
        named = known.workflow.by_action.get(row["did"])
        zh, en = (named.zh, named.en) if named else (row["did"], row["did"])
    elif row["kind"] == "whistle":
        zh, en = WHISTLE
    elif row["kind"] == "correction":
        zh, en = CORRECTED
    return {**row, "name": {"zh": zh, "en": en}, "result": None}


def _record(known: Rules, row: dict[str, Any]) -> dict[str, Any]:
    words = "；".join(part for part in (row["words"], row["needs"]) if part)
    return {
        "at": row["done_at"], "kind": row["kind"], "did": row["kind"], "subject": row["id"],
        "number": "、".join(row["cases"]), "words": words, "place": views.address(row),
        "n": row["people"] or 1, "name": views.name_of(known, row),
        "result": row["result"],
    }  # fmt: skip


def note(tx: Tx, actor: Actor, day: date) -> str:
    """The private words of a day; sealed, and read by their owner alone."""
    row = tx.one(
        "select words_sealed from diary_notes where account_id = %s and day = %s", [actor.id, day]
    )
    return crypto.open_(tx.cell.tenant, row["words_sealed"]) if row else ""


def write_note(tx: Tx, actor: Actor, day: date, words: str) -> None:
    if day > today(tx):
        raise Invalid("bad_time", "日记不能写在以后", "a diary lies behind", field="day")
    sealed = crypto.seal(tx.cell.tenant, words.strip())
    tx.run(KEEP, {"me": actor.id, "day": day, "words": sealed, "now": tx.now})


def bring_note(tx: Tx, actor: Actor, day: date, words: str, *, was: str) -> None:
    """Words that a phone kept; what was written elsewhere meanwhile stays, and they stand below."""
    tx.run(
        "select pg_advisory_xact_lock(hashtextextended('diary ' || %s || %s, 0))",
        [str(actor.id), day.isoformat()],
    )
    stands, words = note(tx, actor, day), words.strip()
    if stands not in ("", was.strip()) and words not in stands:
        words = f"{stands}\n\n{words}"
    elif stands not in ("", was.strip()):
        return
    if len(words) > LONGEST_NOTE:  # refused, the words stay on the phone that has them
        raise Invalid(
            "note_too_long", "这一天的话太长了，请分到别的日子写", "too much for one day",
            field="words",
        )  # fmt: skip
    write_note(tx, actor, day, words)


def days(tx: Tx, actor: Actor, first: date, last: date) -> list[dict[str, Any]]:
    """Day by day what was done, newest first; a day without anything is left out."""
    zone = rules(tx).calendar.days.zone
    found: dict[date, list[dict[str, Any]]] = {}
    for one in actions(tx, actor, first, last):
        found.setdefault(one["at"].astimezone(zone).date(), []).append(one)
    return [{"day": day, "actions": found[day]} for day in sorted(found, reverse=True)]


def figures(tx: Tx, me: UUID, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """How many of each kind this person recorded: for his own eyes, without total and place."""
    known = rules(tx)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in queries.counts(tx, me, first, last):
        key = row["kind"], row["type"]
        line = found.setdefault(
            key,
            {"kind": row["kind"], "type": row["type"], "name": views.name_of(known, row), "n": 0,
             "people": 0, "met": 0},
        )  # fmt: skip
        line["n"] += row["n"]
        line["people"] += row["people"]
        line["met"] += row["n"] if row["result"] == "in" else 0
    return list(found.values())
