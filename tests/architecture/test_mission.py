"""The report of the mission says what the run says, and no more."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mission() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mission_report", ROOT / "scripts/mission.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_row_of_the_table_is_read(mission: ModuleType) -> None:
    rows = list(mission.rows((ROOT / "docs/mission-table.md").read_text("utf-8")))

    assert len(rows) > 200
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.acceptance and row.kind[0] in "CKOX" for row in rows)


@pytest.mark.parametrize(
    ("kind", "outcomes", "state"),
    [
        ("C", [], "not yet"),
        ("C", ["passed"], "shown"),
        ("C", ["passed", "failed"], "not yet"),
        ("C", ["passed", "skipped"], "not yet"),
        ("C", ["xfailed"], "not yet"),
        ("K", ["passed", "passed"], "shown"),
        ("X", ["passed"], "not built"),
        ("X", [], "not built"),
    ],
)
def test_shown_is_only_what_ran_and_passed(
    mission: ModuleType, kind: str, outcomes: list[str], state: str
) -> None:
    row = mission.Row("DC-08", "平台", "platform", "scope", "sees only its town", kind)

    assert mission.state(row, outcomes) == state


def test_what_is_marked_and_did_not_run_is_not_shown(mission: ModuleType) -> None:
    """A file that cannot even be collected takes its rows with it."""
    wanted = dict(mission.marked(ROOT / "tests"))
    name = "tests/cases/test_mission.py::test_a_town_sees_its_town_and_the_district_sees_all"
    assert wanted[name] == ["DC-08"]

    assert mission.with_missing([], [(name, ["DC-08"])])[0]["outcome"] == "not run"
    ran = [{"ids": ["DC-08"], "nodeid": f"{name}[1]", "outcome": "passed"}]
    assert mission.with_missing(ran, [(name, ["DC-08"])]) == ran


def test_a_mark_for_a_row_that_is_not_there_is_an_error(mission: ModuleType) -> None:
    results = [{"ids": ["ZZ-99"], "nodeid": "tests/x.py::y", "outcome": "passed"}]

    with pytest.raises(ValueError, match="ZZ-99"):
        mission.report([], results)


def test_the_acceptance_stands_word_for_word(mission: ModuleType) -> None:
    row = mission.Row("DC-08", "平台", "platform", "scope", "a town user sees only its town", "C")
    results = [{"ids": ["DC-08"], "nodeid": "tests/x.py::y", "outcome": "passed"}]

    text = mission.report([row], results)

    assert "| DC-08 | 平台 | platform | 已展示 shown | `tests/x.py::y` |" in text
    assert text.endswith("| a town user sees only its town |\n")
