"""Sites from a table, XLSX or CSV: each row checked, nothing written while one is wrong."""

from math import isfinite
from typing import Any
from uuid import UUID

from wangge.areas.import_rows import ImportReport, RowError
from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.kernel.place import Datum, to_wgs84
from wangge.papers import tables
from wangge.people.models import Actor
from wangge.video.models import SiteDraft
from wangge.video.service import EDIT, placed, write

# Both headings are read; the owner is named by its code or its name.
COLUMNS = {
    "code": "编号",
    "name": "名称",
    "place_words": "位置",
    "lon": "经度",
    "lat": "纬度",
    "owner": "所属单位",
    "page_url": "平台链接",
    "snapshot_url": "截图地址",
    "active": "启用",
}
NEEDED = ("code", "name", "lon", "lat", "owner")
LONGEST = {"code": 60, "name": 100, "place_words": 200}
YES, NO = {"", "是", "1", "true", "yes", "y"}, {"否", "0", "false", "no", "n"}
OWNERS = """
select id, code, name, short_name from organisations
where active and (code = any(%(said)s) or name = any(%(said)s) or short_name = any(%(said)s))
"""
STANDING = "select * from video_sites where code = any(%s)"
SAME = ("name", "place_words", "lon", "lat", "owner_id", "page_url", "snapshot_url", "active")
Row = dict[str, str]


def import_sites(
    tx: Tx, actor: Actor, body: bytes, *, datum: Datum = Datum.WGS84, dry_run: bool = False
) -> ImportReport:
    """Add sites, or change those whose code stands already; ``datum`` is that of the degrees."""
    actor.must(EDIT)
    table = tables.read(body)
    headings = {heading: key for key, heading in COLUMNS.items()} | {key: key for key in COLUMNS}
    keys = {name: headings[name.lower()] for name in table.columns if name.lower() in headings}
    if missing := [COLUMNS[key] for key in NEEDED if key not in keys.values()]:
        raise Invalid(
            "columns_missing",
            f"表格缺少列：{'、'.join(missing)}",
            "the table lacks columns; see the details",
            columns=missing,
        )
    rows = [
        (number, {keys[name]: cell for name, cell in cells.items() if name in keys})
        for number, cells in table.rows
    ]
    report = ImportReport(dry_run, len(rows))
    owners = _owners(tx, [row.get("owner", "") for _, row in rows])
    standing = {
        one["code"]: one for one in tx.rows(STANDING, [[row.get("code", "") for _, row in rows]])
    }
    drafts = _checked(tx, actor, report, rows, owners, standing, datum)
    changed = [row for row in drafts if row["code"] not in standing or _differs(row, standing)]
    report.added = sum(row["code"] not in standing for row in drafts)
    report.changed = len(changed) - report.added
    report.unchanged = len(drafts) - len(changed)
    if report.written:
        write(tx, changed)
        record(tx, "video.sites_imported", detail={"rows": len(changed)}, account_id=actor.id)
    return report


def _differs(row: dict[str, Any], standing: dict[str, dict[str, Any]]) -> bool:
    return any(row[name] != standing[row["code"]][name] for name in SAME)


def _checked(
    tx: Tx,
    actor: Actor,
    report: ImportReport,
    rows: list[tuple[int, Row]],
    owners: dict[str, list[UUID]],
    standing: dict[str, dict[str, Any]],
    datum: Datum,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        try:
            draft = _draft(row, owners, datum)
            first = seen.setdefault(draft.code, number)
            if first != number:
                raise Invalid(
                    "duplicate_site", f"与第 {first} 行编号重复", f"the code of row {first} again"
                )
            before = standing.get(draft.code)
            if before:
                actor.must_at(EDIT, pos=before["pos"])
            made = placed(tx, actor, draft)
            found.append({**made, "id": before["id"] if before else made["id"]})
        except Refusal as refusal:
            name = row.get("name") or row.get("code", "")
            report.errors.append(RowError(number, name, refusal.code, refusal.zh, refusal.en))
    return found


def _owners(tx: Tx, said: list[str]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for row in tx.rows(OWNERS, {"said": sorted({*said} - {""})}):
        for name in {row["code"], row["name"], row["short_name"]}:
            found.setdefault(name, []).append(row["id"])
    return found


def _draft(row: Row, owners: dict[str, list[UUID]], datum: Datum) -> SiteDraft:
    for key in NEEDED:
        if not row.get(key):
            raise Invalid(f"no_{key}", f"缺少{COLUMNS[key]}", f"{key} is missing")
    for key, most in LONGEST.items():
        if len(row.get(key, "")) > most:
            raise Invalid("too_long", f"{COLUMNS[key]}最多 {most} 字", f"{key}: {most} at most")
    units = owners.get(row["owner"], [])
    if len(units) != 1:
        raise Invalid(
            "no_such_unit",
            f"没有此单位，或有同名单位（请填代码）：{row['owner']}",
            "no such unit, or several of that name: give its code",
        )
    active = row.get("active", "").lower()
    if active not in YES | NO:
        raise Invalid("bad_active", "启用须填是或否", "active is yes or no")
    lon, lat = to_wgs84(_degrees(row, "lon", 180), _degrees(row, "lat", 90), datum)
    return SiteDraft(
        new_id(), row["code"], row["name"], units[0], lon, lat, row.get("place_words", ""),
        row.get("page_url", ""), row.get("snapshot_url", ""), active in YES,
    )  # fmt: skip


def _degrees(row: Row, key: str, most: int) -> float:
    try:
        value = float(row[key])
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > most:
        raise Invalid("not_degrees", f"{COLUMNS[key]}不是度数", f"{key} is not in degrees")
    return value
