"""Video sites: a reason before every look, a register written once, nothing kept unasked."""

import io
from typing import Any

import openpyxl
import psycopg
import pytest
from fastapi import FastAPI

from tests.architecture.test_walls import FORBIDDEN, _words
from tests.cases.test_answers import brought
from tests.town import Person, Town
from tests.video.conftest import HEAD, imported, row
from wangge.kernel.db import PREFIX, Cells, transaction
from wangge.kernel.ids import new_id
from wangge.video.local_gateway import StandIn

GONE = ("video_views", "video_pictures", "video_kept")


def look(person: Person, site: str, **filled: Any) -> Any:
    body = {"id": str(new_id()), "way": "snapshot", "reason": "核实积水深浅", **filled}
    return person.post(f"/video/sites/{site}/views", body)


def fetched(person: Person, view: str) -> Any:
    return person.post(f"/video/views/{view}/picture")


def kept(person: Person, view: str, picture: bytes, reason: str = "作为积水证据") -> Any:
    return person.client.post(
        "/api/v1/video/kept",
        files={"file": ("a.jpg", picture, "image/jpeg")},
        data={"id": str(new_id()), "view_id": view, "reason": reason},
    )


def lines(person: Person, **params: Any) -> list[dict[str, Any]]:
    answer = person.get("/video/views", **params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def refuse_changes(cells: Cells, town: Town) -> None:
    """Not even the owner of the database rewrites a line."""
    with psycopg.connect(cells.owner(PREFIX + town.cell.tenant), autocommit=True) as conn:
        for table in GONE:
            for change in (f"update {table} set at = now()", f"delete from {table}"):
                with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                    conn.execute(change.encode())


def know_no_face(web: FastAPI, town: Town) -> None:
    words = {word for word in _words(web.openapi()) if "video" in word.lower()}
    assert words
    with transaction(town.cell) as tx:
        columns = {
            one["column_name"]
            for one in tx.rows("select column_name from information_schema.columns"
                               " where table_name like 'video%'")
        }  # fmt: skip
    assert {"reason", "account_post", "sha256"} <= columns
    assert not any(FORBIDDEN.search(one) for one in words | columns)


@pytest.mark.mission("DY-37")
def test_each_view_is_logged_with_its_reason_and_nothing_knows_a_face(
    town: Town, client: Any, platform: StandIn, sites: dict[str, str], owner: Person,
    web: FastAPI, cells: Cells,
) -> None:  # fmt: skip
    """DY-37: "each view logged; no face features".

    A dispatcher opens a link and a still, both with a reason, the second for a case; without one
    nothing is asked of the camera. Supervision and the owner read both lines, take them out as a
    sheet, and nobody rewrites them, not even the owner of the database. What is shown is kept
    nowhere until a person keeps that very picture for the case. No column and no door has a place
    for a face.

    Seen red: without the line in the register nothing could be fetched.
    """
    case = brought(town, client)["id"]
    desk, watch = town.person("dispatcher"), town.person("supervisor")
    near = desk.get(f"/cases/{case}/video-sites").json()["items"]
    assert [(one["name"], one["ways"]) for one in near] == [
        ("东门路口", ["page", "snapshot"]), ("西门路口", ["page", "snapshot"]),
    ]  # fmt: skip
    assert near[0]["metres"] < near[1]["metres"] < 300
    assert platform.host not in desk.get(f"/cases/{case}/video-sites").text

    for reason in ("", "  ", "看"):
        refused = look(desk, sites["东"], reason=reason)
        assert (refused.status_code, refused.json()["details"]["field"]) == (422, "reason")
    assert (lines(watch), platform.asked) == ([], [])

    link = look(desk, sites["东"], way="page", reason="查看路口通行").json()
    assert link["url"] == f"http://{platform.host}/sites/V-001"
    view = look(desk, sites["西"], case_id=case).json()
    assert view["url"] is None
    platform.behaviour.status = 503
    failed = fetched(desk, view["id"])
    assert (failed.status_code, failed.json()["code"]) == (409, "no_picture")
    platform.behaviour.status = 200
    shown = fetched(desk, view["id"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert {one for _, one in platform.asked} == {view["id"]}
    assert fetched(desk, view["id"]).json()["code"] == "look_over"

    with transaction(town.cell) as tx:
        assert tx.rows("select id from files") == []
    for reader in (watch, owner):
        read = lines(reader)
        assert [(one["account_name"], one["name"], one["way"], one["reason"]) for one in read] == [
            ("冯涛", "西门路口", "snapshot", "核实积水深浅"),
            ("冯涛", "东门路口", "page", "查看路口通行"),
        ]
        assert all("派单员 · 安和街道网格中心" in one["account_post"] for one in read)
        assert read[0]["for_case"]
        sheet = reader.get("/video/views/export.xlsx")
        cells_ = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].values
        said = {str(cell) for line in cells_ for cell in line}
        assert {"核实积水深浅", "查看路口通行", "V-001", "V-002", "冯涛"} <= said
    # The owner's bureau has no part in the case: it reads that there was one, not which.
    number = desk.get(f"/cases/{case}").json()["number"]
    assert [one["case_number"] for one in lines(watch)] == [number, None]
    assert [one["case_number"] for one in lines(owner)] == [None, None]

    refuse_changes(cells, town)
    other = fetched(desk, look(desk, sites["东"]).json()["id"]).content
    assert kept(desk, view["id"], other).json()["code"] == "not_what_was_shown"
    assert kept(desk, view["id"], shown.content, "").status_code == 422
    done = kept(desk, view["id"], shown.content)
    assert done.status_code == 200, done.text
    whole = desk.get(f"/cases/{case}").json()
    assert [one["id"] for one in whole["files"]] == [done.json()["file_id"]]
    assert whole["steps"][-1]["note"] == "留存视频点位“西门路口”截图：作为积水证据"
    line = next(one for one in lines(watch) if one["id"] == view["id"])
    assert line["kept_reason"] == "作为积水证据"
    assert kept(desk, view["id"], shown.content).json() == done.json()

    know_no_face(web, town)


def test_who_may_look_where_and_who_reads_the_register(
    town: Town, client: Any, sites: dict[str, str], owner: Person, platform: StandIn
) -> None:
    """A neighbour is nobody; a register is its supervision's, its owner's, and one's own lines.

    Meant to go red: with the reach of the post not asked the desk of the next town looked at 东门.
    """
    duty, city = town.person("dutyleader"), town.person("cityleader")
    names = {one["name"] for one in duty.get("/video/sites").json()["items"]}
    assert names == {"东门路口", "西门路口"}
    assert duty.get("/video/sites", q="西门").json()["items"][0]["code"] == "V-002"
    first = city.get("/video/sites", limit=2).json()
    rest = city.get("/video/sites", limit=2, cursor=first["next"]).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert look(duty, sites["柳"]).status_code == 404
    here = brought(town, client)["id"]
    for name in ("lihong", "acceptor", "handler", "supervisor", "sysadmin", "liulin"):
        person = town.person(name)
        assert person.get("/video/sites").status_code == 403, name
        assert look(person, sites["东"]).status_code == 403, name
        assert person.get(f"/cases/{here}/video-sites").status_code == 403, name
    for name in ("lihong", "acceptor", "sysadmin"):
        assert town.person(name).get("/video/views").status_code == 403
        assert town.person(name).get("/video/views/export.xlsx").status_code == 403
    there = brought(town, client, lon=118.50)["id"]
    assert look(duty, sites["东"], case_id=there).status_code == 404
    assert duty.get(f"/cases/{there}/video-sites").status_code == 404

    mine = look(duty, sites["东"]).json()["id"]
    theirs = look(city, sites["柳"]).json()["id"]
    assert fetched(city, mine).status_code == 404
    assert [one["id"] for one in lines(duty)] == [mine]
    assert [one["id"] for one in lines(town.person("dispatcher"))] == []
    assert [one["id"] for one in lines(town.person("supervisor"))] == [mine]
    assert {one["id"] for one in lines(town.person("leader"))} == {mine, theirs}
    assert {one["id"] for one in lines(owner)} == {mine, theirs}
    assert kept(duty, mine, fetched(duty, mine).content).json()["code"] == "look_without_case"
    town.end_posts("dutyleader")
    assert look(duty, sites["东"]).status_code == 403


def test_a_table_of_sites_says_what_is_wrong_in_which_row(
    town: Town, platform: StandIn, sites: dict[str, str]
) -> None:
    """Nothing is written while a row is wrong; the same again changes nothing.

    Meant to go red: without the check of hosts a site pointed at an address of the machine itself.
    """
    admin = town.person("sysadmin")
    wrong = HEAD + "".join((
        row(platform, "V-003", "南门路口", 118.1, 37.25),
        row(platform, "V-004", "", 118.1, 37.25),
        row(platform, "V-005", "北门", 100.0, 30.0),
        row(platform, "V-006", "北门", 118.1, 37.25, owner="没有的单位"),
        row(platform, "V-007", "北门", 118.1, 37.25, shot="http://127.0.0.1:1/x"),
        row(platform, "V-008", "北门", 118.1, 37.25, shot="file:///etc/passwd"),
        row(platform, "V-003", "北门", 118.1, 37.25),
        "V-009,北门,,118.1,北纬,urban-379901,,,是\n",
        "V-010,北门,,118.1,37.2,urban-379901,,,是\n",
    ))  # fmt: skip
    report = imported(admin, wrong)
    assert [(one["row"], one["code"]) for one in report["errors"]] == [
        (3, "no_name"), (4, "outside_the_city"), (5, "no_such_unit"), (6, "host_not_listed"),
        (7, "bad_address"), (8, "duplicate_site"), (9, "not_degrees"), (10, "address_needed"),
    ]  # fmt: skip
    assert report["written"] is False
    again = HEAD + row(platform, "V-001", "东门路口", 118.101, 37.301)
    again += row(platform, "V-002", "西门新路口", 118.098, 37.299)
    trial = imported(admin, again, dry_run=True)
    assert (trial["added"], trial["changed"], trial["unchanged"]) == (0, 1, 1)
    assert imported(admin, again)["written"] is True
    edited = admin.get("/video/sites/edited", q="V-00").json()
    assert [one["name"] for one in edited["items"]] == ["东门路口", "西门新路口"]
    assert edited["hosts"] == [platform.host]
    site = edited["items"][0]
    body = {name: site[name] for name in ("code", "name", "lon", "lat", "page_url")}
    body |= {"owner_id": site["owner"]["id"], "active": False}
    assert town.person("dutyleader").client.put(
        f"/api/v1/video/sites/{site['id']}", json=body
    ).status_code == 403  # fmt: skip
    assert admin.put(f"/video/sites/{site['id']}", body).status_code == 204
    desk = town.person("dispatcher")
    assert [one["code"] for one in desk.get("/video/sites").json()["items"]] == ["V-002"]
    assert look(desk, site["id"]).json()["code"] == "site_closed"
