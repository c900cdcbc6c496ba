"""Measure the mission: run the marked tests, write docs/mission.md; `make mission` calls it.

A test says with ``@pytest.mark.mission("DC-08")`` which rows of docs/mission-table.md it shows
whole. A row is *shown* only if every test with its mark ran and passed in this run.
"""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "mission-table.md"
WRITTEN = ROOT / "docs" / "mission.md"
RESULTS = "WANGGE_MISSION_RESULTS"
CELLS = 6
WORDS = {"shown": "已展示 shown", "not yet": "未展示 not yet", "not built": "不建 not built"}


class Row(NamedTuple):
    """One capability of the mission table."""

    id: str
    zh: str
    en: str
    must: str
    acceptance: str
    kind: str


@dataclass
class Result:
    """One marked test: passed only if every phase of it passed."""

    ids: list[str] = field(default_factory=list)
    outcome: str = "not run"


# --- the plugin: pytest loads this file with ``-p mission`` -------------------------------------
_results: dict[str, Result] = defaultdict(Result)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("mission"):
            item.user_properties.append(("mission", list(mark.args)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Runs in the controlling process too: xdist carries the properties over."""
    for name, ids in report.user_properties:
        if name != "mission":
            continue
        result = _results[report.nodeid]
        result.ids = sorted({*result.ids, *map(str, ids)})  # type: ignore[call-overload]  # always a list
        if report.outcome != "passed" or hasattr(report, "wasxfail"):
            result.outcome = report.outcome if report.outcome != "passed" else "xfailed"
        elif report.when == "call" and result.outcome == "not run":
            result.outcome = "passed"


def pytest_sessionfinish() -> None:
    path = os.environ.get(RESULTS)
    if path and not os.environ.get("PYTEST_XDIST_WORKER"):
        found = [
            {"ids": result.ids, "nodeid": nodeid, "outcome": result.outcome}
            for nodeid, result in sorted(_results.items())
        ]
        Path(path).write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")


# --- the report ---------------------------------------------------------------------------------
def rows(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        if not line.startswith("| ") or line.startswith("| ID "):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) != CELLS:
            message = f"a row of the mission table has {len(cells)} cells: {line[:80]}"
            raise ValueError(message)
        yield Row(*cells)


def marked(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Every test that carries a mark, read from the source: none may drop out unnoticed."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            ids = [
                str(argument.value)
                for mark in node.decorator_list
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.mission"
                for argument in mark.args
                if isinstance(argument, ast.Constant)
            ]
            if ids:
                yield f"{path.relative_to(ROOT)}::{node.name}", ids


def with_missing(
    results: list[dict[str, object]], wanted: Iterable[tuple[str, list[str]]]
) -> list[dict[str, object]]:
    """Add, as not run, what is marked but gave no result: its file was not even collected."""
    ran = {str(result["nodeid"]).partition("[")[0] for result in results}
    missing: list[dict[str, object]] = [
        {"ids": ids, "nodeid": name, "outcome": "not run"}
        for name, ids in wanted
        if name not in ran
    ]
    return results + missing


def state(row: Row, outcomes: list[str]) -> str:
    if row.kind.startswith("X"):
        return "not built"
    return "shown" if outcomes and all(one == "passed" for one in outcomes) else "not yet"


def report(table: list[Row], results: list[dict[str, object]]) -> str:
    """docs/mission.md: every row of the table, in its order, with what this run says of it."""
    by_id: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for result in results:
        for one in result["ids"]:  # type: ignore[attr-defined]  # the plugin writes a list
            by_id[one].append((str(result["nodeid"]), str(result["outcome"])))
    unknown = sorted(set(by_id) - {row.id for row in table})
    if unknown:
        message = f"marks name rows that the mission table lacks: {', '.join(unknown)}"
        raise ValueError(message)
    states = {row.id: state(row, [one for _, one in by_id[row.id]]) for row in table}
    counts = {name: list(states.values()).count(name) for name in WORDS}
    lines = [
        "# 使命表 · Mission",
        "",
        "由 `make mission` 生成，请勿手改。Written by `make mission`; do not edit.",
        "",
        "*shown*: every test marked with the row ran and passed in this run.",
        "The rows themselves are in [mission-table.md](mission-table.md).",
        "",
        "；".join(f"{WORDS[name]}: {counts[name]}" for name in WORDS) + f"；共 {len(table)}",
        "",
        "| ID | 中文 | English | 状态 state | 测试 tests | 验收 acceptance |",
        "|---|---|---|---|---|---|",
    ]
    for row in table:
        tests = "<br>".join(
            f"`{nodeid}`" + ("" if outcome == "passed" else f" ({outcome})")
            for nodeid, outcome in sorted(by_id[row.id])
        )
        cells = [row.id, row.zh, row.en, WORDS[states[row.id]], tests, row.acceptance]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def run(arguments: list[str], results: Path) -> int:
    environment = os.environ | {
        RESULTS: str(results),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(ROOT)]),
    }
    command = [sys.executable, "-m", "pytest", "-p", "mission", "-m", "mission", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Give pytest's own code back: a red test leaves its row unshown and the run red."""
    results = ROOT / "var" / "mission.json"
    results.parent.mkdir(exist_ok=True)
    results.unlink(missing_ok=True)
    code = run(arguments or ["-n", "2"], results)
    found = json.loads(results.read_text("utf-8")) if results.exists() else []
    table = list(rows(TABLE.read_text("utf-8")))
    found = with_missing(found, marked(ROOT / "tests"))
    WRITTEN.write_text(report(table, found), "utf-8")
    sys.stdout.write(f"docs/mission.md: {len(found)} tests, {len(table)} rows\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
