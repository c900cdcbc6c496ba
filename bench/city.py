"""The city that is measured: the demo's ground and people, and as many cases as are wanted."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from wangge.intake.models import AskerWords, Report
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

WORDS = ("路灯不亮", "垃圾没人清", "井盖松动", "噪音扰民", "占道经营", "下水道堵了", "楼道堆杂物")


@dataclass
class Recorded:
    """The statements of one transaction, with their values, as pgbench can run them."""

    statements: list[str]

    def script(self, fresh: dict[str, tuple[str, str]]) -> str:
        """``fresh``: name → (value of the recording, SQL for a new one in every run)."""
        text = ";\n".join(" ".join(one.split()) for one in self.statements) + ";\n"
        head = ""
        for name, (value, made) in fresh.items():
            head += f"select quote_literal({made}) as {name} \\gset\n"
            text = LITERAL.sub(partial(_renewed, name, value), text)
        return f"{head}begin;\n{text}commit;\n"


LITERAL = re.compile(r"'(?:[^']|'')*'")


def _renewed(name: str, value: str, literal: re.Match[str]) -> str:
    return (
        "(" + f"' || :{name} || '".join(literal[0].split(value)) + ")"
        if value in literal[0]
        else literal[0]
    )


def points(seed: int = 7) -> Iterator[tuple[float, float]]:
    """Points all over the city, most of them inside it."""
    chance = random.Random(seed)  # noqa: S311 - load, not secrets
    while True:
        yield chance.uniform(118.30, 118.95), chance.uniform(37.30, 37.80)


def report(where: tuple[float, float], chance: random.Random) -> Report:
    return Report(
        id=new_id(),
        text=f"{chance.choice(WORDS)}，请来看看，第{chance.randrange(10**6)}次反映。",
        channel="resident",
        lon=where[0],
        lat=where[1],
        asker=AskerWords(phone=f"1380546{chance.randrange(10_000):04d}"),
    )


@contextmanager
def recording(tx: Tx) -> Iterator[list[str]]:
    """What the block executes, with its values, in the order in which it did."""
    said: list[str] = []
    cursor = psycopg.ClientCursor(tx.conn)

    class Listening(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            said.append(cursor.mogrify(query, params) if params else _plain(query))
            return super().execute(query, params, **more)

    before = tx.conn.cursor_factory
    tx.conn.cursor_factory = Listening
    try:
        yield said
    finally:
        tx.conn.cursor_factory = before


def _plain(query: Any) -> str:
    return query.decode() if isinstance(query, bytes) else str(query)
