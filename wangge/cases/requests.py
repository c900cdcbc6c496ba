"""Requests as rows: who asked and when, who has to decide by when, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.models import Action, State, StepInput, Taker
from wangge.cases.request_kinds import ASKED_BY, BY_CODE, DECIDED_BY, KINDS, to_decide
from wangge.cases.requesting import Asking, Kind, Request, Status
from wangge.cases.workflow import LOOP
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.people.roles import ROLES
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

CaseRow = dict[str, Any]
PENDING = """
select r.*, array(select p.role from posts p where p.account_id = r.account_id
    and p.unit_id = r.unit_id and p.valid @> city_today()) as roles
from case_requests r where r.case_id = %s and r.status = 'pending' order by r.asked_at, r.id
"""
ALL = """
select r.*, u.short_name as unit, d.short_name as desk from case_requests r
join organisations u on u.id = r.unit_id join organisations d on d.id = r.desk_id
where r.case_id = %s order by r.asked_at, r.id
"""
# Nobody decides on what he asked for, nor his colleagues, nor whoever has the case in hand now or
# whom it is about. At a desk the colleagues are those of the same role: a duty leader decides on
# what an acceptor asks.
MAY_DECIDE = """
select from posts p join accounts a on a.id = p.account_id and a.active
join organisations o on o.id = p.unit_id and o.active
where p.unit_id = r.desk_id and p.role = any(n.roles) and p.valid @> city_today()
    and p.account_id is distinct from r.account_id
    and p.account_id is distinct from c.holder_id
    and not (n.apart and p.account_id is not distinct from c.handler_id)
    and p.account_id is distinct from c.about_account and o.id is distinct from c.about_unit
    and not exists (select from posts q where q.account_id = p.account_id
        and q.unit_id = r.unit_id and q.valid @> city_today() and (r.unit_id <> r.desk_id
            or q.role in (select h.role from posts h where h.account_id = r.account_id
                and h.unit_id = r.unit_id and h.valid @> city_today())))
"""
NEEDS = "jsonb_to_recordset(%(needs)s) as n(kind text, roles text[], apart boolean)"
UNDECIDED = f"""
select r.* from case_requests r join cases c on c.id = r.case_id
join {NEEDS} on n.kind = r.kind
where r.status = 'pending' and (%(ids)s::uuid[] is null or r.case_id = any(%(ids)s))
    and not exists ({MAY_DECIDE})
order by r.due_at, r.id limit %(most)s
"""
# The nearest desk on the same ground or above where somebody may decide: another than the one that
# cannot, and a higher one if it is wanted and there is one; where only a second level may rule, no
# other but a higher one. The city's own is the last.
DESK = f"""
with mine as (select o.id, o.short_name, a.path, nlevel(a.path) as height,
        a.parent_id is null as top
    from organisations o left join areas a on a.id = o.area_id where o.id = %(desk)s)
select d.id, d.short_name, mine.short_name as old_name
from mine, organisations d join areas ground on ground.id = d.area_id,
lateral (select d.id as desk_id, %(account)s::uuid as account_id, %(unit)s::uuid as unit_id) as r,
lateral (select %(holder)s::uuid as holder_id, %(handler)s::uuid as handler_id,
    %(about_account)s::uuid as about_account, %(about_unit)s::uuid as about_unit) as c,
lateral (select %(roles)s::text[] as roles, %(apart)s::boolean as apart) as n
where d.kind = 'desk' and d.active and (d.id <> mine.id or not %(another)s)
    and (ground.path @> mine.path or ground.parent_id is null) and exists ({MAY_DECIDE})
    and (not n.apart or mine.top or nlevel(ground.path) < mine.height)
order by (%(above)s and nlevel(ground.path) >= mine.height), nlevel(ground.path) desc,
    d.id = mine.id desc, d.code
limit 1
"""
DECIDED = """
update case_requests set status = %(status)s, decided_by = %(decided_by)s,
    decided_name = %(decided_name)s, decided_title = %(decided_title)s,
    decided_at = %(decided_at)s, decision = %(decision)s, granted_until = %(granted_until)s
