"""Steps that must not go through: what is not asked, not given, not there, or given twice."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from tests.cases.test_loop import state_of, taken, told
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


@pytest.fixture
def case(town: Town, client: Any) -> str:
    answer = client.post("/api/v1/public/cases", json=told())
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def handling(town: Town, case: str, type_: str = "waterlogging") -> Person:
    """Lead a case into the hands of the county's department."""
    assert taken(town.person("acceptor"), case, "accept", type=type_).status_code == 200
    unit = town.unit("urban-379901")
    assert taken(town.person("dispatcher"), case, "dispatch", unit_id=unit).status_code == 200
    handler = town.person("handler")
    assert taken(handler, case, "acknowledge").status_code == 200
    return handler


def picture(person: Person) -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (9, 80, 120)).save(out, "JPEG")
    answer = person.client.post(
        "/api/v1/files",
        files={"file": ("a.jpg", out.getvalue(), "image/jpeg")},
        data={"id": str(new_id()), "purpose": "after"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_remark_changes_no_type(town: Town, case: str) -> None:
    worker = town.person("lihong")

    refused = taken(worker, case, "remark", note="看过了", type="gas_leak")

    assert (refused.status_code, refused.json()["code"]) == (422, "not_asked")
    assert worker.get(f"/cases/{case}").json()["type"] is None


def test_evidence_is_a_picture_that_is_there(town: Town, case: str) -> None:
    handler = handling(town, case, "exposed_rubbish")
    words = {"note": "已清理", "answer": "垃圾已清理"}

    none = taken(handler, case, "finish", **words)
    invented = taken(handler, case, "finish", **words, files=[str(new_id())])

    assert (none.status_code, none.json()["details"]["field"]) == (422, "photo_after")
    assert (invented.status_code, invented.json()["code"]) == (422, "field_needed")
    assert state_of(handler, case) == "handling"
    real = taken(handler, case, "finish", **words, files=[picture(handler)])
    assert real.status_code == 200, real.text


def test_a_sampled_matter_that_fails_its_check_goes_to_the_desk(town: Town) -> None:
    worker = town.person("lihong")
    sysadmin = town.person("sysadmin")
    rules = sysadmin.get("/rules/switches").json()
    body = {**rules["body"], "short_path_sample_percent": 100}
    saved = sysadmin.put(
        "/rules/switches", {"body": body, "version": rules["version"], "note": "全部抽查"}
    )
    assert saved.status_code == 200, saved.text
    done = worker.post(
        "/cases",
        {
            **told("楼道杂物已清理"),
            "channel": "worker",
            "asker": None,
            "self_handle": {"id": str(new_id()), "note": "当场清走"},
        },
    ).json()["case"]
    assert (done["state"], done["duty"]) == ("checking", "supervisor")

    failed = taken(town.person("supervisor"), done["id"], "fail_check", note="杂物还在")

    assert failed.status_code == 200, failed.text
    assert (failed.json()["state"], failed.json()["duty"]) == ("registered", "desk")
    assert failed.json()["path"] == "main"
    sent = taken(
        town.person("dispatcher"), done["id"], "dispatch", unit_id=town.unit("urban-379901")
    )
    assert sent.json()["state"] == "dispatched"


def test_a_step_id_that_somebody_else_used_is_refused_kindly(
    town: Town, client: Any, case: str
) -> None:
    elsewhere = client.post("/api/v1/public/cases", json=told(lon=118.50, lat=37.30)).json()["id"]
    used = {"id": str(new_id()), "action": "remark", "note": "我的"}
    assert town.person("zhouping").post(f"/cases/{elsewhere}/steps", used).status_code == 200

    refused = town.person("lihong").post(f"/cases/{case}/steps", used)

    assert (refused.status_code, refused.json()["code"]) == (409, "id_taken")
    assert "details" in refused.json()


def test_the_same_report_at_the_same_moment_is_one_case(town: Town, client: Any) -> None:
    body = told("同一件事按了两次")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: client.post("/api/v1/public/cases", json=body), range(6)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    with transaction(town.cell) as tx:
        assert tx.rows("select count(*) as n from cases") == [{"n": 1}]
        assert tx.rows("select count(*) as n from case_steps") == [{"n": 1}]


def test_the_same_words_of_somebody_else_are_another_matter(town: Town) -> None:
    """A repeat answers only whoever said it first; for anybody else the id is just taken."""
    body = {**told("灯坏了"), "channel": "phone"}
    assert town.person("acceptor").post("/cases", body).status_code == 200
    assert town.person("acceptor").post("/cases", body).status_code == 200

    other = town.person("liulin").post("/cases", body)

    assert (other.status_code, other.json()["code"]) == (409, "id_taken")
    assert other.json()["details"] == {}


def test_the_same_step_at_the_same_moment_is_one_step(town: Town, case: str) -> None:
    acceptor = town.person("acceptor")
    body = {"id": str(new_id()), "action": "remark", "note": "已电话联系"}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: acceptor.post(f"/cases/{case}/steps", body), range(6)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(acceptor.get(f"/cases/{case}").json()["steps"]) == 2


def test_two_people_who_take_the_same_step_one_of_them_does(town: Town, case: str) -> None:
    """Both saw version 1; whoever comes second is told, and nothing is taken twice."""
    desk = [town.person("acceptor"), town.person("dutyleader")]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: taken(who, case, "accept", version=1), desk))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    steps = desk[0].get(f"/cases/{case}").json()["steps"]
    assert [step["action"] for step in steps].count("accept") == 1


def test_a_community_named_by_the_city_desk_goes_to_its_street(town: Town) -> None:
    """The city's hotline knows the community, not the grid: the street is in charge."""
    answer = town.person("citydesk").post(
        "/cases",
        {
            "id": str(new_id()),
            "text": "东方社区有人反映健身器材坏了",
            "channel": "hotline",
            "area_id": town.area("379901001001"),
        },
    )

    case = answer.json()["case"]
    assert case["place"]["state"] == "unverified"
    assert case["desk"]["name"] == "安和街道网格中心"


def test_a_case_that_finds_its_place_passes_to_the_desk_of_that_place(
    town: Town, client: Any
) -> None:
    """The sorting desk of the city gives a place; the street's desk has it in its queue."""
    case = client.post("/api/v1/public/cases", json=told(lon=None, lat=None)).json()["id"]
    citydesk = town.person("citydesk")
    assert citydesk.get(f"/cases/{case}").json()["desk"]["name"] == "安城市网格化服务管理中心"

    corrected = citydesk.patch(
        f"/cases/{case}", {"id": str(new_id()), "version": 1, "lon": 118.10, "lat": 37.30}
    )

    assert corrected.status_code == 200, corrected.text
    assert corrected.json()["desk"]["name"] == "安和街道网格中心"
    queue = town.person("acceptor").get("/cases", queue="to_accept").json()["items"]
    assert [card["id"] for card in queue] == [case]
    assert citydesk.get("/cases", queue="to_accept").json()["items"] == []
    assert corrected.json()["steps"][-1]["unit"] == "安和街道网格中心"


def test_half_a_correction_of_a_place_is_refused(town: Town, case: str) -> None:
    acceptor = town.person("acceptor")

    half = acceptor.patch(f"/cases/{case}", {"id": str(new_id()), "version": 1, "lon": 118.15})

    assert (half.status_code, half.json()["code"]) == (422, "invalid_input")
    assert acceptor.get(f"/cases/{case}").json()["version"] == 1
