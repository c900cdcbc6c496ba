"""Plans, coverage, patrols, the unit's worker and the walking mailbox."""

from typing import Any

import pytest

from tests.dispatch.test_follows import noticed
from tests.fieldwork.conftest import MORNING, Field
from tests.town import AREAS, Person, Town
from wangge.fieldwork import jobs
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


def ruled(town: Town, **changed: Any) -> None:
    admin = town.person("sysadmin")
    known = admin.get("/rules/visits").json()
    body = {"body": {**known["body"], **changed}, "note": "试行", "version": known["version"]}
    answer = admin.put("/rules/visits", body)
    assert answer.status_code == 200, answer.text


@pytest.mark.mission("DY-09")
def test_who_is_due_by_kind_of_care_stands_first(town: Town, field: Field) -> None:
    """DY-09: periodic visits by category frequency, "overdue list".

    The city says how often by kind of care; whoever was not met for so long stands first, until
    he is met. Not having been at home is no meeting.

    Seen red: with any result taken for a meeting, and with the frequency of the kind not read.
    """
    lihong = town.person("lihong")
    homes = field.homes(lihong, 3)
    moment = {"consent_at": field.now.isoformat(), "found_at": field.now.isoformat()}
    for home, kind in zip(homes, ("lonely_elderly", "disabled"), strict=False):
        body = {"id": str(new_id()), "kind": kind, "purpose": "定期看望", **moment}
        assert lihong.post(f"/registers/homes/{home}/care", body).status_code == 200

    def overdue() -> list[str]:
        found = lihong.get("/fieldwork/round").json()["homes"]
        return [one["id"] for one in found if one["overdue"]]

    field.passes(days=10)
    assert overdue() == [homes[0]]
    ruled(town, care=[{"kind": "lonely_elderly", "days": 7}, {"kind": "disabled", "days": 5}])
    assert overdue() == homes[:2]
    field.visit(lihong, field.called(homes[0], "not_home"), field.called(homes[1]))
    assert overdue() == [homes[0]]


@pytest.mark.mission("BX-13")
def test_the_night_lists_grids_where_nobody_was(town: Town, field: Field) -> None:
    """BX-13, the whole acceptance.

    "nightly coverage report: grids without visit/patrol in N days = list, empty in seeded good
    data". Where every grid had its visit or patrol the list is empty. A month later all but the one
    that was visited stand in it, the leader of that ground is told once, each sees his own ground.

    Seen red: with the sweep at any hour, and with visits not written at the grid.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    grids = [code for code, _, level, *_ in AREAS if level == "grid"]
    with transaction(town.cell) as tx:
        tx.run(
            "insert into grounds_served (area_id, patrolled_at)"
            " select id, %s from areas where level = 'grid'",
            [MORNING],
        )

    def night() -> list[str]:
        jobs.nightly(field.open_tx)
        field.passes(hours=17)  # two in the morning
        jobs.nightly(field.open_tx)
        jobs.nightly(field.open_tx)
        day = field.now.date().isoformat()
        found = town.person("leader").get("/fieldwork/coverage", day=day).json()["gaps"]
        return sorted(one["code"] for one in found)

    assert night() == []
    field.passes(days=29, hours=7)
    [home] = field.homes(lihong, 1)
    field.visit(lihong, field.called(home))
    field.passes(days=2)
    assert night() == sorted(grids)[1:]
    assert noticed(leader).count("coverage_gap") == 1
    seen = leader.get("/fieldwork/coverage").json()
    assert [one["code"] for one in seen["gaps"]] == [grids[1]]
    assert [(one["homes"], one["unseen"]) for one in seen["households"]] == [(1, 0)]
    assert lihong.get("/fieldwork/coverage").status_code == 403
    load = leader.get("/fieldwork/load").json()
    assert [(one["name"], one["homes"]) for one in load] == [("李红", 1), ("王强", 0)]


@pytest.mark.mission("DC-38")
def test_a_quota_is_off_and_its_progress_private(town: Town, field: Field) -> None:
    """DC-38: "tenant can set quota or none; quota progress private to worker & leader".

    As the product comes there is none, and nobody reads anybody's progress. Where a city sets ten
    homes a day each sees his own, and the leader of the grid those of his ground; no other door
    and no other post has it.

    Seen red: with the ground of the reader's other posts taken, and with no look at the quota.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    homes = field.homes(lihong, 3)
    field.visit(lihong, *map(field.called, homes))
    assert lihong.get("/fieldwork/progress").json() == {"homes": 3, "quota": None}
    assert leader.get("/fieldwork/quota").json() == []
    ruled(town, daily_homes=10)
    assert lihong.get("/fieldwork/progress").json() == {"homes": 3, "quota": 10}
    shown = [
        (one["name"], one["homes"], one["quota"]) for one in leader.get("/fieldwork/quota").json()
    ]
    assert shown == [("李红", 3, 10), ("王强", 0, 10)]
    for name in ("lihong", "wangqiang", "zhaomin", "supervisor", "leader", "dutyleader"):
        assert town.person(name).get("/fieldwork/quota").json() == [], name
    ruled(town, daily_homes=0)
    assert leader.get("/fieldwork/quota").json() == []


