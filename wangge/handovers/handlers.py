"""When a post ends its open work is handed over in the same transaction."""

from collections.abc import Sequence
from typing import Any

from wangge.handovers import finding
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.notices import service as notices
from wangge.tenant.service import rules

HELD = "select id from posts where account_id = any(%s) and valid @> city_today()"


@on("PostEnded")
def work_left(tx: Tx, ended: Sequence[Fact]) -> None:
    """Registered after those who find others for what is nobody's: the rest has an owner still."""
    finding.hand_over(tx, [fact.subject for fact in ended])


@on("AccountLocked")
def work_locked_out(tx: Tx, locked: Sequence[Fact]) -> None:
    """Who was shut out goes on with nothing either."""
    rows = tx.rows(HELD, [[fact.subject for fact in locked]])
    finding.hand_over(tx, [row["id"] for row in rows])


CHANGE = """
select g.*, s.duty, f.name as from_name, t.name as to_name, o.short_name as unit
from shift_changes g join duty_shifts s on s.id = g.shift_id
join accounts f on f.id = g.from_account join accounts t on t.id = g.to_account
join organisations o on o.id = g.unit_id where g.id = %s
"""
EDITORS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role in ('duty_leader', 'department_manager')
    and p.valid @> city_today() and p.account_id <> all(%s)
"""


@on("ShiftChangeMoved")
def tell_of_change(tx: Tx, moved: Sequence[Fact]) -> None:
    """Whoever is asked, whoever asked, and when both agreed whoever confirms."""
    out: list[notices.Notice] = []
    for fact in moved:
        change = tx.one(CHANGE, [fact.subject])
        if change is None or fact.account_id is None:
            continue
        state = fact.body["state"]
        body = _said(tx, change)
        out.append(notices.Notice(fact.account_id, f"shift_{state}", None, body))
        if state == "agreed":
            both = [change["from_account"], change["to_account"]]
            out += [
                notices.Notice(row["account_id"], "shift_to_confirm", None, body)
                for row in tx.rows(EDITORS, [change["unit_id"], both])
            ]
    notices.notify(tx, out)


def _said(tx: Tx, change: dict[str, Any]) -> dict[str, Any]:
    begins = change["span"].lower.astimezone(rules(tx).calendar.days.zone)
    return {
        "what": {"swap": "换班", "stand_in": "代班"}[change["kind"]],
        "what_en": {"swap": "swap", "stand_in": "stand-in"}[change["kind"]],
        "unit": change["unit"],
        "from": change["from_name"],
        "to": change["to_name"],
        "at": f"{begins:%m-%d %H:%M}",
        "words": change["words"],
        "why": change["why"],
    }
