"""Correcting what was taken down wrongly: place, type, level, asker. No clock starts again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.areas.models import Level
from wangge.cases import releases
from wangge.cases.clock import CaseRow, set_due, total_due, total_rests_on
from wangge.cases.milestones import ROAD, keep_times
from wangge.cases.models import Action, Mode, State, StepInput, Taker
from wangge.cases.rights import may_take
from wangge.cases.service import check_version, locked, moved, seen_to
from wangge.cases.workflow import LOOP
from wangge.kernel import crypto, facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed
from wangge.kernel.text import bigrams
from wangge.people.models import Actor
from wangge.tenant.service import rules

CHANGE = """
update cases set type = %(type)s, kind = %(kind)s, level = %(level)s, lon = %(lon)s, lat = %(lat)s,
    pos = %(pos)s, area_id = %(area_id)s, place_words = %(place_words)s,
    place_state = %(place_state)s, due_at = %(due_at)s, due_limit = %(due_limit)s,
    overdue_at = %(overdue_at)s, yellow_at = %(yellow_at)s, warned_at = %(warned_at)s,
    total_due_at = %(total_due_at)s, terms = %(terms)s,
    desk_id = %(desk_id)s, unit_ids = %(unit_ids)s, version = version + 1,
    until_at = %(until_at)s, {}
where id = %(id)s
""".format(", ".join(f"{due} = %({due})s" for due, _ in ROAD.values()))
# A desk of a township or below keeps what lies on its ground; else the nearest one takes it over.
DESK = """
with place as (select path from areas where id = %(area)s),
desks as (
    select o.id, a.path, o.id = %(desk)s as present, a.level in ('city', 'county') as high
    from organisations o join areas a on a.id = o.area_id, place
    where o.kind = 'desk' and o.active and a.path @> place.path)
select id from desks
where (present and not high) or id in (select o.id from organisations o
    join areas a on a.id = o.area_id where a.level in ('city', 'county', 'township'))
order by (present and not high) desc, nlevel(path) desc, id = %(desk)s desc, id limit 1
"""
WITH_DESK = frozenset({State.REPORTED, State.VERIFYING, State.ACCEPTED, State.REGISTERED,
                       State.REOPENED})  # fmt: skip
# Somebody else than whoever asked for the whole: his code opens his own case and no other.
ON_HIS_OWN = "update case_parts set same_asker = false where %s in (part_id, origin_id)"
CHANGE_ASKER = """
update case_askers set name_sealed = %s, phone_sealed = %s, phone_index = %s, name_mask = %s,
    phone_mask = %s, mode = %s where case_id = %s
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """Only what is not None changes."""

    id: UUID
    version: int
    note: str = ""
    type: str | None = None
    kind: str | None = None
    level: str | None = None
    lon: float | None = None
    lat: float | None = None
    area_id: UUID | None = None
    place_words: str | None = None
    asker_name: str | None = None
    asker_phone: str | None = None
    asker_mode: Mode | None = None


def correct(tx: Tx, actor: Actor, case_id: UUID, given: Correction) -> None:
    """Change what was wrong and say in the history what it was before."""
    case = locked(tx, case_id)
    if tx.one("select 1 from case_steps where id = %s and case_id = %s", [given.id, case_id]):
        return
    move = LOOP.move(State(case["state"]), Action.CORRECT)
    if not may_take(actor, case, move, rules(tx).workflow.by_action.get(move.action.value)):
        raise NotAllowed(
            "not_your_step",
            "更正由主管受理台办理；您填写的内容仍在",
            "the desk in charge corrects; what you typed is kept",
        )
    check_version(tx, case, given.version)
    after = {**case, **_words(tx, given), **_place(tx, given)}
    after |= _desk(tx, case, after)
    before = {key: case[key] for key in after if after[key] != case[key] and key != "unit_ids"}
    known = rules(tx)
    set_due(tx.now, known, case, after)
    if total_rests_on(known, after) != total_rests_on(known, case):
        after["total_due_at"] = total_due(known, after, tx.now)
    keep_times(tx.now, case, after, Action.CORRECT)
    after["terms"] = bigrams(f"{after['title']} {after['text']} {after['place_words']}")
    tx.run(CHANGE, after)
    if asker := _asker(tx, case_id, given):
        before["asker"] = asker
        if given.asker_name is not None or given.asker_phone is not None:
            tx.run(ON_HIS_OWN, [case_id])
        if given.asker_mode is Mode.CONFIDENTIAL:
            releases.take_back(tx, actor, case_id)
    _write_down(tx, actor, after, before, given)
    seen_to(tx, after)


