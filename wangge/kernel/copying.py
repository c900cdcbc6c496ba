"""Rows as COPY reads them in its text form, put together at a fraction of what the driver takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer

ROWS = 500
NOTHING = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
Writer = Callable[[Any], str]


def blocks(conn: Connection[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Some hundred lines at a time; types that are not known here are written by the driver."""
    write = _Writers(conn)
    lines = ("\t".join([write[type(value)](value) for value in row]) for row in rows)
    while block := list(islice(lines, ROWS)):
        yield "\n".join([*block, ""])


class _Writers(dict[type, Writer]):
    """By type, made when it is first met."""

    def __init__(self, conn: Connection[Any]) -> None:
        super().__init__(KNOWN)
        self._driver = Transformer(conn)
        self[list] = self[tuple] = self._list

    def __missing__(self, kind: type) -> Writer:
        self[kind] = _text if issubclass(kind, StrEnum) else self._by_driver
        return self[kind]

    def _list(self, values: Sequence[Any]) -> str:
        kinds = set(map(type, values))
        if kinds <= {UUID}:
            return f"{{{','.join(map(_ids, values))}}}"
        if kinds == {str}:
            return _text(f"{{{','.join(map(_quoted, values))}}}")
        return self._by_driver(values)

    def _by_driver(self, value: Any) -> str:
        said = self._driver.get_dumper(value, PyFormat.TEXT).dump(value)
        return NOTHING if said is None else _text(bytes(said).decode())


def _text(value: str) -> str:
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(ESCAPES)
    return value


def _ids(value: UUID) -> str:
    return f"{value.int:032x}"


def _quoted(value: str) -> str:
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
