"""How a city looks and what it is called on every screen."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from wangge.tenant.models import Label, Part, Text, mistake

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
BUILT_IN = "builtin"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
DARK_GROUND = "#161b22"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 black to 1 white."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black and white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Brand(Part):
    """``logo`` is ``builtin`` or the id of an uploaded picture."""

    name: Label
    short_name: Label
    slogan: Label | None = None
    colour: Colour = "#0b5cad"
    colour_dark: Colour = "#6cb2ff"
    hotline: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 -]{2,19}$")] = "12345"
    supervision_phone: Annotated[str, StringConstraints(pattern=r"^$|^[0-9][0-9 -]{2,19}$")] = ""
    logo: Annotated[str, StringConstraints(pattern=r"^builtin$|^[0-9a-f-]{36}$")] = BUILT_IN
    login_text: Label | None = None
    record_number: Annotated[str, Field(max_length=60)] = ""
    publisher: Text | None = None

    @field_validator("colour")
    @classmethod
    def white_is_readable_on_it(cls, colour: str) -> str:
        if contrast(colour, "#ffffff") < LEAST_CONTRAST:
            mistake(
                f"主色 {colour} 太浅，上面的白字看不清，请选深一些的颜色",
                f"the colour {colour} is too light for white text; choose a darker one",
            )
        return colour

    @field_validator("colour_dark")
    @classmethod
    def readable_on_dark(cls, colour: str) -> str:
        if contrast(colour, DARK_GROUND) < LEAST_CONTRAST:
            mistake(
                f"深色模式主色 {colour} 太暗，在深色背景上看不清，请选浅一些的颜色",
                f"the colour {colour} is too dark for a dark screen; choose a lighter one",
            )
        return colour
