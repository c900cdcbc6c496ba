"""Proofs: one test, with reduced counts in `make test` and with the stated ones in `make prove`.

    @pytest.mark.proof("No acknowledged report is lost when the database is killed")
    def test_x(proof: Proof) -> None:
        for _ in range(proof.count(2, stated=20)): ...
        proof.note(reports=n, lost=0)

`scripts/prove.py` gathers what the proofs say of themselves into docs/proofs.md.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

STATED = "WANGGE_PROVE"
RESULTS = "WANGGE_PROVE_RESULTS"
SEED = "WANGGE_SEED"
USUAL_SEED = 20_260_101


@dataclass
class Proof:
    """What a proof runs with and what it found."""

    title: str
    seed: int
    counts: list[int] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    def count(self, reduced: int, stated: int) -> int:
        """``stated`` in `make prove`, ``reduced`` in `make test`; told in the report."""
        chosen = stated if os.environ.get(STATED) else reduced
        self.counts.append(chosen)
        return chosen

    def note(self, **figures: object) -> None:
        """Figures for the report; a second note of the same name replaces the first."""
        self.figures.update({name: str(value) for name, value in figures.items()})

    @property
    def random(self) -> Random:
        """A fresh generator that repeats itself with the same seed."""
        return Random(self.seed)  # noqa: S311 - chance that can be repeated, not a secret


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Iterator[Proof]:
    mark = request.node.get_closest_marker("proof")
    if mark is None:
        pytest.fail("the fixture proof is for tests marked @pytest.mark.proof(title)")
    found = Proof(_title(mark), int(os.environ.get(SEED, USUAL_SEED)))
    yield found
    request.node.user_properties.append(("proof", asdict(found)))


def _title(mark: pytest.Mark) -> str:
    match mark.args:
        case (str(title),):
            return title
    message = '@pytest.mark.proof("title") takes one title'
    raise pytest.UsageError(message)


# --- the gathering: in the process that began the run; xdist carries the properties over ---------
_found: dict[str, dict[str, Any]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("proof")
        if mark:
            item.user_properties.append(("proof", {"title": _title(mark)}))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    said = [told for name, told in report.user_properties if name == "proof"]
    if not said:
        return
    line = _found.setdefault(report.nodeid, {"nodeid": report.nodeid, "outcome": "not run"})
    for told in said:
        line.update(told)  # type: ignore[call-overload]  # always a dictionary
    line["seconds"] = round(line.get("seconds", 0.0) + report.duration, 1)
    if report.outcome != "passed":
        line["outcome"] = report.outcome
    elif report.when == "call" and line["outcome"] == "not run":
        line["outcome"] = "passed"
    if report.when == "teardown":
        _write()


def _write() -> None:
    """After every proof, so that a run that is broken off keeps what it has found."""
    path = os.environ.get(RESULTS)
    if path and not os.environ.get("PYTEST_XDIST_WORKER"):
        found = [_found[nodeid] for nodeid in sorted(_found)]
        Path(path).write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
