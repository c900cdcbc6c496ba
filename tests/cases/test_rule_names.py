"""Why a case moved without anybody's hand is told in words, on paper and on every screen."""

import re
from pathlib import Path

import pytest

from wangge.cases.rule_names import BY_RULE

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r'"rule": "([a-z_]+)"')


def of_the_screens(language: str) -> set[str]:
    text = (ROOT / f"web/src/shared/i18n/messages.{language}.ts").read_text()
    block = text.split("    rule: {\n")[1].split("\n    },")[0]
    return set(re.findall(r"^      ([a-z_]+):", block, re.MULTILINE))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_screens_and_papers_have_the_same_words(language: str) -> None:
    """Red while the timeline said 按规则：silence."""
    assert of_the_screens(language) == BY_RULE.keys()


def test_every_rule_that_is_written_into_a_history_has_a_name() -> None:
    """Red while left_open, nobody_rules and nobody_on_post had none on paper."""
    found = {
        name
        for path in (ROOT / "wangge").rglob("*.py")
        for name in WRITTEN.findall(path.read_text())
    }
    assert found - BY_RULE.keys() == set()
