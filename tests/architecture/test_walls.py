"""The walls of the house: sizes, who writes, what is never stored, documents that are kept true."""

import ast
import importlib.util
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from fastapi import FastAPI

from wangge.kernel.db import Cell, transaction

ROOT = Path(__file__).parents[2]
LONGEST = 400
SOURCES = sorted((ROOT / "wangge").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# Doors, queries and rules of thumb only read; whoever writes is a service by whatever name.
READERS = {"routes", "queries", "schemas", "models", "workflow", "facts", "permissions", "views"}
WRITES = re.compile(r"^\s*(insert\s+into|update\s+\w+\s+set|delete\s+from)\b", re.IGNORECASE)
# 人脸、指纹、虹膜、声纹、步态、轨迹、黑名单、打卡: the product has no place for them.
FORBIDDEN = re.compile(
    r"(^|_)(face|facial|fingerprint|iris|voiceprint|gait|biometr\w*|track|tracks|trajectory|gps"
    r"|watch_?list|black_?list|ranking|points|check_?in|score)(_|$)",
    re.IGNORECASE,
)
# Off, and there only to say by which rule they stay off.
SWITCHES_OFF = {"forced_check_in", "points_ranking", "tracks"}
UTIL = {"utils", "helpers", "common", "base", "manager", "misc"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=relative)
def test_no_file_is_longer_than_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    assert [relative(path) for path in SOURCES if path.stem in UTIL] == []


def _written(path: Path) -> list[str]:
    """SQL in a file's strings that changes rows."""
    tree = ast.parse(path.read_text("utf-8"))
    return [
        node.value.strip()[:60]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(WRITES.match(line) for line in node.value.splitlines())
    ]


def test_readers_do_not_write() -> None:
    writing = {
        relative(path): found
        for path in SOURCES
        if (path.stem in READERS or path.stem.endswith("_routes")) and (found := _written(path))
    }

    assert writing == {}


def test_every_table_has_a_primary_key(empty: Cell) -> None:
    with transaction(empty) as tx:
        rows = tx.rows(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and n.nspname = 'public' and c.relname <> 'alembic_version'"
            " and not exists (select from pg_constraint k"
            " where k.conrelid = c.oid and k.contype = 'p')"
        )

    assert [row["relname"] for row in rows] == []


def test_no_column_holds_a_body_or_a_track(empty: Cell) -> None:
    with transaction(empty) as tx:
        rows = tx.rows(
            "select table_name || '.' || column_name as name, table_name, column_name"
            " from information_schema.columns where table_schema = 'public'"
        )

    assert len(rows) > 150
    assert [
        row["name"]
        for row in rows
        if FORBIDDEN.search(row["column_name"]) or FORBIDDEN.search(row["table_name"])
    ] == []


def _words(value: object) -> list[str]:
    """Every name in the API's description: paths, operations, fields, not prose."""
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    if not isinstance(value, dict):
        return []
    names = [str(key) for key in value]
    names += [str(value[key]) for key in ("operationId", "name", "title") if key in value]
    return names + [word for one in value.values() for word in _words(one)]


def test_no_door_asks_for_a_body_or_a_track(web: FastAPI) -> None:
    names = {
        part
        for word in _words(web.openapi())
        for part in re.split(r"[^A-Za-z0-9_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word))
    }

    assert "listCases".replace("C", "_C") in names
    assert {name for name in names if FORBIDDEN.search(name)} <= SWITCHES_OFF


def test_the_written_description_of_the_api_is_the_living_one(web: FastAPI) -> None:
    path = ROOT / "web" / "openapi.json"
    if not path.exists():
        pytest.skip("web/openapi.json is not written yet")

    written = json.loads(path.read_text("utf-8"))

    living = json.loads(json.dumps(web.openapi()))
    assert set(written["paths"]) == set(living["paths"]), "run make types"
    assert written == living, "run make types"


REFUSALS = {"Refusal", "NotFound", "NotAllowed", "Invalid", "SignInNeeded", "TooMany"}
CHINESE = re.compile(r"[一-鿿]")
CODE = re.compile(r"[a-z][a-z0-9_]*")


def _refusals(path: Path) -> list[tuple[str, list[ast.expr]]]:
    return [
        (f"{relative(path)}:{node.lineno}", node.args)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSALS
        and len(node.args) >= 3
    ]


def _text(node: ast.expr) -> str:
    """The fixed words of a sentence; what stands in braces is left out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values if isinstance(part, ast.Constant))
    return ""


def test_every_refusal_has_a_code_and_a_sentence_in_both_languages() -> None:
    found = [one for path in SOURCES for one in _refusals(path)]
    assert len(found) > 60
    for where, (code, zh, en, *_) in found:
        said = _text(code), _text(zh), _text(en)
        if said[0]:
            assert CODE.fullmatch(said[0].replace(".", "_")) or isinstance(code, ast.JoinedStr), (
                where
            )
        if said[1]:
            assert CHINESE.search(said[1]), where
        if said[2]:
            assert not CHINESE.search(said[2]), where
            assert re.search("[a-zA-Z]", said[2]), where
        assert not (isinstance(zh, ast.Constant) and not zh.value), where
        assert not (isinstance(en, ast.Constant) and not en.value), where


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_pages", ROOT / "scripts/docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_documents_are_up_to_date(docs: ModuleType) -> None:
    assert docs.stale() == [], "run make docs"


def test_a_changed_document_is_noticed(docs: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(docs.PAGES, "docs/settings.md", lambda: "somebody wrote something else")

    assert docs.stale() == ["docs/settings.md"]
    assert docs.main(["--check"]) == 1


def test_the_workflow_page_names_every_state_and_move(docs: ModuleType) -> None:
    page = docs.workflow_page()

    assert "reported --> accepted: 受理 Accept" in page
    assert "| `overdue` | 超期红灯 Overdue |" in page
    assert "`auto_dispatch`" in page


def test_layers_hold() -> None:
    done = subprocess.run(
        [str(ROOT / ".venv/bin/lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:]
