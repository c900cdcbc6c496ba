"""The clock, the messages, and a city exchanged while somebody is signed in."""

import pytest
from fastapi.testclient import TestClient

from tests.demo.conftest import street
from wangge.demo import loading
from wangge.demo.recipes import Recipe
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.settings import settings

CLOCK = "/api/v1/demo/clock"


def sign_in(browser: TestClient, username: str, cell: Cell) -> None:
    with transaction(cell) as tx:
        row = tx.one("select id from accounts where username = %s", [username])
    assert row is not None
    body = {"account_id": str(row["id"])}
    me = browser.post("/api/v1/demo/session", json=body).json()
    browser.headers["X-CSRF-Token"] = me["csrf"]


def test_the_clock_is_set_in_the_citys_zone_and_runs(browser: TestClient) -> None:
    state = browser.post(CLOCK, json={"at": "2026-09-30 16:50"}).json()

    assert state["now"].startswith("2026-09-30T08:50:")
    assert (state["local"], state["frozen"], state["real"]) == ("2026-09-30 16:50", False, False)
    assert browser.get("/api/v1/tenant").json()["now"].startswith("2026-09-30T08:5")


def test_a_frozen_clock_stands_until_it_is_told_to_run(browser: TestClient) -> None:
    browser.post(CLOCK, json={"at": "2026-09-30 16:50", "frozen": True})
    first = browser.get(CLOCK).json()
    advanced = browser.post(CLOCK, json={"advance": 10}).json()
    hours = browser.post(CLOCK, json={"advance": "2h"}).json()
    running = browser.post(CLOCK, json={"frozen": False}).json()
    later = browser.get(CLOCK).json()

    assert first["now"].startswith("2026-09-30T08:50:00")
    assert advanced["now"].startswith("2026-09-30T09:00:00")
    assert hours["now"].startswith("2026-09-30T11:00:00")
    assert running["frozen"] is False
    assert later["now"] > running["now"]


def test_back_to_real_time(browser: TestClient) -> None:
    browser.post(CLOCK, json={"at": "2026-09-30 16:50", "frozen": True})

    state = browser.post(CLOCK, json={"real": True}).json()

    assert (state["frozen"], state["real"]) == (False, True)


def test_the_deadline_jumps_over_the_holiday(browser: TestClient, own: Cell) -> None:
    """Ten minutes before the office closes for the national holiday."""
    browser.post(CLOCK, json={"at": "2026-09-30 16:50", "frozen": True})
    told = {"id": str(new_id()), "text": "路灯不亮", "area_code": "3705050010101001"}
    browser.post("/api/v1/public/cases", json=told)

    with transaction(own) as tx:
        row = tx.one("select due_at, received_at from cases where id = %s", [told["id"]])

    assert row is not None
    assert f"{row['received_at']:%F %R}" == "2026-09-30 08:50"
    assert row["due_at"] > row["received_at"]
    assert row["due_at"].date().isoformat() >= "2026-10-08"


def test_whoever_is_signed_in_stays_so_and_the_roster_is_there(
    browser: TestClient, own: Cell
) -> None:
    sign_in(browser, "dutyleader370505001.1", own)

    browser.post(CLOCK, json={"at": "2027-03-01 10:00"})

    assert browser.get("/api/v1/me").status_code == 200
    with transaction(own) as tx:
        desks = tx.one(
            "select count(distinct unit_id) as n from duty_shifts where span @> city_now()"
            " and duty = 'on_duty'"
        )
        wanted = tx.one("select count(*) as n from organisations where kind = 'desk'")
    assert desks == wanted


@pytest.mark.parametrize(
    ("body", "code"),
    [({"at": "next Tuesday"}, "bad_moment"), ({"advance": "soon"}, "bad_span")],
)
def test_what_is_no_time_is_told(browser: TestClient, body: dict[str, str], code: str) -> None:
    refused = browser.post(CLOCK, json=body)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["message"]["zh"]


def test_messages_show_no_number(browser: TestClient) -> None:
    items = browser.get("/api/v1/demo/messages").json()["items"]

    sent = [item for item in items if item["kind"] == "sms"]
    assert sent
    assert all("****" in item["phone"] for item in sent)
    assert any(item["number"] for item in sent)
    assert all(item["text"].startswith("【东营网格通】") for item in sent)
    assert [item["at"] for item in items] == sorted((i["at"] for i in items), reverse=True)


