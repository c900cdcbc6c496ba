"""Minutes of a residents' talk, and the sheet of postings that is hung out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

from wangge.papers.models import Word
from wangge.papers.pdf import pdf
from wangge.papers.qr import qr_svg


@dataclass(frozen=True, slots=True)
class Part:
    """Who does what by when, and how far it is."""

    unit: str
    words: str
    by: str
    state: str


@dataclass(frozen=True, slots=True)
class Item:
    """One case of the agenda with what was decided."""

    number: str
    title: str
    decision: str
    promised_on: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a talk, before it ``ahead`` its agenda; of askers they hold nothing."""

    brand: str
    number: str
    title: str
    held_at: datetime
    ahead: bool
    place: str
    chair: str
    desk: str
    here: Sequence[str]
    away: Sequence[str]
    items: Sequence[Item]
    words: str
    url: str
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class Posted:
    """One posting on the sheet, with the address that its code leads to."""

    kind: Word
    asked: str
    decided: str
    stage: Word
    when: str
    url: str


@dataclass(frozen=True, slots=True)
class PostingSheet:
    """What became of the letters of an area, to be hung out."""

    brand: str
    slogan: str
    area: str
    items: Sequence[Posted]
    url: str
    printed_on: str


def minutes(content: Minutes, *, zone: tzinfo) -> bytes:
    data = asdict(content)
    for name in ("held_at", "printed_at"):
        data[name] = getattr(content, name).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    images = {"qr.svg": qr_svg(content.url).encode()}
    return pdf("talk_minutes", data, images=images, made_at=content.printed_at)


def posting_sheet(content: PostingSheet) -> bytes:
    """Each posting has a code of its own, which shows how far it is."""
    data = asdict(content)
    images = {"qr.svg": qr_svg(content.url).encode()}
    for n, item in enumerate(data["items"]):
        item["code"] = f"item-{n}.svg"
        images[item["code"]] = qr_svg(item["url"]).encode()
    return pdf("posting_sheet", data, images=images)
