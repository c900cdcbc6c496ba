"""A batch is the same as its items one by one: repeats, ids of other matters, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.cases.models import Mode
from wangge.intake.models import Answer, AskerWords, Outcome, Report, Source
from wangge.intake.service import receive_each, receive_many, receive_waiting
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal

IDS = [UUID(f"01890000-0000-7000-8000-00000000000{n}") for n in range(4)]
WRITTEN = {
    "cases": "select to_jsonb(c) - 'terms' as row from cases c order by id",
    "case_steps": "select to_jsonb(s) - 'id' as row from case_steps s order by case_id",
    "case_askers": "select to_jsonb(k) - 'name_sealed' - 'phone_sealed' as row"
    " from case_askers k order by case_id",
    "facts": "select to_jsonb(f) - 'id' as row from facts f order by subject",
    "case_numbers": "select to_jsonb(n) as row from case_numbers n order by prefix",
}
# The name of what a job writes is its own.
JOBS = """
select entrypoint, convert_from(payload, 'utf8')::jsonb - 'key' as said, priority from pgqueuer
order by 1, 2
"""
texts = st.sampled_from(["灯坏了", "井盖丢了", "厨房着火了", " ", "坏\0了", "长" * 10_001])
askers = st.sampled_from(
    [None, AskerWords(), AskerWords("王五", "13805460001"), AskerWords("", "不是号码"),
     AskerWords("王五", "13805460001", Mode.ANONYMOUS)]
)  # fmt: skip
places = st.sampled_from([(None, None), (118.1, 37.3), (118.5, 37.3), (10.0, 10.0)])


@st.composite
def items(draw: st.DrawFn) -> Callable[[Tx], Report | Refusal]:
    case_id, text, asker, (lon, lat) = (
        draw(st.sampled_from(IDS)), draw(texts), draw(askers), draw(places)
    )  # fmt: skip
    ahead = draw(st.sampled_from([None, timedelta(hours=-1), timedelta(hours=1)]))
    kind = draw(st.sampled_from([None, "no.such.type"]))
    unread = draw(st.integers(0, 9)) == 0

    def made(tx: Tx) -> Report | Refusal:
        if unread:
            return Refusal("invalid_input", "看不懂", "unreadable")
        return Report(
            id=case_id, text=text, channel="import", lon=lon, lat=lat, asker=asker, type=kind,
            found_at=tx.now + ahead if ahead else None,
        )  # fmt: skip

    return made


def written(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    return {table: tx.rows(query) for table, query in WRITTEN.items()}


def told(answer: Answer) -> tuple[Any, ...]:
    return answer.outcome, answer.receipt, answer.refusal and answer.refusal.code


def alone(tx: Tx, item: Report | Refusal) -> Answer:
    if isinstance(item, Refusal):
        return Answer(Outcome.REFUSED, refusal=item)
    here = tx.one("select from cases where id = %s", [item.id]) is not None
    try:
        receipt, *_ = receive_many(tx, [item], Source(name="测试"))
    except Refusal as refusal:
        return Answer(Outcome.REFUSED, refusal=refusal)
    return Answer(Outcome.REPEATED if here else Outcome.TAKEN, receipt=receipt)


few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)


@few
@given(makers=st.lists(items(), min_size=1, max_size=9))
def test_a_batch_is_its_items_one_by_one(
    tx: Tx, makers: list[Callable[[Tx], Report | Refusal]]
) -> None:
    """Seen red when a batch lets the later of two contents under one id win."""
    wanted = [maker(tx) for maker in makers]
    with tx.conn.transaction(force_rollback=True):
        apart = [told(alone(tx, item)) for item in wanted]
        apart_rows = written(tx)
    with tx.conn.transaction(force_rollback=True):
        together = [told(one) for one in receive_each(tx, wanted, Source(name="测试"))]
        together_rows = written(tx)
    assert together == apart
    assert together_rows == apart_rows


@few
@given(makers=st.lists(items(), min_size=1, max_size=9))
def test_those_that_wait_together_are_each_told_of(
    tx: Tx, makers: list[Callable[[Tx], Report | Refusal]]
) -> None:
    """The same rows and the same jobs as one by one; seen red when they count as an import."""
    wanted = [maker(tx) for maker in makers]
    with tx.conn.transaction(force_rollback=True):
        apart = [told(alone(tx, item)) for item in wanted]
        apart_rows, apart_jobs = written(tx), tx.rows(JOBS)
    with tx.conn.transaction(force_rollback=True):
        together = [told(one) for one in receive_waiting(tx, wanted, Source(name="测试"))]
        assert written(tx) == apart_rows
        assert tx.rows(JOBS) == apart_jobs
    assert together == apart
