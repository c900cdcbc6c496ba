"""The small town with a mailbox at the gate of an estate, a group, and a morning that stands."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.mailbox import openings, sorting

Opening = Callable[..., AbstractContextManager[Tx]]
MORNING = datetime.fromisoformat("2026-03-03T09:00:00+08:00")  # a Tuesday
HERE = {"lon": 118.10, "lat": 37.30}


@dataclass
class Box:
    """A mailbox that 李红 and 王强 open in turns, and the group that simple matters go to."""

    town: Town
    open_tx: Opening
    id: str
    group: str

    def passes(self, **time: int) -> None:
        with self.open_tx() as tx:
            clock.advance(tx, timedelta(**time))

    def sweep(self) -> None:
        """What the worker does every minute."""
        with self.open_tx() as tx:
            openings.prepare(tx)
        with self.open_tx() as tx:
            openings.mark_missed(tx)
            sorting.mark_red(tx)

    def today(self, person: Person, **asked: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = person.get("/mailbox/openings", **asked).json()
        return found

    def record(self, person: Person, opening: str, letters: int, **more: Any) -> Any:
        with self.open_tx() as tx:
            now = tx.now.isoformat()
        body = {"opened_at": now, "letters": letters, **more}
        return person.post(f"/mailbox/openings/{opening}/record", body)

    def letter(self, person: Person, opening: str, *texts: tuple[str, str], **more: Any) -> Any:
        matters = [{"id": str(new_id()), "kind": kind, "text": text} for kind, text in texts]
        body = {"id": str(new_id()), "opening_id": opening, "matters": matters, **more}
        return person.post("/mailbox/letters", body)

    def sort(self, person: Person, case: str, **more: Any) -> Any:
        body = {"group_id": self.group, "way": "group", "kind": "complaint", **more}
        return person.post(f"/mailbox/matters/{case}/sort", body)

    def opened(self, letters: int) -> tuple[Person, str]:
        """Whoever has the day opens the box; returns him and his opening."""
        self.sweep()
        for name in ("lihong", "wangqiang"):
            person = self.town.person(name)
            mine = self.today(person, only="mine")
            if mine:
                answer = self.record(person, mine[0]["id"], letters)
                assert answer.status_code == 200, answer.text
                return person, mine[0]["id"]
        pytest.fail("nobody has the day")

    def cases(self, *texts: tuple[str, str], **more: Any) -> list[str]:
        """A letter with these matters; returns their cases."""
        person, opening = self.opened(1)
        answer = self.letter(person, opening, *texts, **more)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["cases"]]


@pytest.fixture
def box(town: Town, open_tx: Opening) -> Box:
    with open_tx() as tx:
        clock.set_to(tx, MORNING, frozen=True)
    desk = town.person("dutyleader")
    found = Box(town, open_tx, str(new_id()), str(new_id()))
    body = {
        "code": "AH-01", "name": "东方小区北门", **HERE, "place_words": "岗亭旁",
        "openers": [town.account("lihong"), town.account("wangqiang")], "open_by": "17:30",
    }  # fmt: skip
    answer = desk.put(f"/mailbox/boxes/{found.id}", body)
    assert answer.status_code == 204, answer.text
    body = {"name": "第一工作小组", "unit_id": town.unit("urban-379901001"), "task": "环境秩序"}
    answer = desk.put(f"/mailbox/groups/{found.group}", body)
    assert answer.status_code == 204, answer.text
    return found
