"""A resident's phone as web/src/shared/said is: words first, photos after them in pieces."""

import io
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from random import Random
from typing import Any

import orjson
from PIL import Image

from tests.sync.line import Line, NoLine
from tests.sync.pieces import Pieces
from wangge.kernel.ids import new_id

DOOR = "/api/v1/public/uploads"


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

    @cached_property
    def pieces(self) -> Pieces:
        return Pieces(self.line, self.chance, DOOR, lambda: {"X-Upload-Token": self.token})

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
            self.pieces.places.clear()
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
        await self.pieces.send(digest, one.photos[digest])
        one.awaits = [other for other in one.awaits or [] if other != digest]
        self.waiting = [other for other in self.waiting if other.awaits != []]
