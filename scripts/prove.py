"""Run the proofs with their stated counts and write docs/proofs.md; `make prove` calls it.

A proof that is not run this time keeps its line, and so does one that was skipped for want of
what it needs; one that no longer exists loses it. What has run is written down also when the run
is broken off.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WRITTEN = ROOT / "docs" / "proofs.md"
WORDS = {
    "passed": "成立 holds",
    "failed": "不成立 fails",
    "skipped": "未运行 skipped",
    "not run": "未运行 not run",
}
HEADER = """# 证明 · Proofs

由 `make prove` 生成，请勿手改。Written by `make prove`; do not edit.

每条证明平时以较小的次数随 `make test` 运行；这里是按规定次数运行的结果。
Each proof runs in `make test` with reduced counts; these are the runs with the stated ones.
重做一条 one alone: `make prove T=tests/faults`；换种子 another seed: `WANGGE_SEED=7 make prove`。

"""
COLUMNS = (
    "证明 proof", "结果 result", "次数 counts", "数字 figures", "秒 seconds", "种子 seed",
    "日期 date", "测试 test",
)  # fmt: skip
RESULT, NODE = 1, -1


def marked(folder: Path) -> Iterator[tuple[str, str]]:
    """Every proof's test and title, read from the source: none may drop out unnoticed."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.proof":
                    yield f"{path.relative_to(ROOT)}::{node.name}", ast.literal_eval(mark.args[0])


def line(found: dict[str, Any], today: str) -> list[str]:
    return [
        found["title"],
        WORDS[found["outcome"]],
        " · ".join(f"{count:,}" for count in found.get("counts", [])),
        "；".join(f"{name} {value}" for name, value in found.get("figures", {}).items()),
        f"{found.get('seconds', 0):,.0f}",
        str(found.get("seed", "")),
        today,
        f"`{found['nodeid']}`",
    ]


def written(text: str) -> dict[str, list[str]]:
    """Lines of an earlier report by their test, of those that ran."""
    cells = [
        [cell.strip() for cell in row.strip().strip("|").split(" | ")]
        for row in text.splitlines()
        if row.startswith("| ") and row.rstrip(" |").endswith("`")
    ]
    return {row[NODE].strip("`"): row for row in cells if row[RESULT] != WORDS["not run"]}


def report(
    before: str, results: list[dict[str, Any]], wanted: list[tuple[str, str]], today: str
) -> str:
    """The page: what ran now, else what is written of it, else that it never ran."""
    lines = written(before)
    for found in results:
        if found["outcome"] != "skipped" or found["nodeid"] not in lines:
            lines[found["nodeid"]] = line(found, today)
    rows: list[list[str]] = []
    for name, title in wanted:
        known = [lines[one] for one in sorted(lines) if one.partition("[")[0] == name]
        never = {"title": title, "outcome": "not run", "nodeid": name}
        rows.extend(known or [line(never, "")])
    table = [list(COLUMNS), ["---"] * len(COLUMNS), *rows]
    return HEADER + "".join(f"| {' | '.join(row)} |\n" for row in table)


def ended(running: subprocess.Popen[bytes]) -> int:
    """Wait for the run; whoever breaks it off tells pytest too, which puts its things away."""
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: list[str]) -> int:
    """Give pytest's own code back: a proof that fails is written down and the run is red."""
    results = ROOT / "var" / "proofs.json"
    results.parent.mkdir(exist_ok=True)
    results.unlink(missing_ok=True)
    environment = os.environ | {"WANGGE_PROVE": "1", "WANGGE_PROVE_RESULTS": str(results)}
    command = [sys.executable, "-m", "pytest", "-vv", "-m", "proof", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as running:
        code = ended(running)
    found = json.loads(results.read_text("utf-8")) if results.exists() else []
    before = WRITTEN.read_text("utf-8") if WRITTEN.exists() else ""
    today = datetime.now(UTC).date().isoformat()
    WRITTEN.write_text(report(before, found, list(marked(ROOT / "tests")), today), "utf-8")
    sys.stdout.write(f"docs/proofs.md: {len(found)} proofs run\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
