"""Doors to the city's own rules: brand and lists for everybody, changes for its administrator."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, UploadFile

from wangge.kernel.db import Tx
from wangge.kernel.description import binary
from wangge.kernel.errors import Invalid, NotFound
from wangge.kernel.web import Db, Permission, PublicDb
from wangge.tenant import queries, schemas, service, trials
from wangge.tenant.brand import BUILT_IN
from wangge.tenant.exchange import compared, plain
from wangge.tenant.limits import Limit
from wangge.tenant.logo import MOST_BYTES, built_in
from wangge.tenant.permissions import EDIT
from wangge.tenant.schemas import RuleChange, RuleFile, RulePreview, RuleRestore
from wangge.tenant.seeds import proposed

router = APIRouter(prefix="/api/v1", tags=["tenant"])
MAY_EDIT = Depends(Permission(EDIT))
FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def _author(tx: Tx) -> UUID | None:
    return UUID(tx.session.account["id"]) if tx.session else None


@router.get("/tenant", operation_id="readTenant")
def read_tenant(tx: PublicDb) -> dict[str, Any]:
    return schemas.tenant_view(tx, service.rules(tx))


@router.get(
    "/tenant/logo/{logo}",
    operation_id="readLogo",
    response_class=Response,
    responses={200: binary("image/*")},
)
def read_logo(logo: str, tx: PublicDb) -> Response:
    if logo == BUILT_IN:
        picture = built_in(service.rules(tx).brand.colour)
        return Response(picture, media_type="image/svg+xml", headers=FOR_EVER)
    try:
        found = queries.logo(tx, UUID(logo))
    except ValueError:
        found = None
    if found is None:
        raise NotFound("no_such_logo", "没有这个标志", "there is no such logo")
    return Response(bytes(found["body"]), media_type=found["media_type"], headers=FOR_EVER)


@router.post("/tenant/logo", operation_id="uploadLogo", status_code=201, dependencies=[MAY_EDIT])
def upload_logo(file: UploadFile, tx: Db) -> dict[str, str]:
    """Keep a picture; it is shown once ``brand.logo`` names it."""
    logo_id = service.keep_logo(tx, file.file.read(MOST_BYTES + 1), author_id=_author(tx))
    return {"id": str(logo_id), "logo_url": f"/api/v1/tenant/logo/{logo_id}"}


@router.get("/rules", operation_id="listRules")
def list_rules(tx: Db) -> dict[str, Any]:
    return schemas.rules_view(tx, service.rules(tx))


@router.get(
    "/rules/export",
    operation_id="exportRules",
    response_class=Response,
    responses={200: binary("application/yaml")},
)
def export_rules(tx: Db) -> Response:
    name = f"wangge-rules-{tx.cell.tenant}-{tx.now:%Y%m%d}.yaml"
    return Response(
        service.export(tx),
        media_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/rules/import", operation_id="importRules", dependencies=[MAY_EDIT])
def import_rules(file: RuleFile, tx: Db, *, dry_run: bool = True) -> dict[str, Any]:
    """Take a file of rules; what sends cases somewhere must have been tried, as one by one.

    A dry run answers which documents have still to be tried, each with its body.
    """
    if not dry_run:
        trials.check_file(tx, file.text)
    done = service.import_(
        tx,
        file.text,
        dry_run=dry_run,
        author_id=_author(tx),
        note=file.note,
        seen=file.seen,
        move_open=file.move_open,
    )
    view = schemas.import_view(done)
    for one, shown in zip(done.documents, view["documents"], strict=True):
        if not done.applied and one.state == "changed" and trials.untried(tx, one.name, one.part):
            shown["untried"] = plain(one.part) if one.part else None
    return view


@router.get("/rules/{name}", operation_id="readRule")
def read_rule(
    name: str,
    tx: Db,
    version: Annotated[int | None, Query(ge=0)] = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    """The document in force; or the one of a ``version``, or of a moment ``at``."""
    service.known(name)
    if version is None and at is None:
        return schemas.document_view(service.rules(tx), name)
    moment = at and (at if at.tzinfo else at.replace(tzinfo=service.rules(tx).calendar.days.zone))
    return schemas.version_view(name, service.version_of(tx, name, version, moment))


@router.put("/rules/{name}", operation_id="changeRule", dependencies=[MAY_EDIT])
def change_rule(name: str, change: RuleChange, tx: Db) -> dict[str, Any]:
    """Save a new version; what sends cases somewhere must have been tried on past ones."""
    trials.check(tx, name, change.body)
    service.save(
        tx,
        name,
        change.body,
        version=change.version,
        author_id=_author(tx),
        note=change.note,
        move_open=change.move_open,
    )
    rules = service.rules(tx)
    view = schemas.document_view(rules, name)
    return {**view, "warnings": schemas.problems_view(schemas.warned(tx, rules))}


@router.post("/rules/{name}/restore", operation_id="restoreRule", dependencies=[MAY_EDIT])
def restore_rule(name: str, asked: RuleRestore, tx: Db) -> dict[str, Any]:
    """Put an earlier version in force again, as a new version; 0 is what comes with the product."""
    service.restore(
        tx, name, to=asked.to, version=asked.version, author_id=_author(tx), note=asked.note
    )
    return schemas.document_view(service.rules(tx), name)


@router.post("/rules/{name}/preview", operation_id="previewRule", dependencies=[MAY_EDIT])
def preview_rule(name: str, preview: RulePreview, tx: Db) -> dict[str, Any]:
    """Say what would change and what is wrong, without changing anything."""
    return schemas.import_view(service.preview(tx, name, preview.body))


@router.get("/rules/{name}/history", operation_id="readRuleHistory")
def read_rule_history(name: str, tx: Db) -> dict[str, Any]:
    """Newest first, each with what it changed in the version before it."""
    rows = service.history(tx, name)
    if not rows:
        return {"items": [], "next": None}
    bodies = [row["body"] for row in rows[1:]] + [plain(service.original(name))]
    items = [
        {
            "version": row["version"],
            "author_id": row["author_id"],
            "author": row["author"],
            "note": row["note"],
            "at": row["at"],
            "changes": [change._asdict() for change in compared(name, before, row["body"])],
        }
        for row, before in zip(rows, bodies, strict=True)
    ]
    return {"items": items, "next": None}


@router.get("/calendar/deadline", operation_id="tryDeadline")
def try_deadline(
    start: datetime, limit: Annotated[str, Query(max_length=20)], tx: Db
) -> dict[str, Any]:
    """Work out a deadline with every step; a ``start`` without a zone is the city's time."""
    rules = service.rules(tx)
    local = start if start.tzinfo else start.replace(tzinfo=rules.calendar.days.zone)
    if not 1990 <= local.year <= 2100:
        raise Invalid(
            "start_out_of_range",
            "开始时间应在1990年至2100年之间",
            "the start must lie between 1990 and 2100",
            field="start",
        )
    return schemas.deadline_view(rules.deadline(local, Limit.parse(limit)))


@router.get("/calendar/years/{year}", operation_id="proposeYear", dependencies=[MAY_EDIT])
def propose_year(year: int) -> dict[str, Any]:
    """Propose holidays and made-up days for the calendar, to be looked through and saved."""
    return plain(proposed(year))
