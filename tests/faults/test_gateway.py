"""The SMS gateway goes away and comes back: each message leaves, under one id."""

from functools import partial

import pytest

from tests.faults.platform import SMS_TOKEN, Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import assert_messages_left, assert_whole, every_job_done
from tests.proofs import Proof
from wangge.notices.local_gateway import Behaviour, StandIn

SENT = "select count(*) from sms_messages where state = 'sent'"
TRIES = "select id::text, attempts from sms_messages where id = any(%s::uuid[])"
IN_VAIN = f"select coalesce(sum(attempts), 0) - ({SENT}) from sms_messages"
# Who was tried in vain round after round waits twice as long each time.
LAST_TRY = 400.0


def grown(platform: Platform, query: str, past: int) -> bool:
    return platform.figure(query) > past


@pytest.mark.proof("Messages wait for the SMS gateway and each leaves once")
def test_messages_wait_for_the_gateway(platform: Platform, proof: Proof) -> None:
    """Seen red with a failed attempt that queues no other."""
    times = proof.count(1, stated=20)
    crowd = Crowd.begin(platform, 1, staff=1)
    first = platform.figure(IN_VAIN)
    for _ in range(times):
        away = platform.gateway
        away.stop()
        tried = platform.figure(IN_VAIN)
        until(partial(grown, platform, IN_VAIN, tried + 2), "messages tried in vain")
        back = StandIn(away.server_address[1], SMS_TOKEN, Behaviour(receipts=False))
        back.kept = away.kept
        platform.gateway = back.start()
        sent = platform.figure(SENT)
        until(partial(grown, platform, SENT, sent), "messages sent again")
    crowd.end()

    every_job_done(platform, seconds=LAST_TRY)
    assert_whole(platform, crowd)
    messages = assert_messages_left(platform, crowd)
    assert messages >= len(crowd.accepted) > 0
    # Who goes away with an answer in hand is asked again, under the same id: docs/sms-gateway.md.
    again = {id_: one.times for id_, one in platform.gateway.kept.items() if one.times > 1}
    asked = {row["id"]: row["attempts"] for row in platform.rows(TRIES, [list(again)])}
    assert {id_: times for id_, times in again.items() if times > asked[id_]} == {}
    proof.note(
        times_away=times,
        messages=messages,
        asked_again_after_a_lost_answer=len(again),
        tried_in_vain=platform.figure(IN_VAIN) - first,
        reports=len(crowd.receipts),
    )
