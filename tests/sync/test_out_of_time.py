"""A transaction that the database ends because it took too long is no failure of what was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.sync.phones import SPEAKS, Phone
from tests.town import Town
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.operations import KINDS, Kind, Operation, Outcome


@contextmanager
def impatient(cells: Cells, cell: Cell) -> Iterator[None]:
    """No transaction of whoever is signed in may take longer, until it is as before."""
    for words in ("set transaction_timeout = '600ms'", "reset transaction_timeout"):
        with psycopg.connect(cells.owner(PREFIX + cell.tenant), autocommit=True) as conn:
            conn.execute(
                sql.SQL("alter role wangge_app in database {} " + words).format(
                    sql.Identifier(PREFIX + cell.tenant)
                )
            )
        cell.close()
        if words.startswith("set"):
            yield


def test_an_operation_out_of_time_is_taken_when_it_comes_again(town: Town, cells: Cells) -> None:
    """Seen red with the database's error as psycopg names it: 500 for the whole batch."""
    phone = Phone(town.person("lihong"), town.cell)
    report, other = phone.report("楼道灯不亮"), phone.report("井盖松动")
    note = phone.op("case.note", report["record"], {"note": "已告知物业"})
    phone.push(report)
    phone.pull()

    with impatient(cells, town.cell):
        with transaction(town.cell) as tx:
            tx.run("select pg_advisory_xact_lock(hashtextextended('sync ' || %s, 0))",
                   [report["record"]])  # fmt: skip
            assert phone.states(note, other) == ["later database_away", "applied"]
        with transaction(town.cell) as tx:
            tx.run("select 1 from sync_devices for update")
            answer = phone.person.client.get(
                "/api/v1/sync", headers=SPEAKS, params={"device": phone.device}
            )
            assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
            assert int(answer.headers["retry-after"]) >= 1

    assert phone.states(note, other) == ["applied", "applied"]
    assert len(phone.pull()) == 2
    steps = phone.person.get(f"/cases/{report['record']}").json()["steps"]
    assert [step["note"] for step in steps[1:]] == ["已告知物业"]


def test_one_that_breaks_the_server_holds_up_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted, listed for the administrator, and settled once it was taken.

    Seen red with the failure let through (the whole outbox would have met it again and again),
    with the count left out, and with a stranger's words written over its person's.
    """

    def breaks(_tx: Tx, _actor: Any, _operation: Operation) -> Outcome:
        raise KeyError

    monkeypatch.setitem(KINDS, "test.breaks", Kind("test.breaks", breaks))
    phone = Phone(town.person("lihong"), town.cell)
    bad, good = phone.op("test.breaks", str(new_id()), {}), phone.report()
    after = phone.op("case.note", bad["record"], {"note": "后面的"})

    assert phone.states(bad, good, after) == [
        "later broken", "applied", "later earlier_missing",
    ]  # fmt: skip

    # The administrator sees it, with where it broke and no word of what was typed.
    admin = town.person("sysadmin")
    assert town.person("acceptor").get("/sync/breakages").status_code == 403
    [seen] = admin.get("/sync/breakages").json()["items"]
    assert (seen["operation"], seen["tries"], seen["fault"], seen["by"]["name"]) == (
        bad["id"], 1, "KeyError", "李红")  # fmt: skip
    assert phone.states(bad) == ["later broken"]
    said = {"kind": "test.breaks", "tries": 8, "words": "在三号楼登记的时候"}
    assert phone.ask("POST", f"/sync/breakages/{bad['id']}", said).status_code == 204
    other = Phone(town.person("wangqiang"), town.cell)
    other.ask("POST", f"/sync/breakages/{bad['id']}", {**said, "words": "别人的话"})
    [told] = admin.get("/sync/breakages").json()["items"]
    assert (told["tries"], told["words"], told["settled_at"]) == (8, said["words"], None)

    monkeypatch.setitem(KINDS, "test.breaks", Kind("test.breaks", lambda *_: Outcome()))
    assert phone.states(bad, good) == ["applied", "applied"]
    assert admin.get("/sync/breakages").json()["items"][0]["settled_at"]
