"""The sweep: each rule that is due looks, and what it finds becomes a card once.

One worker looks at a time; who comes meanwhile leaves it to the first. Should two look all the
same, the tables refuse the second card of one thing.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.alerts import bursts, counts, repeats, silences, telling
from wangge.alerts.models import Found, Row
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.kernel.queue import Open
from wangge.tenant.alerts import Burst, Repeat, Rule, SilentGrid, SilentSource, Threshold, Trend
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

TURN = "select pg_try_advisory_xact_lock(hashtext('wangge_alerts')) as mine"
OFTEN = timedelta(minutes=10)
MORNING = 5  # the hour of the city from which yesterday is looked at
DAILY = (Trend, Burst, SilentGrid)
MARKS = "select * from alert_marks"
MARKED = """
insert into alert_marks (rule, looked_at, body, cubes) values (%s, %s, %s, %s)
on conflict (rule) do update
    set looked_at = excluded.looked_at, body = excluded.body, cubes = excluded.cubes
"""
CUBES = "select version, horizon, built_at is not null as built from cube_state"
MOVED = "select distinct pos from cube_log where version > %s"
# Not while an earlier card of the same thing waits for its end.
STANDING = """
select subject, lower(period) as first, upper(period) - 1 as last, figures, state from alerts
where rule = %s and (state <> 'ended' or upper(period) > %s)
"""
WRITE = """
insert into alerts (id, rule, rule_version, kind, subject, period, pos, area_id, lon, lat, figures,
    types, holder, roles, at, due_at)
select %(id)s, %(rule)s, %(version)s, %(kind)s, %(subject)s,
    daterange(%(first)s, %(last)s, '[]'), a.pos, a.id, %(lon)s, %(lat)s, %(figures)s, %(types)s,
    %(holder)s, %(roles)s, %(now)s, %(due)s
from areas a where a.pos = %(pos)s on conflict do nothing returning *
"""
JOIN = """
insert into alert_rows (rule, case_id, alert_id, at)
select %s, * from unnest(%s::uuid[], %s::uuid[]), (select %s::timestamptz) as t(at)
on conflict do nothing
"""
RECOUNT = """
update alerts a set figures = jsonb_set(figures, '{n}', to_jsonb(
    (select count(*) from alert_rows r where r.alert_id = a.id)))
where a.id = any(%s)
"""


def sweep(open_tx: Open) -> int:
    """Look with every rule that is due, a transaction for each; returns how many cards it made."""
    with open_tx() as tx:
        wanted = [rule.code for rule in rules(tx).alerts.rules if rule.active]
    made = 0
    for code in wanted:
        with open_tx() as tx:
            if not (tx.one(TURN) or {"mine": False})["mine"]:
                return made
            rule = next((one for one in rules(tx).alerts.rules if one.code == code), None)
            if rule is not None and rule.active:
                made += len(look(tx, rule))
    return made


def look(tx: Tx, rule: Rule) -> list[UUID]:
    """One look of one rule at ``tx.now``, if it is due; returns the new cards."""
    known = rules(tx)
    cubes = tx.one(CUBES) or {"built": False}
    mark = next((row for row in tx.rows(MARKS) if row["rule"] == rule.code), None)
    body = rule.model_dump(mode="json")
    if mark is not None and mark["body"] != body:
        mark = None  # a rule that was changed begins anew
    if not cubes["built"] or not _is_due(tx, known, rule, mark):
        return []
    if isinstance(rule, Repeat):
        made = _repeats(tx, rule, known, mark, cubes)
    else:
        made = write_cards(tx, rule, known, fresh(tx, rule, find(tx, rule, known)))
    tx.run(MARKED, [rule.code, tx.now, Jsonb(body), cubes["version"]])
    return made


def _is_due(tx: Tx, known: Rules, rule: Rule, mark: Row | None) -> bool:
    if mark is None or isinstance(rule, Repeat):
        return True
    if not isinstance(rule, DAILY):
        return bool(tx.now - mark["looked_at"] >= OFTEN)
    here = tx.now.astimezone(known.calendar.days.zone)
    last = mark["looked_at"].astimezone(known.calendar.days.zone)
    return here.hour >= MORNING and last.date() < here.date()


def find(tx: Tx, rule: Rule, known: Rules, days: Sequence[date] | None = None) -> list[Found]:
    """What a rule finds now; or at the end of each of the ``days``, in their order."""
    today = tx.now.astimezone(known.calendar.days.zone).date()
    whole = days or [today - timedelta(days=1)]  # the last day that has ended
    match rule:
        case Threshold():
            return counts.thresholds(tx, rule, known, days or [today])
        case SilentSource():
            return silences.sources(tx, rule, known, days or [today], until_now=days is None)
        case Trend():
            return counts.trends(tx, rule, known, whole)
        case Burst():
            return bursts.bursts(tx, rule, known, whole)
        case SilentGrid():
            return silences.grids(tx, rule, known, whole)
        case _:
            return []


def fresh(tx: Tx, rule: Rule, found: Iterable[Found]) -> list[Found]:
    """Without those of which an open card speaks, or one of the same days."""
    wanted = list(found)
    if not wanted:
        return []
    rows = tx.rows(STANDING, [rule.code, min(one.first for one in wanted)])
    cards = [Found(row["subject"], row["first"], row["last"], 0, row["figures"]) for row in rows]
    waiting = {row["subject"] for row in rows if row["state"] != "ended"}
    return [
        one
        for one in wanted
        if one.subject not in waiting and not any(one.meets(card) for card in cards)
    ]


def _repeats(
    tx: Tx, rule: Repeat, known: Rules, mark: Row | None, cubes: dict[str, Any]
) -> list[UUID]:
    moved = None
    if mark is not None and mark["cubes"] >= cubes["horizon"]:
        moved = [row["pos"] for row in tx.rows(MOVED, [mark["cubes"]])]
    found, joined = repeats.look(tx, rule, known, moved) if moved != [] else ([], [])
    made = write_cards(tx, rule, known, found)
    if joined:
        cards = [one.alert_id for one in joined]
        tx.run(JOIN, [rule.code, [one.case_id for one in joined], cards, tx.now])
        tx.run(RECOUNT, [list(set(cards))])
    return made


def write_cards(tx: Tx, rule: Rule, known: Rules, found: Iterable[Found]) -> list[UUID]:
    """Write the cards; one that stands already is not written again, and nobody is told twice."""
    rows = []
    for one in found:
        values = {
            "id": new_id(), "rule": rule.code, "version": known.versions.get("alerts", 0),
            "kind": rule.kind, "subject": one.subject, "first": one.first, "last": one.last,
            "pos": one.pos, "lon": one.lon, "lat": one.lat, "figures": Jsonb(one.figures),
            "types": list(one.types), "holder": rule.holder, "roles": list(rule.roles),
            "now": tx.now,
            "due": due_at(known.calendar, tx.now, Limit.parse(rule.within)),
        }  # fmt: skip
        row = tx.one(WRITE, values)
        if row is None:
            continue
        if one.case_ids:
            ids = list(one.case_ids)
            tx.run(JOIN, [rule.code, ids, [row["id"]] * len(ids), tx.now])
        rows.append(row)
    telling.fired(tx, known, rows)
    return [row["id"] for row in rows]
