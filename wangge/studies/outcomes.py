"""结果指标: what others count (cases that could be prevented, accidents), with where it is from.

A value is entered by a person, a sheet or a connector, and never changed: a correction stands
beside it and says why. The change is against the same days of the year before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Area
from wangge.audit import service as audit
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.papers.tables import read
from wangge.people.models import Actor
from wangge.studies.models import period_of
from wangge.studies.rights import READ, RUN

PUT = """
insert into outcome_indicators (id, name, name_en, definition, unit, source, lower_is_better,
    made_by, at)
values (%(id)s, %(name)s, %(name_en)s, %(definition)s, %(unit)s, %(source)s, %(lower)s, %(by)s,
    %(now)s)
on conflict (id) do update set name = excluded.name, name_en = excluded.name_en,
    definition = excluded.definition, unit = excluded.unit, source = excluded.source,
    lower_is_better = excluded.lower_is_better
"""
INDICATORS = "select * from outcome_indicators order by name"
STANDS = """
select id, value, entered_by from outcome_values where indicator_id = %s and area_id = %s
    and first = %s and last = %s and corrected_by is null for update
"""
CORRECTED = "update outcome_values set corrected_by = %s where id = %s"
ENTER = """
insert into outcome_values (id, indicator_id, area_id, pos, first, last, value, source, way, why,
    entered_by, entered_name, at)
values (%(id)s, %(indicator)s, %(area)s, %(pos)s, %(first)s, %(last)s, %(value)s, %(source)s,
    %(way)s, %(why)s, %(by)s, %(name)s, %(now)s)
"""
# The same days of the year before; of a year's last of February whatever that month's last is.
VALUES = """
select v.id, v.indicator_id, v.area_id, v.first, v.last, v.value, v.source, v.way, v.why,
    v.entered_name, v.at, b.value as before,
    (select count(*)::int from outcome_values c where c.indicator_id = v.indicator_id
        and c.area_id = v.area_id and c.first = v.first and c.last = v.last) - 1 as corrections
from outcome_values v left join outcome_values b on b.indicator_id = v.indicator_id
    and b.area_id = v.area_id and b.corrected_by is null
    and b.first = (v.first - interval '1 year')::date
    and b.last = (v.last + 1 - interval '1 year')::date - 1
where v.corrected_by is null order by v.first desc, v.pos, v.indicator_id limit 500
"""
ALL = """
select id, value, source, way, why, entered_name, at, corrected_by from outcome_values
where indicator_id = %(indicator)s and area_id = %(area)s and first = %(first)s
    and last = %(last)s order by at, id
"""
VALUE = "select indicator_id, area_id, pos, first, last from outcome_values where id = %s"
HEADINGS = ("指标", "区域代码", "期间", "数值", "来源")
MOST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of one indicator, place and period; ``why`` if it corrects what stands there."""

    id: UUID
    indicator_id: UUID
    area_id: UUID
    first: date
    last: date
    value: Decimal
    source: str
    why: str = ""


def put_indicator(tx: Tx, actor: Actor, indicator_id: UUID, **said: Any) -> None:
    """Define an outcome or put its words right."""
    actor.must(RUN)
    if tx.one(
        "select 1 from outcome_indicators where name = %s and id <> %s",
        [said["name"], indicator_id],
    ):
        raise Refusal(
            "name_taken", "已有同名指标", "there is an indicator of this name", field="name"
        )
    tx.run(PUT, {"id": indicator_id, **said, "by": actor.id, "now": tx.now})
    audit.record(tx, "outcome.defined", indicator_id, said["name"], account_id=actor.id)


