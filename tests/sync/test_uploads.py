"""Photos come in pieces, after the words, and once."""

import asyncio
import fcntl
from base64 import b64encode
from hashlib import sha256
from queue import Queue
from typing import Any

import pytest

from tests.files.shapes import picture
from tests.sync.line import asked
from tests.sync.phones import Phone, metadata, rows_of
from tests.town import Town
from wangge.files import service, uploads
from wangge.kernel.clock import advance
from wangge.kernel.db import transaction


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town.person("lihong"), town.cell)


@pytest.fixture(scope="module")
def photo() -> bytes:
    return picture(size=(320, 240), place=True)


def begun(phone: Phone, data: bytes, **headers: str) -> Any:
    digest = sha256(data).hexdigest()
    return phone.person.client.post(
        "/api/v1/uploads",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)),
                 "Upload-Metadata": metadata(digest, "report"), **headers},
    )  # fmt: skip


def named(data: bytes, purpose: str = "report") -> dict[str, str]:
    return {"sha256": sha256(data).hexdigest(), "purpose": purpose}


def test_the_words_come_first_and_the_photo_finds_its_case(
    phone: Phone, photo: bytes, town: Town
) -> None:
    report = phone.report("水管爆裂", photos=[named(photo)])
    note = phone.op("case.note", report["record"], {"note": "近照", "photos": [named(photo)]})
    first, second = phone.push(report, note)
    assert first["result"]["awaits"] == second["result"]["awaits"] == [named(photo)["sha256"]]

    phone.upload(photo)

    case = phone.person.get(f"/cases/{report['record']}").json()
    assert [file["step_id"] for file in case["files"]] == [None, note["id"]]
    assert case["photo"] == case["files"][0]["id"]
    shown = phone.person.get(f"/files/{case['photo']}")
    assert shown.status_code == 200
    assert b"GPS" not in shown.content
    kept = rows_of(town.cell, "select count(distinct sha256)::int as n from files")
    assert kept == [{"n": 1}]
    later = phone.report("同一张照片", photos=[named(photo)])
    assert phone.push(later)[0]["result"]["awaits"] == []


