"""The Red Mailbox on paper: the minutes of a talk, the sheet of postings."""

from datetime import date, tzinfo
from typing import Any

from wangge.areas.models import Area
from wangge.kernel.db import Tx
from wangge.mailbox import postings, queries
from wangge.papers import talks as papers
from wangge.papers.models import Word
from wangge.settings import settings
from wangge.tenant.service import rules

MOST = 40
KINDS = {
    "complaint": Word("投诉", "Complaint"),
    "suggestion": Word("建议", "Suggestion"),
    "wish": Word("微心愿", "Small wish"),
}
STAGES = {
    "received": Word("已收到", "Received"),
    "handling": Word("办理中", "In hand"),
    "done": Word("已办结", "Done"),
}


def address(tx: Tx, path: str) -> str:
    return f"{settings().public_url.format(tenant=tx.cell.tenant)}{path}"


def sheet(tx: Tx, area: Area | None, *, zone: tzinfo) -> bytes:
    rows = queries.public_postings(tx, area.id if area else None, None, None, MOST)
    brand = rules(tx).brand
    shown = [postings.public_view(row, zone) for row in rows]
    return papers.posting_sheet(
        papers.PostingSheet(
            brand=brand.name.zh,
            slogan=brand.slogan.zh if brand.slogan else "",
            area=" › ".join(area.names) if area else brand.name.zh,
            items=[
                papers.Posted(
                    KINDS[one["kind"]], one["asked"], one["decided"], STAGES[one["stage"]],
                    _when(one), address(tx, f"/r/mailbox/p/{one['code']}"),
                )
                for one in shown
            ],
            url=address(tx, f"/r/mailbox/board{f'?area={area.code}' if area else ''}"),
            printed_on=_day(tx.now.astimezone(zone).date()),
        )
    )  # fmt: skip


def _when(one: dict[str, Any]) -> str:
    if one["done_on"]:
        return f"{_day(one['done_on'])}办结"
    return f"{_day(one['promised_on'])}前" if one["promised_on"] else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def minutes_of(tx: Tx, talk: dict[str, Any], printed_by: str, *, zone: tzinfo) -> bytes:
    """``talk`` as its screen shows it, so that paper and screen say the same."""

    def named(unit: dict[str, Any]) -> str:
        return f"{unit['unit']}（{unit['post']}）" if unit["post"] else str(unit["unit"])

    items = [
        papers.Item(
            one["number"], one["title"], one["decision"] or "—",
            _day(one["promised_on"]) if one["promised_on"] else "",
            [
                papers.Part(p["unit"], p["words"], f"{p['due_on']:%Y-%m-%d}",
                            "已完成 done" if p["state"] == "done" else "办理中 in hand")
                for p in one["promises"]
            ],
        )
        for one in talk["agenda"]
    ]  # fmt: skip
    return papers.minutes(
        papers.Minutes(
            brand=rules(tx).brand.name.zh, number=talk["number"], title=talk["title"],
            held_at=talk["held_at"], ahead=talk["state"] == "planned",
            place=talk["place_words"], chair=talk["chair"], desk=talk["desk"],
            here=[named(unit) for unit in talk["units"] if unit["came"] is not False],
            away=[named(unit) for unit in talk["units"] if unit["came"] is False],
            items=items, words=talk["minutes"] or "—",
            url=address(tx, f"/desk/mailbox/talks/{talk['id']}"),
            printed_at=tx.now.replace(microsecond=0), printed_by=printed_by,
        ),
        zone=zone,
    )  # fmt: skip
