"""Reads: cards for lists, the whole case, queues. Row-level security says what is visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.cases import requests
from wangge.cases.officer_rows import Rows
from wangge.kernel.db import Tx
from wangge.kernel.text import bigrams

CARD = """
select c.id, c.number, c.title, left(c.text, 160) as text, c.kind, c.type, c.state, c.level,
    c.emergency, c.channel, c.place_words, c.lon, c.lat, c.place_state, c.area_id, a.names,
    c.received_at, c.due_at, c.yellow_at, c.overdue_at, c.duty, c.desk_id, desk.short_name as desk,
    c.unit_id, unit.short_name as unit, c.photo_id, c.round, c.version, c.rank, c.path,
    c.closed_at, c.solved, c.satisfaction, c.recurs_at
"""
AROUND = """
join areas a on a.id = c.area_id
join organisations desk on desk.id = c.desk_id
left join organisations unit on unit.id = c.unit_id
"""
WHOLE = """
select c.*, a.names, a.code as area_code, a.level as area_level, desk.short_name as desk,
    desk.phone as desk_phone, unit.short_name as unit, k.mode as asker_mode,
    k.name_mask, k.phone_mask, exists (select from alarms m where m.case_id = c.id
        and m.acknowledged_at is null) as alarm_open,
    exists (select from files f where f.case_id = c.id) as has_files,
    exists (select from case_requests r where r.case_id = c.id) as has_requests,
    exists (select from case_unheard h where h.case_id = c.id and h.heard_at is null) as unheard
from cases c
join areas a on a.id = c.area_id
join organisations desk on desk.id = c.desk_id
left join organisations unit on unit.id = c.unit_id
left join case_askers k on k.case_id = c.id
where c.id = %s
"""
STEPS = """
select s.id, s.seq, s.round, s.action, s.source, s.target, s.at, s.actor_kind, s.account_id,
    s.actor_name, s.actor_title, u.short_name as unit, s.note, s.answer, s.reason, s.data, s.due_at
