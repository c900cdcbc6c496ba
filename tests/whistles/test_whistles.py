"""Whistles through their doors: called, there, confirmed, concluded, and rated by both sides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import pytest

from tests.cases.test_loop import told
from tests.cases.test_owned import end_post
from tests.dispatch.conftest import messages, phones, work
from tests.dispatch.test_follows import Work, noticed
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id
from wangge.notices.local_gateway import StandIn
from wangge.people import appointments, posts
from wangge.people.models import PostDraft
from wangge.teams import party
from wangge.teams.models import Kind, PartyDraft
from wangge.whistles import owning

__all__ = ["phones", "work"]
Opening = Callable[..., AbstractContextManager[Tx]]
SMOKE = "小区北门夜市油烟扰民，多次劝导无效，请城管、市场监管联合处置"
NINE = datetime.fromisoformat("2026-03-03T09:00:00+08:00")


@pytest.fixture(autouse=True)
def morning(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, NINE, frozen=True)


def passes(open_tx: Opening, **time: int) -> None:
    with open_tx() as tx:
        clock.advance(tx, timedelta(**time))


def blown(person: Person, units: list[str], **more: Any) -> Any:
    body = {"id": str(new_id()), "reason": "joint", "words": SMOKE, "unit_ids": units, **more}
    if "case_id" not in more:
        body |= {"lon": 118.10, "lat": 37.30, "place_words": "东方社区北门"}
    return person.post("/whistles", body)


def said(person: Person, whistle: dict[str, Any], unit: str, action: str, **filled: Any) -> Any:
    call = next(one for one in whistle["calls"] if one["unit"]["name"] == unit)
    body = {"id": str(new_id()), "action": action, **filled}
    return person.post(f"/whistles/{whistle['id']}/calls/{call['id']}/steps", body)


def concluded(person: Person, whistle: dict[str, Any], **more: Any) -> Any:
    body = {"id": str(new_id()), "outcome": "solved", "conclusion": "已约谈整改，夜市归位", **more}
    return person.post(f"/whistles/{whistle['id']}/conclusion", body)


def rated(person: Person, whistle: dict[str, Any], unit: str, side: str, grade: str) -> Any:
    call = next(one for one in whistle["calls"] if one["unit"]["name"] == unit)
    body = {"side": side, "grade": grade}
    return person.post(f"/whistles/{whistle['id']}/calls/{call['id']}/rating", body)


def shown(person: Person, whistle: dict[str, Any]) -> Any:
    return person.get(f"/whistles/{whistle['id']}").json()


def ids(person: Person, box: str) -> list[str]:
    return [row["id"] for row in person.get("/whistles", box=box).json()["items"]]


URBAN, WATER, PROPERTY = "安东区城市管理局", "安东区供水公司", "东方物业"


@pytest.mark.mission("DC-17", "DY-13")
def test_units_are_called_come_and_are_rated(
    town: Town, open_tx: Opening, work: Work, phones: StandIn
) -> None:
    """DC-17 (DY-13: "as DC-17"), the whole acceptance: "arrival recorded, timer, two-way rating".

    A street's desk calls two departments; the server times who reports in, the whistler confirms;
    the timer turns red for the one that is late and it is told; at the end both sides rate.

    Seen red: with the arrival's time taken from the city's clock of the whistle, and with ratings
    open to whoever was called.
    """
    street, urban, water = town.person("dutyleader"), town.person("handler"), town.person("water")
    whistle = blown(street, [town.unit("urban-379901"), town.unit("water-379901")]).json()
    assert whistle["number"] == "W379901001-20260303-0001"
    assert (whistle["level"], whistle["light"]) == ("street", "green")
    assert whistle["report_by"] == "2026-03-03T06:30:00Z"  # four working hours from nine
    work()
    assert noticed(urban) == ["whistle_called"]
    texts = [(phone, text) for phone, text in messages(phones) if "吹哨" in text]
    assert {phone for phone, _ in texts} == {"13805460013", "13805460014", "13805460015"}
    assert ids(urban, "todo") == [whistle["id"]]

    passes(open_tx, minutes=50)
    here = said(urban, whistle, URBAN, "arrive", note="两人到场").json()
    call = next(one for one in here["calls"] if one["unit"]["name"] == URBAN)
    assert (call["arrived_at"], call["minutes"]) == ("2026-03-03T01:50:00Z", 50)
    assert call["on_time"] is True
    assert said(urban, whistle, URBAN, "confirm").status_code in (403, 409)
    assert said(street, whistle, URBAN, "confirm").status_code == 200

    assert said(street, whistle, WATER, "mark_absent", note="x").json()["code"] == "too_early"
    passes(open_tx, hours=3)
    waited = next(one for one in shown(street, whistle)["calls"] if one["unit"]["name"] == WATER)
    assert waited["light"] == "yellow"  # ten to one: three of the four working hours are gone
    passes(open_tx, hours=2)
    with open_tx() as tx:
        assert owning.mark_late(tx) == 1
        assert owning.mark_late(tx) == 0
    work()
    assert "whistle_late" in noticed(water)
    assert "whistle_late" in noticed(street)
    assert shown(street, whistle)["light"] == "red"
    assert said(street, whistle, WATER, "mark_absent").json()["details"]["field"] == "note"
    absent = said(street, whistle, WATER, "mark_absent", note="多次电话催促未到场")
    assert absent.status_code == 200

    silent = concluded(street, whistle)
    assert (silent.status_code, silent.json()["code"]) == (409, "unit_silent")
    assert silent.json()["details"]["units"] == [WATER]
    assert said(street, whistle, WATER, "sign", note="代签").status_code == 403
    leader = town.person("cityleader")
    assert said(leader, whistle, WATER, "sign", note="同意先行作出结论").status_code == 200
    assert rated(street, whistle, URBAN, "whistler", "satisfied").json()["code"] == "not_there"
    done = concluded(street, whistle).json()
    assert (done["state"], done["outcome"]) == ("concluded", "solved")

    assert rated(street, whistle, URBAN, "whistler", "satisfied").status_code == 200
    assert rated(urban, whistle, URBAN, "unit", "very_satisfied").status_code == 200
    for person, unit, side in ((water, WATER, "unit"), (street, WATER, "whistler")):
        refused = rated(person, whistle, unit, side, "dissatisfied")
        assert refused.json()["code"] == "not_there"
    assert rated(urban, whistle, URBAN, "whistler", "satisfied").status_code == 403
    call = next(c for c in shown(street, whistle)["calls"] if c["unit"]["name"] == URBAN)
    assert call["ratings"]["unit"]["grade"] == "very_satisfied"
    assert call["ratings"]["whistler"]["grade"] == "satisfied"


@pytest.mark.mission("DY-22")
def test_a_whistle_from_a_case_calls_upper_units_and_the_case_tells_it(
    town: Town, client: Any, work: Work
) -> None:
    """DY-22, the whole acceptance.

    "whistle from a case notifies the upper units; case timeline shows arrival and outcome": the
    grid worker who sits with a quarrel blows on its case; the county's units hear of it, see the
    case from then on, and what they do stands in the case's own history. The mediator's own role
    is not there yet; whoever has the case blows.

    Seen red: without the line of the arrival in the history of the case.
    """
    case = client.post("/api/v1/public/cases", json=told("两家为花坛争吵，调解不下")).json()["id"]
    worker, urban = town.person("lihong"), town.person("handler")
    assert urban.get(f"/cases/{case}").status_code == 404
    whistle = blown(worker, [town.unit("urban-379901")], case_id=case, reason="hard").json()
    assert (whistle["level"], whistle["case"]["id"]) == ("grid", case)
    assert whistle["desk"]["name"] == "东方社区工作站"
    work()
    assert noticed(urban) == ["whistle_called"]
    assert urban.get(f"/cases/{case}").status_code == 200

    said(urban, whistle, URBAN, "arrive")
    said(worker, whistle, URBAN, "confirm")
    assert concluded(worker, whistle, conclusion="划线分界，双方签字").status_code == 200
    steps = [s for s in worker.get(f"/cases/{case}").json()["steps"] if s["action"] == "whistle"]
    assert [(step["data"]["did"], step["note"]) for step in steps] == [
        ("blow", SMOKE), ("arrive", URBAN), ("confirm", URBAN), ("concluded", "划线分界，双方签字"),
    ]  # fmt: skip
    assert [step["unit"] for step in steps[1:3]] == [URBAN, URBAN]
    assert worker.get(f"/cases/{case}/whistles").json()[0]["id"] == whistle["id"]


def test_a_foreign_whistle_is_out_of_sight(town: Town) -> None:
    """Seen red: with a policy that lets everybody read."""
    whistle = blown(town.person("lihong"), [town.unit("urban-379901")]).json()
    for name in ("wangqiang", "zhaomin", "liulin", "water", "property", "auditor", "sysadmin"):
        person = town.person(name)
        assert person.get(f"/whistles/{whistle['id']}").status_code == 404, name
        for box in ("todo", "open", "ended"):
            if "case.read" in person.me["permissions"]:
                assert ids(person, box) == [], name
            else:
                assert person.get("/whistles", box=box).status_code == 403, name
        assert said(person, whistle, URBAN, "arrive").status_code == 404, name
        assert concluded(person, whistle).status_code == 404, name
    for name in ("lihong", "wuhua", "dutyleader", "handler", "handler2", "cityleader"):
        assert town.person(name).get(f"/whistles/{whistle['id']}").status_code == 200, name


def test_not_our_duty_is_ruled_by_the_desk_above(town: Town, open_tx: Opening) -> None:
    worker, water = town.person("lihong"), town.person("water")
    whistle = blown(worker, [town.unit("water-379901"), town.unit("urban-379901")]).json()
    lacking = said(water, whistle, WATER, "contest", note="油烟不归供水管")
    assert lacking.json()["details"]["field"] == "reason"
    said(water, whistle, WATER, "contest", reason="not_duty", note="油烟不归供水管")
    said(town.person("handler"), whistle, URBAN, "arrive")
    said(worker, whistle, URBAN, "confirm")
    assert concluded(worker, whistle).json()["code"] == "unit_silent"

    ruler = town.person("dutyleader")
    assert shown(worker, whistle)["ruling_desk"]["name"] == "安和街道网格中心"
    assert ids(ruler, "todo") == [whistle["id"]]
    for name in ("lihong", "water", "acceptor", "cityleader"):
        refused = said(town.person(name), whistle, WATER, "uphold", note="不归其管")
        assert refused.status_code in (403, 404), name
    rejected = said(ruler, whistle, WATER, "reject", note="下水口由其维护").json()
    call = next(one for one in rejected["calls"] if one["unit"]["name"] == WATER)
    assert call["state"] == "called"
    said(water, whistle, WATER, "contest", reason="not_area", note="不在供水区")
    assert said(ruler, whistle, WATER, "uphold", note="确不在其供水区").status_code == 200
    assert concluded(worker, whistle).status_code == 200
    rates = worker.get("/whistles/rates").json()
    assert rates["left_out"] == {"excused": 1, "running": 0}
    assert [(r["code"], r["numerator"], r["denominator"]) for r in rates["rates"]] == [
        ("arrival_rate", 1, 1), ("on_time_arrival_rate", 1, 1), ("solved_rate", 1, 1),
    ]  # fmt: skip


def test_a_grid_calls_its_party_branch(town: Town, work: Work) -> None:
    """网格吹哨、党员报到: a branch of the party's own tree is called as a whole."""
    branch = new_id()
    with transaction(town.cell) as tx:
        area, name = UUID(town.area("379901001001")), "东方社区党支部"
        founded = PartyDraft(branch, "party-dongfang", name, Kind.BRANCH, area, posts.today(tx))
        party.load(tx, [founded], actor=None)
    worker = town.person("lihong")
    empty = blown(worker, [str(branch)])
    assert empty.json()["code"] == "unit_without_people"
    with transaction(town.cell) as tx:
        draft = PostDraft(new_id(), "handler", unit_id=branch)
        appointments.appoint(tx, UUID(town.account("property")), draft, actor=None)
    whistle = blown(worker, [str(branch)]).json()
    work()
    member = town.person("property")
    assert "whistle_called" in noticed(member)
    assert said(member, whistle, "东方社区党支部", "arrive").status_code == 200
    assert said(worker, whistle, "东方社区党支部", "confirm").status_code == 200
    assert concluded(worker, whistle).json()["state"] == "concluded"


