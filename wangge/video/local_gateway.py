"""A stand-in for the owners' platforms: plainly synthetic pictures over the same interface.

``python -m wangge.video.local_gateway`` starts it. It looks at nothing: each picture is drawn, says
so across its middle, and shows no person.
"""

import hashlib
import hmac
import html
import io
import time
import urllib.parse
from dataclasses import dataclass
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont

from wangge.kernel.stand_ins import Door
from wangge.kernel.stand_ins import StandIn as Server
from wangge.settings import settings
from wangge.video.gateway import shared_token, sign

SIGNATURE_AGE = 300
EDGE = (960, 540)
FOLDER = "/sites/"


@dataclass
class Behaviour:
    """How the stand-in answers: seconds of waiting, and another body, kind or status than usual."""

    delay: float = 0.0
    status: int = 200
    kind: str = "image/jpeg"
    body: bytes | None = None
    location: str = ""


class StandIn(Server):
    """Draws what is asked of it, and keeps which looks those were."""

    def __init__(self, port: int, token: str, behaviour: Behaviour | None = None) -> None:
        super().__init__(port, token, _Door)
        self.behaviour = behaviour or Behaviour()
        self.asked: list[tuple[str, str]] = []


class _Door(Door):
    """GET /sites/{code}/snapshot with a signature; GET /sites/{code} is the owner's page."""

    server: StandIn

    def do_GET(self) -> None:  # noqa: N802 - the name in the base
        path = urllib.parse.urlsplit(self.path).path
        code, _, rest = path.removeprefix(FOLDER).partition("/")
        code = urllib.parse.unquote(code)
        if not path.startswith(FOLDER) or rest not in ("", "snapshot"):
            self._answer(404, "text/plain", b"no such site")
        elif rest == "":
            self._answer(200, "text/html; charset=utf-8", page(code))
        elif not self._signed():
            self._answer(403, "text/plain", b"not signed")
        else:
            self._snapshot(code)

    def _snapshot(self, code: str) -> None:
        said = self.server.behaviour
        self.server.asked.append((code, self.headers.get("X-Wangge-View", "")))
        self.server.ending.wait(said.delay)
        body = drawn(code, time.strftime("%H:%M:%S")) if said.body is None else said.body
        self._answer(said.status, said.kind, body, said.location)

    def _signed(self) -> bool:
        given = self.headers.get("X-Wangge-Signature", "")
        moment = given.removeprefix("t=").partition(",")[0]
        try:
            view = UUID(self.headers.get("X-Wangge-View", ""))
        except ValueError:
            return False
        if not moment.isdecimal() or abs(time.time() - int(moment)) > SIGNATURE_AGE:
            return False
        url = f"http://{self.server.host}{self.path}"
        return hmac.compare_digest(sign(self.server.token, url, view, at=int(moment)), given)

    def _answer(self, status: int, kind: str, body: bytes, location: str = "") -> None:
        self.answer(status, body, kind, **({"Location": location} if location else {}))


def page(code: str) -> bytes:
    """The owner's page as the demo has it."""
    said = html.escape(code)
    return (
        "<!doctype html><meta charset=utf-8><title>合成画面 synthetic</title>"
        "<body style='font:20px sans-serif;margin:40px;background:#e9edf0'>"
        f"<h1>点位单位平台（本机替身）</h1><p>点位 {said}：这里没有摄像机，画面是画出来的。</p>"
        "<p>The owner's platform, a stand-in: there is no camera here.</p>"
    ).encode()


def drawn(code: str, moment: str) -> bytes:
    """A street as a child would draw it, other for each site, with the word SYNTHETIC across."""
    rng = Random(hashlib.sha256(code.encode()).digest())  # noqa: S311 - the same for a code
    image = Image.new("RGB", EDGE, "#c9d6df")
    pen = ImageDraw.Draw(image)
    left = 0
    while left < EDGE[0]:
        wide, high = rng.randint(70, 170), rng.randint(90, 250)
        pen.rectangle(
            (left, 330 - high, left + wide, 330), fill=f"hsl({rng.randint(18, 40)},22%,62%)"
        )
        for x in range(left + 12, left + wide - 20, 34):
            for y in range(342 - high, 300, 40):
                pen.rectangle((x, y, x + 16, y + 20), fill="#eef3f6")
        left += wide + rng.randint(4, 20)
    pen.rectangle((0, 330, EDGE[0], 372), fill="#a9b4a2")
    pen.rectangle((0, 372, EDGE[0], EDGE[1]), fill="#8b9299")
    for x in range(20, EDGE[0], 120):
        pen.rectangle((x, 450, x + 60, 456), fill="#f2f2ee")
    if rng.random() < 0.5:
        x = rng.randint(120, 620)
        pen.ellipse((x, 478, x + 240, 522), fill="#6f8fa8")
    large, small = ImageFont.load_default(size=64), ImageFont.load_default(size=24)
    pen.rectangle((0, 0, EDGE[0], 44), fill="#1d2730")
    pen.text((16, 10), f"{code}   {moment}", fill="#ffffff", font=small)
    pen.text((220, 396), "SYNTHETIC PICTURE", fill="#ffffff", font=large, stroke_width=3,
             stroke_fill="#1d2730")  # fmt: skip
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def main() -> None:
    StandIn(settings().video_port, shared_token()).stay()


if __name__ == "__main__":
    main()
