"""Posts begin and end on a day; live screens hear of it and close."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, NotFound, Refusal
from wangge.kernel.facts import Fact
from wangge.people import last_resort, leaving, posts, secondments
from wangge.people.models import Actor, PostDraft

COLUMNS = [
    "id",
    "account_id",
    "role",
    "kind",
    "title",
    "area_id",
    "unit_id",
    "public",
    "valid",
    "deputy",
    "lent_by",
]
Held = tuple[UUID, PostDraft]
# 主责主抓: of an area one person is responsible at a time, and nobody wonders who.
SECRETARIES = """
select a.name from posts p join posts q on q.area_id = p.area_id and q.role = 'secretary'
    and q.id <> p.id and q.valid && p.valid and not (p.deputy or q.deputy)
join areas a on a.id = p.area_id where p.id = any(%s) and p.role = 'secretary' limit 1
"""


def write(tx: Tx, held: Sequence[Held], today: date) -> None:
    """COPY settled posts, each with its account's id, and tell of those that have begun."""
    tx.copy("posts", COLUMNS, (_row(owner, post) for owner, post in held))
    _one_secretary(tx, [post.id for _, post in held if post.role == "secretary"])
    facts.record(
        tx,
        [
            _fact("PostBegan", post.id, owner, post.role)
            for owner, post in held
            if post.begins and post.begins <= today and (post.ends is None or post.ends >= today)
        ],
    )


def _one_secretary(tx: Tx, written: Sequence[UUID]) -> None:
    if not written:
        return
    tx.run("select pg_advisory_xact_lock(hashtext('posts.secretary'))")  # two who appoint at once
    twice = tx.one(SECRETARIES, [list(written)])
    if twice:
        raise Refusal(
            "secretary_stands",
            f"{twice['name']}这段时间已有书记；先结束原任岗位，再任命新书记",
            f"{twice['name']} has a secretary in that time; end that post first",
            field="role",
        )


def _row(owner: UUID, post: PostDraft) -> list[Any]:
    return [
        post.id,
        owner,
        post.role,
        post.kind,
        post.title,
        post.area_id,
        post.unit_id,
        post.public,
        DateRange(post.begins, post.ends + timedelta(days=1) if post.ends else None),
        post.deputy,
        post.lent_by,
    ]


def _fact(name: str, post_id: UUID, account_id: UUID, role: str) -> Fact:
    body = {"account_id": str(account_id), "role": role}
    return Fact(name, post_id, body, account_id=account_id)


STILL_HELD = """
select id, role from posts where account_id = %s
    and (upper_inf(valid) or upper(valid) > city_today()) and not isempty(valid)
"""


def appoint(tx: Tx, account_id: UUID, draft: PostDraft, *, actor: Actor | None) -> UUID:
    """Give an account a post; a repeat with the same id and content changes nothing."""
    if actor:
        actor.must("people.edit")
        _not_oneself(account_id, actor)
    if tx.one("select from accounts where id = %s for update", [account_id]) is None:
        raise NotFound("no_such_account", "没有此账号", "no such account")
    known = posts.places(tx, [draft])
    post = posts.settled(draft, known, actor=actor)
    if _is_repeat(tx, account_id, post):
        return post.id
    secondments.check(tx, account_id, post)
    held = tx.rows(STILL_HELD, [account_id])
    posts.keep_apart([post.role, *(row["role"] for row in held)])
    write(tx, [(account_id, post)], known.today)
    detail = {"account_id": str(account_id), "role": post.role, "begins": str(post.begins)}
    if post.lent_by:
        detail |= {"lent_by": str(post.lent_by), "ends": str(post.ends)}
    record(tx, "post.begun", post.id, detail=detail)
    return post.id


def _is_repeat(tx: Tx, account_id: UUID, post: PostDraft) -> bool:
    row = tx.one("select account_id, role, area_id, unit_id from posts where id = %s", [post.id])
    if row is None:
        return False
    if list(row.values()) != [account_id, post.role, post.area_id, post.unit_id]:
        raise Refusal("id_taken", "此编号已被使用", "this id is taken")
    return True


POST = """
select p.account_id, p.role, lower(p.valid) as begins, upper(p.valid) as ends,
    coalesce(a.pos, ua.pos) as pos
from posts p left join areas a on a.id = p.area_id
left join organisations o on o.id = p.unit_id left join areas ua on ua.id = o.area_id
where p.id = %s for update of p
"""


def _reached(tx: Tx, post_id: UUID, actor: Actor | None) -> dict[str, Any]:
    row = tx.one(POST, [post_id])
    if row is None or (actor and not actor.may_at("people.edit", pos=row["pos"])):
        raise NotFound("no_such_post", "没有此岗位", "no such post")
    if actor:
        _not_oneself(row["account_id"], actor)
    return row


def present(
    tx: Tx, post_id: UUID, *, title: str, kind: str, public: bool, actor: Actor | None
) -> None:
    """Change how a post is shown, and whether the public notice names it; its rights stay."""
    row = _reached(tx, post_id, actor)
    tx.run(
        "update posts set title = %s, kind = %s, public = %s where id = %s",
        [title, kind, public, post_id],
    )
    detail = {"account_id": str(row["account_id"]), "public": public}
    record(tx, "post.changed", post_id, detail=detail)


def end(tx: Tx, post_id: UUID, *, on: date | None = None, actor: Actor | None) -> None:
    """End a post; ``on`` is the first day without it, today if left out, and then at once."""
    row = _reached(tx, post_id, actor)
    today = posts.today(tx)
    ends = max(on or today, row["begins"] or today)
    if row["begins"] is None or (row["ends"] and row["ends"] <= ends):
        return
    # A post that ends on the day it began was held on no day: its range is empty.
    with last_resort.kept(tx):
        tx.run(
            "update posts set valid = daterange(lower(valid), %s) where id = %s", [ends, post_id]
        )
    detail = {"account_id": str(row["account_id"]), "role": row["role"], "on": str(ends)}
    record(tx, "post.ended", post_id, detail=detail)
    if ends <= today:
        facts.record(tx, [_fact("PostEnded", post_id, row["account_id"], row["role"])])
        leaving.end_sessions(tx, [(row["account_id"], post_id)])


def _not_oneself(account_id: UUID, actor: Actor) -> None:
    if account_id == actor.id:
        raise NotAllowed(
            "not_for_oneself", "不能为本人任免岗位", "nobody appoints or dismisses himself"
        )


# The lateral joins look each post up by its index whatever the statistics say: after a bulk import
# they still say that there are no facts.
TURNED = """
select told.name, p.id, p.account_id, p.role from posts p
cross join lateral (select case when p.valid @> %(today)s::date then 'PostBegan'
    else 'PostEnded' end as name) told
left join lateral (select true as done from facts where subject = p.id and name = told.name
    limit 1) fact on true
where (p.valid @> %(today)s::date and lower(p.valid) > %(today)s::date - 7
        or upper(p.valid) between %(today)s::date - 6 and %(today)s::date)
    and fact.done is null
"""


def turn_of_the_day(tx: Tx) -> int:
    """Tell of posts that began or ended by date alone; returns how many. Safe to run twice."""
    rows = tx.rows(TURNED, {"today": posts.today(tx)})
    told = [_fact(row["name"], row["id"], row["account_id"], row["role"]) for row in rows]
    facts.record(tx, told)
    ended = [(row["account_id"], row["id"]) for row in rows if row["name"] == "PostEnded"]
    if ended:
        leaving.end_sessions(tx, ended)
    return len(told)
