"""What somebody had in hand when his post ended: found, written as items, told to the leader."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases.clock import CASE_ROW
from wangge.cases.marks import mark
from wangge.cases.models import Action, StepInput
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.handovers import queries
from wangge.handovers.models import FIELD_WORKERS, Row
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people.roles import role
from wangge.whistles.queries import roles_with

GONE = """
gone as materialized (
    select p.id as post_id, p.account_id, p.role, p.unit_id, p.area_id, p.title, a.name, r.span
    from posts p join accounts a on a.id = p.account_id left join areas r on r.id = p.area_id
    where p.id = any(%(posts)s))
"""
# Others who do the same on the same ground have it already; so has whoever else took a step.
FOUND = f"""
with {GONE}
select g.*, c.id as case_id, null::uuid as task_id, 'case' as kind, null::uuid as thing_id
from gone g join cases c on c.unit_id = g.unit_id and c.holder_id = g.account_id
    and c.state in ('dispatched', 'handling', 'suspended')
union all
select g.*, t.case_id, t.id, 'task', null from gone g
join case_tasks t on t.unit_id = g.unit_id and t.holder_id = g.account_id
    and t.state = 'acknowledged'
union all
select g.*, c.id, null, 'visit', null from gone g
join cases c on c.state in ('verifying', 'checking') and c.duty = 'grid' and c.pos <@ g.span
    and c.handler_id is distinct from g.account_id
where g.role = any(%(field)s) and g.unit_id is null and not exists (
    select from posts o join accounts a on a.id = o.account_id and a.active
    where o.area_id = g.area_id and o.role = any(%(field)s) and o.valid @> city_today()
        and o.account_id <> g.account_id)
union all
select g.*, c.id, null, 'desk', null from gone g
join cases c on c.desk_id = g.unit_id and c.duty = 'desk' and c.state = any(%(with_desk)s)
cross join lateral (select s.account_id, s.action from case_steps s where s.case_id = c.id
    and s.actor_kind = 'account' order by s.seq desc limit 1) last
where last.account_id = g.account_id and last.action <> 'remark'
union all
select g.*, c.id, null, 'alarm', null from gone g
join alarms m on m.acknowledged_by = g.account_id
join cases c on c.id = m.case_id and (c.desk_id = g.unit_id or c.pos <@ g.span)
    and c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged', 'split')
union all
select g.*, w.case_id, null, 'whistle', w.id from gone g
join whistles w on w.caller_id = g.account_id and w.state = 'open'
    and (w.desk_id = g.unit_id or w.pos <@ g.span)
union all
select g.*, m.case_id, null, 'promise', m.id from gone g
join case_promises m on coalesce(m.seen_to_by, m.made_by) = g.account_id and m.kept_at is null
    and m.unit_id = g.unit_id
union all
select g.*, s.case_id, null, 'supervision', s.id from gone g
join supervisions s on coalesce(s.seen_to_by, s.issued_by) = g.account_id
    and s.state in ('proposed', 'open')
join cases c on c.id = s.case_id and (c.pos <@ g.span or c.desk_id = g.unit_id)
where g.role = any(%(supervise)s)
"""
WITH_DESK = ("reported", "accepted", "registered", "reopened", "handled", "checked", "suspended")
WRITE = """
insert into handed_items (id, case_id, task_id, thing_id, kind, case_state, from_account, from_name,
    from_title, post_id, role, unit_id, area_id, at)
select i.id, i.case_id, i.task_id, i.thing_id, i.kind, coalesce(c.state, ''),
    p.account_id, a.name, i.title, p.id, p.role, p.unit_id, p.area_id, %(now)s
from unnest(%(ids)s::uuid[], %(cases)s::uuid[], %(tasks)s::uuid[], %(things)s::uuid[],
    %(kinds)s::text[], %(posts)s::uuid[], %(titles)s::text[])
    as i (id, case_id, task_id, thing_id, kind, post_id, title)
