"""Posts: who may give them, where, until when, and what they allow meanwhile."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.people import appointments, posts
from wangge.people.permissions import PERMISSIONS
from wangge.people.roles import ROLES

COMMUNITY = "379901001001"
GRIDS = ["3799010010010001", "3799010010010002", "3799010010020001"]
Opening = Callable[..., AbstractContextManager[Tx]]


def appoint(town: Town, username: str, role: str, **post: Any) -> Any:
    return town.person("sysadmin").post(
        f"/people/{town.account(username)}/posts", {"role": role, **post}
    )


def shift(town: Town, person: Person, unit: str, username: str) -> str:
    """Try to write a shift; the answer's code, or ``ok``."""
    answer = person.post(
        "/roster",
        {
            "unit_id": town.unit(unit),
            "duty": "on_duty",
            "account_id": town.account(username),
            "begins": "2026-11-21T00:00:00Z",
            "ends": "2026-11-21T08:00:00Z",
        },
    )
    return str(answer.json().get("code", "ok"))


@pytest.mark.mission("PL-20")
def test_one_account_with_two_posts_has_the_rights_of_each_where_it_is_held(town: Town) -> None:
    """Let a grid police officer also lead a desk, and try his rights in both places.

    Acceptance: "one account, two posts, different rights per post".

    Seen red with ``may_at`` reduced to ``may``: the officer wrote the roster of a desk where he
    is only the police.
    """
    admin = town.person("sysadmin")
    officer = admin.post("/people", {"username": "gejing", "name": "葛警官"}).json()["account_id"]
    for post in (
        {"role": "grid_police", "area_id": town.area("379901001001")},
        {"role": "duty_leader", "unit_id": town.unit("desk-379901101")},
    ):
        assert admin.post(f"/people/{officer}/posts", post).status_code == 201

    me = town.person("gejing")

    assert {post["role"] for post in me.me["posts"]} == {"grid_police", "duty_leader"}
    assert "case.report" in me.me["permissions"]
    assert "roster.edit" in me.me["permissions"]
    assert shift(town, me, "desk-379901101", "liulin") == "ok"
    assert shift(town, me, "desk-379901001001", "dongfang") == "not_allowed"


def test_a_leader_of_several_grids_reaches_all_of_them_and_no_other(town: Town) -> None:
    for grid in GRIDS[:2]:
        assert appoint(town, "zhouping", "grid_leader", area_id=town.area(grid)).status_code == 201

    seen = {person["name"] for person in town.person("zhouping").get("/people").json()["items"]}

    assert {"李红", "王强", "周平"} <= seen
    assert "赵敏" not in seen


def test_a_post_given_for_later_begins_on_its_day(town: Town, open_tx: Opening) -> None:
    with open_tx() as tx:
        begins = posts.today(tx) + timedelta(days=3)
    area = town.area(GRIDS[2])
    appoint(town, "lihong", "grid_worker", area_id=area, begins=begins.isoformat())
    assert len(town.person("lihong").me["posts"]) == 1

    with open_tx() as tx:
        assert appointments.turn_of_the_day(tx) == 0
        clock.advance(tx, timedelta(days=3))
    with open_tx() as tx:
        assert appointments.turn_of_the_day(tx) == 1
        assert appointments.turn_of_the_day(tx) == 0

    assert len(town.person("lihong").me["posts"]) == 2


def test_a_post_that_ended_ends_the_open_session(town: Town, open_tx: Opening) -> None:
    lihong, admin = town.person("lihong"), town.person("sysadmin")
    post = admin.get(f"/people/{lihong.account_id}/posts").json()["items"][0]

    assert admin.post(f"/posts/{post['id']}/end", {}).status_code == 200

    assert lihong.get("/me").json()["code"] == "left_service"
    with open_tx() as tx:
        told = tx.rows("select name, account_id from facts where subject = %s", [post["id"]])
    assert [(row["name"], str(row["account_id"])) for row in told] == [
        ("PostEnded", lihong.account_id)
    ]


