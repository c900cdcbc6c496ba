"""A Tuesday morning in the small town, and a case that lies with the water company."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cases.test_loop import taken
from tests.dispatch.conftest import phones, work
from tests.dispatch.test_follows import report
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

__all__ = ["phones", "work"]
Opening = Callable[..., AbstractContextManager[Tx]]
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in 安城


@pytest.fixture(autouse=True)
def _tuesday(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)


def in_hand(town: Town, client: Any) -> str:
    """A case that the water company has acknowledged."""
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    sent = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    assert sent.status_code == 200, sent.text
    assert taken(town.person("water"), case, "acknowledge").status_code == 200
    return case


@pytest.fixture
def case(town: Town, client: Any) -> str:
    return in_hand(town, client)


def issued(person: Person, case: str, kind: str, reason: str = "请抓紧办理", **more: Any) -> Any:
    body = {"id": str(new_id()), "kind": kind, "reason": reason, **more}
    return person.post(f"/cases/{case}/supervision", body)


def notices(person: Person, code: str) -> list[dict[str, Any]]:
    found = person.get("/notices", limit=200).json()["items"]
    return [one for one in found if one["code"] == code]


def steps(person: Person, case: str, action: str) -> list[dict[str, Any]]:
    return [s for s in person.get(f"/cases/{case}").json()["steps"] if s["action"] == action]
