"""Teams: written by date, filled by the posts of the day and by those listed; what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.teams import queries
from wangge.teams.models import Seat, TeamDraft
from wangge.teams.rights import locked, reach_all, since
from wangge.tenant.models import repeated
from wangge.tenant.service import rules
from wangge.tenant.teams import Slot, Teams

MOST_AT_ONCE = 5000


def load(tx: Tx, drafts: Sequence[TeamDraft], *, actor: Actor | None) -> int:
    """Write new teams with their grids and seats; all or none. Returns how many."""
    reach_all(tx, {one.area_id for one in drafts} | {g for one in drafts for g in one.grids}, actor)
    codes = [one.code for one in drafts]
    row = tx.one("select code from teams where code = any(%s) limit 1", [codes])
    if twice := [row["code"]] if row else repeated(codes):
        raise Refusal(
            "code_taken", f"代码已被使用：{twice[0]}", f"this code is taken: {twice[0]}",
            field="code",
        )  # fmt: skip
    tx.copy(
        "teams",
        ("id", "code", "name", "area_id", "valid", "kind"),
        ((o.id, o.code, o.name, o.area_id, since(o.begins), o.kind) for o in drafts),
    )
    tx.copy(
        "team_grids",
        ("team_id", "area_id", "valid"),
        ((o.id, grid, since(o.begins)) for o in drafts for grid in dict.fromkeys(o.grids)),
    )
    for kind in ("grid", "service"):
        seats = [(one.id, seat) for one in drafts if one.kind == kind for seat in one.seats]
        seat_all(tx, seats, slots=kind == "grid")
    if actor:
        for one in drafts:
            record(tx, "team.founded", one.id, detail={"code": one.code})
    return len(drafts)


def serve(
    tx: Tx, team: UUID, grids: Sequence[UUID], *, on: date | None, actor: Actor | None
) -> None:
    """From a day on the team serves exactly these grids."""
    locked(tx, "teams", team, actor)
    reach_all(tx, grids, actor)
    day = on or today(tx)
    tx.run("delete from team_grids where team_id = %s and lower(valid) >= %s", [team, day])
    tx.run(
        "update team_grids set valid = daterange(lower(valid), %s) where team_id = %s"
        " and (upper_inf(valid) or upper(valid) > %s)",
        [day, team, day],
    )
    span = DateRange(day, None)
    lines = [{"team_id": team, "area_id": g, "valid": span} for g in dict.fromkeys(grids)]
    tx.insert("team_grids", lines)
    record(tx, "team.grids", team, detail={"grids": len(lines), "on": str(day)})


def close(tx: Tx, team: UUID, *, on: date | None, actor: Actor | None) -> None:
    """The team ends on that day, with its grids and the places in it."""
    locked(tx, "teams", team, actor)
    day = on or today(tx)
    for table, column in (("teams", "id"), ("team_grids", "team_id"), ("team_members", "team_id")):
        tx.run(
            f"update {table} set valid = daterange(least(lower(valid), %s), %s)"
            f" where {column} = %s and (upper_inf(valid) or upper(valid) > %s)",
            [day, day, team, day],
        )
    record(tx, "team.closed", team, detail={"on": str(day)})


def seat(tx: Tx, team: UUID, one: Seat, *, actor: Actor | None) -> None:
    """Give somebody a place in a team; a repeat with the same id changes nothing."""
    locked(tx, "teams", team, actor)
    known = tx.one("select team_id from team_members where id = %s", [one.id])
    if known and known["team_id"] == team:
        return
    if known:
        raise Refusal("id_taken", "此编号已被使用", "this id is taken")
    seat_all(tx, [(team, one)])
    record(tx, "team.joined", one.id, detail={"team": str(team), "slot": one.slot})


def seat_all(tx: Tx, seats: Sequence[tuple[UUID, Seat]], *, slots: bool = True) -> None:
    """Write seats; ``slots``: in a team each has its slot, in a service group there are none."""
    city = rules(tx).teams
    for _, one in seats if slots else ():
        _may_sit(city, one)
    for column, table in (("account_id", "accounts"), ("unit_id", "organisations")):
        wanted = {getattr(one, column) for _, one in seats} - {None}
        found = tx.rows(f"select id from {table} where id = any(%s) and active", [list(wanted)])
        if len(found) < len(wanted):
            raise NotFound("no_such_member", "没有此人员或单位", "no such member", field=column)
    day = today(tx)
    tx.copy(
        "team_members",
        ("id", "team_id", "slot", "kind", "account_id", "unit_id", "name", "phone", "retired",
         "valid", "role"),
        (
            (one.id, team, one.slot, one.kind, one.account_id, one.unit_id, one.name, one.phone,
             one.retired, DateRange(one.begins or day, one.ends, "[]" if one.ends else "[)"),
             one.role)
            for team, one in seats
        ),
    )  # fmt: skip


def _may_sit(city: Teams, one: Seat) -> None:
    slot = city.slot(one.slot)
    if slot is None or not slot.active:
        raise Invalid("bad_slot", "没有此名额", "there is no such slot", field="slot")
    if one.kind and one.kind not in {kind.code for kind in city.kinds if kind.active}:
        raise Invalid("bad_kind", "没有此成员类别", "no such kind of member", field="kind")
    if sum((one.account_id is not None, one.unit_id is not None, bool(one.name))) != 1:
        raise Invalid(
            "one_member_a_place",
            "每个席位填一个人员、一个单位或一个姓名",
            "a place takes one account, one organisation or one name",
            field="name",
        )
    if (one.unit_id is None and "person" not in slot.takes) or (
        one.unit_id and "organisation" not in slot.takes
    ):
        raise Invalid(
            "slot_takes_other",
            f"“{slot.zh}”不接受这类成员",
            f"'{slot.en}' does not take such a member",
            field="slot",
        )
    if one.begins and one.ends and one.ends < one.begins:
        raise Invalid(
            "ends_before_it_begins", "止日早于起日", "it ends before it begins", field="ends"
        )


def unseat(tx: Tx, member: UUID, *, on: date | None, actor: Actor | None) -> None:
    """End a place in a team; ``on`` is the first day without it."""
    row = tx.one("select team_id from team_members where id = %s", [member])
    if row is None:
        raise NotFound("not_found", "没有此记录", "there is no such record")
    locked(tx, "teams", row["team_id"], actor)
    day = on or today(tx)
    tx.run(
        "update team_members set valid = daterange(least(lower(valid), %s), %s) where id = %s",
        [day, day, member],
    )
    record(tx, "team.left", member)


def filled(
    tx: Tx, teams: Sequence[dict[str, Any]], on: date, *, past: bool = False
) -> list[dict[str, Any]]:
    """Add to each team its slots with who fills them, how many people it has, what is missing.

    A person counts once however many slots he fills: a title is no second person.
    """
    city = rules(tx).teams
    ids = [team["id"] for team in teams]
    roles = [role for slot in city.slots for role in slot.roles]
    by_team: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    slot_of = {role: slot.code for slot in city.slots if slot.active for role in slot.roles}
    for row in queries.holders(tx, ids, roles, on):
        person = {"slot": slot_of.get(row["role"], ""), "source": "post", **row}
        by_team[row["team_id"]].append(person)
    for row in queries.seats(tx, ids, on, past=past):
        by_team[row["team_id"]].append({"source": "listed", **row})
    return [{**team, **_composed(city, by_team[team["id"]])} for team in teams]


def _composed(city: Teams, people: list[dict[str, Any]]) -> dict[str, Any]:
    now = [one for one in people if one.get("of_today", True)]
    known = {one["account_id"] or one.get("unit_id") or one["id"] for one in now}
    slots = [_slot(slot, [one for one in now if one["slot"] == slot.code]) for slot in city.slots
             if slot.active]  # fmt: skip
    return {
        "slots": slots,
        "people": len(known),
        "missing": [
            {"slot": slot["code"], "zh": slot["zh"], "en": slot["en"], "short": slot["short"]}
            for slot in slots
            if slot["short"]
        ],
        "former": [one for one in people if not one.get("of_today", True)],
    }


def _slot(slot: Slot, held: list[dict[str, Any]]) -> dict[str, Any]:
    distinct = {one["account_id"] or one.get("unit_id") or one["id"] for one in held}
    return {
        "code": slot.code,
        "zh": slot.zh,
        "en": slot.en,
        "least": slot.least,
        "most": slot.most,
        "short": max(0, slot.least - len(distinct)),
        "held": held,
    }


def short_of(tx: Tx, scope: str, on: date, area: UUID | None) -> list[dict[str, Any]]:
    """Teams in which a slot has fewer than its least, and teams without a grid."""
    rows = queries.teams(tx, scope, on, area=area, limit=MOST_AT_ONCE)
    return [team for team in filled(tx, rows, on) if team["missing"] or not team["grids"]]


def lacks(tx: Tx, scope: str, on: date, area: UUID | None) -> list[dict[str, Any]]:
    """What grids and communities should have and have not; a liaison where teams have such a slot.

    Where the slot ``liaison`` is filled by grid workers, the worker is the liaison (大村).
    """
    slot = rules(tx).teams.slot("liaison")
    found = []
    for what in queries.WITHOUT:
        if what == "grids_without_liaison" and (slot is None or not slot.active):
            continue
        rows = queries.lacking(tx, what, scope, on, area, slot.roles if slot else ())
        found.append({"what": what, "areas": [row["area"] for row in rows]})
    return found
