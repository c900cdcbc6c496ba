"""Recordings without a box around them: MP3, AAC, AMR, Ogg, WAV, each walked frame by frame.

Walking to the very end is what tells a recording from a program that begins like one, and gives
the length without believing any header. Tags are cut off.
"""

import struct

from wangge.files.models import Kind, Media, not_accepted

_MP3_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1, layer III
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
}
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AAC_RATES = (
    96000,
    88200,
    64000,
    48000,
    44100,
    32000,
    24000,
    22050,
    16000,
    12000,
    11025,
    8000,
    7350,
)
_AMR_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)
_AMR_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)


def _sound(mime: str, data: bytes, seconds: float) -> Media:
    if seconds <= 0:
        raise not_accepted("recording without a moment of sound")
    return Media(Kind.AUDIO, mime, data, duration=round(seconds, 3))


def mp3(data: bytes) -> Media:
    start, end = _untagged(data)
    at, seconds = start, 0.0
    while at + 4 <= end:
        length, lasts = _mp3_frame(data, at)
        if at + length > end:
            break  # the recorder was stopped inside a frame
        at += length
        seconds += lasts
    if any(data[at:end]) and end - at > 1500:
        raise not_accepted("something after the last frame")
    return _sound("audio/mpeg", data[start:at], seconds)


def _untagged(data: bytes) -> tuple[int, int]:
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3":
        size = 0
        for byte in data[start + 6 : start + 10]:
            size = size << 7 | byte & 0x7F
        start += 10 + size + (10 if data[start + 5] & 0x10 else 0)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    while start < end and data[start] == 0:  # padding behind a tag
        start += 1
    return start, end


def _mp3_frame(data: bytes, at: int) -> tuple[int, float]:
    head = struct.unpack_from(">I", data, at)[0]
    version, layer = head >> 19 & 3, head >> 17 & 3
    bits, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or bits in (0, 15) or rate == 3:
        raise not_accepted(f"no frame of MP3 at {at}")
    samples = 1152 if version == 3 else 576
    hertz = _MP3_RATES[version][rate]
    length = samples // 8 * _MP3_BITRATES[version == 3][bits] * 1000 // hertz + (head >> 9 & 1)
    return length, samples / hertz


def aac(data: bytes) -> Media:
    at, seconds = 0, 0.0
    while at + 7 <= len(data):
        head = int.from_bytes(data[at : at + 7], "big")
        rate, length = head >> 34 & 15, head >> 13 & 0x1FFF
        if head >> 44 != 0xFFF or head >> 41 & 3 or rate >= len(_AAC_RATES) or length < 7:
            raise not_accepted(f"no frame of AAC at {at}")
        if at + length > len(data):
            break
        at += length
        seconds += 1024 * ((head & 3) + 1) / _AAC_RATES[rate]
    return _sound("audio/aac", data[:at], seconds)


def amr(data: bytes) -> Media:
    wide = data.startswith(b"#!AMR-WB\n")
    sizes, at = (_AMR_WIDE, 9) if wide else (_AMR_NARROW, 6)
    frames = 0
    while at < len(data):
        if data[at] & 0x83:
            raise not_accepted(f"no frame of AMR at {at}")
        size = 1 + sizes[data[at] >> 3 & 15]
        if at + size > len(data):
            break
        at += size
        frames += 1
    return _sound("audio/amr-wb" if wide else "audio/amr", data[:at], frames * 0.02)


def ogg(data: bytes) -> Media:
    """Walk the pages; the comments stay, for recorders write only their own name there."""
    at, last, first = 0, 0, b""
    while at < len(data):
        if data[at : at + 5] != b"OggS\0" or at + 27 > len(data):
            raise not_accepted(f"no page of Ogg at {at}")
        granule, segments = struct.unpack_from("<q", data, at + 6)[0], data[at + 26]
        body = at + 27 + segments
        end = body + sum(data[at + 27 : body])
        if end > len(data):
            raise not_accepted("page of Ogg does not fit")
        first = first or data[body:end]
        last = max(last, granule)
        at = end
    if first[:8] == b"OpusHead" and len(first) >= 19:
        ahead = struct.unpack_from("<H", first, 10)[0]
        return _sound("audio/ogg", data, (last - ahead) / 48000)
    if first[:7] == b"\x01vorbis" and len(first) >= 16:
        hertz = struct.unpack_from("<I", first, 12)[0]
        return _sound("audio/ogg", data, last / hertz if hertz else 0)
    raise not_accepted("Ogg, but neither Opus nor Vorbis")


def wav(data: bytes) -> Media:
    """Keep the format and the samples, nothing else."""
    at, form, sound = 12, b"", b""
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = body
        elif name == b"data":
            sound = body  # a recorder that was cut off wrote a longer size than there is
        at += 8 + size + (size & 1)
    if len(form) < 16 or struct.unpack_from("<H", form)[0] not in (1, 3, 6, 7, 0xFFFE):
        raise not_accepted("WAV without a known format")
    rate = struct.unpack_from("<I", form, 8)[0]
    sound += b"\0" * (len(sound) & 1)
    chunks = struct.pack("<4sI", b"fmt ", len(form)) + form + b"\0" * (len(form) & 1)
    chunks += struct.pack("<4sI", b"data", len(sound)) + sound
    kept = struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WAVE") + chunks
    return _sound("audio/wav", kept, len(sound) / rate if rate else 0)
