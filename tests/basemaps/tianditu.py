"""A stand-in for Tianditu: WMTS 1.0.0 by key-value pairs, with a key, over the network.

It refuses as the real one documents: no such layer or matrix set, or a key that it does not know.
"""

from urllib.parse import parse_qs, urlsplit

from tests.basemaps.making import picture
from wangge.kernel.stand_ins import Door as Answering
from wangge.kernel.stand_ins import StandIn

KEY = "0123456789abcdef0123456789abcdef"
ORANGE = (235, 130, 20)
WANTED = {
    "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "STYLE": "default",
    "TILEMATRIXSET": "w", "FORMAT": "tiles",
}  # fmt: skip


class Tianditu(StandIn):
    """What it was asked: layer, matrix, row, column, and by which page's host."""

    def __init__(self) -> None:
        super().__init__(0, KEY, Door)
        self.asked: list[tuple[str, int, int, int]] = []
        self.refused: list[str] = []
        self.pages: set[str] = set()


class Door(Answering):
    """GetTile; a connection for each, so that nobody is answered after the end."""

    protocol_version = "HTTP/1.0"
    server: Tianditu

    def do_GET(self) -> None:  # noqa: N802 - the standard library names it
        address = urlsplit(self.path)
        given = {name.upper(): values[0] for name, values in parse_qs(address.query).items()}
        layer = given.get("LAYER", "")
        right = all(given.get(name) == value for name, value in WANTED.items())
        if address.path != f"/{layer}_w/wmts" or not right or given.get("TK") != self.server.token:
            self.server.refused.append(self.path)
            self.answer(403, b"<ExceptionReport/>", "text/xml", **ANYBODY)
            return
        self.server.pages.add(self.headers.get("Referer", ""))
        z, y, x = (int(given[name]) for name in ("TILEMATRIX", "TILEROW", "TILECOL"))
        self.server.asked.append((layer, z, y, x))
        self.answer(200, picture(ORANGE), "image/png", **ANYBODY)


ANYBODY = {"Access-Control-Allow-Origin": "*"}
