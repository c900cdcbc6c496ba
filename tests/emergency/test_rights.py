"""Who sees an incident, who commands it, what its database refuses."""

import psycopg
import pytest

from tests.emergency.conftest import Opening, kept, opened, said, word
from tests.town import Town
from wangge.kernel.ids import new_id


def test_the_neighbour_sees_neither_the_incident_nor_its_parts(town: Town) -> None:
    """Seen red without the expression in the list, and without it in the lock."""
    leader, here = town.person("dutyleader"), opened(town.person("dutyleader"))
    neighbour = town.person("liulin")

    assert said(neighbour.get("/incidents"))["items"] == []
    path = f"/incidents/{here['id']}"
    for answer in (
        neighbour.get(path),
        neighbour.get(f"{path}/report.pdf"),
        neighbour.get(f"{path}/nearest", able="pumping"),
        neighbour.post(f"{path}/situation", {"id": str(new_id()), "words": "看看"}),
        neighbour.post(f"{path}/close", {"id": str(new_id()), "result": "完"}),
        word(neighbour, here, here["task_list"][0], "take"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_incident")
    assert [one["id"] for one in said(leader.get("/incidents"))["items"]] == [here["id"]]
    assert [one["id"] for one in said(town.person("leader").get("/incidents"))["items"]] == [
        here["id"]
    ]


def test_a_worker_of_the_grid_sees_it_only_with_a_task(town: Town) -> None:
    """李红 has a task of the plan; 王强 of the next grid has none. Seen red by scope alone."""
    here = opened(town.person("dutyleader"))
    task = next(one for one in here["task_list"] if one["owner"] == "李红")
    lihong = town.person("lihong")

    board = said(lihong.get(f"/incidents/{here['id']}"))

    assert (board["runs"], board["may_answer"]) == (False, False)
    assert [one["id"] for one in board["task_list"] if one["actions"]] == [task["id"]]
    assert all("*" in one["phone"] for one in board["calls"])
    assert town.person("wangqiang").get(f"/incidents/{here['id']}").status_code == 404
    other = next(one for one in here["task_list"] if one["owner"] != "李红")
    refused = word(lihong, here, other, "take")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_incident")
    refused = lihong.post(f"/incidents/{here['id']}/close", {"id": str(new_id()), "result": "完"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_incident")
    body = {"id": str(new_id()), "drill": False, "kind": "fire", "level": "4", "title": "火",
            "lon": 118.05, "lat": 37.3}  # fmt: skip
    refused = lihong.post("/incidents", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_unit_sees_what_it_is_asked_and_nothing_else_of_the_register(town: Town) -> None:
    leader, handler = town.person("dutyleader"), town.person("handler")
    here = opened(leader, plan="")
    assert said(handler.get("/incidents"))["items"] == []

    order = {"id": str(new_id()), "words": "拉警戒线", "unit_id": town.unit("urban-379901"),
             "minutes": 10}  # fmt: skip
    said(leader.post(f"/incidents/{here['id']}/tasks", order))

    (own,) = said(handler.get("/incidents/tasks"))
    assert (own["words"], own["actions"]) == ("拉警戒线", ["take", "done"])
    taken = said(word(handler, here, own, "take"))
    assert taken["task_list"][0]["taken_name"] == "许工"
    assert taken["times"]["first_action"] is not None
    assert handler.get("/emergency-resources").status_code == 403
    assert handler.get("/incidents/register.xlsx").status_code == 403
    again = word(handler, here, own, "take")
    assert (again.status_code, again.json()["code"]) == (409, "task_moved_on")


def test_the_database_itself_refuses_to_change_the_log(town: Town, open_tx: Opening) -> None:
    opened(town.person("dutyleader"))
    for change in ("update incident_log set words = 'x'", "delete from incident_log"):
        with pytest.raises(psycopg.Error), open_tx() as tx:
            tx.run(change)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), open_tx("app") as tx:
        tx.run("delete from incident_log")


def test_a_resource_is_kept_by_whoever_commands_where_it_stands(town: Town) -> None:
    leader = town.person("dutyleader")
    key = kept(town, leader, "P-1", 118.1, 37.3, amount=2)
    body = {"code": "P-2", "name": "泵", "kind": "pump", "capabilities": ["pumping"],
            "unit_id": town.unit("urban-379901"), "lon": 118.5, "lat": 37.3, "keeper": "老周",
            "phone": "13805460099"}  # fmt: skip
    there = leader.put(f"/emergency-resources/{new_id()}", body)  # 柳林镇
    assert (there.status_code, there.json()["code"]) == (403, "not_allowed")
    wrong = leader.put(f"/emergency-resources/{key}", {**body, "lon": 118.1, "capabilities": ["x"]})
    assert (wrong.status_code, wrong.json()["details"]["field"]) == (422, "capabilities")
    (one,) = said(town.person("cityleader").get("/emergency-resources", kind="pump"))
    assert (one["there"], one["phone"]) == (2, "13805460099")
