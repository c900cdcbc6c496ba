"""The doors to areas and places in the small town."""

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import box, mapping, shape

from wangge.app import build
from wangge.areas.geodesy import tile_of
from wangge.kernel.db import Cell, Cells

FIRST = "3799010010010001"
API = "/api/v1"


def area_id(browser: TestClient, code: str) -> str:
    items = browser.get(f"{API}/areas", params={"q": code}).json()["items"]
    return str(next(item["id"] for item in items if item["code"] == code))


def test_nobody_reads_the_tree_without_signing_in(client: TestClient) -> None:
    assert client.get(f"{API}/areas").status_code == 401
    assert client.get(f"{API}/areas/tiles/10/848/396.mvt").status_code == 401
    assert client.get(f"{API}/places", params={"q": "东方"}).status_code == 401


def test_the_tree_is_walked_from_the_city_down(browser: TestClient) -> None:
    (city,) = browser.get(f"{API}/areas").json()["items"]
    (county,) = browser.get(f"{API}/areas", params={"parent": city["id"]}).json()["items"]
    towns = browser.get(f"{API}/areas", params={"parent": county["id"]}).json()["items"]

    assert city["name"] == "安城市"
    assert city["box"] == [118.0, 37.0, 118.6, 37.4]
    assert county["children"] == 2
    assert [town["name"] for town in towns] == ["安和街道", "柳林镇"]


def test_areas_of_one_level(browser: TestClient) -> None:
    items = browser.get(f"{API}/areas", params={"level": "grid"}).json()["items"]

    assert len(items) == 6
    assert {item["kind"] for item in items} == {"base", "dedicated"}


def test_a_long_list_comes_in_pages(browser: TestClient) -> None:
    codes: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = browser.get(
            f"{API}/areas", params={"level": "grid", "limit": 4, "cursor": cursor}
        ).json()
        codes += [item["code"] for item in page["items"]]
        cursor = page["next"]

    assert len(codes) == 6
    assert codes == sorted(set(codes))


def test_one_area_with_its_border_versions(browser: TestClient) -> None:
    seen = browser.get(f"{API}/areas/{area_id(browser, FIRST)}").json()

    assert [above["name"] for above in seen["above"]] == [
        "东方社区", "安和街道", "安东区", "安城市",
    ]  # fmt: skip
    assert seen["names"] == ["安东区", "安和街道", "东方社区", "第1网格"]
    (version,) = seen["borders"]
    assert version["square_metres"] == pytest.approx(393.6e6, rel=0.01)


def test_an_unknown_area_is_not_found_in_both_languages(browser: TestClient) -> None:
    answer = browser.get(f"{API}/areas/00000000-0000-7000-8000-000000000000")

    assert answer.status_code == 404
    assert answer.json()["code"] == "no_such_area"
    assert set(answer.json()["message"]) == {"zh", "en"}


def test_a_point_is_located(browser: TestClient) -> None:
    found = browser.get(f"{API}/areas/locate", params={"lon": 118.1, "lat": 37.3}).json()

    assert found["area"]["code"] == FIRST
    assert [above["level"] for above in found["above"]] == [
        "community", "township", "county", "city",
    ]  # fmt: skip


def test_a_point_outside_the_city_has_no_area(browser: TestClient) -> None:
    found = browser.get(f"{API}/areas/locate", params={"lon": 121.0, "lat": 31.0}).json()

    assert found == {"area": None, "micro_grid": None, "above": []}


def test_a_point_that_is_no_point_is_refused(browser: TestClient) -> None:
    answer = browser.get(f"{API}/areas/locate", params={"lon": 500, "lat": "nan"})

    assert answer.status_code == 422


def test_a_border_in_the_datum_of_the_asker(browser: TestClient) -> None:
    path = f"{API}/areas/{area_id(browser, FIRST)}/border"
    here = browser.get(path).json()
    there = browser.get(path, params={"datum": "gcj02"}).json()

    assert shape(here["geometry"]).equals(box(118.0, 37.2, 118.2, 37.4))
    assert there["properties"]["datum"] == "gcj02"
    assert there["bbox"][0] - here["bbox"][0] == pytest.approx(0.0055, abs=0.0006)


def test_tiles_are_kept_until_a_border_changes(office: TestClient) -> None:
    x, y = tile_of(118.3, 37.2, 10)
    path = f"{API}/areas/tiles/10/{x}/{y}.mvt"
    first = office.get(path)
    again = office.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)

    change(office, FIRST, box(118.0, 37.21, 118.2, 37.4))
    after = office.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != first.headers["etag"]


