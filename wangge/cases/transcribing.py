"""The words of what came as a picture only: written down once, by whoever reads it."""

from typing import Any

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.service import marked
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.kernel.text import bigrams

LONGEST_TITLE = 60
WRITE = "update cases set title = %s, text = %s, terms = %s where id = %s"


def write_down(tx: Tx, case: dict[str, Any], taker: Taker, text: str) -> None:
    """Replace the stand-in for a picture by its words; the history says who read them."""
    words = text.strip()
    if not words:
        raise Invalid("text_needed", "请写一句发生了什么", "please say what happened", field="text")
    first = words.split("\n", maxsplit=1)[0]
    title = first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"
    tx.run(WRITE, [title, words, bigrams(f"{title} {words} {case['place_words']}"), case["id"]])
    line = StepInput(
        id=new_id(), action=Action.MAILBOX, note="录入信件内容。", data={"did": "transcribed"}
    )
    marked(tx, case, line, taker)
