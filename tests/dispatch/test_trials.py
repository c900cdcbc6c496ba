"""A proposed directory is tried on past cases before it is in force; and one may go back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from time import process_time
from typing import Any

import pytest

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report, route, rule
from tests.proofs import Proof
from tests.town import Person, Town
from wangge.dispatch import jobs
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]
BEFORE = [route("noise", "*", "urban-379901"), route("street_lamp", "*", "urban-379901")]
AFTER = [
    route("noise", "*", "urban-379901001"),
    route("street_lamp", "*", "water-379901", hours="00:00-23:59"),
]


@pytest.fixture
def admin(town: Town) -> Person:
    return town.person("sysadmin")


def body_of(admin: Person, name: str, **changes: Any) -> dict[str, Any]:
    now = admin.get(f"/rules/{name}").json()
    return {"body": {**now["body"], **changes}, "version": now["version"], "note": "测试"}


def tried(admin: Person, work: Work, name: str, body: dict[str, Any], days: int = 30) -> Any:
    """Ask for a trial, let the worker do it, and read what came of it."""
    trial = {"id": str(new_id()), "body": body, "days": days}
    asked = admin.post(f"/rules/{name}/trials", trial)
    assert asked.status_code == 200, asked.text
    assert asked.json()["state"] == "waiting"
    work()
    return admin.get(f"/rule-trials/{trial['id']}").json()


@pytest.fixture
def past(town: Town, client: Any, admin: Person) -> dict[str, str]:
    """Three cases by the old directory: one loud, one dark, one that nobody has typed."""
    rule(town, "routes", routes=BEFORE)
    rule(town, "switches", dry_run_first=True)
    loud, dark = report(client, text="半夜施工"), report(client, text="黑漆漆")
    acceptor = town.person("acceptor")
    taken(acceptor, loud, "accept", type="noise")
    taken(acceptor, dark, "accept", type="street_lamp")
    return {"loud": loud, "dark": dark, "plain": report(client, text="有件事想问问")}


def test_a_directory_is_tried_on_past_cases_before_it_is_in_force(
    town: Town, admin: Person, past: dict[str, str], work: Work
) -> None:
    """What nobody has tried is not saved; a trial says where and why, and moves nothing."""
    asked = body_of(admin, "routes", routes=AFTER)
    refused = admin.put("/rules/routes", asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "dry_run_needed")
    desk = town.person("dutyleader")
    before = {name: desk.get(f"/cases/{case}").json() for name, case in past.items()}

    trial = tried(admin, work, "routes", asked["body"])

    assert trial["state"] == "done"
    assert (trial["looked"], trial["total"]) == (3, 3)
    result = trial["result"]
    assert (result["cases"], result["moved"], result["silent"]) == (3, 2, [1, 1])
    assert (result["sent"], result["agreed"]) == (2, [2, 0])
    by_type = {row["type"]["zh"]: row for row in result["rows"]}
    loud = by_type["噪声扰民"] if "噪声扰民" in by_type else result["rows"][0]
    assert loud["from"]["name"]["zh"] == "安东区城市管理局"
    assert loud["to"]["name"]["zh"] == "安和街道综合执法队"
    assert loud["actual"] == "安东区城市管理局"
    assert "派单目录" in loud["to"]["why"]["zh"]
    assert "00:00-23:59收到的" in "".join(row["to"]["why"]["zh"] for row in result["rows"])
    counts = {one["name"]["zh"]: (one["before"], one["after"]) for one in result["units"]}
    assert counts["安东区城市管理局"] == (2, 0)
    assert counts["安和街道综合执法队"] == counts["安东区供水公司"] == (0, 1)
    assert counts["派单员决定"] == (1, 1)
    assert {pair["cases"] for pair in result["pairs"]} == {1}
    # Nothing moved, and nobody who writes the rules read what was written in a case.
    assert before == {name: desk.get(f"/cases/{case}").json() for name, case in past.items()}
    assert "半夜施工" not in str(trial)

    saved = admin.put("/rules/routes", asked)
    assert saved.status_code == 200, saved.text


def test_another_body_than_the_tried_one_is_not_saved(
    admin: Person, past: dict[str, str], work: Work
) -> None:
    asked = body_of(admin, "routes", routes=AFTER)
    tried(admin, work, "routes", asked["body"])
    other = {**asked, "body": {"routes": AFTER[:1]}}

    assert admin.put("/rules/routes", other).json()["code"] == "dry_run_needed"


def test_going_back_needs_no_trial_and_is_a_new_version(
    admin: Person, past: dict[str, str], work: Work
) -> None:
    asked = body_of(admin, "routes", routes=AFTER)
    tried(admin, work, "routes", asked["body"])
    admin.put("/rules/routes", asked)
    now = admin.get("/rules/routes").json()

    again = {"to": now["version"] - 1, "version": now["version"], "note": "有误"}
    back = admin.post("/rules/routes/restore", again)

    assert back.status_code == 200, back.text
    assert back.json()["version"] == now["version"] + 1
    assert [row["unit"] for row in back.json()["body"]["routes"]] == ["urban-379901"] * 2
    newest = admin.get("/rules/routes/history").json()["items"][0]
    assert newest["note"] == f"恢复第{now['version'] - 1}版：有误"
    stale = admin.post("/rules/routes/restore", {"to": 0, "version": 0})
    assert stale.json()["code"] == "stale_version"


def test_what_differs_is_said_in_words(admin: Person, past: dict[str, str], work: Work) -> None:
    asked = body_of(admin, "routes", routes=[AFTER[0], BEFORE[1]])
    tried(admin, work, "routes", asked["body"])
    admin.put("/rules/routes", asked)
    version = admin.get("/rules/routes").json()["version"]

    told = admin.get("/rules/routes/difference", first=version - 1, last=version).json()

    (change,) = told["changes"]
    assert change["place"]["zh"].startswith("全市 · ")
    assert change["place"]["zh"].endswith(" › 承办单位")
    assert change["was"]["zh"] == "安东区城市管理局"
    assert change["now"] == {"zh": "安和街道综合执法队", "en": "安和街道综合执法队"}


def test_a_trial_shows_what_communities_led_that_is_not_their_duty(
    town: Town, client: Any, admin: Person, work: Work
) -> None:
    rule(town, "switches", auto_dispatch=False, auto_register=False)
    case = report(client, text="路灯不亮")
    taken(town.person("acceptor"), case, "accept", type="street_lamp")
    taken(town.person("acceptor"), case, "assign_down", note="请牵头")
    lists = [{"zh": "清单", "en": "list", "types": ["neighbour_dispute"]}]

    trial = tried(admin, work, "duties", {"enforced": True, "lists": lists})

    (led,) = trial["result"]["listed"]
    assert (trial["result"]["against_list"], led["lead"]) == (1, "东方社区工作站")


def test_complaints_stay_out_of_a_trial(
    admin: Person, past: dict[str, str], work: Work, open_tx: Opening
) -> None:
    with open_tx() as tx:
        tx.run("update cases set about_unit = unit_id where id = %s", [past["loud"]])

    result = tried(admin, work, "routes", {"routes": AFTER})["result"]

    assert (result["cases"], result["left_out"], result["moved"]) == (2, 1, 1)


def test_a_trial_that_is_called_off_stops(
    admin: Person, past: dict[str, str], open_tx: Opening
) -> None:
    trial = {"id": str(new_id()), "body": {"routes": AFTER}, "days": 30}
    admin.post("/rules/routes/trials", trial)
    off = admin.delete(f"/rule-trials/{trial['id']}")
    assert off.json()["state"] == "cancelled"

    jobs.try_rules(open_tx, trial["id"])

    assert admin.get(f"/rule-trials/{trial['id']}").json()["result"] is None


@pytest.mark.parametrize("who", ["acceptor", "secadmin"])
def test_only_who_writes_rules_tries_them(town: Town, who: str) -> None:
    trial = {"id": str(new_id()), "body": {"routes": []}, "days": 30}

    assert town.person(who).post("/rules/routes/trials", trial).status_code == 403


MANY = """
insert into cases (id, number, request_hash, title, text, type, kind, level, channel, state, duty,
    pos, area_id, place_state, received_at, due_at, due_from, due_limit, yellow_at, total_due_at,
    desk_id, unit_id, unit_ids, rules_version, terms, route)
