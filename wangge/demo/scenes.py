"""Simple drawings of what goes wrong in a neighbourhood, each before and after the work."""

from collections.abc import Callable
from random import Random
from typing import Protocol

from PIL.ImageDraw import ImageDraw

SKY, WALL, FLOOR = (214, 228, 240), (226, 217, 203), (154, 156, 160)
DARK, STEEL, EARTH = (60, 62, 66), (168, 174, 180), (128, 98, 70)
WATER, RIPPLE, GREEN = (98, 134, 160), (190, 212, 226), (86, 140, 84)


class Scene(Protocol):
    """Draws on 960 by 720 points."""

    def __call__(self, draw: ImageDraw, *, mended: bool) -> None: ...


def _street(draw: ImageDraw) -> None:
    draw.rectangle((0, 330, 960, 720), fill=FLOOR)
    draw.rectangle((80, 90, 880, 420), fill=WALL, outline=(120, 110, 100), width=4)
    for column in range(5):
        left = 130 + column * 150
        draw.rectangle((left, 140, left + 90, 230), fill=(120, 150, 176), outline=SKY, width=3)


def _room(draw: ImageDraw) -> None:
    """Inside: three walls, a ceiling and a floor."""
    draw.rectangle((0, 0, 960, 720), fill=(236, 232, 224))
    draw.polygon([(0, 720), (200, 540), (760, 540), (960, 720)], fill=(186, 178, 166))
    draw.polygon([(0, 0), (200, 130), (760, 130), (960, 0)], fill=(246, 244, 240))
    for corner in ((0, 0, 200, 130), (960, 0, 760, 130), (0, 720, 200, 540), (960, 720, 760, 540)):
        draw.line(corner, fill=(150, 144, 134), width=3)
    draw.rectangle((200, 130, 760, 540), outline=(150, 144, 134), width=3)


def _ripples(draw: ImageDraw, top: int, bottom: int) -> None:
    rng = Random(top)  # noqa: S311 - draws, keeps no secret
    draw.rectangle((0, top, 960, bottom), fill=WATER)
    for _ in range(40):
        x, y = rng.randint(0, 900), rng.randint(top + 20, bottom - 16)
        draw.arc((x, y, x + 60, y + 14), 180, 360, fill=RIPPLE, width=3)


def garage(draw: ImageDraw, *, mended: bool) -> None:
    """Pillars, a strip of lamps, a tricycle; water up to its axles."""
    draw.rectangle((0, 0, 960, 720), fill=(116, 120, 126))
    draw.polygon([(0, 720), (260, 420), (700, 420), (960, 720)], fill=(150, 154, 158))
    draw.rectangle((300, 60, 660, 76), fill=(250, 246, 214))
    for left in (150, 700):
        draw.rectangle((left, 90, left + 90, 640), fill=(200, 202, 204), outline=DARK, width=3)
        draw.rectangle((left, 420, left + 90, 470), fill=(222, 184, 60))
    draw.rectangle((360, 430, 560, 520), fill=(70, 110, 150), outline=DARK, width=4)
    draw.line((560, 470, 620, 400), fill=DARK, width=10)
    for left in (370, 480, 580):
        draw.ellipse((left, 500, left + 80, 580), outline=DARK, width=12)
    if mended:
        draw.line((120, 650, 840, 650), fill=(96, 98, 102), width=14)
    else:
        _ripples(draw, 540, 720)


