"""MP4 and QuickTime: box by box, so that a film is understood and cleaned without decoding it.

Times are summed from the sample tables, as a header may say anything. What is not sound, picture or
their tables is blanked where it lies (same length, zeros), so no offset in the file has to move:
places in ``udta``/``meta``/``uuid``/``loci``, free space, and whole tracks of position samples.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wangge.files.models import not_accepted

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_TOP = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra", b"pnot", b"prft"})
_BLANKED = frozenset(
    {b"free", b"skip", b"wide", b"uuid", b"udta", b"meta", b"meco", b"emsg", b"ssix", b"tref"}
)
_WALKED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"})
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Box:
    """One box: ``start`` of its header, ``body`` and ``end`` of what it holds."""

    name: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class Track:
    """What the tables of one track say."""

    number: int = 0
    handler: bytes = b""
    scale: int = 0
    ticks: int = 0
    step: int = 0  # default length of a sample in fragments
    width: int = 0
    height: int = 0
    box: Box | None = None

    @property
    def seconds(self) -> float:
        return self.ticks / self.scale if self.scale else 0.0


@dataclass(slots=True)
class Film:
    """An MP4 as understood: its tracks, its moment, and its cleaned bytes."""

    brand: bytes
    tracks: dict[int, Track] = field(default_factory=dict)
    shot_at: datetime | None = None
    data: bytearray = field(default_factory=bytearray)

    def seconds(self) -> float:
        return max((track.seconds for track in self.tracks.values()), default=0.0)

    def with_handler(self, handler: bytes) -> list[Track]:
        return [track for track in self.tracks.values() if track.handler == handler]


def film(data: bytes) -> Film:
    """Understand and clean a whole MP4; refuse anything whose boxes do not tile it exactly."""
    try:
        return _film(bytearray(data))
    except (struct.error, IndexError, OverflowError) as error:
        raise not_accepted(f"broken box: {error}") from error


def _film(data: bytearray) -> Film:
    top = list(boxes(data, 0, len(data)))
    if not top or top[0].name != b"ftyp" or not any(box.name == b"moov" for box in top):
        raise not_accepted("no film in this file")
    made = Film(bytes(data[top[0].body : top[0].body + 4]), data=data)
    for box in top:
        if box.name in _BLANKED:
            continue
        if box.name not in _TOP:
            raise not_accepted(f"unknown box {box.name!r}")
        if box.name == b"moov":
            _movie(made, box)
        elif box.name == b"moof":
            _fragment(made, box)
    _clean(made, top)
    return made


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes that tile ``start``..``end``."""
    while start < end:
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            size = struct.unpack_from(">Q", data, body)[0]
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise not_accepted(f"box {name!r} does not fit")
        yield Box(name, start, body, start + size)
        start += size


def _inside(data: bytearray, box: Box, *path: bytes) -> Iterator[Box]:
    for child in boxes(data, box.body, box.end):
        if child.name == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _inside(data, child, *path[1:])


def _movie(made: Film, moov: Box) -> None:
    data = made.data
    for box in _inside(data, moov, b"mvhd"):
        made.shot_at = _moment(data, box)
    for box in _inside(data, moov, b"trak"):
        track = _track(data, box)
        if track.number in made.tracks:
            raise not_accepted("two tracks with one number")
        made.tracks[track.number] = track
    for box in _inside(data, moov, b"mvex", b"trex"):
        number, _, step = struct.unpack_from(">III", data, box.body + 4)
        if number in made.tracks:
            made.tracks[number].step = step


def _moment(data: bytearray, mvhd: Box) -> datetime | None:
    wide = data[mvhd.body] == 1
    seconds = struct.unpack_from(">Q" if wide else ">I", data, mvhd.body + 4)[0]
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment if moment.year >= 2000 else None


def _track(data: bytearray, trak: Box) -> Track:
    track = Track(box=trak)
    for box in _inside(data, trak, b"tkhd"):
        wide = data[box.body] == 1
        track.number = struct.unpack_from(">I", data, box.body + (20 if wide else 12))[0]
        track.width, track.height = (
            side >> 16 for side in struct.unpack_from(">II", data, box.end - 8)
        )
    for box in _inside(data, trak, b"mdia", b"mdhd"):
        wide = data[box.body] == 1
        track.scale = struct.unpack_from(">I", data, box.body + (20 if wide else 12))[0]
    for box in _inside(data, trak, b"mdia", b"hdlr"):
        track.handler = bytes(data[box.body + 8 : box.body + 12])
    for box in _inside(data, trak, b"mdia", b"minf", b"stbl", b"stts"):
        (count,) = struct.unpack_from(">I", data, box.body + 4)
        if box.body + 8 + 8 * count > box.end:
            raise not_accepted("table of times does not fit")
        pairs = struct.iter_unpack(">II", data[box.body + 8 : box.body + 8 + 8 * count])
        track.ticks += sum(samples * step for samples, step in pairs)
    return track


