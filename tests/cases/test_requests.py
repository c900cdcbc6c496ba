"""Somebody asks, somebody else decides: more time for a unit, through the doors."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import noticed, rule
from tests.dispatch.test_late import sweep
from tests.papers.test_papers import words
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id

__all__ = ["work"]
Opening = Callable[..., AbstractContextManager[Tx]]
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
REASON = {"reason": "parts", "note": "水泵配件须从厂家调运，预计三天到货"}


@pytest.fixture
def handling(town: Town, client: Any, cell: Cell) -> str:
    """A case in the hands of a unit, on the morning of a Monday that stands still."""
    with transaction(cell) as tx:
        clock.set_to(tx, MONDAY, frozen=True)
    case = str(client.post("/api/v1/public/cases", json=told()).json()["id"])
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901"))
    assert taken(town.person("handler"), case, "acknowledge").json()["state"] == "handling"
    return case


def read(person: Person, case: str) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/cases/{case}").json()
    return found


def later(person: Person, case: str, **by: float) -> str:
    """A moment after the case's present due time."""
    return (datetime.fromisoformat(read(person, case)["due_at"]) + timedelta(**by)).isoformat()


def ask(person: Person, case: str, **filled: Any) -> Any:
    until = later(person, case, days=3)
    return taken(person, case, "extend", **({"until": until} | REASON | filled))


def names(person: Person, case: str) -> set[str]:
    return {action["action"] for action in read(person, case)["actions"]}


