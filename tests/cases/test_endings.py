"""Cases that end before they are handled: withdrawn on the telephone, void, declined by a list."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_requests import ask, names, read
from tests.dispatch.conftest import messages, phones, work
from tests.town import Town
from wangge.notices.local_gateway import StandIn

__all__ = ["phones", "work"]


def report(client: Any, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/public/cases", json=told(**more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_desk_withdraws_at_the_askers_word_on_the_telephone(
    town: Town, client: Any, phones: StandIn, work: Callable[[], None]
) -> None:
    """Only before it is accepted, with a reason and words; the asker gets an SMS."""
    acceptor, made = town.person("acceptor"), report(client)
    for code, form in {
        "field_needed": {"note": "来电"},
        "unknown_reason": {"reason": "because", "note": "来电"},
    }.items():
        assert taken(acceptor, made["id"], "withdraw_for", **form).json()["code"] == code

    done = taken(acceptor, made["id"], "withdraw_for", reason="solved", note="本人来电说已修好")
    work()

    assert done.json()["state"] == "withdrawn", done.text
    nothing = acceptor.get(f"/cases/{made['id']}/deadline")
    assert (nothing.status_code, nothing.json()) == (200, None), "asked a moment too late"
    assert any("已按您来电撤回" in text for _, text in messages(phones))
    accepted = report(client)["id"]
    taken(acceptor, accepted, "accept", type="waterlogging")
    late = taken(acceptor, accepted, "withdraw_for", reason="solved", note="来电")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_nobody_withdraws_for_an_asker_who_is_not_there(town: Town) -> None:
    found = town.person("lihong").post("/cases", told(asker=None, channel="worker")).json()["id"]
    acceptor = town.person("acceptor")

    refused = taken(acceptor, found, "withdraw_for", reason="mistaken", note="录错了")

    assert (refused.status_code, refused.json()["code"]) == (409, "no_asker_to_withdraw")
    assert "withdraw_for" not in names(acceptor, found)


@pytest.mark.parametrize("state", ["reported", "dispatched", "handling"])
def test_void_is_the_duty_leaders_with_a_reason(
    town: Town, client: Any, phones: StandIn, work: Callable[[], None], state: str
) -> None:
    made = report(client)
    case, leader = made["id"], town.person("dutyleader")
    if state != "reported":
        taken(leader, case, "accept", type="waterlogging")
        taken(leader, case, "dispatch", unit_id=town.unit("urban-379901"))
    if state == "handling":
        taken(town.person("handler"), case, "acknowledge")
        ask(town.person("handler"), case)
    form = {"reason": "no_matter", "answer": "经现场核实没有积水"}
    for username in ("acceptor", "dispatcher"):
        refused = taken(town.person(username), case, "void", **form)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_step")
    assert taken(leader, case, "void", answer="无").json()["details"]["field"] == "reason"

    done = taken(leader, case, "void", **form).json()
    work()

    assert (done["state"], done["due_at"], done["closed_at"] is None) == ("withdrawn", None, False)
    assert done["steps"][-1]["reason"] == "no_matter"
    assert [one["status"] for one in done["requests"]] in ([], ["lapsed"])
    shown = client.get(f"/api/v1/public/cases/{made['code']}").json()
    assert shown["answer"] == "经现场核实没有积水"
    assert "作废" in shown["sentence"]["zh"]
    assert any("没有积水" in text for _, text in messages(phones))


def test_declining_takes_a_reason_from_the_list_and_tells_the_asker(
    town: Town, client: Any, phones: StandIn, work: Callable[[], None]
) -> None:
    case, acceptor = report(client)["id"], town.person("acceptor")
    said = {"answer": "属于供热合同纠纷，请通过诉讼解决"}

    made_up = taken(acceptor, case, "decline", reason="busy", **said)
    done = taken(acceptor, case, "decline", reason="legal_channel", **said)
    work()

    assert (made_up.status_code, made_up.json()["code"]) == (422, "unknown_reason")
    assert read(acceptor, case)["state"] == "declined", done.text
    assert any("未能受理" in text for _, text in messages(phones))
