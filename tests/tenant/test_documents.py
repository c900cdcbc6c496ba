"""Rule documents: the defaults hold, YAML has no traps, mistakes are told in sentences."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wangge.tenant.brand import contrast
from wangge.tenant.documents import default, read
from wangge.tenant.exchange import Change, compared, plain, reports, written
from wangge.tenant.mistakes import crossed, told
from wangge.tenant.rules import DOCUMENTS, Rules, bundle, parsed
from wangge.tenant.seeds import proposed
from wangge.tenant.switches import NOT_BUILT

RULES = bundle({}, {})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_default_is_valid_and_comes_back_from_json_as_it_was(name: str) -> None:
    part = parsed(name, default(name))

    assert parsed(name, plain(part)) == part


def test_the_defaults_agree_with_each_other() -> None:
    assert crossed(RULES, [], []) == []


def test_the_calendar_that_comes_along_is_the_published_one() -> None:
    for year, days in RULES.calendar.years.items():
        assert (days.holidays, days.make_up) == (proposed(year).holidays, proposed(year).make_up)


def test_yaml_says_what_it_looks_like() -> None:
    text = "a: no\nb: 12:30\nc: 2026-05-01\nd: on\ne: 08:30\nf: 12\ng: true\nh: 0x10\ni: 1.5"

    assert read(text) == {
        "a": "no",
        "b": "12:30",
        "c": "2026-05-01",
        "d": "on",
        "e": "08:30",
        "f": 12,
        "g": True,
        "h": "0x10",
        "i": 1.5,
    }


@pytest.mark.parametrize(
    "text",
    ["a: 1\na: 2", "a: &x [1]\nb: *x", "a: !!python/object:os.system ls", "a: [1", "[" * 50_000],
)
def test_yaml_that_would_surprise_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        read(text)


def test_whoever_reads_the_file_sees_what_the_law_forbids() -> None:
    text = written(RULES)

    assert len(NOT_BUILT) == 11
    for refused in NOT_BUILT:
        assert refused.law["zh"] in text
        assert f"  {refused.code}:" not in text


def test_the_file_of_all_rules_changes_nothing_when_it_is_read_again() -> None:
    found = reports(written(RULES), RULES)

    assert {one.name: (one.state, one.problems) for one in found} == {
        name: ("same", []) for name in sorted(DOCUMENTS)
    }


WRONG: list[tuple[str, Any, str, str]] = [
    ("brand", {"name": {"zh": "网格", "en": "Grid"}}, "brand.short_name", "缺少这一项"),
    ("brand", {**default("brand"), "colour": "#ffee00"}, "brand.colour", "太浅"),
    ("brand", {**default("brand"), "colour_dark": "#0b0b0b"}, "brand.colour_dark", "太暗"),
    ("brand", {**default("brand"), "color": "#000000"}, "brand.color", "没有这一项"),
    ("switches", {"short_path_sample_percent": 101}, "switches.short_path", "不能大于100"),
    ("switches", {"auto_close": "maybe"}, "switches.auto_close", "true 或 false"),
    (
        "types",
        {"limits": {"handle": "5 days"}, "types": []},
        "types.limits.handle",
        "看不懂时限“5 days”",
    ),
    (
        "types",
        {"limits": {}, "types": [{"code": "a", "zh": "甲", "en": "A", "parent": "b"}]},
        "types",
        "上级类型“b”不存在",
    ),
    (
        "types",
        {
            "limits": {},
            "types": [
                {"code": "a", "zh": "甲", "en": "A", "parent": "b"},
                {"code": "b", "zh": "乙", "en": "B", "parent": "a"},
            ],
        },
        "types",
        "绕成了圈",
    ),
    (
        "lists",
        {**default("lists"), "kinds": [default("lists")["kinds"][0]] * 2},
        "lists",
        "重复：consult",
    ),
    (
        "workflow",
        {"states": [], "actions": [{"code": "accept", "zh": "受", "en": "A", "active": False}]},
        "workflow",
        "不能关闭",
    ),
    (
        "words",
        {"groups": [{"code": "x", "zh": "甲", "en": "A", "words": [], "help": []}]},
        "words.groups.0.words",
        "至少要有一项",
    ),
    ("routes", {"routes": [{"unit": "a", "note": "\x00"}]}, "routes.routes.0", "控制字符"),
    ("routes", {"routes": [{"unit": "a b"}]}, "routes.routes.0.unit", "写法不对"),
]


@pytest.mark.parametrize(("name", "body", "place", "said"), WRONG, ids=[w[3] for w in WRONG])
def test_a_mistake_is_told_with_its_place_in_both_languages(
    name: str, body: Any, place: str, said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(name, body)

    problems = told(name, refused.value)
    assert any(p.path.startswith(place) and said in p.zh for p in problems), problems
    assert all(p.en for p in problems)


def changed(name: str, **fields: Any) -> Rules:
    return bundle({name: {**plain(RULES.document(name)), **fields}}, {})


def test_what_is_wrong_between_documents_is_found() -> None:
    routes = changed("routes", routes=[{"type": "dragons", "unit": "desk"}])
    brand = changed("brand", logo="01890a5d-ac96-774b-bcce-b302099a8057")
    lists = changed("lists", levels=[{"code": "normal", "zh": "普通", "en": "Normal"}])

    assert [(p.path, p.zh) for p in crossed(routes, [], [])] == [
        ("routes.routes.0.type", "派单目录第1行的类型“dragons”不存在")
    ]
    assert [p.path for p in crossed(brand, [], [])] == ["brand.logo"]
    assert crossed(brand, ["01890a5d-ac96-774b-bcce-b302099a8057"], []) == []
    assert "types.levels.urgent" in [p.path for p in crossed(lists, [], [])]


def test_differences_are_told_by_name_at_the_deepest_place() -> None:
    before = {"types": [{"code": "a", "zh": "甲", "limits": {"handle": "1WD"}}, {"code": "b"}]}
    after = {"types": [{"code": "b"}, {"code": "a", "zh": "甲", "limits": {"handle": "2WD"}}]}

    assert list(compared("types", before, after)) == [
        Change("types.types[a].limits.handle", "1WD", "2WD"),
        Change("types.types.order", ["a", "b"], ["b", "a"]),
    ]


codes = st.lists(st.sampled_from("abcdef"), unique=True)
bodies = st.builds(
    lambda c, n: {"rows": [{"code": x, "n": y} for x, y in zip(c, n, strict=False)]},
    codes,
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
)


@given(bodies, bodies)
def test_there_is_a_difference_exactly_when_two_bodies_differ(a: Any, b: Any) -> None:
    assert bool(list(compared("x", a, b))) == (a != b)


def test_contrast_is_that_of_the_guideline() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
