"""What a phone may hold: no more, no less, and gone again when it no longer may."""

from datetime import datetime, timedelta

import pytest

from tests.sync.phones import Phone, rows_of
from tests.town import Town
from wangge.kernel.db import transaction

GRID_2 = {"lon": 118.1, "lat": 37.1}


@pytest.fixture
def worker(town: Town) -> Phone:
    return Phone(town.person("lihong"), town.cell)


@pytest.fixture
def desk(town: Town) -> Phone:
    return Phone(town.person("dutyleader"), town.cell)


def test_a_phone_holds_the_open_cases_of_its_grid_and_what_its_person_reported(
    town: Town, worker: Phone
) -> None:
    neighbour = Phone(town.person("wangqiang"), town.cell)
    here, there = worker.report("本网格"), worker.report("隔壁", **GRID_2)
    asker = {"name": "王桂英", "phone": "13854600001", "mode": "open"}
    theirs = neighbour.report("邻居自己的", **GRID_2, asker=asker)
    worker.push(here, there)
    neighbour.push(theirs)

    assert set(worker.pull()) == {here["record"], there["record"]}
    assert set(neighbour.pull()) == {there["record"], theirs["record"]}
    assert "王" not in str(neighbour.rows[theirs["record"]]["asker"])
    page = worker.page()
    assert (page["changed"], page["gone"], page["cursor"]) == ([], [], worker.cursor)
    lent = (datetime.fromisoformat(page[at]) for at in ("hold_until", "server_time"))
    assert next(lent) - next(lent) == timedelta(days=7)
    assert {one["collection"]: one["count"] for one in page["holds"]}["case"] == 2


def test_a_lost_answer_is_given_again_and_pages_end(worker: Phone) -> None:
    worker.push(*[worker.report(f"第{n}件") for n in range(5)])
    first = worker.page(limit=2)
    lost = worker.page(first["cursor"], limit=2)
    again = worker.page(first["cursor"], limit=2)

    assert (first["anew"], first["more"], again["anew"]) == (True, True, False)
    assert len(again["changed"]) == 2
    assert worker.page(lost["cursor"])["anew"]  # the answer that was overwritten: begin anew
    worker.cursor = ""
    assert len(worker.pull(limit=2)) == 5


def test_what_ends_moves_away_or_is_no_longer_ones_ground_leaves_a_tombstone(
    town: Town, worker: Phone, desk: Phone
) -> None:
    ends, moves, stays = (desk.report(text) for text in ("会结束", "会移走", "会留下"))
    desk.push(ends, moves, stays)
    assert set(worker.pull()) == {ends["record"], moves["record"], stays["record"]}
    desk.push(
        desk.op("case.step", ends["record"], {"action": "decline", "reason": "legal_channel",
                                               "answer": "不属于公共事务"}),
        desk.op("case.correct", moves["record"], {"fields": {"place": [118.1, 37.1]}},
                based_on={"fields": {"place": [118.1, 37.3]}}),
    )  # fmt: skip

    gone = {one["id"] for one in worker.page()["gone"]}

    assert gone == {ends["record"], moves["record"]}
    assert set(worker.pull()) == {stays["record"]}


def test_another_grid_from_one_day_to_the_next(town: Town, worker: Phone, desk: Phone) -> None:
    old, new = desk.report("旧网格的"), desk.report("新网格的", **GRID_2)
    desk.push(old, new)
    assert set(worker.pull()) == {old["record"]}
    with transaction(town.cell) as tx:
        tx.run(
            "update posts set area_id = (select id from areas where code = '3799010010010002')"
            " where account_id = %s",
            [worker.person.account_id],
        )

    assert set(worker.pull()) == {new["record"]}
    note = worker.op("case.note", old["record"], {"note": "昨天就看过了，灯座松"})
    unseen = worker.op("case.note", desk.report()["record"], {"note": "没有这件"})
    assert worker.states(note, unseen) == ["applied", "refused no_such_case"]
    steps = desk.person.get(f"/cases/{old['record']}").json()["steps"]
    assert [step["note"] for step in steps if step["action"] == "remark"] == [
        "昨天就看过了，灯座松"
    ]


def test_a_restore_of_the_server_begins_anew(town: Town, worker: Phone) -> None:
    worker.push(worker.report())
    worker.pull()
    with transaction(town.cell) as tx:
        tx.run("update upkeep set log = gen_random_uuid()")

    page = worker.page()

    assert page["anew"]
    assert len(page["changed"]) == 1
    assert len(rows_of(town.cell, "select 1 from sync_devices")) == 1
