"""New cases, one or a thousand, with their first step, number and facts, in few statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count as counting
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from wangge.cases.models import Action, Opening, State
from wangge.files import service as files
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.kernel.text import bigrams
from wangge.tenant.service import rules

PHOTO = """
update cases set photo_id = (select id from files where case_id = cases.id and kind = 'image'
    order by created_at, id limit 1) where id = %s
"""
SAME = "select id, request_hash, number from cases where id = any(%s)"
NUMBERS = """
insert into case_numbers (prefix, day, last)
select prefix, %s, wanted from unnest(%s::text[], %s::int[]) as n(prefix, wanted) order by prefix
on conflict (prefix, day) do update set last = case_numbers.last + excluded.last
returning prefix, last
"""
# One round trip: is it known, which number, and the rows. The counter's lock lasts to the commit.
ONE = """
with known as (select number, request_hash from cases where id = %(id)s),
counted as (
    insert into case_numbers (prefix, day, last)
    select %(prefix)s, %(day)s, 1 where not exists (select from known)
    on conflict (prefix, day) do update set last = case_numbers.last + 1 returning last),
opened as (
    insert into cases (number, {case_names})
    select %(prefix)s || to_char(%(day)s, '-YYYYMMDD-') || to_char(last,
            case when last < 10000 then 'FM0000' else 'FM999999999' end),
        {case_values} from counted returning number, request_hash),
stepped as (
    insert into case_steps ({step_names}) select {step_values} from opened),
asked as (
    insert into case_askers ({asker_names}) select {asker_values} from opened
    where %(k_mode)s::text is not null)
