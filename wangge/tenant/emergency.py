"""Words that wake somebody at once, by group, with whom to call."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.models import Label, Named, Part, refuse_repeated

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=20)]


class Help(Label):
    """Whom to call; ``number`` as it is dialled."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,12}$")]


class WordGroup(Named):
    """``…`` in a word stands for up to six characters within the same sentence."""

    words: tuple[Word, ...] = Field(min_length=1)
    exceptions: tuple[Word, ...] = ()
    help: tuple[Help, ...] = Field(min_length=1)


class Words(Part):
    """All groups of emergency words."""

    groups: tuple[WordGroup, ...]

    @model_validator(mode="after")
    def each_once(self) -> Self:
        refuse_repeated([group.code for group in self.groups], "分组代码", "group codes")
        for group in self.groups:
            both = [*group.words, *group.exceptions]
            refuse_repeated(both, f"“{group.zh}”里的词", f"words of '{group.code}'")
        return self
