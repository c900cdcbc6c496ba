"""The diary on paper."""

from datetime import date
from typing import Any

from wangge.fieldwork import diary
from wangge.fieldwork.views import RESULT_NAMES
from wangge.kernel.db import Tx
from wangge.papers import diaries as papers
from wangge.people.models import Actor
from wangge.tenant.service import rules


def _words(one: dict[str, Any]) -> str:
    result = RESULT_NAMES[one["result"]][0] if one["result"] else ""
    return "；".join(part for part in (result, one["words"]) if part)


def diary_sheet(tx: Tx, actor: Actor, day: date, *, with_note: bool) -> bytes:
    known = rules(tx)
    zone = known.calendar.days.zone
    lines = [
        papers.Line(
            one["at"].astimezone(zone).strftime("%H:%M"), one["name"]["zh"], _words(one),
            one["place"], one["number"],
        )
        for one in diary.actions(tx, actor, day, day)
    ]  # fmt: skip
    printed = tx.now.astimezone(zone)
    return papers.diary(
        papers.Diary(
            brand=known.brand.name.zh, person=actor.name, title=actor.title,
            day=f"{day.year}年{day.month}月{day.day}日", lines=lines,
            note=diary.note(tx, actor, day) if with_note else "",
            printed_on=printed.strftime("%Y-%m-%d %H:%M"),
        ),
        made_at=tx.now,
    )  # fmt: skip
