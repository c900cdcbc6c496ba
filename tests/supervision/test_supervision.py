"""Urging, notices, listings, criticism: from whom, to whom, answered, and all in the record."""

import io
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report, rule
from tests.dispatch.test_late import Opening, sweep
from tests.supervision.conftest import issued, notices, steps
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.kernel.web import COOKIE, token_hash


def test_urging_tells_the_holder_and_is_refused_when_it_is_too_much(town: Town, case: str) -> None:
    supervisor, water = town.person("supervisor"), town.person("water")

    for words in ("居民又来电", "天黑前请抽完"):
        assert taken(supervisor, case, "urge", note=words).status_code == 200
    third = taken(supervisor, case, "urge", note="再催")

    assert (third.status_code, third.json()["code"]) == (409, "urged_enough")
    told = notices(water, "case_urged")
    assert len(told) == 2
    assert "天黑前请抽完" in told[0]["text"]["zh"]
    assert [one["note"] for one in steps(supervisor, case, "urge")] == [
        "居民又来电",
        "天黑前请抽完",
    ]
    for name in ("acceptor", "lihong", "water"):
        assert taken(town.person(name), case, "urge", note="催").json()["code"] == "not_your_step"


def test_the_next_day_may_be_urged_again(town: Town, case: str, open_tx: Opening) -> None:
    supervisor = town.person("supervisor")
    rule(town, "supervision", urges_a_day=1)
    assert taken(supervisor, case, "urge", note="一").status_code == 200
    assert taken(supervisor, case, "urge", note="二").status_code == 409

    sweep(open_tx, "overdue", after=timedelta(days=1))

    assert taken(supervisor, case, "urge", note="三").status_code == 200


def test_a_notice_is_numbered_answered_by_the_unit_and_printed(town: Town, case: str) -> None:
    supervisor, water = town.person("supervisor"), town.person("water")
    first = issued(supervisor, case, "notice", "三日未见进展，请书面说明")
    second = issued(supervisor, case, "notice", "请再说明")
    assert first.status_code == 200, first.text
    one, two = second.json()["items"]
    assert [one["number"], two["number"]] == ["督字〔2026〕1号", "督字〔2026〕2号"]
    assert one["owner"]["name"] == "安东区供水公司"
    assert one["answer_by"].startswith("2026-11-25T")  # one working day from Tuesday morning
    assert (one["may"], one["late"]) == (["end"], False)
    assert "三日未见进展" in notices(water, "supervision_notice")[1]["text"]["zh"]

    path = f"/supervision/{one['id']}"
    for name in ("supervisor", "handler", "lihong", "acceptor"):
        answer = town.person(name).post(f"{path}/answer", {"answer": "抽水中"})
        assert answer.status_code in (403, 404), name
    said = water.post(f"{path}/answer", {"answer": "水泵已到场，今晚抽完"})
    assert (said.status_code, said.json()["state"]) == (200, "answered")
    assert water.post(f"{path}/answer", {"answer": "又说"}).json()["code"] == "nothing_to_answer"

    assert notices(supervisor, "supervision_answered")
    assert [s["note"] for s in steps(supervisor, case, "answer_supervision")] == [
        "水泵已到场，今晚抽完"
    ]
    paper = supervisor.get(f"{path}/print.pdf")
    pages = PdfReader(io.BytesIO(paper.content)).pages
    text = "".join(page.extract_text() for page in pages).replace(" ", "")
    for words in ("督办单", "督字〔2026〕1号", "安东区供水公司", "水泵已到场"):
        assert words in text
    picture = pypdfium2.PdfDocument(paper.content)[0].render(scale=3).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert any(f"case={case}" in code.text for code in codes)


