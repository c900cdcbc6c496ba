"""周分析、月分析: written by the city's own counts, put right by people, released by a name.

Received is what came in, as on the city screen; the other figures are those of the catalogue. What
is usual is the mean of the eight periods before, and whether something is more than that is said by
the rule of the city screen: further away than chance brings. Nothing of it names a case or anybody.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.audit import service as audit
from wangge.cases import figures
from wangge.cases.catalogue import BY_CODE
from wangge.cases.satisfied import formula
from wangge.cockpit.panels import unusual
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.studies.rights import RUN, must_see
from wangge.studies.small import SMALL
from wangge.studies.small import told as big_enough
from wangge.studies.telling import paragraphs
from wangge.studies.telling_en import paragraphs_en
from wangge.tenant.service import rules

BACK = 8
ENOUGH = 3  # periods before; below that nothing is called usual
LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
FIGURES = (
    "closing_rate", "on_time_close_rate", "overdue_share", "satisfaction", "resolution_rate",
    "rework_rate",
)  # fmt: skip
MOST_TYPES, MOST_PLACES = 8, 10
PERIODS = "unnest(%(firsts)s::date[], %(lasts)s::date[]) with ordinality as p(first, last, n)"
INSIDE = (
    "c.day between p.first and p.last and c.pos <@ (select span from areas where id = %(area)s)"
)
TYPES = f"""
select p.n::int as period, c.type, sum(c.n)::int as n from {PERIODS}
join cube_types c on {INSIDE} group by 1, 2
"""
PARTS = f"""
select p.n::int as period, a.id, sum(c.n)::int as n from {PERIODS}
join areas a on a.parent_id = %(area)s join cube_types c on c.day between p.first and p.last
    and c.pos <@ a.span group by 1, 2
"""
# The same kind of thing again and again in one community: no place is told finer.
PLACES = f"""
select a.id, c.type, sum(c.n)::int as n from {PERIODS} join cube_types c on {INSIDE}
join areas a on a.level = 'community' and c.pos <@ a.span
where p.n = 1 and c.type <> '' group by 1, 2 having sum(c.n) >= {SMALL} order by n desc, 1, 2
limit {MOST_PLACES}
"""
BEGUN = "select min(day) as day from cube_types"
WRITE = """
insert into analyses (id, kind, area_id, pos, first, last, body, words, made_at, state)
values (%(id)s, %(kind)s, %(area)s, %(pos)s, %(first)s, %(last)s, %(body)s, %(words)s, %(now)s,
    'draft')
on conflict (kind, area_id, first) do nothing
"""
ROW = """
select id, kind, area_id, pos, first, last, body, words, made_at, state, released_name, released_at
from analyses
"""
MISSING = """
select a.id from areas a where a.level = any(%(levels)s) and not exists (
    select from analyses n where n.area_id = a.id and n.kind = %(kind)s and n.first = %(first)s)
