"""准入 the duty list of communities: which matters a community may be given the lead of."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import Field

from wangge.tenant.models import Code, Label, Note, Part
from wangge.tenant.routing import ANY, AreaCode


class DutyList(Label):
    """Types and classes for the communities of ``area``; ``*`` for every one of the city."""

    area: AreaCode = ANY
    types: Annotated[tuple[Code, ...], Field(max_length=1000)]
    ground: Note = ""
    active: bool = True


class Duties(Part):
    """Unless ``enforced`` the lists are only shown. A class stands for all that hangs below it."""

    enforced: bool = False
    lists: Annotated[tuple[DutyList, ...], Field(max_length=2000)] = ()

    @cached_property
    def _by_area(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for one in self.lists:
            if one.active:
                found[one.area] = found.get(one.area, frozenset()) | frozenset(one.types)
        return found

    def may_lead(self, areas: Iterable[str], types: Iterable[str]) -> bool:
        """``areas`` from the community up, ``types`` from the exact one to its widest class.

        A matter without a type is not judged: what it is has still to be found out.
        """
        line = tuple(types)
        if not self.enforced or not line:
            return True
        return any(code in self._by_area.get(area, ()) for area in (*areas, ANY) for code in line)
