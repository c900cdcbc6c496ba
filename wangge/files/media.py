"""What a file is, by its content alone: its name and declared type are never asked."""

from datetime import UTC, tzinfo

from wangge.files import boxes, matroska, sounds
from wangge.files.models import (
    GRACE,
    LONGEST_FILM,
    MOST_BYTES,
    Kind,
    Media,
    not_accepted,
    too_large,
    too_long,
)
from wangge.files.pictures import picture

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_FOREIGN = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"#!",
    b"<",
    b"Rar!",
    b"7z\xbc\xaf",
)


def inspect(data: bytes, *, zone: tzinfo = UTC) -> Media:
    """Recognise, check and clean a file.

    ``zone`` is where a picture was taken if its camera does not say. Refuses with
    ``file_not_accepted``, ``file_too_large`` or ``film_too_long``.
    """
    kind = _kind(data)
    if len(data) > MOST_BYTES[kind]:
        raise too_large(MOST_BYTES[kind], size=len(data))
    if data[4:8] == b"ftyp" and data[8:12] not in _HEIC:
        return _mp4(data)
    if kind is Kind.IMAGE:
        _end(data)
        return picture(data, zone=zone)
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(data)
    return _recording(data)


def _kind(data: bytes) -> Kind:
    brand = data[8:12]
    if data[4:8] == b"ftyp":
        return Kind.IMAGE if brand in _HEIC else Kind.VIDEO
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _riff(data, b"WEBP"):
        return Kind.IMAGE
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return Kind.VIDEO
    if data.startswith((b"OggS", b"#!AMR", b"ID3")) or _riff(data, b"WAVE") or _synchronised(data):
        return Kind.AUDIO
    raise not_accepted("unknown content")


def _riff(data: bytes, form: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == form


def _synchronised(data: bytes) -> bool:
    return len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0


def _recording(data: bytes) -> Media:
    if data.startswith(b"OggS"):
        return sounds.ogg(data)
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return sounds.amr(data)
    if _riff(data, b"WAVE"):
        return sounds.wav(data)
    if data[0] == 0xFF and data[1] & 0xF6 == 0xF0:
        return sounds.aac(data)
    return sounds.mp3(data)


def _mp4(data: bytes) -> Media:
    film = boxes.film(data)
    seen = film.with_handler(b"vide")
    seconds = film.seconds()
    if seconds <= 0:
        raise not_accepted("neither picture nor sound in this film")
    if not seen:
        _within(Kind.AUDIO, film.data)
        return Media(
            Kind.AUDIO, "audio/mp4", bytes(film.data), shot_at=film.shot_at, duration=seconds
        )
    _short(seconds)
    return Media(
        Kind.VIDEO,
        "video/quicktime" if film.brand == b"qt  " else "video/mp4",
        bytes(film.data),
        shot_at=film.shot_at,
        width=seen[0].width or None,
        height=seen[0].height or None,
        duration=round(seconds, 3),
    )


def _webm(data: bytes) -> Media:
    made = matroska.recording(data)
    if made.seconds <= 0 or not (made.has_picture or made.has_sound):
        raise not_accepted("neither picture nor sound in this recording")
    kept, seconds = bytes(made.data), round(made.seconds, 3)
    if not made.has_picture:
        _within(Kind.AUDIO, kept)
        return Media(Kind.AUDIO, "audio/webm", kept, duration=seconds)
    _short(seconds)
    return Media(
        Kind.VIDEO, "video/webm", kept, width=made.width, height=made.height, duration=seconds
    )


def _within(kind: Kind, data: bytes | bytearray) -> None:
    if len(data) > MOST_BYTES[kind]:
        raise too_large(MOST_BYTES[kind], size=len(data))


def _short(seconds: float) -> None:
    if seconds > LONGEST_FILM + GRACE:
        raise too_long(seconds)


def _end(data: bytes) -> None:
    """Refuse a picture with a program, archive or page behind its end.

    Re-encoding would drop it anyway; whoever sends one is told no. Cameras do append films to
    their pictures (moving photos), so not everything behind the end is refused.
    """
    rest = data[_picture_end(data) :].lstrip(b"\0\r\n\t ")
    if rest.startswith(_FOREIGN) or b"PK\x05\x06" in rest[-66_000:]:
        raise not_accepted("something else behind the picture")


def _picture_end(data: bytes) -> int:
    if data.startswith(b"\x89PNG"):
        return _after(data.find(b"IEND\xae\x42\x60\x82"), 8, data)
    if data.startswith(b"RIFF"):
        return 8 + int.from_bytes(data[4:8], "little")
    if data[4:8] == b"ftyp":
        return len(data)
    return _jpeg_end(data)


def _after(found: int, length: int, data: bytes) -> int:
    return found + length if found >= 0 else len(data)


def _jpeg_end(data: bytes) -> int:
    """Walk the segments; inside a scan look for the next real marker."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at = _after(data.find(b"\xff", at), 0, data)
            continue
        mark = data[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark in (0x00, 0x01, 0xFF) or 0xD0 <= mark <= 0xD7:
            at += 1 if mark == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return len(data)