def to_decide(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get("/cases", queue="to_decide").json()["items"]
    return found


def test_more_time_is_asked_for_decided_by_another_and_explained(
    town: Town, handling: str, work: Callable[[], None]
) -> None:
    """Asked by the unit, found by the duty leader in his list, granted: due then, and said why."""
    handler, leader = town.person("handler"), town.person("dutyleader")
    before = read(handler, handling)
    until = later(handler, handling, days=3)

    asked = ask(handler, handling)
    assert asked.status_code == 200, asked.text
    assert asked.json()["due_at"] == before["due_at"]  # the clock runs on
    work()
    counts = {row["code"]: row["count"] for row in leader.get("/cases/queues").json()}
    [card] = to_decide(leader)
    assert (counts["to_decide"], card["id"]) == (1, handling)
    assert card["asked"]["kind"] == "extension"
    assert card["due_at"] == card["asked"]["due_at"] == asked.json()["requests"][0]["due_at"]
    assert card["asked"]["unit"] == "安东区城市管理局"
    assert "request_asked" in noticed(leader)
    assert "request_asked" not in noticed(town.person("dispatcher"))
    assert to_decide(town.person("dispatcher")) == []

    granted = taken(leader, handling, "grant_extension", note="同意，抓紧")
    assert granted.status_code == 200, granted.text
    work()

    after = granted.json()
    assert datetime.fromisoformat(after["due_at"]) == datetime.fromisoformat(until)
    assert after["due_at"] == after["extended_to"]
    assert after["total_due_at"] > before["total_due_at"]
    why = handler.get(f"/cases/{handling}/deadline").json()
    assert datetime.fromisoformat(why["due_at"]) == datetime.fromisoformat(until)
    assert "陈刚" in why["lines"][-1]["zh"]
    assert "配件、材料需要采购或调运" in why["lines"][-1]["zh"]
    [shown] = after["requests"]
    assert (shown["status"], shown["decision"]) == ("granted", "同意，抓紧")
    assert shown["decided_by"]["name"] == "陈刚"
    assert "request_granted" in noticed(handler)
    assert to_decide(leader) == []
    printed = handler.get(f"/cases/{handling}/print.pdf")
    assert "配件、材料需要采购或调运" in words(printed.content)


@pytest.mark.parametrize("first", ["asked", "named"])
def test_nobody_decides_on_a_complaint_about_himself(town: Town, handling: str, first: str) -> None:
    """Whether he is named before or after somebody asks, the desk above decides."""
    handler, leader, above = (town.person(n) for n in ("handler", "dutyleader", "cityleader"))
    whom = {"id": str(new_id()), "account_id": town.account("dutyleader")}
    if first == "asked":
        assert ask(handler, handling).status_code == 200
    assert town.person("acceptor").put(f"/cases/{handling}/about", whom).status_code == 200
    if first == "named":
        assert ask(handler, handling).status_code == 200

    [asked] = read(handler, handling)["requests"]
    assert asked["desk"] == "安城市网格化服务管理中心"
    assert to_decide(leader) == []
    assert [card["id"] for card in to_decide(above)] == [handling]
    assert taken(above, handling, "grant_extension", note="同意").status_code == 200


def test_the_whole_limit_moves_by_the_same_working_time(town: Town, handling: str) -> None:
    """From the end of one working day to that of the next: the whole is one such day later."""
    handler = town.person("handler")
    before = read(handler, handling)
    ask(handler, handling, until=later(handler, handling, days=1))

    after = taken(town.person("dutyleader"), handling, "grant_extension").json()

    moved = [
        datetime.fromisoformat(after[name]) - datetime.fromisoformat(before[name])
        for name in ("due_at", "total_due_at")
    ]
    assert moved[0] == timedelta(days=1)
    assert timedelta() < moved[1] <= timedelta(days=3)


def test_a_refusal_leaves_the_limit_and_says_why(town: Town, handling: str) -> None:
    handler, leader = town.person("handler"), town.person("dutyleader")
    before = read(handler, handling)
    ask(handler, handling)

    wordless = taken(leader, handling, "refuse_extension")
    after = taken(leader, handling, "refuse_extension", note="已有备用水泵，按期办理").json()

    assert (wordless.status_code, wordless.json()["details"]["field"]) == (422, "note")
    assert after["due_at"] == before["due_at"]
    assert after["requests"][0]["status"] == "refused"
    assert after["steps"][-1]["action"] == "refuse_extension"
    assert after["steps"][-1]["unit"] == "安和街道网格中心"
    again = ask(handler, handling)
    assert again.status_code == 200, again.text


def test_too_late_is_judged_by_the_clock_of_the_server(
    town: Town, handling: str, open_tx: Opening, work: Callable[[], None]
) -> None:
    """Refused with the way out; the explanation of the lateness reaches the desk."""
    handler = town.person("handler")
    seen = read(handler, handling)
    with open_tx() as tx:
        clock.set_to(tx, datetime.fromisoformat(seen["due_at"]) + timedelta(minutes=1), frozen=True)

    late = ask(handler, handling, version=seen["version"])

    assert (late.status_code, late.json()["code"]) == (409, "extension_late")
    assert late.json()["details"]["instead"] == "explain_lateness"
    assert "超期说明" in late.json()["message"]["zh"]
    assert names(handler, handling) >= {"explain_lateness", "finish"}
    assert "extend" not in names(handler, handling)
    said = taken(handler, handling, "explain_lateness", note=REASON["note"]).json()
    work()
    assert (said["steps"][-1]["action"], said["state"]) == ("explain_lateness", "handling")
    assert "lateness_explained" in noticed(town.person("dispatcher"))


def test_what_cannot_be_asked_has_a_code(town: Town, handling: str) -> None:
    handler, other = town.person("handler"), town.person("handler2")
    seen = read(handler, handling)
    bad: dict[str, list[dict[str, Any]]] = {
        "field_needed": [{"reason": ""}, {"note": " "}, {"until": None}],
        "unknown_reason": [{"reason": "because"}],
        "until_too_early": [{"until": seen["due_at"]}, {"until": "2026-01-01T00:00:00Z"}],
        "until_too_far": [{"until": "2030-01-01T00:00:00Z"}],
        "stale_version": [{"version": 99}],
    }
    for code, forms in bad.items():
        for form in forms:
            answer = ask(handler, handling, **form)
            assert answer.json()["code"] == code, (form, answer.text)
            assert answer.json()["message"]["zh"] != answer.json()["message"]["en"]
    early = taken(handler, handling, "explain_lateness", note="提前说")
    none = taken(town.person("dutyleader"), handling, "grant_extension")
    ask(handler, handling)
    twice = ask(other, handling)
    assert [one.json()["code"] for one in (early, none, twice)] == [
        "not_late", "no_request", "already_asked",
    ]  # fmt: skip
    assert read(handler, handling)["requests"][0]["status"] == "pending"


def test_two_extensions_and_no_third(town: Town, handling: str) -> None:
    """The number is the city's rule."""
    handler, leader = town.person("handler"), town.person("dutyleader")
    for _ in range(2):
        assert ask(handler, handling).status_code == 200
        assert taken(leader, handling, "grant_extension").status_code == 200

    third = ask(handler, handling)
    rule(town, "switches", extension_most=3)
    allowed = ask(handler, handling)

    assert (third.status_code, third.json()["code"]) == (409, "extensions_used_up")
    assert allowed.status_code == 200, allowed.text


def test_nobody_decides_for_himself_or_his_post(town: Town, handling: str) -> None:
    """The handler, and his colleague, are made duty leaders too; somebody else must decide."""
    admin = town.person("sysadmin")
    for username in ("handler", "handler2"):
        post = {"role": "duty_leader", "unit_id": town.unit("desk-379901001")}
        made = admin.post(f"/people/{town.account(username)}/posts", post)
        assert made.status_code in (200, 201), made.text
    handler, colleague = town.person("handler"), town.person("handler2")
    ask(handler, handling)

    refused = [taken(one, handling, "grant_extension") for one in (handler, colleague)]

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "own_request")] * 2
    assert to_decide(handler) == to_decide(colleague) == []
    assert "grant_extension" not in names(handler, handling) | names(colleague, handling)
    strangers = [
        taken(town.person(one), handling, "grant_extension") for one in ("water", "lihong")
    ]
    assert [one.status_code for one in strangers] == [404, 403]
    assert taken(town.person("dutyleader"), handling, "grant_extension").status_code == 200


