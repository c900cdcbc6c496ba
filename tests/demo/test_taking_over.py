"""One file with rules, people, roster and cases: all of it or nothing."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from wangge.demo.taking_over import take_over
from wangge.kernel.db import Cell, Cells, transaction
from wangge.tenant.service import rules

EXAMPLE = (Path(__file__).parent / "acceptance.yaml").read_text("utf-8")
TABLES = ("rules", "organisations", "accounts", "posts", "duty_shifts", "cases", "case_steps")


def counted(cell: Cell) -> dict[str, int]:
    with transaction(cell) as tx:
        rows = {name: tx.one(f"select count(*) as n from {name}") for name in TABLES}
    return {name: row["n"] for name, row in rows.items() if row}


def test_the_example_of_the_handbook_is_taken_whole(own: Cell) -> None:
    outcome = take_over(own, EXAMPLE)

    assert outcome.problems == []
    assert outcome.applied
    assert outcome.counts == {"rules": 1, "organisations": 1, "people": 3, "roster": 1, "cases": 2}
    with transaction(own) as tx:
        case = tx.one("select * from cases where source_ref = 'acceptance-1'")
        steps = tx.rows(
            "select action, actor_name, at from case_steps where case_id = %s order by seq",
            [case["id"] if case else None],
        )
        switches = rules(tx).switches
    assert case is not None
    assert (case["state"], case["solved"]) == ("evaluated", True)
    assert f"{case['received_at']:%F %R}" == "2026-01-05 01:10"
    assert ("acknowledge", "赵验收") in [(step["action"], step["actor_name"]) for step in steps]
    assert switches.auto_evaluate_days == 3


def test_the_same_file_twice_makes_nothing_twice(own: Cell) -> None:
    take_over(own, EXAMPLE)
    once = counted(own)

    again = take_over(own, EXAMPLE)

    assert again.problems == []
    assert counted(own) == once


def test_a_dry_run_writes_nothing(own: Cell) -> None:
    before = counted(own)

    outcome = take_over(own, EXAMPLE, dry_run=True)

    assert (outcome.problems, outcome.applied, outcome.created) == ([], False, [])
    assert counted(own) == before
    with transaction(own) as tx:
        assert rules(tx).switches.auto_evaluate_days == 7


def test_new_people_stand_at_the_doors(own: Cell, browser: TestClient) -> None:
    take_over(own, EXAMPLE)

    people = browser.get("/api/v1/demo/accounts").json()["items"]
    mine = [person for person in people if person["group"] == "验收"]

    assert [person["name"] for person in mine] == ["赵验收", "钱验收", "孙验收"]
    opened = browser.post("/api/v1/demo/session", json={"account_id": mine[0]["id"]})
    assert opened.json()["posts"][0]["unit"]["name"] == "垦利街道园林养护站"


BAD = """
wangge_load: 1
rules:
  switches: {auto_evaluate_days: 900}
organisations:
  - {code: x-1, kind: department, name: 某单位, area: "999"}
people:
  - {username: fine.person, name: 没有问题, posts: [{role: handler, unit: cg-370505}]}
  - {username: wrong.person, name: 岗位不对, posts: [{role: emperor, unit: cg-370505}]}
roster:
  - {unit: desk-370505001, duty: leader, username: nobody.here, begins: 2026-01-01 08:30,
     ends: 2026-01-02 08:30}
cases:
  - ref: late
    received_at: 2199-01-01 08:00
    text: 将来的事
  - ref: wrong-hands
    received_at: 2026-01-05 09:00
    text: 灯坏了
    area: "3705050010101001"
    steps:
      - {at: 2026-01-05 09:10, by: wg3705050010101001, action: accept}
"""


def test_a_bad_file_is_told_place_by_place_and_writes_nothing(own: Cell) -> None:
    before = counted(own)

    outcome = take_over(own, BAD)

    assert not outcome.applied
    assert [problem.path for problem in outcome.problems] == [
        "rules.switches.auto_evaluate_days",
        "organisations.0.area",
        "people.1.role",
        "roster.0.username",
        "cases.0.at",
        "cases.1.steps.0",
    ]
    assert all(problem.zh and problem.en for problem in outcome.problems)
    assert counted(own) == before


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("wangge_load: 1\npeople:\n  - {username: a}\n", "file.people.0.name"),
        ("wangge_load: 1\npeolpe: []\n", "file.peolpe"),
        ("wangge_load: 2\n", "file.wangge_load"),
        ("wangge_load: 1\n  cases: [\n", "line 2"),
    ],
)
def test_a_slip_of_the_pen_is_told(own: Cell, text: str, path: str) -> None:
    outcome = take_over(own, text)

    assert [problem.path for problem in outcome.problems] == [path]
    assert outcome.problems[0].zh


@pytest.fixture
def command(own: Cell, cells: Cells) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line in a process of its own, over the databases of this run."""
    surroundings = os.environ | {
        "WANGGE_DSN": cells.owner_dsn,
        "WANGGE_APP_PASSWORD": cells.passwords["app"],
        "WANGGE_INTAKE_PASSWORD": cells.passwords["intake"],
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "wangge.cli", *words, "-t", own.tenant],
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_command_takes_the_example_and_hands_out_codes(
    own: Cell, tmp_path: Path, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    file, codes = tmp_path / "acceptance.yaml", tmp_path / "codes.csv"
    file.write_text(EXAMPLE, "utf-8")

    done = command("load", str(file), "--codes", str(codes))

    assert done.returncode == 0, done.stderr
    assert "cases 2" in done.stdout
    assert stat.S_IMODE(codes.stat().st_mode) == 0o600
    assert len(codes.read_text("utf-8-sig").splitlines()) == 4


def test_the_command_refuses_in_both_languages(
    own: Cell, tmp_path: Path, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    before = counted(own)
    (tmp_path / "bad.yaml").write_text(BAD, "utf-8")

    done = command("load", str(tmp_path / "bad.yaml"))

    assert done.returncode == 1
    assert "people.1.role：没有此岗位：emperor" in done.stderr
    assert "no such role: emperor" in done.stderr
    assert counted(own) == before


def test_the_command_shows_and_turns_the_clock(
    own: Cell, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    turned = command("demo", "clock", "--at", "2026-09-30 16:50", "--frozen")
    shown = command("demo", "clock")

    assert "2026-09-30 16:50" in turned.stdout
    assert "2026-09-30 16:50  Asia/Shanghai  停住 frozen" in shown.stdout
