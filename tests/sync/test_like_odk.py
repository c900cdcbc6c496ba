"""What other systems' offline tests hold, said of ours: a table of arrivals and what they become.

Restated from the 41 cases of ODK Central and those of other systems (``odk.py`` names each). Where
ours differs on purpose the row says so.
"""

import ast
import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.sync import odk
from tests.sync.line import Answer, asked
from tests.sync.phones import IN_GRID_1, SPEAKS, Phone, rows_of
from tests.town import Town
from wangge.kernel.clock import advance
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

FIRST = {"level": "normal", "place_words": "原处"}
Said = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """``chain``: what a phone did, in its order; ``come``: what arrives and what becomes of it.

    An item of ``come`` is a number of the chain with its state, or words of another at the desk.
    """

    name: str
    chain: tuple[Said, ...]
    come: tuple[tuple[int | Said, str], ...]
    stands: Said = field(default_factory=dict)
    listed: int = 0


def words(text: str, seen: str | None = "原处", **more: Any) -> Said:
    """A change of the words of the place, by somebody who saw ``seen`` there."""
    base = {} if seen is None else {"level": "normal", "place_words": seen}
    return {"fields": {"place_words": text}, "base": base, **more}


CREATE: Said = {"create": True}
A, B, C = words("到达"), words("处理", "到达"), words("离开", "处理")
URGENT: Said = {"level": "urgent"}
ELSEWHERE: Said = {"place_words": "别处"}
WAITS = "later earlier_missing"
TABLE = (
    Row("a creation has nothing before it", (CREATE,), ((0, "applied"),), FIRST),
    Row("an update of what stands", (A,), ((0, "applied"),), {"place_words": "到达"}),
    Row("who does not say what he saw saw what stands", (words("到达", None),),
        ((0, "applied"),), {"place_words": "到达"}),
    Row("two updates in order", (A, B), ((0, "applied"), (1, "applied")), {"place_words": "处理"}),
    Row("in order after the server has advanced", (A, B),
        ((URGENT, ""), (0, "merged"), (1, "merged")), {"place_words": "处理", "level": "urgent"}),
    Row("in order with an interruption", (A, B), ((0, "applied"), (URGENT, ""), (1, "merged")),
        {"place_words": "处理", "level": "urgent"}),
    Row("a branch that starts with a creation", (CREATE, A), ((0, "applied"), (1, "applied")),
        {"place_words": "到达"}),
    Row("a creation and two updates between edits of others",
        (CREATE, A, words("离开", "到达")),
        ((0, "applied"), (URGENT, ""), (1, "merged"), ({"level": "major"}, ""), (2, "merged")),
        {"place_words": "离开", "level": "major"}),
    Row("a later one alone waits and changes nothing", (A, B), ((1, WAITS),), FIRST),
    Row("much later ones wait after the first", (A, B, C), ((0, "applied"), (2, WAITS)),
        {"place_words": "到达"}),
    Row("a value that never stood: both are kept", (words("到达", "从没有过"),),
        ((0, "conflict"),), FIRST, 1),
    Row("a later one received earlier", (A, B, C),
        ((0, "applied"), (2, WAITS), (1, "applied"), (2, "applied")), {"place_words": "离开"}),
    Row("an update that comes before its creation", (CREATE, A),
        ((1, WAITS), (0, "applied"), (1, "applied")), {"place_words": "到达"}),
    Row("all backwards", (CREATE, A, B),
        ((2, WAITS), (1, WAITS), (0, "applied"), (1, "applied"), (2, "applied")),
        {"place_words": "处理"}),
    Row("what waited is written once", (A, B),
        ((1, WAITS), (0, "applied"), (1, "applied"), (1, "again")), {"place_words": "处理"}),
    Row("a creation that waits for its person holds back what follows", (
        {"create": True, "text": " "}, A), ((0, "refused text_needed"), (1, WAITS))),
    Row("a creation that its person mends lets what follows through",
        ({"create": True, "text": " "}, A, {"create": True, "seq": 1}),
        ((0, "refused text_needed"), (1, WAITS), (2, "applied"), (1, "applied")),
        {"place_words": "到达"}),
    Row("nothing is forced by age; ours: the phone has it still", (A, B),
        ((1, WAITS), ({"days": 8}, ""), (1, WAITS), (0, "applied"), (1, "applied")),
        {"place_words": "处理"}),
    Row("the first is missing for good: the next takes its place", (A, words("处理", seq=1)),
        ((1, "applied"),), {"place_words": "处理"}),
    Row("the first of three is missing for good",
        (A, words("处理", seq=1), words("离开", "处理", seq=2)),
        ((1, "applied"), (2, "applied")), {"place_words": "离开"}),
    Row("no update makes a record; ours: refused, its words stay on the phone",
        ({"unknown": True, **A},), ((0, "refused no_such_case"),)),
    Row("nor do two, nor what rests on them", ({"unknown": True, **A}, B),
        ((0, "refused no_such_case"), (1, WAITS))),
    Row("an update of what has ended is a proposal", (A,),
        (({"ends": True}, ""), (0, "proposal wrong_state")), FIRST, 1),
    Row("decided for theirs: the next is asked about again", (A, B),
        ((ELSEWHERE, ""), (0, "conflict"), ({"decided": "theirs"}, ""), (1, "conflict")),
        ELSEWHERE, 2),
    Row("decided for one's own: the next rests on it", (A, B),
        ((ELSEWHERE, ""), (0, "conflict"), ({"decided": "mine"}, ""), (1, "applied")),
        {"place_words": "处理"}, 1),
    Row("soft conflict: others changed another field", (A,), ((URGENT, ""), (0, "merged")),
        {"place_words": "到达", "level": "urgent"}),
    Row("hard conflict: the same field, both values kept", (A,), ((ELSEWHERE, ""), (0, "conflict")),
        ELSEWHERE, 1),
    Row("the same value on both sides is no conflict", (words("别处"),),
        ((ELSEWHERE, ""), (0, "merged")), ELSEWHERE),
    Row("after a conflict what rests on one's own value is one too", (A, B),
        ((ELSEWHERE, ""), (0, "conflict"), (1, "conflict")), ELSEWHERE, 2),
    Row("a conflict in one field keeps nothing back of another", (
        {"fields": {"place_words": "到达", "level": "major"}, "base": FIRST},),
        ((ELSEWHERE, ""), (0, "conflict")), {"place_words": "别处", "level": "major"}, 1),
    Row("the same draft in two tabs: one id, one operation", (A, {**words("处理"), "id_of": 0}),
        ((0, "applied"), (1, "refused id_taken"), (0, "again")), {"place_words": "到达"}),
    Row("reloaded while sending: the same answer", (CREATE, A),
        ((0, "applied"), (0, "again"), (1, "applied"), (1, "again")), {"place_words": "到达"}),
)  # fmt: skip


