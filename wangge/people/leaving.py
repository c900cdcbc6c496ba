"""Whoever holds no post any more: sessions end, and each device is told once to empty itself.

What was found before the end is still taken as his: a device that was without network delivers it
with the token that it has, for so many days, and for nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.db import Session, Tx
from wangge.kernel.errors import Invalid, SignInNeeded
from wangge.people import sessions
from wangge.people.models import Actor

DELIVERS_FOR = timedelta(days=30)
GONE = """
select e.account_id, array_agg(e.post_id) as posts
from unnest(%s::uuid[], %s::uuid[]) as e (account_id, post_id)
where not exists (select from posts p where p.account_id = e.account_id
    and p.valid @> city_today())
group by e.account_id
"""
KEEP = """
insert into left_devices (token_hash, account_id, left_at, post_ids, delivers_until)
select s.token_hash, s.account_id, %(now)s, g.posts, %(until)s
from (select (x ->> 'account')::uuid as account_id,
    array(select jsonb_array_elements_text(x -> 'posts'))::uuid[] as posts
    from jsonb_array_elements(%(gone)s::jsonb) x) g
join sessions s on s.account_id = g.account_id
on conflict (token_hash) do nothing
"""
DEVICE = """
select l.account_id, l.left_at, a.username, a.name, l.delivers_until > city_now() as delivers,
    (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'role', p.role, 'kind', p.kind,
        'title', p.title, 'span', r.span::text,
        'area', case when r.id is not null then jsonb_build_object('id', r.id,
            'name', r.short_name, 'level', r.level, 'code', r.code, 'pos', r.pos,
            'names', r.names) end,
        'unit', case when o.id is not null then jsonb_build_object('id', o.id,
            'name', o.short_name, 'kind', o.kind, 'code', o.code) end)), '[]')
        from posts p left join areas r on r.id = p.area_id
        left join organisations o on o.id = p.unit_id where p.id = any(l.post_ids)) as posts
from left_devices l join accounts a on a.id = l.account_id
where l.token_hash = %s and l.emptied_at is null
"""


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who held posts until ``left_at``; ``actor`` is he as he was then."""

    actor: Actor
    left_at: datetime


def end_sessions(tx: Tx, ended: Sequence[tuple[UUID, UUID]]) -> None:
    """Of accounts whose posts have ended (account, post): end the sessions of those without any."""
    gone = tx.rows(GONE, [[one for one, _ in ended], [post for _, post in ended]])
    if gone:
        _dismiss(tx, gone, tx.now + DELIVERS_FOR)


def shut_out(tx: Tx, account_id: UUID) -> None:
    """A locked account's devices are emptied, and nothing is taken from them any more."""
    _dismiss(tx, [{"account_id": account_id, "posts": []}], None)


ONE_SESSION = """
with ended as (delete from sessions where token_hash = %(token)s returning account_id)
insert into left_devices (token_hash, account_id, left_at, post_ids, delivers_until)
select %(token)s, e.account_id, %(now)s, array(select p.id from posts p
    where p.account_id = e.account_id and p.valid @> city_today()), %(until)s
from ended e on conflict (token_hash) do nothing
returning account_id
"""


def dismiss_session(tx: Tx, token: bytes) -> None:
    """End one session, of a phone that is lost: it delivers what was typed and empties itself."""
    values = {"token": token, "now": tx.now, "until": tx.now + DELIVERS_FOR}
    for row in tx.rows(ONE_SESSION, values):
        account: UUID = row["account_id"]
        facts.record(tx, [facts.Fact("SessionsEnded", account, account_id=account)])


def _dismiss(tx: Tx, gone: list[dict[str, Any]], until: datetime | None) -> None:
    listed = [
        {"account": str(row["account_id"]), "posts": [str(one) for one in row["posts"]]}
        for row in gone
    ]
    tx.run(KEEP, {"now": tx.now, "until": until, "gone": Jsonb(listed)})
    sessions.end_all(tx, [row["account_id"] for row in gone])


def deliverer(tx: Tx, token: bytes | None) -> Leaver:
    """Whose device this is; refuses one that nothing is taken from any more."""
    row = tx.one(DEVICE, [token or b""])
    if row is None or not row["delivers"]:
        raise SignInNeeded("sign_in_needed", "请先登录", "please sign in")
    account = {"id": str(row["account_id"]), "username": row["username"], "name": row["name"],
               "must_change_password": False, "scope": None}  # fmt: skip
    before, tx.session = tx.session, Session("", tx.now, account, row["posts"])
    try:
        return Leaver(Actor.of(tx), row["left_at"])
    finally:
        tx.session = before


def check_found(found_at: datetime | None, left_at: datetime) -> None:
    """Only what was found while the post lasted is taken, and not from long before its end."""
    if found_at is None or not left_at - DELIVERS_FOR <= found_at <= left_at:
        raise Invalid(
            "found_after_leaving",
            "只收离岗前发现的事项；离岗后的情况请按居民身份反映",
            "only what was found before the post ended is taken; report the rest as a resident",
            field="found_at",
        )


def emptied(tx: Tx, token: bytes) -> None:
    """The device says that it holds nothing any more; a repeat changes nothing."""
    rows = tx.rows(
        "update left_devices set emptied_at = %s where token_hash = %s and emptied_at is null"
        " returning account_id",
        [tx.now, token],
    )
    for row in rows:
        record(tx, "device.emptied", row["account_id"], account_id=row["account_id"])
