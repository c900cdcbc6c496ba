"""What must be true after any fault, counted anew from the tables."""

from datetime import date

import httpx2

from tests.faults.platform import LONGEST, Platform, until
from tests.faults.reporters import Crowd
from wangge.cases.models import State
from wangge.kernel.db import Cell, transaction
from wangge.upkeep import replay

LEADER = "cityleader"
# Jobs that still run tell of what they do: not in line yet is not wrong.
UNREAD = "事实次序 facts in line"
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
# From the histories alone: what the cases say of themselves is what is doubted here.
RECOUNTED = """
select target as state, count(*) as n from (select distinct on (case_id) target
    from case_steps order by case_id, seq desc) last group by 1
"""
MESSAGES = """
select id::text, state, count(*) over (partition by case_id, purpose, phone_mask, text) as times
from sms_messages where case_id = any(%s::uuid[])
"""


def assert_whole(platform: Platform, crowd: Crowd) -> None:
    """Every acknowledged report once, every history complete, facts and figures right."""
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
    assert_figures(platform)


def assert_figures(platform: Platform) -> None:
    """What the leaders' door says is what the histories say, counted one by one."""
    (leader,) = platform.rows("select id from accounts where username = %s", [LEADER])
    with httpx2.Client(base_url=f"{platform.origin}/api/v1", timeout=30) as client:
        signed_in = client.post("/demo/session", json={"account_id": str(leader["id"])})
        assert signed_in.status_code == 200, signed_in.text
        answer = client.get("/indicators", params={"from": str(date(2024, 1, 1))})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    counted = dict.fromkeys(State, 0)
    counted |= {State(row["state"]): row["n"] for row in platform.rows(RECOUNTED)}
    assert told["by_state"] == counted
    assert told["received"] == sum(counted.values())
    closing = told["indicators"][0]
    assert closing["numerator"] == counted[State.CLOSED] + counted[State.EVALUATED]
    left_out = counted[State.DECLINED] + counted[State.WITHDRAWN]
    assert closing["denominator"] == told["received"] - left_out


def assert_messages_left(platform: Platform, crowd: Crowd) -> int:
    """Each message stands once and has reached the gateway; gives how many."""
    rows = platform.rows(MESSAGES, [list(crowd.sent)])
    assert {row["state"] for row in rows} == {"sent"}
    assert {row["times"] for row in rows} == {1}, "a message was written twice"
    with platform.gateway.lock:
        known = set(platform.gateway.kept)
    assert {row["id"] for row in rows} <= known, "a message is said to be sent and was not"
    return len(rows)


def assert_sound(cell: Cell) -> None:
    """Histories, counters and facts agree, and what is derived with what is kept."""
    with transaction(cell) as tx:
        for query in (GAPS, BROKEN_CHAINS, CONTRADICTIONS, COUNTERS, FACTS):
            assert tx.rows(query) == [], query
        (told,) = tx.rows(STEPS_TOLD)
    assert told["steps"] == told["facts"]
    wrong = {what: n for what, n in replay.rebuild(cell) if n}
    wrong.pop(UNREAD, None)
    assert wrong == {}, f"derived otherwise than it should be: {wrong}"


def every_job_done(platform: Platform, *, seconds: float = LONGEST) -> None:
    """The queue runs empty, and nothing in it was given up."""
    given_up = "select count(*) from pgqueuer where status = 'failed'"
    try:
        waiting = "select count(*) from pgqueuer"
        until(lambda: platform.figure(waiting) == 0, "every job done", seconds=seconds)
    except AssertionError as error:
        left = platform.rows("select status, entrypoint, attempts, execute_after from pgqueuer")
        raise AssertionError(f"{left[:5]}\n{platform.log('work')}") from error
    assert platform.figure(given_up) == 0