def test_what_may_not_be_blown(town: Town, open_tx: Opening) -> None:
    worker, urban = town.person("lihong"), [town.unit("urban-379901")]
    for more, code in (
        ({"reason": "fun"}, "field_needed"),
        ({"words": "  "}, "field_needed"),
        ({"unit_ids": []}, "field_needed"),
        ({"unit_ids": [town.unit("desk-379901")]}, "unknown_unit"),
        ({"report_by": "2026-03-03T08:00:00+08:00"}, "bad_time"),
    ):
        body = {"id": str(new_id()), "reason": "hard", "words": SMOKE, "unit_ids": urban,
                "lon": 118.1, "lat": 37.3, **more}  # fmt: skip
        refused = worker.post("/whistles", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code), more
    away = worker.post("/whistles", body | {"lon": 118.5, "report_by": None})
    assert away.status_code == 403
    assert blown(town.person("handler"), urban).status_code == 403
    whistle = blown(worker, urban).json()
    off = worker.post(f"/whistles/{whistle['id']}/cancel", {"id": str(new_id()), "note": "已散去"})
    assert off.json()["state"] == "cancelled"
    assert said(town.person("handler"), whistle, URBAN, "arrive").json()["code"] == "whistle_over"


def test_an_open_whistle_is_never_nobodys(town: Town, open_tx: Opening, work: Work) -> None:
    """Whoever blew it leaves, the desk loses everybody: the next in line has it; late ones red."""
    whistle = blown(town.person("lihong"), [town.unit("urban-379901")]).json()
    assert whistle["desk"]["name"] == "东方社区工作站"
    for name in ("lihong", "dongfang", "acceptor", "dispatcher", "dutyleader"):
        assert end_post(town, name).status_code == 200
        with open_tx() as tx:
            assert owning.unowned(tx) == []
    leader = town.person("cityleader")
    assert shown(leader, whistle)["desk"]["name"] == "安城市网格化服务管理中心"
    passes(open_tx, days=30)
    with open_tx() as tx:
        assert owning.mark_late(tx) == 2
    work()
    assert {"whistle_handed_over", "whistle_overdue"} <= set(noticed(leader))
    assert ids(leader, "todo") == [whistle["id"]]


