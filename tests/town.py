"""The small town of the tests: one city, two townships, three communities, six grids, its people.

Names are those of a story: 安和 (a sub-district with two communities) and 柳林 (a town with one).
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from psycopg import sql  # noqa: F401
from shapely.geometry import box

from wangge.kernel import tenants
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.text import bigrams, sort_key

EPOCH = date(2020, 1, 1)
AREAS: list[tuple[str, str, str, str, str, tuple[float, float, float, float]]] = [
    ("3799", "", "city", "", "安城市", (118.00, 37.00, 118.60, 37.40)),
    ("379901", "3799", "county", "", "安东区", (118.00, 37.00, 118.60, 37.40)),
    ("379901001", "379901", "township", "", "安和街道", (118.00, 37.00, 118.40, 37.40)),
    ("379901101", "379901", "township", "", "柳林镇", (118.40, 37.00, 118.60, 37.40)),
    ("379901001001", "379901001", "community", "", "东方社区", (118.00, 37.00, 118.20, 37.40)),
    ("379901001002", "379901001", "community", "", "河安社区", (118.20, 37.00, 118.40, 37.40)),
    ("379901101201", "379901101", "community", "", "柳林村", (118.40, 37.00, 118.60, 37.40)),
    ("3799010010010001", "379901001001", "grid", "base", "第1网格", (118.00, 37.20, 118.20, 37.40)),
    ("3799010010010002", "379901001001", "grid", "base", "第2网格", (118.00, 37.00, 118.20, 37.20)),
    ("3799010010020001", "379901001002", "grid", "base", "第1网格", (118.20, 37.20, 118.40, 37.40)),
    (
        "3799010010021001",
        "379901001002",
        "grid",
        "dedicated",
        "为民市场",
        (118.20, 37.00, 118.40, 37.20),
    ),
    ("3799011012010001", "379901101201", "grid", "base", "第1网格", (118.40, 37.20, 118.60, 37.40)),
    ("3799011012010002", "379901101201", "grid", "base", "第2网格", (118.40, 37.00, 118.60, 37.20)),
]
UNITS = [
    ("desk-3799", "desk", "安城市网格化服务管理中心", "3799"),
    ("desk-379901", "desk", "安东区网格化服务管理中心", "379901"),
    ("desk-379901001", "desk", "安和街道网格中心", "379901001"),
    ("desk-379901101", "desk", "柳林镇网格中心", "379901101"),
    ("desk-379901001001", "desk", "东方社区工作站", "379901001001"),
    ("desk-379901001002", "desk", "河安社区工作站", "379901001002"),
    ("urban-379901", "department", "安东区城市管理局", "379901"),
    ("water-379901", "department", "安东区供水公司", "379901"),
    ("urban-379901001", "department", "安和街道综合执法队", "379901001"),
    ("property-dongfang", "property", "东方物业", "379901001001"),
]
PEOPLE = [
    ("lihong", "李红", "grid_worker", "3799010010010001", ""),
    ("wangqiang", "王强", "grid_worker", "3799010010010002", ""),
    ("zhaomin", "赵敏", "grid_worker", "3799010010020001", ""),
    ("sunlei", "孙磊", "professional_worker", "3799010010021001", ""),
    ("zhouping", "周平", "grid_worker", "3799011012010001", ""),
    ("wuhua", "吴华", "grid_leader", "379901001001", ""),
    ("acceptor", "郑洁", "acceptor", "379901001", "desk-379901001"),
    ("dispatcher", "冯涛", "dispatcher", "379901001", "desk-379901001"),
    ("dutyleader", "陈刚", "duty_leader", "379901001", "desk-379901001"),
    ("liulin", "柳青", "acceptor", "379901101", "desk-379901101"),
    ("dongfang", "东方明", "acceptor", "379901001001", "desk-379901001001"),
    ("citydesk", "高远", "acceptor", "3799", "desk-3799"),
    ("cityleader", "何伟", "duty_leader", "3799", "desk-3799"),
    ("handler", "许工", "handler", "", "urban-379901"),
    ("handler2", "韩工", "handler", "", "urban-379901"),
    ("water", "蒋师傅", "handler", "", "water-379901"),
    ("squad", "沈队", "handler", "", "urban-379901001"),
    ("property", "杨经理", "property_manager", "", "property-dongfang"),
    ("supervisor", "秦督", "supervisor", "379901001", ""),
    ("leader", "尤主任", "leader", "379901", ""),
    ("sysadmin", "孔管理", "system_admin", "3799", ""),
    ("secadmin", "曹安全", "security_admin", "3799", ""),
    ("auditor", "严审计", "audit_admin", "3799", ""),
]


def _ids() -> dict[str, uuid.UUID]:
    return {}


def populate(tx: Tx) -> None:
    """Areas with exact square borders, organisations, people with posts; written plainly."""
    areas: dict[str, uuid.UUID] = {row[0]: new_id() for row in AREAS}
    paths: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    below: dict[str, list[int]] = {row[0]: [] for row in AREAS}
    for pos, (code, parent, *_) in enumerate(AREAS):
        paths[code] = f"{paths[parent]}.{code}" if parent else code
        for ancestor in paths[code].split("."):
            below[ancestor].append(pos)
    for pos, (code, parent, level, kind, name, corners) in enumerate(AREAS):
        names[code] = [*names.get(parent, []), name] if parent else []
        span = "{" + ",".join(f"[{p},{p + 1})" for p in below[code]) + "}"
        tx.run(
            "insert into areas (id, parent_id, path, level, kind, code, name, short_name, names,"
            " pos, span, sort_key, active_from)"
            " values (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
            [
                areas[code],
                areas.get(parent),
                paths[code],
                level,
                kind,
                code,
                name,
                name,
                names[code] or [name],
                pos,
                span,
                sort_key(name),
                EPOCH,
            ],
        )
        tx.run(
            "insert into area_borders (id, area_id, valid, wkb, west, south, east, north,"
            " synthetic) values (%s,%s,daterange(%s,null),%s,%s,%s,%s,%s,true)",
            [new_id(), areas[code], EPOCH, box(*corners).wkb, *corners],
        )
    units = {code: new_id() for code, *_ in UNITS}
    for code, kind, name, area in UNITS:
        tx.run(
            "insert into organisations (id, kind, code, name, short_name, area_id, phone)"
            " values (%s,%s,%s,%s,%s,%s,'0546-1234567')",
            [units[code], kind, code, name, name, areas[area]],
        )
    for number, (username, name, role, area, unit) in enumerate(PEOPLE):
        account = new_id()
        tx.run(
            "insert into accounts (id, username, name, phone, created_at) values (%s,%s,%s,%s,%s)",
            [account, username, name, f"1380546{number:04d}", tx.now],
        )
        tx.run(
            "insert into posts (id, account_id, role, title, area_id, unit_id, public, valid)"
            " values (%s,%s,%s,'',%s,%s,%s,daterange(%s,null))",
            [
                new_id(),
                account,
                role,
                areas.get(area),
                units.get(unit),
                role in {"grid_worker", "grid_leader", "professional_worker"},
                EPOCH,
            ],
        )
    tx.run(
        "insert into places (id, name, kind, aliases, area_id, lon, lat, terms)"
        " values (%s,'东方社区地下车库','garage',%s,%s,118.1,37.3,%s)",
        [new_id(), ["东方车库"], areas["3799010010010001"], bigrams("东方社区地下车库 东方车库")],
    )
    tx.run("update versions set n = n + 1")


@pytest.fixture(scope="session")
def town_template(cells: Cells) -> str:
    """The tenant whose database every test's own is copied from."""
    tenant = "town" + uuid.uuid4().hex[:8]
    tenants.new(cells, tenant)
    with transaction(cells.cell(tenant)) as tx:
        populate(tx)
    cells.open.pop(tenant).close()
    return tenant


