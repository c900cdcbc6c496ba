"""Files are kept once, given to cases by those who sent them, and forgotten if nobody does."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import httpx2
import obstore
import pytest
from moto.server import ThreadedMotoServer

from tests.files import shapes
from wangge.files import queries, service, store
from wangge.files.models import Purpose, Size
from wangge.kernel import clock
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.settings import settings

NewCase = Callable[[], UUID]


def kept(cell: Cell) -> list[str]:
    listing = obstore.list(store.opened(), prefix=cell.tenant).collect()
    return [found["path"] for found in listing]


def test_a_picture_is_kept_with_its_smaller_copies(tx: Tx) -> None:
    row = service.take(tx, new_id(), shapes.picture(size=(2000, 1000)), purpose=Purpose.BEFORE)
    assert (row.purpose, row.kind, row.mime) == ("before", "image", "image/jpeg")
    assert shapes.opened(service.content(tx, row.id, Size.FULL)).size == (2000, 1000)
    assert shapes.opened(service.content(tx, row.id, Size.LARGE)).size == (1280, 640)
    assert shapes.opened(service.content(tx, row.id, Size.THUMB)).size == (360, 180)
    assert row.from_asker


def test_a_camera_without_zone_shows_the_time_of_this_city(tx: Tx) -> None:
    tx.run("update clock set zone = 'Asia/Urumqi'")
    row = service.take(tx, new_id(), shapes.picture(taken="2026:03:14 08:00:00"))
    assert row.shot_at is not None
    assert row.shot_at.isoformat() in {"2026-03-14T02:00:00+00:00", "2026-03-14T10:00:00+08:00"}


def test_a_film_has_no_smaller_copies(tx: Tx) -> None:
    row = service.take(tx, new_id(), shapes.film(3))
    assert (row.kind, row.seconds) == ("video", 3)
    assert len(service.content(tx, row.id, Size.FULL)) == row.size
    with pytest.raises(NotFound):
        service.open_(tx, row.id, Size.THUMB)


def test_the_same_again_answers_the_same_and_is_kept_once(cell: Cell) -> None:
    with transaction(cell) as tx:
        file_id, data = new_id(), shapes.picture()
        first = service.take(tx, file_id, data)
        assert service.take(tx, file_id, data) == first
        service.take(tx, new_id(), data)
    assert len(kept(cell)) == 3


def test_an_id_in_use_is_refused_for_other_content_and_other_people(tx: Tx) -> None:
    file_id = new_id()
    service.take(tx, file_id, shapes.picture(), token=hashed("phone"))
    for content, token in ((shapes.picture("PNG", (9, 9)), "phone"), (shapes.picture(), "other")):
        with pytest.raises(Refusal) as refused:
            service.take(tx, file_id, content, token=hashed(token))
        assert (refused.value.code, refused.value.status) == ("id_taken", 409)
        assert refused.value.details == {}


def test_a_refused_file_leaves_nothing_behind(cell: Cell) -> None:
    with pytest.raises(Refusal), transaction(cell) as tx:
        service.take(tx, new_id(), b"<svg/>")
    assert kept(cell) == []


def test_a_report_gets_its_files_and_hears_of_those_left_out(tx: Tx, a_case: NewCase) -> None:
    case_id, other_case, missing = a_case(), a_case(), new_id()
    film = service.take(tx, new_id(), shapes.film()).id
    mine = service.take(tx, new_id(), shapes.picture(), token=hashed("me")).id
    theirs = service.take(tx, new_id(), shapes.picture(), token=hashed("they")).id
    used = service.take(tx, new_id(), shapes.picture()).id
    service.attach(tx, other_case, [used])

    wanted = [film, mine, theirs, used, missing, mine]
    done = service.attach(tx, case_id, wanted, token=hashed("me"))
    assert done.taken == [film, mine]
    assert done.left_out == [theirs, used, missing]
    assert done.picture == mine
    assert service.attach(tx, case_id, wanted, token=hashed("me")) == done
    assert {row.id for row in queries.of_cases(tx, [case_id])[case_id]} == {film, mine}


def test_nobody_attaches_what_a_colleague_has_sent(tx: Tx, a_case: NewCase) -> None:
    accounts = [row["id"] for row in tx.rows("select id from accounts limit 2")]
    file_id = service.take(tx, new_id(), shapes.picture(), uploaded_by=accounts[0]).id
    assert service.attach(tx, a_case(), [file_id], account_id=accounts[1]).left_out == [file_id]
    assert service.attach(tx, a_case(), [file_id]).left_out == [file_id]
    case_id, step_id = a_case(), new_id()
    assert service.attach(tx, case_id, [file_id], account_id=accounts[0], step_id=step_id).taken
    assert queries.of_cases(tx, [case_id])[case_id][0].step_id == step_id


def test_after_a_day_orphans_are_gone_and_all_others_stay(cell: Cell, a_case: NewCase) -> None:
    case_id = a_case()
    shared, lonely = shapes.picture(), shapes.picture("PNG", (50, 50))
    with transaction(cell) as tx:
        attached = service.take(tx, new_id(), shared).id
        orphan = service.take(tx, new_id(), shared).id
        forgotten = service.take(tx, new_id(), lonely).id
        service.attach(tx, case_id, [attached])
        clock.advance(tx, timedelta(hours=23))
    with transaction(cell) as tx:
        assert service.sweep_orphans(tx) == 0
        young = service.take(tx, new_id(), shapes.wav()).id
        clock.advance(tx, timedelta(hours=2))
    assert len(kept(cell)) == 7
    with transaction(cell) as tx:
        assert service.sweep_orphans(tx) == 2
    with transaction(cell) as tx:
        assert queries.file(tx, orphan) is None
        assert queries.file(tx, forgotten) is None
        assert queries.file(tx, young) is not None
        assert shapes.opened(service.content(tx, attached))
    assert len(kept(cell)) == 4


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run an object store on this machine that speaks S3 over the network."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    assert httpx2.put(f"http://{host}:{port}/wangge").status_code == 200
    monkeypatch.setattr(settings(), "files_url", "s3://wangge/files")
    yield f"http://{host}:{port}/wangge"
    server.stop()


def test_an_object_store_keeps_reads_ranges_and_forgets(bucket: str, cell: Cell) -> None:
    with transaction(cell) as tx:
        row = service.take(tx, new_id(), shapes.picture(size=(500, 400)))
        assert shapes.opened(service.content(tx, row.id, Size.FULL)).size == (500, 400)
        assert shapes.opened(service.content(tx, row.id, Size.THUMB)).size == (360, 288)
        part = store.read(cell.tenant, row.sha256, Size.FULL, 0, 3)
        assert b"".join(part) == b"\xff\xd8\xff"
        assert len(kept(cell)) == 3
        clock.advance(tx, timedelta(hours=25))
    assert not (settings().home / "files" / cell.tenant).exists()
    with transaction(cell) as tx:
        assert service.sweep_orphans(tx) == 1
    assert kept(cell) == []
