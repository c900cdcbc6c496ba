"""The people room's sweeps: posts that begin or end at midnight, sessions long over."""

from wangge.kernel.queue import Open, sweep
from wangge.people import appointments, sessions


@sweep("people.turn_of_the_day", every=30)
def turn_of_the_day(open_tx: Open) -> None:
    with open_tx() as tx:
        appointments.turn_of_the_day(tx)


@sweep("people.ended_sessions", every=3600)
def ended_sessions(open_tx: Open) -> None:
    with open_tx() as tx:
        sessions.forget_ended(tx)
