"""The doors of spot checks: what was found on one's ground or by oneself, the newest first."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from wangge.fieldwork import spot_checks
from wangge.fieldwork.check_schemas import SpotCheckBody, SpotCheckDone, SpotCheckList
from wangge.fieldwork.models import Finding
from wangge.kernel.paging import after, cursor
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1/fieldwork/checks", tags=["fieldwork"])
# Under row-level security: of one's ground, of one's own, and of cases that one sees.
LISTED = """
select s.record_id as id, s.case_id, s.case_state, s.finding, s.follow, s.followed, s.lon, s.lat,
    s.received_at, r.words, r.place_words as place, r.done_at, a.names, w.name as worker,
    c.number as case_number, c.title as case_title, c.state as case_now, u.id as unit_id,
    u.short_name as unit, n.id as new_case_id, n.number as new_case_number, p.number as paper,
    coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind)
        order by f.created_at, f.id) from files f
        where f.step_id = s.record_id or f.field_record_id = s.record_id
            or (s.case_id is null and f.case_id = n.id and f.step_id is null)), '[]') as files
from (select s.* from spot_checks s
    where (not %(mine)s or s.account_id = %(me)s)
        and (%(finding)s = '' or s.finding = %(finding)s)
        and (%(at)s::timestamptz is null or (s.received_at, s.record_id) < (%(at)s, %(id)s))
    order by s.received_at desc, s.record_id desc limit %(limit)s) s
join field_records r on r.id = s.record_id join accounts w on w.id = s.account_id
join areas a on a.id = r.area_id left join cases c on c.id = s.case_id
left join organisations u on u.id = s.unit_id
left join cases n on n.id = s.follow_id and s.follow = 'case'
left join supervisions p on p.id = s.follow_id and s.follow = 'notice'
order by s.received_at desc, s.record_id desc
"""


@router.get("", operation_id="listSpotChecks", response_model=SpotCheckList)
def list_checks(
    tx: Db, me: Me, finding: Finding | None = None, *, mine: bool = False,
    cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:  # fmt: skip
    me.must("case.read")
    at, last = after(cursor_, datetime, UUID) or (None, None)
    rows = tx.rows(
        LISTED,
        {"mine": mine, "me": me.id, "finding": finding or "", "at": at, "id": last,
         "limit": limit + 1},
    )  # fmt: skip
    end = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [_shown(row) for row in rows[:limit]],
        "next": cursor(end["received_at"].isoformat(), end["id"]) if end else None,
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A case that has left the reader's sight is not named."""
    case = row["case_id"] and row["case_now"] and {
        "id": row["case_id"], "number": row["case_number"], "title": row["case_title"],
        "then": row["case_state"], "now": row["case_now"],
    }  # fmt: skip
    new = row["new_case_id"]
    return {
        **row,
        "case": case or None,
        "unit": {"id": row["unit_id"], "name": row["unit"]} if row["unit_id"] else None,
        "new_case": {"id": new, "number": row["new_case_number"]} if new else None,
    }


@router.post("", operation_id="recordSpotCheck", response_model=SpotCheckDone)
def record_check(body: SpotCheckBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """What was found on site and what follows from it; a repeat answers as before.

    Whoever handled the case is refused as ``own_work``; phones send the same by sync.
    """
    me.must(spot_checks.RIGHT)
    done = spot_checks.check(tx, me, body.id, body.given())
    return {
        "id": body.id, "outcome": "taken" if done.fresh else "repeated", "number": done.number,
        "followed": done.followed,
    }  # fmt: skip
