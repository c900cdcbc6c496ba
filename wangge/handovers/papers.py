"""A shift's handover as paper shows it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wangge.handovers.models import Row
from wangge.papers.models import ShiftPaper
from wangge.tenant.rules import Rules


def paper_of(row: Row, known: Rules, zone: ZoneInfo, *, by: str, at: datetime) -> ShiftPaper:
    content: dict[str, Any] = row["content"]

    def when(moment: str | None) -> str:
        if not moment:
            return "—"
        return f"{datetime.fromisoformat(moment).astimezone(zone):%m-%d %H:%M}"

    return ShiftPaper(
        brand=known.brand.name.zh,
        unit=row["unit"],
        begins=row["begins"],
        ends=row["ends"],
        cases=[
            (one["number"] or "", one["title"], when(one["due_at"])) for one in content["cases"]
        ],
        in_all=content.get("in_all") or len(content["cases"]),
        promises=[
            (one["number"] or "", f"{one['words']}（{one['made_name']}）", when(one["by_at"]))
            for one in content["promises"]
        ],
        lent=[
            (one["what"], f"{one['to_whom']}（{one['lent_name']}）", when(one["due_at"]))
            for one in content["lent"]
        ],
        given_name=row["given_name"],
        given_at=row["given_at"],
        given_words=row["given_words"],
        taken_name=row["taken_name"],
        taken_at=row["taken_at"],
        taken_words=row["taken_words"],
        printed_at=at,
        printed_by=by,
    )
