"""Staff from a table: CSV or XLSX in, accounts with posts out, or a list of what is wrong where.

One row is one post; rows with the same username make one account with several posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wangge.kernel.crypto import normal_phone
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people import posts, service
from wangge.people.models import AccountDraft, Actor, PostDraft
from wangge.people.roles import ROLES
from wangge.people.tables import day, lines

MOST_ROWS = 20_000
# Both headings are read; what each column takes is told in docs/decisions/0041-staff-import.md.
COLUMNS = {
    "username": "用户名",
    "name": "姓名",
    "phone": "手机",
    "role": "岗位",
    "area_code": "区域代码",
    "unit_code": "单位代码",
    "title": "职务",
    "kind": "类别",
    "public": "公示",
    "begins": "起始日期",
    "ends": "截止日期",
    "source": "来源",
}
HEADINGS = {heading: key for key, heading in COLUMNS.items()} | {key: key for key in COLUMNS}
ROLE_NAMES = {role.zh: name for name, role in ROLES.items()} | {name: name for name in ROLES}
YES, NO = {"是", "1", "true", "yes", "y"}, {"否", "0", "false", "no", "n", ""}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in which row (as the table counts them) and column."""

    row: int
    column: str
    code: str
    zh: str
    en: str


@dataclass(slots=True)
class Read:
    """A table that was read: drafts of what is right, errors for what is not."""

    drafts: list[AccountDraft] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    rows: int = 0


def table(content: bytes) -> list[Row]:
    """Read rows under known headings; refuses what is neither CSV nor XLSX."""
    rows = lines(content, most=MOST_ROWS)
    keys = [HEADINGS.get(cell.strip().lower(), "") for cell in rows[0]] if rows else []
    missing = [heading for key, heading in COLUMNS.items() if key in {"name", "role"} - set(keys)]
    if missing:
        raise Invalid(
            "columns_missing",
            f"表格缺少列：{'、'.join(missing)}",
            f"the table lacks the columns {', '.join(missing)}",
            columns=missing,
        )
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid("too_many_rows", f"最多 {MOST_ROWS} 行", f"{MOST_ROWS} rows at most")
    return [dict(zip(keys, line, strict=False)) for line in rows[1:]]


def read(tx: Tx, rows: Sequence[Row], *, actor: Actor | None) -> Read:
    """Turn rows into drafts and check every one by the rules that the doors apply."""
    areas = _ids(tx, "areas", {row.get("area_code", "") for row in rows})
    units = _ids(tx, "organisations", {row.get("unit_code", "") for row in rows})
    found = Read()
    accounts: dict[str, AccountDraft] = {}
    held: list[tuple[int, str, PostDraft]] = []
    for number, row in enumerate(rows, start=2):
        if not any(row.values()):
            continue
        found.rows += 1
        try:
            draft = _account(row)
            post = _post(row, areas, units)
        except Refusal as refusal:
            found.errors.append(_error(number, refusal))
            continue
        same = accounts.setdefault(draft.username, draft)
        if (same.name, same.phone) != (draft.name, draft.phone):
            other = Invalid(
                "not_one_person", "同一用户名的姓名或手机不一致", "two people in one account"
            )
            found.errors.append(_error(number, other))
        held.append((number, draft.username, post))
    _check(tx, held, accounts, found, actor=actor)
    by_account: dict[str, list[PostDraft]] = {}
    for _, username, post in held:
        by_account.setdefault(username, []).append(post)
    found.drafts = [
        AccountDraft(
            draft.id, name, draft.name, draft.phone, tuple(by_account[name]), draft.profile
        )
        for name, draft in accounts.items()
    ]
    return found


def _check(
    tx: Tx,
    held: Sequence[tuple[int, str, PostDraft]],
    accounts: dict[str, AccountDraft],
    found: Read,
    *,
    actor: Actor | None,
) -> None:
    known = posts.places(tx, (post for _, _, post in held))
    rows = tx.rows("select username from accounts where username = any(%s)", [list(accounts)])
    taken = {row["username"] for row in rows}
    roles: dict[str, set[str]] = {}
    for number, username, post in held:
        roles.setdefault(username, set()).add(post.role)
        if username in taken:
            used = Refusal("username_taken", "用户名已被使用", "username taken", field="username")
            found.errors.append(_error(number, used))
        try:
            posts.settled(post, known, actor=actor)
            posts.keep_apart(roles[username])
        except Refusal as refusal:
            found.errors.append(_error(number, refusal))


def _error(number: int, refusal: Refusal) -> RowError:
    column = str(refusal.details.get("field", ""))
    column = {"area_id": "area_code", "unit_id": "unit_code"}.get(column, column)
    return RowError(number, COLUMNS.get(column, column), refusal.code, refusal.zh, refusal.en)


def _ids(tx: Tx, name: str, codes: set[str]) -> dict[str, UUID]:
    rows = tx.rows(f"select id, code from {name} where code = any(%s)", [list(codes - {""})])
    return {row["code"]: row["id"] for row in rows}


def _account(row: Row) -> AccountDraft:
    name, raw = row.get("name", ""), row.get("phone", "")
    phone = normal_phone(raw) if raw else ""
    username = (row.get("username") or phone).lower()
    if not name:
        raise Invalid("name_missing", "缺少姓名", "the name is missing", field="name")
    if not service.USERNAME.fullmatch(username):
        raise Invalid("bad_username", "用户名不合规则", "not a valid username", field="username")
    profile = {"source": row["source"]} if row.get("source") else {}
    return AccountDraft(new_id(), username, name, phone, profile=profile)


def _post(row: Row, areas: dict[str, UUID], units: dict[str, UUID]) -> PostDraft:
    area, unit = row.get("area_code", ""), row.get("unit_code", "")
    if area and area not in areas:
        raise Invalid("no_such_area", f"没有此区域：{area}", f"no area {area}", field="area_code")
    if unit and unit not in units:
        raise Invalid("no_such_unit", f"没有此单位：{unit}", f"no unit {unit}", field="unit_code")
    if row["role"] not in ROLE_NAMES:
        raise Invalid(
            "bad_role", f"没有此岗位：{row['role']}", f"no such role: {row['role']}", field="role"
        )
    public = row.get("public", "").lower()
    if public not in YES | NO:
        raise Invalid("bad_public", "公示须填是或否", "public is yes or no", field="public")
    return PostDraft(
        new_id(),
        ROLE_NAMES[row["role"]],
        areas.get(area),
        units.get(unit),
        row.get("title", ""),
        row.get("kind", ""),
        public in YES,
        day(row, "begins"),
        day(row, "ends"),
    )
