"""A tenant's database and files as of one moment, in one file, taken while everybody works.

The master key is never in it: who has the file alone cannot read what is sealed.
"""

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import Connection, IsolationLevel, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from wangge.files import store
from wangge.files.models import Size
from wangge.kernel import crypto, tenants
from wangge.kernel.db import PREFIX, Cells
from wangge.kernel.errors import Refusal
from wangge.kernel.supervisor import binaries

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files/"
CHUNK = 1 << 20
Database = Connection[TupleRow]
TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' and not starts_with(c.relname, 'pgqueuer') order by 1
"""
DIGESTS = "select sha256, bool_or(case_id is not null) from files group by sha256 order by sha256"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup, so that a restore can say whether it has all of it."""

    tenant: str
    taken_at: str
    revision: str
    key: str
    rows: dict[str, int]
    cases: dict[str, int]
    files: int
    dump_sha256: str
    format: int = FORMAT

    def packed(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


def backup(cells: Cells, tenant: str, target: Path) -> tuple[Path, Manifest]:
    """Write ``target``, or a file named by tenant and moment when that is a folder."""
    moment = datetime.now(UTC)
    path = target / f"{tenant}-{moment:%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if path.exists():
        raise Refusal("file_exists", f"文件已存在：{path}", f"the file exists: {path}")
    cells.cell(tenant)
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as scratch,
        psycopg.connect(cells.owner(PREFIX + tenant)) as conn,
    ):
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        (snapshot,) = conn.execute("select pg_export_snapshot()").fetchone() or ("",)
        dump = Path(scratch) / DUMP
        postgres(
            cells.owner(PREFIX + tenant), "pg_dump", "--format=custom", f"--snapshot={snapshot}",
            f"--file={dump}",
        )  # fmt: skip
        rows, cases = figures(conn)
        objects = list(_objects(conn, tenant))
        manifest = Manifest(
            tenant, moment.isoformat(), tenants.revision(cells, PREFIX + tenant) or "",
            crypto.keys().fingerprint(), rows, cases, len(objects), digest(dump),
        )  # fmt: skip
        draft = Path(scratch) / "backup.tar"
        with tarfile.open(draft, "w") as tar:
            add(tar, MANIFEST, manifest.packed())
            tar.add(dump, DUMP)
            for name, content in _contents(tenant, objects):
                add(tar, FILES + name, content)
        draft.chmod(0o600)
        draft.replace(path)
    return path, manifest


def figures(conn: Database) -> tuple[dict[str, int], dict[str, int]]:
    """Rows of every table and cases by state, in the snapshot of ``conn``."""
    rows = {}
    for (name,) in conn.execute(TABLES).fetchall():
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(name))
        (rows[name],) = conn.execute(query).fetchone() or (0,)
    states = conn.execute("select state, count(*) from cases group by 1 order by 1").fetchall()
    return rows, {str(state): int(n) for state, n in states}


def _objects(conn: Database, tenant: str) -> Iterator[tuple[bytes, Size, int]]:
    """Every copy of every file; one that belongs to no case may have been swept meanwhile."""
    for content, belongs in conn.execute(DIGESTS).fetchall():
        for size in Size:
            try:
                yield bytes(content), size, store.length(tenant, bytes(content), size)
            except FileNotFoundError:
                if size is Size.FULL and belongs:
                    name = bytes(content).hex()
                    raise Refusal(
                        "file_missing", f"缺少文件内容：{name}", f"the bytes of {name} are missing"
                    ) from None


def _contents(tenant: str, objects: list[tuple[bytes, Size, int]]) -> Iterator[tuple[str, bytes]]:
    for content, size, length in objects:
        yield (
            f"{size.value}/{content.hex()}",
            b"".join(store.read(tenant, content, size, 0, length)),
        )


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(content))


def digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            found.update(part)
    return found.hexdigest()


def postgres(dsn: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs over ``dsn``; the password is in no argument."""
    parts: dict[str, Any] = conninfo_to_dict(dsn)
    with _password(parts) as passfile:
        done = subprocess.run(
            [str(binaries() / program), *arguments, f"--dbname={_public(parts)}"],
            env={**os.environ, "PGPASSFILE": str(passfile)},
            capture_output=True,
            check=False,
        )
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-800:]
        raise Refusal("database_program", f"{program} 失败：{said}", f"{program} failed: {said}")


def _public(parts: dict[str, Any]) -> str:
    return psycopg.conninfo.make_conninfo(
        **{key: value for key, value in parts.items() if key != "password"}
    )


@contextmanager
def _password(parts: dict[str, Any]) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile("w") as file:
        escaped = str(parts.get("password", "")).replace("\\", "\\\\").replace(":", "\\:")
        file.write(f"*:*:*:*:{escaped}\n")
        file.flush()
        yield Path(file.name)
