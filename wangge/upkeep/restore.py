"""A backup becomes a tenant of its own: whole or not at all, and silent until somebody says so."""

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import sql

from wangge.files import store
from wangge.files.models import Size
from wangge.kernel import crypto, tenants
from wangge.kernel.db import PREFIX, Cells
from wangge.kernel.errors import Refusal
from wangge.upkeep.backup import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    Database,
    Manifest,
    digest,
    figures,
    postgres,
)

DRAFT = "wangge_restoring_"
SEALED = """
select c.table_name, array_agg(c.column_name::text order by 1), array(
    select column_name::text from information_schema.columns i where i.table_schema = 'public'
    and i.table_name = c.table_name and i.data_type = 'bytea' and i.column_name like '%\\_index')
from information_schema.columns c where c.table_schema = 'public' and c.data_type = 'bytea'
    and (c.column_name = 'sealed' or c.column_name like '%\\_sealed') group by c.table_name
"""
# Sessions end, codes that were on their way are void, and nothing is sent that was sent or
# would have been sent by the original.
QUIET = """
update sms_messages set state = 'withheld' where state = 'queued';
delete from pgqueuer where entrypoint = 'sms.send';
update pgqueuer set status = 'queued', queue_manager_id = null where status = 'picked';
delete from sessions;
delete from phone_codes;
update upkeep set log = gen_random_uuid(), silent = true;
update versions set n = n + 1;
"""


def restore(cells: Cells, file: Path, tenant: str) -> Manifest:
    """Make ``tenant`` from a backup; refuses a name that is taken and a key that is another."""
    try:
        with (
            tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".restore-") as scratch,
            tarfile.open(file) as tar,
        ):
            manifest = _manifest(tar)
            _check(cells, manifest, tenant)
            tar.extract(DUMP, scratch, filter="data")
            _make(cells, tar, manifest, Path(scratch) / DUMP, tenant)
    except (tarfile.TarError, KeyError, EOFError):
        raise _damaged(file.name) from None
    tenants.migrate(cells)
    return manifest


def _make(cells: Cells, tar: tarfile.TarFile, manifest: Manifest, dump: Path, tenant: str) -> None:
    if digest(dump) != manifest.dump_sha256:
        raise _damaged(DUMP)
    with _draft(cells, tenant) as database:
        postgres(cells.owner(database), "pg_restore", "--no-owner", "--exit-on-error", str(dump))
        with psycopg.connect(cells.owner(database)) as conn:
            _compare(conn, manifest)
            conn.execute(QUIET)
            if tenant != manifest.tenant:
                _seal_anew(conn, manifest.tenant, tenant)
        _files(tar, manifest, tenant)


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    body = tar.extractfile(first) if first and first.name == MANIFEST else None
    try:
        raw: dict[str, Any] = orjson.loads(body.read()) if body else {}
        manifest = Manifest(**raw)
    except (orjson.JSONDecodeError, TypeError):
        raise _damaged(MANIFEST) from None
    if manifest.format != FORMAT:
        raise Refusal(
            "backup_format", "备份格式不受本版本支持", "this version does not know that format"
        )
    return manifest


def _check(cells: Cells, manifest: Manifest, tenant: str) -> None:
    if manifest.key != crypto.keys().fingerprint():
        raise Refusal(
            "wrong_key",
            "主密钥与备份时的不同：请先把原来的密钥文件放回（备份中不含密钥）",
            "the master key is not the one of the backup: put the original key file back first",
        )
    tenants.check_free(cells, tenant)


def _damaged(what: str) -> Refusal:
    return Refusal("backup_damaged", f"备份不完整：{what}", f"the backup is damaged: {what}")


@contextmanager
def _draft(cells: Cells, tenant: str) -> Iterator[str]:
    """A database that no worker sees before it is whole."""
    database, name = DRAFT + tenant, PREFIX + tenant
    tenants.ensure_roles(cells)
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        gone = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database))
        conn.execute(gone)
        conn.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(database))
        )
        try:
            yield database
            conn.execute(
                sql.SQL("alter database {} rename to {}").format(
                    sql.Identifier(database), sql.Identifier(name)
                )
            )
        except BaseException:
            conn.execute(gone)
            raise


def _compare(conn: Database, manifest: Manifest) -> None:
    rows, cases = figures(conn)
    if (rows, cases) != (manifest.rows, manifest.cases):
        wrong = [name for name in manifest.rows if rows.get(name) != manifest.rows[name]]
        raise _damaged(", ".join(wrong) or "cases")


def _seal_anew(conn: Database, old: str, new: str) -> None:
    """What is sealed is bound to its tenant's name; its blind index lies beside it."""
    for table, sealed, indexes in conn.execute(SEALED).fetchall():
        pairs = [(name, name.removesuffix("_sealed") + "_index") for name in sealed]
        columns = [*sealed, *(index for _, index in pairs if index in indexes)]
        wanted = sql.SQL("select ctid::text, {} from {}").format(
            sql.SQL(",").join(map(sql.Identifier, sealed)), sql.Identifier(table)
        )
        put = sql.SQL("update {} set {} where ctid = %s::tid").format(
            sql.Identifier(table),
            sql.SQL(",").join(sql.SQL("{} = %s").format(sql.Identifier(one)) for one in columns),
        )
        for at, *values in conn.execute(wanted).fetchall():
            texts = [None if one is None else crypto.open_(old, one) for one in values]
            anew = [text if text is None else crypto.seal(new, text) for text in texts]
            found = [
                text if text is None else crypto.index(new, text)
                for text, (_, index) in zip(texts, pairs, strict=True)
                if index in indexes
            ]
            if any(texts):
                conn.execute(put, [*anew, *found, at])


def _files(tar: tarfile.TarFile, manifest: Manifest, tenant: str) -> None:
    """Every object goes under its digest again; the whole one must still have it."""
    taken = 0
    for member in tar:
        if not member.name.startswith(FILES):
            continue
        size, _, name = member.name.removeprefix(FILES).partition("/")
        body = tar.extractfile(member)
        content = body.read() if body else b""
        if Size(size) is Size.FULL and sha256(content).hexdigest() != name:
            raise _damaged(member.name)
        store.put(tenant, bytes.fromhex(name), Size(size), content)
        taken += 1
    if taken != manifest.files:
        raise _damaged(FILES)
