"""公开数据: how the city does, for everybody, coarse and a day late, with nobody in it.

Counted from the cubes of the city screen by the same words. The finest place is the town or street,
the finest time a month; what is small is hidden so that the rest does not tell it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wangge.areas import atlas
from wangge.areas.models import Level
from wangge.cases import satisfied
from wangge.kernel.db import Tx
from wangge.studies.small import SMALL, told
from wangge.tenant.service import rules

DAYS, MONTHS = 30, 12
DELAY = 2  # days: the youngest matter that is counted came in more than a whole day ago
SPAN = """
select coalesce(sum(n), 0)::int as received,
    coalesce(sum(n) filter (where state in ('declined', 'withdrawn', 'merged', 'split')), 0)::int
        as left_out,
    coalesce(sum(n) filter (where state in ('closed', 'evaluated')), 0)::int as closed,
    coalesce(sum(late) filter (where state not in ('declined', 'withdrawn', 'merged', 'split',
        'closed', 'evaluated')), 0)::int as late,
    coalesce(sum(said), 0)::int as said,
    coalesce(sum(satisfied + fairly * %(fairly)s), 0)::int as satisfied
from cube_states where day between %(first)s and %(last)s
"""
CLOSED = """
select coalesce(sum(n), 0)::int as n, coalesce(sum(in_time), 0)::int as in_time
from cube_closings where closed_on between %(first)s and %(last)s
"""
STREETS = """
with received as (
    select date_trunc('month', c.day)::date as month, a.id, sum(c.n)::int as received,
        sum(c.said)::int as said, sum(c.satisfied + c.fairly * %(fairly)s)::int as satisfied
    from cube_states c join areas a on a.level = 'township' and c.pos <@ a.span
    where c.day between %(first)s and %(last)s group by 1, 2),
ended as (
    select date_trunc('month', c.closed_on)::date as month, a.id, sum(c.n)::int as closed,
        sum(c.in_time)::int as in_time
    from cube_closings c join areas a on a.level = 'township' and c.pos <@ a.span
    where c.closed_on between %(first)s and %(last)s group by 1, 2)
select coalesce(r.month, e.month) as month, coalesce(r.id, e.id) as id,
    coalesce(received, 0) as received, coalesce(closed, 0) as closed,
    coalesce(in_time, 0) as in_time, coalesce(said, 0) as said, coalesce(satisfied, 0) as satisfied
from received r full join ended e on e.month = r.month and e.id = r.id order by 1, 2
"""
TYPES = """
select date_trunc('month', day)::date as month, type, sum(n)::int as received from cube_types
where day between %(first)s and %(last)s group by 1, 2 order by 1, 2
"""
COUNTS = ("received", "closed", "in_time", "said", "satisfied")
# Of each count the one that it is a part of: where that is hidden, so is the part.
PART_OF = {"in_time": "closed", "satisfied": "said"}
DICTIONARY: tuple[tuple[str, str, str, str], ...] = (
    ("month", "月份（收到或结案的月份，按本市日历）", "month of receipt or of closing", "YYYY-MM"),
    ("code", "镇街的区划代码", "division code of the town or street", "text"),
    ("street", "镇街", "town or street", "text"),
    ("type", "事项类型代码", "code of the type", "text"),
    ("type_name", "事项类型", "type in Chinese", "text"),
    ("received", "当月收到的全部事项，含后来不予受理、撤回、合并的",
     "all that came in that month, also what was later declined, withdrawn or merged", "count"),
    ("closed", "当月中心结案的", "closed by a desk that month", "count"),
    ("in_time", "当月结案的里面，在总时限以内的", "of these, within the whole limit", "count"),
    ("said", "当月收到的里面，反映人说了满意不满意的", "of received, whose asker gave a grade",
     "count"),
    ("satisfied", "其中满意的；基本满意是否计入，见 satisfaction",
     "of these satisfied; whether fairly satisfied counts stands in satisfaction", "count"),
)  # fmt: skip
_kept: dict[str, tuple[Any, dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Reach:
    """The days that are told: the last thirty, and whole months before; ``hour`` renews them."""

    last: date
    hour: int

    @property
    def first(self) -> date:
        return self.last - timedelta(days=DAYS - 1)

    @property
    def months(self) -> tuple[date, date]:
        last = (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        first = date(last.year - (last.month < MONTHS), last.month % MONTHS + 1, 1)
        return first, last


def reach(tx: Tx) -> Reach:
    now = tx.now.astimezone(ZoneInfo(rules(tx).calendar.zone))
    return Reach(now.date() - timedelta(days=DELAY), now.hour)


def of(tx: Tx) -> dict[str, Any]:
    """Everything that is open, counted once an hour in each process."""
    known = reach(tx)
    key = known, tx.versions.get("rules", 0)
    held = _kept.get(tx.cell.tenant)
    if held and held[0] == key:
        return held[1]
    first, last = known.months
    counts = int(rules(tx).switches.fairly_satisfied_counts)
    span = {"first": first, "last": last, "fairly": counts}
    found = {
        "city": rules(tx).brand.name.zh,
        "until": known.last,
        "least": SMALL,
        "satisfaction": satisfied.published(tx),
        "now": _now(tx, known, counts),
        "streets": _streets(tx, span),
        "types": _types(tx, span),
    }
    _kept[tx.cell.tenant] = key, found
    return found


def _now(tx: Tx, known: Reach, fairly: int) -> dict[str, Any]:
    span = {"first": known.first, "last": known.last, "fairly": fairly}
    came, ended = tx.one(SPAN, span) or {}, tx.one(CLOSED, span) or {}
    whole = {**came, "ended": ended["n"], "in_time": ended["in_time"]}
    shown: dict[str, Any] = dict(whole)
    for name, part in (("said", "satisfied"), ("ended", "in_time")):
        if whole[name] < SMALL:
            shown[name] = shown[part] = None
    return {"first": known.first, "last": known.last, **shown}


def _streets(tx: Tx, span: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each month and street; each column hides what is small in its month."""
    places, rows = atlas.of(tx), tx.rows(STREETS, span)
    found = []
    streets = sorted(places.level(Level.TOWNSHIP), key=lambda one: one.code)
    for month in sorted({row["month"] for row in rows}):
        here = {row["id"]: row for row in rows if row["month"] == month}
        shown = {
            name: told({one.id: here.get(one.id, {}).get(name, 0) for one in streets})
            for name in COUNTS
        }
        for one in streets:
            counts = {name: shown[name][one.id] for name in COUNTS}
            for part, whole in PART_OF.items():
                if counts[whole] is None:
                    counts[part] = None
            found.append({"month": f"{month:%Y-%m}", "code": one.code,
                          "street": one.short_name, **counts})  # fmt: skip
    return found


def _types(tx: Tx, span: dict[str, Any]) -> list[dict[str, Any]]:
    known = rules(tx).types.by_code
    rows = tx.rows(TYPES, span)
    found = []
    for month in sorted({row["month"] for row in rows}):
        here = {row["type"]: row["received"] for row in rows if row["month"] == month}
        found += [
            {"month": f"{month:%Y-%m}", "type": code,
             "type_name": known[code].zh if code in known else "", "received": n}
            for code, n in told(here).items()
        ]  # fmt: skip
    return found


def forget() -> None:
    """For tests: count anew."""
    _kept.clear()
