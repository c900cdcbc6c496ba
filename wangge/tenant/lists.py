"""The lists that people choose from: channels, kinds, levels, reasons, grades."""

from functools import cached_property
from typing import Self

from pydantic import model_validator

from wangge.tenant.limits import LimitText
from wangge.tenant.models import Label, Named, Part, refuse_repeated


class Reason(Named):
    """A reason to decline or return, with the law or rule it stands on."""

    ground: Label | None = None


class AskerMode(Named):
    """How much the people handling a matter may know of who asked."""

    hint: Label | None = None


class WhistleReason(Named):
    """Why units are called, and how long they may take to come, the ruling and the conclusion."""

    arrive: LimitText = "1WD"
    rule: LimitText = "1WD"
    conclude: LimitText = "5WD"


# 难题、联合执法、应急 (北京市街道办事处条例 第四十四条); a city writes its own list.
WHISTLE_REASONS = (
    WhistleReason(code="hard", zh="疑难问题", en="A hard problem"),
    WhistleReason(code="joint", zh="联合执法", en="Joint enforcement", arrive="4WH", rule="4WH"),
    WhistleReason(
        code="emergency", zh="应急处置", en="Emergency", arrive="1UH", rule="1UH", conclude="24UH"
    ),
)


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
    extension_reasons: tuple[Reason, ...] = ()
    pause_reasons: tuple[Reason, ...] = ()
    suspension_reasons: tuple[Reason, ...] = ()
    void_reasons: tuple[Reason, ...] = ()
    withdraw_reasons: tuple[Named, ...] = ()
    reopen_reasons: tuple[Named, ...] = ()
    whistle_reasons: tuple[WhistleReason, ...] = WHISTLE_REASONS

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
