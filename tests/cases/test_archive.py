"""归档: one ZIP with everything, sums that hold, and a seal that notices what was changed."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.cases.test_loop import taken
from tests.cases.test_merging import closed, reported, says
from tests.dispatch.conftest import work
from tests.files import shapes
from tests.town import Person, Town
from wangge.kernel.db import PREFIX, Cell, Cells, transaction
from wangge.kernel.ids import new_id

__all__ = ["work"]


def unpacked(person: Person, case: str) -> dict[str, bytes]:
    answer = person.get(f"/cases/{case}/archive.zip")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_file_holds_everything_and_its_sums(
    town: Town, client: Any, work: Callable[[], None]
) -> None:
    """Seen red with a picture's smaller copy in place of the full one."""
    case = reported(client)
    acceptor = town.person("acceptor")
    photo = str(new_id())
    sent = acceptor.client.post(
        "/api/v1/files",
        data={"id": photo, "purpose": "other"},
        files={"file": ("a.jpg", shapes.picture(), "image/jpeg")},
    )
    assert sent.is_success, sent.text
    taken(acceptor, case["id"], "remark", note="补一张照片", files=[photo])
    closed(town, case["id"])
    says(client, case["code"], solved=True)
    work()

    found = unpacked(acceptor, case["id"])

    manifest = json.loads(found["manifest.json"])
    assert found["case.pdf"].startswith(b"%PDF")
    assert manifest["number"] == case["number"]
    names = {one["name"]: one["sha256"] for one in manifest["files"]}
    assert set(names) == set(found) - {"manifest.json", "SHA256SUMS"}
    assert all(hashlib.sha256(found[name]).hexdigest() == digest for name, digest in names.items())
    lines = [line.split("  ") for line in found["SHA256SUMS"].decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == names | {"manifest.json": hashlib.sha256(found["manifest.json"]).hexdigest()}
    assert found["files/01-other.jpg"] == acceptor.client.get(f"/api/v1/files/{photo}").content
    steps = json.loads(found["case.json"])["steps"]
    assert [step["action"] for step in steps][:2] == ["report", "remark"]
    assert manifest["steps"] == len(steps) == manifest["seal"]["steps"]
    assert manifest["seal"]["unchanged"] is True
    assert "13854600001" not in found["case.json"].decode()


def test_the_seal_notices_what_was_changed_behind_the_product(
    town: Town, client: Any, cells: Cells, cell: Cell, work: Callable[[], None]
) -> None:
    case, acceptor = reported(client), town.person("acceptor")
    taken(acceptor, case["id"], "decline", reason="out_of_scope", answer="不属于本市")
    work()
    taken(acceptor, case["id"], "remark", note="后来的说明")
    assert json.loads(unpacked(acceptor, case["id"])["manifest.json"])["seal"]["unchanged"] is True

    with psycopg.connect(cells.owner(PREFIX + cell.tenant)) as conn:
        conn.execute("update cases set answer = '另一种答复' where id = %s", [case["id"]])

    seal = json.loads(unpacked(acceptor, case["id"])["manifest.json"])["seal"]
    assert (seal["unchanged"], seal["steps"]) == (False, 2)


@pytest.mark.parametrize("who", ["wangqiang", "liulin", "handler"])
def test_the_door_has_the_rights_of_the_case_and_is_written_down(
    town: Town, client: Any, who: str
) -> None:
    case = reported(client)

    assert town.person(who).get(f"/cases/{case['id']}/archive.zip").status_code == 404
    unpacked(town.person("lihong"), case["id"])
    with transaction(town.cell) as tx:
        rows = tx.rows("select account_id from audit_rows where action = 'case.archived'")
    assert [str(row["account_id"]) for row in rows] == [town.account("lihong")]