def _words(tx: Tx, given: Correction) -> dict[str, Any]:
    known = rules(tx)
    choices = {
        "type": set(known.types.by_code),
        "kind": {row.code for row in known.lists.kinds},
        "level": {row.code for row in known.lists.levels},
    }
    changed: dict[str, Any] = {}
    for field, allowed in choices.items():
        value = getattr(given, field)
        if value is None:
            continue
        if value not in allowed:
            raise Invalid(
                f"unknown_{field}", "选项不存在，请刷新后重选", "no such choice", field=field
            )
        changed[field] = value
    if given.place_words is not None:
        changed["place_words"] = given.place_words.strip()
    return changed


def _place(tx: Tx, given: Correction) -> dict[str, Any]:
    known = atlas.of(tx)
    if given.lon is not None and given.lat is not None:
        area = known.locator.at(given.lon, given.lat)
        if area is None:
            raise Invalid(
                "outside_city",
                "这个位置不在本市范围内，请重新选点",
                "this place is outside the city; choose another",
                field="place",
            )
        state = "located"
    elif given.area_id is not None:
        area = known.area(given.area_id)
        state = "located" if area.level.depth >= Level.GRID.depth else "unverified"
    else:
        return {}
    place = {"pos": area.pos, "area_id": area.id, "place_state": state}
    return place | ({"lon": given.lon, "lat": given.lat} if given.lon is not None else {})


def _desk(tx: Tx, case: CaseRow, after: CaseRow) -> dict[str, Any]:
    """As long as a desk has it, a case that finds its place passes to the desk of that place."""
    if after["area_id"] == case["area_id"] or State(case["state"]) not in WITH_DESK:
        return {}
    found = tx.one(DESK, {"area": after["area_id"], "desk": case["desk_id"]})
    if found is None or found["id"] in (case["desk_id"], case["about_unit"]):
        return {}
    return {"desk_id": found["id"], "unit_ids": [*case["unit_ids"], found["id"]]}


def _asker(tx: Tx, case_id: UUID, given: Correction) -> dict[str, Any] | None:
    """Replace what is known of the asker; the history keeps masks only."""
    if given.asker_name is None and given.asker_phone is None and given.asker_mode is None:
        return None
    row = tx.one("select * from case_askers where case_id = %s for update", [case_id])
    if row is None:
        raise Invalid("no_asker", "这件事项没有诉求人", "this case has no asker", field="asker")
    tenant = tx.cell.tenant
    name, phone = row["name_sealed"], row["phone_sealed"]
    masks = [row["name_mask"], row["phone_mask"]]
    index = row["phone_index"]
    if given.asker_name is not None:
        name = crypto.seal(tenant, given.asker_name.strip()) if given.asker_name.strip() else None
        masks[0] = crypto.mask_name(given.asker_name)
    if given.asker_phone is not None:
        plain = crypto.normal_phone(given.asker_phone) if given.asker_phone.strip() else ""
        phone = crypto.seal(tenant, plain) if plain else None
        index = crypto.index(tenant, plain) if plain else None
        masks[1] = crypto.mask_phone(plain) if plain else ""
    mode = (given.asker_mode or Mode(row["mode"])).value
    tx.run(CHANGE_ASKER, [name, phone, index, *masks, mode, case_id])
    return {"name": row["name_mask"], "phone": row["phone_mask"], "mode": row["mode"]}


def _write_down(
    tx: Tx, actor: Actor, after: CaseRow, before: dict[str, Any], given: Correction
) -> None:
    said = {key: after[key] for key in before if key != "asker"}
    tx.insert(
        "case_steps",
        [
            {
                "id": given.id,
                "case_id": after["id"],
                "seq": after["version"] + 1,
                "round": after["round"],
                "action": Action.CORRECT.value,
                "source": after["state"],
                "target": after["state"],
                "actor_kind": "account",
                "account_id": actor.id,
                "actor_name": actor.name,
                "actor_title": actor.title,
                "unit_id": after["desk_id"],
                "note": given.note,
                "data": Jsonb(_plain({"before": before, "after": said}) | {"was": after["was"]}),
                "due_at": after["due_at"],
                "at": tx.now,
            }
        ],
    )
    step = StepInput(id=given.id, action=Action.CORRECT)
    taker = Taker("account", actor.id, actor.name, actor.title)
    facts.record(tx, [moved(State(after["state"]), after, step, taker)])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
