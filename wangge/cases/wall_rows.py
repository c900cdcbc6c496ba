"""The rows behind the figures of the city screen, as conditions over a row ``c`` of ``cases``.

The read models of the screen count by the same words, so that a figure and its list agree.
"""

from wangge.cases.figure_sets import FAIRLY, GOOD, within
from wangge.cases.figure_sets import SATISFIED as COUNTED_SATISFIED
from wangge.cases.models import DONE, State

SAID = "c.satisfaction is not null"
# The read models keep both apart; which of them count is decided where they are read.
SATISFIED = f"c.satisfaction in {GOOD}"
FAIRLY_SATISFIED = f"c.satisfaction = '{FAIRLY}'"
LATE = "c.overdue_at is not null"
CLOSED = "c.state in ('closed', 'evaluated') and c.closed_at is not null"
IN_TIME = "c.closed_at <= c.total_due_at"
OPEN_STATES = tuple(state.value for state in State if state not in DONE)
OPEN = f"c.state in ({', '.join(repr(state) for state in OPEN_STATES)})"

WALL = {
    "wall_received": within("received_at"),
    "wall_open": OPEN,
    "wall_late": f"{OPEN} and {LATE}",
    "wall_closed": f"{CLOSED} and {within('closed_at')}",
    "wall_in_time": f"{CLOSED} and {IN_TIME} and {within('closed_at')}",
    "wall_said": f"{SAID} and {within('received_at')}",
    "wall_satisfied": f"{COUNTED_SATISFIED} and {within('received_at')}",
}
