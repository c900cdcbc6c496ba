"""Tenants come and go: login roles, the migrated template, a new database from it."""

import psycopg
from psycopg import sql

from wangge.kernel.db import PREFIX, TEMPLATE, TENANT_NAME, Cells
from wangge.kernel.errors import Invalid, Refusal

# Nobody waits long for a lock, and no forgotten transaction holds up the others.
LIMITS = {
    "app": {"transaction_timeout": "30s", "lock_timeout": "5s"},
    "intake": {"transaction_timeout": "15min", "lock_timeout": "10s"},
}


def _execute(cells: Cells, statement: sql.Composed) -> None:
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        conn.execute(statement)


def ensure_roles(cells: Cells) -> None:
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        for role, extra in (("app", ""), ("intake", "bypassrls")):
            name = f"wangge_{role}"
            found = conn.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone()
            conn.execute(
                sql.SQL("{} role {} login {} password {}").format(
                    sql.SQL("alter" if found else "create"),
                    sql.Identifier(name),
                    sql.SQL(extra),
                    sql.Literal(cells.passwords[role]),
                )
            )
            for setting, value in LIMITS[role].items():
                conn.execute(
                    sql.SQL("alter role {} set {} = {}").format(
                        sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
                    )
                )


def databases(cells: Cells) -> list[str]:
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        rows = conn.execute("select datname from pg_database").fetchall()
    return [row[0] for row in rows]


def head() -> str:
    from wangge.kernel import migrating  # noqa: PLC0415 - alembic is loaded only to migrate

    return migrating.head()


def revision(cells: Cells, database: str) -> str | None:
    """The schema's version of a database; None of one that was never migrated."""
    with psycopg.connect(cells.owner(database)) as conn:
        if conn.execute("select to_regclass('public.alembic_version')").fetchone() == (None,):
            return None
        row = conn.execute("select version_num from alembic_version").fetchone()
        return str(row[0]) if row else None


def migrate(cells: Cells) -> None:
    """Bring roles, the template and every tenant of this cluster to the newest schema."""
    ensure_roles(cells)
    present = databases(cells)
    if TEMPLATE not in present:
        _execute(cells, sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    newest = head()
    for database in [TEMPLATE, *(name for name in present if name.startswith(PREFIX))]:
        _bring(cells, database, newest)


def _bring(cells: Cells, database: str, newest: str) -> None:
    """A tenant that somebody removes just now has gone and needs nothing."""
    from wangge.kernel import migrating  # noqa: PLC0415 - alembic is loaded only to migrate

    for last in (False, True):
        try:
            if revision(cells, database) != newest:
                migrating.upgrade(cells, database)
            return
        except (psycopg.OperationalError, migrating.OperationalError):
            if database not in databases(cells):
                return
            if last:
                raise


def check_free(cells: Cells, tenant: str) -> None:
    """Refuse a bad name and one that is taken."""
    if not TENANT_NAME.fullmatch(tenant):
        raise Invalid(
            "bad_tenant_name",
            "单位代号须以小写字母开头，只含小写字母、数字和下划线",
            "a tenant's name starts with a small letter and has only a-z, 0-9 and _",
            field="tenant",
        )
    if PREFIX + tenant in databases(cells):
        raise Refusal("tenant_exists", f"单位 {tenant} 已存在", f"tenant {tenant} exists already")


def new(cells: Cells, tenant: str) -> None:
    """Make a tenant's database from the template; refuses a bad or taken name."""
    check_free(cells, tenant)
    _execute(
        cells,
        sql.SQL("create database {} template {}").format(
            sql.Identifier(PREFIX + tenant), sql.Identifier(TEMPLATE)
        ),
    )


def drop(cells: Cells, tenant: str) -> None:
    """Remove a tenant with all its data; the caller has asked twice."""
    cell = cells.open.pop(tenant, None)
    if cell:
        cell.close()
    _execute(
        cells,
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(PREFIX + tenant)),
    )