def test_a_post_ends_on_a_day_to_come(town: Town, open_tx: Opening) -> None:
    lihong, admin = town.person("lihong"), town.person("sysadmin")
    post = admin.get(f"/people/{lihong.account_id}/posts").json()["items"][0]
    with open_tx() as tx:
        on = posts.today(tx) + timedelta(days=2)

    admin.post(f"/posts/{post['id']}/end", {"on": on.isoformat()})

    assert len(lihong.get("/me").json()["posts"]) == 1
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=2))
    with open_tx() as tx:
        assert appointments.turn_of_the_day(tx) == 1
    assert lihong.get("/me").json()["code"] == "left_service"


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("mayor", {"area_id": COMMUNITY}, "bad_role"),
    ("grid_worker", {}, "post_needs_area"),
    ("grid_worker", {"area_id": COMMUNITY, "unit_id": "desk-379901"}, "post_needs_area"),
    ("handler", {"unit_id": "desk-379901"}, "post_needs_unit"),
    ("handler", {"unit_id": "water-379901", "area_id": COMMUNITY}, "post_without_area"),
    ("property_manager", {"unit_id": "water-379901"}, "post_needs_unit"),
    ("acceptor", {"unit_id": "desk-379901101", "area_id": COMMUNITY}, "outside_desk"),
    ("grid_worker", {"area_id": COMMUNITY, "ends": "2020-01-01"}, "ends_before_it_begins"),
    ("audit_admin", {"area_id": "3799"}, "administrators_apart"),
]


@pytest.mark.parametrize(("role", "where", "code"), WRONG)
def test_posts_that_may_not_be(role: str, where: dict[str, str], code: str, town: Town) -> None:
    post = dict(where)
    if "area_id" in post:
        post["area_id"] = town.area(post["area_id"])
    if "unit_id" in post:
        post["unit_id"] = town.unit(post["unit_id"])

    assert appoint(town, "lihong", role, **post).json()["code"] == code


def test_a_desks_post_takes_the_desks_area(town: Town) -> None:
    appoint(town, "lihong", "acceptor", unit_id=town.unit("desk-379901101"))

    held = {post["role"]: post for post in town.person("lihong").me["posts"]}

    assert held["acceptor"]["area"]["name"] == "柳林镇"
    assert held["acceptor"]["unit"]["kind"] == "desk"


def test_a_repeat_changes_nothing_and_another_content_is_refused(town: Town) -> None:
    post = {"id": str(uuid4()), "area_id": town.area(GRIDS[1])}

    answers = [appoint(town, "lihong", "grid_worker", **post) for _ in range(2)]
    other = appoint(town, "lihong", "grid_leader", **post)

    assert [answer.json() for answer in answers] == [{"id": post["id"]}] * 2
    assert other.json()["code"] == "id_taken"
    assert len(town.person("lihong").me["posts"]) == 2


def test_an_administrator_reaches_his_own_county_and_nobody_himself(
    town: Town, open_tx: Opening
) -> None:
    with open_tx() as tx:
        tx.run(
            "update posts set area_id = (select id from areas where code = '379901101')"
            " where role = 'system_admin'"
        )
    admin = town.person("sysadmin")
    lihong = town.account("lihong")

    changed = admin.client.patch(f"/api/v1/people/{lihong}", json={"name": "李虹"})
    mine = {"role": "grid_worker", "area_id": town.area("3799011012010001")}
    himself = admin.post(f"/people/{admin.account_id}/posts", mine)

    assert appoint(town, "lihong", "grid_worker", area_id=town.area(GRIDS[0])).status_code == 403
    assert appoint(town, "zhouping", "grid_leader", area_id=mine["area_id"]).status_code == 201
    assert (changed.status_code, changed.json()["code"]) == (404, "no_such_account")
    assert himself.json()["code"] == "not_for_oneself"


def test_the_three_administrators_read_no_case_and_keep_to_their_own(town: Town) -> None:
    granted = {
        username: set(town.person(username).me["permissions"])
        for username in ("sysadmin", "secadmin", "auditor")
    }

    for permissions in granted.values():
        assert not {name for name in permissions if name.startswith(("case.", "file."))}
    for name in ("people.edit", "people.secure", "audit.read"):
        assert [name in permissions for permissions in granted.values()].count(True) == 1


def test_roles_grant_what_has_a_name_and_read_cases_where_the_database_says_so(
    open_tx: Opening,
) -> None:
    for role in ROLES.values():
        assert role.grants <= set(PERMISSIONS)
    with open_tx() as tx:
        row = tx.one(
            "select pg_get_expr(adbin, adrelid) as text from pg_attrdef join pg_attribute"
            " on adrelid = attrelid and adnum = attnum"
            " where attrelid = 'posts'::regclass and attname = 'reads_cases'"
        )
    assert row
    for name, role in ROLES.items():
        assert ("case.read" in role.grants) == (f"'{name}'::" in row["text"]), name