def _fragment(made: Film, moof: Box) -> None:
    data = made.data
    for traf in _inside(data, moof, b"traf"):
        track, step = None, 0
        for box in _inside(data, traf, b"tfhd"):
            flags, number = struct.unpack_from(">II", data, box.body)
            track = made.tracks.get(number)
            step = track.step if track else 0
            if flags & 0x08:
                skip = 8 + (8 if flags & 0x01 else 0) + (4 if flags & 0x02 else 0)
                step = struct.unpack_from(">I", data, box.body + skip)[0]
        if track is None:
            raise not_accepted("fragment of no track")
        for box in _inside(data, traf, b"trun"):
            track.ticks += _run(data, box, step)


def _run(data: bytearray, trun: Box, step: int) -> int:
    flags, count = struct.unpack_from(">II", data, trun.body)
    flags &= 0xFFFFFF
    if not flags & 0x100:
        return int(count * step)
    at = trun.body + 8 + (4 if flags & 0x01 else 0) + (4 if flags & 0x04 else 0)
    width = 4 * (flags >> 8 & 0xF).bit_count()
    if at + width * count > trun.end:
        raise not_accepted("run of samples does not fit")
    return sum(int(struct.unpack_from(">I", data, at + width * i)[0]) for i in range(count))


def _clean(made: Film, top: list[Box]) -> None:
    data = made.data
    for number, track in list(made.tracks.items()):
        if track.handler not in (b"vide", b"soun") and track.box is not None:
            if any(box.name == b"moof" for box in top):
                raise not_accepted("fragments with tracks that are neither picture nor sound")
            mdats = [box for box in top if box.name == b"mdat"]
            for start, end in samples(data, track.box):
                if any(box.body <= start and end <= box.end for box in mdats):
                    data[start:end] = bytes(end - start)
            _blank(data, track.box)
            del made.tracks[number]
    _sweep(data, top, depth=0)


def _sweep(data: bytearray, found: list[Box], depth: int) -> None:
    if depth > _DEEPEST:
        raise not_accepted("boxes in boxes in boxes")
    for box in found:
        if box.name in _BLANKED:
            _blank(data, box)
        elif box.name in _WALKED:
            _sweep(data, list(boxes(data, box.body, box.end)), depth + 1)


def _blank(data: bytearray, box: Box) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def samples(data: bytearray, trak: Box) -> Iterator[tuple[int, int]]:
    """Yield start and end of every chunk's samples of one track."""
    table = (b"mdia", b"minf", b"stbl")
    sizes: list[int] = []
    for box in _inside(data, trak, *table, b"stsz"):
        fixed, count = struct.unpack_from(">II", data, box.body + 4)
        if count > len(data) or (not fixed and box.body + 12 + 4 * count > box.end):
            raise not_accepted("table of sizes does not fit")
        sizes = (
            [fixed] * count
            if fixed
            else list(struct.unpack_from(f">{count}I", data, box.body + 12))
        )
    runs: list[tuple[int, int]] = []
    for box in _inside(data, trak, *table, b"stsc"):
        (count,) = struct.unpack_from(">I", data, box.body + 4)
        rows = struct.iter_unpack(">III", data[box.body + 8 : box.body + 8 + 12 * count])
        runs = [(first, many) for first, many, _ in rows]
    at, many, coming = 0, 0, iter(runs)
    following = next(coming, None)
    for chunk, offset in enumerate(_offsets(data, trak, table), start=1):
        while following is not None and following[0] <= chunk:
            many, following = following[1], next(coming, None)
        length = sum(sizes[at : at + many])
        at += many
        yield offset, offset + length


def _offsets(data: bytearray, trak: Box, table: tuple[bytes, ...]) -> list[int]:
    for name, code in ((b"stco", "I"), (b"co64", "Q")):
        for box in _inside(data, trak, *table, name):
            (count,) = struct.unpack_from(">I", data, box.body + 4)
            return list(struct.unpack_from(f">{count}{code}", data, box.body + 8))
    return []
