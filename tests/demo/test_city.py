"""Facts of the demo city that every visitor relies on."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.demo.conftest import street
from wangge.app import build
from wangge.demo.cast import CAST
from wangge.demo.matters import Setting, Writer
from wangge.demo.rulebook import text
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.people import roster
from wangge.tenant.documents import read
from wangge.tenant.emergency import Words
from wangge.tenant.rules import comes_with
from wangge.tenant.service import rules
from wangge.tenant.words import Matcher


@pytest.fixture
def city(loaded: Cell) -> Any:
    with transaction(loaded) as tx:
        yield tx


def test_every_grid_has_a_worker_of_its_own(city: Tx) -> None:
    without = city.rows(
        "select code from areas a where level = 'grid' and not exists (select from posts p"
        " where p.area_id = a.id and p.role = 'grid_worker' and p.valid @> city_today())"
    )
    grids = city.one("select count(*) as n from areas where level = 'grid'")

    assert without == []
    assert grids is not None
    assert grids["n"] > 600


def test_a_dedicated_grid_has_a_professional_worker_too(city: Tx) -> None:
    row = city.one(
        "select count(*) as grids, count(p.id) as held from areas a left join posts p on"
        " p.area_id = a.id and p.role = 'professional_worker' where a.kind = 'dedicated'"
    )

    assert row is not None
    assert row["grids"] == row["held"] > 0


def test_every_desk_has_somebody_on_duty_a_leader_and_a_stand_by(city: Tx) -> None:
    for desk in city.rows("select id, name from organisations where kind = 'desk'"):
        turns = roster.on_duty(city, desk["id"])
        own = {turn.duty.value for turn in turns if turn.unit_id == desk["id"] and turn.written}

        assert own == {"on_duty", "leader", "backup"}, desk["name"]
        assert all(turn.phone.startswith(("1380546", "1390546")) for turn in turns)


def test_a_department_has_another_handler_for_a_second_round(city: Tx) -> None:
    alone = city.rows(
        "select o.name from organisations o where kind = 'department' and (select count(*)"
        " from posts p where p.unit_id = o.id and p.role = 'handler') < 2"
    )

    assert alone == []


def test_the_cast_stands_on_the_stage(loaded: Cell, city: Tx) -> None:
    rows = city.rows("select username from accounts where profile ? 'demo'")

    assert {row["username"] for row in rows} == set(CAST)


def test_nobody_of_the_cast_has_empty_hands(loaded: Cell, cells: Cells) -> None:
    app: FastAPI = build(cells, default_tenant=loaded.tenant)
    with TestClient(app, raise_server_exceptions=False) as client:
        people = client.get("/api/v1/demo/accounts").json()["items"]
        empty = []
        for person in people:
            opened = client.post("/api/v1/demo/session", json={"account_id": person["id"]})
            queues = client.get("/api/v1/cases/queues").json()
            reads = "case.read" in opened.json()["permissions"]
            if reads and not any(queue["count"] for queue in queues):
                empty.append(f"{person['title']} {person['place']}")

    assert len(people) == len(CAST)
    assert empty == []


STORIES = [
    ("兴业小区整栋楼停水", "河安社区", "evaluated", True),
    ("东方社区地下车库进水", "东方社区", "checking", None),
    ("楼下花池种菜引起争执", "东方社区", "handling", None),
    ("水电井门坏了关不上", "东方社区", "evaluated", True),
    ("医保无法使用", "东方社区", "evaluated", True),
    ("小区配电箱着火", "东方社区", "evaluated", True),
    ("农贸市场熟食摊没有防尘罩", "垦利街道农贸市场专属网格", "evaluated", True),
]


@pytest.mark.parametrize(("title", "community", "state", "solved"), STORIES)
def test_the_told_incidents_are_there(
    city: Tx, title: str, community: str, state: str, *, solved: bool | None
) -> None:
    row = city.one(
        "select c.*, a.names from cases c join areas a on a.id = c.area_id where title = %s",
        [title],
    )

    assert row is not None
    assert community in row["names"]
    assert (row["state"], row["solved"]) == (state, solved)


def test_the_markets_own_professional_saw_to_it(city: Tx) -> None:
    row = city.one(
        "select c.unit_id, p.role from cases c join case_steps s on s.case_id = c.id"
        " and s.action = 'self_handle' join posts p on p.account_id = s.account_id"
        " where c.title = '农贸市场熟食摊没有防尘罩' and c.path = 'short'"
        " and p.role = 'professional_worker'"
    )

    assert row == {"unit_id": None, "role": "professional_worker"}


def test_officers_of_the_squad_act_in_the_markets(loaded: Cell, cells: Cells, city: Tx) -> None:
    """部门人员入格履职: the market's officer is of the street's squad, and his events count."""
    account = city.one("select id from accounts where username = 'zy3705050010012001'") or {}
    app: FastAPI = build(cells, default_tenant=loaded.tenant)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.post("/api/v1/demo/session", json={"account_id": str(account["id"])})
        found = client.get("/api/v1/indicators/officers").json()

    assert found["total"]["events"] > 0
    assert [unit["name"] for unit in found["units"]] == ["垦利街道综合执法队"]


def test_the_water_is_back_within_the_hour(city: Tx) -> None:
    row = city.one(
        "select closed.at - reported.at as took from cases c"
        " join case_steps reported on reported.case_id = c.id and reported.action = 'report'"
        " join case_steps closed on closed.case_id = c.id and closed.action = 'close'"
        " where c.title = '兴业小区整栋楼停水'"
    )

    assert row is not None
    assert row["took"].total_seconds() <= 3600


def test_the_fire_woke_the_roster_within_ten_seconds(city: Tx) -> None:
    rows = city.rows(
        "select m.at - c.received_at as after, m.state from sms_messages m"
        " join cases c on c.id = m.case_id"
        " where c.title = '小区配电箱着火' and m.purpose = 'emergency' order by m.at"
    )

    assert rows
    assert rows[0]["after"].total_seconds() <= 10
    assert {row["state"] for row in rows} == {"delivered"}


def test_histories_agree_with_the_cases(city: Tx) -> None:
    wrong = city.rows(
        "select c.number from cases c join lateral (select * from case_steps s"
        " where s.case_id = c.id order by seq desc limit 1) last on true"
        " where last.target <> c.state or last.seq <> c.version or last.at > %s"
        " or exists (select from case_steps a join case_steps b on b.case_id = a.case_id"
        " and b.seq = a.seq + 1 where a.case_id = c.id and (b.at < a.at or b.source <> a.target))",
        [city.now],
    )
    states = {row["state"] for row in city.rows("select distinct state from cases")}

    assert wrong == []
    assert states >= {"reported", "verifying", "declined", "registered", "dispatched", "handling",
                      "checking", "closed", "evaluated", "reopened", "withdrawn"}  # fmt: skip


def test_nothing_of_the_past_is_sent_now(city: Tx) -> None:
    left = city.one("select count(*) as n from pgqueuer")
    unsent = city.one(
        "select count(*) as n from sms_messages where state not in ('delivered', 'failed')"
    )

    assert (left, unsent) == ({"n": 0}, {"n": 0})


def test_invented_matters_wake_nobody(loaded: Cell) -> None:
    known = comes_with("words")
    assert isinstance(known, Words)
    heard = Matcher(known)
    words = read(text("matters.yaml"))["matters"]

    for kind, said in words.items():
        for sentence in said["texts"]:
            plain = sentence.format(place="东方花园", n=3, m=2)
            assert heard(plain).groups == [], (kind, plain)


def test_the_same_seed_invents_the_same_matters(city: Tx) -> None:
    setting, now = Setting.of(street()), city.now
    zone = ZoneInfo("Asia/Shanghai")
    one, two = (Writer(setting, now, zone).everything(0.2) for _ in range(2))

    assert [m.report.text for m in one] == [m.report.text for m in two]
    assert [m.at for m in one] == [m.at for m in two]


def test_what_goes_on_after_a_settling_on_the_spot_is_in_no_sample(city: Tx) -> None:
    """A sampled matter waits for its check: a story that went on would stop the whole load."""
    setting, zone = Setting.of(street()), ZoneInfo("Asia/Shanghai")
    percent = rules(city).switches.short_path_sample_percent
    for code in {story["at"] for story in read(text("stories.yaml"))}:
        setting.areas[code] = setting.grids[0]

    told = [m for seed in range(50) for m in Writer(setting, city.now, zone, seed).stories()]

    going_on = [m for m in told if any(move.action == "self_handle" for move in m.moves[:-1])]
    assert going_on
    assert [m.report.text for m in going_on if m.report.id.int % 100 < percent] == []
