"""Drawn pictures for invented matters: nobody's photo, each plainly a drawing."""

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from wangge.files.media import inspect
from wangge.files.models import Media

SIZE = (960, 720)
# What is drawn for a type; of anything else there is no picture.
SCENE_OF = {
    "exposed_rubbish": "rubbish",
    "bin": "rubbish",
    "shaft_door": "door",
    "gate_access": "door",
    "leak": "water",
    "sewer": "water",
    "waterlogging": "water",
    "road_damage": "road",
    "manhole_cover": "road",
    "bike_parking": "road",
    "fire_danger": "fire",
}
SKY, WALL, FLOOR = (214, 228, 240), (226, 217, 203), (154, 156, 160)
MENDED, BROKEN = (76, 140, 92), (178, 84, 60)


@cache
def drawing(scene: str, *, mended: bool) -> Media:
    """A scene before or after the work, as the files module keeps pictures."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    rng = Random(scene)  # noqa: S311 - draws, keeps no secret
    draw.rectangle((0, 330, 960, 720), fill=FLOOR)
    draw.rectangle((80, 90, 880, 420), fill=WALL, outline=(120, 110, 100), width=4)
    for column in range(5):
        left = 130 + column * 150
        draw.rectangle((left, 140, left + 90, 230), fill=(120, 150, 176), outline=SKY, width=3)
    _SUBJECTS[scene](draw, rng, mended=mended)
    mark = MENDED if mended else BROKEN
    draw.rectangle((0, 0, 960, 26), fill=mark)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return inspect(buffer.getvalue())


def _water(draw: ImageDraw.ImageDraw, rng: Random, *, mended: bool) -> None:
    if mended:
        draw.line((0, 700, 960, 700), fill=(110, 112, 118), width=8)
        return
    draw.rectangle((0, 470, 960, 720), fill=(98, 134, 160))
    for _ in range(40):
        x, y = rng.randint(0, 900), rng.randint(490, 700)
        draw.arc((x, y, x + 60, y + 14), 180, 360, fill=(190, 212, 226), width=3)


def _door(draw: ImageDraw.ImageDraw, rng: Random, *, mended: bool) -> None:
    draw.rectangle((380, 240, 580, 640), fill=(60, 62, 66))
    for line in range(6):
        y = 290 + line * 55
        draw.line((400, y, 560, y + rng.randint(-12, 12)), fill=(200, 150, 60), width=6)
    corner = [(380, 240), (580, 240), (580, 640), (380, 640)]
    hanging = [(580, 240), (700, 290), (700, 690), (580, 640)]
    draw.polygon(corner if mended else hanging, fill=(150, 158, 166), outline=(70, 70, 74))


def _rubbish(draw: ImageDraw.ImageDraw, rng: Random, *, mended: bool) -> None:
    for left in (330, 470):
        draw.rectangle((left, 430, left + 110, 600), fill=(70, 120, 84), outline=(30, 60, 40))
    for _ in range(0 if mended else 26):
        x, y = rng.randint(180, 760), rng.randint(540, 660)
        colour = rng.choice([(232, 230, 220), (90, 90, 96), (190, 160, 110)])
        draw.ellipse((x, y, x + 60, y + 46), fill=colour, outline=(80, 80, 80))


def _road(draw: ImageDraw.ImageDraw, rng: Random, *, mended: bool) -> None:
    for column in range(12):
        for row in range(4):
            left, top = column * 80, 430 + row * 72
            shift = 0 if mended else rng.randint(-10, 10)
            draw.rectangle(
                (left, top + shift, left + 72, top + 64), outline=(112, 114, 118), width=3
            )
    if not mended:
        draw.ellipse((360, 500, 620, 600), fill=(72, 70, 70))


def _fire(draw: ImageDraw.ImageDraw, rng: Random, *, mended: bool) -> None:
    draw.rectangle((400, 330, 560, 600), fill=(168, 174, 180), outline=(70, 70, 74), width=4)
    draw.line((480, 340, 480, 590), fill=(110, 114, 120), width=4)
    for _ in range(0 if mended else 9):
        x, y = rng.randint(400, 540), rng.randint(60, 300)
        draw.ellipse((x - 50, y, x + 70, y + 90), fill=(108, 108, 112))
    for _ in range(0 if mended else 7):
        x = rng.randint(410, 540)
        top = rng.randint(250, 330)
        draw.polygon([(x - 26, 420), (x, top), (x + 26, 420)], fill=(232, 120, 44))


_SUBJECTS = {"water": _water, "door": _door, "rubbish": _rubbish, "road": _road, "fire": _fire}
