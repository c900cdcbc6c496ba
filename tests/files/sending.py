"""A resident's device: the words first, then each file they named, by tus under its own token."""

from hashlib import sha256
from typing import Any

from fastapi.testclient import TestClient

from tests.sync.phones import metadata

TUS = {"Tus-Resumable": "1.0.0"}
DOOR = "/api/v1/public/uploads"


def named(*files: bytes) -> list[dict[str, str]]:
    """What a report says of the files that follow it."""
    return [{"sha256": sha256(data).hexdigest(), "purpose": "report"} for data in files]


def begun(client: TestClient, token: str, data: bytes, **headers: str) -> Any:
    return client.post(
        DOOR,
        headers={**TUS, "X-Upload-Token": token, "Upload-Length": str(len(data)),
                 "Upload-Metadata": metadata(sha256(data).hexdigest(), "report"), **headers},
    )  # fmt: skip


def patched(
    client: TestClient, token: str, location: str, at: int, part: bytes, **headers: str
) -> Any:
    return client.patch(
        location, content=part,
        headers={**TUS, "X-Upload-Token": token, "Upload-Offset": str(at),
                 "Content-Type": "application/offset+octet-stream", **headers},
    )  # fmt: skip


def sent(client: TestClient, token: str, data: bytes) -> str:
    """One file in two pieces; returns its id, which is the upload's."""
    answer = begun(client, token, data)
    assert answer.status_code == 201, answer.text
    location, half = answer.headers["Location"], max(1, len(data) // 2)
    for at in (0, half):
        last = len(data) if at else half
        assert patched(client, token, location, at, data[at:last]).status_code == 204
    return str(location).rsplit("/", 1)[1]
