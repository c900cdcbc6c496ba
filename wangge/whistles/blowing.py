"""Blowing a whistle: where, why, whom, until when, and which desk looks after it."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.areas import atlas
from wangge.cases import owners
from wangge.cases.service import locked as locked_case
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules
from wangge.whistles import members, queries
from wangge.whistles.history import say, tell_case, write_step
from wangge.whistles.models import Blow, Kind
from wangge.whistles.service import locked, whistle_reason

MOST_UNITS = 12
LONGEST = timedelta(days=30)


class Place(NamedTuple):
    """Where a whistle calls to."""

    pos: int
    area_id: UUID
    lon: float | None
    lat: float | None
    words: str
    code: str


def blow(tx: Tx, actor: Actor, given: Blow) -> None:
    """Call the units; a repeat of the same whistle changes nothing."""
    known = tx.one("select caller_id from whistles where id = %s", [given.id])
    if known:
        if known["caller_id"] != actor.id:
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return
    actor.must("whistle.blow")
    case = locked_case(tx, given.case_id) if given.case_id else None
    place = _place(tx, actor, given, case)
    reason = whistle_reason(tx, given.reason)
    if not given.words.strip():
        raise Invalid("field_needed", "请写明要解决什么", "say what is to be done", field="words")
    to_members = given.kind is Kind.MEMBERS
    unit_ids = _whom(tx, given, case)
    calendar = rules(tx).calendar
    report_by = given.report_by or due_at(calendar, tx.now, Limit.parse(reason.arrive))
    if not tx.now < report_by <= tx.now + LONGEST:
        raise Invalid(
            "bad_time", "报到时限要在现在之后、30天之内",
            "the time to report in lies ahead, within 30 days", field="report_by",
        )  # fmt: skip
    desk_id, ruling_id, level = _desks(tx, actor, place.pos)
    row: dict[str, Any] = {
        "id": given.id, "case_id": given.case_id, "reason": reason.code,
        "words": given.words.strip(), "place_words": place.words, "lon": place.lon,
        "lat": place.lat, "pos": place.pos, "area_id": place.area_id, "level": level,
        "desk_id": desk_id, "ruling_desk_id": ruling_id, "caller_id": actor.id,
        "caller_name": actor.name, "caller_title": actor.title, "report_by": report_by,
        "due_at": due_at(calendar, report_by, Limit.parse(reason.conclude)),
        "unit_ids": list(dict.fromkeys([desk_id, ruling_id, *unit_ids])), "at": tx.now,
        "number": _number(tx, place.code), "source_ref": given.source_ref,
        "kind": given.kind.value, "skill": given.skill, "wanted": given.wanted,
    }  # fmt: skip
    tx.insert("whistles", [row])
    tx.insert(
        "whistle_calls",
        [
            {"id": new_id(), "whistle_id": given.id, "unit_id": unit, "due_at": report_by}
            for unit in unit_ids
        ],
    )
    whistle = locked(tx, given.id)
    write_step(tx, whistle, "blow", actor, note=row["words"], reason=reason.code)
    tell_case(tx, case, whistle, actor, "blow", row["words"], called=unit_ids)
    if to_members:
        members.call(tx, actor, whistle, case["about_account"] if case else None)
    say(tx, whistle, "whistle_members" if to_members else "whistle_called")


def _whom(tx: Tx, given: Blow, case: dict[str, Any] | None) -> list[UUID]:
    """The units that are called; none where members are."""
    if given.kind is Kind.MEMBERS:
        members.check(tx, given)
        return []
    unit_ids = _called(tx, given.unit_ids)
    if case and case["about_unit"] in unit_ids:
        owners.check_unit(tx, case["about_unit"], about=case["about_unit"])
    return unit_ids


def _place(tx: Tx, actor: Actor, given: Blow, case: dict[str, Any] | None) -> Place:
    places = atlas.of(tx)
    if case:
        area = places.area(case["area_id"])
        words = case["place_words"] or area.name
        found = Place(case["pos"], area.id, case["lon"], case["lat"], words, area.code)
        actor.must_at("whistle.blow", pos=case["pos"], desk_id=case["desk_id"])
        return found
    here = None
    if given.lon is not None and given.lat is not None:
        here = places.locator.at(given.lon, given.lat)
    elif given.area_id:
        here = places.area(given.area_id)
    if here is None:
        raise Invalid("field_needed", "请选择地点", "say where", field="area_id")
    actor.must_at("whistle.blow", pos=here.pos)
    words = given.place_words.strip() or here.name
    return Place(here.pos, here.id, given.lon, given.lat, words, here.code)


def _called(tx: Tx, wanted: tuple[UUID, ...]) -> list[UUID]:
    """The units, each with somebody who could report in."""
    unit_ids = list(dict.fromkeys(wanted))
    if not 0 < len(unit_ids) <= MOST_UNITS:
        raise Invalid(
            "field_needed", f"请选择要呼叫的单位（最多{MOST_UNITS}个）",
            f"choose whom to call, {MOST_UNITS} at most", field="unit_ids",
        )  # fmt: skip
    rows = tx.rows(
        "select id, short_name from organisations where id = any(%s) and active and kind <> 'desk'",
        [unit_ids],
    )
    if len(rows) != len(unit_ids):
        raise Invalid("unknown_unit", "没有这个单位", "no such unit", field="unit_ids")
    for row in rows:
        if not owners.can_handle(tx, row["id"]):
            raise Refusal(
                "unit_without_people",
                f"{row['short_name']}现在没有能报到的在岗人员，请改选其他单位",
                f"nobody on a post in {row['short_name']} could come; choose another unit",
                field="unit_ids",
            )
    return unit_ids


def _desks(tx: Tx, actor: Actor, pos: int) -> tuple[UUID, UUID, str]:
    """The desk in charge of the whistle and the one above that rules; who blew it, by level."""
    held = [post for post in actor.posts if "whistle.blow" in post.grants and post.covers(pos)]
    own = queries.standing(tx, [post.unit_id for post in held if post.unit_id])
    desk = own or queries.nearest_desk(tx, pos, queries.roles_with("whistle.blow"))
    if desk is None:
        raise Refusal("no_desk", "这个地方没有值守的网格中心", "no desk looks after this place")
    ruling = queries.desk_above(tx, desk, queries.roles_with("whistle.rule")) or desk
    return desk, ruling, "street" if own else "grid"


def _number(tx: Tx, code: str) -> str:
    """W, the township's code, the day and a running number, as of cases."""
    day = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    prefix = f"W{code[:9]}"
    row = tx.one("select next_case_number(%s, %s) as n", [prefix, day])
    return f"{prefix}-{day:%Y%m%d}-{row['n'] if row else 0:04d}"
