"""Notices are seen by whom they are for, in both languages, and by nobody else."""

from datetime import timedelta
from uuid import UUID

from fastapi.testclient import TestClient

from tests.dispatch.test_follows import rule
from tests.fieldwork.conftest import Opening
from tests.sync.phones import rows_of
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id
from wangge.notices import jobs
from wangge.notices.models import notice_words
from wangge.notices.service import Notice, notify


def told(cell: Cell, account: str, *titles: str, code: str = "case_dispatched") -> None:
    for title in titles:
        with transaction(cell) as tx:
            body = {"number": "0007", "title": title}
            notify(tx, [Notice(UUID(account), code, new_id(), body)])
            clock.advance(tx, timedelta(minutes=1))


def test_ones_own_notices_newest_first_with_words_in_both_languages(town: Town, cell: Cell) -> None:
    lihong = town.person("lihong")
    told(cell, lihong.account_id, "路灯不亮", "井盖缺失")
    page = lihong.get("/notices").json()
    assert page["unread"] == 2
    assert [item["body"]["title"] for item in page["items"]] == ["井盖缺失", "路灯不亮"]
    newest = page["items"][0]
    assert newest["title"] == {"zh": "收到派单", "en": "A case was dispatched to you"}
    assert "井盖缺失" in newest["text"]["zh"]
    assert (newest["code"], newest["read_at"]) == ("case_dispatched", None)


def test_reading_one_leaves_the_others_unread(town: Town, cell: Cell) -> None:
    lihong = town.person("lihong")
    told(cell, lihong.account_id, "一", "二")
    first = lihong.get("/notices").json()["items"][0]
    assert lihong.post(f"/notices/{first['id']}/read").status_code == 204
    read_at = lihong.get("/notices").json()["items"][0]["read_at"]
    assert read_at is not None
    assert lihong.post(f"/notices/{first['id']}/read").status_code == 204
    page = lihong.get("/notices").json()
    assert page["items"][0]["read_at"] == read_at
    assert page["unread"] == 1
    rest = lihong.get("/notices", unread=True).json()["items"]
    assert [item["body"]["title"] for item in rest] == ["一"]


def test_a_colleague_sees_and_reads_nothing_of_it(town: Town, cell: Cell) -> None:
    lihong, wangqiang = town.person("lihong"), town.person("wangqiang")
    told(cell, lihong.account_id, "一")
    notice = lihong.get("/notices").json()["items"][0]["id"]
    assert wangqiang.get("/notices").json() == {"items": [], "next": None, "unread": 0}
    assert wangqiang.post(f"/notices/{notice}/read").status_code == 404
    assert lihong.get("/notices").json()["unread"] == 1


def test_the_database_hides_others_notices_by_itself(town: Town, cell: Cell) -> None:
    told(cell, town.account("lihong"), "一")
    with transaction(cell, "app") as tx:
        assert tx.rows("select id from notices") == []
        tx.run("select set_config('app.account', %s, true)", [town.account("wangqiang")])
        assert tx.rows("select id from notices") == []
        tx.run("select set_config('app.account', %s, true)", [town.account("lihong")])
        assert len(tx.rows("select id from notices")) == 1


def test_pages_follow_each_other_without_gap_or_repeat(town: Town, cell: Cell) -> None:
    lihong = town.person("lihong")
    with transaction(cell) as tx:  # all in the same moment
        notify(
            tx,
            [Notice(UUID(lihong.account_id), "other", None, {"title": str(n)}) for n in range(5)],
        )
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = lihong.get("/notices", **params).json()
        seen += [item["body"]["title"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    bad = lihong.get("/notices", cursor="yesterday")
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_cursor")


def test_an_open_screen_hears_of_it(town: Town, cell: Cell) -> None:
    told(cell, town.account("lihong"), "一")
    with transaction(cell) as tx:
        fact = tx.one("select account_id, body from facts where name = 'NoticeSent'")
    assert fact == {"account_id": UUID(town.account("lihong")), "body": {"code": "case_dispatched"}}


def test_what_is_urgent_and_unread_goes_by_sms_where_the_city_wants_it(
    town: Town, cell: Cell, open_tx: Opening
) -> None:
    """Off as the product comes; what was read meanwhile is not sent, nor what has an SMS anyhow.

    Seen red: with the notice that was read sent all the same; with whistles not left out.
    """
    lihong = town.person("lihong")

    def tells(code: str = "command_called", *, urgent: bool = True) -> UUID:
        with open_tx() as tx:
            body = {"title": "倒灌", "minutes": 10}
            one = Notice(UUID(lihong.account_id), code, None, body, urgent=urgent)
            notify(tx, [one])
        return one.id

    def looked_at_later() -> int:
        waiting = "select count(*)::int as n from pgqueuer where entrypoint = 'notices.unread'"
        return int(rows_of(cell, waiting)[0]["n"])

    tells()
    assert looked_at_later() == 0
    rule(town, "switches", urgent_sms_minutes=5)
    unseen, seen = tells(), tells()
    tells("whistle_called")
    tells(urgent=False)
    assert looked_at_later() == 2
    lihong.post(f"/notices/{seen}/read")
    for notice in (unseen, seen, unseen):
        jobs.tell_by_sms(open_tx, str(notice))
    [message] = rows_of(cell, "select text, purpose from sms_messages")
    assert message["purpose"] == "notice"
    assert "联动指挥：请在10分钟内签收" in message["text"]


def test_without_an_account_there_are_no_notices(town: Town, client: TestClient) -> None:
    assert client.get("/api/v1/notices").status_code == 401


def test_a_code_nobody_wrote_words_for_still_says_which_case() -> None:
    words = notice_words("brand_new", {"number": "0007", "title": "路灯不亮"})
    assert words == {
        "title": {"zh": "新消息", "en": "A message"},
        "text": {"zh": "0007 路灯不亮", "en": "0007 路灯不亮"},
    }
