"""A backup taken while reports arrive becomes a tenant that is whole, and silent."""

import tarfile
from hashlib import sha256
from pathlib import Path

import httpx2
import orjson
import pytest

from tests.faults.platform import TENANT, Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import assert_sound
from tests.files.sending import TUS, named
from tests.files.shapes import picture
from tests.proofs import Proof
from tests.sync.phones import metadata
from wangge.files import store
from wangge.files.models import Size
from wangge.kernel import crypto
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.settings import settings
from wangge.upkeep import restore as restores

COPY = "copied"
PEOPLE = 4


@pytest.fixture
def at_home(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process too reads the platform's files and has its key."""
    keys = crypto.load(platform.home / "keys" / "master.key")
    monkeypatch.setattr(settings(), "home", platform.home)
    monkeypatch.setattr(crypto, "keys", lambda: keys)


def with_a_photo(platform: Platform) -> None:
    """One report that has a picture, whose bytes lie outside the database."""
    photo, token = picture(), "token-of-this-phone"
    with httpx2.Client(base_url=f"{platform.origin}/api/v1/public", timeout=30) as client:
        body = {
            "id": str(new_id()), "text": "路灯不亮，附照片", "lon": 118.1, "lat": 37.3,
            "photos": named(photo), "upload_token": token,
            "asker": {"name": "王桂英", "phone": "13854600001"},
        }  # fmt: skip
        taken = client.post("/cases", json=body)
        assert taken.status_code == 200, taken.text
        begun = client.post(
            "/uploads",
            headers={**TUS, "X-Upload-Token": token, "Upload-Length": str(len(photo)),
                     "Upload-Metadata": metadata(taken.json()["awaits"][0], "report")},
        )  # fmt: skip
        whole = client.patch(
            f"{platform.origin}{begun.headers['Location']}", content=photo,
            headers={**TUS, "X-Upload-Token": token, "Upload-Offset": "0"},
        )  # fmt: skip
        assert whole.status_code == 204, whole.text


def assert_files_have_their_digests(cell: Cell) -> int:
    with transaction(cell) as tx:
        rows = tx.rows("select sha256, size from files")
    for row in rows:
        parts = store.read(cell.tenant, row["sha256"], Size.FULL, 0, row["size"])
        assert sha256(b"".join(parts)).digest() == row["sha256"]
    return len(rows)


@pytest.mark.proof("A backup under full load is whole: histories, figures and files")
def test_a_backup_under_load_restores_whole(
    platform: Platform, at_home: None, proof: Proof, tmp_path: Path
) -> None:
    """Seen red with the dump taken outside the exported snapshot: the figures differed."""
    with_a_photo(platform)
    crowd = Crowd.begin(platform, PEOPLE, staff=1)
    wanted = proof.count(20, stated=2_000)
    until(lambda: len(crowd.receipts) >= wanted, f"{wanted} reports", seconds=600)
    sure = dict(crowd.receipts)
    file = tmp_path / "city.tar"

    platform.command("backup", str(file), "--tenant", TENANT)
    reached = len(crowd.receipts) + 5
    until(lambda: len(crowd.receipts) >= reached, "reports after the backup")
    crowd.end()
    platform.command("restore", str(file), "--tenant", COPY)

    copy = platform.cells.cell(COPY)
    with tarfile.open(file) as tar:
        body = tar.extractfile("manifest.json")
        assert body
        manifest = orjson.loads(body.read())
        assert not [name for name in tar.getnames() if "key" in name or "password" in name]
    with transaction(copy) as tx:
        rows = {str(row["id"]): row for row in tx.rows("select id, number, state from cases")}
        states = tx.rows("select state, count(*) as n from cases group by 1")
        assert manifest["cases"] == {row["state"]: row["n"] for row in states}
        assert manifest["rows"]["cases"] == len(rows)
        (steps,) = tx.rows("select count(*) as n from case_steps")
        assert manifest["rows"]["case_steps"] == steps["n"]
    original = {str(row["id"]): row["number"] for row in platform.rows("select * from cases")}
    assert {name: row["number"] for name, row in rows.items()}.items() <= original.items()
    assert sure.keys() <= rows.keys()
    assert len(rows) < len(original)
    assert_sound(copy)
    assert assert_files_have_their_digests(copy) >= 1
    assert file.stat().st_mode & 0o077 == 0
    is_silent_and_keeps_its_secrets(platform)
    proof.note(cases=len(rows), files=manifest["files"], mib=file.stat().st_size >> 20)


def is_silent_and_keeps_its_secrets(platform: Platform) -> None:
    """Nobody hears twice; the numbers are sealed anew for the copy and open there alone."""
    copy = platform.cells.cell(COPY)
    with transaction(copy) as tx:
        assert tx.rows("select 1 from sms_messages where state = 'queued'") == []
        assert tx.rows("select 1 from sessions") == []
        asker = tx.rows("select phone_sealed, phone_index from case_askers limit 1")[0]
        message = notices.send_sms(tx, "13854600001", "phone_code", {}, purpose="phone_code")
        (kept,) = tx.rows("select state from sms_messages where id = %s", [message])
        assert kept["state"] == "withheld"
        assert tx.rows("select 1 from pgqueuer where entrypoint = 'sms.send'") == []

    assert crypto.open_(COPY, asker["phone_sealed"]) == "13854600001"
    assert crypto.index(COPY, "13854600001") == asker["phone_index"]
    with pytest.raises(crypto.CannotOpen):
        crypto.open_(TENANT, asker["phone_sealed"])


def test_a_taken_name_another_key_and_half_a_file_are_refused(
    platform: Platform, at_home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "city.tar"
    platform.command("backup", str(file), "--tenant", TENANT)
    before = platform.cells.names()

    def refused(source: Path, tenant: str) -> str:
        with pytest.raises(Refusal) as told:
            restores.restore(platform.cells, source, tenant)
        return told.value.code

    assert refused(file, TENANT) == "tenant_exists"
    half = tmp_path / "half.tar"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert refused(half, "another") == "backup_damaged"
    other = crypto.load(tmp_path / "other.key")
    monkeypatch.setattr(crypto, "keys", lambda: other)
    assert refused(file, "another") == "wrong_key"
    assert platform.cells.names() == before