def test_who_comes_while_the_sweep_waits_is_not_late(town: Town, open_tx: Opening) -> None:
    """The sweep asks once more under the lock: its unit has just reported in."""
    whistle = blown(town.person("lihong"), [town.unit("urban-379901")]).json()
    passes(open_tx, hours=9)

    def swept() -> int:
        with open_tx() as tx:
            return owning.mark_late(tx)

    with ThreadPoolExecutor(1) as pool:
        with open_tx() as tx:
            tx.one("select from whistles where id = %s for update", [whistle["id"]])
            sweep = pool.submit(swept)
            ends = monotonic() + 20
            while tx.one(WAITING) is None:
                assert monotonic() < ends, "the sweep waits for nobody"
            tx.run(ARRIVED, [tx.now, whistle["id"]])
        assert sweep.result(20) == 0
    assert "late" not in [step["action"] for step in shown(town.person("lihong"), whistle)["steps"]]


WAITING = """
select 1 from pg_locks w where not w.granted and pg_backend_pid() = any(pg_blocking_pids(w.pid))
"""
ARRIVED = "update whistle_calls set state = 'arrived', arrived_at = %s where whistle_id = %s"
SEED = """
insert into whistles (id, number, reason, words, pos, area_id, level, desk_id, ruling_desk_id,
    caller_id, caller_name, unit_ids, state, report_by, due_at, outcome, ended_at, at)
select gen_random_uuid(), 'W-' || n, 'hard', '事项', a.pos, a.id, 'street', d.id, d.id, c.id,
    '陈刚', array[d.id, u.id], case when n <= 67 then 'concluded' else 'open' end,
    city_now() + interval '1 day', city_now() + interval '5 days',
    case when n <= 61 then 'solved' when n <= 67 then 'unsolved' end,
    case when n <= 67 then city_now() - interval '1 hour' end, city_now() - interval '2 days'
from generate_series(1, 70) n, areas a, organisations d, organisations u, accounts c
where a.code = '3799010010010001' and d.code = 'desk-379901001' and u.code = 'urban-379901'
    and c.username = 'dutyleader'
"""
SEED_CALLS = """
insert into whistle_calls (id, whistle_id, unit_id, state, due_at, arrived_at, confirmed_at)
select gen_random_uuid(), w.id, u.id, case w.state when 'open' then 'called' else 'confirmed' end,
    w.report_by, case when w.state <> 'open' then w.at + interval '40 minutes' end,
    case when w.state <> 'open' then w.at + interval '1 hour' end
from whistles w, organisations u where u.code = 'urban-379901'
"""