@dataclass
class Person:
    """Somebody at a browser, signed in."""

    client: TestClient
    account_id: str
    name: str
    me: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params=params)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return self.client.post(f"/api/v1{path}", json=body, **kwargs)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(f"/api/v1{path}", json=body)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(f"/api/v1{path}", json=body)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1{path}")


@dataclass
class Town:
    """What a story needs: ids by code or name, and people who sign in by the demo's door."""

    cell: Cell
    web: FastAPI
    door: TestClient | None = None

    def _id(self, table: str, key: str, value: str) -> str:
        with transaction(self.cell) as tx:
            row = tx.one(f"select id from {table} where {key} = %s", [value])
        assert row, f"{table}: no {value}"
        return str(row["id"])

    def area(self, code: str) -> str:
        return self._id("areas", "code", code)

    def unit(self, code: str) -> str:
        return self._id("organisations", "code", code)

    def account(self, username: str) -> str:
        return self._id("accounts", "username", username)

    def person(self, username: str) -> Person:
        client = TestClient(self.web, raise_server_exceptions=False)
        if self.door:  # one loop for everybody, as in a server; else each request begins its own
            client.portal = self.door.portal
        account = self.account(username)
        answer = client.post("/api/v1/demo/session", json={"account_id": account})
        assert answer.status_code == 200, answer.text
        me = answer.json()
        client.headers["X-CSRF-Token"] = me["csrf"]
        return Person(client, account, me["account"]["name"], me)

    def end_posts(self, username: str) -> None:
        with transaction(self.cell) as tx:
            tx.run(
                "update posts set valid = daterange(lower(valid), city_today()) where account_id ="
                " (select id from accounts where username = %s)",
                [username],
            )


@pytest.fixture
def town(cell: Cell, web: FastAPI, client: TestClient) -> Town:
    return Town(cell, web, client)


__all__ = ["AREAS", "PEOPLE", "UNITS", "Person", "Town", "timedelta"]
