"""The same SQL straight from C, in the same minute."""

import os
import subprocess
import sys
import tempfile

from psycopg.conninfo import conninfo_to_dict

from wangge.kernel.db import Cell
from wangge.kernel.supervisor import binaries


def pgbench(
    cell: Cell, script: str, *, role: str, seconds: float, clients: int = 8
) -> float | None:
    """Transactions a second; None when the script does not run, which is said on stderr."""
    parts = conninfo_to_dict(cell.dsns[role])
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [str(binaries() / "pgbench"), "-n", "-f", file.name, "-c", str(clients), "-j", "1",
             "-T", str(max(int(seconds), 1)), "-h", str(parts["host"]), "-U", str(parts["user"]),
             str(parts["dbname"])],
            env={**os.environ, "PGPASSWORD": str(parts["password"])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    for line in done.stdout.splitlines():
        if line.startswith("tps"):
            return float(line.split("=")[1].split()[0])
    sys.stderr.write(done.stdout[-500:] + done.stderr[-1500:])
    return None
