"""A unit objects to a dispatch: the dispatcher rules, then the desk above, and that is final."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_requests import MONDAY, names, read, to_decide
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import ROUTES, noticed, rule
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Cell, Tx, transaction

__all__ = ["work"]
Opening = Callable[..., AbstractContextManager[Tx]]
WORDS = {"reason": "not_duty", "note": "该处由供水公司管护，见三定规定第五条"}


@pytest.fixture
def dispatched(town: Town, client: Any, cell: Cell) -> str:
    with transaction(cell) as tx:
        clock.set_to(tx, MONDAY, frozen=True)
    case = str(client.post("/api/v1/public/cases", json=told()).json()["id"])
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    send(town, case, "urban-379901")
    return case


def send(town: Town, case: str, unit: str) -> None:
    sent = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit(unit))
    assert sent.json()["state"] == "dispatched", sent.text


def object_(person: Person, case: str, **more: Any) -> dict[str, Any]:
    answer = taken(person, case, "return", **(WORDS | more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("state", ["dispatched", "handling"])
def test_what_is_upheld_is_dispatched_again(
    town: Town, dispatched: str, work: Callable[[], None], state: str
) -> None:
    """It stays with the unit until the dispatcher has ruled, and does not go back to it."""
    handler, dispatcher = town.person("handler"), town.person("dispatcher")
    if state == "handling":
        taken(handler, dispatched, "acknowledge")

    asked = object_(handler, dispatched)
    work()
    assert (asked["state"], asked["unit"]["name"]) == (state, "安东区城市管理局")
    assert [card["id"] for card in to_decide(dispatcher)] == [dispatched]
    assert "request_asked" in noticed(dispatcher)
    assert names(dispatcher, dispatched) >= {"uphold", "overrule"}
    assert "rule" not in names(dispatcher, dispatched)

    back = taken(dispatcher, dispatched, "uphold", note="异议成立").json()
    assert (back["state"], back["unit"]) == ("registered", None)
    assert back["requests"][0]["status"] == "granted"
    same = taken(dispatcher, dispatched, "dispatch", unit_id=town.unit("urban-379901"))
    assert (same.status_code, same.json()["code"]) == (409, "objection_upheld")
    send(town, dispatched, "water-379901")


def test_what_is_overruled_stays_with_a_sentence(
    town: Town, dispatched: str, work: Callable[[], None]
) -> None:
    handler, dispatcher = town.person("handler"), town.person("dispatcher")
    due = read(handler, dispatched)["due_at"]
    object_(handler, dispatched)

    wordless = taken(dispatcher, dispatched, "overrule")
    done = taken(dispatcher, dispatched, "overrule", note="派单目录列明由贵局承办").json()
    work()

    assert (wordless.status_code, wordless.json()["details"]["field"]) == (422, "note")
    assert (done["state"], done["due_at"]) == ("dispatched", due)
    assert done["requests"][0]["decision"] == "派单目录列明由贵局承办"
    assert "request_refused" in noticed(handler)
    assert taken(handler, dispatched, "acknowledge").json()["state"] == "handling"


def test_the_second_objection_is_ruled_above_and_that_is_final(town: Town, dispatched: str) -> None:
    """Upheld once; the next unit objects too: the desk above names the unit, once and for all.

    It may be the first one after all.
    """
    object_(town.person("handler"), dispatched)
    taken(town.person("dispatcher"), dispatched, "uphold")
    send(town, dispatched, "water-379901")
    water, city = town.person("water"), town.person("cityleader")

    asked = object_(water, dispatched)
    assert asked["requests"][-1]["desk"] == "安城市网格化服务管理中心"
    assert to_decide(town.person("dispatcher")) == to_decide(town.person("dutyleader")) == []
    assert [card["id"] for card in to_decide(city)] == [dispatched]
    assert names(city, dispatched) >= {"rule", "overrule"}
    assert "uphold" not in names(city, dispatched)

    same = taken(city, dispatched, "rule", unit_id=town.unit("water-379901"), note="仍由你办")
    ruled = taken(city, dispatched, "rule", unit_id=town.unit("urban-379901"), note="由城管办")

    assert (same.status_code, same.json()["code"]) == (422, "same_unit")
    assert ruled.status_code == 200, ruled.text
    after = ruled.json()
    assert (after["state"], after["unit"]["name"]) == ("dispatched", "安东区城市管理局")
    third = taken(town.person("handler"), dispatched, "return", **WORDS)
    assert (third.status_code, third.json()["code"]) == (409, "objection_final")
    assert taken(town.person("handler"), dispatched, "acknowledge").json()["state"] == "handling"


def test_the_same_unit_objects_twice_and_is_overruled_above(town: Town, dispatched: str) -> None:
    handler = town.person("handler")
    object_(handler, dispatched)
    taken(town.person("dispatcher"), dispatched, "overrule", note="请办理")

    object_(handler, dispatched)
    stays = taken(town.person("cityleader"), dispatched, "overrule", note="职责清楚").json()
    third = taken(handler, dispatched, "return", **WORDS)

    assert (stays["state"], stays["unit"]["name"]) == ("dispatched", "安东区城市管理局")
    assert third.json()["code"] == "objection_final"


def test_misroutes_are_counted_by_the_rule_and_by_the_desk(town: Town, client: Any) -> None:
    """One sent by the directory, one by hand; both objections upheld; the neighbour sees none."""
    rule(town, "routes", routes=ROUTES)
    dispatcher = town.person("dispatcher")
    for outcome in ("uphold", "overrule", "uphold"):
        case = str(client.post("/api/v1/public/cases", json=told()).json()["id"])
        taken(town.person("acceptor"), case, "accept", type="waterlogging")
        object_(town.person("squad"), case)
        done = taken(dispatcher, case, outcome, note="见派单目录")
        assert done.status_code == 200, done.text
    send(town, case, "urban-379901")
    object_(town.person("handler"), case)
    taken(town.person("cityleader"), case, "rule", unit_id=town.unit("water-379901"), note="属供水")

    found = town.person("leader").get("/indicators/misroutes").json()
    pages = [town.person("leader").get("/indicators/misroutes", limit=2).json()]
    pages.append(
        town.person("leader").get("/indicators/misroutes", limit=2, cursor=pages[0]["next"]).json()
    )
    none = town.person("liulin").get("/indicators/misroutes").json()
    wrong = town.person("leader").get("/indicators/misroutes", **{"from": "2030-01-01"})

    assert found["misrouted"] == len(found["rows"]) == 3
    assert [len(page["rows"]) for page in pages] == [2, 1]
    assert pages[0]["rows"] + pages[1]["rows"] == found["rows"]
    assert all(page["misrouted"] == 3 for page in pages)
    assert pages[1]["next"] is found["next"] is None
    told_by = {row["name"]["zh"]: row["misrouted"] for row in found["by_rule"]}
    assert told_by.pop("人工派单") == 1
    [(words_, by_directory)] = told_by.items()
    assert (by_directory, "派单目录" in words_) == (2, True)
    [desk] = found["by_desk"]
    assert (desk["name"], desk["misrouted"]) == ("安和街道网格中心", 3)
    assert none["misrouted"] == 0
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_period")


def test_too_late_to_object_and_what_else_is_refused(
    town: Town, dispatched: str, open_tx: Opening
) -> None:
    """One working day from the dispatch, by the city's rule; the words typed are not lost."""
    handler = town.person("handler")
    bad: dict[str, dict[str, Any]] = {
        "field_needed": {"reason": ""},
        "unknown_reason": {"reason": "不想办"},
        "stale_version": {"version": 99},
    }
    for code, form in bad.items():
        assert taken(handler, dispatched, "return", **(WORDS | form)).json()["code"] == code
    own = taken(town.person("dispatcher"), dispatched, "return", **WORDS)
    none = taken(town.person("dispatcher"), dispatched, "overrule", note="没人提")
    assert (own.status_code, none.json()["code"]) == (403, "no_request")
    taken(handler, dispatched, "acknowledge")
    with open_tx() as tx:
        clock.set_to(tx, MONDAY + timedelta(days=2), frozen=True)

    late = taken(handler, dispatched, "return", **WORDS)
    assert (late.status_code, late.json()["code"]) == (409, "objection_late")
    assert "仍在" in late.json()["message"]["zh"]
    assert "return" not in names(handler, dispatched)

    rule(town, "switches", objection_days=5)
    assert taken(handler, dispatched, "return", **WORDS).status_code == 200
