"""The line breaks after the commit and before the answer: the same id again is the same case."""

import pytest

from tests.faults.cutting import Cutting
from tests.faults.platform import Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import assert_whole, every_job_done
from tests.proofs import Proof

PEOPLE = 6


@pytest.mark.proof("A report repeated after a cut line is one case with one number")
def test_a_cut_line_makes_no_second_case(platform: Platform, proof: Proof) -> None:
    """Every second line is cut: in the request, or when the answer is already under way."""
    before = platform.figure("select count(*) from cases")
    cutting = Cutting(platform.port, proof.random)
    crowd = Crowd.begin(platform, PEOPLE, origin=cutting.origin)
    wanted = proof.count(80, stated=5_000)
    until(lambda: len(crowd.receipts) >= wanted, f"{wanted} reports", seconds=600)
    crowd.end()
    cutting.close()

    assert cutting.cut["answer"] > wanted / 10
    assert_whole(platform, crowd)
    assert platform.figure("select count(*) from cases") == before + len(crowd.receipts)
    every_job_done(platform)
    proof.note(reports=len(crowd.receipts), cut=cutting.cut)
