"""The answer goes back by the channel that was used; who handed it over is written down."""

from typing import Any
from uuid import UUID

from tests.cases.test_answers import Day, Opening, caller, closed, day, tried
from tests.cases.test_loop import taken
from tests.dispatch.conftest import phones, work
from tests.town import Person, Town
from wangge.cases import answers
from wangge.kernel.ids import new_id

__all__ = ["caller", "day", "phones", "work"]


def test_a_letter_is_answered_by_a_letter(town: Town, day: Day, work: Any) -> None:
    """A letter without a telephone: its answer is printed, sent, and no longer waits to be told.

    Seen red: with the telling left out of what tells an answer the case stayed on the nightly
    list; with every channel answered by the page no letter was proposed.
    """
    acceptor, case = town.person("acceptor"), str(new_id())
    body = {"id": case, "channel": "letter", "text": "来信：楼道积水", "lon": 118.1, "lat": 37.3,
            "asker": {"name": "刘美兰"}}  # fmt: skip
    assert acceptor.post("/cases", body).status_code == 200

    def told(username: str, way: str = "letter") -> Any:
        sent = {"id": str(new_id()), "way": way, "note": "挂号信 0546"}
        return town.person(username).post(f"/cases/{case}/tellings", sent)

    def untold() -> list[str]:
        items = acceptor.get("/cases", queue="untold").json()["items"]
        return [one["id"] for one in items]

    assert told("acceptor").json()["code"] == "not_answered_yet"
    assert acceptor.get(f"/cases/{case}/letters/answer.pdf").status_code == 409
    closed(town, case)
    work()
    day.passes(hours=24)
    assert untold() == [case]
    first = acceptor.get(f"/cases/{case}/tellings").json()
    assert (first["way"], first["may_tell"], first["items"]) == ("letter", True, [])
    letter = acceptor.get(f"/cases/{case}/letters/answer.pdf")
    assert (letter.status_code, letter.content[:4]) == (200, b"%PDF")
    assert told("zhouping").json()["code"] == "not_your_contact"
    done = told("acceptor").json()
    assert [(one["way"], one["by"]["name"], one["note"]) for one in done["items"]] == [
        ("letter", "郑洁", "挂号信 0546"),
    ]
    assert untold() == []


def test_who_rang_up_and_got_no_message_is_called(
    town: Town, client: Any, day: Day, caller: Person, work: Any, open_tx: Opening
) -> None:
    """A refusal that nobody heard waits for the caller until he is reached; an SMS ends it too.

    Seen red: with the closed ones alone (as in the call-backs) nobody ever rang about a refusal;
    without ``untold_since`` an asker whose SMS had arrived was called as well.
    """
    acceptor = town.person("acceptor")

    def rang(text: str) -> str:
        case = str(new_id())
        body = {"id": case, "channel": "phone", "text": text, "lon": 118.1, "lat": 37.3,
                "asker": {"name": "刘美兰", "phone": "05468880001"}}  # fmt: skip
        assert acceptor.post("/cases", body).status_code == 200
        done = taken(acceptor, case, "decline", reason="out_of_scope", answer="请打12329。")
        assert done.json()["state"] == "declined", done.text
        work()
        return case

    def to_tell() -> list[str]:
        return [one["id"] for one in caller.get("/callbacks").json()["to_tell"]]

    first, arrived = rang("公积金贷款怎么办"), rang("公积金提取怎么办")
    with open_tx() as tx:
        answers.told_by_sms(tx, UUID(arrived), tx.now.isoformat())
    assert to_tell() == []
    day.passes(hours=1)
    assert to_tell() == [first]
    assert tried(caller, first, "no_answer").status_code == 200
    assert to_tell() == []
    day.passes(hours=1)
    assert to_tell() == [first]
    assert tried(caller, first, "answered").status_code == 200
    day.passes(hours=2)
    assert to_tell() == []
