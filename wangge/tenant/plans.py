"""Contingency plans 应急预案: kinds of incident, what resources can do, checklists.

《中华人民共和国突发事件应对法》第二条 names the four classes, 第三条 the four levels of natural
disasters, accidents and public health; of public security incidents a city says the level itself.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.models import Code, Label, Named, Note, Part, mistake, refuse_repeated
from wangge.tenant.routing import UnitCode

Category = Literal["natural", "accident", "health", "security"]
Level = Literal["1", "2", "3", "4"]
LEVELS: tuple[Level, ...] = ("1", "2", "3", "4")
LAW = Label(
    zh="《中华人民共和国突发事件应对法》第二条、第三条",
    en="Emergency Response Law of the People's Republic of China, articles 2 and 3",
)
CATEGORIES: dict[Category, Label] = {
    "natural": Label(zh="自然灾害", en="Natural disaster"),
    "accident": Label(zh="事故灾难", en="Accident"),
    "health": Label(zh="公共卫生事件", en="Public health"),
    "security": Label(zh="社会安全事件", en="Public security"),
}
LEVEL_NAMES: dict[Level, Label] = {
    "1": Label(zh="Ⅰ级（特别重大）", en="I, extremely serious"),
    "2": Label(zh="Ⅱ级（重大）", en="II, very serious"),
    "3": Label(zh="Ⅲ级（较大）", en="III, serious"),
    "4": Label(zh="Ⅳ级（一般）", en="IV, ordinary"),
}


def named(label: Label | None, code: str = "") -> dict[str, str]:
    """Both languages as plain values; a code that a city no longer knows speaks for itself."""
    return {"zh": label.zh, "en": label.en} if label else {"zh": code, "en": code}


class IncidentKind(Named):
    """A kind of incident and the class of the law that it belongs to."""

    category: Category


class Step(Label):
    """A line of a checklist: who does it, by when, and which resource it needs.

    ``role``: the nearest holder of a post on the ground; ``unit``: an organisation by its code;
    ``type``: whoever the dispatch directory names for this type of case there. None of them, or
    nobody found: the desk in charge. ``minutes`` runs from the moment the incident was opened.
    """

    code: Code
    role: Code | None = None
    unit: UnitCode | None = None
    type: Code | None = None
    minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    resource: Code | None = None

    @model_validator(mode="after")
    def one_owner(self) -> Self:
        if sum(one is not None for one in (self.role, self.unit, self.type)) > 1:
            mistake(
                "岗位、单位、事项类型只能写一个",
                "a step names a role, a unit or a type of case, one of them only",
            )
        return self


class Plan(Named):
    """A plan for some kinds at some levels; ``ground`` names the document that it follows."""

    kinds: Annotated[tuple[Code, ...], Field(min_length=1)]
    levels: tuple[Level, ...] = LEVELS
    ground: Note = ""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def each_step_once(self) -> Self:
        refuse_repeated([step.code for step in self.steps], "步骤", "steps")
        return self


class Plans(Part):
    """The document ``plans``. ``voice``: whoever is woken is called by telephone, too."""

    kinds: tuple[IncidentKind, ...]
    capabilities: tuple[Named, ...] = ()
    voice: bool = False
    plans: tuple[Plan, ...] = ()

    @model_validator(mode="after")
    def whole(self) -> Self:
        refuse_repeated([one.code for one in self.kinds], "突发事件种类", "kinds of incident")
        refuse_repeated([one.code for one in self.capabilities], "资源能力", "capabilities")
        refuse_repeated([one.code for one in self.plans], "预案", "plans")
        kinds = {one.code for one in self.kinds}
        able = {one.code for one in self.capabilities}
        for plan in self.plans:
            if unknown := [code for code in plan.kinds if code not in kinds]:
                mistake(
                    f"预案“{plan.zh}”的种类不存在：{'、'.join(unknown)}",
                    f"plan '{plan.code}' names unknown kinds: {', '.join(unknown)}",
                )
            for step in plan.steps:
                if step.resource and step.resource not in able:
                    mistake(
                        f"预案“{plan.zh}”的步骤要的资源能力不存在：{step.resource}",
                        f"plan '{plan.code}' asks for an unknown capability: {step.resource}",
                    )
        return self

    def kind(self, code: str) -> IncidentKind | None:
        return next((one for one in self.kinds if one.code == code), None)

    def plan(self, code: str) -> Plan | None:
        return next((one for one in self.plans if one.code == code and one.active), None)

    def fitting(self, kind: str, level: str) -> list[Plan]:
        """The plans in use for an incident of this kind at this level, as they are written."""
        return [
            one for one in self.plans if one.active and kind in one.kinds and level in one.levels
        ]
