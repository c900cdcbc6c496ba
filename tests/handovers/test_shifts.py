"""The end of a shift: open items, promises and things lent, signed by both, printed, or missing."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.handovers.conftest import TUESDAY, Opening, in_hand, steps
from tests.people.test_roster import shift
from tests.town import Person, Town
from wangge.handovers import jobs, shifts
from wangge.kernel import clock
from wangge.kernel.ids import new_id

DESK = "desk-379901001"


def hours(from_now: float, to: float) -> dict[str, str]:
    return {
        "begins": (TUESDAY + timedelta(hours=from_now)).isoformat(),
        "ends": (TUESDAY + timedelta(hours=to)).isoformat(),
    }


def board(town: Town, person: Person) -> Any:
    return person.get("/shifts/handovers", unit=town.unit(DESK))


def promised(person: Person, case: str, words: str = "明早八点前抽完水", to: float = 4) -> Any:
    by = (TUESDAY + timedelta(hours=to)).isoformat()
    return person.post(f"/cases/{case}/promises", {"id": str(new_id()), "words": words, "by": by})


def test_a_shift_is_handed_over_with_what_is_open_promised_and_lent(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """Seen red with nothing kept of the list that was signed."""
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    mine = shift(town, town.person("dutyleader"), "acceptor", **hours(-2, 6)).json()["id"]
    case = report(client)
    assert promised(acceptor, case).status_code == 200
    lent = {"id": str(new_id()), "unit": town.unit(DESK), "what": "对讲机 2 号", "to_whom": "沈队"}
    assert acceptor.post("/shifts/lent", lent).status_code == 200
    seen = board(town, acceptor).json()
    assert seen["shift"]["id"] == mine
    assert [one["id"] for one in seen["content"]["cases"]] == [case]
    assert board(town, dispatcher).json()["shift"] is None

    key = str(new_id())
    body = {"id": key, "shift_id": mine, "words": "车库积水未退，夜里再看一次"}
    stolen = dispatcher.post("/shifts/handovers", body)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "not_your_shift")
    assert acceptor.post("/shifts/handovers", body).status_code == 200
    assert acceptor.post("/shifts/handovers", body).status_code == 200
    again = acceptor.post("/shifts/handovers", body | {"id": str(new_id())})
    assert again.json()["code"] == "shift_given"
    own = acceptor.post(f"/shifts/handovers/{key}/take", {})
    assert own.json()["code"] == "own_handover"
    assert board(town, dispatcher).json()["to_take"]["id"] == key
    for name in ("lihong", "liulin", "handler", "citydesk"):
        other = town.person(name)
        assert other.post(f"/shifts/handovers/{key}/take", {}).status_code == 404, name
        assert other.get(f"/shifts/handovers/{key}/print.pdf").status_code == 404, name
        assert board(town, other).status_code == 404, name

    took = dispatcher.post(f"/shifts/handovers/{key}/take", {"note": "已清点"})

    assert (took.json()["given_name"], took.json()["taken_name"]) == ("郑洁", "冯涛")
    promise = seen["content"]["promises"][0]["id"]
    assert acceptor.post(f"/promises/{promise}/keep", {"note": "已抽干"}).status_code == 200
    (kept,) = board(town, acceptor).json()["items"]
    assert [one["words"] for one in kept["content"]["promises"]] == ["明早八点前抽完水"]
    paper = acceptor.get(f"/shifts/handovers/{key}/print.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    for words in ("交接班记录", "明早八点前抽完水", "对讲机2号", "郑洁", "冯涛", "已清点"):
        assert words in text.replace(" ", ""), words
    assert acceptor.post(f"/shifts/lent/{lent['id']}/return").json()["lent"] == []


def test_a_missing_handover_is_the_leaders_to_see(town: Town, open_tx: Opening) -> None:
    leader = town.person("dutyleader")
    first = shift(town, leader, "acceptor", **hours(-10, -2)).json()["id"]
    shift(town, leader, "dispatcher", **hours(-2, 1))
    given = {"id": str(new_id()), "shift_id": first}
    assert town.person("acceptor").post("/shifts/handovers", given).status_code == 200
    with open_tx() as tx:
        clock.advance(tx, timedelta(hours=1, minutes=31))
    jobs.forgotten_shifts(open_tx)
    jobs.forgotten_shifts(open_tx)

    missing = board(town, leader).json()["missing"]

    assert [(one["name"], one["given_at"] is None) for one in missing] == [
        ("冯涛", True),
        ("郑洁", False),  # given, and nobody has signed for it
    ]
    for name in ("dutyleader", "dispatcher"):
        told = town.person(name).get("/notices").json()["items"]
        assert [n["code"] for n in told].count("handover_missing") == 1, name


def test_a_promise_stands_on_the_case_and_is_red_when_past(
    town: Town, client: Any, open_tx: Opening
) -> None:
    case = in_hand(town, client)
    handler, acceptor = town.person("handler"), town.person("acceptor")
    assert promised(handler, case, "今天下午给您回电").status_code == 200
    for name in ("lihong", "supervisor", "leader"):
        said = promised(town.person(name), case)
        assert (said.status_code, said.json()["code"]) == (403, "not_your_promise"), name
    for name in ("water", "liulin", "zhouping"):
        assert promised(town.person(name), case).status_code == 404, name
        assert town.person(name).get(f"/cases/{case}/promises").status_code == 404
    assert promised(handler, case, to=-1).json()["code"] == "promise_past"
    (line,) = steps(acceptor, case, "promise")
    assert "今天下午给您回电" in line["note"]

    with open_tx() as tx:
        clock.advance(tx, timedelta(hours=5))
    jobs.late_promises(open_tx)
    jobs.late_promises(open_tx)

    (shown,) = acceptor.get(f"/cases/{case}/promises").json()["items"]
    assert shown["late"] is True
    told = [n for n in handler.get("/notices").json()["items"] if n["code"] == "promise_late"]
    assert len(told) == 1
    assert handler.post(f"/promises/{shown['id']}/keep", {"note": "已回电"}).status_code == 200
    (kept,) = acceptor.get(f"/cases/{case}/promises").json()["items"]
    assert (kept["late"], kept["kept_name"]) == (False, "许工")
    assert steps(acceptor, case, "keep_promise")


def test_a_stand_in_hands_over_the_shift_he_served(town: Town) -> None:
    leader = town.person("dutyleader")
    mine = shift(town, leader, "acceptor", **hours(-2, 6)).json()["id"]
    body = {"id": str(new_id()), "shift_id": mine, "to": town.account("dispatcher")}
    assert leader.post("/roster/stand-ins", body).status_code == 201

    assert board(town, town.person("acceptor")).json()["shift"] is None
    assert board(town, town.person("dispatcher")).json()["shift"]["id"] == mine
    given = {"id": str(new_id()), "shift_id": mine}
    refused = town.person("acceptor").post("/shifts/handovers", given)
    assert refused.json()["code"] == "not_your_shift"
    assert town.person("dispatcher").post("/shifts/handovers", given).status_code == 200


def test_the_list_holds_what_moved_in_the_shift(
    town: Town, client: Any, open_tx: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is cut says how many there are, on the screen and on paper.

    Seen red with the number of those that are listed.
    """
    old = report(client)
    taken(town.person("acceptor"), old, "accept", type="waterlogging")
    with open_tx() as tx:
        tx.run("update cases set due_at = due_at + interval '20 days'")
        clock.advance(tx, timedelta(days=1))
    leader = town.person("dutyleader")
    shift(town, leader, "acceptor", **hours(22, 30))
    fresh = report(client, lon=118.11)

    listed = board(town, town.person("acceptor")).json()["content"]["cases"]

    assert [one["id"] for one in listed] == [fresh]
    report(client, lon=118.12)
    monkeypatch.setattr(shifts, "MOST", 1)
    cut = board(town, town.person("acceptor")).json()
    assert (len(cut["content"]["cases"]), cut["content"]["in_all"]) == (1, 2)
    key, acceptor = str(new_id()), town.person("acceptor")
    acceptor.post("/shifts/handovers", {"id": key, "shift_id": cut["shift"]["id"], "words": ""})
    paper = acceptor.get(f"/shifts/handovers/{key}/print.pdf").content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "共2件，这里列出最急的1件" in text.replace(" ", "")
