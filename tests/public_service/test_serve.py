"""Who serves here: the notice on the page, on paper and behind the code."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from tests.town import Town
from wangge.areas import service as areas
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.people import posts

GRID = "3799010010010001"
COMMUNITY = "379901001001"
SOURCES = Path(__file__).parents[2] / "web"
Opening = Callable[..., AbstractContextManager[Tx]]


def notice(client: TestClient, code: str = GRID) -> dict[str, Any]:
    answer = client.get(f"/api/v1/public/serve/{code}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def poster(client: TestClient, code: str = GRID) -> bytes:
    answer = client.get(f"/api/v1/public/serve/{code}/poster.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def code_on(content: bytes) -> str:
    """Read the one QR code of a page as a phone would: from its picture."""
    page = pypdfium2.PdfDocument(content)[0]
    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    assert len(found) == 1
    return str(found[0].text)


def hire(town: Town, username: str, name: str, phone: str, role: str, **post: Any) -> str:
    body = {
        "username": username,
        "name": name,
        "phone": phone,
        "posts": [{"role": role, "area_id": town.area(GRID), "public": True, **post}],
    }
    answer = town.person("sysadmin").post("/people", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["account_id"])


def dismiss(town: Town, account_id: str) -> None:
    admin = town.person("sysadmin")
    for post in admin.get(f"/people/{account_id}/posts").json()["items"]:
        assert admin.post(f"/posts/{post['id']}/end", {}).status_code == 200


@pytest.mark.mission("BX-01")
def test_a_worker_comes_and_goes_and_the_notice_with_him(
    town: Town, client: TestClient, open_tx: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Follow one worker from his first day to his last.

    Acceptance: "new worker assigned → poster changes; residents' page opens without login;
    PDF text and decoded QR checked; a leaver's name and phone are gone within a minute from page,
    cache and PDF; an old printed QR still works".

    Seen red with ``p.valid @> city_today()`` taken out of the notice's statement (the leaver
    stayed), and with ``former_codes`` taken out of its resolution (the old code led nowhere).
    """
    before = text_of(poster(client))
    account = hire(town, "tianye", "田野", "138 0546 7788", "grid_worker", title="专职网格员")
    printed = poster(client)

    assert "田野" not in before
    assert "田野" in text_of(printed)
    assert "13805467788" in text_of(printed)
    assert "安东区›安和街道›东方社区›第1网格" in text_of(printed)
    assert dict(client.cookies) == {}
    people = {person["name"]: person for person in notice(client)["people"]}
    assert people["田野"]["phone"] == "13805467788"

    url = code_on(printed)
    assert url.endswith(f"/r?g={GRID}")
    monkeypatch.setattr("wangge.app.WEB", SOURCES)
    page = client.get(url[url.index("/r?") :])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")

    dismiss(town, account)

    for told in (client.get(f"/api/v1/public/serve/{GRID}").text, text_of(poster(client))):
        assert "田野" not in told
        assert "13805467788" not in told
        assert "李红" in told

    with open_tx() as tx:
        areas.rename(tx, _id(tx, GRID), "春晖网格", short_name="春晖网格")
    old = url.rpartition("=")[2]
    assert notice(client, old)["area"]["name"] == "春晖网格"
    with open_tx() as tx:
        tx.run(
            "update areas set code = '3799010010019999', attributes = %s where code = %s",
            [Jsonb({"former_codes": [GRID]}), GRID],
        )
    assert notice(client, old)["area"]["code"] == "3799010010019999"
    assert code_on(poster(client, old)).endswith("/r?g=3799010010019999")


def _id(tx: Tx, code: str) -> Any:
    row = tx.one("select id from areas where code = %s", [code])
    assert row
    return row["id"]


def test_a_merged_grids_code_leads_to_its_heir_and_a_closed_ones_to_its_community(
    client: TestClient, open_tx: Opening
) -> None:
    heir = "3799010010010002"
    with open_tx() as tx:
        areas.close(tx, _id(tx, GRID), on=posts.today(tx))
    assert notice(client)["area"]["code"] == COMMUNITY

    with open_tx() as tx:
        tx.run(
            "update areas set attributes = %s where code = %s",
            [Jsonb({"former_codes": [GRID]}), heir],
        )
    assert notice(client)["area"]["code"] == heir


