"""Rows as COPY reads them in its text form, put together at a fraction of what the driver takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, islice
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer

ROWS = 500
NOTHING = r"\N"
STRINGS, LISTS, IDS = {str}, {list}, {UUID}
AT_ONCE = {datetime, UUID, bool, type(None)}
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
Writer = Callable[[Any], str]


def blocks(conn: Connection[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Some hundred lines at a time; types that are not known here are written by the driver.

    Column by column, because what stands in one column is mostly of one type.
    """
    write, left = _Writers(conn), iter(rows)
    while block := list(islice(left, ROWS)):
        columns = [write.column(values) for values in zip(*block, strict=True)]
        yield "\n".join([*map("\t".join, zip(*columns, strict=True)), ""])


class _Writers(dict[type, Writer]):
    """By type, made when it is first met."""

    def __init__(self, conn: Connection[Any]) -> None:
        super().__init__(KNOWN)
        self._driver = Transformer(conn)
        self[list] = self[tuple] = self._list

    def column(self, values: Sequence[Any]) -> Iterable[str]:
        """A column's values as text; of one type, or one and nothing, they are written at once."""
        kinds = set(map(type, values))
        if kinds == STRINGS and _is_plain("".join(values)):
            return values
        if kinds <= AT_ONCE:
            said = orjson.dumps(values).decode().replace('"', "")
            return said.replace("null", NOTHING)[1:-1].split(",")
        if kinds == LISTS and set(map(type, chain.from_iterable(values))) == IDS:
            said = orjson.dumps(values).decode().replace('"', "")
            return f"{{{said[2:-2]}}}".replace("],[", "}\t{").split("\t")
        return [self[type(value)](value) for value in values]

    def __missing__(self, kind: type) -> Writer:
        self[kind] = _text if issubclass(kind, StrEnum) else self._by_driver
        return self[kind]

    def _list(self, values: Sequence[Any]) -> str:
        kinds = set(map(type, values))
        if kinds <= IDS:
            return f"{{{','.join(map(_ids, values))}}}"
        if kinds == STRINGS:
            return _text(f"{{{','.join(map(_quoted, values))}}}")
        return self._by_driver(values)

    def _by_driver(self, value: Any) -> str:
        said = self._driver.get_dumper(value, PyFormat.TEXT).dump(value)
        return NOTHING if said is None else _text(bytes(said).decode())


def _is_plain(value: str) -> bool:
    return not ("\\" in value or "\n" in value or "\t" in value or "\r" in value)


def _text(value: str) -> str:
    return value if _is_plain(value) else value.translate(ESCAPES)


def _ids(value: UUID) -> str:
    return f"{value.int:032x}"


def _quoted(value: str) -> str:
    if value.isalnum():
        return f'"{value}"'
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


KNOWN: dict[type, Writer] = {
    type(None): lambda _: NOTHING,
    str: _text,
    bool: "ft".__getitem__,
    int: str,
    float: repr,
    UUID: _ids,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: rf"\\x{value.hex()}",
}
