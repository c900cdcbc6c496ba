"""Every door with what its own description allows and does not: no failure, nothing off schema."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from time import monotonic
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import Registry, ValidationError, validator_for
from schemathesis.core.failures import FailureGroup
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    status_code_conformance,
)

from tests.cases.test_loop import told
from tests.conftest import clone
from tests.proofs import Proof
from tests.town import Town
from wangge.app import build
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cells, transaction
from wangge.kernel.web import COOKIE

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
]
POSTS = {
    "nobody": "",
    "grid worker": "lihong",
    "grid leader": "wuhua",
    "market's worker": "sunlei",
    "acceptor": "acceptor",
    "dispatcher": "dispatcher",
    "duty leader": "dutyleader",
    "handler": "handler",
    "property": "property",
    "supervisor": "supervisor",
    "leader": "leader",
    "system administrator": "sysadmin",
    "security administrator": "secadmin",
    "audit administrator": "auditor",
}
LET_IN = "update accounts set active = true, locked_until = null where username = %s"
WHOLE = "urn:wangge:description"
EXAMPLES = 1, 2  # of what a door allows and of what it does not, in every run and when proved
TOGETHER = 3
# A path's own names, found in the town; half of all requests stand before something that is there.
THERE = {
    "case_id": "select id::text as v from cases",
    "area_id": "select id::text as v from areas",
    "account_id": "select id::text as v from accounts",
    "post_id": "select id::text as v from posts",
    "organisation_id": "select id::text as v from organisations",
    "area_code": "select code as v from areas",
    "name": "select unnest(array['brand','calendar','types','lists','switches']) as v",
}


class Elsewhere:
    """The application, asked by a new address each time, so that no limit is in the way."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.numbers = count()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            n = next(self.numbers)
            scope["client"] = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", 4000)
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def city(cells: Cells, town_template: str) -> Iterator[Town]:
    cell = cells.cell(clone(cells, PREFIX + town_template))
    yield Town(cell, build(cells, default_tenant=cell.tenant))
    shutdown_lifespans()
    tenants.drop(cells, cell.tenant)


@pytest.fixture(scope="module")
def description(city: Town) -> Any:
    found = schemathesis.openapi.from_dict(city.web.openapi())
    found.app = Elsewhere(city.web)
    # The live line says hello and then waits for as long as anybody listens.
    found.config.max_stream_events = 1
    # All characters that UTF-8 can write, as if it were named: named, 2 s go by in counting them.
    found.config.generation.codec = None
    return found


@pytest.fixture(scope="module")
def there(city: Town) -> dict[str, list[str]]:
    opened = city.person("acceptor")
    for words in ("漏水", "路灯不亮"):
        assert opened.post("/cases", {**told(words), "channel": "phone"}).status_code == 200
    with transaction(city.cell) as tx:
        return {name: [row["v"] for row in tx.rows(sql)] for name, sql in THERE.items()}


class Crowd:
    """Somebody at each kind of post and somebody without one, each with a session of his own."""

    def __init__(self, city: Town, together: int) -> None:
        self.city = city
        self.together = together
        self.line = cycle(enumerate(POSTS))
        self.tickets: dict[str, tuple[dict[str, str], dict[str, str]]] = {"nobody": ({}, {})}

    def turn(self) -> list[tuple[int, str]]:
        """Those who come next, so that in the end everybody stood before everything alike."""
        return list(islice(self.line, self.together))

    def sends(self, post: str, case: Any) -> Any:
        """As this person; signed in anew if the last request ended the session."""
        if post not in self.tickets:
            with transaction(self.city.cell) as tx:
                # One of them may have locked him out, or he tried passwords that were not his.
                tx.run(LET_IN, [POSTS[post]])
            person = self.city.person(POSTS[post])
            cookies = {COOKIE: person.client.cookies[COOKIE]}
            self.tickets[post] = {"X-CSRF-Token": person.me["csrf"]}, cookies
        headers, cookies = self.tickets[post]
        answer = case.call(headers=headers, cookies=cookies)
        if post != "nobody" and answer.status_code == 401:
            del self.tickets[post]
        return answer