where case_id = %(case)s and kind = %(kind)s and status = 'pending'
"""
RAISED = """
update case_requests set desk_id = %(desk)s, due_at = %(due)s
where case_id = %(case)s and kind = %(kind)s and status = 'pending'
"""


def pending(tx: Tx, case: CaseRow) -> list[Request]:
    """What waits for a decision on the case; nothing is asked of the database when nothing does."""
    return tx.rows(PENDING, [case["id"]]) if case["asked"] else []


def of_case(tx: Tx, case_id: UUID) -> list[Request]:
    """Every request of a case, the oldest first, with the names of its unit and its desk."""
    return tx.rows(ALL, [case_id])


def deciding_roles(known: Rules, kind: Kind) -> tuple[str, ...]:
    """The roles that decide: those with the permission, as far as the city has not narrowed it."""
    only = {
        role
        for action in kind.decides
        if (named := known.workflow.by_action.get(action.value))
        for role in named.roles
    }
    return tuple(
        name
        for name, role in ROLES.items()
        if kind.permission in role.grants and (not only or name in only)
    )


@lru_cache(maxsize=64)
def _needs(roles: tuple[tuple[str, tuple[str, ...]], ...]) -> Jsonb:
    return Jsonb(
        [
            {"kind": kind, "roles": list(named), "apart": BY_CODE[kind].apart}
            for kind, named in roles
        ]
    )


def undecided(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = 1000) -> list[Request]:
    """Pending requests that nobody could decide today; there must be none."""
    known = rules(tx)
    needs = _needs(tuple((kind.code, deciding_roles(known, kind)) for kind in KINDS))
    values = {"needs": needs, "ids": None if ids is None else list(ids), "most": most}
    return tx.rows(UNDECIDED, values)


def asked_by(actor: Actor, case: CaseRow) -> list[str]:
    """The kinds of what waits on the case that he or his unit asked for."""
    return [
        one["kind"]
        for one in case.get("pending", ())
        if one["account_id"] == actor.id or one["unit_id"] in actor.unit_ids
    ]


DECIDERS = f"""
select p.account_id from case_requests r join cases c on c.id = r.case_id
join {NEEDS} on n.kind = r.kind,
lateral ({MAY_DECIDE.replace("select from", "select p.account_id from", 1)}) as p
where r.id = %(id)s order by 1
"""


def deciders(tx: Tx, request: Request) -> list[UUID]:
    """Everybody who may decide the request today."""
    kind = BY_CODE[request["kind"]]
    needs = _needs(((kind.code, deciding_roles(rules(tx), kind)),))
    return [row["account_id"] for row in tx.rows(DECIDERS, {"needs": needs, "id": request["id"]})]


def is_own(actor: Actor, case: CaseRow, request: Request) -> bool:
    """Whether it is his own request, that of his post, or on a case that he handles."""
    if actor.id in (request["account_id"], case["holder_id"]):
        return True
    if BY_CODE[request["kind"]].apart and actor.id == case["handler_id"]:
        return True
    held = {post.role for post in actor.posts if post.unit_id == request["unit_id"]}
    if request["unit_id"] != request["desk_id"]:
        return bool(held)
    return not held.isdisjoint(request["roles"])


def decided(asking: Asking, given: StepInput) -> StepInput:
    """A decision with what follows from it; pure, refuses what may not be decided so."""
    request = asking.request or {}
    said = {"request": str(request["id"]), "desk_id": str(request["desk_id"])}
    return DECIDED_BY[given.action].decide(asking, replace(given, data={**given.data, **said}))


def prepare(tx: Tx, case: CaseRow, given: StepInput, taker: Taker) -> StepInput:
    """As ``prepared``, with what the database knows: earlier requests, and who is to decide."""
    if given.action not in ASKED_BY and given.action not in DECIDED_BY:
        return given
    asking = Asking(rules(tx), tx.now, case, of_case(tx, case["id"]), to_decide(case, given.action))
    if kind := ASKED_BY.get(given.action):
        if kind.code in case["asked"]:
            raise already_asked()
        given = kind.ask(asking, given)
        found = _desk(tx, case, row_of(asking.known, case, given, taker, tx.now))
        if found is None and kind.alone:
            raise nobody_decides()
        desk_id = found["id"] if found else case["desk_id"]
        return replace(given, data={**given.data, "desk_id": str(desk_id)})
    if asking.request is None:
        raise no_request()
    return decided(asking, given)


def already_asked() -> Refusal:
    return Refusal(
        "already_asked",
        "同样的申请正在等待审批，不用重复提交；您填写的内容仍在",
        "the same is being decided on already; what you typed is kept",
    )


def nobody_decides() -> Refusal:
    return Refusal(
        "nobody_decides",
        "没有别的在岗人员可以裁定，不能提请；请继续办理，您填写的内容仍在",
        "nobody else is on a post to rule on this; go on with it. What you typed is kept",
    )


def no_request() -> Refusal:
    return Refusal(
        "no_request",
        "没有等待审批的申请，可能已有人批过或已撤回；您填写的内容仍在",
        "nothing waits to be decided here; somebody may have decided it. What you typed is kept",
    )


def _asks_for(case: CaseRow, given: StepInput) -> UUID:
    """The unit or the desk for which somebody asks: the one whose step it is."""
    by = LOOP.move(State(case["state"]), given.action).by
    found: UUID = case["unit_id"] if by == "unit" else case["desk_id"]
    return found


def _desk(tx: Tx, case: CaseRow, request: Request, *, instead_of: UUID | None = None) -> Any:
    """The desk that is to decide; ``instead_of`` one that cannot. None where nobody can at all."""
    kind = BY_CODE[request["kind"]]
    return tx.one(
        DESK,
        {
            "desk": instead_of or case["desk_id"],
            "another": instead_of is not None,
            "above": kind.above(request),
            "roles": list(deciding_roles(rules(tx), kind)),
            "account": request["account_id"],
            "unit": request["unit_id"],
            "apart": kind.apart,
            "holder": case["holder_id"],
            "handler": case["handler_id"],
            "about_account": case["about_account"],
            "about_unit": case["about_unit"],
        },
    )


def row_of(known: Rules, case: CaseRow, given: StepInput, taker: Taker, now: datetime) -> Request:
    """The row of a request as it is asked; ``case`` is the one before the step."""
    return {
        "id": given.id,
        "case_id": case["id"],
        "kind": ASKED_BY[given.action].code,
        "round": case["round"],
        "state": str(case["state"]),
        "unit_id": _asks_for(case, given),
        "account_id": taker.account_id,
        "name": taker.name,
        "title": taker.title,
        "asked_at": now,
        "reason": given.reason,
        "words": given.note,
        "until_at": given.until,
        "data": {key: value for key, value in given.data.items() if key != "desk_id"},
        "desk_id": UUID(given.data.get("desk_id") or str(case["desk_id"])),
        "due_at": decide_by(known, now),
    }


def decide_by(known: Rules, now: datetime) -> datetime:
    """When a decision is due: some working hours after it was asked for."""
    return due_at(known.calendar, now, Limit.parse(f"{known.switches.decide_hours}WH"))


def follow(tx: Tx, case: CaseRow, after: CaseRow, given: StepInput, taker: Taker) -> None:
    """Write what a step made of the requests of its case: asked, sent up, decided, or lapsed."""
    if given.action in ASKED_BY:
        row = row_of(rules(tx), case, given, taker, tx.now)
        tx.insert("case_requests", [{**row, "data": Jsonb(row["data"])}])
    if given.action is Action.RAISE_REQUEST:
        said = {"desk": UUID(given.data["desk_id"]), "kind": given.data["kind"]}
        tx.run(RAISED, {**said, "due": decide_by(rules(tx), tx.now), "case": case["id"]})
    for kind, outcome in settled(case, after, given, taker, tx.now):
        tx.run(DECIDED, {**outcome, "case": case["id"], "kind": kind})


def settled(
    case: CaseRow, after: CaseRow, given: StepInput, taker: Taker, now: datetime
) -> Iterator[tuple[str, Request]]:
    """Each kind that does not wait any more after the step, with what became of it; pure."""
    for code in case["asked"]:
        if code in after["asked"]:
            continue
        kind = DECIDED_BY.get(given.action)
        if kind and kind.code == code:
            status = kind.decides[given.action]
        else:
            by_him = given.action is Action.WITHDRAW_REQUEST
            status = Status.WITHDRAWN if by_him else Status.LAPSED
        yield (
            code,
            {
                "status": status.value,
                "decided_by": taker.account_id,
                "decided_name": taker.name,
                "decided_title": taker.title,
                "decided_at": now,
                "decision": given.note,
                "granted_until": given.until if status is Status.GRANTED else None,
            },
        )


def raised(tx: Tx, case: CaseRow) -> StepInput | None:
    """The step that gives a request nobody can decide to the next desk above, if there is one."""
    for request in undecided(tx, [case["id"]]) if case["asked"] else ():
        if found := _desk(tx, case, request, instead_of=request["desk_id"]):
            return StepInput(
                id=new_id(),
                action=Action.RAISE_REQUEST,
                note=f"{found['old_name']}没有能审批的在岗人员，转{found['short_name']}审批。",
                data={
                    "rule": "nobody_decides",
                    "request": str(request["id"]),
                    "kind": request["kind"],
                    "desk_id": str(found["id"]),
                },
            )
        if alone := BY_CODE[request["kind"]].alone:
            return StepInput(
                id=new_id(),
                action=alone,
                note="没有别的在岗人员可以裁定，继续办理。",
                data={
                    "rule": "nobody_rules",
                    "request": str(request["id"]),
                    "desk_id": str(request["desk_id"]),
                },
            )
    return None
