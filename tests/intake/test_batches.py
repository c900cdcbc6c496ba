"""Many matters at once: all or none, each once, in the order in which they were told."""

import pytest

from wangge.intake.models import Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id


def told(text: str, **more: object) -> Report:
    return Report(id=new_id(), text=text, channel="import", **more)  # type: ignore[arg-type]  # plain words of a story


def test_a_batch_is_numbered_without_gaps(tx: Tx) -> None:
    reports = [told(f"第{n}盏灯坏了", lon=118.10, lat=37.30) for n in range(30)]

    receipts = receive_many(tx, reports, Source(name="测试"))

    assert [receipt.id for receipt in receipts] == [report.id for report in reports]
    numbers = sorted(int(receipt.number.rsplit("-", 1)[1]) for receipt in receipts)
    assert numbers == list(range(1, 31))
    assert len({receipt.number for receipt in receipts}) == 30


def test_each_place_counts_for_itself(tx: Tx) -> None:
    here = told("灯坏了", lon=118.10, lat=37.30)
    there = told("灯坏了", lon=118.50, lat=37.30)

    first, second = receive_many(tx, [here, there], Source())

    assert first.number.startswith("379901001-")
    assert second.number.startswith("379901101-")
    assert first.number.endswith("-0001")
    assert second.number.endswith("-0001")


def test_the_same_matter_twice_in_a_batch_is_one(tx: Tx) -> None:
    report = told("灯坏了")

    first, second = receive_many(tx, [report, report], Source())

    assert first == second
    assert tx.rows("select count(*) as n from cases") == [{"n": 1}]


def test_one_id_for_two_matters_is_refused(tx: Tx) -> None:
    """Neither of them may vanish silently."""
    report = told("灯坏了")
    other = told("井盖丢了")
    other.id = report.id

    with pytest.raises(Refusal) as refused:
        receive_many(tx, [report, other], Source())

    assert refused.value.code == "id_taken"
    assert tx.rows("select count(*) as n from cases") == [{"n": 0}]


def test_one_that_cannot_be_taken_stops_all(tx: Tx) -> None:
    with pytest.raises(Refusal) as refused:
        receive_many(tx, [told("灯坏了"), told(" ")], Source())

    assert refused.value.code == "text_needed"
    assert tx.rows("select count(*) as n from cases") == [{"n": 0}]
