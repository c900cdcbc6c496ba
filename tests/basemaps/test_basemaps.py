"""Base maps: taken by content, served part by part, and no foreign host unless the city says so."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tests.basemaps.making import Made, picture
from tests.dispatch.test_follows import rule
from tests.town import Town
from wangge import cli
from wangge.areas import atlas, tiles
from wangge.basemaps import commands, service
from wangge.basemaps.models import BaseMap
from wangge.kernel.db import transaction
from wangge.kernel.errors import Refusal
from wangge.settings import settings

LOST = "01890a5d-ac96-774b-bcce-b302099a8057"
BEIJING = (116.0, 39.0, 117.0, 40.0)


def taken(town: Town, file: Path) -> BaseMap:
    with transaction(town.cell) as tx:
        return service.take(tx, file)


def stranger(town: Town) -> TestClient:
    return TestClient(town.web, raise_server_exceptions=False)


def test_a_file_is_read_part_by_part(town: Town, tmp_path: Path) -> None:
    """Seen red with the offset of the range left out, and with the door open to anybody."""
    file = Made().written(tmp_path / "安城.pmtiles")
    made = taken(town, file)
    assert taken(town, file).id == made.id
    assert (made.tile_type, made.min_zoom, made.max_zoom) == ("png", 4, 8)
    assert (made.attribution, made.bounds) == ("安城 测绘", [118.0, 37.0, 118.6, 37.4])

    leader, whole = town.person("leader"), file.read_bytes()
    assert leader.get("/basemap").json()["kind"] == "none"
    rule(town, "basemap", kind="pmtiles", file=str(made.id))
    told = leader.get("/basemap").json()
    assert (told["kind"], told["attribution"], told["tiles"]) == ("pmtiles", "安城 测绘", [])
    client = leader.client
    part = client.get(told["address"], headers={"Range": "bytes=0-126"})
    assert (part.status_code, part.content) == (206, whole[:127])
    assert part.headers["content-range"] == f"bytes 0-126/{len(whole)}"
    later = client.get(told["address"], headers={"Range": f"bytes=500-{len(whole) + 9}"})
    assert (later.status_code, later.content) == (206, whole[500:])
    beyond = client.get(told["address"], headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert stranger(town).get(told["address"]).status_code == 401
    listed = town.person("sysadmin").get("/basemap/files").json()["items"]
    assert [one["name"] for one in listed] == ["安城.pmtiles"]
    assert leader.get("/basemap/files").status_code == 403
    unknown = client.get(f"/api/v1/basemap/{LOST}.pmtiles")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_base_map")


def test_a_towns_own_tiles_make_one(town: Town, tmp_path: Path) -> None:
    with transaction(town.cell) as tx:
        book = atlas.of(tx)

    def tile(z: int, x: int, y: int) -> bytes:
        return tiles.tile(book, z, x, y)

    file = Made(
        tile=tile, kind=1, zooms=(7, 9), tile_packing=2,
        metadata={"vector_layers": [{"id": "county"}, {"id": "township"}]},
    ).written(tmp_path / "own.pmtiles")  # fmt: skip
    made = taken(town, file)
    assert (made.tile_type, made.layers) == ("mvt", ["county", "township"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"version": 2}, "basemap_wrong"),
        ({"kind": 9}, "basemap_wrong"),
        ({"packing": 1, "tile_packing": 4}, "basemap_wrong"),
        ({"zooms": (8, 4)}, "basemap_wrong"),
        ({"bounds": (118.6, 37.0, 118.0, 37.4)}, "basemap_wrong"),
        ({"tile": lambda *_: b"<svg/>"}, "basemap_wrong"),
        ({"tile": lambda *_: b""}, "basemap_wrong"),
        ({"tile_packing": 2}, "basemap_wrong"),
        ({"root": lambda whole: whole[:-9]}, "basemap_wrong"),
        ({"bounds": BEIJING}, "basemap_elsewhere"),
    ],
)
def test_what_is_none_is_not_taken(
    town: Town, tmp_path: Path, wrong: dict[str, Any], code: str
) -> None:
    """Judged by what is in it: the name says nothing."""
    file = Made(**wrong).written(tmp_path / "a.pmtiles")
    with pytest.raises(Refusal) as refused:
        taken(town, file)
    assert refused.value.code == code


def test_what_is_cut_off_is_not_taken(town: Town, tmp_path: Path) -> None:
    file = Made().written(tmp_path / "a.pmtiles")
    for content in (file.read_bytes()[:-1], file.read_bytes()[:100], picture()):
        file.write_bytes(content)
        with pytest.raises(Refusal, match=r"it is cut off|it is no PMTiles"):
            taken(town, file)


def test_no_foreign_host_unless_the_city_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the servers in every page's policy, and in that of the residents."""

    def policy(path: str) -> str:
        return str(stranger(town).get(path).headers["content-security-policy"])

    assert "tianditu" not in policy("/wall/") + policy("/desk/")
    admin = town.person("sysadmin")
    body = admin.get("/rules/basemap").json()
    chosen = {"version": body["version"], "body": {**body["body"], "kind": "tianditu"}}
    refused = admin.put("/rules/basemap", chosen)
    assert (refused.status_code, refused.json()["code"]) == (422, "rules_invalid")
    assert "WANGGE_TIANDITU_KEY" in refused.text
    lost = {**body["body"], "kind": "pmtiles", "file": LOST}
    assert "没有这份底图文件" in admin.put("/rules/basemap", {**chosen, "body": lost}).text

    monkeypatch.setattr(settings(), "tianditu_key", "abc123")
    rule(town, "basemap", kind="tianditu", layer="img")
    for path in ("/wall/", "/desk/cases"):
        assert policy(path).count("https://t0.tianditu.gov.cn") == 2
        referrer = stranger(town).get(path).headers["referrer-policy"]
        assert referrer == "strict-origin-when-cross-origin"
    for path in ("/", "/r/", "/w/", "/api/v1/tenant"):
        assert "tianditu" not in policy(path)
        assert stranger(town).get(path).headers["referrer-policy"] == "same-origin"
    told = town.person("leader").get("/basemap").json()
    assert (told["kind"], told["max_zoom"]) == ("tianditu", 18)
    assert told["tiles"][1] == (
        "https://t1.tianditu.gov.cn/img_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img"
        "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        "&tk=abc123"
    )
    assert "LAYER=cia&" in told["names"][0]
    assert "天地图" in told["attribution"]


def test_the_command_takes_and_chooses(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Made().written(tmp_path / "city.pmtiles")
    cells = SimpleNamespace(cell={town.cell.tenant: town.cell}.__getitem__)
    monkeypatch.setattr(commands, "running", lambda _: nullcontext(cells))
    asked = ["areas", "basemap", str(file), "-t", town.cell.tenant, "--use"]
    done = CliRunner().invoke(cli.cli, asked)
    assert done.exit_code == 0, done.output
    assert "已用作底图" in done.output
    assert town.person("leader").get("/basemap").json()["kind"] == "pmtiles"
