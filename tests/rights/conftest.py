"""One city with twelve situations in it, made through the doors, for all questions of rights."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.conftest import clone
from tests.files.sending import named, sent
from tests.rights.oracle import POSTS, SEES
from tests.town import Person, Town
from wangge.app import build
from wangge.dispatch import service as dispatch
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cells, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.web import COOKIE, token_hash

GRID_1, GRID_2 = (118.10, 37.30), (118.10, 37.10)
NEXT_COMMUNITY, OTHER_TOWN, ELSEWHERE = (118.30, 37.30), (118.50, 37.30), (100.0, 30.0)
WORD = "石榴树"


@dataclass
class Made:
    """One situation as it was made."""

    id: str
    number: str
    photo: str
    code: str = ""


@dataclass
class Situations:
    """The city, its people and the twelve cases by the name of their situation."""

    town: Town
    people: dict[str, Person]
    public: TestClient
    cases: dict[str, Made] = field(default_factory=dict)

    def names(self, ids: set[str]) -> set[str]:
        """Case ids as situations; an id that is none of them stays and fails the comparison."""
        known = {made.id: name for name, made in self.cases.items()}
        return {known.get(one, one) for one in ids}

    def step(self, who: str, case: str, action: str, **filled: Any) -> None:
        body = {"id": str(new_id()), "action": action, **filled}
        answer = self.people[who].post(f"/cases/{case}/steps", body)
        assert answer.status_code == 200, answer.text


def scoped(city: Situations, post: str) -> Any:
    token = city.people[post].client.cookies[COOKIE]
    return transaction(city.town.cell, "app", token=token_hash(token))


TOKEN = "00112233445566778899aabbccddeeff"


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 80, 120)).save(out, "JPEG")
    return out.getvalue()


def _upload(client: TestClient, path: str, shade: int) -> str:
    answer = client.post(
        path,
        files={"file": ("a.jpg", picture(shade), "image/jpeg")},
        data={"id": str(new_id()), "purpose": "report"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _told(name: str, shade: int, place: tuple[float, float] | None) -> dict[str, Any]:
    spot = {"lon": place[0], "lat": place[1]} if place else {}
    return {
        "id": str(new_id()),
        "text": f"{WORD}旁边的路灯{shade}号不亮了（{name}）",
        "asker": {"name": "王桂英", "phone": f"138546{shade:05d}"},
        **spot,
    }


def _public(city: Situations, name: str, place: tuple[float, float] | None, **more: Any) -> str:
    shade = list(SEES).index(name) * 10
    shown = picture(shade)
    body = {**_told(name, shade, place), "photos": named(shown), "upload_token": TOKEN, **more}
    answer = city.public.post("/api/v1/public/cases", json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    photo = sent(city.public, TOKEN, shown)
    city.cases[name] = Made(told["id"], told["number"], photo, told["code"])
    return str(told["id"])


def _by_the_neighbour(city: Situations) -> None:
    name, lihong = "reported_by_the_neighbour", city.people["lihong"]
    photo = _upload(lihong.client, "/api/v1/files", 200)
    answer = lihong.post(
        "/cases", {**_told(name, 201, GRID_2), "files": [photo], "channel": "worker"}
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    city.cases[name] = Made(told["id"], told["number"], photo)


def _make(city: Situations) -> None:
    county, property_ = city.town.unit("urban-379901"), city.town.unit("property-dongfang")
    _public(city, "grid_1", GRID_1)
    _public(city, "grid_2", GRID_2)
    _public(city, "community_only", None, area_code="379901001001")
    _public(city, "unplaced", None)
    _public(city, "outside_the_city", ELSEWHERE)
    sent = _public(city, "dispatched_to_the_county", NEXT_COMMUNITY)
    city.step("acceptor", sent, "accept")
    city.step("dispatcher", sent, "dispatch", unit_id=county)
    returned = _public(city, "returned_by_the_county", NEXT_COMMUNITY)
    city.step("acceptor", returned, "accept")
    city.step("dispatcher", returned, "dispatch", unit_id=county)
    city.step("handler", returned, "return", reason="not_duty", note="不属于城管职责")
    city.step("dispatcher", returned, "uphold")
    _by_the_neighbour(city)
    asker = {"name": "周保密", "phone": "13900001111", "mode": "confidential"}
    _public(city, "confidential", GRID_1, asker=asker)
    handled = _public(city, "handled_by_property", GRID_1)
    city.step("acceptor", handled, "accept")
    city.step("dispatcher", handled, "dispatch", unit_id=property_)
    city.step("property", handled, "acknowledge")
    city.step("property", handled, "finish", note="已更换", answer="路灯已修好")
    moved = _public(city, "corrected_to_grid_2", GRID_1)
    version = city.people["acceptor"].get(f"/cases/{moved}").json()["version"]
    corrected = city.people["acceptor"].patch(
        f"/cases/{moved}",
        {"id": str(new_id()), "version": version, "lon": GRID_2[0], "lat": GRID_2[1]},
    )
    assert corrected.status_code == 200, corrected.text
    _public(city, "other_town", OTHER_TOWN)
    # One more word on each: the newest fact of every case is recorded as the case now stands.
    for made in city.cases.values():
        city.step("citydesk", made.id, "remark", note="已阅")
    with transaction(city.town.cell) as tx:
        dispatch.tell_holders(tx, [made.id for made in city.cases.values()], "case_overdue")  # type: ignore[misc]  # psycopg takes a UUID's text


@pytest.fixture(scope="module")
def city(cells: Cells, town_template: str) -> Iterator[Situations]:
    cell = cells.cell(clone(cells, PREFIX + town_template))
    town = Town(cell, build(cells, default_tenant=cell.tenant))
    people = {name: town.person(name) for name in (*POSTS, "dispatcher")}
    public = TestClient(
        town.web, raise_server_exceptions=False, client=(f"10.1.{id(cell) % 250}.9", 4000)
    )
    made = Situations(town, people, public)
    _make(made)
    yield made
    tenants.drop(cells, cell.tenant)
