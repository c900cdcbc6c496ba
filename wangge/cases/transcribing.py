"""The words of what came as a picture or a recording: written down once, by whoever reads it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.service import marked
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.kernel.text import bigrams

LONGEST_TITLE = 60
WRITE = "update cases set title = %s, text = %s, terms = %s where id = %s"
WAITS = """
insert into case_unheard (case_id, at) select id, received_at from cases where id = any(%s)
on conflict (case_id) do nothing
"""
HEARD = """
update case_unheard set heard_at = %s, heard_by = %s where case_id = %s and heard_at is null
"""


def waits_for_an_ear(tx: Tx, cases: Sequence[UUID]) -> None:
    """Put cases that were only spoken on the list of recordings; what was heard stays heard."""
    tx.run(WAITS, [list(cases)])


def heard(tx: Tx, case_id: UUID, taker: Taker) -> bool:
    """Take a recording off the list; false when somebody has written it down already."""
    return bool(tx.run(HEARD, [tx.now, taker.account_id, case_id]))


def write_down(
    tx: Tx, case: dict[str, Any], taker: Taker, text: str, *, step: StepInput | None = None
) -> None:
    """Replace the stand-in for a picture by its words; the history says who read them."""
    words = text.strip()
    if not words:
        raise Invalid("text_needed", "请写一句发生了什么", "please say what happened", field="text")
    first = words.split("\n", maxsplit=1)[0]
    title = first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"
    tx.run(WRITE, [title, words, bigrams(f"{title} {words} {case['place_words']}"), case["id"]])
    line = step or StepInput(
        id=new_id(), action=Action.MAILBOX, note="录入信件内容。", data={"did": "transcribed"}
    )
    marked(tx, case, line, taker)