def flood(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    if mended:
        draw.rectangle((430, 640, 530, 690), fill=DARK)
        for line in range(5):
            draw.line((446 + line * 18, 644, 446 + line * 18, 686), fill=STEEL, width=6)
        return
    _ripples(draw, 470, 720)


def ceiling(draw: ImageDraw, *, mended: bool) -> None:
    """A corner under the roof: a brown stain and drops into a bowl."""
    _room(draw)
    if mended:
        return
    draw.polygon([(210, 0), (470, 0), (420, 120), (250, 118)], fill=(196, 168, 120))
    draw.ellipse((220, 110, 420, 280), fill=(196, 168, 120))
    draw.ellipse((260, 130, 380, 230), fill=(160, 132, 88))
    for top in (310, 390, 470):
        draw.ellipse((312, top, 330, top + 30), fill=WATER)
    draw.chord((250, 520, 400, 640), 0, 180, fill=(90, 130, 170), outline=DARK, width=4)


def sewer(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    if not mended:
        draw.ellipse((170, 500, 790, 700), fill=(112, 104, 78))
    draw.ellipse((380, 550, 580, 640), fill=DARK if mended else (90, 84, 62), outline=DARK, width=8)
    for shift in range(0 if mended else 5):
        left = 410 + shift * 30
        draw.arc((left, 470 - shift % 2 * 20, left + 40, 600), 180, 360, (112, 104, 78), 10)
    for line in range(4 if mended else 0):
        draw.line((410, 570 + line * 18, 550, 570 + line * 18), fill=STEEL, width=5)


def manhole(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    draw.ellipse((360, 520, 600, 650), fill=(30, 30, 32), outline=DARK, width=8)
    cover = (360, 520, 600, 650) if mended else (470, 470, 710, 600)
    draw.ellipse(cover, fill=(120, 124, 128), outline=DARK, width=8)
    for line in range(4):
        y = cover[1] + 35 + line * 20
        draw.line((cover[0] + 50, y, cover[2] - 50, y), fill=DARK, width=5)


def road(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    draw.rectangle((0, 430, 960, 720), fill=(104, 106, 110))
    for left in range(40, 960, 180):
        draw.rectangle((left, 570, left + 90, 582), fill=(236, 236, 230))
    if mended:
        draw.rectangle((350, 490, 640, 640), fill=(84, 86, 90))
        return
    draw.polygon([(360, 520), (480, 490), (620, 530), (600, 620), (440, 640)], fill=(58, 52, 46))
    for end in ((300, 470), (690, 500), (640, 690), (380, 700)):
        draw.line((500, 560, *end), fill=(46, 44, 42), width=5)


def bikes(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    draw.rectangle((0, 600, 960, 640), fill=(226, 190, 70))
    for number in range(6):
        left = 90 + number * (130 if mended else 100)
        drop = 0 if mended else (number % 3) * 50
        for wheel in (left, left + 80):
            draw.ellipse((wheel, 470 + drop, wheel + 70, 540 + drop), outline=DARK, width=6)
        draw.line((left + 35, 505 + drop, left + 75, 440 + drop), fill=(224, 130, 50), width=8)
        draw.line((left + 75, 440 + drop, left + 115, 505 + drop), fill=(224, 130, 50), width=8)


def rubbish(draw: ImageDraw, *, mended: bool) -> None:
    _street(draw)
    rng = Random("rubbish")  # noqa: S311 - draws, keeps no secret
    for left in (330, 470):
        draw.rectangle((left, 430, left + 110, 600), fill=(70, 120, 84), outline=(30, 60, 40))
    for _ in range(0 if mended else 26):
        x, y = rng.randint(180, 760), rng.randint(540, 660)
        colour = rng.choice([(232, 230, 220), (90, 90, 96), (190, 160, 110)])
        draw.ellipse((x, y, x + 60, y + 46), fill=colour, outline=(80, 80, 80))


def shaft(draw: ImageDraw, *, mended: bool) -> None:
    """The door of the pipes and cables on a landing; broken, it hangs from one hinge."""
    _room(draw)
    draw.rectangle((380, 170, 580, 540), fill=DARK)
    for pipe, colour in ((420, STEEL), (460, (150, 90, 70)), (520, (200, 150, 60))):
        draw.rectangle((pipe, 180, pipe + 18, 535), fill=colour)
    closed = [(380, 170), (580, 170), (580, 540), (380, 540)]
    hanging = [(580, 175), (720, 230), (690, 600), (560, 545)]
    draw.polygon(closed if mended else hanging, fill=(150, 158, 166), outline=(70, 70, 74))
    if mended:
        draw.ellipse((400, 340, 424, 364), fill=DARK)


def gate(draw: ImageDraw, *, mended: bool) -> None:
    """The door of a stairway with its lock and keypad."""
    _street(draw)
    draw.rectangle((370, 230, 590, 640), fill=DARK)
    leaf = (376, 236, 584, 640) if mended else (376, 236, 470, 640)
    draw.rectangle(leaf, fill=(110, 70, 54), outline=(60, 40, 30), width=5)
    draw.rectangle((620, 380, 670, 460), fill=STEEL, outline=DARK, width=4)
    lamp = (90, 190, 100) if mended else (214, 70, 60)
    draw.ellipse((634, 392, 656, 414), fill=lamp)
    draw.ellipse((leaf[2] - 30, 430, leaf[2] - 10, 450), fill=(220, 200, 120))


def bed(draw: ImageDraw, *, mended: bool) -> None:
    """A flower bed with a kerb: withered stalks, or flowers."""
    _street(draw)
    draw.rectangle((140, 560, 820, 660), fill=EARTH, outline=(190, 186, 178), width=14)
    for number in range(12):
        x = 190 + number * 52
        top = 470 + number % 3 * 16
        lean = 0 if mended else 30 - number % 4 * 20
        draw.line((x, 600, x + lean, top), fill=GREEN if mended else (120, 100, 60), width=7)
        if mended:
            colour = ((214, 90, 110), (236, 190, 70), (170, 110, 190))[number % 3]
            draw.ellipse((x - 18, top - 24, x + 18, top + 12), fill=colour)


def box(draw: ImageDraw, *, mended: bool) -> None:
    """A distribution box in the open: flames and smoke, or closed with its sign."""
    _street(draw)
    draw.rectangle((360, 300, 600, 600), fill=STEEL, outline=(70, 70, 74), width=5)
    draw.line((480, 306, 480, 594), fill=(110, 114, 120), width=5)
    draw.polygon([(420, 440), (450, 380), (480, 440)], fill=(240, 200, 60), outline=DARK)
    draw.rectangle((340, 600, 620, 630), fill=(120, 122, 126))
    if mended:
        return
    for number in range(9):
        x, y = 380 + number * 24, 40 + number % 4 * 60
        draw.ellipse((x - 60, y, x + 70, y + 100), fill=(108, 108, 112))
    for number in range(7):
        x = 385 + number * 32
        draw.polygon(
            [(x - 28, 430), (x, 240 + number % 3 * 40), (x + 28, 430)],
            fill=(232, 120 + number % 2 * 50, 44),
        )


SCENES: dict[str, Scene | Callable[..., None]] = {
    "garage": garage,
    "flood": flood,
    "ceiling": ceiling,
    "sewer": sewer,
    "manhole": manhole,
    "road": road,
    "bikes": bikes,
    "rubbish": rubbish,
    "shaft": shaft,
    "gate": gate,
    "bed": bed,
    "box": box,
}
