"""The tree is loaded, borders move from a day on, and old days keep their old grids."""

from datetime import UTC, date, datetime, timedelta

import pytest
from psycopg import Rollback
from shapely import Polygon
from shapely.geometry import box

from wangge.areas import atlas, queries, service
from wangge.areas.models import AreaDraft, BorderDraft, GridKind, Level, PlaceDraft
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Invalid, NotFound
from wangge.kernel.ids import new_id

FIRST, SECOND = "3799010010010001", "3799010010010002"
MARCH = date(2026, 3, 1)
BY_THE_ROAD = (118.1, 37.19)  # in the second grid until its northern neighbour takes the strip


def _move_the_border(tx: Tx, on: date = MARCH) -> None:
    """The first grid takes a strip of 0.02 degrees from the second."""
    book = atlas.of(tx)
    for code, ground in (
        (FIRST, box(118.0, 37.18, 118.2, 37.4)),
        (SECOND, box(118.0, 37.0, 118.2, 37.18)),
    ):
        service.change_border(tx, book.codes[code].id, ground, valid_from=on, source="2026 年调整")


def _code_at(tx: Tx, on: date | None = None) -> str | None:
    area = service.grid_at(tx, *BY_THE_ROAD, on=on)
    return area.code if area else None


def test_what_happened_before_stays_in_the_grid_that_was_there(tx: Tx) -> None:
    _move_the_border(tx)

    assert _code_at(tx, MARCH - timedelta(days=1)) == SECOND
    assert _code_at(tx, MARCH) == FIRST


def test_a_border_corrected_on_its_first_day_has_no_extra_version(tx: Tx) -> None:
    _move_the_border(tx)
    _move_the_border(tx)
    versions = queries.border_versions(tx, atlas.of(tx).codes[FIRST].id)

    assert [(v["valid_from"], v["valid_to"]) for v in versions] == [
        (date(2020, 1, 1), MARCH),
        (MARCH, None),
    ]


def test_a_version_put_between_two_ends_where_the_later_begins(tx: Tx) -> None:
    _move_the_border(tx)
    _move_the_border(tx, date(2025, 6, 1))
    versions = queries.border_versions(tx, atlas.of(tx).codes[FIRST].id)

    assert [v["valid_to"] for v in versions] == [date(2025, 6, 1), MARCH, None]


def test_a_changed_border_is_seen_once_committed_and_by_every_reader(cell: Cell) -> None:
    with transaction(cell) as tx:
        before, code = tx.versions["areas"], _code_at(tx)
        _move_the_border(tx)
    with transaction(cell) as tx:
        assert tx.versions["areas"] > before
        assert (code, _code_at(tx)) == (SECOND, FIRST)


def test_a_change_that_is_undone_leaves_no_trace_in_memory(cell: Cell) -> None:
    with transaction(cell) as tx:
        _move_the_border(tx)
        assert _code_at(tx) == FIRST
        raise Rollback
    with transaction(cell) as tx:
        _move_another(tx)
    with transaction(cell) as tx:
        assert _code_at(tx) == SECOND


def _move_another(tx: Tx) -> None:
    """Any other change, so that the version counts up to where the undone one stood."""
    service.rename(tx, atlas.of(tx).codes[FIRST].id, "第一网格", short_name="第一网格")


def test_a_border_of_tomorrow_is_used_tomorrow_without_reading_again(cell: Cell) -> None:
    with transaction(cell) as tx:
        today = atlas.today(tx)
        _move_the_border(tx, today + timedelta(days=1))
    with transaction(cell) as tx:
        assert _code_at(tx) == SECOND
        tx.now += timedelta(days=1)
        assert _code_at(tx) == FIRST


def test_the_day_is_the_citys_day(tx: Tx) -> None:
    tx.now = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)

    assert atlas.today(tx) == date(2026, 3, 2)


def test_a_ring_that_crosses_itself_is_refused(tx: Tx) -> None:
    bow = Polygon([(118, 37), (118.2, 37.2), (118.2, 37), (118, 37.2)])
    grid = atlas.of(tx).codes[FIRST].id

    with pytest.raises(Invalid, match="bad_ring"):
        service.change_border(tx, grid, bow, valid_from=MARCH, source="x")


def test_projected_metres_are_refused(tx: Tx) -> None:
    grid = atlas.of(tx).codes[FIRST].id

    with pytest.raises(Invalid, match="not_degrees"):
        service.change_border(tx, grid, box(5e5, 4e6, 6e5, 5e6), valid_from=MARCH, source="x")


def test_an_area_nobody_knows(tx: Tx) -> None:
    with pytest.raises(NotFound):
        service.change_border(tx, new_id(), box(0, 0, 1, 1), valid_from=MARCH, source="x")


