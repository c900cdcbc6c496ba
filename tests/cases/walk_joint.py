"""The part of the walk that hangs on a case: child tasks and whistles, and whose they are."""

from typing import TYPE_CHECKING, Any

from tests.cases import owned
from wangge.cases import tasks
from wangge.cases.assistance import TASKS, TaskAction, TaskState, TaskStep
from wangge.cases.models import Action, State
from wangge.cases.workflow import ASSISTED
from wangge.dispatch import property as company
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.whistles import blowing, ending, queries, rights, service
from wangge.whistles.models import Blow, CallStep, Outcome

if TYPE_CHECKING:
    from tests.cases.walk import Walk

BY_SYSTEM = {TaskAction.TAKE_BACK, TaskAction.HAND_OVER, TaskAction.OVERDUE}
UNITS = "select id from organisations where active and kind <> 'desk' order by code"
REFUSED = {
    "unit_without_people", "task_stands", "lead_unit", "too_early", "somebody_came", "unit_silent",
    "arrival_open", "no_desk", "not_your_step", "no_company_here",
}  # fmt: skip
STANDING = "select * from whistles where case_id = %s and state = 'open' order by at, id"
OPEN_TASKS = """
select t.*, c.number from case_tasks t join cases c on c.id = t.case_id
where t.state in ('dispatched', 'acknowledged', 'returned')
"""


class Joined:
    """Gives tasks, takes their steps, blows whistles; what is nobody's fails."""

    def __init__(self, walk: "Walk") -> None:
        self.walk = walk

    def step(self, tx: Tx, case: dict[str, Any], action: Action) -> bool:
        """Take one; False where nobody could."""
        return self._assist(tx, case) if action is Action.ASSIST else self._whistle(tx, case)

    def _unit(self, tx: Tx) -> Any:
        return self.walk.chance.choice(tx.rows(UNITS))["id"]

    def _assist(self, tx: Tx, case: dict[str, Any]) -> bool:
        chance = self.walk.chance
        standing = [task for task in tasks.of_case(tx, case["id"]) if task["state"] in owned.TASKS]
        if standing and chance.random() < 0.8:
            return self._on(tx, case, chance.choice(standing))
        sent = State(case["state"]) in ASSISTED
        able = [one for one in self.walk.actors if sent and tasks.gives(one, case)]
        if not able:
            return self._call_company(tx, case)
        tasks.give(
            tx, chance.choice(able), case["id"],
            task_id=new_id(), unit_id=self._unit(tx), words="请协助", limit="",
        )  # fmt: skip
        return True

    def _call_company(self, tx: Tx, case: dict[str, Any]) -> bool:
        near = [one for one in self.walk.actors if one.may_at("case.verify", pos=case["pos"])]
        if near:
            company.call(tx, self.walk.chance.choice(near), case["id"], key=new_id(), words="")
        return bool(near)

    def _on(self, tx: Tx, case: dict[str, Any], task: dict[str, Any]) -> bool:
        chance = self.walk.chance
        ways = [
            (actor, move)
            for move in TASKS.from_(TaskState(task["state"]))
            if move.action not in BY_SYSTEM
            for actor in self.walk.actors
            if tasks.may_take(actor, case, task, move)
        ]
        if not ways:
            return False
        rarest = min(self.walk.said[move.action.value] for _, move in ways)
        actor, move = chance.choice(
            [way for way in ways if self.walk.said[way[1].action.value] == rarest]
        )
        self.walk.said[move.action.value] += 1
        unit = self._unit(tx) if move.action is TaskAction.GIVE_AGAIN else None
        given = TaskStep(new_id(), move.action, note="说明", reason="not_duty", unit_id=unit)
        tasks.step(tx, actor, case["id"], task["id"], given)
        return True

    def _whistle(self, tx: Tx, case: dict[str, Any]) -> bool:
        """Blow one; or, where one stands, mostly say something of it."""
        chance = self.walk.chance
        standing = tx.rows(STANDING, [case["id"]])
        if not standing or chance.random() < 0.15:
            return self._blow(tx, case)
        whistle = chance.choice(standing)
        leads = [one for one in self.walk.actors if rights.leads(one, whistle)]
        if leads and chance.random() < 0.4:
            self._end(tx, chance.choice(leads), whistle)
            return True
        ways = [
            (actor, call, move)
            for call in queries.calls(tx, [whistle["id"]])
            for actor in self.walk.actors
            for move in rights.offered(actor, whistle, call)
        ]
        if not ways:
            return False
        rare = self.walk.blown
        ways.sort(key=lambda way: rare[way[2].action.value])
        actor, call, move = chance.choice(ways[: max(1, len(ways) // 3)])
        given = CallStep(new_id(), move.action, note="说明", reason="not_duty")
        service.step(tx, actor, whistle["id"], call["id"], given)
        rare[move.action.value] += 1
        return True

    def _end(self, tx: Tx, actor: Any, whistle: dict[str, Any]) -> None:
        if self.walk.chance.random() < 0.5:
            ending.cancel(tx, actor, whistle["id"], step_id=new_id(), version=None, note="撤销")
            return
        ending.conclude(
            tx, actor, whistle["id"],
            step_id=new_id(), version=None, outcome=Outcome.SOLVED, conclusion="已解决",
        )  # fmt: skip

    def _blow(self, tx: Tx, case: dict[str, Any]) -> bool:
        able = [
            actor
            for actor in self.walk.actors
            if actor.may_at("whistle.blow", pos=case["pos"], desk_id=case["desk_id"])
        ]
        if not able:
            return False
        given = Blow(new_id(), "hard", "请来人", (self._unit(tx),), case_id=case["id"])
        blowing.blow(tx, self.walk.chance.choice(able), given)
        return True

    def check(self, tx: Tx) -> None:
        """Whoever the table by hand names for each open task and whistle is there today."""
        for task in tx.rows(OPEN_TASKS):
            roles, place = owned.TASKS[task["state"]]
            self._held(task, roles, place, f"task of {task['number']}")
            assert task["due_at"] is not None
        for whistle in tx.rows("select * from whistles where state = 'open'"):
            self._held(whistle, owned.WHISTLE, "desk_id", whistle["number"])
            self._held(whistle, {"duty_leader"}, "ruling_desk_id", whistle["number"])

    def _held(self, row: dict[str, Any], roles: set[str], place: str, name: str) -> None:
        self.walk.checked += 1
        assert any(
            post["unit_id"] == row[place] and post["role"] in roles and post["unit_active"]
            for post in self.walk.posts
        ), f"{name} is nobody's"