def enter(tx: Tx, actor: Actor, entry: Entry, way: str = "typed") -> None:
    """Enter a value; over one that stands only with the reason, and that one is kept."""
    area = atlas.of(tx).area(entry.area_id)
    if not any(actor.may_at(right, pos=area.pos) for right in (RUN, "case.import")):
        actor.must_at(RUN, pos=area.pos)
    if tx.one("select 1 from outcome_indicators where id = %s", [entry.indicator_id]) is None:
        raise NotFound("no_such_outcome", "没有这个结果指标", "no such outcome indicator")
    if entry.last < entry.first or entry.last > atlas.today(tx):
        raise Invalid(
            "bad_period", "期间不对：要已经过完", "the period must be over", field="period"
        )
    if not entry.source.strip():
        raise Invalid(
            "source_needed", "请写明数据来源", "say where the value is from", field="source"
        )
    if entry.value.is_nan() or abs(entry.value) > MOST:
        raise Invalid("bad_value", "数值不对", "no such value", field="value")
    if tx.one("select 1 from outcome_values where id = %s", [entry.id]):
        return
    stands = tx.one(STANDS, [entry.indicator_id, area.id, entry.first, entry.last])
    if stands:
        if stands["value"] == entry.value and not entry.why:
            return
        if not entry.why.strip():
            raise Invalid(
                "why_needed",
                f"这一期已经填过 {stands['value']:f}，更正请写明原因",
                f"{stands['value']:f} stands there; say why it is corrected",
                field="why",
            )
        tx.run(CORRECTED, [entry.id, stands["id"]])
    tx.run(
        ENTER,
        {
            "id": entry.id, "indicator": entry.indicator_id, "area": area.id, "pos": area.pos,
            "first": entry.first, "last": entry.last, "value": entry.value,
            "source": entry.source.strip(), "way": way, "why": entry.why.strip(),
            "by": actor.id, "name": actor.name, "now": tx.now,
        },
    )  # fmt: skip
    audit.record(tx, "outcome.entered", entry.id, entry.why, account_id=actor.id)


def bring_in(tx: Tx, actor: Actor, body: bytes) -> dict[str, Any]:
    """Read a sheet row by row: what can be taken is, each other row says why not."""
    table = read(body)
    if missing := [name for name in HEADINGS if name not in table.columns]:
        raise Invalid(
            "columns_missing", f"表里缺少列：{'、'.join(missing)}",
            f"columns are missing: {', '.join(missing)}", field="file",
        )  # fmt: skip
    known = {row["name"]: row["id"] for row in tx.rows(INDICATORS)}
    codes = atlas.of(tx).codes
    taken, refused = 0, []
    for number, cells in table.rows:
        try:
            enter(tx, actor, _read(cells, known, codes), way="sheet")
            taken += 1
        except Refusal as no:
            refused.append({"row": number, "code": no.code, "message": {"zh": no.zh, "en": no.en}})
    audit.record(tx, "outcome.imported", None, detail={"taken": taken, "refused": len(refused)},
                 account_id=actor.id)  # fmt: skip
    return {"taken": taken, "refused": refused}


def _read(cells: Mapping[str, str], known: Mapping[str, UUID], codes: Mapping[str, Area]) -> Entry:
    name, code, said, number, source = (cells.get(one, "").strip() for one in HEADINGS)
    if name not in known:
        raise Invalid("no_such_outcome", f"没有“{name}”这个指标", f"no indicator is called {name}")
    area = codes.get(code)
    if area is None:
        raise Invalid("no_such_area", f"没有代码为“{code}”的区域", f"no area has the code {code}")
    period = period_of(said)
    if period is None:
        raise Invalid(
            "bad_period", f"期间“{said}”看不懂：写 2025、2025Q1 或 2025-03",
            f"{said} is no period: write 2025, 2025Q1 or 2025-03",
        )  # fmt: skip
    try:
        value = Decimal(number.replace(",", ""))
    except InvalidOperation as error:
        raise Invalid("bad_value", f"数值“{number}”不是数", f"{number} is no number") from error
    return Entry(new_id(), known[name], area.id, *period, value, source, cells.get("更正原因", ""))


def shown(tx: Tx, actor: Actor) -> dict[str, Any]:
    """Every indicator, and the values of one's own ground with the change in a year."""
    actor.must(READ)
    places = atlas.of(tx)
    values = [
        {
            **row,
            "value": float(row["value"]),
            "before": None if row["before"] is None else float(row["before"]),
            "change": change(row["value"], row["before"]),
            "area": places.area(row["area_id"]).name,
        }
        for row in tx.rows(VALUES)
    ]
    return {"indicators": tx.rows(INDICATORS), "values": values, "may": actor.may(RUN)}


def change(value: Decimal, before: Decimal | None) -> float | None:
    """In per cent of the year before, to a tenth; None where there was nothing then."""
    return None if not before else round(float(100 * (value - before) / abs(before)), 1)


def history(tx: Tx, value_id: UUID) -> list[dict[str, Any]]:
    """All that was ever entered for the place and period of a value, the first one first."""
    row = tx.one(VALUE, [value_id])
    if row is None:
        raise NotFound("no_such_value", "没有找到这个数", "no such value")
    asked = {"indicator": row["indicator_id"], "area": row["area_id"], "first": row["first"],
             "last": row["last"]}  # fmt: skip
    return [
        {**one, "value": float(one["value"]), "stands": one["corrected_by"] is None}
        for one in tx.rows(ALL, asked)
    ]
