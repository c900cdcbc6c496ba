"""The ground of every rule document: strict shapes, names in both languages, spoken mistakes."""

from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,59}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Part(BaseModel):
    """A piece of a rule document: nothing unknown gets in, nothing changes in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """A name in both languages."""

    zh: Text
    en: Text


class Named(Label):
    """A name with the code that records keep."""

    code: Code
    active: bool = True


def mistake(zh: str, en: str, **details: Any) -> NoReturn:
    """Refuse a value inside a validator with a sentence in both languages."""
    raise PydanticCustomError("mistake", "{en}", {"zh": zh, "en": en, **details})


def repeated(codes: list[str]) -> list[str]:
    """Those that stand more than once, each once, in order."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for code in codes:
        if code in seen:
            twice[code] = None
        seen.add(code)
    return list(twice)


def refuse_repeated(codes: list[str], zh: str, en: str) -> None:
    """``zh`` and ``en`` name the things, for the sentence."""
    if twice := repeated(codes):
        named = "、".join(twice)
        mistake(f"{zh}重复：{named}", f"{en} given twice: {', '.join(twice)}")
