"""Which notices wait: in quiet hours what is not urgent, and reminders of whoever has a digest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.notices.models import Notice
from wangge.tenant.quiet import next_at
from wangge.tenant.service import rules

# What only reminds: the work itself stands in its queue since it came.
REMINDERS = frozenset({
    "case_overdue", "case_warning", "case_silent", "case_silent_manager", "case_escalated",
    "cases_escalated", "cases_silent", "task_overdue", "supervision_late", "promise_late",
    "handover_missing",
})  # fmt: skip
# Each account's own wish, else that of its posts; and whether it has a shift at this moment.
WISHES = """
select a.id, s.digest_at as own,
    (select min(d.at) from posts p join jsonb_to_recordset(%(digests)s) as d(role text, at text)
        on d.role = p.role where p.account_id = a.id and p.valid @> city_today()) as by_post,
    exists (select from duty_shifts h left join shift_stands t
        on t.shift_id = h.id and t.span @> %(now)s
        where h.span @> %(now)s and coalesce(t.account_id, h.account_id) = a.id) as on_duty
from unnest(%(accounts)s::uuid[]) as a(id) left join notice_settings s on s.account_id = a.id
"""
# Matters of 24 hours: an emergency, a level above the ordinary, a limit in urgent hours.
URGENT = """
select id from cases where id = any(%s)
    and (cardinality(emergency) > 0 or level <> 'normal' or due_limit like '%%UH')
"""
KNOWN = "select id from held_notices where id = any(%s)"
HOLD = """
insert into held_notices (id, account_id, case_id, code, body, why, at, until_at)
select id, account_id, case_id, code, body, why, %(now)s, until_at
from unnest(%(ids)s::uuid[], %(accounts)s::uuid[], %(cases)s::uuid[], %(codes)s::text[],
    %(bodies)s::jsonb[], %(whys)s::text[], %(untils)s::timestamptz[])
    as h (id, account_id, case_id, code, body, why, until_at)
on conflict do nothing
"""
Held = tuple[Notice, str, datetime]


def sorted_out(tx: Tx, notices: Sequence[Notice]) -> list[Notice]:
    """Put aside what has to wait, and return what goes out now. A repeat of the held stays held."""
    calm = [one for one in notices if not one.urgent]
    if not calm:
        return list(notices)
    known = rules(tx)
    zone = known.calendar.days.zone
    quiet = known.quiet.ends(tx.now, zone)
    values = {
        "now": tx.now,
        "accounts": list({one.account_id for one in calm}),
        "digests": Jsonb([digest.model_dump() for digest in known.quiet.digests]),
    }
    wishes = {row["id"]: row for row in tx.rows(WISHES, values)}
    urgent = _urgent(tx, calm) if quiet else set()
    held: list[Held] = []
    for one in calm:
        wish = wishes[one.account_id]
        digest = wish["by_post"] if wish["own"] is None else wish["own"]
        if digest and one.code in REMINDERS:
            held.append((one, "digest", next_at(digest, tx.now, zone)))
        elif quiet and one.case_id not in urgent and not wish["on_duty"]:
            held.append((one, "quiet", quiet))
    _write(tx, held)
    waiting = {one.id for one, *_ in held}
    return [one for one in notices if one.id not in waiting]


def _urgent(tx: Tx, notices: Sequence[Notice]) -> set[UUID | None]:
    ids = [one.case_id for one in notices if one.case_id]
    return {row["id"] for row in tx.rows(URGENT, [ids])} if ids else set()


def _write(tx: Tx, held: Sequence[Held]) -> None:
    if not held:
        return
    columns: dict[str, Any] = {
        "ids": [one.id for one, *_ in held],
        "accounts": [one.account_id for one, *_ in held],
        "cases": [one.case_id for one, *_ in held],
        "codes": [one.code for one, *_ in held],
        "bodies": [orjson.dumps(one.body, default=str).decode() for one, *_ in held],
        "whys": [why for _, why, _ in held],
        "untils": [until for *_, until in held],
    }
    tx.run(HOLD, {"now": tx.now, **columns})
