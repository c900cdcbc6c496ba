"""The ground of every rule document: strict shapes, names in both languages, spoken mistakes."""

import re
from typing import Annotated, Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,59}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Part(BaseModel):
    """A piece of a rule document: nothing unknown gets in, nothing changes in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def writable(self) -> Self:
        """Control characters break databases, files and screens alike."""
        for value in self.__dict__.values():
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and CONTROL.search(text):
                    mistake("含有看不见的控制字符", "contains control characters")
        return self


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
