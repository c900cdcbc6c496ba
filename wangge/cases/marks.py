"""A mark of the system on many cases at once: a step that leaves each of them where it is."""

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from wangge.cases.automatic import by_rule
from wangge.cases.change import changed
from wangge.cases.clock import CaseRow
from wangge.cases.milestones import ROAD
from wangge.cases.models import SYSTEM, State, StepInput
from wangge.cases.service import history, moved, step_of_system
from wangge.cases.workflow import LOOP
from wangge.kernel import facts
from wangge.kernel.db import Tx, dumps
from wangge.tenant.service import rules

# A mark leaves a case in its stage; only that stage's limit can have moved with the rules.
TIMES = (
    "due_at", "due_from", "overdue_at", "yellow_at", "warned_at", "total_due_at", "until_at",
    *(due for due, _ in ROAD.values()),
)  # fmt: skip
MARKED = dict.fromkeys(TIMES, "timestamptz") | {"id": "uuid", "due_limit": "text"}
# One document for all: fourteen arrays of five hundred take the driver ten times as long.
MARK = """
update cases c set version = version + 1, {kept}
from jsonb_to_recordset(%s) as m({columns}) where c.id = m.id
""".format(
    kept=", ".join(f"{name} = m.{name}" for name in MARKED if name != "id"),
    columns=", ".join(f"{name} {kind}" for name, kind in MARKED.items()),
)


def mark(tx: Tx, marks: Sequence[tuple[CaseRow, StepInput]]) -> None:
    """As ``step_of_system`` for one after the other, in few statements; the cases are locked.

    A case that a rule now moves on goes its way alone. Who owns the others is not asked: a mark
    changes nothing of it.
    """
    switches = rules(tx).switches
    staying = []
    for case, given in marks:
        if by_rule(switches, case):
            step_of_system(tx, case, given)
        else:
            staying.append((case, given))
    if staying:
        _write(tx, staying)


def _write(tx: Tx, marks: Sequence[tuple[CaseRow, StepInput]]) -> None:
    known = rules(tx)
    rows, lines, happened = [], [], []
    for case, given in marks:
        before = State(case["state"])
        move = LOOP.move(before, given.action)
        after = changed(known, tx.now, case, move, given, SYSTEM)
        after["version"] += 1
        line = history(tx.now, before, after, given, SYSTEM)
        rows.append(after)
        lines.append(line | {"data": Jsonb(line["data"])})
        happened.append(moved(before, after, given, SYSTEM))
    tx.run(MARK, [Jsonb([{name: row[name] for name in MARKED} for row in rows], dumps)])
    tx.copy("case_steps", list(lines[0]), (list(line.values()) for line in lines))
    facts.record(tx, happened)
