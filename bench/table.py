"""What a bench found, as the table that docs/performance.md keeps."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
FIRST, LAST = "<!-- bench {size} -->", "<!-- end of bench {size} -->"
HEAD = (
    "| path | aim | a second | p50 ms | p95 ms | p99 ms | app CPU ms | db CPU ms | load CPU ms"
    " | statements | beside it, a second | ratio |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)
NOTHING = "—"


@dataclass(frozen=True)
class Line:
    """One path; CPU in milliseconds a request, ``beside`` the same SQL straight from C."""

    name: str
    aim: str
    per_second: float
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    app: float | None = None
    db: float | None = None
    load: float | None = None
    statements: int | None = None
    beside: float | None = None
    failed: int = 0

    def __str__(self) -> str:
        ratio = self.per_second / self.beside if self.beside else None
        cells = [
            self.name + (f" ({self.failed} failed)" if self.failed else ""),
            self.aim,
            f"{self.per_second:,.0f}",
            _shown(self.p50, 1),
            _shown(self.p95, 1),
            _shown(self.p99, 1),
            _shown(self.app, 2),
            _shown(self.db, 2),
            _shown(self.load, 2),
            _shown(self.statements, 0),
            _shown(self.beside, 0),
            _shown(ratio, 2),
        ]
        return f"| {' | '.join(cells)} |"


def _shown(value: float | None, places: int) -> str:
    return NOTHING if value is None else f"{value:,.{places}f}"


def written(size: str, lines: list[Line], single: list[str], began: float) -> str:
    """The part of the page for one size: machine, table, single figures."""
    day = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} cores ({platform.machine()}), PostgreSQL on the same machine"
    busy = f"load average before {began:.1f}, after {os.getloadavg()[0]:.1f}"
    text = [
        f"{size} cases, {day}, {machine}, {busy}:",
        "",
        *([HEAD, *map(str, lines), ""] if lines else []),
        *[f"- {one}" for one in single],
    ]
    return "\n".join(text)


def keep(size: str, text: str) -> None:
    """Put the part between its markers, which are added at the end of the page if missing."""
    first, last = FIRST.format(size=size), LAST.format(size=size)
    page = PAGE.read_text("utf-8")
    if first not in page:
        page = f"{page.rstrip()}\n\n{first}\n{last}\n"
    head, rest = page.split(first, 1)
    tail = rest.split(last, 1)[1]
    PAGE.write_text(f"{head}{first}\n{text}\n{last}{tail}", "utf-8")
