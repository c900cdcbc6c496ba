"""Who runs studies: whoever leads a desk or an area, for the ground of his posts."""

from typing import Any

from wangge.kernel.errors import NotFound
from wangge.people.models import Actor

RUN, TYPE, READ = "study.run", "study.type", "case.read"


def must_see(actor: Actor, row: dict[str, Any] | None, absent: NotFound) -> dict[str, Any]:
    """The row if its area lies on the reader's ground; to all others it is not there."""
    if row is None or not actor.may_at(READ, pos=row["pos"]):
        raise absent
    return row


def no_such_survey() -> NotFound:
    return NotFound("no_such_survey", "没有找到这次测评", "no such survey")