@pytest.mark.mission("DA-12")
def test_seed_rows_give_the_two_rates(town: Town) -> None:
    """DA-12: "seed rows give 100 % and 91 %".

    70 whistles of a street; 67 are concluded, each of which its unit answered, 61 of them solved;
    three run. The door of the rates says the two figures with what they divide by what, and how
    arrivals are spread; nowhere does a unit stand beside another.

    Seen red: with the open ones among the denominator of what was solved.
    """
    with transaction(town.cell) as tx:
        tx.run(SEED)
        tx.run(SEED_CALLS)
    told_ = town.person("dutyleader").get("/whistles/rates").json()
    shares = {rate["code"]: rate["share"] for rate in told_["rates"]}
    assert f"{shares['arrival_rate']:.0%}" == "100%"
    assert f"{shares['solved_rate']:.0%}" == "91%"
    assert told_["arrival_times"] == {"m30": 0, "m60": 67, "m240": 0, "later": 0, "never": 0}
    assert told_["places"] == {"1": 0, "2-3": 0, "4-9": 0, "10+": 1}
    assert all(rate["formula"]["zh"] and "÷" in rate["formula"]["zh"] for rate in told_["rates"])
    assert "城市管理局" not in str(told_)
    assert town.person("liulin").get("/whistles/rates").json()["blown"] == 0