def test_new_areas_take_the_next_positions_and_widen_the_spans_above(tx: Tx) -> None:
    book = atlas.of(tx)
    grid, community = book.codes[FIRST], book.codes["379901001001"]
    last = max(area.pos for area in book.areas.values())
    drafts = [
        AreaDraft(new_id(), grid.id, Level.MICRO_GRID, "micro", f"{FIRST}0{n}", f"{n}号微网格")
        for n in (1, 2)
    ]
    service.load(tx, drafts, begun=MARCH)

    after = atlas.of(tx)
    assert [after.codes[draft.code].pos for draft in drafts] == [last + 1, last + 2]
    assert after.codes[f"{FIRST}01"].names == [*grid.names, "1号微网格"]
    held = tx.one(
        "select span @> %s::int as holds from areas where id = %s", [last + 2, community.id]
    )
    assert held == {"holds": True}
    other = book.codes["379901001002"].id
    held = tx.one("select span @> %s::int as holds from areas where id = %s", [last + 2, other])
    assert held == {"holds": False}


def test_a_new_name_is_in_every_path_below(tx: Tx) -> None:
    street = atlas.of(tx).codes["379901001"]
    service.rename(tx, street.id, "安平街道", short_name="安平街道")

    book = atlas.of(tx)
    assert book.codes[FIRST].names[:2] == ["安东区", "安平街道"]
    assert book.codes["379901101"].names == ["安东区", "柳林镇"]


def test_a_closed_area_answers_for_its_past_only(tx: Tx) -> None:
    grid = atlas.of(tx).codes[SECOND]
    service.close(tx, grid.id, on=MARCH)

    assert _code_at(tx, MARCH) is None
    assert _code_at(tx, MARCH - timedelta(days=1)) == SECOND


def test_an_area_with_children_is_not_closed(tx: Tx) -> None:
    with pytest.raises(Invalid, match="area_has_children"):
        service.close(tx, atlas.of(tx).codes["379901001001"].id, on=MARCH)


def test_a_point_on_the_common_border_belongs_to_the_smaller_code(tx: Tx) -> None:
    area = service.grid_at(tx, 118.1, 37.2)

    assert area is not None
    assert area.code == FIRST


def test_a_community_without_grids_answers_itself(tx: Tx) -> None:
    village = AreaDraft(
        new_id(), atlas.of(tx).codes["379901101"].id, Level.COMMUNITY, "village",
        "379901101202", "新村",
    )  # fmt: skip
    border = BorderDraft(village.id, box(118.6, 37.0, 118.7, 37.1), synthetic=True, source="x")
    service.load(tx, [village], [border], begun=date(2020, 1, 1))

    found = service.grid_at(tx, 118.65, 37.05)
    assert found is not None
    assert found.id == village.id


def test_a_dedicated_grid_is_told_from_base_grids(tx: Tx) -> None:
    market = service.grid_at(tx, 118.3, 37.1)

    assert market is not None
    assert (market.kind, market.name) == (GridKind.DEDICATED, "为民市场")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("东方社区地下车库", "东方社区地下车库"),  # whole name
        ("东方车库", "东方社区地下车库"),  # alias
        ("地下车库", "东方社区地下车库"),  # part of the name
        ("东方 车库", "东方社区地下车库"),  # two words
        ("柳", "柳林集"),  # a lone character
    ],
)
def test_places_are_found_by_words_and_aliases(tx: Tx, words: str, first: str) -> None:
    _add_places(tx)

    assert [row["name"] for row in queries.places(tx, words)][:1] == [first]


def _add_places(tx: Tx) -> None:
    service.load_places(
        tx,
        [
            PlaceDraft(new_id(), name, "estate", lon, lat, aliases)
            for name, lon, lat, aliases in (
                ("兴业小区", 118.05, 37.3, ("兴业",)),
                ("兴业小区东门", 118.06, 37.3, ()),
                ("老兴业小区", 118.35, 37.3, ()),
                ("柳林集", 118.5, 37.3, ("大集",)),
                ("平安里", 118.05, 37.05, ()),
                ("平安里", 118.55, 37.05, ()),
            )
        ],
    )


def test_an_exact_name_comes_before_a_beginning_and_that_before_a_part(tx: Tx) -> None:
    _add_places(tx)

    found = [row["name"] for row in queries.places(tx, "兴业小区")]
    assert found == ["兴业小区", "兴业小区东门", "老兴业小区"]


def test_of_two_places_of_one_name_the_near_one_comes_first(tx: Tx) -> None:
    _add_places(tx)

    west = queries.places(tx, "平安里", near=(118.0, 37.0))
    east = queries.places(tx, "平安里", near=(118.6, 37.0))
    assert west[0]["lon"] < 118.1
    assert east[0]["lon"] > 118.5


def test_a_text_that_names_a_place(tx: Tx) -> None:
    _add_places(tx)

    found = queries.places_in_text(tx, "兴业小区3号楼楼道灯坏了，请尽快维修")
    assert found[0]["name"] == "兴业小区"
    assert queries.places_in_text(tx, "路灯坏了") == []


def test_a_place_outside_the_city_is_refused(tx: Tx) -> None:
    with pytest.raises(Invalid, match="outside_the_city"):
        service.load_places(tx, [PlaceDraft(new_id(), "海上", "landmark", 120.0, 38.0)])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("东方社区", "379901001001"),
        ("dongfang", "379901001001"),
        ("dfsq", "379901001001"),
        ("379901001001", "379901001001"),
        ("柳林", "379901101"),
    ],
)
def test_areas_are_found_by_name_code_and_pinyin(tx: Tx, words: str, code: str) -> None:
    assert atlas.of(tx).search(words)[0].code == code
