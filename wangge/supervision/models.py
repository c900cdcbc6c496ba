"""What supervision is made of: notices 督办单, listings 挂牌, criticism 通报."""

from enum import StrEnum
from typing import Any

from wangge.cases.models import Action

Row = dict[str, Any]


class Kind(StrEnum):
    """What was issued on a case."""

    NOTICE = "notice"
    LISTING = "listing"
    CRITICISM = "criticism"


class Status(StrEnum):
    """Where it stands; a criticism is proposed first, a listing stays open until it is lifted."""

    PROPOSED = "proposed"
    OPEN = "open"
    ANSWERED = "answered"
    ENDED = "ended"
    REFUSED = "refused"


# Nobody's word yet: only those who supervise read what one of them has proposed.
DRAFTS = frozenset({Status.PROPOSED, Status.REFUSED})
# As official papers are numbered: 督字〔2026〕12号.
PREFIX = {Kind.NOTICE: "督字", Kind.LISTING: "挂牌", Kind.CRITICISM: "通报"}
ISSUING = {
    Kind.NOTICE: Action.SUPERVISE,
    Kind.LISTING: Action.LIST_OPENLY,
    Kind.CRITICISM: Action.CRITICISE,
}
# Said by those who supervise, to the holder: no word of his.
OVERSEEN = ("urge", "supervise", "list_openly", "unlist", "criticise", "spot_check")
