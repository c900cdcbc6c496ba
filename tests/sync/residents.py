"""A resident's phone as web/src/shared/said is: words first, photos after them in pieces."""

import io
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any

import orjson
from PIL import Image

from tests.sync.line import Answer, Line, NoLine
from wangge.kernel.ids import new_id

DOOR = "/api/v1/public/uploads"
LARGEST_PIECE = 400


@cache
def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 140)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Said:
    """What lies on the phone until all of it is home; ``awaits`` is None before its receipt."""

    body: dict[str, Any]
    photos: dict[str, bytes]
    awaits: list[str] | None = None
    number: str = ""


@dataclass
class ModelResident:
    """Somebody without an account, his device's token, and where it noted that its uploads lie."""

    line: Line
    chance: Random
    token: str = field(default_factory=lambda: new_id().hex)
    waiting: list[Said] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def say(self, text: str, shades: list[int]) -> str:
        photos = {sha256(picture(one)).hexdigest(): picture(one) for one in shades}
        body = {
            "id": str(new_id()), "text": text, "lon": 118.1, "lat": 37.3,
            "photos": [{"sha256": digest, "purpose": "report"} for digest in photos],
            "upload_token": self.token,
        }  # fmt: skip
        self.waiting.append(Said(body, photos))
        self.said.append(self.waiting[-1])
        return str(body["id"])

    async def sync(self) -> bool:
        """One run; False when the line failed on the way. Now and then the app forgets a place."""
        if self.chance.random() < 0.1:
            self.places.clear()
        try:
            while True:
                await self._words()
                going = next((one for one in self.waiting if one.awaits), None)
                if going is None:
                    return True
                assert going.awaits
                await self._photo(going, going.awaits[0])
        except NoLine:
            return False

    async def _words(self) -> None:
        for one in self.waiting:
            if one.awaits is not None:
                continue
            headers = {"Content-Type": "application/json", "X-Device": self.token}
            body = orjson.dumps(one.body)
            answer = await self.line.ask("POST", "/api/v1/public/cases", headers, body)
            assert answer.status == 200, answer
            receipt = orjson.loads(answer.body)
            one.awaits, one.number = receipt["awaits"], receipt["number"]
            assert one.number
            assert set(one.awaits) <= set(one.photos)
        self.waiting = [one for one in self.waiting if one.awaits != []]

    async def _photo(self, one: Said, digest: str) -> None:
        data = one.photos[digest]
        at = await self._begin(digest, len(data))
        while at < len(data):
            piece = data[at : at + self.chance.randint(50, LARGEST_PIECE)]
            moved = {
                "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"
            }  # fmt: skip
            answer = await self._ask("PATCH", self.places[digest], moved, piece)
            assert answer.status in {204, 404, 409}, answer
            if answer.status == 204:
                at = int(answer.headers["upload-offset"])
            else:
                at = await self._begin(digest, len(data))
        one.awaits = [other for other in one.awaits or [] if other != digest]
        self.waiting = [other for other in self.waiting if other.awaits != []]

    async def _begin(self, digest: str, length: int) -> int:
        if digest in self.places:
            answer = await self._ask("HEAD", self.places[digest], {})
            if answer.status == 200:
                return int(answer.headers["upload-offset"])
        known = b64encode(digest.encode()).decode()
        asked = {"Upload-Length": str(length), "Upload-Metadata": f"sha256 {known}"}
        answer = await self._ask("POST", DOOR, asked)
        assert answer.status == 201, answer
        self.places[digest] = answer.headers["location"]
        return int(answer.headers["upload-offset"])

    async def _ask(self, method: str, path: str, more: dict[str, str], body: bytes = b"") -> Answer:
        headers = {"Tus-Resumable": "1.0.0", "X-Upload-Token": self.token, **more}
        return await self.line.ask(method, path, headers, body)
