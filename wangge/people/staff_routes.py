"""The doors to staff: the directory for everybody at work, and the administrators' verbs."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, UploadFile

from wangge.kernel.errors import Invalid
from wangge.kernel.web import Db
from wangge.people import (
    appointments,
    organisations,
    posts,
    queries,
    schemas,
    secondments,
    service,
    staff_import,
)
from wangge.people.doors import OfficeDb, OfficeMe, actor
from wangge.people.models import AccountDraft, PostDraft
from wangge.people.permissions import PERMISSIONS
from wangge.people.roles import ROLES

router = APIRouter(tags=["people"])


@router.get("/people", operation_id="listPeople")
def list_people(
    *,
    tx: OfficeDb,
    me: OfficeMe,
    q: schemas.Line | None = None,
    role: schemas.Line | None = None,
    area: UUID | None = None,
    unit: UUID | None = None,
    cursor: schemas.Line | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """List staff with a post within reach; administrators also see accounts without one."""
    me.must("people.read")
    admin = me.may("people.edit") or me.may("people.secure")
    rows = queries.staff(
        tx,
        me.reach("people.read"),
        today=posts.today(tx),
        q=q,
        role_name=role,
        area=area,
        unit=unit,
        after=cursor,
        limit=limit + 1,
        without_posts=admin,
    )
    page = [_person(row, admin=admin) for row in rows[:limit]]
    return {"items": page, "next": rows[limit - 1]["username"] if len(rows) > limit else None}


def _person(row: dict[str, Any], *, admin: bool) -> dict[str, Any]:
    """Colleagues see name, number and posts; what concerns the account is the administrators'."""
    held = [{**post, "role_name": schemas.words(post["role"])} for post in row["posts"]]
    shown = {"id": row["id"], "name": row["name"], "phone": row["phone"], "posts": held}
    if admin:
        shown |= {key: row[key] for key in ("username", "state", "source")}
    return shown


@router.get("/people/secondments", operation_id="listSecondments",
            response_model=schemas.SecondmentList)  # fmt: skip
