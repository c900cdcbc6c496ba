"""The door of the audit administrator; reading the log is itself logged."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from wangge.audit import queries, service
from wangge.kernel.errors import Invalid
from wangge.kernel.web import Db, Permission, PublicDb

router = APIRouter(prefix="/api/v1", tags=["audit"])


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, row_id = cursor.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(row_id)
    except ValueError:
        raise Invalid(
            "bad_cursor", "翻页标记无效", "not a cursor of this list", field="cursor"
        ) from None


@router.get("/audit", operation_id="listAudit", dependencies=[Depends(Permission("audit.read"))])
def list_audit(
    *,
    db: Db,
    log: PublicDb,
    action: Annotated[str, Query(pattern=r"^[a-z_.]*$")] | None = None,
    account: UUID | None = None,
    subject: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """Read with the role that may; the app's own, on which the permission is checked, may not."""
    rows = queries.page(
        log,
        action=action,
        account=account,
        subject=subject,
        since=since,
        until=until,
        after=_after(cursor),
        limit=limit + 1,
    )
    service.record(db, "audit.read", detail={"action": action, "count": len(rows[:limit])})
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [_item(row) for row in rows[:limit]],
        "next": f"{last['at'].isoformat()}_{last['id']}" if last else None,
    }


def _item(row: dict[str, Any]) -> dict[str, Any]:
    account = {"id": row["account_id"], "name": row["account_name"], "username": row["username"]}
    return {
        **{key: row[key] for key in ("id", "at", "action", "subject", "reason", "detail")},
        "account": account if row["account_id"] else None,
        "request_id": row["request_id"],
        "address": row["address"],
    }