select uuidv7(), 'M' || i, request_hash, title, text, type, kind, level, channel, 'evaluated',
    'none', pos, area_id, place_state, received_at - i * interval '30 seconds', due_at, due_from,
    due_limit, yellow_at, total_due_at, desk_id, unit_id, unit_ids, rules_version, terms, route
from cases, generate_series(1, %s) as i where id = %s
"""


@pytest.mark.proof("A directory tried on thirty days of a city")
def test_a_month_of_a_city_is_tried_in_seconds(
    admin: Person, past: dict[str, str], open_tx: Opening, proof: Proof
) -> None:
    """Rows that rest on the hour are judged case by case: the dearest kind. CPU of this process."""
    many = proof.count(500, 74_000)
    with open_tx() as tx:
        tx.run(MANY, [many, past["dark"]])
    trial = {"id": str(new_id()), "body": {"routes": AFTER}, "days": 30}
    admin.post("/rules/routes/trials", trial)
    began = process_time()

    jobs.try_rules(open_tx, trial["id"])

    seconds = process_time() - began
    found = admin.get(f"/rule-trials/{trial['id']}").json()
    assert (found["state"], found["looked"], found["total"]) == ("done", many + 3, many + 3)
    assert found["result"]["moved"] == many + 2
    proof.note(cases=many, cpu_seconds=round(seconds, 2))
    assert seconds < 20


def test_a_whole_file_passes_the_same_gate(
    town: Town, admin: Person, past: dict[str, str], work: Work
) -> None:
    """What a file would put in force without a trial is refused, with all that stands beside it.

    Seen red: before the gate the directory of a file was in force at once, nothing tried.
    """
    assert past
    file = admin.get("/rules/export").text
    text = file.replace("auto_evaluate_days: 7", "auto_evaluate_days: 9")
    text = text.replace("unit: urban-379901\n", "unit: urban-379901001\n", 1)
    looked = admin.post("/rules/import", {"text": text}).json()
    [proposed] = [one["untried"] for one in looked["documents"] if one.get("untried")]
    [changed] = [one["name"] for one in looked["documents"] if one.get("untried")]
    assert changed == "routes"

    def taken_in() -> Any:
        body = {"text": text, "seen": looked["seen"]}
        return admin.post("/rules/import?dry_run=false", body)

    refused = taken_in()
    assert (refused.status_code, refused.json()["code"]) == (409, "dry_run_needed")
    assert admin.get("/rules/switches").json()["body"]["auto_evaluate_days"] == 7
    assert tried(admin, work, "routes", proposed)["state"] == "done"

    done = taken_in()

    assert done.status_code == 200, done.text
    assert admin.get("/rules/routes").json()["body"]["routes"][0]["unit"] == "urban-379901001"
    assert admin.get("/rules/switches").json()["body"]["auto_evaluate_days"] == 9
