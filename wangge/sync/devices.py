"""Phones: registered by use, seen, locked from afar, emptied."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.people import leaving
from wangge.people.models import Actor
from wangge.sync import models

HOLD_FOR = timedelta(days=7)
SEEN = """
insert into sync_devices as d (id, account_id, name, platform, app, token_hash, first_at, seen_at)
values (%(id)s, %(account)s, coalesce(%(name)s, ''), coalesce(%(platform)s, ''),
    coalesce(%(app)s, ''), %(token)s, %(now)s, %(now)s)
on conflict (id, account_id) do update set seen_at = %(now)s, token_hash = %(token)s,
    name = coalesce(%(name)s, d.name), platform = coalesce(%(platform)s, d.platform),
    app = coalesce(%(app)s, d.app), emptied_at = null
where d.locked_at is null
returning id
"""
FRESH = """
select locked_at, token_hash = %(token)s and seen_at > %(lately)s and emptied_at is null as fresh
from sync_devices where id = %(id)s and account_id = %(account)s
"""
LATELY = timedelta(minutes=5)
MINE = """
select d.id, d.name, d.platform, d.app, d.first_at, d.seen_at, d.locked_at, d.emptied_at,
    (select coalesce(sum((select count(*) from jsonb_object_keys(held.value))), 0)::int
        from jsonb_each(d.sent) as held) as holds
from sync_devices d where d.account_id = %s order by d.seen_at desc, d.id
"""
ONE = "select * from sync_devices where id = %s and account_id = %s"


def seen(
    tx: Tx,
    actor: Actor,
    device: UUID,
    token: bytes | None,
    *,
    name: str | None = None,
    platform: str | None = None,
    app: str | None = None,
) -> None:
    """The phone has been in touch; one that is locked gets nothing. Written every few minutes."""
    said = name is not None or platform is not None or app is not None
    row = tx.one(
        FRESH, {"id": device, "account": actor.id, "token": token, "lately": tx.now - LATELY}
    )
    if row and row["locked_at"]:
        raise models.device_locked()
    if row and row["fresh"] and not said:
        return
    tx.run(
        SEEN,
        {"id": device, "account": actor.id, "name": name, "platform": platform, "app": app,
         "token": token, "now": tx.now},
    )  # fmt: skip


def listing(tx: Tx, account_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(MINE, [account_id])


def whose(tx: Tx, actor: Actor, device: UUID, account: UUID | None) -> UUID:
    """One's own phone, or anybody's for whoever may lock accounts; else there is none."""
    owner = account or actor.id
    if owner != actor.id and not actor.may("people.secure"):
        raise no_such_device()
    if tx.one(ONE, [device, owner]) is None:
        raise no_such_device()
    return owner


def no_such_device() -> NotFound:
    return NotFound("no_such_device", "没有这部手机", "no such phone")


def lock(tx: Tx, actor: Actor, device: UUID, account: UUID | None, reason: str) -> None:
    """Its session ends; it is told once to deliver what was typed and to empty itself."""
    owner = whose(tx, actor, device, account)
    row = tx.one(ONE, [device, owner])
    if row is None or row["locked_at"]:
        return
    tx.run(
        "update sync_devices set locked_at = %s, locked_by = %s, sent_mark = '', kept_mark = '',"
        " sent = '{}', kept = '{}' where id = %s and account_id = %s",
        [tx.now, actor.id, device, owner],
    )
    if row["token_hash"]:
        leaving.dismiss_session(tx, bytes(row["token_hash"]))
    record(tx, "device.locked", device, reason, {"account": str(owner)}, account_id=actor.id)


def unlock(tx: Tx, actor: Actor, device: UUID, account: UUID | None) -> None:
    owner = whose(tx, actor, device, account)
    tx.run(
        "update sync_devices set locked_at = null, locked_by = null"
        " where id = %s and account_id = %s and locked_at is not null",
        [device, owner],
    )
    record(tx, "device.unlocked", device, "", {"account": str(owner)}, account_id=actor.id)


def emptied(tx: Tx, actor: Actor, device: UUID) -> None:
    """The phone says that it holds nothing pulled any more; the next pull begins anew."""
    tx.run(
        "update sync_devices set emptied_at = %s, sent_mark = '', kept_mark = '', sent = '{}',"
        " kept = '{}' where id = %s and account_id = %s",
        [tx.now, device, actor.id],
    )
