"""Differences of two versions in words: which row of the directory, which type, which switch."""

import re
from collections.abc import Iterator
from typing import Any

from wangge.areas.atlas import Atlas
from wangge.dispatch.directory import Directory
from wangge.dispatch.routing import named
from wangge.tenant.exchange import Change, compared, plain
from wangge.tenant.models import Part
from wangge.tenant.rules import Rules
from wangge.tenant.switches import Switches

Words = tuple[str, str]
STEP = re.compile(r"\[([^\]]*)\]|\.?([^.\[\]]+)")
SAID_BY_THE_PLACE = ("type", "area", "code")
FIELDS: dict[str, Words] = {
    "unit": ("承办单位", "unit"),
    "share": ("按负荷分派", "shared with"),
    "desk": ("受理单位", "desk"),
    "hours": ("收到时间", "received"),
    "season": ("季节", "season"),
    "grid_first": ("格内先办", "grid first"),
    "ground": ("依据", "ground"),
    "note": ("备注", "note"),
    "active": ("启用", "active"),
    "types": ("事项类型", "types"),
    "area": ("区域", "area"),
    "lists": ("清单", "lists"),
    "routes": ("派单目录", "directory"),
    "enforced": ("启用准入", "enforced"),
    "keywords": ("关键词", "keywords"),
    "limits": ("时限", "limits"),
    "handle": ("办理", "handle"),
    "parent": ("所属大类", "class"),
    "level": ("等级", "level"),
    "evidence": ("照片依据", "evidence"),
    "condition": ("立案条件", "condition"),
    "closing": ("结案条件", "closing"),
    "order": ("顺序", "order"),
    "working": ("工作时间", "working hours"),
    "off": ("非工作时间", "outside working hours"),
}


class Teller:
    """Tells the places and values of a document's differences in both languages."""

    def __init__(self, known: Rules, places: Directory) -> None:
        self.known, self.places = known, places
        self._switches = Switches.model_fields

    def told(self, name: str, before: Part, after: Part) -> Iterator[dict[str, Any]]:
        for change in compared(name, plain(before), plain(after)):
            yield {
                **change._asdict(),
                "place": _joined(self._place(change)),
                "was": self._value(change.before),
                "now": self._value(change.after),
            }

    def _place(self, change: Change) -> Iterator[Words]:
        document, *steps = [row or word for row, word in STEP.findall(change.path)]
        for n, step in enumerate(steps):
            if n == 0 and step == document:
                continue  # routes.routes[…]: the list is the document
            yield self._step(document, step)

    def _step(self, document: str, step: str) -> Words:
        if document == "switches" and step in self._switches:
            said = self._switches[step].json_schema_extra
            return (str(said["zh"]), str(said["en"])) if isinstance(said, dict) else (step, step)
        if "@" in step:
            return self._row(step)
        if step in FIELDS:
            return FIELDS[step]
        return self._code(step)

    def _row(self, step: str) -> Words:
        """A row of the directory: what, where, and what narrows it."""
        head, *narrow = step.split(" & ")
        what, _, where = head.partition("@")
        zh, en = named(self.known, what) if what == "*" or what in self._types else (what, what)
        area = _area(self.places.atlas, where)
        more = [self._step("", one) for one in narrow]
        return " · ".join([area[0], zh, *(m[0] for m in more)]), " · ".join(
            [area[1], en, *(m[1] for m in more)]
        )

    @property
    def _types(self) -> Any:
        return self.known.types.by_code

    def _code(self, code: str) -> Words:
        """The name of a type, a unit or an area, or what stands there."""
        if code in self._types:
            return named(self.known, code)
        unit = self.places.units.get(code)
        return (unit.name, unit.name) if unit else (code, code)

    def _value(self, value: Any) -> dict[str, str] | None:
        if value is None:
            return None
        words = self._words(value)
        return {"zh": words[0], "en": words[1]}

    def _words(self, value: Any) -> Words:
        match value:
            case bool():
                return ("是", "yes") if value else ("否", "no")
            case str():
                return FIELDS.get(value, self._code(value))
            case list():
                parts = [self._words(one) for one in value]
                return "、".join(p[0] for p in parts), ", ".join(p[1] for p in parts)
            case dict():
                shown = [
                    (k, self._words(v))
                    for k, v in value.items()
                    if v and k not in SAID_BY_THE_PLACE
                ]
                return (
                    "；".join(f"{FIELDS.get(k, (k, k))[0]}：{v[0]}" for k, v in shown),
                    "; ".join(f"{FIELDS.get(k, (k, k))[1]}: {v[1]}" for k, v in shown),
                )
            case _:
                return str(value), str(value)


def _area(atlas: Atlas, code: str) -> Words:
    area = atlas.codes.get(code)
    if area:
        return area.short_name, area.short_name
    return ("全市", "the whole city") if code == "*" else (code, code)


def _joined(steps: Iterator[Words]) -> dict[str, str]:
    words = list(steps)
    return {"zh": " › ".join(w[0] for w in words), "en": " › ".join(w[1] for w in words)}
