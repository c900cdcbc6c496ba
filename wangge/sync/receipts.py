"""Receipts: kept sealed as they were given, and signed so that "I did send it" can be shown."""

import base64
import hmac
from typing import Any
from uuid import UUID

import orjson

from wangge.kernel import crypto
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import NotFound
from wangge.sync.models import Receipt, Sent

VERSION = "v1."
KEPT = """
select account_id, record, kind, content_hash, state, code, received_at
from sync_operations where id = %s
"""


def sign(tenant: str, account_id: UUID, receipt: Receipt, sent: Sent) -> None:
    receipt.signature = _signature(
        tenant,
        {
            "id": receipt.id,
            "account_id": str(account_id),
            "record": receipt.record,
            "content": sent.content_hash.hex(),
            "state": receipt.state.value,
            "code": receipt.code,
            "received_at": receipt.received_at.timestamp(),
        },
    )


def _signature(tenant: str, said: dict[str, Any]) -> str:
    key = crypto.keys().derive("sync-receipt", tenant)
    plain = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return VERSION + base64.urlsafe_b64encode(crypto.signed(key, plain)).decode().rstrip("=")


def sealed(tenant: str, receipt: Receipt) -> bytes:
    return crypto.seal(tenant, dumps(receipt).decode())


def opened(tenant: str, kept: bytes) -> dict[str, Any]:
    """The receipt of an earlier try, said to be one."""
    found: dict[str, Any] = orjson.loads(crypto.open_(tenant, kept))
    return {**found, "again": True}


def check(tx: Tx, operation: UUID, signature: str) -> dict[str, Any]:
    """What a receipt says that somebody shows; refuses unless it is genuine."""
    row = tx.one(KEPT, [operation])
    if row is not None:
        right = _signature(
            tx.cell.tenant,
            {
                "id": str(operation),
                "account_id": str(row["account_id"]),
                "record": str(row["record"]),
                "content": bytes(row["content_hash"]).hex(),
                "state": row["state"],
                "code": row["code"],
                "received_at": row["received_at"].timestamp(),
            },
        )
        if hmac.compare_digest(right.encode(), signature.encode()):
            return {name: row[name] for name in ("record", "kind", "state", "code", "received_at")}
    raise NotFound(
        "no_such_receipt", "没有这张回执，或签名不符", "no such receipt, or its signature is wrong"
    )
