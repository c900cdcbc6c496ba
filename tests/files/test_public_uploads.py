"""A resident's photo comes in pieces, after the words, under his device's token alone."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.files.sending import DOOR, TUS, begun, named, patched, sent
from tests.files.shapes import picture
from tests.sync.phones import rows_of
from tests.town import Town
from wangge.files import service, upload_routes, uploads
from wangge.kernel.clock import advance
from wangge.kernel.crypto import hashed
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.limits import Bucket

TOKEN, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
# The photo was not at the case yet.
NOT_YET = "select from uploads where %s::uuid is null and @whose = %s and sha256 = any(%s)"


@pytest.fixture(scope="module")
def photo() -> bytes:
    return picture(size=(320, 240), place=True)


def reported(client: TestClient, *photos: bytes, token: str = TOKEN, **more: Any) -> dict[str, Any]:
    body = {
        "id": str(new_id()), "text": "小广场的路灯不亮", "lon": 118.1, "lat": 37.3,
        "photos": named(*photos), "upload_token": token, **more,
    }  # fmt: skip
    answer = client.post("/api/v1/public/cases", json=body)
    assert answer.status_code == 200, answer.text
    return {**answer.json(), "body": body}


def test_the_number_is_there_before_the_photo_and_a_broken_line_loses_nothing(
    town: Town, client: TestClient, photo: bytes
) -> None:
    """Words first, the photo in pieces, on from where the line broke; a repeat brings no second.

    Seen red with the promise left out of the report, and with a repeat that promises again.
    """
    report = reported(client, photo)
    assert (bool(report["number"]), report["awaits"]) == (True, [named(photo)[0]["sha256"]])
    location = begun(client, TOKEN, photo).headers["Location"]
    half = len(photo) // 2
    assert patched(client, TOKEN, location, 0, photo[:half]).status_code == 204

    again = begun(client, TOKEN, photo)
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (location, str(half))
    repeat = client.post("/api/v1/public/cases", json=report["body"]).json()
    assert (repeat["number"], repeat["awaits"]) == (report["number"], report["awaits"])
    last = patched(client, TOKEN, location, half, photo[half:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(photo)))
    assert client.post("/api/v1/public/cases", json=report["body"]).json()["awaits"] == []

    acceptor = town.person("acceptor")
    seen = acceptor.get(f"/cases/{report['id']}").json()
    assert [(one["kind"], one["purpose"]) for one in seen["files"]] == [("image", "report")]
    assert seen["photo"] == seen["files"][0]["id"]
    shown = acceptor.get(f"/files/{seen['photo']}")
    assert (shown.status_code, b"GPS" in shown.content) == (200, False)
    # The same photo with another report is there already.
    second = reported(client, photo, text="同一张照片，另一处")
    assert second["awaits"] == []
    assert len(acceptor.get(f"/cases/{second['id']}").json()["files"]) == 1
    assert rows_of(town.cell, "select count(distinct sha256)::int as n from files") == [{"n": 1}]


def test_nobody_else_reads_or_adds_to_it(town: Town, client: TestClient, photo: bytes) -> None:
    """Seen red with the token left out of the search for an upload."""
    report = reported(client, photo)
    location = begun(client, TOKEN, photo).headers["Location"]
    patched(client, TOKEN, location, 0, photo[:100])

    for headers in ({**TUS, "X-Upload-Token": OTHER}, {**TUS, "X-Upload-Token": "%"}):
        assert client.head(location, headers=headers).status_code == 404
        assert client.delete(location, headers=headers).status_code == 404
    foreign = patched(client, OTHER, location, 100, photo[100:])
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no_such_upload")
    assert client.head(location, headers=TUS).status_code == 422
    # Neither with the neighbour's own report, nor as somebody of the staff, is it the same upload.
    reported(client, photo, token=OTHER, text="隔壁也反映")
    assert begun(client, OTHER, photo).headers["Location"] != location
    lihong = town.person("lihong").client
    inside = location.replace("/public", "")
    assert lihong.head(inside, headers=TUS).status_code == 404
    held = client.head(location, headers={**TUS, "X-Upload-Token": TOKEN})
    assert held.headers["Upload-Offset"] == "100"

    mine = sent_on(client, location, photo)
    assert town.person("acceptor").get(f"/cases/{report['id']}").json()["photo"] == mine
    assert client.get(f"/api/v1/public/files/{mine}").status_code == 404


def sent_on(client: TestClient, location: str, photo: bytes) -> str:
    assert patched(client, TOKEN, location, 100, photo[100:]).status_code == 204
    return location.rsplit("/", 1)[1]


def test_only_what_a_report_has_named_is_taken_and_only_so_often(
    client: TestClient, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the promise not asked for, and without the buckets."""
    early = begun(client, TOKEN, photo)
    assert (early.status_code, early.json()["code"]) == (404, "upload_not_awaited")
    reported(client, photo)
    assert begun(client, OTHER, photo).status_code == 404
    huge = begun(client, TOKEN, photo, **{"Upload-Length": str(10**9)})
    assert (huge.status_code, huge.json()["code"]) == (413, "file_too_large")

    monkeypatch.setattr(upload_routes, "FILES", Bucket(rate=0.01, burst=2))
    found = [begun(client, TOKEN, photo).status_code for _ in range(3)]
    assert found == [201, 201, 429]
    assert begun(client, OTHER, photo).status_code == 404
    monkeypatch.setattr(upload_routes, "PIECES", Bucket(rate=0.01, burst=1))
    asked = {**TUS, "X-Upload-Token": TOKEN}
    assert client.head(f"{DOOR}/{new_id()}", headers=asked).status_code == 404
    assert client.head(f"{DOOR}/{new_id()}", headers=asked).status_code == 429


