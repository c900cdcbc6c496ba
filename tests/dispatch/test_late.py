"""Late and silent cases, and deadlines that explain themselves."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.test_loop import state_of, taken, told
from tests.dispatch.test_follows import noticed, report, rule
from tests.town import Town
from wangge.kernel import clock, queue
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]


def sweep(open_tx: Opening, name: str, *, after: timedelta = timedelta()) -> None:
    with open_tx() as tx:
        clock.advance(tx, after)
    queue.SWEEPS[name][1](open_tx)


def test_a_late_case_is_marked_once(town: Town, client: Any, open_tx: Opening, work: Work) -> None:
    case, acceptor = report(client), town.person("acceptor")
    assert acceptor.get(f"/cases/{case}").json()["light"] == "green"

    sweep(open_tx, "overdue")
    assert not acceptor.get(f"/cases/{case}").json()["overdue"]
    sweep(open_tx, "overdue", after=timedelta(days=14))
    sweep(open_tx, "overdue")
    work()

    late = acceptor.get(f"/cases/{case}").json()
    assert (late["light"], late["overdue"], late["state"]) == ("red", True, "reported")
    assert [step["action"] for step in late["steps"]] == ["report", "overdue"]
    assert noticed(acceptor).count("case_overdue") == 1
    overdue = acceptor.get("/cases", queue="overdue").json()["items"]
    assert [card["id"] for card in overdue] == [case]


def test_the_next_stage_is_not_late_for_the_last_one(
    town: Town, client: Any, open_tx: Opening
) -> None:
    case, acceptor = report(client), town.person("acceptor")
    sweep(open_tx, "overdue", after=timedelta(days=14))

    taken(town.person("acceptor"), case, "accept")

    after = acceptor.get(f"/cases/{case}").json()
    assert (after["overdue"], after["light"]) == (False, "green")


def closed(town: Town, client: Any) -> str:
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    water = town.person("water")
    taken(water, case, "acknowledge")
    taken(water, case, "finish", note="已抽", answer="抽干")
    assert taken(town.person("lihong"), case, "pass_check").json()["state"] == "closed"
    return case


def test_silence_ends_a_matter_after_the_citys_days(
    town: Town, client: Any, open_tx: Opening
) -> None:
    case, acceptor = closed(town, client), town.person("acceptor")
    sweep(open_tx, "silence", after=timedelta(days=6, hours=23))
    assert state_of(acceptor, case) == "closed"

    sweep(open_tx, "silence", after=timedelta(hours=2))

    ended = acceptor.get(f"/cases/{case}").json()
    assert (ended["state"], ended["solved"], ended["satisfaction"]) == ("evaluated", None, None)
    assert ended["steps"][-1]["data"] == {"rule": "auto_evaluate_days"}


def test_an_asker_who_sends_it_back_too_often_ends_it_unsolved(town: Town, client: Any) -> None:
    rule(town, "switches", reopen_limit=0)
    body = told()
    code = client.post("/api/v1/public/cases", json=body).json()["code"]
    case = body["id"]
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    taken(town.person("water"), case, "acknowledge")
    taken(town.person("water"), case, "finish", note="已抽", answer="抽干")
    taken(town.person("lihong"), case, "pass_check")

    answer = client.post(
        f"/api/v1/public/cases/{code}/answer", json={"id": str(new_id()), "solved": False}
    ).json()

    assert (answer["state"], answer["solved"]) == ("evaluated", False)


# --- deadlines ----------------------------------------------------------------------------------
LIMITS = ["30UH", "2CH", "0.5WH", "2WH", "9WH", "1WD", "3WD", "10WD", "1CD", "3CD", "7CD", "24UH"]


@pytest.mark.parametrize("limit", LIMITS)
def test_every_deadline_is_explained_step_by_step(
    town: Town, client: Any, open_tx: Opening, limit: str
) -> None:
    """Received on the Friday evening before the long holiday of October 2026."""
    now = town.person("sysadmin").get("/rules/types").json()["body"]["limits"]
    rule(town, "types", limits={**now, "accept": limit})
    with open_tx() as tx:
        clock.set_to(tx, tx.now.replace(year=2026, month=9, day=30, hour=9, minute=0), frozen=True)
    case = report(client)
    acceptor = town.person("acceptor")

    told_ = acceptor.get(f"/cases/{case}/deadline").json()

    card = acceptor.get(f"/cases/{case}").json()
    assert datetime.fromisoformat(told_["due_at"]) == datetime.fromisoformat(card["due_at"])
    assert told_["stage"] == "accept"
    assert len(told_["lines"]) >= 3
    assert all(line["zh"] and line["en"] for line in told_["lines"])
    assert not told_["provisional"]
    assert card["due_limit"] == limit
