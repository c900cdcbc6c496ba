"""Ask the public advisory services about every locked package; with ``--report`` never fail.

OSV knows Python's packages, the npm registry its own. Without a network this says so and nothing
else: what can be known from the locks alone is in tests/dependencies/test_locks.py.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2

ROOT = Path(__file__).parent.parent
OSV = "https://api.osv.dev/v1/querybatch"
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE | re.IGNORECASE
)
SECONDS = 10


def python_packages() -> list[tuple[str, str]]:
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    return PINNED.findall(text)


def python_advisories() -> list[str] | None:
    """What OSV has against the locked versions; None when it is not reachable."""
    packages = python_packages()
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    try:
        answer = httpx2.post(OSV, json={"queries": queries}, timeout=SECONDS)
        results = answer.raise_for_status().json()["results"]
    except (httpx2.HTTPError, ValueError, KeyError):
        return None
    return [
        f"{name} {version}: {found['id']}"
        for (name, version), result in zip(packages, results, strict=True)
        for found in result.get("vulns", [])
    ]


def npm_advisories() -> list[str] | None:
    """What the npm registry has against the locked versions; None when it does not answer."""
    try:
        done = subprocess.run(
            [shutil.which("npm") or "npm", "audit", "--json"],
            cwd=ROOT / "web",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    if "vulnerabilities" not in said:
        return None
    return [f"{name}: {one['severity']}" for name, one in said["vulnerabilities"].items()]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    worst = 0
    for what, found in (("Python", python_advisories()), ("npm", npm_advisories())):
        if found is None:
            say(f"{what}: 公告服务连不上，未核对 advisory service not reachable, nothing checked")
            worst = max(worst, 2)
        elif found:
            say(f"{what}: {len(found)} 条公告 advisories\n  " + "\n  ".join(found))
            worst = max(worst, 1)
        else:
            say(f"{what}: 没有已知漏洞公告 no known advisory")
    return 0 if "--report" in sys.argv else worst


if __name__ == "__main__":
    sys.exit(main())