join posts p on p.id = i.post_id join accounts a on a.id = p.account_id
left join cases c on c.id = i.case_id
on conflict do nothing returning id, case_id
"""
LOCK = f"select {CASE_ROW} from cases c where c.id = any(%s) order by c.id for update of c"


def hand_over(tx: Tx, post_ids: Sequence[UUID]) -> int:
    """Write the open work of posts that have just ended as items; returns how many.

    Each stands in its case's history; whoever leads there hears of them in one notice.
    """
    values = {
        "posts": list(post_ids),
        "field": list(FIELD_WORKERS),
        "with_desk": list(WITH_DESK),
        "supervise": roles_with("case.supervise"),
    }
    found = {
        (row["kind"], row["task_id"] or row["thing_id"] or row["case_id"]): row
        for row in tx.rows(FOUND, values)
    }
    if not found:
        return 0
    ids = [row["case_id"] for row in found.values() if row["case_id"]]
    cases = {row["id"]: row for row in tx.rows(LOCK, [ids])}
    fresh = _written(tx, list(found.values()))
    items = [row for row in found.values() if row["id"] in fresh]
    leaders = queries.led(tx, list(fresh))
    names = _names(tx, leaders)
    told: dict[UUID, list[Row]] = defaultdict(list)
    by_case: dict[UUID, list[Row]] = defaultdict(list)
    for item in items:
        case = cases.get(item["case_id"])
        if case and case["state"] in BEFORE_CLOSING:
            by_case[item["case_id"]].append(item)
        for leader in leaders.get(item["id"], []):
            told[leader].append(item)
    mark(
        tx,
        [
            (cases[case_id], _line(group[0], names, leaders.get(group[0]["id"], [])))
            for case_id, group in by_case.items()
        ],
    )
    _tell(tx, told, cases)
    return len(items)


def _written(tx: Tx, rows: list[Row]) -> set[UUID]:
    for row in rows:
        row["id"] = new_id()
        row["title"] = row["title"] or role(row["role"]).zh
    values = {
        "now": tx.now,
        "ids": [row["id"] for row in rows],
        "cases": [row["case_id"] for row in rows],
        "tasks": [row["task_id"] for row in rows],
        "things": [row["thing_id"] for row in rows],
        "kinds": [row["kind"] for row in rows],
        "posts": [row["post_id"] for row in rows],
        "titles": [row["title"] for row in rows],
    }
    return {row["id"] for row in tx.rows(WRITE, values)}


def _names(tx: Tx, leaders: dict[UUID, list[UUID]]) -> dict[UUID, str]:
    wanted = list({one for each in leaders.values() for one in each})
    rows = tx.rows("select id, name from accounts where id = any(%s)", [wanted])
    return {row["id"]: row["name"] for row in rows}


def _line(item: Row, names: dict[UUID, str], leaders: list[UUID]) -> StepInput:
    to = "、".join(names[one] for one in leaders[:5])
    return StepInput(
        id=new_id(),
        action=Action.LEFT_OPEN,
        note=f"{item['title']}{item['name']}离岗，未办完的工作待交接，由{to}安排。",
        data={"rule": "left_open", "kind": item["kind"], "from": item["name"]},
    )


def _tell(tx: Tx, told: dict[UUID, list[Row]], cases: dict[UUID, dict[str, Any]]) -> None:
    """One notice to each leader; nobody hears of a complaint that is about him."""
    out = []
    for account, items in told.items():
        shown = [
            one
            for one in items
            if not one["case_id"] or cases[one["case_id"]]["about_account"] != account
        ]
        if shown:
            names = "、".join(dict.fromkeys(one["name"] for one in shown))
            body = {"n": len(shown), "name": names, "number": _number(cases, shown)}
            out.append(notices.Notice(account, "work_left", None, body))
    notices.notify(tx, out)


def _number(cases: dict[UUID, dict[str, Any]], items: list[Row]) -> str:
    """The first case among them; a whistle may stand without one."""
    return next((cases[one["case_id"]]["number"] or "" for one in items if one["case_id"]), "")