class Desk:
    """One phone that may correct, and somebody at the desk who does the same meanwhile."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.phone = Phone(town.person("dutyleader"), town.cell)
        self.other = Phone(town.person("acceptor"), town.cell)

    def play(self, row: Row) -> None:
        creates = row.chain[0].get("create")
        case = str(new_id())
        if not creates and not row.chain[0].get("unknown"):
            report = {"text": "楼道灯不亮", **IN_GRID_1, **FIRST}
            assert self.other.states(self.other.op("case.report", case, report)) == ["applied"]
        chain: list[Any] = []
        for said in row.chain:
            chain.append(self._op(case, said, chain))
        settled: set[str] = set()
        for item, becomes in row.come:
            if isinstance(item, dict):
                self._meanwhile(case, item, chain[0]["id"])
                continue
            (receipt,) = self.phone.push(chain[item])
            told = "again" if receipt["again"] else f"{receipt['state']} {receipt['code']}"
            assert told.strip() == becomes, row.name
            settled |= set() if becomes == WAITS else {receipt["id"]}
        kept = "select count(*)::int as n from sync_operations where record = %s and device_id = %s"
        n = rows_of(self.town.cell, kept, case, self.phone.device)[0]["n"]
        assert n == len(settled), row.name  # of what waits nothing is written down
        if row.stands:
            read = "select level, place_words from cases where id = %s"
            (stands,) = rows_of(self.town.cell, read, case)
            assert {name: stands[name] for name in row.stands} == row.stands, row.name
        count = "select count(*)::int as n from sync_conflicts where record = %s"
        assert rows_of(self.town.cell, count, case) == [{"n": row.listed}], row.name

    def _op(self, case: str, said: Said, before: list[Any]) -> dict[str, Any]:
        if said.get("create"):
            payload = {"text": said.get("text", "楼道灯不亮"), **IN_GRID_1, **FIRST}
            report = self.phone.op("case.report", case, payload)
            return report | {"seq": said.get("seq", report["seq"])}
        made = self.phone.op(
            "case.correct", case, {"fields": said["fields"]}, based_on={"fields": said["base"]}
        )
        made["seq"] = said.get("seq", made["seq"])
        if "id_of" in said:
            made["id"] = before[said["id_of"]]["id"]
        return made

    def _meanwhile(self, case: str, said: Said, first: str) -> None:
        if whose := said.get("decided"):
            body = {"id": str(new_id()), "choices": {"place_words": whose}}
            assert self.phone.ask("POST", f"/sync/conflicts/{first}", body).status_code == 200
            return
        if said.get("ends"):
            step = {"action": "decline", "reason": "legal_channel", "answer": "不属于公共事务"}
            assert self.other.states(self.other.op("case.step", case, step)) == ["applied"]
            return
        if days := said.get("days"):
            with transaction(self.town.cell) as tx:
                advance(tx, timedelta(days=days))
            return
        theirs = self.other.op("case.correct", case, {"fields": said})
        assert self.other.states(theirs) == ["applied"]


def test_the_table(town: Town) -> None:
    """Seen red with a merge that takes the phone's value whenever it came last."""
    desk = Desk(town)
    for row in TABLE:
        desk.play(row)


