"""Party organisations, teams and their members from a table: all of it or nothing, row by row told.

A table is one of three kinds, known by its headings; both languages are read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.people.staff_import import RowError
from wangge.people.tables import day, lines
from wangge.teams import party, service
from wangge.teams.models import KIND_NAMES, Kind, PartyDraft, Seat, TeamDraft
from wangge.teams.rights import locked

MOST_ROWS = 20_000
HEADINGS = {
    "代码": "code", "名称": "name", "类别": "kind", "上级代码": "parent_code",
    "区域代码": "area_code", "网格代码": "grid_codes", "起始日期": "begins", "截止日期": "ends",
    "团队代码": "team_code", "名额": "slot", "姓名": "name", "用户名": "username",
    "单位代码": "unit_code", "电话": "phone", "离退休": "retired",
}  # fmt: skip
KNOWN = HEADINGS | {key: key for key in HEADINGS.values()}
KINDS = {zh: kind for kind, (zh, _) in KIND_NAMES.items()} | {k.value: k for k in Kind} | {
    "党委": Kind.COMMITTEE, "党工委": Kind.COMMITTEE, "党支部": Kind.BRANCH, "党小组": Kind.GROUP,
}  # fmt: skip
YES = {"是", "1", "true", "yes", "y"}
Row = dict[str, str]


@dataclass(slots=True)
class Read:
    """What a table holds, and what is wrong with it."""

    write: Callable[[], int]
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)


def rows(content: bytes) -> list[Row]:
    """Rows under known headings; refuses a table that is too long or says nothing we know."""
    found = lines(content, most=MOST_ROWS)
    keys = [KNOWN.get(cell.strip().lower(), KNOWN.get(cell.strip(), "")) for cell in found[0]] \
        if found else []  # fmt: skip
    if len(found) - 1 > MOST_ROWS:
        raise Invalid("too_many_rows", f"最多 {MOST_ROWS} 行", f"{MOST_ROWS} rows at most")
    if not ({"code", "name", "area_code"} <= set(keys) or {"team_code", "slot"} <= set(keys)):
        raise Invalid(
            "columns_missing",
            "表格须有“代码、名称、区域代码”，或“团队代码、名额”",
            "the table needs code, name and area code, or team code and slot",
        )
    return [dict(zip(keys, line, strict=False)) for line in found[1:] if any(line)]


def read(tx: Tx, table: Sequence[Row], *, actor: Actor | None) -> Read:
    """Turn a table into drafts; what is wrong is told row by row, and nothing is written yet."""
    errors: list[RowError] = []
    known = _Known(tx, table)
    if table and "team_code" in table[0]:
        seats = _each(table, known.seat, errors)
        return Read(lambda: _seated(tx, seats, actor), len(table), errors)
    if table and "kind" in table[0]:
        party_drafts = _each(table, known.party, errors)
        return Read(lambda: party.load(tx, party_drafts, actor=actor), len(table), errors)
    teams = _each(table, known.team, errors)
    return Read(lambda: service.load(tx, teams, actor=actor), len(table), errors)


def _each(table: Sequence[Row], made: Callable[[Row], Any], errors: list[RowError]) -> list[Any]:
    found = []
    for number, row in enumerate(table, start=2):
        try:
            found.append(made(row))
        except Refusal as refusal:
            column = str(refusal.details.get("field", ""))
            errors.append(RowError(number, column, refusal.code, refusal.zh, refusal.en))
    return found


def _seated(tx: Tx, seats: Sequence[tuple[UUID, Seat]], actor: Actor | None) -> int:
    for team in {team for team, _ in seats}:
        locked(tx, "teams", team, actor)
    service.seat_all(tx, seats)
    return len(seats)


class _Known:
    """Everything that a table's codes stand for, read once."""

    def __init__(self, tx: Tx, table: Sequence[Row]) -> None:
        self.today = today(tx)
        self.areas = _ids(tx, "areas", "code", table, "area_code", "grid_codes")
        self.teams = _ids(tx, "teams", "code", table, "team_code")
        self.accounts = _ids(tx, "accounts", "username", table, "username")
        self.units = _ids(tx, "organisations", "code", table, "unit_code")
        self.own = {row["code"]: new_id() for row in table if row.get("code")}
        standing = _ids(tx, "party_organisations", "code", table, "parent_code")
        self.parents = self.own | standing

    def party(self, row: Row) -> PartyDraft:
        kind = KINDS.get(row["kind"])
        if kind is None:
            raise Invalid("bad_kind", "没有此类别", "no such kind", field="kind")
        parent = row.get("parent_code", "")
        return PartyDraft(
            self.own.get(_said(row, "code")) or new_id(), row["code"], _said(row, "name"), kind,
            _found(self.areas, row, "area_code"), day(row, "begins") or self.today,
            _found(self.parents, row, "parent_code") if parent else None, self._grids(row),
        )  # fmt: skip

    def team(self, row: Row) -> TeamDraft:
        return TeamDraft(
            self.own.get(_said(row, "code")) or new_id(), row["code"], _said(row, "name"),
            _found(self.areas, row, "area_code"), day(row, "begins") or self.today,
            self._grids(row),
        )  # fmt: skip

    def seat(self, row: Row) -> tuple[UUID, Seat]:
        account = _found(self.accounts, row, "username") if row.get("username") else None
        unit = _found(self.units, row, "unit_code") if row.get("unit_code") else None
        name = "" if account or unit else _said(row, "name")
        return _found(self.teams, row, "team_code"), Seat(
            new_id(), _said(row, "slot"), row.get("kind", ""), account, unit, name,
            row.get("phone", ""), row.get("retired", "").lower() in YES,
            day(row, "begins"), day(row, "ends"),
        )  # fmt: skip

    def _grids(self, row: Row) -> tuple[UUID, ...]:
        return tuple(
            _found(self.areas, {"grid_codes": code}, "grid_codes")
            for code in _codes(row.get("grid_codes", ""))
        )


def _codes(text: str) -> list[str]:
    return [code for code in re.split(r"[;；,，、\s]+", text) if code]


def _ids(tx: Tx, table: str, key: str, rows: Sequence[Row], *columns: str) -> dict[str, UUID]:
    codes = {code for row in rows for column in columns for code in _codes(row.get(column, ""))}
    found = tx.rows(f"select id, {key} as key from {table} where {key} = any(%s)", [list(codes)])
    return {row["key"]: row["id"] for row in found}


def _said(row: Row, column: str) -> str:
    if not row.get(column):
        raise Invalid("cell_empty", "此列必填", "this column must be filled", field=column)
    return row[column]


def _found(known: dict[str, UUID], row: Row, column: str) -> UUID:
    code = row.get(column, "")
    if code not in known:
        raise Invalid("unknown_code", f"没有此代码：{code}", f"no such code: {code}", field=column)
    return known[code]