def test_whoever_comes_second_with_the_last_byte_is_told_that_it_is_there(
    town: Town, client: TestClient, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests meet over a whole photo: one makes the file, for the other it is no damage.

    Seen red with the second one told that the photo was damaged, which the phone takes for final.
    """
    report = reported(client, photo)
    location = begun(client, TOKEN, photo).headers["Location"]
    whole = uploads.whole

    def meets_another(*given: Any) -> Any:
        monkeypatch.setattr(uploads, "whole", whole)
        asked = client.head(location, headers={**TUS, "X-Upload-Token": TOKEN})
        assert asked.headers["Upload-Offset"] == str(len(photo))
        return whole(*given)

    monkeypatch.setattr(uploads, "whole", meets_another)
    assert patched(client, TOKEN, location, 0, photo).status_code == 204
    assert len(town.person("acceptor").get(f"/cases/{report['id']}").json()["files"]) == 1


def test_a_photo_may_come_days_later(town: Town, client: TestClient, photo: bytes) -> None:
    report = reported(client, photo)
    with transaction(town.cell) as tx:
        advance(tx, uploads.UNFINISHED_FOR * 2)
    sent(client, TOKEN, photo)
    assert len(town.person("acceptor").get(f"/cases/{report['id']}").json()["files"]) == 1


def test_an_earlier_release_named_what_it_had_sent_before_the_words(
    town: Town, client: TestClient, photo: bytes
) -> None:
    """Its reports wait on phones still; another device's files are not theirs.

    Seen red: with ``files`` refused as unknown; with the device's token not asked.
    """
    own, other = new_id(), new_id()
    with transaction(town.cell) as tx:
        service.take(tx, own, photo, token=hashed(TOKEN))
        service.take(tx, other, picture(size=(64, 64)), token=hashed(OTHER))
    report = reported(client, files=[str(own), str(other)])
    seen = town.person("acceptor").get(f"/cases/{report['id']}").json()
    assert [one["id"] for one in seen["files"]] == [str(own)]


def test_words_taken_while_their_photo_was_being_finished_get_it_once(
    town: Town, client: TestClient, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report, and its repeat, that looked for the photo a moment before it was whole.

    Seen red: with a device that knows where its photo lies given nothing when it asks, and with
    a repeat given the photo again.
    """
    reported(client, photo)
    sent(client, TOKEN, photo)
    location = begun(client, TOKEN, photo).headers["Location"]
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(uploads, "resolve", lambda _tx, _owner, photos: ([], list(photos)))
        report = reported(client, photo, text="同一张照片，另一处")
    assert report["awaits"] == [named(photo)[0]["sha256"]]
    asked = {**TUS, "X-Upload-Token": TOKEN}
    assert client.head(location, headers=asked).headers["Upload-Offset"] == str(len(photo))
    acceptor = town.person("acceptor")
    assert len(acceptor.get(f"/cases/{report['id']}").json()["files"]) == 1

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(uploads, "resolve", lambda _tx, _owner, photos: ([], list(photos)))
        meanwhile.setattr(uploads, "AT_CASE", NOT_YET)
        repeat = client.post("/api/v1/public/cases", json=report["body"]).json()
    assert client.head(location, headers=asked).status_code == 200
    assert repeat["number"] == report["number"]
    assert len(acceptor.get(f"/cases/{report['id']}").json()["files"]) == 1
