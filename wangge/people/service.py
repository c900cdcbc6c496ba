"""Accounts: made in bulk or singly, changed, locked and given new codes."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.crypto import normal_phone
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.facts import Fact
from wangge.kernel.ids import new_id
from wangge.people import (
    appointments,
    last_resort,
    leaving,
    passwords,
    posts,
    second_steps,
    sessions,
)
from wangge.people.models import AccountDraft, Actor, Created, PostDraft

USERNAME = re.compile(r"[a-z0-9][a-z0-9_.-]{2,39}")
CODE_LASTS = timedelta(days=30)
COLUMNS = [
    "id",
    "username",
    "name",
    "phone",
    "profile",
    "activation_hash",
    "activation_expires_at",
    "created_at",
]


def create_accounts(
    tx: Tx, drafts: Sequence[AccountDraft], *, actor: Actor | None
) -> list[Created]:
    """Write accounts with their posts by COPY, all or none; ``actor`` is None for the system.

    The codes are in the answer and nowhere else: only their hashes are kept.
    """
    if actor:
        actor.must("people.edit")
    check_usernames(tx, [draft.username for draft in drafts])
    known = posts.places(tx, (post for draft in drafts for post in draft.posts))
    held = [
        (draft.id, posts.settled(post, known, actor=actor))
        for draft in drafts
        for post in draft.posts
    ]
    for draft in drafts:
        posts.keep_apart(post.role for post in draft.posts)
    made = [Created(d.id, d.username, d.name, passwords.new_code()) for d in drafts]
    tx.copy("accounts", COLUMNS, _rows(tx, drafts, made))
    appointments.write(tx, held, known.today)
    detail = {"count": len(made), "usernames": [draft.username for draft in drafts]}
    record(tx, "people.created", drafts[0].id if len(drafts) == 1 else None, detail=detail)
    return made


ROOT = "select id from areas where parent_id is null order by pos limit 1"
ADMINISTERED = """
select 1 from posts p join accounts a on a.id = p.account_id and a.active
where p.role = 'system_admin' and p.valid @> city_today()
"""


def first_administrator(tx: Tx, *, username: str, name: str) -> Created:
    """Make the account with which a new city begins; refuses once there is an administrator."""
    root = tx.one(ROOT)
    if root is None:
        raise Refusal("no_areas_yet", "请先导入区域", "load the areas first")
    if tx.rows(ADMINISTERED):
        raise Refusal("administrator_exists", "已有系统管理员", "there is a system administrator")
    post = PostDraft(new_id(), "system_admin", root["id"])
    draft = AccountDraft(new_id(), username, name, posts=(post,))
    return create_accounts(tx, [draft], actor=None)[0]


def check_usernames(tx: Tx, names: Sequence[str]) -> None:
    for name in names:
        if not USERNAME.fullmatch(name):
            raise Invalid(
                "bad_username",
                f"用户名须为 3 至 40 位小写字母、数字或 _ . -：{name}",
                f"a username has 3 to 40 small letters, digits or _ . -: {name}",
                field="username",
            )
    rows = tx.rows("select username from accounts where username = any(%s)", [list(names)])
    twice = {name for name, times in Counter(names).items() if times > 1}
    taken = sorted(twice | {row["username"] for row in rows})
    if taken:
        raise Refusal(
            "username_taken",
            f"用户名已被使用：{'、'.join(taken[:10])}",
            f"username taken: {', '.join(taken[:10])}",
            usernames=taken,
        )


def _rows(tx: Tx, drafts: Sequence[AccountDraft], made: Sequence[Created]) -> Iterator[list[Any]]:
    for draft, created in zip(drafts, made, strict=True):
        yield [
            draft.id,
            draft.username,
            draft.name,
            _phone(draft.phone),
            Jsonb(draft.profile),
            passwords.code_hash(created.code),
            tx.now + CODE_LASTS,
            tx.now,
        ]


def _phone(raw: str) -> str:
    return normal_phone(raw) if raw.strip() else ""


REACHED = """
select coalesce(a.pos, ua.pos) as pos, p.unit_id from posts p
left join areas a on a.id = p.area_id
left join organisations o on o.id = p.unit_id left join areas ua on ua.id = o.area_id
where p.account_id = %s
"""


def within_reach(tx: Tx, account_id: UUID, permission: str, *, actor: Actor) -> dict[str, Any]:
    """Return the account's row, locked; one that holds no post within reach is not found."""
    actor.must(permission)
    row = tx.one("select * from accounts where id = %s for update", [account_id])
    held = tx.rows(REACHED, [account_id])
    reached = not held or any(
        actor.may_at(permission, pos=post["pos"], unit_id=post["unit_id"]) for post in held
    )
    if row is None or not reached:
        raise NotFound("no_such_account", "没有此账号", "no such account")
    return row


def change_account(
    tx: Tx, account_id: UUID, *, name: str | None, phone: str | None, actor: Actor
) -> None:
    row = within_reach(tx, account_id, "people.edit", actor=actor)
    name = row["name"] if name is None else name
    phone = row["phone"] if phone is None else _phone(phone)
    tx.run("update accounts set name = %s, phone = %s where id = %s", [name, phone, account_id])
    changed = [key for key, value in (("name", name), ("phone", phone)) if row[key] != value]
    record(tx, "people.changed", account_id, detail={"fields": changed})


def lock_account(tx: Tx, account_id: UUID, *, locked: bool, reason: str, actor: Actor) -> None:
    """Shut an account out at once, or let it in again and forget its failures."""
    within_reach(tx, account_id, "people.secure", actor=actor)
    _not_oneself(account_id, actor)
    with last_resort.kept(tx):
        tx.run(
            "update accounts set active = %s, failed_count = 0, locked_until = null where id = %s",
            [not locked, account_id],
        )
    if locked:
        leaving.shut_out(tx, account_id)
        facts.record(tx, [Fact("AccountLocked", account_id, account_id=account_id)])
    record(tx, "people.locked" if locked else "people.unlocked", account_id, reason)


def renew_code(tx: Tx, account_id: UUID, *, reason: str, actor: Actor) -> Created:
    """Replace the password, if there was one, by a new activation code; all sessions end."""
    row = within_reach(tx, account_id, "people.secure", actor=actor)
    _not_oneself(account_id, actor)
    code = passwords.new_code()
    tx.run(
        "update accounts set password_hash = null, activation_hash = %s,"
        " activation_expires_at = %s, failed_count = 0, locked_until = null where id = %s",
        [passwords.code_hash(code), tx.now + CODE_LASTS, account_id],
    )
    sessions.end_all(tx, [account_id])
    record(tx, "people.code_renewed", account_id, reason)
    return Created(account_id, row["username"], row["name"], code)


def reset_second_step(
    tx: Tx, account_id: UUID, *, reason: str, identity: str, actor: Actor
) -> None:
    """Take the second step of a lost telephone away; all sessions end, the owner begins anew."""
    within_reach(tx, account_id, "people.secure", actor=actor)
    _not_oneself(account_id, actor)
    if not second_steps.forget(tx, account_id):
        raise Refusal("no_second_step", "该账号没有启用二次验证", "this account has no second step")
    sessions.end_all(tx, [account_id])
    detail = {"identity_check": identity}
    record(tx, "people.second_step_reset", account_id, reason, detail)


def _not_oneself(account_id: UUID, actor: Actor) -> None:
    if account_id == actor.id:
        raise NotAllowed("not_for_oneself", "不能对本人账号进行此操作", "not with your own account")
