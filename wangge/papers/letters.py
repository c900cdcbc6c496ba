"""Printed notices and forms of one case: one sheet with number, words, facts and a QR code."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

import typst

from wangge.papers.models import Word
from wangge.papers.pdf import pdf
from wangge.papers.qr import qr_svg


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a term in both languages and what stands beside it."""

    zh: str
    en: str
    value: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a sheet says; ``url`` is what its QR code holds, ``seal`` leaves room for a stamp."""

    brand: str
    title: Word
    number: str
    to: str
    paragraphs: Sequence[str]
    facts: Sequence[Row]
    desk: str
    desk_phone: str
    url: str
    printed_at: datetime
    printed_by: str
    seal: bool = False


def letter(content: Letter, *, zone: tzinfo, fonts: typst.Fonts | None = None) -> bytes:
    """Set one sheet as PDF."""
    printed = content.printed_at.astimezone(zone)
    data = asdict(content) | {
        "printed_at": printed.strftime("%Y-%m-%d %H:%M"),
        "made_on": f"{printed.year}年{printed.month}月{printed.day}日",
    }
    images = {"qr.svg": qr_svg(content.url).encode()}
    return pdf("letter", data, images=images, fonts=fonts, made_at=content.printed_at)
