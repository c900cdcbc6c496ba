"""Case types: a tree of classes and subclasses with conditions, limits, evidence and keywords."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.limits import Limit, LimitText
from wangge.tenant.models import Code, Label, Named, Part, mistake, refuse_repeated

Stage = Literal[
    "accept", "contact", "dispatch", "acknowledge", "handle", "check", "callback", "total"
]
Keyword = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class StageLimits(Part):
    """How long each stage may take; what is not said comes from the class, then from the city."""

    accept: LimitText | None = None
    contact: LimitText | None = None
    dispatch: LimitText | None = None
    acknowledge: LimitText | None = None
    handle: LimitText | None = None
    check: LimitText | None = None
    callback: LimitText | None = None
    total: LimitText | None = None


class Milestone(Label):
    """A limit within the handling, such as stopping the work at an illegal building."""

    limit: LimitText


class Evidence(Part):
    """A photo is asked for only with the reason why it is needed."""

    photo: Literal["before", "after"]
    reason: Label


class CaseType(Named):
    """``sample`` marks an example (示例) that a city should look at before it relies on it.

    ``counts_as`` says in which count of a grid it stands, ``verify_first`` that what the public
    reports of it is looked at before it is taken on; what a class says holds below it too.
    """

    parent: Code | None = None
    standard: Annotated[str, Field(max_length=40)] = ""
    condition: Label | None = None
    closing: Label | None = None
    limits: StageLimits = StageLimits()
    milestones: tuple[Milestone, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    level: Code = "normal"
    kind: Code | None = None
    keywords: tuple[Keyword, ...] = ()
    verify_first: bool = False
    counts_as: Literal["hazard", "dispute", "service"] | None = None
    sample: bool = False


class Types(Part):
    """``limits`` hold for the whole city, ``levels`` win over everything at that level."""

    limits: StageLimits
    levels: dict[Code, StageLimits] = Field(default_factory=dict)
    types: tuple[CaseType, ...]

    @model_validator(mode="after")
    def a_tree(self) -> Self:
        refuse_repeated([case_type.code for case_type in self.types], "类型代码", "type codes")
        for case_type in self.types:
            if case_type.parent and case_type.parent not in self.by_code:
                mistake(
                    f"“{case_type.zh}”的上级类型“{case_type.parent}”不存在",
                    f"'{case_type.code}' has an unknown parent '{case_type.parent}'",
                )
        for case_type in self.types:
            seen = {case_type.code}
            here = case_type
            while here.parent:
                here = self.by_code[here.parent]
                if here.code in seen:
                    mistake(
                        f"“{case_type.zh}”的上级绕成了圈",
                        f"the parents of '{case_type.code}' run in a circle",
                    )
                seen.add(here.code)
        return self

    @cached_property
    def by_code(self) -> dict[str, CaseType]:
        return {case_type.code: case_type for case_type in self.types}

    @cached_property
    def parents(self) -> frozenset[str]:
        return frozenset(case_type.parent for case_type in self.types if case_type.parent)

    @cached_property
    def leaves(self) -> tuple[CaseType, ...]:
        """The active types that a case may have: those that nothing hangs below."""
        return tuple(t for t in self.types if t.active and t.code not in self.parents)

    def counted_as(self, what: str) -> list[str]:
        """The types that stand in one count of a grid."""
        leaves = (one for one in self.types if one.code not in self.parents)
        return [one.code for one in leaves if any(t.counts_as == what for t in self.line(one.code))]

    def is_verified_first(self, code: str | None) -> bool:
        """Whether the type, or a class above it, is looked at before it is taken on."""
        return any(kind.verify_first for kind in self.line(code))

    def line(self, code: str | None) -> Iterator[CaseType]:
        """Yield the type itself, then its class and so on upwards; nothing for an unknown code."""
        here = self.by_code.get(code or "")
        while here:
            yield here
            here = self.by_code.get(here.parent or "")

    def limit(self, code: str | None, stage: Stage, level: str = "normal") -> Limit | None:
        """Level first, then the type, its classes, the city. None: this stage has no limit."""
        key = code, stage, level
        if key not in self._found:
            self._found[key] = self._looked_up(code, stage, level)
        return self._found[key]

    @cached_property
    def _found(self) -> dict[tuple[str | None, Stage, str], Limit | None]:
        return {}

    def _looked_up(self, code: str | None, stage: Stage, level: str) -> Limit | None:
        places = [self.levels.get(level), *(t.limits for t in self.line(code)), self.limits]
        for limits in places:
            written = getattr(limits, stage) if limits else None
            if written:
                return Limit.parse(written)
        return None
