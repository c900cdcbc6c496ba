"""Who runs a mailbox: the desk whose post office it is, and nobody of another street."""

from uuid import UUID

from wangge.kernel.errors import NotAllowed, NotFound
from wangge.people.models import Actor, refused

RUN, POST = "mailbox.run", "mailbox.post"


def desk_of(actor: Actor, permission: str = RUN) -> UUID:
    """The first desk at which this person may run mailboxes."""
    for post in actor.posts:
        if permission in post.grants and post.unit_id and actor.may(permission):
            return post.unit_id
    raise refused(permission)


def must_run(actor: Actor, desk_id: UUID, what: NotFound, permission: str = RUN) -> None:
    """To all but its own desk a thing is not there."""
    if not actor.may_at(permission, desk_id=desk_id):
        raise what


def no_such_box() -> NotFound:
    return NotFound("no_such_mailbox", "没有找到这个信箱", "no such mailbox")


def no_such_opening() -> NotFound:
    return NotFound("no_such_opening", "没有找到这次开箱", "no such opening")


def no_such_letter() -> NotFound:
    return NotFound("no_such_letter", "没有找到这封来信", "no such letter")


def no_such_talk() -> NotFound:
    return NotFound("no_such_talk", "没有找到这次恳谈会", "no such talk")


def no_such_posting() -> NotFound:
    return NotFound("no_such_posting", "没有这条公示", "no such posting")


def not_his_day() -> NotAllowed:
    return NotAllowed(
        "not_your_opening",
        "开箱记录（包括零来信）只能由当天的开箱人填写；换人请受理台先改派",
        "only the day's person records an opening, and that there was no letter;"
        " the desk may name another first",
    )
