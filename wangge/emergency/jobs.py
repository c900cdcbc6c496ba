"""The sweeps of incidents: the ladder that goes on by itself, and tasks that are late."""

from wangge.emergency import alerting, ordering
from wangge.kernel.queue import Open, sweep


@sweep("incident_ladder", every=5)
def ladder(open_tx: Open) -> None:
    """Each incident in a transaction of its own: what fails for one keeps nobody else asleep."""
    with open_tx() as tx:
        due = alerting.due(tx)
    for incident_id in due:
        with open_tx() as tx:
            alerting.climb(tx, incident_id)


@sweep("incident_tasks", every=20)
def late(open_tx: Open) -> None:
    with open_tx() as tx:
        ordering.tell_late(tx)