from case_steps s left join organisations u on u.id = s.unit_id
where s.case_id = %s order by s.seq
"""
FILES = """
select id, step_id, purpose, kind, mime, shot_at, released, width, height, seconds, from_asker
from files where case_id = %s order by created_at, id
"""
FEW = 5_000
OPEN = "c.state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')"


MANY_RANGES = 40


@dataclass(frozen=True, slots=True)
class Queue:
    """A list that says what to do next: who has it, and which rows are in it."""

    code: str
    permission: str
    where: str
    key: str  # which of the actor's places it runs over: unit | span | account | below
    newest: bool = False  # nothing is due in it, so the newest stand first
    quiet: bool = False  # shown only when something is in it

    def rows(self, places: dict[str, Any]) -> str:
        """The condition for the rows of somebody's places, said so that an index can find them.

        Units stand in it as they are: a statement without parameters is planned once and kept.
        """
        units = ",".join(sorted(map(str, places["units"])))
        ground = _on_ground(places["ground"], places["ranges"])
        return self.where.format(
            ground=ground, units=f"'{{{units}}}'::uuid[]", deciding=places.get("deciding", "")
        )


def _on_ground(grids: Sequence[int], ranges: Sequence[tuple[int, int]]) -> str:
    """Few grids one by one, much ground by its ranges; scattered ground is asked of each row."""
    if not ranges:
        return "false"
    if grids:
        return "c.pos = any(%(ground)s)"
    if len(ranges) > MANY_RANGES:
        return "c.pos <@ %(span)s::int4multirange"
    return "(" + " or ".join(f"c.pos >= {low} and c.pos < {high}" for low, high in ranges) + ")"


# What was answered before today and has not reached its asker yet: the desk's queue, and the list
# that is kept of it every night.
UNTOLD = "c.untold_since < (city_today()::timestamp at time zone (select zone from clock))"
QUEUES = (
    Queue("to_accept", "case.accept",
          "c.duty = 'desk' and c.state = 'reported' and c.desk_id = any({units})", "unit"),
    Queue("to_locate", "case.accept",
          "c.duty = 'desk' and c.state in ('reported', 'accepted', 'registered')"
          " and c.place_state <> 'located' and c.desk_id = any({units})", "unit"),
    # 听音转写: what was only spoken, until somebody has listened and written it down.
    Queue("to_hear", "case.correct",
          "c.id in (select h.case_id from case_unheard h where h.heard_at is null)"
          " and c.state not in ('declined', 'evaluated', 'withdrawn', 'merged', 'split')"
          " and c.desk_id = any({units})", "unit", quiet=True),
    Queue("to_register", "case.register",
          "c.duty = 'desk' and c.state = 'accepted' and c.desk_id = any({units})", "unit",
          quiet=True),
    Queue("to_dispatch", "case.dispatch",
          "c.duty = 'desk' and c.state in ('registered', 'reopened')"
          " and c.desk_id = any({units})", "unit"),
    Queue("to_close", "case.close",
          "c.duty = 'desk' and c.state in ('handled', 'checked') and c.desk_id = any({units})",
          "unit"),
    Queue("to_decide", "case.read", "c.asked <> '{{}}' and c.id = any(array({deciding}))",
          "decider", quiet=True),
    Queue("to_review", "case.dispatch",
          "c.state = 'suspended' and c.yellow_at <= city_now() and c.desk_id = any({units})",
          "unit", quiet=True),
    Queue("suspended", "case.correct",
          "c.state = 'suspended' and c.desk_id = any({units})", "unit", quiet=True),
    Queue("suspended_here", "case.handle",
          "c.state = 'suspended' and c.unit_id = any({units})", "unit", quiet=True),
    Queue("in_hand", "case.correct",
          "c.state in ('verifying', 'dispatched', 'handling', 'checking')"
          " and c.desk_id = any({units})", "unit"),
    Queue("to_acknowledge", "case.handle",
          "c.state = 'dispatched' and c.unit_id = any({units})", "unit"),
    Queue("to_handle", "case.handle",
          "c.state = 'handling' and c.unit_id = any({units})", "unit"),
    Queue("to_assist", "case.handle",
          "c.id in (select t.case_id from case_tasks t where t.unit_id = any({units})"
          " and t.state in ('dispatched', 'acknowledged'))", "unit", quiet=True),
    Queue("assist_returned", "case.dispatch",
          "c.id in (select t.case_id from case_tasks t where t.desk_id = any({units})"
          " and t.state = 'returned')", "unit", quiet=True),
    Queue("handed_in", "case.handle",
          "c.state in ('handled', 'checking', 'checked', 'closed', 'evaluated')"
          " and c.unit_id = any({units})", "unit", newest=True),
    Queue("untold", "case.correct",
          f"{UNTOLD} and c.desk_id = any({{units}})", "unit", newest=True, quiet=True),
    Queue("to_contact", "case.handle",
          "c.state in ('dispatched', 'handling') and c.unit_id = any({units})"
          " and exists (select from case_askers k where k.case_id = c.id"
          " and k.phone_sealed is not null and k.mode <> 'confidential')"
          " and not exists (select from case_contacts t where t.case_id = c.id"
          " and t.round = c.round and t.reached)", "unit", quiet=True),
    # Who closed without a telephone is asked at home, by somebody who did not handle it.
    Queue("to_visit", "case.verify",
          "c.state = 'closed' and c.duty = 'asker' and {ground}"
          " and c.handler_id is distinct from %(account)s"
          " and exists (select from case_askers k where k.case_id = c.id"
          " and k.phone_sealed is null and k.name_sealed is not null"
          " and k.mode <> 'confidential')", "span", newest=True, quiet=True),
    Queue("to_verify", "case.verify",
          "c.state = 'verifying' and {ground}", "span"),
    Queue("to_check", "case.check",
          "c.state = 'checking' and c.duty = 'grid' and {ground}", "span"),
    Queue("to_sample", "case.supervise",
          "c.state = 'checking' and c.duty = 'supervisor' and {ground}",
          "span"),
    Queue("in_grid", "case.verify", OPEN + " and {ground}", "span"),
    Queue("reported_by_me", "case.report", "c.created_by = %(account)s", "account",
          newest=True),
    # A county's or the city's desk looks after what the desks below it have in hand.
    Queue("below", "case.correct",
          OPEN + " and c.desk_id <> all({units}) and {ground}", "below"),
    Queue("overdue", "case.read",
          OPEN + " and c.overdue_at is not null and (c.desk_id = any({units})"
          " or c.unit_id = any({units}) or {ground})", "span"),
)  # fmt: skip
BY_CODE = {queue.code: queue for queue in QUEUES}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty means all that may be seen."""

    q: str = ""
    states: Sequence[str] = ()
    type: str = ""
    channel: str = ""
    area_id: UUID | None = None
    unit_id: UUID | None = None
    emergency: bool = False
    open: bool | None = None
    light: str = ""
    figure: Rows | None = None


LIGHTS = {
    "green": f"{OPEN} and c.due_at >= city_now() and c.yellow_at > city_now()",
    "yellow": f"{OPEN} and c.due_at >= city_now() and c.yellow_at <= city_now()",
    "red": f"{OPEN} and c.due_at < city_now()",
}