def test_a_piece_that_comes_twice_at_the_same_moment_is_written_once(
    phone: Phone, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line doubles a request: both have opened the file when one of them gets its lock.

    Seen red: the second trusted the length from before the lock and wrote the piece once more, so
    the whole was not what was announced and had to be sent anew.
    """
    location = begun(phone, photo).headers["Location"]
    half, lock, twins = len(photo) // 2, fcntl.flock, Queue[Any]()
    turn = iter((True,))

    def after_its_twin(file: Any, operation: int) -> None:
        if next(turn, False):
            twins.put(phone.patch(location, 0, photo[:half]))
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", after_its_twin)
    late = phone.patch(location, 0, photo[:half])
    assert (twins.get_nowait().status_code, late.status_code) == (204, 409)
    assert late.json()["details"]["offset"] == half
    assert phone.patch(location, half, photo[half:]).status_code == 204


def test_an_upload_goes_on_where_it_broke_off_and_is_sent_once(phone: Phone, photo: bytes) -> None:
    location = begun(phone, photo).headers["Location"]
    half = len(photo) // 2
    assert phone.patch(location, 0, photo[:half]).status_code == 204
    wrong = phone.patch(location, 0, photo[:half])
    assert (wrong.status_code, wrong.json()["details"]["offset"]) == (409, half)

    again = begun(phone, photo)
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (location, str(half))
    assert phone.patch(location, half, photo[half:]).headers["Upload-Offset"] == str(len(photo))
    asked = phone.person.client.head(location, headers={"Tus-Resumable": "1.0.0"})
    assert asked.headers["Upload-Offset"] == asked.headers["Upload-Length"] == str(len(photo))
    assert begun(phone, photo).headers["Upload-Offset"] == str(len(photo))


def test_of_a_line_that_breaks_what_came_is_kept(town: Town, phone: Phone, photo: bytes) -> None:
    """Unless it was to be checked: then the chunk is sent again."""
    location = begun(phone, photo).headers["Location"]
    client = phone.person.client
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
        "X-CSRF-Token": client.headers["X-CSRF-Token"], "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
    }  # fmt: skip
    checked = headers | {"Upload-Checksum": f"sha256 {b64encode(sha256(photo).digest()).decode()}"}

    def offset_after(given: dict[str, str]) -> str:
        asyncio.run(asked(town.web, "PATCH", location, given, photo[:100], whole=len(photo)))
        told = client.head(location, headers={"Tus-Resumable": "1.0.0"}).headers["Upload-Offset"]
        return str(told)

    assert offset_after(checked) == "0"
    assert offset_after(headers) == "100"


def test_what_is_damaged_foreign_or_no_photo_is_refused(
    town: Town, phone: Phone, photo: bytes
) -> None:
    location = begun(phone, photo).headers["Location"]
    checksum = b64encode(sha256(photo).digest()).decode()
    damaged = phone.patch(
        location, 0, photo[:-1] + b"x", **{"Upload-Checksum": f"sha256 {checksum}"}
    )
    assert damaged.status_code == 460
    other = Phone(town.person("wangqiang"), town.cell)
    assert other.patch(location, 0, photo).status_code == 404
    assert begun(other, photo).headers["Location"] != location

    text = "这不是照片".encode()
    refused = phone.patch(begun(phone, text).headers["Location"], 0, text)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_not_accepted")
    swapped = phone.patch(location, 0, photo[:-1] + b"x")
    assert (swapped.status_code, swapped.json()["code"]) == (422, "upload_damaged")
    assert begun(phone, b"x" * 10, **{"Tus-Resumable": "0.2"}).status_code == 412
    huge = {"Upload-Length": str(10**9)}
    assert begun(phone, photo, **huge).status_code == 413


def test_a_step_that_the_rules_want_seen_waits_for_its_photo(
    town: Town, phone: Phone, photo: bytes
) -> None:
    """Text first, but evidence is a picture that is really there."""
    report = phone.report("井盖松动", type="manhole_cover")
    step = phone.op(
        "case.step", report["record"],
        {"action": "self_handle", "note": "已复位", "photos": [named(photo, "after")]},
    )  # fmt: skip
    first = phone.push(report, step)
    if first[1]["state"] == "later":
        assert (first[1]["code"], first[1]["details"]["awaits"]) == (
            "photo_needed", [named(photo)["sha256"]],
        )  # fmt: skip
        phone.upload(photo, "after")
        assert phone.states(step) == ["applied"]
    else:
        pytest.fail(f"{first}")


def test_a_photo_that_nobody_named_in_time_is_sent_again(
    town: Town, phone: Phone, photo: bytes
) -> None:
    phone.upload(photo)
    with transaction(town.cell) as tx:
        advance(tx, service.ORPHAN_AFTER * 2)
    with transaction(town.cell) as tx:
        assert service.sweep_orphans(tx) == 1
    report = phone.report("水管爆裂", photos=[named(photo)])

    assert phone.push(report)[0]["result"]["awaits"] == [named(photo)["sha256"]]
    assert begun(phone, photo).headers["Upload-Offset"] == "0"
    phone.upload(photo)
    assert len(phone.person.get(f"/cases/{report['record']}").json()["files"]) == 1


def test_what_is_left_off_is_forgotten(town: Town, phone: Phone, photo: bytes) -> None:
    location = begun(phone, photo).headers["Location"]
    phone.patch(location, 0, photo[:100])
    with transaction(town.cell) as tx:
        advance(tx, uploads.UNFINISHED_FOR * 2)
    with transaction(town.cell) as tx:
        assert uploads.sweep(tx) == 1

    assert phone.person.client.head(location, headers={"Tus-Resumable": "1.0.0"}).status_code == 404
    assert begun(phone, photo).headers["Upload-Offset"] == "0"


def test_words_taken_while_their_photo_was_being_finished_get_it_when_the_phone_asks(
    phone: Phone, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer was lost: the words come with the last piece still under way, and look too early.

    Seen red: with what is finished given to nobody who named it meanwhile.
    """
    phone.upload(photo)
    location = begun(phone, photo).headers["Location"]
    report = phone.report("水管爆裂", photos=[named(photo)])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(uploads, "resolve", lambda _tx, _owner, photos: ([], list(photos)))
        [receipt] = phone.push(report)
    assert receipt["result"]["awaits"] == [named(photo)["sha256"]]

    for _ in range(2):
        asked_again = phone.person.client.head(location, headers={"Tus-Resumable": "1.0.0"})
        assert asked_again.headers["Upload-Offset"] == str(len(photo))
        assert len(phone.person.get(f"/cases/{report['record']}").json()["files"]) == 1
