"""Urging, notices, listings, criticism: issued, answered, lifted, approved, all in the record."""

from datetime import datetime, timedelta
from uuid import UUID

from wangge.cases.clock import CaseRow
from wangge.cases.models import Action, Duty, StepInput, Taker
from wangge.cases.service import locked, marked
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.dispatch.service import ROLES_OF_DUTY, tell_holders
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.supervision import people, queries
from wangge.supervision.models import ISSUING, PREFIX, Kind, Row, Status
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

LONGEST = timedelta(days=366)
URGED = """
select count(*) as n, (array_agg(note order by seq desc))[1] as said,
    (array_agg(actor_title || actor_name order by seq desc))[1] as by
from case_steps, clock where case_id = %s and action = 'urge'
    and (at at time zone zone)::date = city_today()
"""
ANSWERERS = (*ROLES_OF_DUTY[Duty.UNIT], *ROLES_OF_DUTY[Duty.DESK])
LOCK = "select * from supervisions where id = %s for update"
WAS_LISTED = "select 1 from supervisions where case_id = %s and kind = 'listing' limit 1"
APPROVERS = """
select distinct p.account_id from areas here join areas r on r.path @> here.path
join posts p on p.area_id = r.id and p.role = 'leader' and p.valid @> city_today()
join accounts a on a.id = p.account_id and a.active
where here.pos = %s and p.account_id <> %s
"""


def urged(tx: Tx, case_id: UUID) -> None:
    """A case was just urged: its holder hears it; beyond the city's number a day it is refused."""
    row = tx.one(URGED, [case_id]) or {}
    most = rules(tx).supervision.urges_a_day
    if row["n"] > most:
        raise Refusal(
            "urged_enough",
            f"这件事项今天已催办{most}次；仍无回应的，请发督办单",
            f"this case was urged {most} times today; issue a supervision notice instead",
        )
    tell_holders(tx, [case_id], "case_urged", said={"said": row["said"], "by": row["by"]})


def issue(
    tx: Tx,
    actor: Actor,
    case_id: UUID,
    *,
    key: UUID,
    kind: Kind,
    reason: str,
    answer_by: datetime | None = None,
) -> None:
    """Issue a notice or a listing, or propose a criticism; a repeat with the same id is silent."""
    case = locked(tx, case_id)
    known = tx.one("select case_id, kind from supervisions where id = %s", [key])
    if known:
        if (known["case_id"], known["kind"]) != (case_id, kind.value):
            raise Refusal("id_taken", "此编号已被使用", "this id is taken")
        return
    needed = "case.list_openly" if kind is Kind.LISTING else "case.supervise"
    actor.must_at(needed, pos=case["pos"])
    _check(tx, case, kind)
    row: Row = {
        "id": key,
        "case_id": case_id,
        "kind": kind.value,
        "state": Status.PROPOSED if kind is Kind.CRITICISM else Status.OPEN,
        "number": None if kind is Kind.CRITICISM else _number(tx, kind),
        "unit_id": people.held_by(case),
        "reason": reason,
        "issued_by": actor.id,
        "issued_name": actor.name,
        "issued_title": actor.title,
        "issued_at": tx.now,
        "answer_by": None,
        "next_at": None,
    }
    if kind is Kind.NOTICE:
        row["answer_by"] = row["next_at"] = _answer_by(tx, answer_by)
    tx.insert("supervisions", [row])
    if kind is Kind.CRITICISM:
        _tell(tx, row, [one["account_id"] for one in tx.rows(APPROVERS, [case["pos"], actor.id])],
              "supervision_proposed")  # fmt: skip
        return
    _write(tx, case, ISSUING[kind], row, actor, row["reason"])
    _tell(tx, row, _unit_people(tx, row["unit_id"]), f"supervision_{kind.value}")


def _check(tx: Tx, case: CaseRow, kind: Kind) -> None:
    if kind is Kind.CRITICISM:
        if tx.one(WAS_LISTED, [case["id"]]) is None:
            raise Refusal(
                "not_listed_before",
                "通报只能在挂牌督办之后提出",
                "criticism follows a listed supervision",
            )
        return
    if case["state"] not in BEFORE_CLOSING:
        raise Refusal("case_over", "这件事项已办结，无需督办", "this case is over")
    if kind is Kind.LISTING and tx.one(
        "select 1 from supervisions where case_id = %s and kind = 'listing' and state = 'open'",
        [case["id"]],
    ):
        raise Refusal("already_listed", "这件事项已在挂牌督办", "this case is listed already")


def _answer_by(tx: Tx, wanted: datetime | None) -> datetime:
    known = rules(tx)
    if wanted is None:
        return due_at(known.calendar, tx.now, Limit.parse(known.supervision.answer_within))
    if wanted.tzinfo is None or wanted <= tx.now:
        raise Invalid(
            "answer_by_past", "回复期限须晚于现在", "the answer is due later than now",
            field="answer_by",
        )  # fmt: skip
    if wanted > tx.now + LONGEST:
        raise Invalid(
            "answer_by_far", "回复期限太远，最多一年", "the answer is due within a year",
            field="answer_by",
        )  # fmt: skip
    return wanted


def _number(tx: Tx, kind: Kind) -> str:
    """The year's next number of this kind of paper."""
    local = tx.now.astimezone(rules(tx).calendar.days.zone)
    row = tx.one("select next_case_number(%s, %s) as n", [PREFIX[kind], local.date().replace(
        month=1, day=1)])  # fmt: skip
    return f"{PREFIX[kind]}〔{local.year}〕{row['n'] if row else 0}号"


