"""听音转写: a report that was only spoken waits at the desk for somebody who listens."""

from typing import Any

from fastapi.testclient import TestClient

from tests.files.sending import named, sent
from tests.files.shapes import wav
from tests.town import Person, Town
from wangge.kernel.ids import new_id

TOKEN = "0123456789abcdef0123456789abcdef"
STAND_IN = "（未写文字，请看照片或听录音）"
SAID = "东方社区三号楼楼道里着火了，楼上还有老人。"


def spoken(client: TestClient, **more: Any) -> dict[str, Any]:
    """What the phone of somebody who does not type sends: his voice and no words."""
    voice = wav()
    body = {
        "id": str(new_id()), "text": STAND_IN, "spoken": True, "photos": named(voice),
        "upload_token": TOKEN, "lon": 118.1, "lat": 37.3, **more,
    }  # fmt: skip
    answer = client.post("/api/v1/public/cases", json=body)
    assert answer.status_code == 200, answer.text
    sent(client, TOKEN, voice)
    return {**answer.json(), "body": body}


def to_hear(person: Person) -> list[str]:
    items = person.get("/cases", queue="to_hear").json()["items"]
    return [one["id"] for one in items]


def test_what_was_only_spoken_is_written_down_at_the_desk(town: Town, client: TestClient) -> None:
    """From the voice to the words: queue, recording, words, suggested type, alarm, asker's page.

    Seen red: with the report not put on the list, with the words not looked through for danger,
    with the list's row put back by a repeat, and without the desk's right.
    """
    report = spoken(client)
    acceptor = town.person("acceptor")
    case = report["id"]
    assert to_hear(acceptor) == [case]
    assert {"code": "to_hear", "count": 1, "emergencies": 0} in acceptor.get("/cases/queues").json()
    seen = acceptor.get(f"/cases/{case}").json()
    assert (seen["unheard"], [one["kind"] for one in seen["files"]]) == (True, ["audio"])

    path, body = f"/cases/{case}/words", {"id": str(new_id()), "text": SAID}
    assert town.person("liulin").post(path, body).status_code == 404
    assert town.person("lihong").post(path, body).status_code == 404
    assert acceptor.post(path, {**body, "text": " "}).json()["details"]["field"] == "text"
    heard = acceptor.post(path, body).json()
    assert (heard["text"], heard["unheard"]) == (SAID, False)
    assert (heard["emergency"], heard["level"]) == (["fire"], "urgent")
    woken = town.person("dutyleader").get("/alarms").json()["items"]
    assert [one["case_id"] for one in woken] == [case]
    assert acceptor.post(path, body).status_code == 200
    again = town.person("dutyleader").post(path, {"id": str(new_id()), "text": "别的话"})
    assert again.json()["code"] == "heard_already"

    steps = [one["data"].get("did") for one in heard["steps"] if one["action"] == "remark"]
    assert steps == ["heard"]
    assert to_hear(acceptor) == []
    assert client.get(f"/api/v1/public/cases/{report['code']}").json()["text"] == SAID
    # The answer of the first report was lost: sent again, it is the same and is not heard again.
    repeat = client.post("/api/v1/public/cases", json=report["body"]).json()
    assert (repeat["number"], to_hear(acceptor)) == (report["number"], [])
