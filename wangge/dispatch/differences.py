"""Differences of two versions in words: which row of the directory, which type, which switch."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wangge.areas.atlas import Atlas
from wangge.dispatch.directory import Directory
from wangge.dispatch.routing import named
from wangge.dispatch.rule_words import FIELDS, VALUES, Words
from wangge.people.roles import ROLES
from wangge.tenant.exchange import Change, compared, keyed, plain
from wangge.tenant.limits import WRITTEN, Limit
from wangge.tenant.models import Part
from wangge.tenant.rules import Rules
from wangge.tenant.switches import Switches

STEP = re.compile(r"\[([^\]]*)\]|\.?([^.\[\]]+)")
ORDER = ".order"
MOST_WORDS = 400
# Both versions of the piece of the document that a path has come to, the newer one first.
Pieces = tuple[Any, Any]


class Teller:
    """Tells the places and values of a document's differences in both languages."""

    def __init__(self, known: Rules, places: Directory) -> None:
        self.known, self.places = known, places
        self._switches = Switches.model_fields

    def told(self, name: str, before: Part, after: Part) -> Iterator[dict[str, Any]]:
        whole = plain(after), plain(before)
        for change in compared(name, whole[1], whole[0]):
            rows = _rows(_followed(whole, change)) if change.path.endswith(ORDER) else None
            yield {
                **change._asdict(),
                "place": _joined(self._place(change, whole)),
                "was": self._value(change.before, rows),
                "now": self._value(change.after, rows),
            }

    def _place(self, change: Change, pieces: Pieces) -> Iterator[Words]:
        document, *steps = STEP.findall(change.path)
        for n, (row, word) in enumerate(steps):
            pieces = _into(pieces, row, word)
            if n == 0 and word == document[1]:
                continue  # routes.routes[…]: the list is the document
            yield (_own_name(pieces) if row else None) or self._step(document[1], row or word)

    def _step(self, document: str, step: str) -> Words:
        if document == "switches" and step in self._switches:
            said = self._switches[step].json_schema_extra
            return (str(said["zh"]), str(said["en"])) if isinstance(said, dict) else (step, step)
        if "@" in step:
            return self._row(step)
        return FIELDS.get(step) or self._code(step)

    def _row(self, step: str) -> Words:
        """A row of the directory: what, where, and what narrows it."""
        head, *narrow = step.split(" & ")
        what, _, where = head.partition("@")
        zh, en = named(self.known, what) if what == "*" or what in self._types else (what, what)
        area = _area(self.places.atlas, where)
        more = [self._code(one) for one in narrow]
        return " · ".join([area[0], zh, *(m[0] for m in more)]), " · ".join(
            [area[1], en, *(m[1] for m in more)]
        )

    @property
    def _types(self) -> Any:
        return self.known.types.by_code

    def _code(self, code: str) -> Words:
        """The name of a type, a post, a unit, a limit or a fixed value, or what stands there."""
        if code in self._types:
            return named(self.known, code)
        if code in ROLES:
            return ROLES[code].zh, ROLES[code].en
        if code in self.places.units:
            return self.places.units[code].name, self.places.units[code].name
        if WRITTEN.fullmatch(code):
            limit = Limit.parse(code)
            return limit.zh, limit.en
        return VALUES.get(code, (code, code))

    def _value(self, value: Any, rows: Mapping[str, Words] | None) -> dict[str, str] | None:
        if value is None:
            return None
        if rows is not None and isinstance(value, list):
            said = (rows.get(str(one)) or self._step("", str(one)) for one in value)
            return _joined(said, "、", ", ")
        zh, en = self._words(value)
        return {"zh": zh[:MOST_WORDS], "en": en[:MOST_WORDS]}

    def _words(self, value: Any) -> Words:
        match value:
            case bool():
                return ("是", "yes") if value else ("否", "no")
            case str():
                return self._code(value)
            case list():
                parts = [self._words(one) for one in value]
                return "、".join(p[0] for p in parts), ", ".join(p[1] for p in parts)
            case dict():
                return self._of_row(value)
            case _:
                return str(value), str(value)

    def _of_row(self, row: dict[str, Any]) -> Words:
        """A whole row: its name first, then what is in it beyond what its place says."""
        name = _own_name((row, None))
        said = {"code", *(("zh", "en") if name else ())}
        if "type" in row and "area" in row:
            said |= {"type", "area"}
        shown = [(k, self._words(v)) for k, v in row.items() if v and k not in said]
        both = [f"{name[0]} / {name[1]}"] if name else []
        return (
            "；".join([*both, *(f"{self._step('', k)[0]}：{v[0]}" for k, v in shown)]),
            "; ".join([*both, *(f"{self._step('', k)[1]}: {v[1]}" for k, v in shown)]),
        )


def _into(pieces: Pieces, row: str, word: str) -> Pieces:
    first, last = (
        (keyed(piece) or {}).get(row) if row else piece.get(word) if _is_row(piece) else None
        for piece in pieces
    )
    return first, last


def _followed(pieces: Pieces, change: Change) -> Pieces:
    """The list whose order is another."""
    for row, word in STEP.findall(change.path.removesuffix(ORDER))[1:]:
        pieces = _into(pieces, row, word)
    return pieces


def _rows(pieces: Pieces) -> dict[str, Words]:
    rows = keyed(pieces[0]) or {}
    return {code: name for code, row in rows.items() if (name := _own_name((row, None)))}


def _is_row(piece: Any) -> bool:
    return isinstance(piece, dict)


def _own_name(pieces: Pieces) -> Words | None:
    """What a row calls itself in both languages."""
    for piece in pieces:
        if _is_row(piece) and piece.get("zh") and piece.get("en"):
            return str(piece["zh"]), str(piece["en"])
    return None


def _area(atlas: Atlas, code: str) -> Words:
    area = atlas.codes.get(code)
    if area:
        return area.short_name, area.short_name
    return ("全市", "the whole city") if code == "*" else (code, code)


def _joined(steps: Iterator[Words], zh: str = " › ", en: str = " › ") -> dict[str, str]:
    words = list(steps)
    return {"zh": zh.join(w[0] for w in words), "en": en.join(w[1] for w in words)}
