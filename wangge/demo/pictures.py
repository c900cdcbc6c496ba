"""Drawn pictures for invented matters: nobody's photo, each marked as a sketch of its matter."""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from wangge.demo import scenes
from wangge.files.media import inspect
from wangge.files.models import Media

SIZE = (960, 720)
# What is drawn for a type; of anything else there is no picture.
SCENE_OF = {
    "exposed_rubbish": "rubbish",
    "bin": "rubbish",
    "shaft_door": "shaft",
    "gate_access": "gate",
    "leak": "ceiling",
    "sewer": "sewer",
    "waterlogging": "flood",
    "road_damage": "road",
    "manhole_cover": "manhole",
    "bike_parking": "bikes",
    "greenery_care": "bed",
    "fire_danger": "box",
}
# Words say better than a type where it happened.
WORDS = {"车库": "garage", "配电箱": "box", "花坛": "bed"}
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
MARK = ("示意图 SKETCH", "SKETCH")


def scene_of(kind: str | None, text: str) -> str | None:
    """The scene that shows this matter, or None when none would be honest."""
    if kind not in SCENE_OF:
        return None
    return next((scene for word, scene in WORDS.items() if word in text), SCENE_OF[kind])


@cache
def drawing(scene: str, *, mended: bool) -> Media:
    """A scene before or after the work, as the files module keeps pictures."""
    image = Image.new("RGB", SIZE, scenes.SKY)
    draw = ImageDraw.Draw(image)
    scenes.SCENES[scene](draw, mended=mended)
    _mark(draw)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return inspect(buffer.getvalue())


def _mark(draw: ImageDraw.ImageDraw) -> None:
    """Says in a corner that nobody took this picture; in Latin letters where no font has others."""
    path = next((path for path in FONTS if Path(path).is_file()), None)
    words = MARK[0] if path else MARK[1]
    font = ImageFont.truetype(path, 34) if path else ImageFont.load_default(34)
    left, top, right, bottom = draw.textbbox((0, 0), words, font=font)
    draw.rectangle((0, 0, right - left + 36, bottom - top + 30), fill=(255, 255, 255))
    draw.text((18 - left, 14 - top), words, font=font, fill=(60, 66, 74))
