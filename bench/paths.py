"""The paths that are measured: requests through the doors, and work inside them."""

import random
from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import UUID

import orjson
import psycopg

from bench import batches, city, load, scripts
from bench.pgbench import pgbench
from bench.table import Line
from wangge.cases import lists
from wangge.cases.indicators import indicators
from wangge.cases.models import Action, StepInput
from wangge.cases.queries import Filter
from wangge.cases.routes import whole
from wangge.cases.service import step_of_account
from wangge.intake.models import Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.web import token_hash
from wangge.people.models import Actor

Requests = Callable[[], Iterator[load.Request]]


class Bench:
    """One city, one server process, one table."""

    def __init__(self, cell: Cell, port: int, api: int, postgres: int, seconds: float) -> None:
        self.cell, self.port, self.api, self.postgres = cell, port, api, postgres
        self.seconds = seconds
        self.lines: list[Line] = []

    def say(self, line: Line) -> None:
        print(line, flush=True)  # noqa: T201 - this is its output
        self.lines.append(line)

    def doors(
        self, name: str, aim: str, requests: Requests, said: int, script: str, role: str = "app"
    ) -> None:
        """Ask a door for some seconds, then run its statements from C for as long."""
        load.run(self.port, requests, seconds=1)
        app, db = load.cpu(self.api), load.cpu_of_children(self.postgres)
        got = load.run(self.port, requests, seconds=self.seconds)
        app, db = load.cpu(self.api) - app, load.cpu_of_children(self.postgres) - db
        beside = pgbench(self.cell, script, role=role, seconds=self.seconds) if script else None
        n = len(got.latencies) / 1000
        self.say(
            Line(
                name, aim, got.per_second,
                got.percentile(0.5), got.percentile(0.95), got.percentile(0.99),
                app / n, db / n, got.own_cpu / n, said, beside, got.failed,
            )
        )  # fmt: skip

    def _said(self, token: bytes, work: Callable[[Tx, Actor], object]) -> tuple[int, str]:
        """How many statements a door says besides BEGIN and COMMIT, and a script of them."""
        with transaction(self.cell, "app", token=token) as tx:
            actor = Actor.of(tx)
            work(tx, actor)
            with city.recording(tx) as said:
                work(tx, actor)
            raise psycopg.Rollback
        body = scripts.body(said)
        return len(said) + 1, scripts.FROM_C.format(token=token.hex(), body=body)

    def queued(self, headers: dict[str, str]) -> list[str]:
        """Ids of the first hundred cases that wait to be accepted."""
        token = token_hash(headers["Cookie"].split("=", 1)[1])
        with transaction(self.cell, "app", token=token) as tx:
            page = lists.page(tx, Actor.of(tx), Filter(), queue="to_accept", cursor="", limit=100)
        return [str(item["id"]) for item in page["items"]]

    def reads(self, headers: dict[str, str], ids: list[str]) -> None:
        """Queue page, case and indicators."""
        token = token_hash(headers["Cookie"].split("=", 1)[1])
        first = UUID(ids[0])
        paths: list[tuple[str, str, list[str], Callable[[Tx, Actor], object]]] = [
            ("queue page of 100", "500", ["/api/v1/cases?queue=to_accept&limit=100"],
             lambda tx, me: lists.page(
                 tx, me, Filter(), queue="to_accept", cursor="", limit=100)),
            ("everything, newest 100", "500", ["/api/v1/cases?limit=100"],
             lambda tx, me: lists.page(tx, me, Filter(), queue="", cursor="", limit=100)),
            ("case with its history", "800", [f"/api/v1/cases/{one}" for one in ids],
             lambda tx, me: whole(tx, me, first)),
            ("indicators of 30 days", "", ["/api/v1/indicators"],
             lambda tx, _: indicators(tx, None, None, None)),
        ]  # fmt: skip
        for name, aim, addresses, work in paths:
            said, script = self._said(token, work)
            asked = [("GET", address, headers, b"") for address in addresses]
            self.doors(name, aim, lambda asked=asked: cycle(asked), said, script)

    def step(self, headers: dict[str, str], ids: list[str]) -> None:
        """A remark on one case after the other, answered in short and with the whole case."""
        token = token_hash(headers["Cookie"].split("=", 1)[1])
        turn = cycle(ids)

        def work(tx: Tx, actor: Actor) -> None:
            step_of_account(tx, actor, UUID(ids[0]), _remark())

        def work_and_show(tx: Tx, actor: Actor) -> None:
            work(tx, actor)
            whole(tx, actor, UUID(ids[0]))

        def requests(more: dict[str, str]) -> Iterator[load.Request]:
            for one in turn:
                body = {"id": str(new_id()), "action": "remark", "note": "已电话联系"}
                yield "POST", f"/api/v1/cases/{one}/steps", headers | more, orjson.dumps(body)

        said, script = scripts.step(self.cell, token, ids, work)
        minimal = {"Prefer": "return=minimal"}
        self.doors("one step (remark)", "800", lambda: requests(minimal), said, script)
        said, _ = self._said(token, work_and_show)
        name = "one step, with the case as answer"
        self.doors(name, "800", lambda: requests({}), said, "")

    def report(self) -> None:
        """One resident's report, each with a transaction of its own."""
        chance, place = random.Random(3), city.points(5)  # noqa: S311 - load, not secrets

        def requests() -> Iterator[load.Request]:
            for lon, lat in place:
                one = city.report((lon, lat), chance)
                body = {"id": str(one.id), "text": one.text, "lon": lon, "lat": lat,
                        "asker": {"phone": "13805460001"}}  # fmt: skip
                yield "POST", "/api/v1/public/cases", scripts.somebody(chance), orjson.dumps(body)

        with transaction(self.cell) as tx:
            one = city.report((118.50, 37.45), chance)
            # Rules and ground are read by the first; what is recorded is any other.
            receive_many(tx, [city.report((118.50, 37.45), chance)], Source())
            with city.recording(tx) as said:
                receive_many(tx, [one], Source())
            script = scripts.anew(tx, one.id, said)
        self.doors(
            "report through the public door", "1,000", requests, len(said) + 1, script, "intake"
        )

    def batch(self) -> None:
        """1,000 cases at the service, beside COPY of the same rows into the same tables."""
        found = batches.measure(self.cell, self.postgres)
        self.say(
            Line(
                "batch intake, cases in batches of 1,000", "10,000; ratio 0.5", found.per_second,
                app=found.app_cpu * 1000, db=found.db_cpu * 1000,
                beside=found.per_second / found.ratio,
            )
        )  # fmt: skip


def _remark() -> StepInput:
    return StepInput(id=new_id(), action=Action.REMARK, note="已电话联系")
