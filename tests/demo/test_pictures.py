"""A drawn picture shows its matter, says that it is drawn, and stands in for nothing else."""

import io

import pytest
from PIL import Image

from wangge.demo import pictures, scenes
from wangge.tenant.case_types import Types
from wangge.tenant.rules import comes_with


@pytest.mark.parametrize(
    ("kind", "text", "scene"),
    [
        ("leak", "东方社区地下车库进水，三轮车泡在水里", "garage"),
        ("leak", "3号楼顶层下雨就漏水", "ceiling"),
        ("shaft_door", "水电井门坏了关不上", "shaft"),
        ("fire_danger", "小区配电箱着火", "box"),
        ("greenery_care", "门口花坛没人管", "bed"),
        ("medical_insurance", "医保刷不出来", None),
        (None, "地下车库进水", None),
    ],
)
def test_a_picture_shows_its_matter_or_there_is_none(
    kind: str | None, text: str, scene: str | None
) -> None:
    """Red when a flooded garage was a street with houses, and anything else a broken road."""
    assert pictures.scene_of(kind, text) == scene


def test_every_type_that_demands_a_photo_has_a_scene() -> None:
    types = comes_with("types")
    assert isinstance(types, Types)
    wanted = {kind.code for kind in types.leaves for here in types.line(kind.code) if here.evidence}
    assert wanted <= set(pictures.SCENE_OF)
    assert set(pictures.SCENE_OF.values()) | set(pictures.WORDS.values()) == set(scenes.SCENES)


@pytest.mark.parametrize("scene", sorted(scenes.SCENES))
def test_before_and_after_differ_and_are_marked(scene: str) -> None:
    drawn = [
        Image.open(io.BytesIO(pictures.drawing(scene, mended=mended).data))
        for mended in (False, True)
    ]
    assert drawn[0].tobytes() != drawn[1].tobytes()
    for picture in drawn:
        corner = picture.convert("L").crop((0, 0, round(picture.width / 8), 24))
        assert min(corner.tobytes()) < 120
        assert max(corner.tobytes()) > 240
