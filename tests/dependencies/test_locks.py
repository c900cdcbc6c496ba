"""What can be known of the dependencies without a network: pinned, hashed, ours to have chosen."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
# Whose programs run while npm installs: vue-demi chooses the exports for Vue 3, and no more.
RUNS_AT_INSTALL = {"vue-demi"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", name, maxsplit=1)[0]).lower()


def locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text("utf-8")
    return {plain(name): rest for name, rest in ENTRY.findall(text)}


def direct() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {plain(name) for name in named}


def packages() -> dict[str, dict[str, Any]]:
    whole = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    return {name: one for name, one in whole["packages"].items() if name}


def test_every_python_package_is_pinned_to_one_version_and_its_hashes() -> None:
    for lock in LOCKS:
        found = locked(lock)
        assert len(found) > 40
        wrong = [
            name
            for name, rest in found.items()
            if not re.match(r"==\S+", rest) or "--hash=sha256:" not in rest
        ]
        assert wrong == [], lock
        assert "://" not in (ROOT / lock).read_text("utf-8").replace("https://pip.pypa.io", "")


def test_what_runs_is_what_was_tested() -> None:
    """The installed set is a part of the tested one, in the same versions."""
    runs, tested = locked(LOCKS[0]), locked(LOCKS[1])

    versions = {name: rest.split()[0] for name, rest in tested.items()}
    assert {n: r.split()[0] for n, r in runs.items() if versions.get(n) != r.split()[0]} == {}


def test_every_dependency_of_ours_is_locked_and_its_reason_written_down() -> None:
    reasons = plain_words((ROOT / "docs/decisions/0002-components.md").read_text("utf-8"))

    assert sorted(direct() - set(locked(LOCKS[1]))) == []
    assert sorted(name for name in direct() if name not in reasons) == []


def plain_words(text: str) -> set[str]:
    return {plain(word) for word in re.findall(r"[A-Za-z0-9][\w.-]*", text)}


def test_every_npm_package_is_held_to_its_content_and_comes_from_the_registry() -> None:
    found = packages()
    assert len(found) > 100
    assert [name for name, one in found.items() if not one.get("integrity")] == []
    assert [name for name, one in found.items() if "sha512-" not in one["integrity"]] == []
    foreign = [
        name
        for name, one in found.items()
        if re.match(r"git|file|http:", one.get("resolved", "")) or one.get("link")
    ]
    assert foreign == []


def test_nothing_unknown_runs_while_npm_installs() -> None:
    names = {name.rsplit("node_modules/", 1)[1] for name, one in packages().items()
             if one.get("hasInstallScript")}  # fmt: skip

    assert names <= RUNS_AT_INSTALL, names
