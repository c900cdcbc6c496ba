"""What happens by itself when a party organisation's last day has gone by."""

from wangge.kernel.queue import Open, sweep
from wangge.teams import party


@sweep("teams.dissolved", every=300)
def dissolved(open_tx: Open) -> None:
    with open_tx() as tx:
        party.dissolve(tx)
