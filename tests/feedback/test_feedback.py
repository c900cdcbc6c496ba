"""意见箱 and 国办函〔2026〕12号: what is said of the app is owned and answered."""

from typing import Any

from tests.cases.test_answers import Day, day
from tests.dispatch.test_follows import noticed, rule
from tests.town import Person, Town
from wangge.kernel.ids import new_id
from wangge.tenant.switches import NOT_BUILT

__all__ = ["day"]


def points(person: Person) -> dict[str, tuple[str, str]]:
    items = person.get("/compliance").json()["items"]
    return {one["code"]: (one["state"], one["now"]["zh"]) for one in items}


def test_what_is_said_of_the_app_is_owned_answered_and_read(
    town: Town, client: Any, day: Day
) -> None:
    """A worker and a resident write; the administrator takes, answers; both read the answer.

    Every worker reads the page of the rule, and it follows the settings and the box of this city.

    Seen red: with the right to answer not asked a worker read what others had written; with the
    quota not read from the rules the page went on saying there was none.
    """
    lihong, admin = town.person("lihong"), town.person("sysadmin")
    said = {"id": str(new_id()), "kind": "complaint", "words": "拍照以后要等很久"}
    for _ in range(2):
        assert lihong.post("/feedback", said).status_code == 200
    assert noticed(admin)[0] == "feedback_came"
    told = {"id": str(new_id()), "kind": "suggestion", "words": "字再大一点"}
    code = client.post("/api/v1/public/feedback", json=told).json()["code"]
    assert client.get(f"/api/v1/public/feedback/{code}").json()["answered_at"] is None
    for name in ("lihong", "secadmin", "cityleader"):
        assert town.person(name).get("/feedback").status_code == 403
    refused = lihong.post(f"/feedback/{said['id']}/answer", {"answer": "好的"})
    assert refused.status_code == 403

    items = admin.get("/feedback").json()["items"]
    assert [(one["words"], one["by_name"], one["side"]) for one in items] == [
        ("拍照以后要等很久", "李红", "w"), ("字再大一点", "", "r"),
    ]  # fmt: skip
    taken = admin.post(f"/feedback/{said['id']}/take").json()["items"]
    assert [one["owner"] for one in taken] == ["孔管理", ""]
    for one, words in ((said, "已改为后台上传"), (told, "“我的”里可以开大字版")):
        assert admin.post(f"/feedback/{one['id']}/answer", {"answer": words}).status_code == 200
    assert noticed(lihong)[0] == "feedback_answered"
    [mine] = lihong.get("/feedback/mine").json()["items"]
    assert (mine["answer"], mine["answered_name"]) == ("已改为后台上传", "孔管理")
    read = client.get(f"/api/v1/public/feedback/{code}").json()
    assert read["answer"] == "“我的”里可以开大字版"
    assert all(one["seen_at"] for one in admin.get("/feedback").json()["items"])

    before = points(lihong)
    assert {name for name, (state, _) in before.items() if state == "never"} == {
        one.code for one in NOT_BUILT
    }
    assert before["visit_quota"] == ("kept", "没有定额")
    assert before["patrol_stretches"] == ("kept", "不记录")
    kinds = lihong.get("/tenant").json()["types"]
    asked = [one for one in kinds if one["leaf"] and one["evidence"]]
    assert before["photos_with_reason"][1].startswith(f"{len(asked)}类事要照片")
    for one in lihong.get("/compliance").json()["items"]:
        assert all(one["law"][language] for language in ("zh", "en")), one["code"]
    assert before["record_number"][0] == "lacking"
    assert before["opinions_box"] == ("kept", "收到2条，已答复2条，逾期0条")
    rule(town, "visits", daily_homes=8, stretches=True)
    rule(town, "brand", record_number="鲁政务备2026-0012")
    lihong.post("/feedback", {**said, "id": str(new_id()), "words": "还是慢"})
    day.passes(days=14)
    after = points(town.person("zhouping"))
    assert (after["visit_quota"][0], after["patrol_stretches"][0]) == ("chosen", "chosen")
    assert "每天8户" in after["visit_quota"][1]
    assert after["record_number"] == ("kept", "鲁政务备2026-0012")
    assert after["opinions_box"] == ("lacking", "收到3条，已答复2条，逾期1条")
