"""Power cuts while reports arrive without pause: what was acknowledged stays."""

import pytest

from tests.faults.platform import Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import assert_messages_left, assert_whole, every_job_done
from tests.proofs import Proof

PEOPLE = 6


@pytest.mark.proof("No acknowledged report or step is lost or doubled when a part is killed")
@pytest.mark.parametrize("part", ["database", "serve", "work"])
def test_what_was_acknowledged_stays(platform: Platform, proof: Proof, part: str) -> None:
    """Killed as by a power cut, and begun anew."""
    chance = proof.random
    before = platform.figure("select count(*) from cases")
    crowd = Crowd.begin(platform, PEOPLE, staff=1)
    kills = proof.count(2 if part == "database" else 1, stated=20)
    for _ in range(kills):
        reached = len(crowd.receipts) + chance.randint(10, 30)
        until(lambda at=reached: len(crowd.receipts) >= at, f"{reached} reports")  # type: ignore[misc]
        platform.kill(part)
    reached = len(crowd.receipts) + 10
    until(lambda: len(crowd.receipts) >= reached, "reports after the last kill")
    crowd.end()

    assert platform.figure("select count(*) from cases") >= before + len(crowd.receipts)
    assert_whole(platform, crowd)
    every_job_done(platform)
    proof.note(
        kills=kills,
        reports=len(crowd.receipts),
        steps=len(crowd.accepted),
        messages=assert_messages_left(platform, crowd),
        trouble=crowd.trouble,
    )
