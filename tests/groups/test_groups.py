"""Service groups and their threads: who reads, who does not, and what becomes of a message."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.cases.test_answers import closed
from tests.cases.test_closed_loop import photo
from tests.files.shapes import picture
from tests.sync.phones import Phone
from tests.town import Person, Town
from wangge.groups.jobs import past_keeping
from wangge.kernel import clock
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id

EAST, GRID = "379901001001", "3799010010010001"
Opening = Callable[..., AbstractContextManager[Tx]]
COUNT = "select (select count(*) from group_messages) + (select count(*) from group_cases) as n"


def founded(town: Town, *seats: dict[str, str]) -> dict[str, Any]:
    body = {"id": str(new_id()), "name": "东方社区救助服务小组", "area_id": town.area(EAST),
            "grids": [town.area(GRID)], "seats": list(seats)}  # fmt: skip
    answer = town.person("wuhua").post("/groups", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def said(person: Person, group: str, text: str, **more: Any) -> dict[str, Any]:
    body = {"id": str(new_id()), "text": text, **more}
    answer = person.post(f"/groups/{group}/messages", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def thread(person: Person, group: str) -> list[dict[str, Any]]:
    return list(person.get(f"/groups/{group}/messages").json()["items"])


def switched(town: Town, **more: Any) -> None:
    admin = town.person("sysadmin")
    now = admin.get("/rules/switches").json()
    body = {"body": {**now["body"], **more}, "version": now["version"], "note": "试"}
    assert admin.put("/rules/switches", body).status_code == 200


def reads(open_tx: Opening) -> int:
    with open_tx() as tx:
        return int((tx.one("select count(*) as n from group_reads") or {})["n"])


@pytest.mark.mission("DA-13")
def test_a_group_of_departments_reads_its_thread_and_receipts_are_off(
    town: Town, open_tx: Opening
) -> None:
    """联合民政、社保、司法等部门成立服务小组: a grid's people, a department's post, one by name.

    DA-13: "message with read receipt optional off". Off, nobody and no table learns who read;
    switched on, only of a message whose writer asked, and he alone is told.

    Seen red: with the city's switch left out of what is written; with the policy of the thread
    opened to everybody the neighbour's own database showed three rows.
    """
    group = founded(
        town,
        {"unit_id": town.unit("urban-379901"), "role": "handler"},
        {"id": (seat := str(new_id())), "account_id": town.account("squad")},
    )
    key = group["id"]
    assert [one["name"] for one in group["persons"]] == ["吴华", "李红", "沈队", "许工", "韩工"]
    lihong, handler = town.person("lihong"), town.person("handler")
    shot = photo(lihong, "other")
    first = said(lihong, key, "3号楼王奶奶要办低保", files=[shot], receipt=True)
    assert (first["receipt"], first["readers"]) == (False, None)
    assert [one["text"] for one in thread(handler, key)] == ["3号楼王奶奶要办低保"]
    assert handler.get(f"/files/{shot}").status_code == 200
    assert handler.post(f"/groups/messages/{first['id']}/read").status_code == 204
    assert reads(open_tx) == 0
    (card,) = handler.get("/groups").json()["items"]
    assert (card["recent"], card["last"]["name"]) == ([first["at"]], "李红")

    # The neighbour grid's worker, and whoever writes staff: the group is not there for them.
    zhaomin = town.person("zhaomin")
    assert zhaomin.get("/groups").json()["items"] == []
    assert zhaomin.get(f"/files/{shot}").status_code == 404
    tries = [
        zhaomin.get(f"/groups/{key}"),
        zhaomin.get(f"/groups/{key}/messages"),
        zhaomin.post(f"/groups/{key}/messages", {"id": str(new_id()), "text": "在吗"}),
        zhaomin.post(f"/groups/messages/{first['id']}/case", {"id": str(new_id())}),
        town.person("sysadmin").post(
            f"/teams/{key}/members", {"slot": "others", "account_id": zhaomin.account_id}
        ),
    ]
    assert {one.status_code for one in tries} == {404}
    with open_tx() as tx:
        heard = tx.rows(
            "select distinct account_id, pos, unit_ids from facts where name = 'GroupSaid'"
        )
    assert {str(one["account_id"]) for one in heard} == {
        one["account_id"] for one in group["persons"]
    }
    assert all(one["pos"] is None and not one["unit_ids"] for one in heard)

    switched(town, group_receipts=True)
    asked, plain = said(lihong, key, "请看一下", receipt=True), said(lihong, key, "不用看")
    for one in (asked, plain, first):
        handler.post(f"/groups/messages/{one['id']}/read")
    told = {one["id"]: one["readers"] for one in thread(lihong, key)}
    assert told == {asked["id"]: ["许工"], plain["id"]: None, first["id"]: None}
    assert {one["readers"] for one in thread(handler, key)} == {None}
    with open_tx() as tx, pytest.raises(psycopg.errors.ForeignKeyViolation):
        tx.run(
            "insert into group_reads (message_id, account_id, at) values (%s, %s, %s)",
            [plain["id"], handler.account_id, tx.now],
        )
    switched(town, group_receipts=False)
    past_keeping(open_tx)
    assert reads(open_tx) == 0

    # Whoever leaves, or whose post ends, reads no more.
    squad = town.person("squad")
    assert len(thread(squad, key)) == 3
    assert squad.post(f"/groups/{key}/seats/{seat}/end").status_code == 204
    town.end_posts("handler2")
    assert squad.get(f"/groups/{key}/messages").status_code == 404
    assert [one["name"] for one in lihong.get(f"/groups/{key}").json()["persons"]] == [
        "吴华",
        "李红",
        "许工",
    ]


def test_no_row_of_a_thread_is_read_past_the_second_wall(town: Town, cell: Cell) -> None:
    """Seen red with the policy of messages opened to everybody."""
    group = founded(town)["id"]
    said(town.person("lihong"), group, "今天下午两点碰头")

    def rows(username: str) -> int:
        with transaction(cell, "app") as tx:
            tx.one("select set_config('app.account', %s, true)", [town.account(username)])
            return int((tx.one(COUNT) or {})["n"])

    assert [rows(name) for name in ("lihong", "zhaomin", "leader", "sysadmin")] == [1, 0, 0, 0]


@pytest.mark.mission("DA-13")
def test_a_message_becomes_a_case_and_its_answer_goes_back_without_a_name(
    town: Town, open_tx: Opening
) -> None:
    """One touch, by the phone's own operation: words and picture as they stand, the asker named.

    DA-13: "a group message or screenshot pasted becomes a case (source 网格群, asker named) with
    an answer text to paste back". The answer stands in many people's chat, so nobody is in it.

    Seen red: with a second case for the same message; with the answer passed on as it was written.
    """
    group = founded(town)["id"]
    lihong = town.person("lihong")
    phone = Phone(lihong, town.cell)
    shot = phone.upload(picture(size=(320, 240)))
    words = "群友刘美兰说：3号楼2单元501门口积水，电话13800001111"
    op = phone.op(
        "group.say",
        str(new_id()),
        {"group": group, "text": words, "photos": [{"sha256": shot, "purpose": "other"}]},
    )
    (first,) = phone.push(op)
    assert (first["state"], phone.push(op)[0]["again"]) == ("applied", True), first
    (message,) = thread(lihong, group)
    assert (message["text"], len(message["files"])) == (words, 1)
    case = str(new_id())
    (turned,) = phone.push(
        phone.op(
            "group.case",
            case,
            {"message": message["id"], "asker": {"name": "刘美兰", "phone": "13800001111"}},
        )
    )
    assert turned["state"] == "applied", turned
    again = town.person("wuhua").post(
        f"/groups/messages/{message['id']}/case", {"id": str(new_id())}
    )
    assert again.json() == {"id": case, "number": turned["result"]["number"], "again": True}
    whole = lihong.get(f"/cases/{case}").json()
    assert (whole["text"], whole["channel"], len(whole["files"])) == (words, "grid_chat", 1)
    assert whole["asker"]["name_masked"].startswith("刘")
    assert thread(lihong, group)[0]["case"]["number"] == whole["number"]

    early = lihong.get(f"/cases/{case}/group-answer")
    assert (early.status_code, early.json()["code"]) == (404, "not_answered_yet")
    closed(town, case)
    told = lihong.get(f"/cases/{case}/group-answer").json()
    assert "积水已抽干" in told["text"]
    assert not [one for one in ("刘美兰", "13800001111", "2单元501") if one in told["text"]]
    assert set(told["left_out"]) >= {"name", "dwelling"}
    assert town.person("zhouping").get(f"/cases/{case}/group-answer").status_code == 404

    # The thread is kept its time; the case and its picture stay.
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=400))
    past_keeping(open_tx)
    assert thread(lihong, group) == []
    assert len(lihong.get(f"/cases/{case}").json()["files"]) == 1
