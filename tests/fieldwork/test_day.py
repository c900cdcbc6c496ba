"""The day writes itself: services in a touch, the diary, one's own figures."""

from typing import Any

import pypdfium2
import pytest

from tests.fieldwork.conftest import Field
from tests.sync.phones import Phone
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


def served(field: Field, person: Person, kind: str, code: str = "", **more: Any) -> str:
    body = {
        "id": str(new_id()), "kind": kind, "type": code, "done_at": field.now.isoformat(), **more,
    }  # fmt: skip
    for outcome in ("taken", "repeated"):
        answer = person.post("/fieldwork/services", body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["outcome"] == outcome
    return str(body["id"])


def printed(paper: bytes) -> str:
    pages = pypdfium2.PdfDocument(paper)
    return "".join(page.get_textpage().get_text_bounded() for page in pages)


@pytest.mark.mission("BX-12", "DY-10")
def test_the_diary_of_a_day_is_complete_without_typing(town: Town, field: Field) -> None:
    """BX-12: "day's diary lists all actions without typing; export PDF".

    DY-10: "as BX-12: day’s diary complete without typing". A report, a case settled on the spot,
    homes written down, a visit, what it left, a service: each stands in the diary of its day and
    in nobody else's; the private words are sealed and the paper is a PDF.

    Seen red: with the tasks left out of the union, with the steps of cases left out, and with the
    day of the city taken for that of Greenwich.
    """
    lihong = town.person("lihong")
    field.passes(hours=-2)  # seven in the morning is the day before in Greenwich
    [home] = field.homes(lihong, 1)
    task = str(new_id())
    field.visit(lihong, field.called(home, follow_ups=[{"id": task, "words": "换灯泡"}]))
    field.passes(hours=3)
    report = {
        "id": str(new_id()), "channel": "worker", "text": "楼道堆放杂物", "lon": 118.1, "lat": 37.3,
        "self_handle": {"id": str(new_id()), "note": "已清理"},
    }  # fmt: skip
    case = lihong.post("/cases", report).json()
    ended = {"id": str(new_id()), "state": "done", "done_at": field.now.isoformat()}
    assert lihong.post(f"/fieldwork/tasks/{task}/end", ended).status_code == 204
    served(field, lihong, "service", "haircut", people=6)

    diary = lihong.get("/fieldwork/diary").json()
    said = [(one["kind"], one["did"], one["name"]["zh"]) for one in diary["actions"]]
    assert said[:2] == [("screening", "screened", "摸排登记"), ("visit", "visit", "入户走访")]
    assert sorted(said[2:]) == [
        ("case", "report", "上报"),
        ("case", "self_handle", "自行处置"),
        ("service", "service", "义务理发"),
        ("task", "done", "办好一件走访留下的事"),
    ]
    assert {one["number"] for one in diary["actions"] if one["kind"] == "case"} == {case["number"]}
    assert town.person("wangqiang").get("/fieldwork/diary").json()["actions"] == []
    assert town.person("wuhua").get("/fieldwork/diary").json()["actions"] == []

    path = "/fieldwork/diary/2026-03-03/note"
    assert lihong.put(path, {"words": "今天腿有点疼"}).json()["note"] == "今天腿有点疼"
    with transaction(town.cell) as tx:
        assert "腿" not in str(bytes((tx.one("select * from diary_notes") or {})["words_sealed"]))
    assert lihong.get("/fieldwork/diary").json()["note"] == "今天腿有点疼"
    assert town.person("wuhua").get("/fieldwork/diary").json()["note"] == ""
    paper = lihong.get("/fieldwork/diary.pdf")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    words = printed(paper.content)
    assert [
        one for one in ("入户走访", "上报", "义务理发", case["number"]) if one not in words
    ] == []
    assert "腿有点疼" not in words  # his own words only where he asks for them
    assert "腿有点疼" in printed(lihong.get("/fieldwork/diary.pdf", with_note=True).content)


def test_words_of_a_day_written_without_a_line_are_lost_on_neither_side(
    town: Town, field: Field
) -> None:
    """Two phones of one person wrote on the same day, one of them without a line.

    Both texts stand; sent again they stand once; his leader's lists have nothing of them; what
    would be too long is refused and so stays on the phone.

    Seen red: with the last one to arrive written over the other, and without looking what stands.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    phone = Phone(lihong, town.cell)
    day = {"day": "2026-03-03"}

    def brought(words: str, was: str) -> list[str]:
        note = phone.op("day.note", str(new_id()), {**day, "words": words, "was": was})
        return [*phone.states(note), *phone.states(note)]

    def stands() -> str:
        return str(lihong.get("/fieldwork/diary").json()["note"])

    assert brought("早上腿疼", "") == ["applied", "applied"]
    assert brought("早上腿疼，下午好了", "早上腿疼") == ["applied", "applied"]
    assert stands() == "早上腿疼，下午好了"
    assert brought("记得给母亲打电话", "") == ["applied", "applied"]
    assert stands() == "早上腿疼，下午好了\n\n记得给母亲打电话"
    assert brought("记得给母亲打电话", "别的") == ["applied", "applied"]
    assert stands() == "早上腿疼，下午好了\n\n记得给母亲打电话"
    assert brought("长" * 19_999, "") == ["refused note_too_long"] * 2
    for answer in (
        leader.get("/fieldwork/diary"), leader.get("/fieldwork/log", first="2026-03-03",
                                                   last="2026-03-03"),
        Phone(leader, town.cell).ask("GET", "/sync/conflicts"),
    ):  # fmt: skip
        assert "腿" not in answer.text


@pytest.mark.mission("DY-31")
def test_the_log_is_the_union_and_has_no_score(town: Town, field: Field) -> None:
    """DY-31: "log equals the union of actions; worker can add a private note; no score derived".

    Over two days the log has the records, the steps of cases and nothing else, as the tables that
    keep them say; no answer of these doors has a number made of them but one's own counts.

    Seen red: with the records that one went along with left out.
    """
    lihong, wangqiang = town.person("lihong"), town.person("wangqiang")
    homes = field.homes(lihong, 2)
    field.visit(lihong, *(field.called(home, partner_id=wangqiang.account_id) for home in homes))
    field.passes(days=1)
    served(field, lihong, "outreach", words="防诈骗")
    served(field, lihong, "errand", words="代取药")
    body = {"id": str(new_id()), "channel": "worker", "text": "路灯不亮", "lon": 118.1, "lat": 37.3}
    assert lihong.post("/cases", body).status_code == 200
    asked = {"first": "2026-03-03", "last": "2026-03-04"}
    days = lihong.get("/fieldwork/log", **asked).json()
    assert [one["day"] for one in days] == ["2026-03-04", "2026-03-03"]
    logged = {one["subject"] for day in days for one in day["actions"] if one["subject"]}
    with transaction(town.cell) as tx:
        kept = tx.rows("select id from field_records union select id from cases")
    assert logged == {str(row["id"]) for row in kept}
    names = {name for day in days for one in day["actions"] for name in one}
    assert names == {
        "at",
        "kind",
        "did",
        "name",
        "subject",
        "number",
        "words",
        "place",
        "result",
        "n",
    }
    along = wangqiang.get("/fieldwork/log", **asked).json()
    assert [one["kind"] for day in along for one in day["actions"]] == ["visit", "visit"]
    note = lihong.put("/fieldwork/diary/2026-03-04/note", {"words": "记得回访"})
    assert note.json()["note"] == "记得回访"


@pytest.mark.mission("DY-30")
def test_a_service_is_repeated_in_a_touch_and_counted_for_oneself(town: Town, field: Field) -> None:
    """DY-30, the whole acceptance: "1-tap repeat; month statistics".

    The newest records are offered to be repeated as they are, with nothing to type; the month's
    counts are one's own and nobody else's.

    Seen red: with the counts taken over everybody's records.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    served(field, lihong, "service", "haircut", people=6)
    last = lihong.get("/fieldwork/records").json()[0]
    same = {name: last[name] for name in ("kind", "type", "people")}
    field.passes(days=1)
    served(field, lihong, **{**same, "code": same.pop("type")})
    served(field, leader, "service", "haircut", people=30)
    asked = {"first": "2026-03-01", "last": "2026-03-31"}
    mine = lihong.get("/fieldwork/mine", **asked).json()["items"]
    assert [(one["name"]["zh"], one["n"], one["people"]) for one in mine] == [("义务理发", 2, 12)]
    [theirs] = leader.get("/fieldwork/mine", **asked).json()["items"]
    assert (theirs["n"], theirs["people"]) == (1, 30)


@pytest.mark.mission("DA-08a")
def test_a_talk_is_listed_and_a_meeting_says_who_does_what(town: Town, field: Field) -> None:
    """DA-08a: "note in the field offline → list; meeting assigns owner & date; overdue flagged".

    The note is taken with the phone's own time hours before it arrives; the leader of the ground
    gives a task with its owner and day, its owner has it in his list, and once the day has passed
    it says so in both lists.

    Seen red: with the time of arrival taken for that of the talk, and with lateness left out.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    body = {
        "id": str(new_id()), "kind": "talk", "words": "田间路口雨天积水，盼着修一修",
        "done_at": "2026-03-02T16:00:00+08:00", "place_words": "村东地头", "people": 5,
    }  # fmt: skip
    assert lihong.post("/fieldwork/services", body).status_code == 200
    [note] = leader.get("/fieldwork/talks").json()
    assert (note["words"], note["done_at"], note["received_at"]) == (
        body["words"], "2026-03-02T08:00:00Z", "2026-03-03T01:00:00Z",
    )  # fmt: skip
    given = {
        "id": str(new_id()), "words": "联系村里修排水沟", "owner_id": lihong.account_id,
        "due_on": "2026-03-06",
    }  # fmt: skip
    path = f"/fieldwork/talks/{note['id']}/tasks"
    assert lihong.post(path, given).status_code == 404  # the meeting's leader assigns
    for _ in range(2):
        assert leader.post(path, given).status_code == 204
    [task] = lihong.get("/fieldwork/tasks").json()
    assert (task["owner"], task["due_on"], task["overdue"]) == ("李红", "2026-03-06", False)
    field.passes(days=4)
    assert [one["overdue"] for one in lihong.get("/fieldwork/tasks").json()] == [True]
    [note] = leader.get("/fieldwork/talks").json()
    assert [one["overdue"] for one in note["tasks"]] == [True]
