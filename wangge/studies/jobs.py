"""The sweep that writes the analyses; safe to run twice, and it catches up what was missed."""

from wangge.kernel.queue import Open, sweep
from wangge.studies import analyses

MORNING = 6  # the hour of the city from which a period that is over is written
AT_ONCE = 20


@sweep("studies.analyses", every=60)  # a city just set up waits for its first counts
def write(open_tx: Open) -> None:
    """From Monday morning the week that is over, from the first of a month the month."""
    for kind in ("week", "month"):
        with open_tx() as tx:
            now = analyses.local(tx)
            period = analyses.over(kind, now.date())
            counting = tx.one("select built_at from cube_state") or {"built_at": None}
            early = now.hour < MORNING and (now.date() - period.last).days == 1
            ready = not early and counting["built_at"] is not None
            areas = analyses.missing(tx, period, AT_ONCE) if ready else []
        for area_id in areas:
            with open_tx() as tx:
                analyses.write(tx, area_id, period)
