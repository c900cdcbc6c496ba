"""The still picture draws whole areas, also those in two parts."""

from datetime import date
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
