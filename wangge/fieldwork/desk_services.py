"""What was done for people, as the desk of the ground reads it: 为民服务、宣传、代办、座谈.

It is a list of services, not of who did how many: the worker is named when one row is opened, to be
asked, and stands neither in the list nor in the sheet. What was at a home is counted there and not
told; of the rest whatever would tell who somebody is reads as masked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from wangge.fieldwork.models import RecordKind
from wangge.fieldwork.permissions import SERVICES, no_such_record
from wangge.fieldwork.recording import today
from wangge.fieldwork.rounds import day_span
from wangge.fieldwork.views import name_of
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.mailbox.privacy import look, masked
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

LATELY = timedelta(days=30)
LONGEST = timedelta(days=366)
FOUND = """
from services_done s where s.pos <@ %(scope)s::int4multirange
    and s.done_at >= %(first)s and s.done_at < %(last)s
    and (%(area)s::uuid is null
        or exists (select from areas w where w.id = %(area)s and s.pos <@ w.span))
    and (%(kind)s = '' or s.kind = %(kind)s) and (%(type)s = '' or s.type = %(type)s)
    and (%(q)s = '' or strpos(s.words || ' ' || s.place_words, %(q)s) > 0)
"""
LISTED = f"""
select s.*, a.names, (select count(*) from files f where f.field_record_id = s.id) as pictures,
    array(select c.number from field_cases f join cases c on c.id = f.case_id
        where f.record_id = s.id order by c.number) as cases
from (select s.* {FOUND}
        and (%(at)s::timestamptz is null or (s.received_at, s.id) < (%(at)s, %(id)s))
    order by s.received_at desc, s.id desc limit %(limit)s) s
join areas a on a.id = s.area_id order by s.received_at desc, s.id desc
"""
COUNTED = f"select count(*) as records, coalesce(sum(s.people), 0) as people {FOUND}"
ONE = """
select s.*, a.names, w.name as worker,
    array(select c.number from field_cases f join cases c on c.id = f.case_id
        where f.record_id = s.id order by c.number) as cases,
    array(select c.id from field_cases f join cases c on c.id = f.case_id
        where f.record_id = s.id order by c.number) as case_ids,
    coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind)
        order by f.created_at, f.id) from files f where f.field_record_id = s.id), '[]') as files
from services_done s join areas a on a.id = s.area_id join accounts w on w.id = s.account_id
where s.id = %s and s.pos <@ %s::int4multirange
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``first`` and ``last`` are days on which it was done, both included; 30 days if not said."""

    q: str = ""
    kind: RecordKind | None = None
    type: str = ""
    area: UUID | None = None
    first: date | None = None
    last: date | None = None


def _values(tx: Tx, actor: Actor, wanted: Wanted) -> dict[str, Any]:
    actor.must(SERVICES)
    last = wanted.last or today(tx)
    first = wanted.first or last - LATELY
    if not first <= last <= first + LONGEST:
        raise Invalid(
            "bad_time", "起止日期不对，最长一年", "the days are in the wrong order, or over a year",
            field="first",
        )  # fmt: skip
    return {
        "scope": actor.reach(SERVICES).scope, "first": day_span(tx, first)[0],
        "last": day_span(tx, last)[1], "area": wanted.area, "kind": wanted.kind or "",
        "type": wanted.type, "q": wanted.q.strip(),
    }  # fmt: skip


def listed(
    tx: Tx, actor: Actor, wanted: Wanted, *, after: list[Any] | None = None, limit: int
) -> list[dict[str, Any]]:
    """The newest first, by when they came."""
    at, last = after or (None, None)
    values = _values(tx, actor, wanted) | {"at": at, "id": last, "limit": limit}
    known = rules(tx)
    return [_shown(known, row) for row in tx.rows(LISTED, values)]


def counted(tx: Tx, actor: Actor, wanted: Wanted) -> dict[str, int]:
    """How many records, and for how many people as far as it was said."""
    row = tx.one(COUNTED, _values(tx, actor, wanted)) or {}
    return {name: int(row.get(name, 0)) for name in ("records", "people")}


def whole(tx: Tx, actor: Actor, record_id: UUID) -> dict[str, Any]:
    """One of them, with whom to ask."""
    actor.must(SERVICES)
    row = tx.one(ONE, [record_id, actor.reach(SERVICES).scope])
    if row is None:
        raise no_such_record()
    return _shown(rules(tx), row)


def each(tx: Tx, actor: Actor, wanted: Wanted, *, page: int = 1000) -> Iterator[dict[str, Any]]:
    """All that were asked for, a page at a time."""
    mark = None
    while True:
        rows = listed(tx, actor, wanted, after=mark, limit=page)
        yield from rows
        if len(rows) < page:
            return
        mark = [rows[-1]["received_at"], rows[-1]["id"]]


def _shown(known: Rules, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row, "name": name_of(known, row), "words": _plain(row["words"]),
        "place": _plain(row["place_words"]),
    }  # fmt: skip


def _plain(words: str) -> str:
    return masked(words, look(words))