select number, request_hash, true as fresh from opened
union all select number, request_hash, false from known
"""
SAME_IN_CASE = {
    "limits_from": "nullif(%(due_from)s, %(received_at)s)",
    "accept_due_at": "%(due_at)s", "until_at": "%(total_due_at)s",
}  # fmt: skip
SAME_IN_STEP = {
    "case_id": "%(id)s", "account_id": "%(created_by)s", "unit_id": "%(desk_id)s",
    "due_at": "%(due_at)s", "at": "%(received_at)s", "target": "%(state)s",
    "seq": "1", "round": "1", "action": "'report'",
}  # fmt: skip
SAME_IN_ASKER = {"case_id": "%(id)s"}


class Opened(NamedTuple):
    """What became of one opening; without a number its id belongs to another matter."""

    number: str | None
    fresh: bool = False


def open_many(tx: Tx, openings: Sequence[Opening]) -> list[Opened]:
    """Write the cases that are new, and answer each opening in order.

    A repeat with the same content answers as the first did; another content under a used id is
    refused with ``id_taken`` and no detail, and then nothing is written.
    """
    if len(openings) == 1:
        found = [_open_one(tx, openings[0])]
    else:
        standing = _standing(tx, openings)
        if any(standing[opening.id][0] != opening.request_hash for opening in openings):
            raise taken()
        found = _open(tx, openings, standing)
    if any(one.number is None for one in found):
        raise taken()
    return found


def open_each(tx: Tx, openings: Sequence[Opening]) -> list[Opened]:
    """Write the cases that are new, whatever the others are, and answer each opening in order."""
    if len(openings) == 1:
        return [_open_one(tx, openings[0])]
    return _open(tx, openings, _standing(tx, openings))


def taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")


Standing = dict[UUID, tuple[bytes, str | None]]


def _standing(tx: Tx, openings: Sequence[Opening]) -> Standing:
    """For each id the content that holds it, with its number once it is written."""
    rows = tx.rows(SAME, [[opening.id for opening in openings]]) if openings else []
    found: Standing = {row["id"]: (bytes(row["request_hash"]), row["number"]) for row in rows}
    for opening in openings:
        found.setdefault(opening.id, (opening.request_hash, None))
    return found


def _open(tx: Tx, openings: Sequence[Opening], standing: Standing) -> list[Opened]:
    fresh: dict[UUID, Opening] = {}
    for opening in openings:
        content, number = standing[opening.id]
        if number is None and content == opening.request_hash:
            fresh.setdefault(opening.id, opening)
    numbers = _write(tx, list(fresh.values())) if fresh else {}
    found = []
    for opening in openings:
        content, number = standing[opening.id]
        if content != opening.request_hash:
            found.append(Opened(None))
        elif number is None:
            found.append(Opened(numbers[opening.id], fresh[opening.id] is opening))
        else:
            found.append(Opened(number))
    return found


def _write(tx: Tx, fresh: Sequence[Opening]) -> dict[UUID, str]:
    """COPY takes a batch at twice the speed of INSERT; ids in order, so that none waits crosswise.

    The counters stay locked while the batch is written: numbering it afterwards would write every
    case twice.
    """
    numbers = _number(tx, fresh)
    ordered = sorted(fresh, key=lambda opening: opening.id)
    cases = [case_row(opening) | {"number": numbers[opening.id]} for opening in ordered]
    _copy(tx, "cases", cases)
    _copy(tx, "case_steps", [first_step(opening) for opening in ordered])
    _copy(tx, "case_askers", [asker_row(opening) for opening in ordered if opening.asker])
    for opening in fresh:
        _attach(tx, opening)
    facts.record(tx, [reported(opening) for opening in fresh])
    return numbers


def _copy(tx: Tx, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        tx.copy(table, list(rows[0]), (list(row.values()) for row in rows))


def _open_one(tx: Tx, opening: Opening) -> Opened:
    case, step, asker, day = case_row(opening), first_step(opening), asker_row(opening), _today(tx)
    own_step = {f"s_{name}": step[name] for name in step if name not in SAME_IN_STEP}
    own_asker = {f"k_{name}": asker[name] for name in asker if name not in SAME_IN_ASKER}
    numbered = {"prefix": opening.number_prefix, "day": day}
    row = tx.one(
        _one(tuple(case), tuple(step), tuple(asker)), {**case, **own_step, **own_asker, **numbered}
    )
    if row is None:
        raise LookupError(opening.id)
    if not row["fresh"]:
        same = bytes(row["request_hash"]) == opening.request_hash
        return Opened(row["number"] if same else None)
    _attach(tx, opening)
    facts.record(tx, [reported(opening)])
    return Opened(row["number"], fresh=True)


@cache
def _one(case: tuple[str, ...], step: tuple[str, ...], asker: tuple[str, ...]) -> str:
    """The statement; short, and a value said once, because the driver keeps none of over 4 kB."""

    def values(columns: Sequence[str], prefix: str, same: Mapping[str, str]) -> str:
        return ", ".join(same.get(name, f"%({prefix}{name})s") for name in columns)

    return ONE.format(
        case_names=", ".join(case), case_values=values(case, "", SAME_IN_CASE),
        step_names=", ".join(step), step_values=values(step, "s_", SAME_IN_STEP),
        asker_names=", ".join(asker), asker_values=values(asker, "k_", SAME_IN_ASKER),
    )  # fmt: skip


def _attach(tx: Tx, opening: Opening) -> None:
    if not opening.file_ids:
        return
    files.attach(
        tx,
        opening.id,
        opening.file_ids,
        account_id=opening.created_by,
        token=opening.file_token,
    )
    tx.run(PHOTO, [opening.id])


def case_row(opening: Opening) -> dict[str, Any]:
    return {
        "id": opening.id,
        "request_hash": opening.request_hash,
        "title": opening.title,
        "text": opening.text,
        "kind": opening.kind,
        "type": opening.type,
        "level": opening.level,
        "channel": opening.channel,
        "emergency": opening.emergency,
        "state": State.REPORTED.value,
        "duty": "desk",
        "pos": opening.pos,
        "area_id": opening.area_id,
        "lon": opening.lon,
        "lat": opening.lat,
        "place_words": opening.place_words,
        "place_state": opening.place_state,
        "found_at": opening.found_at,
        "reported_at": opening.reported_at or opening.received_at,
        "received_at": opening.received_at,
        "due_at": opening.due_at,
        "due_from": opening.limits_from or opening.received_at,
        "limits_from": opening.limits_from,
        "due_limit": opening.due_limit,
        "yellow_at": opening.yellow_at,
        "total_due_at": opening.total_due_at,
        "accept_due_at": opening.due_at,
        "until_at": opening.total_due_at,
        "desk_id": opening.desk_id,
        "unit_ids": [opening.desk_id],
        "route": Jsonb(opening.route),
        "rules_version": opening.rules_version,
        "created_by": opening.created_by,
        "source_ref": opening.source_ref,
        "terms": bigrams(f"{opening.title} {opening.text} {opening.place_words}"),
    }


def first_step(opening: Opening) -> dict[str, Any]:
    kind = "account" if opening.created_by else "asker" if opening.asker else "system"
    return {
        "id": new_id(),
        "case_id": opening.id,
        "seq": 1,
        "round": 1,
        "action": Action.REPORT.value,
        "target": State.REPORTED.value,
        "actor_kind": kind,
        "account_id": opening.created_by,
        "actor_name": opening.actor_name,
        "actor_title": opening.actor_title,
        "unit_id": opening.desk_id,
        "due_at": opening.due_at,
        "at": opening.received_at,
        "data": Jsonb({"channel": opening.channel, "place_state": opening.place_state}),
    }


def asker_row(opening: Opening) -> dict[str, Any]:
    asker = opening.asker
    return {
        "case_id": opening.id,
        "mode": asker and asker.mode.value,
        "name_sealed": asker and asker.name_sealed,
        "phone_sealed": asker and asker.phone_sealed,
        "phone_index": asker and asker.phone_index,
        "name_mask": asker and asker.name_mask,
        "phone_mask": asker and asker.phone_mask,
        "code_hash": asker and asker.code_hash,
        "locale": asker and asker.locale,
    }


def reported(opening: Opening) -> facts.Fact:
    return facts.Fact(
        "CaseReported",
        opening.id,
        {
            "emergency": opening.emergency if opening.wakes else [],
            "channel": opening.channel,
            "desk": str(opening.desk_id),
            **({"grid_first": True} if opening.route.get("grid_first") else {}),
        },
        opening.pos,
        [opening.desk_id],
        opening.created_by,
        in_batch=opening.in_batch,
    )


def _today(tx: Tx) -> date:
    return tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()


def _number(tx: Tx, fresh: Sequence[Opening]) -> dict[UUID, str]:
    """Running numbers in the order in which the matters were told; one statement for all places."""
    day = _today(tx)
    wanted = Counter(opening.number_prefix for opening in fresh)
    rows = tx.rows(NUMBERS, [day, list(wanted), list(wanted.values())])
    runs = {row["prefix"]: counting(row["last"] - wanted[row["prefix"]] + 1) for row in rows}
    return {
        opening.id: f"{opening.number_prefix}-{day:%Y%m%d}-{next(runs[opening.number_prefix]):04d}"
        for opening in fresh
    }
