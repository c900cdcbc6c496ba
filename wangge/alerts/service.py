"""Cards of early warnings: who answers them, how they end, what a rule's record is."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.alerts import queries
from wangge.alerts.models import ABOVE, Outcome, Row, State
from wangge.alerts.telling import RAISED_TO
from wangge.alerts.words import sentence
from wangge.areas.models import Level
from wangge.audit import service as audit
from wangge.intake.models import Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor
from wangge.tenant.service import rules

CHANNEL, ELSE = "alert", "other"
RECORD_DAYS = timedelta(days=90)
LOCK = "select id from alerts where id = %s for update"
ACKNOWLEDGE = """
update alerts set state = 'acknowledged', acknowledged_at = %s, acknowledged_by = %s,
    acknowledged_name = %s, acknowledged_title = %s where id = %s
"""
END = """
update alerts set state = 'ended', outcome = %(outcome)s, reason = %(reason)s, case_id = %(case)s,
    ended_at = %(now)s, ended_by = %(by)s, ended_name = %(name)s, ended_title = %(title)s,
    acknowledged_at = coalesce(acknowledged_at, %(now)s),
    acknowledged_by = coalesce(acknowledged_by, %(by)s),
    acknowledged_name = coalesce(nullif(acknowledged_name, ''), %(name)s),
    acknowledged_title = coalesce(nullif(acknowledged_title, ''), %(title)s)
where id = %(id)s
"""


def may_answer(actor: Actor, card: Row) -> bool:
    """Whether a post of this person holds the card: the rule's roles at its level or above.

    After it went up, whoever leads at the level above may answer it too.
    """
    for post in actor.posts:
        if not post.covers(card["pos"]) or post.area is None:
            continue
        depth = Level(post.area["level"]).depth
        if post.role in card["roles"] and depth <= Level(card["holder"]).depth:
            return True
        raised = card["escalated_to"]
        if raised and post.role in RAISED_TO and depth <= Level(raised).depth:
            return True
    return False


def not_found() -> NotFound:
    return NotFound("no_such_alert", "没有这张预警卡", "there is no such early warning")


def _held(tx: Tx, actor: Actor, key: UUID) -> Row:
    """The card, held fast; invisible and absent look the same."""
    if tx.one(LOCK, [key]) is None or (card := queries.one(tx, key)) is None:
        raise not_found()
    if not any(low <= card["pos"] < high for low, high in actor.scope):
        raise not_found()
    if not may_answer(actor, card):
        raise NotAllowed(
            "not_your_alert",
            "这张预警卡由规则指定的岗位确认，您可以查看，不能确认或结束",
            "the rule names the posts that answer this card; you may read it",
        )
    return card


def acknowledge(tx: Tx, actor: Actor, key: UUID) -> None:
    """Say that somebody looks into it; a repeat by anybody who holds it changes nothing."""
    card = _held(tx, actor, key)
    if card["state"] != State.OPEN:
        return
    tx.run(ACKNOWLEDGE, [tx.now, actor.id, actor.name, actor.title, key])
    audit.record(tx, "alert.acknowledged", key, account_id=actor.id)


def end(
    tx: Tx, actor: Actor, key: UUID, *, outcome: Outcome, reason: str, case_id: UUID | None
) -> None:
    """How it turned out, with a reason; ``case`` opens one with this id at the card's place.

    The same said again changes nothing; anything else on an ended card is refused.
    """
    card = _held(tx, actor, key)
    if card["state"] == State.ENDED:
        if (card["outcome"], card["reason"], card["case_id"]) == (outcome.value, reason, case_id):
            return
        raise Refusal("alert_ended", "这张预警卡已经结束", "this early warning has ended")
    if not reason:
        raise Invalid("field_needed", "请写明情况或理由", "say what you found", field="reason")
    if (outcome is Outcome.CASE) != (case_id is not None):
        raise Invalid(
            "case_needed", "转为事项时要有编号，其他结果不要", "a case has an id, nothing else has",
            field="case_id",
        )  # fmt: skip
    if case_id is not None:
        _open_case(tx, actor, card, case_id, reason)
    tx.run(
        END,
        {
            "outcome": outcome.value, "reason": reason, "case": case_id, "now": tx.now,
            "by": actor.id, "name": actor.name, "title": actor.title, "id": key,
        },
    )  # fmt: skip
    audit.record(tx, f"alert.{outcome.value}", key, reason=reason, account_id=actor.id)


def _open_case(tx: Tx, actor: Actor, card: Row, case_id: UUID, words: str) -> None:
    actor.must("case.report")
    known = rules(tx)
    channels = {one.code for one in known.lists.channels if one.active}
    said, _ = sentence(known, card["kind"], card["figures"])
    # What speaks of an area has no spot: its middle would send somebody to a wrong door.
    spot = card["kind"] == "repeat" and card["lon"] is not None
    report = Report(
        id=case_id,
        text=f"{words}\n（预警卡：{said}）",
        channel=CHANNEL if CHANNEL in channels else ELSE,
        lon=card["lon"] if spot else None,
        lat=card["lat"] if spot else None,
        area_id=None if spot else card["area_id"],
        source_ref=f"alert:{card['id']}",
    )
    receive_many(tx, [report], Source(actor))


def record(tx: Tx) -> dict[str, dict[str, Any]]:
    """Of each rule: cards of the last ninety days, what is open, and how many were false alarms."""
    return queries.record(tx, tx.now - RECORD_DAYS)


def open_alerts(tx: Tx, area_pos: int | None = None, *, most: int = 50) -> list[dict[str, Any]]:
    """The cards of an area that have not ended, newest first, for screens of leaders.

    ``area_pos`` is the area's own place; None is everything that ``tx`` may see. Each: ``id, rule,
    kind, at, state, due_at, escalated, pos, lon, lat, names, title, words`` (the last two in both
    languages). A place is told to about a hundred metres.
    """
    known = rules(tx)
    named = {rule.code: rule for rule in known.alerts.rules}
    found = []
    for card in queries.open_in(tx, area_pos, most):
        zh, en = sentence(known, card["kind"], card["figures"])
        rule = named.get(card["rule"])
        title = {"zh": rule.zh, "en": rule.en} if rule else {"zh": card["rule"], "en": card["rule"]}
        found.append(
            {
                "id": card["id"], "rule": card["rule"], "kind": card["kind"], "at": card["at"],
                "state": card["state"], "due_at": card["due_at"],
                "escalated": card["escalated_at"] is not None, "pos": card["pos"],
                "lon": None if card["lon"] is None else round(card["lon"], 3),
                "lat": None if card["lat"] is None else round(card["lat"], 3),
                "names": card["names"], "title": title, "words": {"zh": zh, "en": en},
            }
        )  # fmt: skip
    return found


__all__ = ["ABOVE", "acknowledge", "end", "may_answer", "not_found", "open_alerts", "record"]
