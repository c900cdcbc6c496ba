"""What becomes of an answer: whether it reached its asker, and how many others read the same."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from wangge.cases.models import Action
from wangge.cases.service import not_found
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact
from wangge.people.models import Actor

MOST = 200
SINCE = "interval '90 days'"
TITLED = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:先生|女士|同志|师傅|阿姨|大爷|大妈|大姐|老师|居民|业主|网格员)"
)
DIGITS = re.compile(r"[0-9０-９一二三四五六七八九十百千两零〇壹贰叁]+")
MARKS = re.compile(r"[\W_年月日号时分点]+")
# What the asker is told of, and the state in which the case then stands.
RESULTS = {"closed": "closed", "declined": "declined", "rule_unreasonable": "evaluated"}
WRITES = frozenset({
    Action.FINISH, Action.SELF_HANDLE, Action.DRAFT_ANSWER, Action.CLOSE, Action.RULE_UNREASONABLE,
})  # fmt: skip
VOIDS = frozenset({Action.REOPEN, Action.REJOIN, Action.UNMERGE})
# Only whoever left a number or a code can be told at all.
UNTOLD = """
update cases c set untold_since = c.closed_at where c.id = %s and c.state = %s
    and c.untold_since is null and exists (select from case_askers k
    where k.case_id = c.id and (k.phone_sealed is not null or k.code_hash is not null))
"""
# And it is marked in every night's list that named it, with how.
TOLD = """
with told as (
    update cases set untold_since = null where id = any(%(cases)s) and untold_since {before}
    returning id)
update untold_listed l set told_at = %(now)s, told_how = %(how)s
from told t where l.case_id = t.id and l.told_at is null
"""
WORDS = """
select c.answer, c.place_words, a.names, u.short_name as unit, d.short_name as desk,
    array(select distinct s.actor_name from case_steps s where s.case_id = c.id) as people
from cases c join areas a on a.id = c.area_id join organisations d on d.id = c.desk_id
left join organisations u on u.id = c.unit_id where c.id = %s
"""
KEEP = """
insert into case_answers (case_id, key, at) values (%s, %s, %s)
on conflict (case_id) do update set key = excluded.key, at = excluded.at
"""
SAME = f"""
select c.id, c.number, c.title, c.state, a.at from (
    select s.case_id, s.at from case_answers s
    where s.key = (select key from case_answers where case_id = %(id)s) and s.case_id <> %(id)s
        and s.at > city_now() - {SINCE} order by s.at desc limit {MOST}) a
join cases c on c.id = a.case_id order by a.at desc
"""


def plain(answer: str, names: Iterable[str]) -> str:
    """The answer without names, digits, dates and marks: what is left is what was copied."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        answer = answer.replace(name, "")
    return MARKS.sub("", DIGITS.sub("", TITLED.sub("", answer)))


def keep(tx: Tx, case_id: UUID) -> None:
    """Remember what the answer of a case boils down to."""
    row = tx.one(WORDS, [case_id])
    if row is None:
        return
    names = [*row["names"], *row["people"], row["place_words"], row["unit"] or "", row["desk"]]
    if words := plain(row["answer"], names):
        tx.run(KEEP, [case_id, sha256(words.encode()).digest(), tx.now])


def follow(tx: Tx, moved: Fact) -> None:
    """Remember the words of an answer; what the asker himself says shows that he was told.

    Nobody is told a result that is none any more.
    """
    if moved.body["action"] in WRITES:
        keep(tx, moved.subject)
    if moved.body["action"] in VOIDS:
        told(tx, [moved.subject], "void")
    elif moved.body["by"] == "asker":
        told(tx, [moved.subject], "asker")


def wait(tx: Tx, case_id: UUID, target: str) -> None:
    """A result that was given waits from then on for its asker, until it reaches him."""
    if target in RESULTS:
        tx.run(UNTOLD, [case_id, RESULTS[target]])


def told(tx: Tx, case_ids: list[UUID], how: str) -> None:
    """The result has reached the asker: by telephone, at a visit, on his own page, by a letter.

    ``how`` is that way; ``asker`` where he spoke himself, ``void`` where it is no result any more.
    """
    values = {"cases": case_ids, "now": tx.now, "how": how}
    tx.run(TOLD.format(before="is not null"), values)


def told_by_sms(tx: Tx, case_id: UUID, sent_at: str) -> None:
    """Only a message from after the result can have told it."""
    values = {"cases": [case_id], "now": tx.now, "how": "sms", "sent": sent_at}
    tx.run(TOLD.format(before="<= %(sent)s"), values)


def same(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Other cases of ninety days with the same answer, as far as the reader may see them."""
    case = tx.one("select desk_id, answer from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    if not actor.may_at("case.close", desk_id=case["desk_id"]):
        return {"items": [], "count": 0}
    rows = tx.rows(SAME, {"id": case_id})
    return {"items": rows[:20], "count": len(rows)}