LATE_CALLS = """
with done as (
    select k.id, row_number() over (order by k.id) as n from whistle_calls k
    join whistles w on w.id = k.whistle_id where w.state = 'concluded')
update whistle_calls k set
    arrived_at = case when d.n <= 7 then k.due_at + interval '10 minutes' end,
    confirmed_at = case when d.n <= 7 then k.confirmed_at end,
    state = case when d.n <= 7 then k.state when d.n <= 10 then 'called' else 'excused' end
from done d where d.id = k.id and d.n <= 12
"""


def test_who_came_late_or_not_at_all_counts_so(town: Town) -> None:
    """Of 67: seven after their time, three never, two excused and left out of both rates.

    Seen red: with whoever came at all taken for in time; nothing had asked for this rate before.
    """
    with transaction(town.cell) as tx:
        tx.run(SEED)
        tx.run(SEED_CALLS)
        tx.run(LATE_CALLS)
    told_ = town.person("dutyleader").get("/whistles/rates").json()
    counts = {rate["code"]: (rate["numerator"], rate["denominator"]) for rate in told_["rates"]}
    assert counts["arrival_rate"] == (62, 65)
    assert counts["on_time_arrival_rate"] == (55, 65)
    assert told_["left_out"] == {"excused": 2, "running": 3}
    assert told_["arrival_times"]["never"] == 3
