"""Rebuild what follows from what is kept, and name what contradicts the history."""

from collections.abc import Callable, Iterator

from wangge.kernel import fact_log
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.text import bigrams

BATCH = 2000
FIRST = "00000000-0000-0000-0000-000000000000"
CASES = """
select id, terms, title || ' ' || text || ' ' || place_words as words from cases
where id > %s order by id limit %s
"""
PLACES = """
select id, terms, name || ' ' || array_to_string(aliases, ' ') as words from places
where id > %s order by id limit %s
"""
NUMBERS = """
insert into case_numbers (prefix, day, last)
select split_part(number, '-', 1), to_date(split_part(number, '-', 2), 'YYYYMMDD'),
    max(split_part(number, '-', 3)::int) from cases where number is not null group by 1, 2
on conflict (prefix, day) do update set last = excluded.last
where case_numbers.last < excluded.last
"""
PHOTOS = """
with first as (select distinct on (case_id) case_id, id from files
    where case_id is not null and kind = 'image' order by case_id, created_at, id)
update cases set photo_id = first.id from first
where first.case_id = cases.id and cases.photo_id is null
"""
CONTRADICTIONS = {
    "历史有缺口 gaps in a history": """
        select count(*) as n from (select from case_steps group by case_id
        having count(*) <> max(seq) or min(seq) <> 1) broken""",
    "步骤接不上 steps that do not follow": """
        select count(*) as n from case_steps s join case_steps b
        on b.case_id = s.case_id and b.seq = s.seq - 1 where s.source is distinct from b.target""",
    "状态与最后一步不符 states unlike the last step": """
        select count(*) as n from cases c left join lateral (select target from case_steps s
        where s.case_id = c.id order by seq desc limit 1) last on true
        where last.target is distinct from c.state""",
}


def rebuild(cell: Cell) -> Iterator[tuple[str, int]]:
    """Each thing that was rebuilt, and how many rows were wrong; nothing on a sound system."""
    steps: dict[str, Callable[[Cell], int]] = {
        "事项检索词 search terms of cases": lambda one: _terms(one, "cases", CASES),
        "地点检索词 search terms of places": lambda one: _terms(one, "places", PLACES),
        "编号计数 running numbers": lambda one: _once(one, NUMBERS),
        "事项首图 first pictures": lambda one: _once(one, PHOTOS),
        "事实次序 facts in line": _line,
    }
    for name, step in steps.items():
        yield name, step(cell)
    with transaction(cell) as tx:
        tx.run("update versions set n = n + 1")  # every process reads its rules and areas anew


def contradictions(cell: Cell) -> Iterator[tuple[str, int]]:
    with transaction(cell) as tx:
        for name, query in CONTRADICTIONS.items():
            row = tx.one(query)
            yield name, int(row["n"]) if row else 0


def _terms(cell: Cell, table: str, query: str) -> int:
    """In batches, each a transaction of its own: the city goes on working."""
    after, wrong = FIRST, 0
    while True:
        with transaction(cell) as tx:
            rows = tx.rows(query, [after, BATCH])
            wrong += sum(_set_terms(tx, table, row) for row in rows)
        if len(rows) < BATCH:
            return wrong
        after = str(rows[-1]["id"])


def _set_terms(tx: Tx, table: str, row: dict[str, object]) -> int:
    terms = bigrams(str(row["words"]))
    if terms == row["terms"]:
        return 0
    return tx.run(f"update {table} set terms = %s where id = %s", [terms, row["id"]])


def _once(cell: Cell, query: str) -> int:
    with transaction(cell) as tx:
        return tx.run(query)


def _line(cell: Cell) -> int:
    with transaction(cell) as tx:
        return fact_log.put_in_line(tx)
