"""Sending out, telling, calling together: each through the service that already does it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.cases import service as cases
from wangge.cases import tasks
from wangge.cases.models import Action, State, StepInput
from wangge.cases.workflow import ASSISTED
from wangge.command import queries
from wangge.command.models import Order, Word
from wangge.groups import service as groups
from wangge.groups.models import GroupDraft
from wangge.kernel import facts, queue
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, Refusal
from wangge.people import roster
from wangge.people.models import Actor
from wangge.people.roles import ROLES
from wangge.teams.models import Seat

SEND = "case.dispatch"
LONGEST = timedelta(days=2)  # an order that nobody answered by then is no longer counted down
MOST_UNITS = 12
GROUND_ROLES = ["grid_worker", "professional_worker", "grid_leader", "secretary"]
DUTIES = {"on_duty": ("值班", "on duty"), "leader": ("带班领导", "leader on duty"),
          "backup": ("备班", "backup")}  # fmt: skip


def seen(tx: Tx, case_id: UUID) -> dict[str, Any]:
    row = queries.case(tx, case_id)
    if row is None:
        raise cases.not_found()
    return row


def assists(actor: Actor, case: dict[str, Any]) -> bool:
    return State(case["state"]) in ASSISTED and actor.may_at(SEND, desk_id=case["desk_id"])


def send_out(tx: Tx, actor: Actor, case_id: UUID, order: Order) -> None:
    """Send a case to its lead and to those that assist, each to acknowledge by the same minute.

    One act: all or none. A repeat of the same order changes nothing.
    """
    known = tx.one("select given_by, case_id from command_calls where order_id = %s limit 1",
                   [order.id])  # fmt: skip
    if known:
        if (known["given_by"], known["case_id"]) != (actor.id, case_id):
            raise Refusal("id_taken", "这个编号已被使用，请重新提交",
                          "this id is taken; send again")  # fmt: skip
        return
    case = seen(tx, case_id)
    units = list(dict.fromkeys(order.assist))
    if not actor.may_at(SEND, desk_id=case["desk_id"]):
        raise tasks.not_yours()
    if not units and not order.lead:
        raise Invalid("field_needed", "请选择要派遣的单位", "choose whom to send", field="assist")
    if not order.words.strip():
        raise Invalid("field_needed", "请写明要做什么", "say what is to be done", field="words")
    if len(units) > MOST_UNITS or order.lead in units:
        raise Invalid("too_many_units", f"主办之外最多{MOST_UNITS}个协办单位，且不能重复",
                      f"at most {MOST_UNITS} assist, and the lead is none of them",
                      field="assist")  # fmt: skip
    if order.lead:
        lead = StepInput(
            id=uuid5(order.id, "lead"), action=Action.DISPATCH, version=order.version,
            unit_id=order.lead, note=order.words.strip(),
        )  # fmt: skip
        cases.step_of_account(tx, actor, case_id, lead)
    else:
        cases.check_version(tx, cases.locked(tx, case_id), order.version)
    for unit in units:
        tasks.give(tx, actor, case_id, task_id=uuid5(order.id, str(unit)), unit_id=unit,
                   words=order.words, limit="")  # fmt: skip
    _await(tx, actor, case_id, order, units)


def _await(tx: Tx, actor: Actor, case_id: UUID, order: Order, units: list[UUID]) -> None:
    """Each unit's own line: until when its word is awaited, and from which step on."""
    begun = {unit: uuid5(order.id, str(unit)) for unit in units}
    seq = (tx.one("select version from cases where id = %s", [case_id]) or {})["version"]
    rows = [
        {
            "id": uuid5(order.id, f"call {unit}"), "order_id": order.id, "case_id": case_id,
            "unit_id": unit, "task_id": begun.get(unit), "seq": seq,
            "words": order.words.strip(), "answer_by": tx.now + timedelta(minutes=order.minutes),
            "given_by": actor.id, "at": tx.now,
        }
        for unit in ([order.lead] if order.lead else []) + units
    ]  # fmt: skip
    tx.insert("command_calls", rows)
    for row in rows:
        queue.defer(tx, "command_tell", call_id=row["id"], code="command_called")


