"""Transactions, roles and tenants."""

from datetime import UTC, datetime, timedelta

import pytest

from wangge.kernel import clock, tenants
from wangge.kernel.db import Cell, Cells, transaction
from wangge.kernel.errors import Refusal


def test_what_raises_leaves_nothing_behind(empty: Cell) -> None:
    def write_and_break() -> None:
        with transaction(empty) as tx:
            tx.run("insert into case_numbers values ('3799', '2026-01-01', 7)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_break()

    with transaction(empty) as tx:
        assert tx.rows("select * from case_numbers") == []


def test_without_a_scope_the_app_sees_no_case_and_no_secret(cell: Cell) -> None:
    with transaction(cell, "app") as tx:
        for table in ("cases", "case_steps", "case_askers", "files", "notices", "alarms"):
            assert tx.rows(f"select * from {table}") == []
    for table in ("sessions", "facts", "audit_rows", "sms_messages", "case_numbers", "phone_codes"):
        with pytest.raises(Exception, match="permission denied"), transaction(cell, "app") as tx:
            tx.rows(f"select * from {table}")


def test_the_city_has_its_own_time(empty: Cell) -> None:
    moment = datetime(2026, 9, 30, 8, 50, tzinfo=UTC)
    with transaction(empty) as tx:
        clock.set_to(tx, moment, frozen=True)
    with transaction(empty) as tx:
        assert tx.now == moment
        clock.advance(tx, timedelta(hours=2))
    with transaction(empty) as tx:
        assert tx.now == moment + timedelta(hours=2)


def test_a_tenant_cannot_take_a_name_that_is_taken_or_strange(cells: Cells, empty: Cell) -> None:
    with pytest.raises(Refusal, match="tenant_exists"):
        tenants.new(cells, empty.tenant)
    with pytest.raises(Refusal, match="bad_tenant_name"):
        tenants.new(cells, 'x"; drop database postgres; --')


def test_two_tenants_in_one_process_do_not_see_each_other(cell: Cell, empty: Cell) -> None:
    with transaction(cell) as here, transaction(empty) as there:
        assert here.rows("select 1 from areas")
        assert there.rows("select 1 from areas") == []
