"""Records of services at the desk: listed, narrowed, opened, taken out; homes stay homes."""

import io
from typing import Any

from openpyxl import load_workbook

from tests.cases.test_closed_loop import photo
from tests.fieldwork.conftest import Field
from tests.town import Person, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.web import COOKIE, token_hash


def served(field: Field, who: Person, kind: str = "service", **more: Any) -> str:
    body = {"id": str(new_id()), "kind": kind, "done_at": field.now.isoformat(), **more}
    if kind == "service":
        body = {"type": "haircut", **body}
    answer = who.post("/fieldwork/services", body)
    assert answer.status_code == 200, answer.text
    return str(body["id"])


def listed(desk: Person, **asked: Any) -> list[str]:
    answer = desk.get("/fieldwork/services", **asked)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_the_desk_reads_the_services_of_its_ground(town: Town, field: Field) -> None:
    """By words, kind, area and days, page by page; the neighbour's desk reads none of them.

    Of what was at a home the desk reads that it was and nothing of what; names and dwellings in the
    words are masked; the sheet says the same, names no worker and is logged.

    Seen red: with the view's ground left out the village's own session read them in it; with the
    words of a home let through the view they stood in the list; with the words as they were the
    name stood there.
    """
    lihong, wang, desk = town.person("lihong"), town.person("wangqiang"), town.person("dongfang")
    [home] = field.homes(lihong, 1)
    hair = served(field, lihong, words="给王桂兰奶奶在2单元101理发", people=3, place_words="服务站")
    at_home = served(field, lihong, "errand", household_id=home, words="送药到家")
    field.passes(minutes=5)
    talk = served(field, wang, "talk", words="说南门路灯暗", people=6)
    field.visit(lihong, field.called(home))

    found = desk.get("/fieldwork/services").json()
    assert [one["id"] for one in found["items"]] == [talk, at_home, hair]
    assert (found["records"], found["people"], found["next"]) == (3, 9, None)
    lines = {one["id"]: one for one in found["items"]}
    assert (lines[at_home]["at_home"], lines[at_home]["words"], lines[at_home]["place"]) == (
        True, "", "",
    )  # fmt: skip
    assert lines[hair]["words"] == "给一位居民在（门牌略）理发"
    assert "worker" not in lines[hair]
    first = desk.get("/fieldwork/services", limit=2).json()
    assert listed(desk, limit=2, cursor=first["next"]) == [hair]
    assert listed(desk, q="路灯") == [talk]
    assert listed(desk, q="送药") == []
    assert listed(desk, kind="service", type="haircut") == [hair]
    assert listed(desk, area=town.area("3799010010010002")) == [talk]
    assert listed(desk, last="2026-03-02") == []
    refused = desk.get("/fieldwork/services", first="2026-03-03", last="2026-03-02")
    assert refused.json()["code"] == "bad_time"

    opened = desk.get(f"/fieldwork/services/{hair}").json()
    assert (opened["worker"], opened["files"]) == ("李红", [])
    for stranger in ("liulin", "lihong", "handler", "supervisor", "sysadmin"):
        assert town.person(stranger).get("/fieldwork/services").status_code == (
            200 if stranger == "liulin" else 403
        )
    village = town.person("liulin")
    assert listed(village) == []
    # The question narrows by the ground, too: the view itself is asked, by plain SQL.
    for person, seen in ((village, set()), (desk, {hair, at_home, talk})):
        token = token_hash(person.client.cookies[COOKIE])
        with transaction(town.cell, "app", token=token) as tx:
            assert {str(one["id"]) for one in tx.rows("select id from services_done")} == seen
    for record in (hair, at_home, str(new_id())):
        answer = village.get(f"/fieldwork/services/{record}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_record")

    sheet = desk.get("/fieldwork/services/export.xlsx", kind="errand")
    assert sheet.status_code == 200, sheet.text
    book = load_workbook(io.BytesIO(sheet.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[5] for row in rows[1:2]] == ["住户家中（内容由网格员、网格长查看）"]
    assert not any("李红" in str(cell) or "送药" in str(cell) for row in rows for cell in row)
    with transaction(town.cell) as tx:
        [line] = tx.rows(
            "select account_id from audit_rows where action = 'field.services_exported'"
        )
    assert str(line["account_id"]) == desk.account_id


def test_pictures_of_services_are_the_desks_and_those_of_homes_are_not(
    town: Town, field: Field
) -> None:
    """Seen red: with the files' policy asking the record alone the desk's picture was no file.

    And with a home's let through it the desk saw its picture; with the view's ground left out the
    village saw the other.
    """
    lihong, desk = town.person("lihong"), town.person("dongfang")
    [home] = field.homes(lihong, 1)
    seen, hidden = served(field, lihong), served(field, lihong, household_id=home)
    pictures = {record: photo(lihong, "other") for record in (seen, hidden)}
    with transaction(town.cell) as tx:
        for record, file_id in pictures.items():
            tx.run("update files set field_record_id = %s where id = %s", [record, file_id])

    assert [one["id"] for one in desk.get(f"/fieldwork/services/{seen}").json()["files"]] == [
        pictures[seen]
    ]
    assert desk.get(f"/fieldwork/services/{hidden}").json()["files"] == []
    assert desk.get(f"/files/{pictures[seen]}").status_code == 200
    for reader in (desk, town.person("liulin"), town.person("leader")):
        assert reader.get(f"/files/{pictures[hidden]}").status_code == 404
    assert town.person("liulin").get(f"/files/{pictures[seen]}").status_code == 404
