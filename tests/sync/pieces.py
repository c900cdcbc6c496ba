"""Photos by tus over a bad line: begun, asked where they stand, gone on with from there."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.sync.line import Answer, Line

LARGEST_PIECE = 400


@dataclass
class Pieces:
    """One owner's uploads and where they lie; ``headers`` say who he is."""

    line: Line
    chance: Random
    door: str
    headers: Callable[[], dict[str, str]]
    places: dict[str, str] = field(default_factory=dict)

    async def send(self, digest: str, data: bytes) -> None:
        """All that is still missing of one photo; raises NoLine where the line fails."""
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

    async def _begin(self, digest: str, length: int) -> int:
        if digest in self.places:
            answer = await self._ask("HEAD", self.places[digest], {})
            if answer.status == 200:
                return int(answer.headers["upload-offset"])
        known = b64encode(digest.encode()).decode()
        asked = {"Upload-Length": str(length), "Upload-Metadata": f"sha256 {known}"}
        answer = await self._ask("POST", self.door, asked)
        assert answer.status == 201, answer
        self.places[digest] = answer.headers["location"]
        return int(answer.headers["upload-offset"])

    async def _ask(self, method: str, path: str, more: dict[str, str], body: bytes = b"") -> Answer:
        headers = {"Tus-Resumable": "1.0.0", **self.headers(), **more}
        return await self.line.ask(method, path, headers, body)
