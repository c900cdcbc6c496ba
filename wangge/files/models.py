"""What a file is, and the refusals of taking one."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from wangge.kernel.errors import Invalid, Refusal


class Purpose(StrEnum):
    """What a file shows; staff choose it, residents' files are always ``report``."""

    REPORT = "report"
    BEFORE = "before"
    AFTER = "after"
    ANSWER = "answer"
    LETTER = "letter"
    OTHER = "other"


class Kind(StrEnum):
    """Decided by content, never by name or declared type."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class Size(StrEnum):
    """Which copy is wanted; sound and film have only the full one."""

    FULL = "full"
    LARGE = "large"
    THUMB = "thumb"


EDGES = {Size.FULL: 4096, Size.LARGE: 1280, Size.THUMB: 360}

MB = 1_000_000
MOST_BYTES = {Kind.IMAGE: 10 * MB, Kind.AUDIO: 10 * MB, Kind.VIDEO: 60 * MB}
LONGEST_FILM = 60.0  # seconds
GRACE = 1.0  # a camera told to stop at 60 s writes the frame it is in


@dataclass(frozen=True, slots=True)
class Media:
    """A file as it will be kept: cleaned of everything that tells where somebody lives."""

    kind: Kind
    mime: str
    data: bytes = field(repr=False)
    smaller: dict[Size, bytes] = field(default_factory=dict, repr=False)
    shot_at: datetime | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None


class TooLarge(Refusal):
    """More bytes than this kind of file may have."""

    status = 413


def not_accepted(why: str) -> Invalid:
    """Build the refusal; ``why`` is for the technician: one English phrase in the details."""
    return Invalid(
        "file_not_accepted",
        "这个文件不是照片、录音或短视频，无法上传。",
        "This file is not a picture, a recording or a short film and cannot be taken.",
        why=why,
    )


def too_large(most: int, **details: Any) -> TooLarge:
    megabytes = most // MB
    return TooLarge(
        "file_too_large",
        f"文件过大，请控制在 {megabytes} MB 以内。",
        f"The file is too large; at most {megabytes} MB.",
        most=most,
        **details,
    )


def too_long(seconds: float) -> Invalid:
    return Invalid(
        "film_too_long",
        f"视频时长 {seconds:.0f} 秒，请控制在 {LONGEST_FILM:.0f} 秒以内。",
        f"The film lasts {seconds:.0f} s; at most {LONGEST_FILM:.0f} s.",
        most=LONGEST_FILM,
        duration=round(seconds, 1),
    )


class FileRow(NamedTuple):
    """One row of ``files``; ``sha256`` is that of the full copy as it is kept."""

    id: UUID
    case_id: UUID | None
    step_id: UUID | None
    purpose: str
    kind: str
    mime: str
    size: int
    sha256: bytes
    shot_at: datetime | None
    width: int | None
    height: int | None
    seconds: float | None
    from_asker: bool
    released: bool
    uploaded_by: UUID | None
    upload_token_hash: bytes | None
    created_at: datetime


class Attached(NamedTuple):
    """What became of the files that a report or a step named; ``picture`` is the first taken."""

    taken: list[UUID]
    left_out: list[UUID]
    picture: UUID | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be shown: its row, the copy that is meant, and how long that is."""

    row: FileRow
    size: Size
    mime: str
    length: int
