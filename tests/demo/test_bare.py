"""Tables that were bare while rows came in have afterwards what they had before."""

import psycopg
import pytest
from psycopg import errors

from tests.demo.conftest import street
from wangge.demo import loading
from wangge.demo.bare import TABLES, bare
from wangge.demo.inventing import MADE
from wangge.demo.recipes import Recipe
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cell, Cells, transaction

CATALOGUE = {
    "columns": "select attrelid::regclass::text, attnum, attname, attnotnull,"
    " atttypid::regtype::text from pg_attribute join pg_class c on c.oid = attrelid"
    " where {ours} and attnum > 0",
    "constraints": "select conrelid::regclass::text, conname, contype, convalidated, conenforced,"
    " pg_get_constraintdef(k.oid) from pg_constraint k join pg_class c on c.oid = conrelid"
    " where {ours}",
    "indexes": "select indrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid,"
    " indisprimary, indisunique from pg_index join pg_class c on c.oid = indrelid where {ours}",
    "triggers": "select tgrelid::regclass::text, tgfoid::regproc::text, tgtype, tgenabled,"
    " tgdeferrable, case when not tgisinternal then tgname end"
    " from pg_trigger join pg_class c on c.oid = tgrelid where {ours}",
    "policies": "select tablename, policyname, roles::text, cmd, qual, with_check from pg_policies",
    "tables": "select relname, relrowsecurity, relforcerowsecurity, relacl::text, reloptions,"
    " relpersistence from pg_class c where {ours} and relkind = 'r'",
}  # fmt: skip
OURS = "c.relnamespace = 'public'::regnamespace"
WRONG_END = """
select c.number from cases c join lateral (select * from case_steps s
    where s.case_id = c.id order by seq desc limit 1) last on true
where last.target <> c.state or last.seq <> c.version or last.at > %s
"""
Catalogue = dict[str, list[str]]


@pytest.fixture
def dsn(cells: Cells, cell: Cell) -> str:
    return cells.owner(PREFIX + cell.tenant)


def catalogue(dsn: str) -> Catalogue:
    with psycopg.connect(dsn) as conn:
        return {
            name: sorted(map(repr, conn.execute(query.format(ours=OURS).encode()).fetchall()))
            for name, query in CATALOGUE.items()
        }


def test_a_city_that_was_bare_has_the_schema_of_a_migrated_one(dsn: str) -> None:
    """Every column, constraint, index, trigger, policy, right and storage option.

    Seen red without making the references valid, and without the options' return.
    """
    before = catalogue(dsn)

    with bare(dsn):
        inside = catalogue(dsn)

    assert catalogue(dsn) == before
    for table in TABLES:
        assert not any(f"'{table}'" in line for line in inside["indexes"]), table
    assert any("case_steps_written_once" in line for line in inside["triggers"])
    assert inside["policies"] == before["policies"]


def test_a_city_is_founded_with_its_past_in_the_schema_of_an_empty_one(
    cells: Cells, empty: Cell
) -> None:
    """Two processes wrote every day of it once, and nobody hears of it.

    Seen red without the storage options' return.
    """
    tenant = "founded"
    loading.load_all(cells, [Recipe(tenant, street, "beixin.yaml", 0.1, days=3)])
    try:
        with transaction(cells.cell(tenant)) as tx:
            told = tx.rows("select version, received_at::date as day from cases"
                           " where source_ref = %s", [MADE])  # fmt: skip
            steps = tx.one("select count(*) as n from case_steps s join cases c on c.id = s.case_id"
                           " where c.source_ref = %s", [MADE])  # fmt: skip
            wrong = tx.rows(WRONG_END, [tx.now])
            heard = tx.one("select count(*) as n from facts f join fact_positions p"
                           " on p.fact_id = f.id where f.historic")  # fmt: skip
        founded = catalogue(cells.owner(PREFIX + tenant))
    finally:
        tenants.drop(cells, tenant)

    assert len(told) > 5
    assert len({row["day"] for row in told}) >= 3
    assert steps == {"n": sum(row["version"] for row in told)}
    assert (wrong, heard) == ([], {"n": 0})
    assert founded == catalogue(cells.owner(PREFIX + empty.tenant))


TWICE = (
    "insert into facts (id, name, subject, body, at)"
    " select i, 'CaseMoved', i, '{}', now() from gen_random_uuid() i, generate_series(1, 2)"
)
WRONG = [
    (
        errors.ForeignKeyViolation,
        "insert into case_askers (case_id, mode) values (gen_random_uuid(), 'open')",
    ),
    (errors.UniqueViolation, TWICE),
]


@pytest.mark.parametrize(("error", "statement"), WRONG)
def test_what_the_schema_forbids_is_found_at_the_end(
    dsn: str, error: type[Exception], statement: str
) -> None:
    """Seen red with references that were never made valid."""

    def pour_it_in() -> None:
        with bare(dsn), psycopg.connect(dsn) as conn:
            conn.execute(statement.encode())

    with pytest.raises(error):
        pour_it_in()
