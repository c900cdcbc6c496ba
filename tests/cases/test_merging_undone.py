"""撤销并案: a merger is undone also when both are closed, as long as its asker is to be asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.cases.test_answers import Day, called, caller, day
from tests.cases.test_merging import closed, matter, merged, reported, says, unmerged
from tests.dispatch.conftest import messages, phones, work
from tests.town import Person, Town
from wangge.kernel.db import Tx
from wangge.notices.local_gateway import StandIn

__all__ = ["caller", "day", "phones", "work"]
Opening = Callable[..., AbstractContextManager[Tx]]


def test_a_merger_is_undone_also_after_both_were_closed_together(
    town: Town, client: Any, work: Callable[[], None], phones: StandIn, open_tx: Opening,
    day: Day, caller: Person,
) -> None:  # fmt: skip
    """What was told and tried of that closing counts no more; its asker is told and asked anew.

    Seen red with the merger undone only while it is carried, with tries of an earlier closing
    counted, and with a result still waiting for its asker that is none any more.
    """
    number = "13854600013"
    lead, other = reported(client), reported(client, asker={"name": "邻居", "phone": number})
    acceptor = town.person("acceptor")
    merged(acceptor, other["id"], lead["id"])
    closed(town, lead["id"])
    work()
    assert "unmerge" in acceptor.get(f"/cases/{other['id']}/related").json()["may"]
    assert "unmerge" not in acceptor.get(f"/cases/{lead['id']}/related").json()["may"]
    day.passes(hours=25)
    assert called(caller, other["id"], "no_answer").json() == {"outcome": ""}

    assert unmerged(acceptor, other["id"]).json()["state"] == "reported"
    work()

    shown = matter(client, other["code"])
    assert (shown["state"], shown["answer"], shown["closed_at"]) == ("reported", "", None)
    assert not shown["may_answer"]
    assert matter(client, lead["code"])["state"] == "closed"
    with open_tx() as tx:
        row = tx.one("select untold_since, merged_at from cases where id = %s", [other["id"]])
    assert row == {"untold_since": None, "merged_at": None}
    lines = acceptor.get(f"/cases/{lead['id']}").json()["steps"]
    assert [step["data"]["members"] for step in lines if step["action"] == "carry"] == [1, 0]

    day.passes(hours=1)
    closed(town, other["id"], "是另一处水管，也已换新")
    work()

    assert matter(client, other["code"])["answer"] == "是另一处水管，也已换新"
    told_of_it = [text for phone, text in messages(phones) if phone == number and "已办结" in text]
    assert len(told_of_it) == 2
    day.passes(hours=25)
    waits = {one["id"]: one["tries"] for one in caller.get("/callbacks").json()["items"]}
    assert waits[other["id"]] == 0, "nobody was rung up about this closing yet"


def test_what_its_asker_has_judged_himself_is_not_undone(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Seen red with the refusal taken out: the step was refused as one of another stage."""
    lead, other, acceptor = reported(client), reported(client), town.person("acceptor")
    merged(acceptor, other["id"], lead["id"])
    closed(town, lead["id"])
    work()
    says(client, other["code"], solved=True)

    refused = unmerged(acceptor, other["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "merge_stays")
    assert refused.json()["message"]["zh"]
    assert refused.json()["message"]["en"]
    assert matter(client, other["code"])["state"] == "evaluated"
