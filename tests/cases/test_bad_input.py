"""The wrong that people do every day: each has a code that stays and a sentence in both languages.

What else cannot be taken is in tests/doors/test_wrong_input.py.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.cases.test_loop import taken, told
from tests.cases.test_requests import ask, handling, later, read
from tests.doors.conftest import refused
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

__all__ = ["handling"]


def test_eight_wrongs_and_their_answers(town: Town, client: Any, handling: str) -> None:
    """Unknown area, type, unit, stale version, past deadline, missing reason, rating twice.

    And two extensions too many; nothing of any stands on the case.

    Seen red: an unknown area was an empty list; without their count a third extension was asked.
    """
    desk, sender, leader = (town.person(n) for n in ("acceptor", "dispatcher", "dutyleader"))
    handler, nobody = town.person("handler"), str(new_id())
    receipt = client.post("/api/v1/public/cases", json=told()).json()
    fresh = str(receipt["id"])

    moved = {"id": str(new_id()), "version": 1, "area_id": nobody}
    refused(desk.patch(f"/cases/{fresh}", moved), 404, "no_such_area")
    refused(desk.get("/cases", area=nobody), 404, "no_such_area")
    refused(taken(desk, fresh, "accept", type="no_such"), 422, "unknown_type")
    refused(taken(desk, fresh, "accept", version=7), 409, "stale_version")
    reason = refused(taken(desk, fresh, "decline", answer="不归我们"), 422, "field_needed")
    assert reason["details"] == {"field": "reason"}
    assert len(read(desk, fresh)["steps"]) == 1
    taken(desk, fresh, "accept", type="waterlogging")
    refused(taken(sender, fresh, "dispatch", unit_id=nobody), 422, "unknown_unit")

    for _ in range(2):
        assert ask(handler, handling).status_code == 200
        assert taken(leader, handling, "grant_extension").status_code == 200
    for _ in range(2):
        assert refused(ask(handler, handling), 409, "extensions_used_up")["details"]["most"] == 2
    over = datetime.fromisoformat(read(handler, handling)["due_at"]) + timedelta(minutes=1)
    with transaction(town.cell) as tx:
        clock.set_to(tx, over, frozen=True)
    late = {"until": later(handler, handling, days=3), "reason": "parts", "note": "等配件"}
    refused(taken(handler, handling, "extend", **late), 409, "extension_late")

    rated_twice(town, client, receipt["code"], fresh)


def rated_twice(town: Town, client: Any, code: str, case: str) -> None:
    """The same word again changes nothing; another word after it comes too late."""
    unit = town.unit("urban-379901")
    for who, action, filled in (
        ("dispatcher", "dispatch", {"unit_id": unit}),
        ("handler", "acknowledge", {}),
        ("handler", "finish", {"note": "已抽水", "answer": "积水已抽干"}),
        ("lihong", "pass_check", {}),
    ):
        assert taken(town.person(who), case, action, **filled).status_code == 200, action
    word = {"id": str(new_id()), "solved": True, "satisfaction": "satisfied"}
    path = f"/api/v1/public/cases/{code}/answer"
    assert client.post(path, json=word).json()["satisfaction"] == "satisfied"
    assert client.post(path, json=word).json()["satisfaction"] == "satisfied"

    other = {"id": str(new_id()), "solved": True, "satisfaction": "dissatisfied"}
    refused(client.post(path, json=other), 409, "wrong_state")

    assert client.get(f"/api/v1/public/cases/{code}").json()["satisfaction"] == "satisfied"