def test_the_rule_says_which_grids_are_walked_by_when(town: Town, field: Field) -> None:
    """By kind of grid and by name as at risk; each sees his own ground, late ones first.

    A walk moves the day on; without a rule there is no plan. A wrong one is refused.

    Seen red: with the shortest that applies not taken; with the ground of the post not asked.
    """
    lihong, leader, market = (town.person(name) for name in ("lihong", "wuhua", "sunlei"))

    def due(who: Person) -> list[tuple[str, int, str, bool]]:
        found = who.get("/fieldwork/patrols-due").json()
        return [(one["code"], one["days"], one["due_on"], one["overdue"]) for one in found]

    first, second, dedicated = "3799010010010001", "3799010010010002", "3799010010021001"
    assert due(lihong) == [(first, 30, "2026-03-03", False)]
    assert due(market) == [(dedicated, 7, "2026-03-03", False)]
    assert walked(field, lihong).status_code == 200
    ruled(
        town, risky=[second], patrols=[{"grids": "base", "days": 14}, {"grids": "risky", "days": 2}]
    )
    assert due(market) == []
    assert due(leader) == [(second, 2, "2026-03-03", False), (first, 14, "2026-03-17", False)]
    field.passes(days=15)
    assert due(lihong) == [(first, 14, "2026-03-17", True)]
    assert due(town.person("zhaomin"))[0][0] == "3799010010020001"
    for other in ("handler", "sysadmin", "dispatcher"):
        assert town.person(other).get("/fieldwork/patrols-due").status_code == 403
    ruled(town, patrols=[])
    assert due(leader) == []


def planned(field: Field, person: Person, **more: Any) -> str:
    key = str(new_id())
    body = {
        "area_id": field.grid, "title": "夜市周边联合巡查", "route": "文汇路—为民市场—东方小区北门",
        "begins_at": "2026-03-03T19:00:00+08:00", "ends_at": "2026-03-03T21:00:00+08:00", **more,
    }  # fmt: skip
    answer = person.put(f"/fieldwork/patrol-plans/{key}", body)
    assert answer.status_code == 200, answer.text
    return key


def walked(field: Field, person: Person, **more: Any) -> Any:
    body = {"id": str(new_id()), "done_at": field.now.isoformat(), **more}
    return person.post("/fieldwork/patrols", body)


