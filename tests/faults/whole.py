"""What must be true after any fault, counted anew from the tables."""

from tests.faults.platform import Platform, until
from tests.faults.reporters import Crowd
from wangge.kernel.db import Cell, transaction

GAPS = """
select case_id from case_steps group by case_id
having count(*) <> max(seq) or min(seq) <> 1 or count(distinct seq) <> count(*)
"""
BROKEN_CHAINS = """
select s.case_id, s.seq from case_steps s left join case_steps before
    on before.case_id = s.case_id and before.seq = s.seq - 1
where s.seq > 1 and s.source is distinct from before.target
"""
CONTRADICTIONS = """
select c.id from cases c left join lateral (select target from case_steps s
    where s.case_id = c.id order by seq desc limit 1) last on true
where last.target is distinct from c.state or c.number is null
"""
COUNTERS = """
select n.prefix from case_numbers n join (
    select split_part(number, '-', 1) as prefix, to_date(split_part(number, '-', 2), 'YYYYMMDD')
        as day, max(split_part(number, '-', 3)::int) as last from cases group by 1, 2) c
    using (prefix, day) where n.last < c.last
"""
FACTS = """
select c.id from cases c where (select count(*) from facts f
    where f.subject = c.id and f.name = 'CaseReported') <> 1
"""
STEPS_TOLD = """
select (select count(*) from case_steps where seq > 1) as steps,
    (select count(*) from facts where name = 'CaseMoved') as facts
"""


def assert_whole(platform: Platform, crowd: Crowd) -> None:
    """Every acknowledged report once, every history complete, every fact told."""
    rows = platform.rows("select id, number from cases")
    kept = {str(row["id"]): row["number"] for row in rows}
    assert len(kept) == len(rows)
    lost = [one for one in crowd.receipts if one not in kept]
    assert not lost, f"{len(lost)} acknowledged reports are lost"
    told_otherwise = [one for one, said in crowd.receipts.items() if kept[one] != said["number"]]
    assert told_otherwise == []
    assert not kept.keys() - crowd.sent - crowd.earlier, "cases that nobody reported"
    assert len(set(kept.values())) == len(kept), "two cases with one number"
    assert_sound(platform.cell)
    steps = {str(row["id"]) for row in platform.rows("select id from case_steps")}
    assert set(crowd.accepted.values()) <= steps, "an acknowledged step is lost"


def assert_sound(cell: Cell) -> None:
    """Histories, counters and facts agree with each other."""
    with transaction(cell) as tx:
        for query in (GAPS, BROKEN_CHAINS, CONTRADICTIONS, COUNTERS, FACTS):
            assert tx.rows(query) == [], query
        (told,) = tx.rows(STEPS_TOLD)
    assert told["steps"] == told["facts"]


def every_job_done(platform: Platform) -> None:
    """The queue runs empty, and nothing in it was given up."""
    given_up = "select count(*) from pgqueuer where status = 'failed'"
    try:
        until(lambda: platform.figure("select count(*) from pgqueuer") == 0, "every job done")
    except AssertionError as error:
        left = platform.rows("select status, entrypoint, attempts, execute_after from pgqueuer")
        raise AssertionError(f"{left[:5]}\n{platform.log('work')}") from error
    assert platform.figure(given_up) == 0
