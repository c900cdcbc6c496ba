"""The report of the proofs says what was run with the stated counts, and forgets nothing."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.proofs import RESULTS, STATED, Proof

ROOT = Path(__file__).parents[2]
RUN = {
    "nodeid": "tests/x.py::kills",
    "title": "Killed",
    "outcome": "passed",
    "counts": [20, 1000],
    "figures": {"reports": "31,000", "lost": "0"},
    "seed": 7,
    "seconds": 61.2,
}


@pytest.fixture(scope="module")
def prove() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prove", ROOT / "scripts/prove.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_counts_are_stated_only_when_proving(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Proof("title", seed=1)
    monkeypatch.delenv(STATED, raising=False)
    assert found.count(2, stated=20) == 2
    monkeypatch.setenv(STATED, "1")
    assert found.count(2, stated=20) == 20
    assert found.counts == [2, 20]


def test_chance_repeats_itself_with_the_seed() -> None:
    assert Proof("a", seed=3).random.random() == Proof("b", seed=3).random.random()


@pytest.mark.proof("The frame itself: what a proof says of itself reaches the report")
def test_a_proof_has_its_fixture(proof: Proof) -> None:
    proof.note(seed=proof.seed)

    assert proof.title.startswith("The frame itself")
    assert proof.figures == {"seed": str(proof.seed)}


def test_a_run_replaces_its_line_and_keeps_the_others(prove: ModuleType) -> None:
    wanted = [("tests/x.py::kills", "Killed"), ("tests/y.py::never", "Never")]
    first = prove.report("", [RUN], wanted, "2026-01-01")
    kept = prove.report(first, [], wanted, "2026-02-02")
    failed = prove.report(first, [RUN | {"outcome": "failed"}], wanted, "2026-03-03")

    told = "| Killed | 成立 holds | 20 · 1,000 | reports 31,000；lost 0 | 61 | 7 | 2026-01-01 |"
    assert told in first
    assert "| Never | 未运行 not run |" in first
    assert kept == first
    assert "| Killed | 不成立 fails |" in failed
    assert "成立 holds" not in failed.replace("不成立", "")


def test_what_could_not_run_here_keeps_its_line(prove: ModuleType) -> None:
    """Seen red: a machine that may not mount wiped out what another had shown."""
    wanted = [("tests/x.py::kills", "Killed"), ("tests/z.py::skipped", "Never")]
    first = prove.report("", [RUN], wanted, "2026-01-01")
    skipped = [RUN | {"nodeid": name, "outcome": "skipped"} for name, _ in wanted]

    text = prove.report(first, skipped, wanted, "2026-02-02")

    assert "| 2026-01-01 | `tests/x.py::kills` |" in text
    assert "未运行 skipped" in text


def test_what_ran_is_kept_when_the_run_is_broken_off(tmp_path: Path) -> None:
    """Seen red with the results written only when the session ends."""
    results, broken = tmp_path / "found.json", tmp_path / "test_broken.py"
    broken.write_text(
        "import os, pytest\n"
        "@pytest.mark.proof('One')\n"
        "def test_one(proof): proof.note(lost=0)\n"
        "@pytest.mark.proof('Two')\n"
        "def test_two(proof): os._exit(3)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.proofs", "-c", "/dev/null", str(broken)]

    # A process of its own, also where this one is a worker of several.
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    ended = subprocess.run(command, cwd=ROOT, env=own | {RESULTS: str(results)}, check=False)

    assert ended.returncode == 3
    assert [one["title"] for one in json.loads(results.read_text("utf-8"))] == ["One"]


def test_a_proof_that_is_gone_loses_its_line(prove: ModuleType) -> None:
    text = prove.report("", [RUN], [("tests/x.py::kills", "Killed")], "2026-01-01")

    assert "Killed" not in prove.report(text, [], [("tests/y.py::other", "Other")], "2026-01-02")


def test_every_parameter_of_a_proof_has_its_line(prove: ModuleType) -> None:
    """Seen red with the line of before the first run still among them."""
    runs = [RUN | {"nodeid": f"tests/x.py::kills[{what}]"} for what in ("api", "database")]
    wanted = [("tests/x.py::kills", "Killed")]
    never = prove.report("", [], wanted, "2026-01-01")

    text = prove.report(never, runs, wanted, "2026-01-01")

    assert text.count("| Killed |") == 2


def test_the_proofs_of_this_tree_are_found(prove: ModuleType) -> None:
    assert ("tests/architecture/test_proofs.py::test_a_proof_has_its_fixture") in dict(
        prove.marked(ROOT / "tests")
    )
