"""New cases, one or a thousand, with their first step, number and facts, in few statements."""

from collections import Counter
from collections.abc import Sequence
from itertools import count as counting
from typing import Any
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


def open_many(tx: Tx, openings: Sequence[Opening]) -> dict[UUID, str]:
    """Write the cases that are new; returns every id with its number.

    A repeat with the same content answers as the first did; another content under a used id is
    refused with ``id_taken`` and no detail.
    """
    numbers: dict[UUID, str] = {}
    fresh = list({opening.id: opening for opening in openings}.values())
    hashes = {opening.id: opening.request_hash for opening in fresh}
    if any(opening.request_hash != hashes[opening.id] for opening in openings):
        raise _taken()
    for row in tx.rows(SAME, [list(hashes)]):
        if bytes(row["request_hash"]) != hashes[row["id"]]:
            raise _taken()
        numbers[row["id"]] = row["number"]
    fresh = [opening for opening in fresh if opening.id not in numbers]
    if not fresh:
        return numbers
    tx.insert("cases", [case_row(opening) for opening in fresh])
    tx.insert("case_steps", [first_step(opening) for opening in fresh])
    if askers := [asker_row(opening) for opening in fresh if opening.asker]:
        tx.insert("case_askers", askers)
    for opening in fresh:
        if opening.file_ids:
            files.attach(
                tx,
                opening.id,
                opening.file_ids,
                account_id=opening.created_by,
                token=opening.file_token,
            )
            tx.run(PHOTO, [opening.id])
    facts.record(tx, [reported(opening) for opening in fresh])
    numbers |= _number(tx, fresh)
    return numbers


def _taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")


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
        "due_from": opening.received_at,
        "due_limit": opening.due_limit,
        "total_due_at": opening.total_due_at,
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
    if asker is None:
        raise TypeError
    return {
        "case_id": opening.id,
        "mode": asker.mode.value,
        "name_sealed": asker.name_sealed,
        "phone_sealed": asker.phone_sealed,
        "phone_index": asker.phone_index,
        "name_mask": asker.name_mask,
        "phone_mask": asker.phone_mask,
        "code_hash": asker.code_hash,
        "locale": asker.locale,
    }


def reported(opening: Opening) -> facts.Fact:
    return facts.Fact(
        "CaseReported",
        opening.id,
        {
            "emergency": opening.emergency if opening.wakes else [],
            "channel": opening.channel,
            "desk": str(opening.desk_id),
        },
        opening.pos,
        [opening.desk_id],
        opening.created_by,
    )


def _number(tx: Tx, fresh: Sequence[Opening]) -> dict[UUID, str]:
    """Running numbers last, so that the counter's lock is held only until the commit."""
    day = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    pending = []
    for prefix, wanted in sorted(Counter(opening.number_prefix for opening in fresh).items()):
        row = tx.one(
            "insert into case_numbers (prefix, day, last) values (%s, %s, %s)"
            " on conflict (prefix, day) do update set last = case_numbers.last + excluded.last"
            " returning last",
            [prefix, day, wanted],
        )
        runs = counting((row["last"] if row else wanted) - wanted + 1)
        pending += [
            (opening.id, f"{prefix}-{day:%Y%m%d}-{next(runs):04d}")
            for opening in fresh
            if opening.number_prefix == prefix
        ]
    tx.run(
        "update cases set number = n.number from unnest(%s::uuid[], %s::text[]) as n(id, number)"
        " where cases.id = n.id",
        [[case_id for case_id, _ in pending], [number for _, number in pending]],
    )
    return dict(pending)
