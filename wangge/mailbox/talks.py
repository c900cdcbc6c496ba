"""民情恳谈会: residents' talks on chosen cases, with departments; what is decided is promised.

A decision is a line in the case's own history, with the day that was named. Who does what by when
is the case's own road: its lead unit by a dispatch, every further one by a task.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases import owners, tasks
from wangge.cases.models import FINAL, State
from wangge.cases.service import locked as locked_case
from wangge.cases.workflow import ASSISTED
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.mailbox import queries
from wangge.mailbox.history import tell_case
from wangge.mailbox.models import Decision, Promise, TalkDraft
from wangge.mailbox.rights import desk_of, must_run, no_such_talk
from wangge.mailbox.sorting import lead
from wangge.mailbox.telling import moved, tell
from wangge.people.models import Actor
from wangge.tenant.service import rules

MOST_CASES, MOST_UNITS = 30, 20
LOCK = "select * from mailbox_talks where id = %s for update"
DECIDE = """
update mailbox_talk_cases set decision = %(words)s, promised_on = %(on)s, decided_by = %(by)s,
    decided_at = %(now)s where talk_id = %(talk)s and case_id = %(case)s
"""


def call(tx: Tx, actor: Actor, draft: TalkDraft) -> None:
    """Call a talk: the departments see its cases from now on and are told when and where."""
    known = tx.one("select called_by from mailbox_talks where id = %s", [draft.id])
    if known:
        if known["called_by"] != actor.id:
            raise _taken()
        return
    desk_id = desk_of(actor)
    if draft.held_at <= tx.now:
        raise Invalid("bad_time", "恳谈会时间要在现在之后", "the talk lies ahead", field="held_at")
    case_ids, units = list(dict.fromkeys(draft.case_ids)), dict(draft.units)
    if not 0 < len(case_ids) <= MOST_CASES:
        raise Invalid("field_needed", "请选择议题", "choose the cases", field="case_ids")
    if not 0 < len(units) <= MOST_UNITS:
        raise Invalid("field_needed", "请选择参会单位", "choose who takes part", field="units")
    unit_ids = _units(tx, units)
    desk = tx.one(
        "select a.pos from organisations o join areas a on a.id = o.area_id where o.id = %s",
        [desk_id],
    )
    row = {
        "id": draft.id, "number": _number(tx), "title": draft.title.strip(),
        "place_words": draft.place_words.strip(), "held_at": draft.held_at,
        "chair": draft.chair.strip(), "desk_id": desk_id, "pos": (desk or {})["pos"],
        "unit_ids": [desk_id, *unit_ids], "called_by": actor.id, "at": tx.now,
    }  # fmt: skip
    tx.insert("mailbox_talks", [row])
    tx.insert(
        "mailbox_talk_units",
        [{"talk_id": draft.id, "unit_id": one, "post": units[one]} for one in unit_ids],
    )
    _agenda(tx, actor, row, case_ids, unit_ids)
    body = {"title": row["title"], "place": row["place_words"], "at": _said(tx, draft.held_at)}
    for unit in unit_ids:
        tell(tx, queries.holders(tx, unit, "case.handle"), "mailbox_talk", draft.id, body)
    moved(tx, draft.id, "talk", row["pos"], row["unit_ids"])


def _agenda(
    tx: Tx, actor: Actor, talk: dict[str, Any], case_ids: list[UUID], unit_ids: list[UUID]
) -> None:
    for seq, case_id in enumerate(case_ids, 1):
        case = locked_case(tx, case_id)
        if not actor.may_at("mailbox.run", desk_id=case["desk_id"]):
            raise Invalid("no_such_case", "没有找到这件事项", "no such case", field="case_ids")
        if State(case["state"]) in FINAL:
            raise Refusal(
                "case_is_over", f"{case['number']} 已经结束，不能列入议题",
                f"{case['number']} is over", field="case_ids",
            )  # fmt: skip
        if case["about_unit"] in unit_ids:
            owners.check_unit(tx, case["about_unit"], about=case["about_unit"])
        tx.insert("mailbox_talk_cases", [{"talk_id": talk["id"], "case_id": case_id, "seq": seq}])
        when = f"{_said(tx, talk['held_at'])}，{talk['place_words']}"
        note = f"列入民情恳谈会“{talk['title']}”议题，{when}。"
        tell_case(
            tx, case, actor, "called", note, called=unit_ids, talk=str(talk["id"]),
            talk_number=talk["number"],
        )  # fmt: skip


def _units(tx: Tx, units: dict[UUID, str]) -> list[UUID]:
    rows = tx.rows(
        "select id from organisations where id = any(%s) and active order by code", [list(units)]
    )
    if len(rows) != len(units):
        raise Invalid("unknown_unit", "没有这个单位", "no such unit", field="units")
    return [row["id"] for row in rows]


def _said(tx: Tx, moment: Any) -> str:
    here = moment.astimezone(ZoneInfo(rules(tx).calendar.zone))
    return f"{here.month}月{here.day}日{here:%H:%M}"


def _number(tx: Tx) -> str:
    day = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    row = tx.one("select next_case_number('T', %s) as n", [day])
    return f"T-{day:%Y%m%d}-{row['n'] if row else 0:04d}"


def locked(tx: Tx, actor: Actor, talk_id: UUID) -> dict[str, Any]:
    """To all but the desk that called it a talk is not there to be changed."""
    talk = tx.one(LOCK, [talk_id])
    if talk is None:
        raise no_such_talk()
    must_run(actor, talk["desk_id"], no_such_talk())
    return talk


def decide(tx: Tx, actor: Actor, talk_id: UUID, given: Decision) -> None:
    """What the talk decided on one case: a line in its history, and a task for each promise.

    All or nothing: where a unit cannot be given its part the decision is not written either.
    """
    talk = locked(tx, actor, talk_id)
    _check_open(talk)
    item = tx.one(
        "select * from mailbox_talk_cases where talk_id = %s and case_id = %s",
        [talk_id, given.case_id],
    )
    if item is None:
        raise Invalid("no_such_case", "这件事项不在议题中", "not on the agenda", field="case_id")
    if item["decided_at"]:
        if item["decision"] == given.words.strip():
            return
        raise Refusal("decided_already", "这个议题已有决定", "this case is decided already")
    _check(tx, given)
    case = locked_case(tx, given.case_id)
    promises = [
        {"unit_id": str(one.unit_id), "words": one.words.strip(), "on": one.due_on.isoformat()}
        for one in given.promises
    ]
    on = f"，{given.promised_on:%Y-%m-%d}前答复或办结" if given.promised_on else ""
    tell_case(
        tx, case, actor, "decided", f"民情恳谈会决定：{given.words.strip()}{on}。",
        talk=str(talk_id), talk_number=talk["number"], promises=promises,
        on=given.promised_on.isoformat() if given.promised_on else None,
    )  # fmt: skip
    tx.run(
        DECIDE,
        {"words": given.words.strip(), "on": given.promised_on, "by": actor.id, "now": tx.now,
         "talk": talk_id, "case": given.case_id},
    )  # fmt: skip
    for one in given.promises:
        _promise(tx, actor, talk, given.case_id, one)
    moved(tx, talk_id, "talk", talk["pos"], talk["unit_ids"])


def _check(tx: Tx, given: Decision) -> None:
    if not given.words.strip():
        raise Invalid("field_needed", "请写明决定", "say what was decided", field="words")
    if given.promised_on is None and not given.promises:
        raise Invalid(
            "field_needed", "请写明谁在何时办什么，或给出答复日期",
            "say who does what by when, or name a day", field="promised_on",
        )  # fmt: skip
    today = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
    days = [one.due_on for one in given.promises]
    if min([*days, given.promised_on or today]) < today:
        raise Invalid(
            "bad_time", "承诺日期不能早于今天", "a promise lies ahead", field="promised_on"
        )
    if any(not one.words.strip() for one in given.promises):
        raise Invalid("field_needed", "请写明办什么", "say what is to be done", field="promises")


def _promise(tx: Tx, actor: Actor, talk: dict[str, Any], case_id: UUID, one: Promise) -> None:
    """The first unit leads the case if nobody does yet; each further one has a task in it."""
    task_id = None
    case = locked_case(tx, case_id)
    is_lead = case["unit_id"] == one.unit_id and case["state"] in (State.DISPATCHED, State.HANDLING)
    if not is_lead and not (case["unit_id"] is None and lead(tx, actor, case_id, one.unit_id)):
        case = locked_case(tx, case_id)
        if State(case["state"]) not in ASSISTED:
            raise Refusal(
                "needs_dispatcher",
                "这件事项还没有登记派单，您的岗位不能交办；请由值班长或派单员记录这项决定",
                "the case is not registered yet and your post cannot dispatch it; let the duty"
                " leader or a dispatcher write this decision down",
            )
        today = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone)).date()
        tasks.give(
            tx, actor, case_id, task_id=one.id, unit_id=one.unit_id, words=one.words,
            limit=f"{max((one.due_on - today).days, 1)}CD",
        )  # fmt: skip
        task_id = one.id
    tx.insert(
        "mailbox_promises",
        [
            {"id": one.id, "talk_id": talk["id"], "case_id": case_id, "unit_id": one.unit_id,
             "words": one.words.strip(), "due_on": one.due_on, "task_id": task_id, "at": tx.now}
        ],
    )  # fmt: skip


def end(tx: Tx, actor: Actor, talk_id: UUID, *, minutes: str, came: list[UUID], held: bool) -> None:
    """Held, with its minutes and who came, once every case has its decision; or called off."""
    talk = locked(tx, actor, talk_id)
    if talk["state"] != "planned":
        if talk["state"] == ("held" if held else "cancelled") and talk["minutes"] == minutes:
            return
        _check_open(talk)
    if not minutes.strip():
        raise Invalid("field_needed", "请写明会议情况", "say how it went", field="minutes")
    if held:
        if talk["held_at"] > tx.now:
            raise Refusal("too_early", "恳谈会还没有到时间", "the talk has not begun")
        open_ = tx.rows(
            "select c.number from mailbox_talk_cases t join cases c on c.id = t.case_id"
            " where t.talk_id = %s and t.decided_at is null order by t.seq",
            [talk_id],
        )
        if open_:
            names = [row["number"] for row in open_]
            raise Refusal(
                "cases_undecided",
                f"还有议题没有决定：{'、'.join(names)}",
                f"not decided yet: {', '.join(names)}",
                cases=names,
            )
    tx.run(
        "update mailbox_talks set state = %s, minutes = %s, ended_at = %s, version = version + 1"
        " where id = %s",
        ["held" if held else "cancelled", minutes, tx.now, talk_id],
    )
    tx.run(
        "update mailbox_talk_units set came = unit_id = any(%s) where talk_id = %s",
        [came, talk_id],
    )
    moved(tx, talk_id, "talk", talk["pos"], talk["unit_ids"])


def _check_open(talk: dict[str, Any]) -> None:
    if talk["state"] != "planned":
        raise Refusal("talk_over", "这次恳谈会已经结束", "this talk is over")


def _taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
