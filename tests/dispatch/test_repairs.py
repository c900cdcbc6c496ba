"""Marks are no conflicts, alarms come live, and a suggestion of a unit follows what it rests on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from tests.cases.test_loop import taken, told
from tests.dispatch.test_follows import report, route, rule
from tests.dispatch.test_late import sweep
from tests.town import Town
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]


def facts_of(town: Town, case: str) -> list[dict[str, Any]]:
    with transaction(town.cell) as tx:
        return tx.rows(
            "select name, pos, unit_ids from facts where subject = %s order by at", [case]
        )


def test_the_red_light_does_not_refuse_a_form_that_was_open(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """Red when the sweep's step counted as somebody's change: 409 stale_version."""
    case, acceptor = report(client), town.person("acceptor")
    seen = acceptor.get(f"/cases/{case}").json()["version"]
    sweep(open_tx, "overdue", after=timedelta(days=14))

    sent = taken(town.person("acceptor"), case, "accept", version=seen, note="写了很久的意见")

    assert sent.status_code == 200, sent.text
    assert [step["seq"] for step in sent.json()["steps"]] == [1, 2, 3, 4]


def test_a_correction_outlives_the_red_light_too(town: Town, client: Any, open_tx: Opening) -> None:
    case = report(client)
    sweep(open_tx, "overdue", after=timedelta(days=14))

    done = town.person("acceptor").patch(
        f"/cases/{case}", {"id": str(new_id()), "version": 1, "type": "waterlogging"}
    )

    assert done.status_code == 200, done.text


def test_what_a_person_did_meanwhile_is_still_a_conflict(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """Before the light and after it: neither is hidden by the mark."""
    case, acceptor = report(client), town.person("acceptor")
    assert taken(acceptor, case, "remark", note="已电话联系").status_code == 200
    sweep(open_tx, "overdue", after=timedelta(days=14))

    stale = taken(town.person("dispatcher"), case, "remark", version=1, note="我写的")

    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert "您填写的内容仍在" in stale.json()["message"]["zh"]
    gone_by_rule = taken(town.person("acceptor"), case, "accept", version=3, type="waterlogging")
    assert gone_by_rule.json()["state"] == "registered"
    late = taken(town.person("acceptor"), case, "remark", version=4, note="登记前写的")
    assert (late.status_code, late.json()["code"]) == (409, "stale_version")


def test_an_alarm_is_announced_to_the_screens_of_its_desk(
    town: Town, client: Any, work: Work
) -> None:
    """Red without the fact: a screen learned of an alarm by its poll only."""
    case = client.post("/api/v1/public/cases", json=told("东方社区3号楼燃气泄漏")).json()["id"]

    work()

    raised = [fact for fact in facts_of(town, case) if fact["name"] == "CaseAlarmRaised"]
    assert len(raised) == 1
    assert raised[0]["pos"] is not None
    assert str(raised[0]["unit_ids"][0]) == town.unit("desk-379901001")


# --- the suggestion of a unit -------------------------------------------------------------------
TO_WATER = route("waterlogging", "379901", "water-379901")
TO_URBAN = route("exposed_rubbish", "379901", "urban-379901")


def suggested(town: Town, case: str) -> str | None:
    found: str | None = town.person("acceptor").get(f"/cases/{case}").json()["route"].get("unit")
    return found


def test_the_suggested_unit_follows_the_type(town: Town, client: Any) -> None:
    """Red when a case kept for ever what intake had guessed."""
    rule(town, "switches", auto_register=False)
    rule(town, "routes", routes=[TO_WATER, TO_URBAN])
    case, acceptor = report(client, text="地上有东西"), town.person("acceptor")
    assert suggested(town, case) is None

    accepted = taken(acceptor, case, "accept", type="waterlogging").json()
    assert (accepted["route"]["unit"], accepted["version"]) == ("安东区供水公司", 2)
    corrected = acceptor.patch(
        f"/cases/{case}", {"id": str(new_id()), "version": 2, "type": "exposed_rubbish"}
    ).json()
    assert corrected["route"]["unit"] == "安东区城市管理局"
    assert "城市管理局" in corrected["route"]["zh"]


def test_the_suggested_unit_follows_the_directory(town: Town, client: Any, work: Work) -> None:
    rule(town, "switches", auto_dispatch=False)
    rule(town, "routes", routes=[TO_WATER])
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    sent = report(client)
    taken(town.person("acceptor"), sent, "accept", type="waterlogging")
    taken(town.person("dispatcher"), sent, "dispatch", unit_id=town.unit("water-379901"))
    work()

    rule(town, "routes", routes=[{**TO_WATER, "unit": "urban-379901"}])
    work()

    assert suggested(town, case) == "安东区城市管理局"
    assert [fact["name"] for fact in facts_of(town, case)].count("CaseRouted") == 1
    # What is with a unit keeps the reason for which it went there.
    assert suggested(town, sent) == "安东区供水公司"

    rule(town, "routes", routes=[])
    work()
    assert suggested(town, case) is None
