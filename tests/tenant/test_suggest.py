"""The first guess at a type, and the types that come with the product."""

import pytest

from wangge.tenant.case_types import Stage, Types
from wangge.tenant.documents import default
from wangge.tenant.suggest import Suggester

TYPES = Types.model_validate(default("types"))
suggest = Suggester(TYPES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("小区东门路灯坏了三天了", "street_lamp"),
        ("楼道水电井门坏了，孩子能伸手进去", "shaft_door"),
        ("楼道墙面大片脱落", "corridor_wall"),
        ("井盖松了，车一压就响", "manhole_cover"),
        ("地下车库停满了三轮车", "garage_tricycle"),
        ("医保无法使用怎么办", "medical_insurance"),
        ("楼上漏水，天花板滴水", "leak"),
        ("门口烧烤摆摊占道经营", "street_vending"),
        ("广场舞音响太吵", "noise"),
        ("单位拖欠工资三个月", "wage_dispute"),
        ("暖气不热，家里老人受不了", "heating"),
    ],
)
def test_the_best_guess_is(text: str, code: str) -> None:
    assert suggest(text)[0].type.code == code


def test_a_guess_says_why_and_there_are_never_more_than_three() -> None:
    found = suggest("路灯坏了，垃圾没人清，井盖松了，还有人半夜唱歌")

    assert len(found) == 3
    assert all(one.words and one.score > 0 for one in found)
    assert found[0].score >= found[1].score >= found[2].score


def test_a_word_inside_a_longer_one_counts_once() -> None:
    [only] = [one for one in suggest("路灯不亮") if one.type.code == "street_lamp"]

    assert only.words == ("路灯不亮",)


def test_two_parts_of_a_keyword_may_stand_apart_but_not_far() -> None:
    [near] = [one for one in suggest("昨夜水管又裂了") if one.type.code == "pipe_burst"]
    far = suggest("水管是去年春天才换的新的，墙倒是裂了")

    assert near.words == ("水管…裂",)
    assert "pipe_burst" not in {one.type.code for one in far if one.score}


def test_what_no_keyword_hits_is_guessed_by_likeness_and_stands_last() -> None:
    found = suggest("路灯不亮")

    assert [one.score > 0 for one in found] == [True, False, False]
    assert found[1].words == ("灯不", "不亮")


def test_nothing_known_gives_no_guess() -> None:
    assert suggest("天气真好啊") == []


def test_the_seed_has_the_examples_of_the_mission_and_of_the_standard() -> None:
    names = {case_type.zh for case_type in TYPES.leaves}
    limits = {
        (case_type.standard, case_type.zh): case_type.limits.handle
        for case_type in TYPES.types
        if case_type.standard.startswith("01-")
    }

    assert {"水电井门", "楼道墙面", "井盖", "地下车库三轮车", "医保"} <= names
    assert len(TYPES.leaves) >= 60
    assert limits == {
        ("01-01", "私搭乱建"): "20WD",
        ("01-02", "暴露垃圾"): "4WH",
        ("01-03", "建筑垃圾"): "4WH",
        ("01-03", "渣土"): "2WD",
        ("01-04", "道路保洁"): "2WH",
        ("01-04", "路面积水"): "4WH",
        ("01-05", "绿地保洁"): "4WH",
        ("01-05", "水域不洁"): "15WD",
        ("01-06", "绿地养护"): "5WD",
    }
    assert [(m.zh, m.limit) for m in TYPES.by_code["illegal_building"].milestones] == [
        ("停止施工", "4WH"),
        ("作出处罚", "7WD"),
        ("拆除", "20WD"),
    ]
    assert all(case_type.sample for case_type in TYPES.types)


def test_a_limit_comes_from_the_level_then_the_type_then_its_class_then_the_city() -> None:
    def limit(code: str | None, stage: Stage, level: str = "normal") -> str:
        return str(TYPES.limit(code, stage, level))

    assert limit("street_lamp", "accept", "urgent") == "0.5UH"
    assert limit("street_lamp", "handle", "urgent") == "2WD"
    assert limit("gas_leak", "accept") == "0.5UH"
    assert limit("gas_leak", "handle") == "2UH"
    assert limit("neighbour_dispute", "handle") == "10WD"
    assert limit(None, "handle") == "5WD"
    assert limit("no_such_type", "check") == "1WD"
    assert TYPES.limit("street_lamp", "total") is None
