"""PDF through typst: the templates lie beside this file, the data come as plain JSON."""

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from wangge.kernel.errors import Refusal
from wangge.papers.models import CaseFile, Ring, ServePoster, ShiftPaper, SupervisionPaper
from wangge.papers.qr import qr_svg

TEMPLATES = Path(__file__).parent / "templates"
FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei")


class NoFont(Refusal):
    """The machine cannot print Chinese until a font is installed."""

    status = 503


@cache
def system_fonts() -> typst.Fonts:
    return typst.Fonts()


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    fonts: typst.Fonts | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """Set ``templates/<template>.typ`` with ``data``; it finds ``images`` under their names.

    Texts are data to typst, never markup. Refuses with ``no_chinese_font`` rather than printing
    empty boxes.
    """
    known = fonts or system_fonts()
    family = _family(known)
    with tempfile.TemporaryDirectory(prefix="wangge-paper-") as folder:
        root = Path(folder)
        for source in TEMPLATES.glob("*.typ"):
            (root / source.name).write_bytes(source.read_bytes())
        for name, content in (images or {}).items():
            (root / name).write_bytes(content)
        return typst.compile(
            root / f"{template}.typ",
            root=root,
            font_paths=known,
            sys_inputs={"data": orjson.dumps({**data, "font": family}).decode()},
            # A PDF holds whole seconds.
            timestamp=(made_at or datetime(2000, 1, 1, tzinfo=UTC)).replace(microsecond=0),
        )


def watermark(lines: Sequence[str]) -> bytes:
    """A pale picture (PNG) that says who took a paper out; nothing where no font can write it."""
    known = system_fonts()
    try:
        data = orjson.dumps({"lines": list(lines), "font": _family(known)}).decode()
    except NoFont:
        return b""
    with tempfile.TemporaryDirectory(prefix="wangge-paper-") as folder:
        source = Path(folder) / "watermark.typ"
        source.write_bytes((TEMPLATES / "watermark.typ").read_bytes())
        return typst.compile(
            source, root=Path(folder), font_paths=known, sys_inputs={"data": data}, format="png",
            ppi=96.0,
        )  # fmt: skip


def _family(fonts: typst.Fonts) -> str:
    present = set(fonts.families())
    for family in FAMILIES:
        if family in present:
            return family
    raise NoFont(
        "no_chinese_font",
        "服务器未安装中文字体，无法生成文件；请安装软件包 fonts-noto-cjk。",
        "No Chinese font is installed, so nothing can be printed; "
        "install the package fonts-noto-cjk.",
        package="fonts-noto-cjk",
    )


def case_file(content: CaseFile, *, zone: tzinfo, fonts: typst.Fonts | None = None) -> bytes:
    """Print the file of a case; internal notes are left out unless it says ``internal``."""
    data = asdict(content)
    for line in data["lines"]:
        if not content.internal:
            line["note"] = ""
        line["at"] = _moment(line["at"], zone)
    data["requests"] = data["requests"] if content.internal else []
    for one in data["requests"]:
        for name in ("at", "until", "decided_at", "granted_until"):
            one[name] = _moment(one[name], zone) if one[name] else ""
    images = {"qr.svg": qr_svg(content.url).encode()}
    for number, picture in enumerate(data["pictures"]):
        picture["file"] = f"picture-{number}"
        picture["shot_at"] = _moment(picture["shot_at"], zone)
        images[picture["file"]] = picture.pop("data")
    for name in ("received_at", "due_at", "printed_at"):
        data[name] = _moment(data[name], zone)
    return pdf("case_file", data, images=images, fonts=fonts, made_at=content.printed_at)


def supervision_paper(content: SupervisionPaper, *, zone: tzinfo) -> bytes:
    """Print a supervision notice with its number and a code that leads to the case."""
    data = asdict(content)
    for name in ("issued_at", "answer_by", "answered_at", "ended_at", "printed_at"):
        data[name] = _moment(data[name], zone)
    images = {"qr.svg": qr_svg(content.url).encode()}
    return pdf("supervision_paper", data, images=images, made_at=content.printed_at)


def shift_paper(content: ShiftPaper, *, zone: tzinfo) -> bytes:
    """Print the handover of a shift with both signatures."""
    data = asdict(content)
    for name in ("begins", "ends", "given_at", "taken_at", "printed_at"):
        data[name] = _moment(data[name], zone)
    return pdf("shift_handover", data, made_at=content.printed_at)


def serve_poster(content: ServePoster, *, fonts: typst.Fonts | None = None) -> bytes:
    """Print the public notice of an area on A3 or A4."""
    data = asdict(content)
    data["made_on"] = content.made_on.isoformat()
    data["border"] = sketch(content.border)
    return pdf("serve_poster", data, images={"qr.svg": qr_svg(content.url).encode()}, fonts=fonts)


def _moment(moment: datetime | None, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else "—"


def sketch(rings: Sequence[Ring]) -> list[list[tuple[float, float]]]:
    """Bring rings of degrees into a unit square, north up, with the proportions of the ground."""
    points = [point for ring in rings for point in ring]
    if not points:
        return []
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    side = max((east - west) * narrow, north - south) or 1.0
    left = (1 - (east - west) * narrow / side) / 2
    top = (1 - (north - south) / side) / 2
    return [
        [
            (round(left + (x - west) * narrow / side, 4), round(top + (north - y) / side, 4))
            for x, y in ring
        ]
        for ring in rings
    ]