@pytest.mark.mission("DY-15")
def test_three_units_go_on_patrol_together(town: Town, field: Field) -> None:
    """DY-15, the whole acceptance.

    "joint patrol with 3 units: common route/time, findings become events with correct source".
    The leader names route and time; the people of the three units are told and see the plan; what
    each of them finds becomes a case that says it comes from a joint patrol, tied to the plan.

    Seen red: with the channel of a lone patrol, and with the plan not shown to the units.
    """
    codes = ("urban-379901", "urban-379901001", "property-dongfang")
    key = planned(field, town.person("wuhua"), unit_ids=[town.unit(code) for code in codes])
    field.passes(hours=11)
    for name, text in (("handler", "占道烧烤"), ("squad", "乱停车"), ("property", "消防通道堆物")):
        person = town.person(name)
        assert noticed(person).count("patrol_planned") == 1
        [plan] = person.get("/fieldwork/patrol-plans").json()
        assert (plan["id"], plan["route"], plan["begins_at"]) == (
            key, "文汇路—为民市场—东方小区北门", "2026-03-03T11:00:00Z",
        )  # fmt: skip
        found = [{"id": str(new_id()), "words": text, "as_case": True}]
        answer = walked(field, person, plan_id=key, words="沿线看了一遍", follow_ups=found)
        assert answer.status_code == 200, answer.text
        assert person.get(f"/cases/{found[0]['id']}").json()["channel"] == "joint_patrol"
    whole = town.person("wuhua").get(f"/fieldwork/patrol-plans/{key}").json()
    assert [len(one["cases"]) for one in whole["records"]] == [1, 1, 1]
    stranger = town.person("zhouping")
    assert stranger.get(f"/fieldwork/patrol-plans/{key}").status_code == 404
    assert walked(field, stranger, plan_id=key).status_code == 404


@pytest.mark.mission("PL-21")
def test_a_patrol_has_its_stretches_only_where_the_city_wants_them(
    town: Town, field: Field
) -> None:
    """PL-21, the whole acceptance: "patrol record with segments".

    Off as the product comes: then a record with stretches is refused and nothing of it is kept.
    Switched on, the streets from and to with the minutes stand in the record; there is no place by
    the minute to be sent.

    Seen red: with the switch not looked at, and with the stretches left out of the record.
    """
    lihong = town.person("lihong")
    key = planned(field, lihong, account_ids=[lihong.account_id])
    part = [{"begins": "文汇路口", "ends": "为民市场", "minutes": 25}]
    assert walked(field, lihong, plan_id=key, stretches=part).json()["code"] == "stretches_off"
    assert lihong.get(f"/fieldwork/patrol-plans/{key}").json()["records"] == []
    ruled(town, stretches=True)
    assert walked(field, lihong, plan_id=key, stretches=part, words="平稳").status_code == 200
    [record] = lihong.get(f"/fieldwork/patrol-plans/{key}").json()["records"]
    assert (record["stretches"], record["words"]) == (part, "平稳")
    spied = [{**part[0], "lon": 118.1, "lat": 37.3}]
    assert walked(field, lihong, plan_id=key, stretches=spied).status_code == 422


def unit_worker(town: Town, field: Field) -> tuple[Person, str]:
    """钱进 looks after the second unit of building 3, which is a micro-grid of 李红's grid."""
    area, account = str(new_id()), str(new_id())
    with transaction(town.cell) as tx:
        pos = len(AREAS)
        tx.run(
            "insert into areas (id, parent_id, path, level, kind, code, name, short_name, names,"
            " pos, span, active_from) select %s, id, path || 'u2'::text, 'micro_grid', '',"
            " code || 'u2', '3号楼2单元', '3号楼2单元', names || array['3号楼2单元'], %s,"
            " int4multirange(int4range(%s, %s)), '2020-01-01' from areas where id = %s",
            [area, pos, pos, pos + 1, field.grid],
        )
        tx.run(
            "update areas set span = span + int4multirange(int4range(%s, %s)) where path @>"
            " (select path from areas where id = %s) and id <> %s",
            [pos, pos + 1, field.grid, area],
        )
        tx.run(
            "insert into accounts (id, username, name, created_at) values (%s, 'qianjin', '钱进',"
            " %s)",
            [account, tx.now],
        )
        tx.run(
            "insert into posts (id, account_id, role, title, area_id, valid)"
            " values (%s, %s, 'unit_worker', '', %s, daterange('2020-01-01', null))",
            [new_id(), account, area],
        )
        tx.run("update versions set n = n + 1")
    return town.person("qianjin"), area


