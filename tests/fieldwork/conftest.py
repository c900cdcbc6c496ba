"""The small town with a block of flats in the first grid, on a morning that stands."""

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

Opening = Callable[..., AbstractContextManager[Tx]]
MORNING = datetime.fromisoformat("2026-03-03T09:00:00+08:00")  # a Tuesday
GRID = "3799010010010001"


@dataclass
class Field:
    """李红's grid and the homes that were written down in it."""

    town: Town
    open_tx: Opening
    grid: str
    now: datetime = MORNING

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)
        with self.open_tx() as tx:
            clock.advance(tx, timedelta(**time))

    def row(self, room: str, **more: Any) -> dict[str, Any]:
        return {
            "id": str(new_id()), "dwelling_id": str(new_id()), "area_id": self.grid,
            "building": "3号楼", "unit": "2单元", "room": room,
            "found_at": self.now.isoformat(), **more,
        }  # fmt: skip

    def screen(self, person: Person, *rows: dict[str, Any]) -> list[dict[str, Any]]:
        answer = person.post("/registers/screenings", {"items": list(rows)})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def homes(self, person: Person, n: int) -> list[str]:
        """So many households, written down by this person; returns their ids."""
        rows = [self.row(f"{101 + one}") for one in range(n)]
        assert {one["outcome"] for one in self.screen(person, *rows)} == {"taken"}
        return [row["id"] for row in rows]

    def called(self, household: str | None, result: str = "in", **more: Any) -> dict[str, Any]:
        return {
            "id": str(new_id()), "household_id": household, "result": result,
            "done_at": self.now.isoformat(), **more,
        }  # fmt: skip

    def visit(self, person: Person, *visits: dict[str, Any]) -> list[dict[str, Any]]:
        answer = person.post("/fieldwork/rounds", {"items": list(visits)})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


@pytest.fixture
def field(town: Town, open_tx: Opening) -> Field:
    with open_tx() as tx:
        clock.set_to(tx, MORNING, frozen=True)
    return Field(town, open_tx, town.area(GRID))
