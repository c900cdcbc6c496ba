"""A Tuesday in the small town: a manager at the urban office, and cases that somebody has."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id
from wangge.people import appointments, service
from wangge.people.models import AccountDraft, PostDraft
from wangge.reactions import REGISTERED

Opening = Callable[..., AbstractContextManager[Tx]]
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in 安城
__all__ = ["REGISTERED", "TUESDAY", "Opening"]


@pytest.fixture(autouse=True)
def _tuesday(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)


def newcomer(
    town: Town, username: str, name: str, role: str, *, area_id: str = "", unit_id: str = ""
) -> None:
    """Somebody new with a post from today on."""
    area, unit = UUID(area_id) if area_id else None, UUID(unit_id) if unit_id else None
    with transaction(town.cell) as tx:
        post = PostDraft(new_id(), role, area, unit)
        service.create_accounts(
            tx, [AccountDraft(new_id(), username, name, "13800000099", (post,))], actor=None
        )


@pytest.fixture
def manager(town: Town) -> Person:
    """The urban office's manager: 丁局长."""
    newcomer(town, "manager", "丁局长", "department_manager", unit_id=town.unit("urban-379901"))
    return town.person("manager")


def in_hand(town: Town, client: Any, *, type_: str = "waterlogging", **more: Any) -> str:
    """A case that 许工 of the urban office has acknowledged."""
    case = report(client, **more)
    assert taken(town.person("acceptor"), case, "accept", type=type_).status_code == 200
    unit = town.unit("urban-379901")
    sent = taken(town.person("dispatcher"), case, "dispatch", unit_id=unit)
    assert sent.status_code == 200, sent.text
    assert taken(town.person("handler"), case, "acknowledge").status_code == 200
    return case


def post_of(town: Town, username: str) -> str:
    with transaction(town.cell) as tx:
        row = tx.one(
            "select p.id from posts p join accounts a on a.id = p.account_id"
            " where a.username = %s and p.valid @> city_today()",
            [username],
        )
    assert row
    return str(row["id"])


def leaves(town: Town, username: str) -> None:
    """The administrator ends a post, which ends it at once."""
    answer = town.person("sysadmin").post(f"/posts/{post_of(town, username)}/end", {})
    assert answer.status_code == 200, answer.text


def end_by_date(town: Town, username: str, opening: Opening) -> None:
    with opening() as tx:
        tx.run(
            "update posts set valid = daterange(lower(valid), city_today()) where id = %s",
            [post_of(town, username)],
        )
    with opening() as tx:
        assert appointments.turn_of_the_day(tx) > 0


def steps(person: Person, case: str, action: str) -> list[dict[str, Any]]:
    return [s for s in person.get(f"/cases/{case}").json()["steps"] if s["action"] == action]


def waiting(person: Person) -> list[dict[str, Any]]:
    answer = person.get("/handovers")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found