@pytest.mark.mission("BX-36")
def test_a_unit_worker_sees_his_unit_and_reports_to_the_grid(town: Town, field: Field) -> None:
    """BX-36: "unit worker sees only dwellings of the unit; report goes to the grid worker".

    Of the grid's homes he sees those of his unit alone, and no case that is not his own; what he
    reports stands with the worker of the grid, who looks at it first.

    Seen red: with the ground of the parent taken, and with the report left at the desk.
    """
    lihong = town.person("lihong")
    qianjin, unit = unit_worker(town, field)
    [above] = field.homes(lihong, 1)
    row = field.row("901", area_id=unit)
    field.screen(lihong, row)
    assert [one["id"] for one in qianjin.get("/registers/homes").json()] == [row["id"]]
    assert qianjin.get(f"/registers/homes/{above}").status_code == 404
    assert len(lihong.get("/registers/homes").json()) == 2
    answers = field.visit(qianjin, field.called(row["id"]), field.called(above))
    assert [one["outcome"] for one in answers] == ["taken", "refused"]

    body = {
        "id": str(new_id()), "channel": "unit_worker", "text": "单元门关不上", "area_id": unit,
    }  # fmt: skip
    answer = qianjin.post("/cases", body)
    assert answer.status_code == 200, answer.text
    case = lihong.get(f"/cases/{body['id']}").json()
    assert (case["state"], case["channel"]) == ("verifying", "unit_worker")
    queue = lihong.get("/cases", queue="to_verify").json()["items"]
    assert [one["id"] for one in queue] == [body["id"]]
    assert town.person("wangqiang").get(f"/cases/{body['id']}").status_code == 404


@pytest.mark.mission("DC-37")
def test_a_volunteers_visit_with_a_demand_is_one_case(town: Town, field: Field) -> None:
    """DC-37: "a visit by a volunteer with a demand creates exactly one event linked to the visit".

    She reads no register and writes where she was; the visit sent twice makes one case, of the
    walking mailbox, and the visit names it.

    Seen red: with a repeat taken for a new visit, and with the link not written.
    """
    account = str(new_id())
    with transaction(town.cell) as tx:
        tx.run(
            "insert into accounts (id, username, name, created_at)"
            " values (%s, 'tian', '田志愿', %s)",
            [account, tx.now],
        )
        tx.run(
            "insert into posts (id, account_id, role, title, area_id, valid)"
            " values (%s, %s, 'volunteer', '', %s, daterange('2020-01-01', null))",
            [new_id(), account, field.grid],
        )
    tian = town.person("tian")
    assert tian.get("/registers/homes").status_code == 403
    demand = {"id": str(new_id()), "words": "想在楼下装个长椅", "as_case": True}
    visit = field.called(None, place_words="3号楼楼下", follow_ups=[demand])
    assert [field.visit(tian, visit)[0]["outcome"] for _ in range(2)] == ["taken", "repeated"]
    with transaction(town.cell) as tx:
        cases = tx.rows("select id, number, channel from cases")
    assert [(str(one["id"]), one["channel"]) for one in cases] == [
        (demand["id"], "walking_mailbox")
    ]
    kept = tian.get(f"/fieldwork/records/{visit['id']}").json()
    assert (kept["case_ids"], kept["cases"]) == ([demand["id"]], [cases[0]["number"]])
    other = {**visit, "id": str(new_id())}
    assert field.visit(tian, other)[0]["outcome"] == "refused"  # that case is another visit's