def test_listing_is_a_leaders_and_stands_with_its_dates(town: Town, case: str) -> None:
    leader, supervisor = town.person("leader"), town.person("supervisor")
    assert issued(supervisor, case, "listing").json()["code"] == "not_allowed"
    assert issued(supervisor, case, "criticism").json()["code"] == "not_listed_before"

    listed = issued(leader, case, "listing", "久拖不决，挂牌督办").json()["items"][0]
    assert issued(leader, case, "listing").json()["code"] == "already_listed"
    page = supervisor.get("/supervision/cases", list="listed").json()
    assert [card["id"] for card in page["items"]] == [case]
    assert page["items"][0]["since"] == listed["issued"]["at"]
    assert supervisor.post(f"/supervision/{listed['id']}/end", {"why": "已整改"}).status_code == 403
    lifted = leader.post(f"/supervision/{listed['id']}/end", {"why": "已整改"}).json()

    assert (lifted["state"], lifted["ended"]["name"], lifted["ended_why"]) == (
        "ended", "尤主任", "已整改",
    )  # fmt: skip
    assert supervisor.get("/supervision/cases", list="listed").json()["items"] == []
    assert steps(leader, case, "list_openly")
    assert steps(leader, case, "unlist")


def test_criticism_follows_a_listing_and_another_leader_approves(town: Town, case: str) -> None:
    leader, supervisor = town.person("leader"), town.person("supervisor")
    issued(leader, case, "listing")
    proposed = issued(supervisor, case, "criticism", "承办单位未按期整改").json()["items"][-1]
    assert (proposed["state"], proposed["number"]) == ("proposed", None)
    assert notices(leader, "supervision_proposed")
    assert notices(town.person("water"), "supervision_criticism") == []
    path = f"/supervision/{proposed['id']}/decision"
    assert supervisor.post(path, {"approve": True}).status_code == 403

    approved = leader.post(path, {"approve": True, "why": "同意"}).json()

    assert approved["number"] == "通报〔2026〕1号"
    assert leader.post(path, {"approve": True}).json()["code"] == "not_proposed"
    assert notices(town.person("water"), "supervision_criticism")
    own = issued(leader, case, "criticism", "再次未整改").json()["items"][-1]
    refused = leader.post(f"/supervision/{own['id']}/decision", {"approve": True})
    assert refused.json()["code"] == "own_proposal"


def test_what_is_only_proposed_against_a_unit_is_not_read_there(town: Town, case: str) -> None:
    """Nor what was refused: no word, no paper, no list. Seen red: the company read all three."""
    leader, supervisor, water = (town.person(n) for n in ("leader", "supervisor", "water"))
    issued(leader, case, "listing")
    drafts = [
        issued(supervisor, case, "criticism", why).json()["items"][-1]
        for why in ("整改不力", "回复不实")
    ]
    decided = leader.post(
        f"/supervision/{drafts[1]['id']}/decision", {"approve": False, "why": "暂缓"}
    )
    assert decided.json()["state"] == "refused"

    def seen(who: Any) -> list[str]:
        return [one["kind"] for one in who.get(f"/cases/{case}/supervision").json()["items"]]

    assert seen(water) == ["listing"]
    assert seen(supervisor) == seen(leader) == ["listing", "criticism", "criticism"]
    for draft in drafts:
        assert water.get(f"/supervision/{draft['id']}/print.pdf").status_code == 404
        assert supervisor.get(f"/supervision/{draft['id']}/print.pdf").status_code == 200
    watched = water.get("/supervision/cases", list="proposed").json()
    assert (watched["items"], watched["counts"]["proposed"]) == ([], 0)
    assert supervisor.get("/supervision/cases", list="proposed").json()["counts"]["proposed"] == 1

    leader.post(f"/supervision/{drafts[0]['id']}/decision", {"approve": True, "why": "同意"})

    assert seen(water) == ["listing", "criticism"]
    assert water.get(f"/supervision/{drafts[0]['id']}/print.pdf").status_code == 200