class Shapes:
    """Bodies held against the description; schemathesis itself misreads tuples in answers."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.description = description
        # Pointed into, never copied: the parts beside each answer's shape took 4 MB of each.
        self.whole = Registry([(WHOLE, description)])
        self.known: dict[tuple[str, str, int], Any] = {}

    def check(self, case: Any, answer: Any) -> None:
        key = (case.operation.path, case.operation.method, answer.status_code)
        if key not in self.known:
            self.known[key] = self._written(*key)
        # An answer to HEAD has headers alone.
        if self.known[key] and case.operation.method.upper() != "HEAD":
            self.known[key].validate(answer.json())

    def _written(self, path: str, method: str, status: int) -> Any:
        answers = self.description["paths"][path][method.lower()]["responses"]
        told = answers.get(str(status), {})
        way = ["paths", path, method.lower(), "responses", str(status)]
        if "$ref" in told:
            way = told["$ref"].split("/")[1:]
            told = self.description["components"]["responses"][way[-1]]
        if not told.get("content", {}).get("application/json", {}).get("schema"):
            return None
        pointer = "/".join(
            part.replace("~", "~0").replace("/", "~1")
            for part in ["", *way, "content", "application/json", "schema"]
        )
        return validator_for({"$ref": f"{WHOLE}#{quote(pointer)}"}, registry=self.whole)


@dataclass
class Findings:
    """What was asked, what it was answered with, and what was wrong."""

    shapes: "Shapes"
    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def judge(self, case: Any, answer: Any, post: str) -> None:
        self.asked += 1
        self.statuses[answer.status_code] += 1
        where = f"{case.operation.label} {answer.status_code}"
        try:
            case.validate_response(answer, checks=CHECKS)
            self.shapes.check(case, answer)
        except (FailureGroup, ValidationError) as error:
            self.wrong.setdefault(where, f"{where}, {post}: {str(error)[:1500]}")


# A pool's own threads shake dice too, at moments of their own.
@pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")
@pytest.mark.proof("No door breaks or answers off its description, whatever is sent by whomever")
def test_no_door_breaks_or_answers_off_its_description(
    city: Town, description: Any, there: dict[str, list[str]], proof: Proof
) -> None:
    """All doors once, and again with other requests by others until the minutes are over.

    Seen red by answers of 400 that no description named, and by a door that broke.
    """
    crowd, findings = Crowd(city, TOGETHER), Findings(Shapes(city.web.openapi()))
    examples = proof.count(*EXAMPLES)
    ends, rounds = monotonic() + 60 * proof.count(0, stated=10), 0
    while rounds == 0 or monotonic() < ends:
        for found in description.get_all_operations():
            for mode in schemathesis.GenerationMode:
                # Some doors take nothing that could be wrong.
                with suppress(Unsatisfiable):
                    knock(found.ok(), mode, proof.seed + rounds, examples, crowd, there, findings)
        rounds += 1

    proof.note(
        rounds=rounds, requests=findings.asked, statuses=dict(sorted(findings.statuses.items()))
    )

    assert findings.wrong == {}, "\n\n".join(findings.wrong.values())
    assert findings.statuses[200] > findings.asked / 20


def knock(
    operation: Any,
    mode: Any,
    chance: int,
    examples: int,
    crowd: Crowd,
    there: dict[str, list[str]],
    findings: Findings,
) -> None:
    """Several send the same; half of the time before something that is there."""

    def tried(case: Any, n: int) -> None:
        for place, post in crowd.turn():
            for name, values in there.items():
                if name in (case.path_parameters or {}) and (n + place) % 2:
                    case.path_parameters[name] = values[(n + place) % len(values)]
            findings.judge(case, crowd.sends(post, case), post)

    # Hypothesis reads the source of what it calls anew each time: it is kept short.
    @seed(chance)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), n=st.integers(0, 31))
    def send(case: Any, n: int) -> None:
        tried(case, n)

    send()
