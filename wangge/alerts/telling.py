"""Who hears of a card: the holders of its roles, and once the level above when nobody answered."""

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.alerts.models import ABOVE, Row
from wangge.alerts.words import sentence
from wangge.areas.models import Level
from wangge.kernel.db import Tx
from wangge.notices import service as notices
from wangge.supervision import people
from wangge.supervision.people import Post
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

MOST = 200
DUE = f"""
select * from alerts where state = 'open' and escalated_at is null and due_at <= %s
order by due_at, id limit {MOST} for update skip locked
"""
WHERE = "select pos, names from areas where pos = any(%s)"
TOLD = """
update alerts a set told = a.told || t.told
from unnest(%s::uuid[], %s::jsonb[]) as t(id, told) where a.id = t.id
"""
RAISED = """
update alerts a set escalated_at = %s, escalated_to = t.level
from unnest(%s::uuid[], %s::text[]) as t(id, level) where a.id = t.id
"""
# Who hears of a card that went up, besides the rule's own roles there.
RAISED_TO = ("duty_leader", "leader")
# From so many cards at once, one notice says how many there are.
GATHER_FROM = 4


def fired(tx: Tx, known: Rules, rows: Sequence[Row]) -> None:
    """Tell whoever holds the new cards."""
    _tell(tx, known, [(row, row["holder"]) for row in rows], "alert_fired")


def escalate(tx: Tx) -> int:
    """Tell the level above of every card that nobody answered in time; each once."""
    rows = tx.rows(DUE, [tx.now])
    if rows:
        above = [(row, ABOVE[Level(row["holder"])].value) for row in rows]
        tx.run(RAISED, [tx.now, [row["id"] for row in rows], [level for _, level in above]])
        raised = [({**row, "roles": [*row["roles"], *RAISED_TO]}, level) for row, level in above]
        _tell(tx, rules(tx), raised, "alert_escalated")
    return len(rows)


def _tell(tx: Tx, known: Rules, cards: Sequence[tuple[Row, str]], code: str) -> None:
    if not cards:
        return
    asked = {row["id"]: (row["pos"], level, tuple(row["roles"])) for row, level in cards}
    found = people.on_ground(tx, asked.values())
    where = {row["pos"]: row["names"] for row in tx.rows(WHERE, [[row["pos"] for row, _ in cards]])}
    names = {rule.code: rule for rule in known.alerts.rules}
    by_account: dict[UUID, list[dict[str, str]]] = {}
    told: list[list[dict[str, str]]] = []
    for row, _ in cards:
        posts = found[asked[row["id"]]]
        zh, en = sentence(known, row["kind"], row["figures"])
        rule = names.get(row["rule"])
        body = {
            "alert": str(row["id"]), "rule": rule.zh if rule else row["rule"],
            "rule_en": rule.en if rule else row["rule"], "said": zh, "said_en": en,
            "where": "›".join(where[row["pos"]]),
        }  # fmt: skip
        told.append([_named(post, code) for post in posts])
        for post in posts:
            by_account.setdefault(post.account_id, []).append(body)
    tx.run(TOLD, [[row["id"] for row, _ in cards], [Jsonb(one) for one in told]])
    out = []
    for account, bodies in by_account.items():
        if len(bodies) >= GATHER_FROM:
            many = {"alert": "", "n": len(bodies), "rule": bodies[0]["rule"],
                    "rule_en": bodies[0]["rule_en"]}  # fmt: skip
            out.append(notices.Notice(account, f"{code}_many", None, many))
        else:
            out += [notices.Notice(account, code, None, body) for body in bodies]
    notices.notify(tx, out)


def _named(post: Post, code: str) -> dict[str, str]:
    raised = "yes" if code == "alert_escalated" else ""
    return {"name": post.name, "title": post.title, "instead_of": post.instead_of, "raised": raised}
