"""The lists that people choose from: channels, kinds, levels, reasons, grades."""

from functools import cached_property
from typing import Self

from pydantic import model_validator

from wangge.tenant.models import Label, Named, Part, refuse_repeated


class Reason(Named):
    """A reason to decline or return, with the law or rule it stands on."""

    ground: Label | None = None


class AskerMode(Named):
    """How much the people handling a matter may know of who asked."""

    hint: Label | None = None


class Lists(Part):
    """Codes are kept by records: switch one off rather than take it out."""

    channels: tuple[Named, ...]
    kinds: tuple[Named, ...]
    levels: tuple[Named, ...]
    decline_reasons: tuple[Reason, ...]
    return_reasons: tuple[Reason, ...]
    satisfaction: tuple[Named, ...]
    asker_modes: tuple[AskerMode, ...]
    callback_results: tuple[Named, ...] = ()
    withdraw_reasons: tuple[Named, ...] = ()
    reopen_reasons: tuple[Named, ...] = ()

    @model_validator(mode="after")
    def each_code_once(self) -> Self:
        for name in type(self).model_fields:
            refuse_repeated(
                [item.code for item in getattr(self, name)],
                f"“{name}”里的代码",
                f"codes in '{name}'",
            )
        return self

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """The codes of each list by the list's name."""
        return {
            name: frozenset(item.code for item in getattr(self, name))
            for name in type(self).model_fields
        }
