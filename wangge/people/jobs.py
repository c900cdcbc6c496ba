"""The people room's sweep: posts that begin or end at midnight."""

from wangge.kernel.queue import Open, sweep
from wangge.people import appointments


@sweep("people.turn_of_the_day", every=30)
def turn_of_the_day(open_tx: Open) -> None:
    with open_tx() as tx:
        appointments.turn_of_the_day(tx)
