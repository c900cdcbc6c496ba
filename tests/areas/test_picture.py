"""The still picture draws whole areas, also those in two parts."""

from datetime import date
from itertools import combinations
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from shapely import MultiPolygon
from shapely.geometry import box

from wangge.areas import picture
from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Ground, Level
from wangge.kernel.ids import new_id

SVG = "{http://www.w3.org/2000/svg}"


def _atlas(*children: tuple[str, Ground]) -> tuple[Atlas, Area]:
    atlas = Atlas(1, date(2020, 1, 1), None, ZoneInfo("Asia/Shanghai"))
    county = Area(new_id(), None, Level.COUNTY, "", "c", "安东区", "安东区", ["安东区"], 0, "", {})
    atlas.areas[county.id] = county
    atlas.grounds[county.id] = box(118, 37, 119, 38)
    for name, ground in children:
        area = Area(new_id(), county.id, Level.TOWNSHIP, "", name, name, name, [name], 1, "", {})
        atlas.areas[area.id] = area
        atlas.grounds[area.id] = ground
    return atlas, county


def test_an_area_in_two_parts_is_drawn_whole() -> None:
    parts = MultiPolygon([box(118, 37, 118.2, 37.2), box(118.5, 37.5, 118.7, 37.7)])
    atlas, county = _atlas(("柳林镇", parts))

    drawn = ET.fromstring(picture.draw(atlas, county) or "")  # noqa: S314 - our own words
    child = next(path for path in drawn.iter(f"{SVG}path") if path.get("class") == "child")
    assert (child.get("d") or "").count("M") == 2


def test_names_cannot_break_the_picture() -> None:
    atlas, county = _atlas(('<script>"&', box(118, 37, 118.5, 38)))

    drawn = ET.fromstring(picture.draw(atlas, county) or "")  # noqa: S314 - our own words
    assert [text.text for text in drawn.iter(f"{SVG}text")] == ['<script>"&']
    assert not list(drawn.iter(f"{SVG}script"))


def test_an_area_without_a_border_has_no_picture() -> None:
    atlas, county = _atlas()
    atlas.grounds.clear()

    assert picture.draw(atlas, county) is None


def test_names_can_be_read_on_a_narrow_phone_and_touch_each_other_nowhere() -> None:
    """Of a phone 360 pixels wide the picture has about 308; a name is then 12 pixels or more.

    Red at 720 units and 14 a letter: six pixels, and neighbours wrote over each other.
    """
    crowd = [(f"第{n}网格", box(118 + n / 60, 37, 118 + (n + 1) / 60, 38)) for n in range(60)]
    atlas, county = _atlas(
        *crowd, ("很长很长的一个社区居民委员会名字写不下", box(118.2, 37, 118.9, 37.5))
    )

    drawn = ET.fromstring(picture.draw(atlas, county, mark=(118.5, 37.5)) or "")  # noqa: S314 - ours
    wide, high = (float(part) for part in (drawn.get("viewBox") or "").split()[2:])
    assert picture.LETTER * 308 / max(wide, high) >= 12
    boxes = []
    for text in drawn.iter(f"{SVG}text"):
        x, y = float(text.get("x") or 0), float(text.get("y") or 0)
        half = picture.width_of(text.text or "") / 2
        assert 0 <= x - half <= x + half <= wide
        boxes.append((x - half, y - 7, x + half, y + 7))
    assert len(boxes) > 3
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_an_area_without_children_is_named_itself() -> None:
    atlas, county = _atlas()

    drawn = ET.fromstring(picture.draw(atlas, county) or "")  # noqa: S314 - our own words
    assert [text.text for text in drawn.iter(f"{SVG}text")] == ["安东区"]
