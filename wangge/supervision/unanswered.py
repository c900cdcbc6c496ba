"""Notices 督办单 that nobody answered in time: red, and told further up rung by rung."""

from uuid import UUID

from wangge.cases.models import Action, StepInput
from wangge.cases.queries import OPEN
from wangge.cases.service import locked, step_of_system
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.supervision import people
from wangge.supervision.ladder import rung_at
from wangge.supervision.models import Row
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

DUE = """
select s.*, u.short_name as unit from supervisions s join organisations u on u.id = s.unit_id
where s.next_at <= %s and s.state = 'open'
order by s.next_at, s.id limit 100 for update of s skip locked
"""
OVER = f"""
update supervisions s set state = 'ended', ended_at = %s, ended_why = %s, next_at = null
from cases c where c.id = s.case_id and s.state = 'open'
    and not ({OPEN})
"""


def look(tx: Tx) -> int:
    """One sweep: each unanswered notice whose next rung is due is told there; done cases end it."""
    tx.run(OVER, [tx.now, "事项已办结，自动销号"])
    known = rules(tx)
    due = tx.rows(DUE, [tx.now])
    for row in due:
        _climb(tx, known, row)
    return len(due)


def _climb(tx: Tx, known: Rules, row: Row) -> None:
    ladder = known.supervision.ladder
    case = locked(tx, row["case_id"])
    if case["state"] not in BEFORE_CLOSING:
        return
    here = {**case, "duty": "unit" if case["unit_id"] == row["unit_id"] else "desk"}
    if row["rung"] < len(ladder):
        rung = ladder[row["rung"]]
        told = people.of_rung(tx, [(here, rung)])[case["id"]]
        names = "、".join(post.words for post in told[:5]) or "无人在岗"
        given = StepInput(
            id=new_id(),
            action=Action.CLIMB,
            note=f"{row['number']}逾期未回复，告知{names}。",
            data={
                "rule": "ladder",
                "supervision": str(row["id"]),
                "rung": row["rung"] + 1,
                "to": [post.name for post in told],
            },
        )
        step_of_system(tx, case, given)
        accounts = {post.account_id for post in told} | (
            {row["seen_to_by"] or row["issued_by"]} - {None}
        )
        _tell(tx, known, row, case, accounts)
    following = row["rung"] + 1
    next_at = (
        rung_at(known.calendar, row["issued_at"], row["answer_by"], None, ladder[following].after)
        if following < len(ladder)
        else None
    )
    tx.run(
        "update supervisions set late_at = coalesce(late_at, %s), rung = %s, next_at = %s"
        " where id = %s",
        [tx.now, following, next_at, row["id"]],
    )


def _tell(tx: Tx, known: Rules, row: Row, case: Row, accounts: set[UUID]) -> None:
    zone = known.calendar.days.zone
    said = {
        "paper": row["number"],
        "until": f"{row['answer_by'].astimezone(zone):%Y-%m-%d %H:%M}",
        "holder": row["unit"],
    }
    people.tell(
        tx,
        [(account, case, said) for account in sorted(accounts)],
        "supervision_late",
        "supervision_late",
        gather_from=known.supervision.gather_from,
    )
