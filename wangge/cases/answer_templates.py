"""Templates of answers: an organisation's own words, with blanks that a case fills."""

import re
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases import queries
from wangge.cases.service import not_found
from wangge.cases.views import type_name
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor, refused
from wangge.tenant.service import rules

# Whoever writes answers keeps templates; the blanks bear the names by which people know them.
WRITERS = frozenset({"case.handle", "case.accept", "case.close", "case.dispatch"})
BLANKS = {
    "number": ("编号", "number"),
    "title": ("标题", "title"),
    "type": ("类型", "type"),
    "place": ("地点", "place"),
    "unit": ("承办单位", "unit"),
    "desk": ("受理中心", "desk"),
    "phone": ("联系电话", "phone"),
    "received": ("反映日期", "received"),
    "today": ("今天", "today"),
}
BY_WORD = {word: code for code, words in BLANKS.items() for word in words}
BLANK = re.compile(r"\{([^{}\n]{1,20})\}")
MOST = 100
CHANGE = """
update answer_templates set name = %s, text = %s, account_id = %s, at = %s
where id = %s and unit_id = %s
"""


def blanks() -> list[dict[str, str]]:
    return [{"zh": zh, "en": en} for zh, en in BLANKS.values()]


def of_case(tx: Tx, actor: Actor, case_id: UUID) -> list[dict[str, Any]]:
    """The templates of the reader's organisations, each as it would stand in this case."""
    words = _words(tx, case_id)
    rows = tx.rows(
        "select t.id, t.name, t.text, u.short_name as unit from answer_templates t"
        " join organisations u on u.id = t.unit_id where t.unit_id = any(%s) order by t.name, t.id",
        [list(actor.unit_ids)],
    )
    return [row | filled(row["text"], words) for row in rows]


def tried(tx: Tx, case_id: UUID, text: str) -> dict[str, Any]:
    return filled(text, _words(tx, case_id))


def filled(text: str, words: dict[str, str]) -> dict[str, Any]:
    """The text with its blanks filled; ``open`` names those for which the case has no words."""
    empty = [blank for blank in BLANK.findall(text) if not words.get(BY_WORD.get(blank, ""))]

    def fill(found: re.Match[str]) -> str:
        return words.get(BY_WORD.get(found[1], "")) or found[0]

    return {"filled": BLANK.sub(fill, text), "open": list(dict.fromkeys(empty))}


def _words(tx: Tx, case_id: UUID) -> dict[str, str]:
    """What a case says in the blanks. The asker is in none of them: an answer may be published."""
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)

    def day(at: Any) -> str:
        local = at.astimezone(zone)
        return f"{local.year}年{local.month}月{local.day}日"

    named = type_name(known, row["type"])
    return {
        "number": row["number"] or "",
        "title": row["title"],
        "type": named["zh"] if named else "",
        "place": "".join([*row["names"][-2:], row["place_words"]]),
        "unit": row["unit"] or "",
        "desk": row["desk"],
        "phone": row["desk_phone"] or "",
        "received": day(row["received_at"]),
        "today": day(tx.now),
    }


def keep(tx: Tx, actor: Actor, template_id: UUID, *, name: str, text: str) -> None:
    """Write a template of one's own organisation, or change one of a colleague's there."""
    unit = _unit(actor)
    if strange := [blank for blank in BLANK.findall(text) if blank not in BY_WORD]:
        zh, en = ("、".join(words[n] for words in BLANKS.values()) for n in (0, 1))
        raise Invalid(
            "unknown_blank",
            f"没有“{strange[0]}”这一项，可用的有：{zh}",
            f"there is no blank {strange[0]}; known are {en}",
            field="text",
        )
    there = tx.rows("select id, name, unit_id from answer_templates where unit_id = %s", [unit])
    if any(one["name"] == name and one["id"] != template_id for one in there):
        raise Refusal(
            "name_taken", "本单位已有同名的模板", "a template of this name exists", field="name"
        )
    if len(there) >= MOST and template_id not in {one["id"] for one in there}:
        raise Refusal(
            "too_many_templates", f"每个单位最多 {MOST} 个模板", f"{MOST} templates at most"
        )
    if not tx.run(CHANGE, [name, text, actor.id, tx.now, template_id, unit]):
        row = {"id": template_id, "unit_id": unit, "name": name, "text": text}
        tx.insert("answer_templates", [row | {"account_id": actor.id, "at": tx.now}])


def forget(tx: Tx, actor: Actor, template_id: UUID) -> None:
    unit = _unit(actor)
    if not tx.run(
        "delete from answer_templates where id = %s and unit_id = %s", [template_id, unit]
    ):
        raise NotFound("no_such_template", "没有找到这个模板", "no such template")


def _unit(actor: Actor) -> UUID:
    """The organisation for which somebody writes answers."""
    if WRITERS.isdisjoint(actor.permissions):
        raise refused("case.handle")
    for post in actor.posts:
        if post.unit_id and not WRITERS.isdisjoint(post.grants):
            return post.unit_id
    raise NotAllowed("no_organisation", "您的岗位不在单位里", "your post is in no organisation")