def answer(tx: Tx, actor: Actor, key: UUID, *, words: str) -> None:
    """督办回复: the unit answers once; late or not, what it says stands in the record."""
    row = _locked(tx, key)
    if not may_answer(actor, row):
        raise NotAllowed(
            "not_your_notice", "督办单由承办单位回复", "the unit that has the notice answers it"
        )
    if row["kind"] != Kind.NOTICE or row["state"] != Status.OPEN:
        raise Refusal("nothing_to_answer", "这张督办单不需要回复", "there is nothing to answer")
    tx.run(
        "update supervisions set state = 'answered', answer = %s, answered_name = %s,"
        " answered_title = %s, answered_at = %s, next_at = null where id = %s",
        [words, actor.name, actor.title, tx.now, key],
    )
    _write(tx, locked(tx, row["case_id"]), Action.ANSWER_SUPERVISION, row, actor, words)
    _tell(tx, {**row, "reason": words}, [_his(row)], "supervision_answered")


def end(tx: Tx, actor: Actor, key: UUID, *, why: str) -> None:
    """Lift a listing, or take back a notice that was issued."""
    row = _locked(tx, key)
    needed = "case.list_openly" if row["kind"] == Kind.LISTING else "case.supervise"
    actor.must_at(needed, pos=row["pos"])
    if row["kind"] == Kind.CRITICISM or row["state"] != Status.OPEN:
        raise Refusal("not_open", "已经结束，无需再操作", "this has ended already")
    _ended(tx, key, actor.name, actor.title, why)
    if row["kind"] == Kind.LISTING:
        _write(tx, locked(tx, row["case_id"]), Action.UNLIST, row, actor, why)


def _ended(tx: Tx, key: UUID, name: str, title: str, why: str) -> None:
    tx.run(
        "update supervisions set state = 'ended', ended_name = %s, ended_title = %s,"
        " ended_at = %s, ended_why = %s, next_at = null where id = %s",
        [name, title, tx.now, why, key],
    )


def decide(tx: Tx, actor: Actor, key: UUID, *, approve: bool, why: str) -> None:
    """A leader approves a proposed criticism, which thereby gets its number, or refuses it."""
    row = _locked(tx, key)
    actor.must_at("case.list_openly", pos=row["pos"])
    if row["state"] != Status.PROPOSED:
        raise Refusal("not_proposed", "没有待批准的通报", "nothing waits for approval here")
    if actor.id in (row["issued_by"], row["seen_to_by"]):
        raise NotAllowed(
            "own_proposal",
            "不能批准本人提出的通报，请由其他领导批准；您填写的内容仍在",
            "nobody approves his own proposal; what you typed is kept",
        )
    if not approve:
        tx.run(
            "update supervisions set state = 'refused', ended_name = %s, ended_title = %s,"
            " ended_at = %s, ended_why = %s where id = %s",
            [actor.name, actor.title, tx.now, why, key],
        )
        _tell(tx, {**row, "reason": why}, [_his(row)], "supervision_refused")
        return
    number = _number(tx, Kind.CRITICISM)
    tx.run(
        "update supervisions set state = 'ended', number = %s, ended_name = %s,"
        " ended_title = %s, ended_at = %s, ended_why = %s where id = %s",
        [number, actor.name, actor.title, tx.now, why, key],
    )
    row["number"] = number
    _write(tx, locked(tx, row["case_id"]), Action.CRITICISE, row, actor, row["reason"])
    _tell(tx, row, _unit_people(tx, row["unit_id"]), "supervision_criticism")


def _his(row: Row) -> UUID:
    """Who sees to it: whoever issued it, or has signed for it since."""
    found: UUID = row["seen_to_by"] or row["issued_by"]
    return found


def may_answer(actor: Actor, row: Row) -> bool:
    """Whoever handles in the unit or works at the desk that has it; with nobody there, the desk."""
    unit = row["unit_id"] if row["unit_stands"] else row["desk_id"]
    return actor.may_at("case.handle", unit_id=unit) or actor.may_at("case.correct", desk_id=unit)


def _locked(tx: Tx, key: UUID) -> Row:
    """What was issued, held fast, with its case; invisible and absent look the same."""
    if tx.one(LOCK, [key]) is None or (row := queries.one(tx, key)) is None:
        raise NotFound("no_such_supervision", "没有这张督办单", "no such supervision")
    return row


def _write(tx: Tx, case: CaseRow, action: Action, row: Row, actor: Actor, note: str) -> None:
    data = {"supervision": str(row["id"]), "paper": row["number"]}
    if row.get("answer_by"):
        data["answer_by"] = row["answer_by"].isoformat()
    given = StepInput(id=new_id(), action=action, note=note, data=data)
    taker = Taker("account", actor.id, actor.name, actor.title)
    marked(tx, case, given, taker)


def _unit_people(tx: Tx, unit_id: UUID) -> list[UUID]:
    found = people.at_units(tx, [unit_id], ANSWERERS, everybody=True)
    return [post.account_id for post in found[unit_id]]


def _tell(tx: Tx, row: Row, accounts: list[UUID], code: str) -> None:
    """``row`` is what was issued, its ``reason`` what is to be read."""
    case = tx.one("select number, title, about_account from cases where id = %s", [row["case_id"]])
    case = case or {"about_account": None}
    about = case.pop("about_account")
    zone = rules(tx).calendar.days.zone
    until = f"{row['answer_by'].astimezone(zone):%Y-%m-%d %H:%M}" if row["answer_by"] else ""
    body = {**case, "paper": row["number"] or "", "said": row["reason"], "until": until}
    notices.notify(
        tx,
        [
            notices.Notice(one, code, row["case_id"], body)
            for one in dict.fromkeys(accounts)
            if one != about
        ],
    )