def people(tx: Tx, case: dict[str, Any], calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whom the desk may reach for a case, by post: on duty at its desk and units, of its ground."""
    units = [case["desk_id"], case["unit_id"], *(call["unit_id"] for call in calls)]
    found: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for unit in dict.fromkeys(one for one in units if one):
        for turn in roster.on_duty(tx, unit):
            zh, en = DUTIES[turn.duty.value]
            found.setdefault((turn.account_id, turn.unit_id), {
                "account_id": turn.account_id, "name": turn.name, "phone": turn.phone,
                "post": {"zh": zh, "en": en}, "place": turn.unit,
                "group": "duty", "written": turn.written,
            })  # fmt: skip
    for row in queries.ground(tx, case["id"], GROUND_ROLES):
        named = ROLES[row["role"]]
        found.setdefault((row["account_id"], row["place_id"]), {
            "account_id": row["account_id"], "name": row["name"], "phone": row["phone"],
            "post": {"zh": row["title"] or named.zh, "en": row["title"] or named.en},
            "place": row["place"], "group": "ground", "written": True,
        })  # fmt: skip
    return list(found.values())


def tell(tx: Tx, actor: Actor, case_id: UUID, given: Word) -> None:
    """Put a sentence on people's screens, by their posts, and a line into the history."""
    case = seen(tx, case_id)
    if not actor.may_at(SEND, desk_id=case["desk_id"]):
        raise tasks.not_yours()
    words = given.words.strip()
    if not words:
        raise Invalid("field_needed", "请写一句话", "write a sentence", field="words")
    known = {one["account_id"]: one for one in people(tx, case, queries.calls(tx, case_id))}
    if not given.to or not known.keys() >= set(given.to):
        raise NotAllowed(
            "not_reached_here",
            "只能告知这件事的值班人员和网格人员",
            "only people on duty for this case or of its ground are reached here",
        )
    told = [known[one] for one in dict.fromkeys(given.to)]
    named = "、".join(f"{one['name']}（{one['place']}{one['post']['zh']}）" for one in told)
    before = tx.one("select 1 from case_steps where id = %s", [given.id])
    step = StepInput(id=given.id, action=Action.REMARK, note=f"告知{named}：{words}",
                     data={"told": [str(one["account_id"]) for one in told]})  # fmt: skip
    cases.step_of_account(tx, actor, case_id, step)
    if before is None:
        queue.defer(tx, "command_words", step_id=given.id, words=words, by=actor.name)


def call_together(office: Tx, actor: Actor, case: dict[str, Any], group_id: UUID) -> None:
    """Found the group of a case: its desk, the units that have it, the people of its grid.

    A case has one; whoever runs groups on the desk's ground founds it.
    """
    if not actor.may_at(SEND, desk_id=case["desk_id"]):
        raise tasks.not_yours()
    if office.one("select 1 from command_groups where case_id = %s for update", [case["id"]]):
        return
    asked = office.rows(
        "select distinct unit_id from case_tasks where case_id = %s"
        " and state in ('dispatched', 'acknowledged', 'done')", [case["id"]],
    )  # fmt: skip
    units = [case["desk_id"], case["unit_id"], *(row["unit_id"] for row in asked)]
    seats = tuple(
        Seat(uuid5(group_id, str(unit)), "", unit_id=unit)
        for unit in dict.fromkeys(one for one in units if one)
    )
    name = f"{case['number'] or ''} {case['title']}".strip()[:60]
    grids = [case["area_id"]] if case["level"] == "grid" else []
    area = case["desk_area"] or case["area_id"]
    groups.found(office, actor, GroupDraft(group_id, name, area, grids, seats))
    office.insert(
        "command_groups", [{"case_id": case["id"], "team_id": group_id, "at": office.now}]
    )
    moved = office.one("select pos, unit_ids from cases where id = %s", [case["id"]]) or {}
    facts.record(office, [facts.Fact("CaseCalledTogether", case["id"], {}, **moved)])


def mark_late(tx: Tx) -> int:
    """Red: each unit whose word did not come in time, told once to its desk and to who sent it."""
    rows = tx.rows(queries.LATE, {"now": tx.now, "since": tx.now - LONGEST})
    for row in rows:
        tx.run("update command_calls set late_at = %s where id = %s", [tx.now, row["id"]])
        queue.defer(tx, "command_tell", call_id=row["id"], code="command_unanswered")
        facts.record(
            tx, [facts.Fact("CaseUnanswered", row["case_id"], {}, row["pos"], row["unit_ids"])]
        )
    return len(rows)
