"""现场督查: somebody who supervises stands at a place and says what he found and what follows.

The record is the field's own; at a case it is a line of the case's history with its pictures. What
follows is said by the doors that say it always: urging, a notice, the check that is not passed, a
new case. Nobody checks what he handled himself.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.cases.clock import CaseRow
from wangge.cases.complaints import is_about
from wangge.cases.models import SYSTEM, Action, State, StepInput, Taker
from wangge.cases.service import locked, marked, not_found, step_of_account
from wangge.fieldwork.models import Finding, Follow, FollowUp, RecordKind, SpotCheck
from wangge.fieldwork.permissions import no_such_record
from wangge.fieldwork.recording import Where, known, write
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.supervision import service as supervision
from wangge.supervision.models import Kind

RIGHT = "case.supervise"
# Whoever took one of these steps has handled the case, whoever finished it.
HANDLED_BY = """
select 1 from case_steps where case_id = %s and account_id = %s
    and action in ('acknowledge', 'progress', 'finish', 'self_handle') limit 1
"""
STANDS = "select * from spot_checks where record_id = %s"
SAID_DONE = frozenset({State.HANDLED, State.CHECKING})


@dataclass(frozen=True, slots=True)
class Checked:
    """``number``: of the notice that was issued or of the case that was opened."""

    fresh: bool
    followed: bool
    case_id: UUID | None
    new_case_id: UUID | None
    pos: int
    number: str = ""


def check(
    tx: Tx, actor: Actor, check_id: UUID, given: SpotCheck, *, follows: bool = True
) -> Checked:
    """Write down what was found, and do what follows; a repeat answers as before.

    Without ``follows`` the record stands and says that what it asks for was not possible.
    """
    _check_said(given)
    case = _case(tx, actor, given.case_id) if given.case_id else None
    if known(tx, actor, check_id, asdict(given)):
        return _stands(tx, check_id)
    where = _where_of_case(tx, case, given) if case else _where(tx, actor, given)
    opens = follows and given.follow is Follow.CASE
    new = [FollowUp(_follow_id(given), given.words, as_case=True, type=given.type)] if opens else []
    done = write(
        tx, actor, check_id, asdict(given), where, channel="patrol", follow_ups=new,
        kind=RecordKind.CHECK.value, words=given.words.strip(), place_words=where.words,
        done_at=given.done_at,
    )  # fmt: skip
    tx.insert(
        "spot_checks",
        [{"record_id": check_id, "pos": where.area.pos, "account_id": actor.id,
          "case_id": given.case_id, "case_state": case["state"] if case else None,
          "unit_id": case["unit_id"] if case else None, "finding": given.finding.value,
          "follow": given.follow.value, "follow_id": given.follow_id,
          "followed": follows and given.follow is not Follow.NONE, "lon": given.lon,
          "lat": given.lat, "received_at": tx.now}],
    )  # fmt: skip
    if case:
        _line(tx, actor, check_id, case, given)
    number = done.cases[0] if done.cases else ""
    if case and follows:
        number = follow(tx, actor, case["id"], given) or number
    return Checked(
        fresh=True, followed=follows, case_id=given.case_id,
        new_case_id=given.follow_id if opens else None, pos=where.area.pos, number=number,
    )  # fmt: skip


def _check_said(given: SpotCheck) -> None:
    if len(given.words.strip()) < 2:
        raise Invalid("field_needed", "请写明督查情况", "say what was found", field="words")
    if (given.lon is None) != (given.lat is None):
        raise Invalid("bad_place", "位置不完整", "half a place", field="lon")
    if (given.follow is Follow.NONE) != (given.follow_id is None):
        raise Invalid("field_needed", "请写明后续的编号", "what follows needs its id",
                      field="follow_id")  # fmt: skip
    if given.finding is Finding.IN_ORDER and given.follow is not Follow.NONE:
        raise Invalid(
            "nothing_follows", "情况属实、没有问题的，不用催办、返工或另报",
            "what is in order needs nothing to follow", field="follow",
        )  # fmt: skip
    if given.case_id is None and given.follow not in (Follow.NONE, Follow.CASE):
        raise Invalid("case_needed", "请选择事项", "choose the case", field="follow")


def _follow_id(given: SpotCheck) -> UUID:
    return given.follow_id or new_id()


def _case(tx: Tx, actor: Actor, case_id: UUID) -> CaseRow:
    case = locked(tx, case_id)
    if is_about(actor, case) or not actor.may_at(RIGHT, pos=case["pos"]):
        raise not_found()
    if case["handler_id"] == actor.id or tx.one(HANDLED_BY, [case_id, actor.id]):
        raise NotAllowed(
            "own_work",
            "不能督查自己办理的事项，请由他人督查；您填写的内容仍在",
            "nobody checks his own work; somebody else must check; what you typed is kept",
        )
    return case


def _where_of_case(tx: Tx, case: CaseRow, given: SpotCheck) -> Where:
    words = given.place_words.strip() or case["place_words"]
    lon, lat = (given.lon, given.lat) if given.lon is not None else (case["lon"], case["lat"])
    return Where(atlas.of(tx).area(case["area_id"]), words, lon=lon, lat=lat)


def _where(tx: Tx, actor: Actor, given: SpotCheck) -> Where:
    """The grid that was chosen or in which the device says that it is.

    Where words alone say it, no grid but the whole ground that he supervises.
    """
    places = atlas.of(tx)
    found: Area | None = places.areas.get(given.area_id) if given.area_id else None
    if found is None and given.lon is not None and given.lat is not None:
        found = places.locator.at(given.lon, given.lat)
    if found is None and given.place_words.strip():
        held = (post.area["code"] for post in actor.posts if RIGHT in post.grants and post.area)
        found = next((places.codes[code] for code in held if code in places.codes), None)
    if found is None:
        raise Invalid("grid_needed", "请选择网格", "choose the grid", field="area_id")
    if not actor.may_at(RIGHT, pos=found.pos):
        raise Invalid(
            "not_your_ground", "这里不在您的督查范围", "this is not on the ground you supervise",
            field="area_id",
        )  # fmt: skip
    return Where(found, given.place_words.strip(), lon=given.lon, lat=given.lat)


def _line(tx: Tx, actor: Actor, check_id: UUID, case: CaseRow, given: SpotCheck) -> None:
    data = {"finding": given.finding.value, "follow": given.follow.value,
            "done_at": given.done_at.isoformat()}  # fmt: skip
    line = StepInput(id=check_id, action=Action.SPOT_CHECK, note=given.words.strip(), data=data)
    marked(tx, case, line, _taker(actor))


def _taker(actor: Actor) -> Taker:
    return Taker("account", actor.id, actor.name, actor.title)


def follow(tx: Tx, actor: Actor, case_id: UUID, given: SpotCheck) -> str:
    """Urge, issue the notice or send it back to be done again; the number of a notice."""
    words, key = given.words.strip(), _follow_id(given)
    match given.follow:
        case Follow.URGE:
            step_of_account(tx, actor, case_id, StepInput(key, Action.URGE, note=words))
        case Follow.NOTICE:
            supervision.issue(tx, actor, case_id, key=key, kind=Kind.NOTICE, reason=words)
            row = tx.one("select number from supervisions where id = %s", [key])
            return str(row["number"]) if row else ""
        case Follow.REWORK:
            _again(tx, actor, case_id, StepInput(key, Action.FAIL_CHECK, note=words))
        case _:
            pass
    return ""


def _again(tx: Tx, actor: Actor, case_id: UUID, given: StepInput) -> None:
    """Whoever stood there has checked it: what is said done goes to its check and fails."""
    case = locked(tx, case_id)
    if State(case["state"]) not in SAID_DONE:
        raise Refusal(
            "not_said_done",
            "这件事项没有报办结或已经核查，不能直接要求返工；督查情况已记下",
            "this case is not said to be done, or was checked already; what you found stands",
            state=case["state"],
        )
    if case["state"] == State.HANDLED:
        sent = StepInput(new_id(), Action.SEND_CHECK, data={"rule": "spot_check"})
        marked(tx, case, sent, SYSTEM)
    step_of_account(tx, actor, case_id, given)


def _stands(tx: Tx, check_id: UUID) -> Checked:
    row: dict[str, Any] = tx.one(STANDS, [check_id]) or {}
    new = row["follow_id"] if row["follow"] == Follow.CASE and row["followed"] else None
    return Checked(
        fresh=False, followed=row["followed"], case_id=row["case_id"], new_case_id=new,
        pos=row["pos"],
    )  # fmt: skip


def follow_after_all(tx: Tx, actor: Actor, check_id: UUID, given: SpotCheck, step_id: UUID) -> str:
    """What was not possible when it came is done after all, in the name of whoever decides."""
    row = tx.one(f"{STANDS} for update", [check_id])
    if row is None:
        raise no_such_record()
    if row["followed"] or row["case_id"] is None:
        raise Refusal("followed_already", "后续已经办过了", "what follows was done already")
    _case(tx, actor, row["case_id"])
    number = follow(tx, actor, row["case_id"], replace(given, follow_id=step_id))
    tx.run(
        "update spot_checks set followed = true, follow_id = %s where record_id = %s",
        [step_id, check_id],
    )
    return number
