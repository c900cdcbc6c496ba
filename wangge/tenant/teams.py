"""Grid service teams 网格服务团队 (1+1+N+X) as a city composes them: slots and kinds of member.

Two compositions are in use. 东昌府: a leader, a full-time worker, N part-time workers, X teams of
law enforcement. 大村: a leader, a liaison who is the grid worker himself, N officials, X
volunteers.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.models import Code, Label, Named, Part, mistake, refuse_repeated


class Slot(Named):
    """A place in every team; whoever holds one of ``roles`` in its grids fills it without a list.

    ``least`` is a minimum: more are welcome up to ``most``.
    """

    least: Annotated[int, Field(ge=0, le=99)] = 0
    most: Annotated[int, Field(ge=1, le=9999)] | None = None
    takes: tuple[Literal["person", "organisation"], ...] = ("person",)
    roles: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.most is not None and self.most < self.least:
            mistake("名额上限不能低于下限", "the most may not be less than the least")
        return self


class Teams(Part):
    """The document ``teams``."""

    template: Label
    slots: tuple[Slot, ...]
    kinds: tuple[Named, ...] = ()

    @model_validator(mode="after")
    def each_once(self) -> Self:
        refuse_repeated([slot.code for slot in self.slots], "名额代码", "slots")
        roles = [role for slot in self.slots for role in slot.roles]
        refuse_repeated(roles, "名额对应的岗位", "roles of slots")
        refuse_repeated([kind.code for kind in self.kinds], "成员类别代码", "kinds of member")
        return self

    def slot(self, code: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.code == code), None)