def test_without_the_demo_there_are_no_such_doors(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "demo", False)

    for path in ("messages", "clock", "reset"):
        assert browser.get(f"/api/v1/demo/{path}").status_code == 404
    assert browser.post(CLOCK, json={"real": True}).status_code == 404
    assert browser.post("/api/v1/demo/reset").status_code == 404


def test_no_other_site_presses_the_buttons(browser: TestClient) -> None:
    foreign = {"Origin": "http://elsewhere.example"}

    refused = browser.post("/api/v1/demo/reset", headers=foreign)

    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_site")


def test_a_tenant_that_is_no_demo_city_is_not_reset(browser: TestClient) -> None:
    refused = browser.post("/api/v1/demo/reset")

    assert (refused.status_code, refused.json()["code"]) == (404, "no_demo_city")


def test_a_reset_exchanges_the_city_under_its_users(
    browser: TestClient, own: Cell, cells: Cells
) -> None:
    """Another city is poured in, so that anything a cache held back would be seen."""
    sign_in(browser, "system.admin", own)
    told = {"id": str(new_id()), "text": "试着写的一件事", "area_code": "3705050010101001"}
    assert browser.post("/api/v1/public/cases", json=told).status_code == 200
    assert browser.get("/api/v1/tenant").json()["brand"]["short_name"]["zh"] == "东营网格通"

    loading.load_all(cells, [Recipe(own.tenant, street, "beixin.yaml", 0.2, days=2)])

    assert browser.get("/api/v1/me").status_code == 200
    assert browser.get("/api/v1/tenant").json()["brand"]["short_name"]["zh"] == "北辛网格"
    assert browser.get("/readyz").json() == {"status": "ready", "grids": 35}
    names = [area["name"] for area in browser.get("/api/v1/areas?level=township").json()["items"]]
    assert names == ["北辛街道"]
    again = browser.post("/api/v1/public/cases", json={**told, "area_code": ""})
    assert again.status_code == 200
    with transaction(own) as tx:
        lost = tx.one(
            "select count(*) as n from facts f where not f.historic and not exists"
            " (select from fact_positions p where p.fact_id = f.id)"
            " and not exists (select from facts_waiting w where w.fact_id = f.id)"
        )
        kept = tx.one("select count(*) as n from cases where text = '试着写的一件事'")
        made = tx.one("select count(*) as n from cases where source_ref = '模拟'") or {}
    assert made["n"] > 0
    assert (lost, kept) == ({"n": 0}, {"n": 1})


def test_a_load_that_ends_in_the_middle_leaves_no_half_city(
    cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "live_through", broken)
    with pytest.raises(KeyboardInterrupt):
        loading.load_all(cells, [Recipe("half_city", street, "beixin.yaml")])

    assert "half_city" not in cells.names()
    assert loading.SCRATCH + "half_city" not in tenants.databases(cells)
    assert not (settings().home / "loading").exists()


def test_what_a_killed_load_left_is_tidied_up(cells: Cells) -> None:
    with loading.scratch(cells, "beixin") as cell:
        left = loading.SCRATCH + cell.tenant
        assert left in tenants.databases(cells)
        assert PREFIX + cell.tenant not in tenants.databases(cells)
        loading.tidy(cells)

        assert left not in tenants.databases(cells)


def test_a_town_whose_desks_have_no_staff_still_moves_its_clock(client: TestClient, tx: Tx) -> None:
    """Red as a 500: a desk with an acceptor and no leader was divided among nobody."""
    moved = client.post(CLOCK, json={"advance": 60})

    assert moved.status_code == 200, moved.text
    shifts = tx.rows(
        "select distinct o.code, d.duty from duty_shifts d join organisations o on o.id = d.unit_id"
        " order by 1, 2"
    )
    assert ("desk-379901101", "on_duty") in {(row["code"], row["duty"]) for row in shifts}
    assert ("desk-379901101", "leader") not in {(row["code"], row["duty"]) for row in shifts}
