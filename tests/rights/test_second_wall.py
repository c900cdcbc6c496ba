"""Row-level security alone: what plain SQL by the application's own role reads and changes."""

from uuid import UUID

import pytest

from tests.rights.conftest import Situations, scoped
from tests.rights.oracle import POSTS, seen_by
from wangge.kernel.db import Tx, transaction

every_post = pytest.mark.parametrize("post", POSTS)
OF_CASES = {
    "cases": "id",
    "case_steps": "case_id",
    "case_askers": "case_id",
    "files": "case_id",
}
UNDER_POLICIES = {*OF_CASES, "alarms", "notices"}


def _count(tx: Tx, table: str) -> int:
    row = tx.one(f"select count(*) as n from {table}")
    return int(row["n"]) if row else -1


def test_the_second_wall_shows_nothing_without_a_scope(city: Situations) -> None:
    with transaction(city.town.cell) as tx:
        walled = {
            row["relname"]
            for row in tx.rows(
                "select relname from pg_class where relkind = 'r' and relrowsecurity"
            )
        }
        full = {table: _count(tx, table) for table in OF_CASES}
    assert walled >= UNDER_POLICIES
    assert all(full.values()), full
    with transaction(city.town.cell, "app") as tx:
        assert {table: _count(tx, table) for table in walled} == dict.fromkeys(walled, 0)


def test_no_table_about_a_case_is_readable_past_the_wall(city: Situations) -> None:
    with transaction(city.town.cell) as tx:
        open_ = tx.rows(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relkind = 'r' and a.attname in ('case_id', 'phone_sealed')"
            " and not c.relrowsecurity and has_table_privilege('wangge_app', c.oid, 'select')"
        )
    assert open_ == []


@every_post
@pytest.mark.parametrize("table", OF_CASES)
def test_the_second_wall_alone(city: Situations, post: str, table: str) -> None:
    """The same rows in plain SQL by the application's role, with the scope of the session."""
    with scoped(city, post) as tx:
        rows = tx.rows(f"select distinct {OF_CASES[table]}::text as id from {table}")

    assert city.names({row["id"] for row in rows}) == seen_by(post)


def test_the_second_wall_refuses_writing_into_what_is_hidden(city: Situations) -> None:
    hidden = UUID(city.cases["grid_2"].id)
    with scoped(city, "lihong") as tx:
        assert tx.run("update cases set title = 'x' where id = %s", [hidden]) == 0
        assert tx.run("update case_askers set name_mask = 'x' where case_id = %s", [hidden]) == 0
        assert tx.run("update files set released = true where case_id = %s", [hidden]) == 0