order by array_position(%(levels)s::text[], a.level), a.pos limit %(most)s
"""
EDITED = """
insert into analysis_edits (id, analysis_id, at, account_id, name, comment, before)
values (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Period:
    """A week from Monday or a whole month, both ends counted."""

    kind: str
    first: date
    last: date

    def before(self) -> "Period":
        return whole(self.kind, self.first - timedelta(days=1))


def whole(kind: str, day: date) -> Period:
    """The week or the month that a day lies in."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + timedelta(days=6))
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(kind, first, after - timedelta(days=1))


def over(kind: str, today: date) -> Period:
    """The last one that is over."""
    return whole(kind, today).before()


def missing(tx: Tx, period: Period, most: int) -> list[UUID]:
    """Areas from the city to the township that have none of this period yet."""
    asked = {"levels": [one.value for one in LEVELS], "kind": period.kind, "first": period.first}
    return [row["id"] for row in tx.rows(MISSING, {**asked, "most": most})]


def write(tx: Tx, area_id: UUID, period: Period) -> None:
    """Write one analysis; one that is there already stays as it is."""
    area = atlas.of(tx).area(area_id)
    body = counted(tx, area, period)
    tx.run(
        WRITE,
        {
            "id": new_id(), "kind": period.kind, "area": area.id, "pos": area.pos,
            "first": period.first, "last": period.last, "body": Jsonb(body),
            "words": paragraphs(body), "now": tx.now,
        },
    )  # fmt: skip


def counted(tx: Tx, area: Area, period: Period) -> dict[str, Any]:
    """The figures of an analysis as plain JSON; small counts of places and types are left out."""
    periods = [period]
    for _ in range(BACK):
        periods.append(periods[-1].before())
    begun = (tx.one(BEGUN) or {"day": None})["day"] or period.first
    periods = [one for one in periods if one is period or one.first >= begun]
    asked = {"firsts": [one.first for one in periods], "lasts": [one.last for one in periods],
             "area": area.id}  # fmt: skip
    types, parts = _by(tx.rows(TYPES, asked), "type"), _by(tx.rows(PARTS, asked), "id")
    received = _line(_summed(types), len(periods))
    return {
        "area": area.name,
        "kind": period.kind,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "earlier": len(periods) - 1,
        "least": SMALL,
        "received": received,
        "figures": _figures(tx, area, period),
        "types": _types(tx, types, len(periods)),
        "parts": _parts(tx, area, parts, len(periods)),
        "places": _places(tx, asked),
    }


def _by(rows: list[dict[str, Any]], key: str) -> dict[Any, dict[int, int]]:
    found: dict[Any, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row[key], {})[row["period"]] = row["n"]
    return found


def _summed(lines: dict[Any, dict[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for line in lines.values():
        for n, count in line.items():
            total[n] = total.get(n, 0) + count
    return total


def _line(line: dict[int, int], periods: int) -> dict[str, Any]:
    """Now, before, the usual, and whether it is further from that than chance brings."""
    n, earlier = line.get(1, 0), [line.get(at, 0) for at in range(2, periods + 1)]
    usual = sum(earlier) / len(earlier) if len(earlier) >= ENOUGH else None
    return {
        "n": n,
        "before": earlier[0] if earlier else None,
        "usual": None if usual is None else round(usual, 1),
        "unusual": unusual(n, usual),
    }


def _figures(tx: Tx, area: Area, period: Period) -> list[dict[str, Any]]:
    zone = ZoneInfo(rules(tx).calendar.zone)
    now, then = (
        {
            one["code"]: one
            for one in figures.figures(
                tx, figures.within_of(tx, each.first, each.last, zone, area=area.id)
            )
        }
        for each in (period, period.before())
    )
    found = []
    for code in FIGURES:
        one, few = BY_CODE[code], now[code]["denominator"] < SMALL
        found.append(
            {
                "code": code,
                "name": {"zh": one.name[0], "en": one.name[1]},
                "formula": formula(tx, one),
                "share": None if few else now[code]["share"],
                "numerator": None if few else now[code]["numerator"],
                "denominator": None if few else now[code]["denominator"],
                "before": None if then[code]["denominator"] < SMALL else then[code]["share"],
            }
        )
    return found


def _types(tx: Tx, lines: dict[str, dict[int, int]], periods: int) -> list[dict[str, Any]]:
    known = rules(tx).types.by_code
    found = [
        {"code": code, "name": {"zh": known[code].zh, "en": known[code].en},
         **_line(line, periods)}
        for code, line in lines.items()
        if code in known and line.get(1, 0) >= SMALL
    ]  # fmt: skip
    found.sort(key=lambda one: (-one["n"], one["code"]))
    hot = found[:MOST_TYPES]
    return hot + [one for one in found[MOST_TYPES:] if one["unusual"] and one["n"] > one["usual"]]


def _parts(
    tx: Tx, area: Area, lines: dict[UUID, dict[int, int]], periods: int
) -> list[dict[str, Any]]:
    """The areas below in the order of the directory, each beside what is usual for itself."""
    below = sorted(atlas.of(tx).below.get(area.id, []), key=lambda one: one.code)
    shown = big_enough({one.id: lines.get(one.id, {}).get(1, 0) for one in below})
    found = []
    for one in below:
        line = _line(lines.get(one.id, {}), periods)
        if shown[one.id] is None:
            line = {"n": None, "before": None, "usual": None, "unusual": False}
        found.append({"id": str(one.id), "name": one.short_name, **line})
    return found


def _places(tx: Tx, asked: dict[str, Any]) -> list[dict[str, Any]]:
    known, places = rules(tx).types.by_code, atlas.of(tx)
    return [
        {
            "names": places.area(row["id"]).names[-2:],
            "name": {"zh": known[row["type"]].zh, "en": known[row["type"]].en},
            "n": row["n"],
        }
        for row in tx.rows(PLACES, asked)
        if row["type"] in known
    ]


def listed(tx: Tx, kind: str | None, area: UUID | None) -> list[dict[str, Any]]:
    """What there is on one's own ground, as row-level security shows it, the newest first."""
    places = atlas.of(tx)
    rows = tx.rows(
        f"{ROW} where (%(kind)s::text is null or kind = %(kind)s)"
        " and (%(area)s::uuid is null or area_id = %(area)s) order by last desc, pos limit 200",
        {"kind": kind, "area": area},
    )
    return [
        {
            **{name: row[name] for name in ("id", "kind", "first", "last", "state", "made_at",
                                            "released_name", "released_at")},
            "area": places.area(row["area_id"]).name,
            "received": row["body"]["received"],
        }
        for row in rows
    ]  # fmt: skip


def one_of(tx: Tx, actor: Actor, analysis_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    row = tx.one(f"{ROW} where id = %s {'for update' if lock else ''}", [analysis_id])
    return must_see(actor, row, no_such_analysis())


def seen(tx: Tx, actor: Actor, analysis_id: UUID) -> dict[str, Any]:
    row = one_of(tx, actor, analysis_id)
    edits = tx.rows(
        "select at, name, comment, before from analysis_edits where analysis_id = %s order by at",
        [analysis_id],
    )
    change = row["state"] == "draft" and actor.may_at(RUN, pos=row["pos"])
    words_en = paragraphs_en(row["body"])
    return {
        **row,
        "words_en": words_en,
        "edits": edits,
        "may": ["change", "release"] if change else [],
    }


def change(tx: Tx, actor: Actor, analysis_id: UUID, words: list[str], comment: str) -> None:
    """Put the words right before they are released; what stood there stays, and why."""
    row = _to_change(tx, actor, analysis_id)
    if not comment:
        raise Invalid(
            "comment_needed", "请写明改了什么、为什么", "say what was changed and why",
            field="comment",
        )  # fmt: skip
    if words == row["words"]:
        return
    tx.run(
        EDITED,
        [new_id(), analysis_id, tx.now, actor.id, actor.name, comment, row["words"]],
    )
    tx.run("update analyses set words = %s where id = %s", [words, analysis_id])
    audit.record(tx, "analysis.changed", analysis_id, comment, account_id=actor.id)


def release(tx: Tx, actor: Actor, analysis_id: UUID) -> None:
    _to_change(tx, actor, analysis_id)
    tx.run(
        "update analyses set state = 'released', released_by = %s, released_name = %s,"
        " released_at = %s where id = %s",
        [actor.id, actor.name, tx.now, analysis_id],
    )
    audit.record(tx, "analysis.released", analysis_id, account_id=actor.id)


def _to_change(tx: Tx, actor: Actor, analysis_id: UUID) -> dict[str, Any]:
    row = one_of(tx, actor, analysis_id, lock=True)
    actor.must_at(RUN, pos=row["pos"])
    if row["state"] != "draft":
        raise Refusal(
            "analysis_released", "这份分析已经发布，不能再改", "the analysis is released and stays"
        )
    return row


def no_such_analysis() -> NotFound:
    return NotFound("no_such_analysis", "没有找到这份分析", "no such analysis")


def local(tx: Tx) -> datetime:
    return tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone))


__all__ = ["Period", "change", "counted", "listed", "missing", "over", "release", "seen", "time",
           "whole", "write"]  # fmt: skip