def list_secondments(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """借调: who serves elsewhere until when, as far as one sees where he is from or serves."""
    me.must("people.read")
    return {"items": secondments.listing(tx, me, today=posts.today(tx))}


@router.get("/people/{account_id}/posts", operation_id="listPosts")
def list_posts(tx: OfficeDb, me: OfficeMe, account_id: UUID) -> dict[str, Any]:
    """Show every post that an account held, holds and will hold."""
    service.within_reach(tx, account_id, "people.edit", actor=me)
    held = queries.posts_of(tx, [account_id], today=posts.today(tx), past=True)
    return {"items": held.get(account_id, []), "next": None}


@router.post("/people", operation_id="createAccount", status_code=201)
def create_account(tx: OfficeDb, me: OfficeMe, body: schemas.AccountIn) -> dict[str, Any]:
    """Make an account; the activation code is in this answer only."""
    profile = {"source": body.source} if body.source else {}
    held = tuple(PostDraft(**post.model_dump()) for post in body.posts)
    draft = AccountDraft(body.id, body.username, body.name, body.phone, held, profile)
    return asdict(service.create_accounts(tx, [draft], actor=me)[0])


@router.post("/people/import", operation_id="importPeople")
def import_people(
    tx: OfficeDb,
    me: OfficeMe,
    file: Annotated[UploadFile, File()],
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Make accounts from a table, all or none; ``dry_run`` only says what would happen."""
    me.must("people.edit")
    read = staff_import.read(tx, staff_import.table(file.file.read()), actor=me)
    errors = [asdict(error) for error in sorted(read.errors, key=lambda error: error.row)]
    if errors and not dry_run:
        raise Invalid(
            "import_has_errors",
            f"表格有 {len(errors)} 处错误，未导入任何人",
            f"the table has {len(errors)} errors; nobody was imported",
            errors=errors[:500],
        )
    made = [] if dry_run else service.create_accounts(tx, read.drafts, actor=me)
    return {
        "dry_run": dry_run,
        "rows": read.rows,
        "accounts": len(read.drafts),
        "posts": sum(len(draft.posts) for draft in read.drafts),
        "errors": errors[:500],
        "created": [asdict(account) for account in made],
    }


@router.patch("/people/{account_id}", operation_id="changeAccount")
def change_account(
    tx: OfficeDb, me: OfficeMe, account_id: UUID, body: schemas.AccountChange
) -> dict[str, Any]:
    service.change_account(tx, account_id, name=body.name, phone=body.phone, actor=me)
    return {"id": account_id}


@router.post("/people/{account_id}/lock", operation_id="lockAccount")
def lock_account(
    tx: OfficeDb, me: OfficeMe, account_id: UUID, body: schemas.Lock
) -> dict[str, Any]:
    service.lock_account(tx, account_id, locked=body.locked, reason=body.reason, actor=me)
    return {"id": account_id, "locked": body.locked}


@router.post("/people/{account_id}/code", operation_id="renewCode")
def renew_code(
    tx: OfficeDb, me: OfficeMe, account_id: UUID, body: schemas.Reason
) -> dict[str, Any]:
    """Issue a new activation code; the old password and all sessions end."""
    return asdict(service.renew_code(tx, account_id, reason=body.reason, actor=me))


@router.post("/people/{account_id}/posts", operation_id="appoint", status_code=201)
def appoint(tx: OfficeDb, me: OfficeMe, account_id: UUID, body: schemas.PostIn) -> dict[str, Any]:
    return {"id": appointments.appoint(tx, account_id, PostDraft(**body.model_dump()), actor=me)}


@router.put("/posts/{post_id}", operation_id="presentPost")
def present_post(
    tx: OfficeDb, me: OfficeMe, post_id: UUID, body: schemas.PostShown
) -> dict[str, Any]:
    me.must("people.edit")
    appointments.present(tx, post_id, **body.model_dump(), actor=me)
    return {"id": post_id}


@router.post("/posts/{post_id}/end", operation_id="endPost")
def end_post(tx: OfficeDb, me: OfficeMe, post_id: UUID, body: schemas.PostEnd) -> dict[str, Any]:
    me.must("people.edit")
    appointments.end(tx, post_id, on=body.on, actor=me)
    return {"id": post_id}


@router.get("/roles", operation_id="listRoles", dependencies=[Depends(actor)])
def list_roles() -> dict[str, Any]:
    """List every role with what it allows, in the order of the public notice."""
    items = [
        {
            "code": name,
            "zh": role.zh,
            "en": role.en,
            "held": role.held,
            "permissions": [
                {"code": code, "zh": words.zh, "en": words.en}
                for code, words in PERMISSIONS.items()
                if code in role.grants
            ],
        }
        for name, role in ROLES.items()
    ]
    return {"items": items, "next": None}


@router.get("/organisations", operation_id="listOrganisations")
def list_organisations(
    tx: Db,
    *,
    kind: schemas.Line | None = None,
    area: UUID | None = None,
    q: schemas.Line | None = None,
    closed: bool = False,
) -> dict[str, Any]:
    """List organisations on an area's branch of the tree: those above it and those below."""
    rows = organisations.listing(tx, kind=kind, area=area, q=q, closed=closed)
    return {"items": rows, "next": None}


@router.post("/organisations", operation_id="createOrganisation", status_code=201)
def create_organisation(tx: OfficeDb, me: OfficeMe, body: schemas.OrganisationIn) -> dict[str, Any]:
    organisations.put(tx, body.model_dump(), actor=me)
    return {"id": body.id}


@router.put("/organisations/{organisation_id}", operation_id="changeOrganisation")
def change_organisation(
    tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: schemas.OrganisationIn
) -> dict[str, Any]:
    organisations.put(tx, {**body.model_dump(), "id": organisation_id}, actor=me)
    return {"id": organisation_id}