def narrowed(wanted: Filter, params: dict[str, Any]) -> list[str]:
    """Conditions for ``wanted``; their values go into ``params``."""
    where: list[str] = []
    if wanted.states:
        where.append("c.state = any(%(states)s)")
        params["states"] = list(wanted.states)
    for name in ("type", "channel"):
        if value := getattr(wanted, name):
            where.append(f"c.{name} = %({name})s")
            params[name] = value
    if wanted.area_id:
        where.append("c.pos <@ (select span from areas where id = %(area_id)s)")
        params["area_id"] = wanted.area_id
    if wanted.unit_id:
        where.append("c.unit_ids @> array[%(unit_id)s::uuid]")
        params["unit_id"] = wanted.unit_id
    if wanted.emergency:
        where.append("c.rank = 0")
    if wanted.open is not None:
        where.append(OPEN if wanted.open else f"not ({OPEN})")
    if wanted.light:
        where.append(LIGHTS[wanted.light])
    where += _counted(wanted.figure, params)
    if wanted.q:
        where.append(_words(wanted.q.strip(), params))
    return where


def _counted(figure: Rows | None, params: dict[str, Any]) -> list[str]:
    """The condition of a figure's own rows."""
    params |= figure.params if figure else {}
    return [figure.where] if figure else []


def _words(q: str, params: dict[str, Any]) -> str:
    params["q"] = q
    if len(q) > 1 and (terms := bigrams(q)):
        params["terms"] = terms
        return (
            "c.id = any(array(select search_cases(%(terms)s, 1000)"
            " union all select n.id from cases n where n.number = %(q)s))"
        )
    params["like"] = f"%{q}%"
    return "(c.number = %(q)s or c.title like %(like)s)"


def queue_page(
    tx: Tx, where: Sequence[str], params: dict[str, Any], after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Most urgent first: emergencies, then what is due earliest; keyset (rank, due_at, id)."""
    conditions = list(where)
    if after:
        conditions.append("(c.rank, c.due_at, c.id) > (%(a0)s, %(a1)s, %(a2)s)")
        params |= {f"a{n}": value for n, value in enumerate(after)}
    return _cards(tx, conditions, params, "c.rank, c.due_at, c.id", limit)


def newest_page(
    tx: Tx, where: Sequence[str], params: dict[str, Any], after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Newest first; keyset (received_at, id)."""
    conditions = list(where)
    if after:
        conditions.append("(c.received_at, c.id) < (%(a0)s, %(a1)s)")
        params |= {f"a{n}": value for n, value in enumerate(after)}
    return _cards(tx, conditions, params, "c.received_at desc, c.id desc", limit)


def _cards(
    tx: Tx, conditions: Sequence[str], params: dict[str, Any], order: str, limit: int
) -> list[dict[str, Any]]:
    """The rows first, as many as the page shows; names are looked up for those alone.

    With the limit as a number in it PostgreSQL keeps the plan; as a parameter it plans each page
    anew, which costs more than reading it.
    """
    where = f"where {' and '.join(conditions)}" if conditions else ""
    page = f"(select c.* from cases c {where} order by {order} limit {limit:d})"
    return tx.rows(f"{CARD} from {page} c {AROUND} order by {order}", params)


def cards_of(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return _cards(tx, ["c.id = any(%(ids)s)"], {"ids": list(ids)}, "c.received_at, c.id", 1000)


def count(tx: Tx, where: str, params: dict[str, Any]) -> int:
    """Up to 1,000: a queue's badge says 999+ above."""
    row = tx.one(
        f"select count(*) as n from (select from cases c where {where} limit 1000) as counted",
        params,
    )
    return int(row["n"]) if row else 0


def few(tx: Tx) -> list[UUID] | None:
    """All that this session may see, when it is little; else None."""
    row = tx.one("select few_cases(%s) as ids", [FEW])
    found: list[UUID] | None = row["ids"] if row else None
    return found


def whole(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    row = tx.one(WHOLE, [case_id])
    return row and row | {"pending": requests.pending(tx, row)}


def steps(tx: Tx, case_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(STEPS, [case_id])


def files_of(tx: Tx, case_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(FILES, [case_id])


def of_caller(tx: Tx, phone_index: bytes, desks: Sequence[UUID]) -> list[dict[str, Any]]:
    """Earlier matters of one telephone number, newest first, as far as the reader may see them.

    A confidential matter is named to ``desks`` in charge alone: a number would name its asker.
    """
    return tx.rows(
        f"{CARD} from cases c {AROUND} where c.id in"
        " (select case_id from case_askers where phone_index = %s"
        " and (mode <> 'confidential' or c.desk_id = any(%s)))"
        " order by c.received_at desc limit 50",
        [phone_index, list(desks)],
    )


def replies(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The answers that were given; what is still being written is none yet."""
    given = "case when state in ('closed', 'evaluated') then answer else '' end as answer"
    rows = tx.rows(f"select id, {given} from cases where id = any(%s)", [list(ids)])
    return {row["id"]: row["answer"] for row in rows}
