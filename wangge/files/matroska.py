"""WebM: the elements a browser's recorder writes, also those whose length it never filled in.

Recorders leave the duration out, so it is read from the moments of the blocks. Tags, attachments
and unknown elements are blanked where they lie.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wangge.files.models import not_accepted

_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS = (
    0x1A45DFA3,
    0x18538067,
    0x1F43B675,
    0x1549A966,
    0x1654AE6B,
)
_SEEK, _CUES, _VOID, _CRC, _DOCTYPE = 0x114D9B74, 0x1C53BB6B, 0xEC, 0xBF, 0x4282
_SCALE, _ENTRY, _KIND, _VIDEO, _WIDTH, _HEIGHT = 0x2AD7B1, 0xAE, 0x83, 0xE0, 0xB0, 0xBA
_TITLE, _MOMENT, _SIMPLE, _GROUP, _BLOCK, _LENGTH = 0x7BA9, 0xE7, 0xA3, 0xA0, 0xA1, 0x9B
_KEPT = frozenset({_INFO, _TRACKS, _SEEK, _CUES, _VOID, _CRC, _CLUSTER})
_IN_CLUSTER = frozenset(
    {_TITLE, _MOMENT, _SIMPLE, _GROUP, _VOID, _CRC, 0xA7, 0xAB}
)  # + position, size before


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, where it starts, and what it holds."""

    name: int
    start: int
    body: int
    end: int


@dataclass(slots=True)
class Recording:
    """A WebM as understood, with its cleaned bytes."""

    seconds: float = 0.0
    has_picture: bool = False
    has_sound: bool = False
    width: int | None = None
    height: int | None = None
    scale: int = 1_000_000
    data: bytearray = field(default_factory=bytearray)


def recording(data: bytes) -> Recording:
    """Understand and clean a whole WebM; refuse what its elements do not explain."""
    made = Recording(data=bytearray(data))
    try:
        _read(made)
    except IndexError as error:
        raise not_accepted("recording ends in the middle of an element") from error
    return made


def _read(made: Recording) -> None:
    data = made.data
    top = list(_elements(data, 0, len(data)))
    if [element.name for element in top] != [_EBML, _SEGMENT]:
        raise not_accepted("not one recording")
    kinds = [child for child in _elements(data, top[0].body, top[0].end) if child.name == _DOCTYPE]
    if not kinds or bytes(data[kinds[0].body : kinds[0].end]).rstrip(b"\0") != b"webm":
        raise not_accepted("not a WebM recording")
    last = 0
    for element in list(_elements(data, top[1].body, top[1].end)):
        if element.name not in _KEPT or element.name == _VOID:
            _blank(data, element)
        elif element.name == _INFO:
            made.scale = _number(data, element, _SCALE, made.scale)
            for child in list(_elements(data, element.body, element.end)):
                if child.name == _TITLE:
                    _blank(data, child)
        elif element.name == _TRACKS:
            _tracks(made, element)
        elif element.name == _CLUSTER:
            last = max(last, _cluster(data, element))
    made.seconds = last * made.scale / 1e9


def _elements(data: bytearray, start: int, end: int) -> Iterator[Element]:
    while start < end:
        name, at = _vint(data, start, marked=True)
        size, at = _vint(data, at, marked=False)
        stop = _unbounded(data, name, at, end) if size is None else at + size
        if name is None or stop > end:
            raise not_accepted("element does not fit")
        yield Element(name, start, at, stop)
        start = stop


def _unbounded(data: bytearray, name: int | None, at: int, end: int) -> int:
    """Find where an element of unknown length ends: a cluster at the next top-level element."""
    if name == _SEGMENT:
        return end
    if name != _CLUSTER:
        raise not_accepted("element without a length")
    while at < end:
        child, body = _vint(data, at, marked=True)
        if child not in _IN_CLUSTER:
            break
        size, body = _vint(data, body, marked=False)
        if size is None:
            raise not_accepted("block without a length")
        at = body + size
    return at


def _vint(data: bytearray, at: int, *, marked: bool) -> tuple[int | None, int]:
    """Read a number of variable length; None when all its bits are set (length unknown)."""
    first = data[at]
    width = 9 - first.bit_length()
    if width > (4 if marked else 8):
        raise not_accepted("broken number")
    raw = int.from_bytes(data[at : at + width], "big")
    if at + width > len(data):
        raise IndexError(at)
    ones = (1 << 7 * width) - 1
    if marked:
        return raw, at + width
    return (None if raw & ones == ones else raw & ones), at + width


def _number(data: bytearray, parent: Element, name: int, otherwise: int) -> int:
    for child in _elements(data, parent.body, parent.end):
        if child.name == name and child.end - child.body <= 8:
            return int.from_bytes(data[child.body : child.end], "big")
    return otherwise


def _tracks(made: Recording, tracks: Element) -> None:
    data = made.data
    for entry in _elements(data, tracks.body, tracks.end):
        if entry.name != _ENTRY:
            continue
        kind = _number(data, entry, _KIND, 0)
        made.has_picture |= kind == 1
        made.has_sound |= kind == 2
        if kind not in (1, 2):
            raise not_accepted("a track that is neither picture nor sound")
        for child in _elements(data, entry.body, entry.end):
            if child.name == _VIDEO:
                made.width = _number(data, child, _WIDTH, 0) or None
                made.height = _number(data, child, _HEIGHT, 0) or None


def _cluster(data: bytearray, cluster: Element) -> int:
    """Return the last moment of a cluster, in ticks."""
    start, last = 0, 0
    for child in _elements(data, cluster.body, cluster.end):
        if child.name == _MOMENT:
            start = int.from_bytes(data[child.body : child.end], "big")
            last = max(last, start)
        elif child.name == _SIMPLE:
            last = max(last, start + _tick(data, child))
        elif child.name == _GROUP:
            length = _number(data, child, _LENGTH, 0)
            for block in _elements(data, child.body, child.end):
                if block.name == _BLOCK:
                    last = max(last, start + _tick(data, block) + length)
        elif child.name == _VOID:
            _blank(data, child)
    return last


def _tick(data: bytearray, block: Element) -> int:
    _, at = _vint(data, block.body, marked=False)
    return int.from_bytes(data[at : at + 2], "big", signed=True)


def _blank(data: bytearray, element: Element) -> None:
    """Make an element of the same length that says nothing."""
    whole = element.end - element.start
    if whole >= 9:
        head = b"\xec\x01" + (whole - 9).to_bytes(7, "big")
    else:
        head = bytes([_VOID, 0x80 | (whole - 2)])
    data[element.start : element.end] = head + bytes(whole - len(head))