def test_what_nobody_can_decide_goes_to_the_desk_above(
    town: Town, handling: str, work: Callable[[], None]
) -> None:
    handler, city = town.person("handler"), town.person("cityleader")
    ask(handler, handling)
    assert to_decide(city) == []
    admin = town.person("sysadmin")
    post = admin.get(f"/people/{town.account('dutyleader')}/posts").json()["items"][0]["id"]

    assert admin.post(f"/posts/{post}/end", {}).status_code == 200
    work()

    assert [card["id"] for card in to_decide(city)] == [handling]
    last = read(city, handling)["steps"][-1]
    assert (last["action"], last["actor"]["kind"]) == ("raise_request", "system")
    assert "安和街道网格中心" in last["note"]
    assert "安城市网格化服务管理中心" in last["note"]
    assert "request_raised" in noticed(city)
    assert taken(city, handling, "grant_extension").status_code == 200


def test_a_desk_without_a_duty_leader_is_passed_over_at_once(
    town: Town, client: Any, cell: Cell
) -> None:
    """柳林's desk has an acceptor alone: the city's duty leader decides."""
    made = client.post("/api/v1/public/cases", json=told(lon=118.5, lat=37.3)).json()["id"]
    taken(town.person("liulin"), made, "accept", type="waterlogging")
    taken(town.person("cityleader"), made, "dispatch", unit_id=town.unit("water-379901"))
    taken(town.person("water"), made, "acknowledge")

    ask(town.person("water"), made)

    assert [card["id"] for card in to_decide(town.person("cityleader"))] == [made]


@pytest.mark.parametrize("way", ["finish", "withdraw", "taken_back"])
def test_a_request_ends_with_what_it_was_for(
    town: Town, handling: str, open_tx: Opening, way: str
) -> None:
    handler, colleague = town.person("handler"), town.person("handler2")
    leader = town.person("dutyleader")
    ask(handler, handling)
    if way == "finish":
        taken(handler, handling, "finish", note="已抽水", answer="积水已抽干")
    elif way == "withdraw":
        assert "withdraw_request" not in names(leader, handling)
        assert taken(colleague, handling, "withdraw_request").status_code == 200
    else:
        for username in ("handler", "handler2"):
            town.end_posts(username)
        sweep(open_tx, "owners")

    [request] = read(leader, handling)["requests"]
    assert request["status"] == ("withdrawn" if way == "withdraw" else "lapsed")
    assert to_decide(leader) == []
    assert "grant_extension" not in names(leader, handling)


def test_what_is_granted_after_the_red_light_puts_it_out(
    town: Town, handling: str, open_tx: Opening
) -> None:
    """Asked in time, decided too late: the clock ran on, and the grant moves the limit."""
    handler, leader = town.person("handler"), town.person("dutyleader")
    ask(handler, handling)
    until = datetime.fromisoformat(read(handler, handling)["requests"][0]["until"])
    with open_tx() as tx:
        clock.set_to(tx, until - timedelta(days=1), frozen=True)
    sweep(open_tx, "overdue")
    assert read(leader, handling)["overdue"]
    [card] = to_decide(leader)
    assert card["light"] == "red"

    after = taken(leader, handling, "grant_extension").json()

    assert (after["overdue"], after["light"]) == (False, "green")
    assert [step["action"] for step in after["steps"]][-2:] == ["overdue", "grant_extension"]