def test_an_unanswered_notice_is_red_and_climbs(town: Town, case: str, open_tx: Opening) -> None:
    supervisor = town.person("supervisor")
    issued(supervisor, case, "notice")
    sweep(open_tx, "supervision.unanswered", after=timedelta(hours=2))
    assert notices(supervisor, "supervision_late") == []

    sweep(open_tx, "supervision.unanswered", after=timedelta(days=1, hours=6))
    sweep(open_tx, "supervision.unanswered")

    assert len(notices(supervisor, "supervision_late")) == 1
    seen = supervisor.get(f"/cases/{case}/supervision").json()["items"][0]
    assert (seen["late"], seen["state"]) == (True, "open")
    sweep(open_tx, "supervision.unanswered", after=timedelta(days=2))
    told = [step["data"]["to"] for step in steps(supervisor, case, "climb")]
    assert told == [["陈刚"], ["陈刚"]]  # the company has no manager: the street's duty leader
    page = supervisor.get("/supervision/cases", list="noticed").json()
    assert [card["id"] for card in page["items"]] == [case]


def test_a_notice_of_a_unit_without_people_is_the_desks(town: Town, case: str) -> None:
    supervisor = town.person("supervisor")
    one = issued(supervisor, case, "notice").json()["items"][0]
    town.end_posts("water")

    now = supervisor.get(f"/cases/{case}/supervision").json()["items"][0]
    assert now["owner"]["name"] == "安和街道网格中心"
    said = town.person("acceptor").post(f"/supervision/{one['id']}/answer", {"answer": "已另派"})
    assert said.status_code == 200, said.text


def test_what_is_done_ends_its_notices(town: Town, case: str, open_tx: Opening) -> None:
    supervisor, water = town.person("supervisor"), town.person("water")
    issued(supervisor, case, "notice")
    taken(water, case, "finish", note="已抽", answer="抽干")
    taken(town.person("lihong"), case, "pass_check")

    sweep(open_tx, "supervision.unanswered")

    one = supervisor.get(f"/cases/{case}/supervision").json()["items"][0]
    assert (one["state"], one["ended_why"]) == ("ended", "事项已办结，自动销号")
    assert issued(supervisor, case, "notice").json()["code"] == "case_over"


@pytest.mark.parametrize("name", ["supervisions", "case_watches"])
def test_the_neighbour_sees_nothing_of_it(
    town: Town, case: str, open_tx: Opening, name: str, client: Any
) -> None:
    """A worker of the next grid and another town's desk; the policies alone, by plain SQL."""
    issued(town.person("supervisor"), case, "notice")
    sweep(open_tx, "overdue", after=timedelta(days=30))
    for neighbour in ("wangqiang", "liulin", "handler"):
        person = town.person(neighbour)
        assert person.get(f"/cases/{case}/supervision").status_code == 404
        with _scoped(town, person) as tx:
            assert tx.rows(f"select * from {name}") == []
    with _scoped(town, town.person("lihong")) as tx:
        assert tx.rows(f"select * from {name}")


def _scoped(town: Town, person: Any) -> Any:
    return transaction(town.cell, "app", token=token_hash(person.client.cookies[COOKIE]))


def test_a_repeat_issues_once_and_a_past_time_is_refused(town: Town, case: str) -> None:
    supervisor = town.person("supervisor")
    key = "01900000-0000-7000-8000-000000000001"
    assert issued(supervisor, case, "notice", id=key).status_code == 200
    again = issued(supervisor, case, "notice", id=key)
    assert len(again.json()["items"]) == 1
    past = issued(supervisor, case, "notice", answer_by="2026-11-20T00:00:00Z")
    assert past.json()["code"] == "answer_by_past"
    never = issued(supervisor, case, "notice", answer_by="9999-12-31T23:59:00Z")
    assert (never.status_code, never.json()["code"]) == (422, "answer_by_far")


def test_the_list_says_whose_turn_and_since_when(
    town: Town, client: Any, case: str, open_tx: Opening
) -> None:
    other = report(client)
    sweep(open_tx, "overdue", after=timedelta(days=30))

    page = town.person("supervisor").get("/supervision/cases").json()

    assert {(card["id"], card["holder"]["name"]) for card in page["items"]} == {
        (case, "安东区供水公司"),
        (other, "安和街道网格中心"),
    }
    assert [card["since"] for card in page["items"]] == sorted(c["due_at"] for c in page["items"])
    assert page["counts"]["late"] == 2
