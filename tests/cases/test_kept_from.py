"""Whom a complaint is about: not in his counts, notices, whistles, his line or his decisions."""

from collections.abc import Callable
from typing import Any

from tests.cases.test_answer_goes_out import about, complained
from tests.cases.test_loop import taken, told
from tests.cases.test_merging import PIPE, merged, reported
from tests.dispatch.conftest import work
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.live import Listener, following, present
from wangge.kernel.web import COOKIE, token_hash
from wangge.people.models import Actor

__all__ = ["work"]


def received(person: Person) -> int:
    return int(person.get("/indicators").json()["received"])


def noticed_of(person: Person, case: str) -> list[str]:
    items = person.get("/notices").json()["items"]
    return [one["code"] for one in items if one["case_id"] == case]


def listener(town: Town, person: Person) -> Listener:
    token = token_hash(person.client.cookies[COOKIE])
    with transaction(town.cell, "app", token=token) as tx:
        actor = Actor.of(tx)
    return Listener(actor.id, list(actor.scope), actor.unit_ids)


def test_a_worker_complained_of_neither_counts_it_nor_hears_of_it(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Five doors: counts, notices, whistles by list and by id, and the live line."""
    desk, worker, leader = (town.person(name) for name in ("acceptor", "lihong", "wuhua"))
    case = complained(desk, "网格员李红推诿")
    client.post("/api/v1/public/cases", json=told())
    taken(desk, case, "send_verify")
    body = {"id": str(new_id()), "reason": "joint", "words": "一起去看看", "case_id": case}
    whistle = leader.post("/whistles", {**body, "unit_ids": [town.unit("urban-379901")]}).json()
    work()
    assert received(worker) == 2
    assert noticed_of(worker, case) == ["case_verifying"]
    assert worker.get(f"/whistles/{whistle['id']}").status_code == 200
    assert [row["id"] for row in worker.get("/whistles", box="open").json()["items"]]
    page = present(town.cell)

    put = desk.put(f"/cases/{case}/about", about(account_id=town.account("lihong")))
    assert put.status_code == 200, put.text
    call = whistle["calls"][0]["id"]
    step = {"id": str(new_id()), "action": "arrive"}
    came = town.person("handler").post(f"/whistles/{whistle['id']}/calls/{call}/steps", step)
    assert came.status_code == 200, came.text

    assert (received(worker), received(leader), received(desk)) == (1, 2, 2)
    assert noticed_of(worker, case) == []
    assert worker.get(f"/whistles/{whistle['id']}").status_code == 404
    assert worker.get("/whistles", box="open").json()["items"] == []
    assert worker.get(f"/cases/{case}/whistles").status_code == 404
    told_of = {case, whistle["id"]}
    facts = [one for one in following(town.cell, page).facts if str(one["subject"]) in told_of]
    heard = {
        person.name: {str(one["subject"]) for one in facts if listener(town, person).hears(one)}
        for person in (worker, leader)
    }
    assert heard == {"李红": set(), "吴华": told_of}


def test_a_unit_or_whoever_sees_all_counts_nothing_about_himself(town: Town) -> None:
    """The two ways in which the function counts: by units, and by ground alone.

    A count that took off what is not his to see would be too small: another's complaint stays.
    """
    desk, squad, city = (town.person(name) for name in ("acceptor", "squad", "cityleader"))
    unit = town.unit("urban-379901001")
    for _ in range(2):
        case = complained(desk, "安和街道综合执法队队员态度恶劣")
        taken(desk, case, "accept", type="other")
        taken(town.person("dispatcher"), case, "dispatch", unit_id=unit)
    other = complained(desk, "值班长何伟接电话态度差")
    assert (received(squad), received(city)) == (2, 3)

    desk.put(f"/cases/{case}/about", about(unit_id=unit))
    desk.put(f"/cases/{other}/about", about(account_id=city.account_id))

    assert (received(squad), received(city), received(desk)) == (1, 2, 3)


def test_a_complaint_is_not_carried_by_what_it_is_about(town: Town, client: Any) -> None:
    """Merged into a case of the unit, its answer to the asker would be the unit's own."""
    desk, unit = town.person("acceptor"), town.unit("urban-379901001")
    case, other = complained(desk, "综合执法队推诿"), complained(desk, "还是综合执法队推诿")
    lead = reported(client, PIPE)["id"]
    for one in (case, other):
        assert desk.put(f"/cases/{one}/about", about(unit_id=unit)).status_code == 200

    for one, into in ((case, lead), (lead, case)):
        refused = merged(desk, one, into)
        assert (refused.status_code, refused.json()["code"]) == (409, "complaint_not_merged")
        assert refused.json()["message"]["zh"]
        assert refused.json()["message"]["en"]
    assert merged(desk, other, case).json()["state"] == "merged"


def test_a_desk_complained_of_does_not_get_it_back_from_above(town: Town) -> None:
    """Sent down, it would lie at the desk that it is about, which cannot even see it."""
    desk, above = town.person("acceptor"), town.person("cityleader")
    case = complained(desk, "街道网格中心接电话态度差")
    desk.put(f"/cases/{case}/about", about(unit_id=town.unit("desk-379901001")))

    down = taken(above, case, "assign_down", note="请就近处理")

    assert down.status_code == 200, down.text
    assert down.json()["desk"]["name"] == "东方社区工作站"
    assert desk.get(f"/cases/{case}").status_code == 404