def test_every_kind_of_staff_stands_on_one_notice_in_a_fixed_order(
    town: Town, client: TestClient
) -> None:
    hire(town, "bai", "白党员", "13805460101", "grid_assistant", kind="party_member")
    hire(town, "shi", "石兼职", "13805460102", "part_time_worker")
    hire(town, "guzhidao", "顾指导", "13805460103", "grid_adviser", area_id=town.area(COMMUNITY))
    hire(town, "jing", "景警官", "13805460104", "grid_police", area_id=town.area(COMMUNITY))
    hire(town, "bugongkai", "卜公开", "13805460105", "building_head", public=False)

    people = notice(client)["people"]

    shown = [(person["kind"], person["name"]) for person in people]
    assert shown == [
        ("grid_leader", "吴华"),
        ("grid_adviser", "顾指导"),
        ("grid_worker", "李红"),
        ("part_time_worker", "石兼职"),
        ("grid_police", "景警官"),
        ("party_member", "白党员"),
    ]
    assert [person["name"] for person in notice(client, COMMUNITY)["people"]] == [
        "吴华", "顾指导", "李红", "王强", "石兼职", "景警官", "白党员",
    ]  # fmt: skip
    printed = text_of(poster(client, COMMUNITY))
    assert all(name in printed for name in ("顾指导", "石兼职", "景警官", "白党员", "入网党员"))


def test_a_property_company_serves_its_estate(
    town: Town, client: TestClient, open_tx: Opening
) -> None:
    with open_tx() as tx:
        tx.run("update posts set public = true where role = 'property_manager'")

    assert "杨经理" in [person["name"] for person in notice(client)["people"]]
    assert "杨经理" not in [p["name"] for p in notice(client, "3799010010020001")["people"]]


def test_above_the_community_only_ones_own_people_are_named(client: TestClient) -> None:
    assert notice(client, "379901001")["people"] == []


def test_a_post_that_ends_by_date_leaves_the_notice_that_day(
    town: Town, client: TestClient, open_tx: Opening
) -> None:
    with open_tx() as tx:
        last = posts.today(tx) + timedelta(days=1)
    hire(town, "lin", "林短期", "13805460106", "grid_worker", ends=last.isoformat())
    assert "林短期" in str(notice(client))

    with open_tx() as tx:
        clock.advance(tx, timedelta(days=2))

    assert "林短期" not in str(notice(client))


def test_what_is_not_public_is_not_posted(town: Town, client: TestClient) -> None:
    admin = town.person("sysadmin")
    held = admin.get(f"/people/{town.account('lihong')}/posts").json()["items"][0]
    path = f"/posts/{held['id']}"

    assert admin.put(path, {"title": "第一网格网格员", "public": False}).status_code == 200
    assert "李红" not in str(notice(client))

    admin.put(path, {"title": "第一网格网格员", "public": True})
    shown = {person["name"]: person["title"] for person in notice(client)["people"]}
    assert shown["李红"] == "第一网格网格员"
    assert town.person("secadmin").put(path, {"public": False}).status_code == 403


def test_a_locked_account_is_not_posted(town: Town, client: TestClient) -> None:
    town.person("secadmin").post(
        f"/people/{town.account('lihong')}/lock", {"locked": True, "reason": "手机丢失"}
    )
    assert "李红" not in str(notice(client))


def test_phones_and_ways_up(client: TestClient) -> None:
    found = notice(client)

    assert found["hotline"] == "12345"
    assert found["supervision_phone"] == "0546-1234567"
    assert found["desk"]["name"] == "东方社区工作站"
    assert [area["name"] for area in found["up"]] == ["安城市", "安东区", "安和街道", "东方社区"]


def test_the_code_is_the_one_on_the_poster(client: TestClient) -> None:
    svg = client.get(f"/api/v1/public/serve/{GRID}/qr.svg")

    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.headers["cache-control"] == "no-store"
    assert svg.text.startswith("<svg")


@pytest.mark.parametrize("code", ["no-such-code", "%27%20or%201%3D1", "地下"])
def test_an_unknown_code_is_not_found(code: str, client: TestClient) -> None:
    for door in ("", "/poster.pdf", "/qr.svg"):
        answer = client.get(f"/api/v1/public/serve/{code}{door}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_area")