def test_every_case_of_the_others_is_restated() -> None:
    """Each names a row of the table or a test that is there."""
    tests = {
        f"{path.name}::{node.name}"
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    known = tests | {row.name for row in TABLE}
    assert len(odk.RESTATED) == 41
    assert {*odk.RESTATED.values(), *odk.PEERS.values()} <= known


def test_a_creation_and_its_update_come_at_once(town: Town) -> None:
    """Two requests of one phone in the same moment: each is taken once, whichever is first.

    Seen red when the receipt of an earlier try is not looked for. Without the lock alone it stays
    green: what was begun twice is caught by its id and looked for once more.
    """
    phone = Phone(town.person("dutyleader"), town.cell)
    client = phone.person.client
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
        "X-CSRF-Token": client.headers["X-CSRF-Token"], "Content-Type": "application/json",
        **SPEAKS,
    }  # fmt: skip

    async def sent(*operations: Any) -> list[Answer]:
        bodies = [orjson.dumps(phone.body(one)) for one in operations]
        return await asyncio.gather(
            *(
                asked(town.web, "POST", "/api/v1/sync", headers, body, whole=len(body))
                for body in bodies
            )
        )

    for _ in range(5):
        report = phone.report(**FIRST)
        note = phone.op("case.note", report["record"], {"note": "已告知物业"})
        answers = asyncio.run(sent(note, report, report, note))
        assert {answer.status for answer in answers} == {200}
        assert set(phone.states(report, note)) == {"applied"}
        steps = phone.person.get(f"/cases/{report['record']}").json()["steps"]
        assert [step["action"] for step in steps] == ["report", "remark"]


@pytest.mark.parametrize("missing", ["seq", "record", "made_at"])
def test_what_does_not_say_where_it_belongs_is_refused(town: Town, missing: str) -> None:
    phone = Phone(town.person("lihong"), town.cell)
    report = phone.report()
    del report[missing]

    (receipt,) = phone.push(report)

    assert receipt["code"] == "invalid_input"
    assert [one["field"] for one in receipt["details"]["fields"]] == [missing]
