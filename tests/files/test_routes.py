"""The doors of files: who may send, see and release them, and how they leave."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

from tests.files import shapes
from tests.town import Person, Town
from wangge.files import service
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id

PICTURE = shapes.picture(size=(800, 600))
NewCase = Callable[..., UUID]


def send(
    client: TestClient,
    data: bytes,
    *,
    file_id: UUID | None = None,
    name: str = "photo.jpg",
    purpose: str = "before",
) -> Any:
    return client.post(
        "/api/v1/files",
        data={"id": str(file_id or new_id()), "purpose": purpose},
        files={"file": (name, data, "image/jpeg")},
    )


def attached(cell: Cell, person: Person, case_id: UUID, data: bytes = PICTURE) -> str:
    answer = send(person.client, data)
    assert answer.status_code == 201, answer.text
    with transaction(cell) as tx:
        done = service.attach(
            tx, case_id, [UUID(answer.json()["id"])], account_id=UUID(person.account_id)
        )
    assert done.left_out == []
    return str(answer.json()["id"])


def test_a_worker_sends_and_sees_his_picture(town: Town) -> None:
    lihong = town.person("lihong")
    answer = send(lihong.client, shapes.picture(taken="2026:03:14 08:00:00", place=True))
    assert answer.status_code == 201
    view = answer.json()
    assert view["purpose"] == "before"
    assert (view["kind"], view["thumb"], view["width"], view["released"]) == (
        "image",
        True,
        640,
        False,
    )
    assert view["shot_at"] == "2026-03-14T00:00:00Z"

    shown = lihong.get(f"/files/{view['id']}", size="thumb")
    assert shown.status_code == 200
    assert shapes.opened(shown.content).size == (360, 270)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers["content-disposition"] == f'inline; filename="{view["id"]}.jpg"'
    again = lihong.client.get(
        f"/api/v1/files/{view['id']}?size=thumb", headers={"If-None-Match": shown.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_nobody_else_sees_a_file_that_belongs_to_no_case_yet(
    town: Town, client: TestClient
) -> None:
    file_id = send(town.person("lihong").client, PICTURE).json()["id"]
    assert town.person("dutyleader").get(f"/files/{file_id}").status_code == 404
    assert client.get(f"/api/v1/files/{file_id}").status_code == 401
    assert client.get(f"/api/v1/public/files/{file_id}").status_code == 404


def test_a_file_is_seen_by_those_who_see_its_case_and_by_no_others(
    town: Town, cell: Cell, a_case: NewCase
) -> None:
    file_id = attached(cell, town.person("lihong"), a_case("3799010010010001"))
    for username in ("lihong", "wuhua", "dutyleader", "citydesk", "supervisor"):
        assert town.person(username).get(f"/files/{file_id}").status_code == 200, username
    for username in ("wangqiang", "liulin", "zhouping", "handler", "sysadmin"):
        answer = town.person(username).get(f"/files/{file_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file"), username
    absent = town.person("wangqiang").get(f"/files/{new_id()}").json()
    assert absent["code"] == "no_such_file"


def test_a_program_called_photo_is_refused_and_nothing_else_is(town: Town) -> None:
    lihong = town.person("lihong")
    refused = send(lihong.client, b"MZ" + bytes(500), name="photo.jpg")
    assert refused.status_code == 422
    assert refused.json()["code"] == "file_not_accepted"
    assert set(refused.json()["message"]) == {"zh", "en"}
    assert send(lihong.client, PICTURE, name="harmless.exe").status_code == 201
    large = send(lihong.client, shapes.picture() + bytes(10_000_001))
    assert (large.status_code, large.json()["code"]) == (413, "file_too_large")


def test_sending_again_after_a_lost_answer_changes_nothing(town: Town) -> None:
    lihong, file_id = town.person("lihong"), new_id()
    first = send(lihong.client, PICTURE, file_id=file_id)
    again = send(lihong.client, PICTURE, file_id=file_id)
    assert (again.status_code, again.json()) == (201, first.json())
    other = send(lihong.client, shapes.picture("PNG", (10, 10)), file_id=file_id)
    assert (other.status_code, other.json()["code"]) == (409, "id_taken")
    stolen = send(town.person("wangqiang").client, PICTURE, file_id=file_id)
    assert (stolen.status_code, stolen.json()["code"]) == (409, "id_taken")
    assert stolen.json()["details"] == {}


def test_without_a_session_or_its_token_nothing_is_taken(town: Town, client: TestClient) -> None:
    assert send(client, PICTURE).status_code == 401
    lihong = town.person("lihong")
    del lihong.client.headers["X-CSRF-Token"]
    assert send(lihong.client, PICTURE).status_code == 403


def test_only_what_is_released_is_public_and_a_withdrawal_works_at_once(
    town: Town, client: TestClient, cell: Cell, a_case: NewCase
) -> None:
    lihong, acceptor = town.person("lihong"), town.person("acceptor")
    file_id = attached(cell, lihong, a_case())
    public = f"/api/v1/public/files/{file_id}"
    assert client.get(public).status_code == 404

    released = acceptor.patch(f"/files/{file_id}", {"released": True})
    assert (released.status_code, released.json()["released"]) == (200, True)
    shown = client.get(public + "?size=large")
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    assert "etag" not in shown.headers

    acceptor.patch(f"/files/{file_id}", {"released": False})
    assert client.get(public).status_code == 404
    with transaction(cell) as tx:
        log = tx.rows("select action from audit_rows where subject = %s order by at", [file_id])
    assert [row["action"] for row in log] == ["file.release", "file.withdraw"]


def test_releasing_needs_the_right_and_the_place(town: Town, cell: Cell, a_case: NewCase) -> None:
    lihong = town.person("lihong")
    file_id = attached(cell, lihong, a_case())
    assert lihong.patch(f"/files/{file_id}", {"released": True}).status_code == 403
    assert town.person("liulin").patch(f"/files/{file_id}", {"released": True}).status_code == 404
    own = send(town.person("acceptor").client, PICTURE).json()["id"]
    loose = town.person("acceptor").patch(f"/files/{own}", {"released": True})
    assert (loose.status_code, loose.json()["code"]) == (409, "file_of_no_case")


def test_a_film_is_played_piece_by_piece(town: Town) -> None:
    lihong = town.person("lihong")
    data = shapes.film(10)
    file_id = send(lihong.client, data, name="film.mp4").json()["id"]

    def piece(wanted: str) -> Any:
        return lihong.client.get(f"/api/v1/files/{file_id}", headers={"Range": wanted})

    whole = lihong.get(f"/files/{file_id}")
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    assert whole.headers["content-type"] == "video/mp4"
    assert len(whole.content) == len(data)
    for wanted, start, end in (("bytes=0-3", 0, 4), ("bytes=100-", 100, len(data)),
                               ("bytes=-50", len(data) - 50, len(data)),
                               ("bytes=90-999999", 90, len(data))):  # fmt: skip
        answer = piece(wanted)
        assert answer.status_code == 206, wanted
        assert answer.content == whole.content[start:end]
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(data)}"
    assert piece("bytes=999999-").status_code == 416
    assert piece("lines=1-2").status_code == 200
    assert lihong.get(f"/files/{file_id}", size="thumb").status_code == 404


def test_the_doors_say_that_they_take_a_form_with_parts(client: TestClient) -> None:
    """Red when they were described as a urlencoded form, in which no file fits."""
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert list(described["/api/v1/files"]["post"]["requestBody"]["content"]) == [
        "multipart/form-data"
    ]