def test_a_tile_of_the_sea_is_empty_and_one_off_the_map_does_not_exist(
    browser: TestClient,
) -> None:
    assert browser.get(f"{API}/areas/tiles/10/0/0.mvt").status_code == 204
    assert browser.get(f"{API}/areas/tiles/3/8/0.mvt").status_code == 404
    assert browser.get(f"{API}/areas/tiles/17/0/0.mvt").status_code == 404


def test_a_picture_for_phones_without_a_map(browser: TestClient) -> None:
    path = f"{API}/areas/{area_id(browser, '379901001001')}/picture.svg"
    answer = browser.get(path, params={"lon": 118.1, "lat": 37.3})

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.count('class="child"') == 2
    assert "第1网格" in answer.text
    assert 'class="mark"' in answer.text


def test_places_are_searched(browser: TestClient) -> None:
    (found,) = browser.get(f"{API}/places", params={"q": "东方车库"}).json()["items"]

    assert found["name"] == "东方社区地下车库"
    assert found["names"] == ["安东区", "安和街道", "东方社区", "第1网格"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/areas/{id}/topology"),
        ("PUT", "/areas/{id}/border"),
        ("POST", "/areas/import?level=grid&source=x"),
        ("POST", "/places/import"),
    ],
)
def test_only_administrators_change_the_tree(browser: TestClient, method: str, path: str) -> None:
    body = {"geometry": mapping(box(118, 37, 119, 38)), "source": "x"}
    answer = browser.request(method, API + path.format(id=area_id(browser, FIRST)), json=body)

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


def change(office: TestClient, code: str, ground: object, **more: object) -> dict[str, object]:
    answer = office.put(
        f"{API}/areas/{area_id(office, code)}/border",
        json={"geometry": mapping(ground), "source": "2026 年调整", **more},
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_who_moves_a_border_sees_what_it_does_to_the_neighbours(office: TestClient) -> None:
    report = change(office, FIRST, box(118.0, 37.21, 118.2, 37.4))

    assert report["gap"] == pytest.approx(0.2 * 0.01 * 9.84e9, rel=0.01)
    assert report["overlap"] == 0.0


def test_a_bad_ring_is_refused_at_the_door(office: TestClient) -> None:
    bow = [[[118, 37], [118.2, 37.2], [118.2, 37], [118, 37.2], [118, 37]]]
    answer = office.put(
        f"{API}/areas/{area_id(office, FIRST)}/border",
        json={"geometry": {"type": "Polygon", "coordinates": bow}, "source": "x"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_ring")


def test_a_file_is_tried_and_then_taken(office: TestClient) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": f"{FIRST}01", "name": "1号微网格"},
                "geometry": mapping(box(118.0, 37.2, 118.1, 37.4)),
            }
        ],
    }
    options = {"level": "micro_grid", "source": "测绘", "dry_run": "true"}
    tried = office.post(f"{API}/areas/import", params=options, json=document).json()
    taken = office.post(
        f"{API}/areas/import", params=options | {"dry_run": "false"}, json=document
    ).json()

    assert (tried["written"], tried["added"]) == (False, 1)
    assert (taken["written"], taken["added"]) == (True, 1)
    found = office.get(f"{API}/areas/locate", params={"lon": 118.05, "lat": 37.3}).json()
    assert found["micro_grid"]["name"] == "1号微网格"


def test_places_come_from_a_table(office: TestClient) -> None:
    answer = office.post(
        f"{API}/places/import",
        content="name,kind,aliases,lon,lat\n兴业小区,estate,兴业,118.05,37.3\n".encode(),
        headers={"Content-Type": "text/csv"},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["added"] == 1
    (found,) = office.get(f"{API}/places", params={"q": "兴业"}).json()["items"]
    assert found["name"] == "兴业小区"


def test_a_map_is_told_where_its_ground_lies(browser: TestClient) -> None:
    """TileJSON 3.0.0, by which a map shows the whole city before it has asked for a tile."""
    for door in ("/areas", "/public/areas"):
        told = browser.get(f"{API}{door}/tiles.json").json()
        assert told["bounds"] == [118.0, 37.0, 118.6, 37.4]
        assert told["tiles"] == [f"{API}{door}/tiles/{{z}}/{{x}}/{{y}}.mvt"]
        layers = {layer["id"]: layer["minzoom"] for layer in told["vector_layers"]}
        assert (layers["city"], layers["grid"]) == (0, 12)


def test_a_tenant_without_borders_shows_the_world(empty: Cell, cells: Cells) -> None:
    with TestClient(build(cells, default_tenant=empty.tenant)) as client:
        told = client.get(f"{API}/public/areas/tiles.json").json()
    assert told["bounds"][0] == -180
