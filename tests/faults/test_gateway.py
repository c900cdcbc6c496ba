"""The SMS gateway goes away and comes back: each message leaves once."""

from tests.faults.platform import SMS_TOKEN, Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import every_job_done
from wangge.notices.local_gateway import Behaviour, StandIn

WAITING = "select count(*) from sms_messages where state = 'queued' and attempts > 0"


def test_messages_wait_for_the_gateway(platform: Platform) -> None:
    """Seen red with a failed attempt that queues no other."""
    port = platform.gateway.server_address[1]
    platform.gateway.stop()
    crowd = Crowd.begin(platform, 1, staff=1)
    until(lambda: platform.figure(WAITING) > 0, "messages that were tried in vain")
    crowd.end()

    platform.gateway = StandIn(port, SMS_TOKEN, Behaviour(receipts=False)).start()
    every_job_done(platform)

    rows = platform.rows(
        "select m.id, m.state from sms_messages m where case_id = any(%s::uuid[])",
        [list(crowd.sent)],
    )
    assert rows
    assert {row["state"] for row in rows} == {"sent"}
    with platform.gateway.lock:
        known = dict(platform.gateway.kept)
    assert {str(row["id"]) for row in rows} <= known.keys()
    assert [one.id for one in known.values() if one.times > 1] == []
