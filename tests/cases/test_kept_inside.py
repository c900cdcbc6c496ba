"""What stays in the office: a case taken back, parts on their own, notes, and who follows late."""

import threading
from time import monotonic
from typing import Any
from uuid import UUID

from tests.cases.test_doubles import WORDS, follow, near, released
from tests.cases.test_loop import taken
from tests.cases.test_merging import reported
from tests.cases.test_requests import REASON, ask, handling
from tests.intake.test_splitting import LAMP, split
from tests.papers.test_papers import words
from tests.town import Town
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_asker
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

__all__ = ["handling"]
PICTURE = """
insert into files (id, case_id, purpose, kind, mime, size, sha256, released, from_asker, created_at)
select %s, %s, 'report', 'image', 'image/jpeg', 1, 'x', true, true, city_now()
"""
WAITING = """
select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""


def corrected(town: Town, case: str, **what: Any) -> None:
    desk = town.person("acceptor")
    version = desk.get(f"/cases/{case}").json()["version"]
    body = {"id": str(new_id()), "version": version, "note": "来电说明", **what}
    answer = desk.patch(f"/cases/{case}", body)
    assert answer.status_code == 200, answer.text


def test_a_case_is_public_no_more_once_its_asker_stays_unknown(town: Town, client: Any) -> None:
    """Seen red: the neighbours were shown it, and could follow it, after he had asked for that."""
    case = reported(client)["id"]
    assert released(town, case).status_code == 204
    code = follow(client, case).json()["code"]
    with transaction(town.cell) as tx:
        tx.run(PICTURE, [new_id(), case])
    assert [card["words"] for card in near(client)] == [WORDS]

    corrected(town, case, asker_mode="confidential")

    assert near(client) == []
    assert follow(client, case).json()["code"] == "nothing_to_follow"
    assert client.get(f"/api/v1/public/follows/{code}").json()["words"] == ""
    assert town.person("acceptor").get(f"/cases/{case}").json()["released"] is False
    with transaction(town.cell) as tx:
        assert tx.rows("select id from files where released") == []
        logged = {row["action"] for row in tx.rows("select action from audit_rows")}
    assert {"case.withdraw", "file.withdraw"} <= logged
    assert released(town, case).json()["code"] == "confidential_not_released"


def test_a_part_of_somebody_else_is_not_on_the_page_of_whoever_asked_for_all(
    town: Town, client: Any
) -> None:
    """Seen red: the code of the whole went on opening the part, with its new asker's words."""
    whole = reported(client)
    [lamp] = split(town, whole["id"], LAMP).json()["parts"]
    page = f"/api/v1/public/cases/{whole['code']}"
    assert [part["code"] for part in client.get(page).json()["parts"]] == [lamp["code"]]

    corrected(town, lamp["id"], asker_mode="open")
    assert client.get(page).json()["parts"], "he is the same"
    corrected(town, lamp["id"], asker_name="周秀英", asker_phone="13854612345")

    assert client.get(page).json()["parts"] == []
    assert town.person("acceptor").get(f"/cases/{whole['id']}/related").json()["parts"]


def test_the_letter_of_an_extension_gives_the_ground_and_no_internal_note(
    town: Town, handling: str
) -> None:
    """Seen red: what the approver noted for the unit stood in the letter as the reason."""
    assert ask(town.person("handler"), handling).status_code == 200
    note = "供应商是老问题，再拖就通报"
    granted = taken(town.person("dutyleader"), handling, "grant_extension", note=note)
    assert granted.status_code == 200, granted.text

    letter = town.person("acceptor").get(f"/cases/{handling}/letters/extended.pdf")

    said = words(letter.content).replace("\n", "")
    assert "原因：配件、材料需要采购或调运" in said
    assert "供应商" not in said
    assert REASON["note"] not in said


def test_whoever_follows_while_a_case_ends_is_told_that_it_is_over(town: Town, client: Any) -> None:
    """He waits for the step that ends it. Seen red without the lock: he followed what was over."""
    case = reported(client)["id"]
    released(town, case)
    heard: list[Any] = []
    follower = threading.Thread(target=lambda: heard.append(follow(client, case, "13854688888")))
    with transaction(town.cell) as ending:
        step_of_asker(ending, UUID(case), StepInput(new_id(), Action.WITHDRAW))
        follower.start()
        waits(town, follower)
    follower.join(10)

    [answer] = heard
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_follow")
    with transaction(town.cell) as tx:
        assert tx.rows("select id from case_followers") == []


def waits(town: Town, other: threading.Thread) -> None:
    """Until the other waits for a lock, or is through without waiting."""
    ends = monotonic() + 10
    while other.is_alive() and monotonic() < ends:
        with transaction(town.cell) as tx:
            if tx.rows(WAITING):
                return
