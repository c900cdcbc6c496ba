"""Files made byte by byte: what phones, recorders and people with other intentions send."""

import io
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image, PngImagePlugin

PLACE = b"+37.4333+118.6700/"
SECRET = b"GEHEIM"
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)


def picture(
    form: str = "JPEG",
    size: tuple[int, int] = (640, 480),
    *,
    taken: str = "",
    offset: str = "",
    turned: int = 1,
    place: bool = False,
    **save: Any,
) -> bytes:
    """Make a picture red on its left and blue on its right half, with the EXIF a phone writes."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned
    exif[ExifTags.Base.Model] = SECRET.decode()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N"
        gps[ExifTags.GPS.GPSLatitude] = (37.0, 26.0, 0.0)
    out = io.BytesIO()
    image.save(out, form, exif=exif, **save)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def bomb(side: int) -> bytes:
    """Make a PNG of side x side black pixels in a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    lines = zlib.compressobj(9)
    body = b"".join(lines.compress(bytes(1 + side // 8)) for _ in range(side)) + lines.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def titled_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    return picture("PNG", pnginfo=notes)


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def track(
    number: int, handler: bytes, seconds: float, *, offset: int = 0, sizes: tuple[int, ...] = ()
) -> bytes:
    """One track whose samples lie in one chunk at ``offset``; 10 ticks a second."""
    times = box(b"stts", struct.pack(">IIII", 0, 1, int(seconds * 10), 1))
    table = box(
        b"stbl",
        times,
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(sizes), 1)),
        box(b"stsz", struct.pack(">III", 0, 0, len(sizes)), struct.pack(f">{len(sizes)}I", *sizes)),
        box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    head = (
        struct.pack(">IIIII", 7, 0, 0, number, 0)
        + bytes(56)
        + struct.pack(">II", 320 << 16, 240 << 16)
    )
    return box(
        b"trak",
        box(b"tkhd", head),
        box(
            b"mdia",
            box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 10, 0, 0)),
            box(b"hdlr", bytes(8), handler, bytes(13)),
            box(b"minf", table),
        ),
    )


def film(
    seconds: float = 3,
    *,
    brand: bytes = b"isom",
    taken: datetime | None = None,
    seen: bool = True,
    tail: bytes = b"",
) -> bytes:
    """Make an MP4 as phones make it: picture, sound, a track of positions, places in ``udta``."""
    start = box(b"ftyp", brand, bytes(4), brand)
    samples = b"PICT" * 4 + b"SNDS" * 4 + PLACE
    body = len(start) + 8
    since = int((taken - _EPOCH).total_seconds()) if taken else 0
    tracks = [track(2, b"soun", seconds, offset=body + 16, sizes=(16,))]
    if seen:
        tracks.insert(0, track(1, b"vide", seconds, offset=body, sizes=(8, 8)))
        tracks.append(track(3, b"meta", seconds, offset=body + 32, sizes=(len(PLACE),)))
    movie = box(
        b"moov",
        box(b"mvhd", struct.pack(">IIIII", 0, since, since, 10, 1), bytes(80)),
        *tracks,
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0), PLACE)),
        box(b"meta", bytes(4), box(b"ilst", SECRET)),
    )
    return start + box(b"mdat", samples) + box(b"free", SECRET) + movie + tail


def fragments(seconds: float) -> bytes:
    """Make a fragmented MP4: no times in ``moov``, one run of samples a second."""
    movie = box(
        b"moov",
        box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 10, 0), bytes(80)),
        track(1, b"vide", 0),
        box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 1, 0, 0))),
    )
    one = box(
        b"moof",
        box(b"mfhd", struct.pack(">II", 0, 1)),
        box(
            b"traf",
            box(b"tfhd", struct.pack(">II", 0, 1)),
            box(b"trun", struct.pack(">III", 0x200, 10, 0)[:8], struct.pack(">10I", *[1] * 10)),
        ),
    ) + box(b"mdat", b"x" * 10)
    return box(b"ftyp", b"iso5", bytes(4)) + movie + one * int(seconds)


def element(name: int, *parts: bytes, unknown: bool = False) -> bytes:
    body = b"".join(parts)
    width = (name.bit_length() + 7) // 8
    size = b"\x01" + (b"\xff" * 7 if unknown else len(body).to_bytes(7, "big"))
    return name.to_bytes(width, "big") + size + body


def number(name: int, value: int) -> bytes:
    return element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def webm(
    seconds: int = 3, *, kinds: tuple[int, ...] = (1, 2), live: bool = True, doc: bytes = b"webm"
) -> bytes:
    """Make what a browser's recorder writes: no lengths, no duration, a block each 100 ms."""
    head = element(0x1A45DFA3, element(0x4282, doc))
    entries = [
        element(
            0xAE,
            number(0xD7, i),
            number(0x83, kind),
            element(0xE0, number(0xB0, 320), number(0xBA, 240)),
        )
        for i, kind in enumerate(kinds, start=1)
    ]
    clusters = [
        element(
            0x1F43B675,
            number(0xE7, second * 1000),
            *[
                element(0xA3, b"\x81", struct.pack(">hB", ms, 0x80), b"x")
                for ms in range(0, 1000, 100)
            ],
            unknown=live,
        )
        for second in range(seconds)
    ]
    return head + element(
        0x18538067,
        element(0x1549A966, number(0x2AD7B1, 1_000_000), element(0x7BA9, SECRET)),
        element(0x1654AE6B, *entries),
        *clusters,
        element(0x1254C367, element(0x7373, SECRET)),
        unknown=live,
    )


def mp3(frames: int = 100) -> bytes:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 0, 16]) + SECRET.ljust(16, b"\0")
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * frames + b"TAG" + SECRET.ljust(125, b"\0")


def aac(frames: int = 100) -> bytes:
    length = 20
    head = 0xFFF1 << 40 | 1 << 38 | 4 << 34 | 1 << 30 | length << 13 | 0x7FF << 2
    return (head.to_bytes(7, "big") + bytes(13)) * frames


def amr(frames: int = 100) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames


def wav(seconds: int = 1) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    notes = struct.pack("<4sI", b"LIST", 6) + SECRET
    body = b"WAVE" + struct.pack("<4sI", b"fmt ", 16) + form + notes
    body += struct.pack("<4sI", b"data", 16000 * seconds) + bytes(16000 * seconds)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def opus(seconds: int = 2) -> bytes:
    def page(granule: int, body: bytes) -> bytes:
        lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
        return (
            b"OggS\0\0"
            + struct.pack("<qIII", granule, 1, 0, 0)
            + bytes([len(lacing)])
            + lacing
            + body
        )

    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    return page(0, head) + page(0, tags) + page(48000 * seconds + 312, bytes(100))
