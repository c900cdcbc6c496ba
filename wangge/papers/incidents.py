"""The report of an incident: the times, the tasks, what was sent, who was woken, the log."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo

from wangge.papers.letters import Row
from wangge.papers.models import Word
from wangge.papers.pdf import pdf


@dataclass(frozen=True, slots=True)
class IncidentPaper:
    """Each row of a table is what its columns show, in order; ``drill`` stands on every page."""

    brand: str
    drill: bool
    open: bool
    number: str
    title: str
    facts: Sequence[Row]
    times: Sequence[Sequence[str]]
    result: str
    cause: str
    lessons: str
    tasks: Sequence[Sequence[str]]
    resources: Sequence[Sequence[str]]
    calls: Sequence[Sequence[str]]
    log: Sequence[Sequence[str]]
    law: Word
    printed_at: datetime
    printed_by: str


def incident_paper(content: IncidentPaper, *, zone: tzinfo) -> bytes:
    data = asdict(content)
    data["printed_at"] = content.printed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return pdf("incident_report", data, made_at=content.printed_at)
