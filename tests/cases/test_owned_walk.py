"""Everything has somebody: many cases walk at random while people and units come and go."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any

import pytest

from tests.cases import owned, walk_joins
from tests.cases.owned import explained
from tests.cases.walk import BEGINS, Walk, walked
from tests.cases.walk_sql import CASES, WAITING
from tests.proofs import Proof
from tests.town import Person, Town
from wangge.cases.assistance import TaskAction
from wangge.cases.request_kinds import BY_CODE, KINDS
from wangge.cases.workflow import LOOP
from wangge.kernel import clock
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.people import appointments
from wangge.people.models import PostDraft
from wangge.reactions import REGISTERED
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules, save
from wangge.whistles.models import CallAction

REDUCED, STATED = 60, 25_000
PARTS = (1, 2, 3, 4) if os.environ.get("WANGGE_PROVE") else (1,)  # a town of its own for each
SEVERAL = 25  # times is every transition taken in each part of the stated runs
SEVERAL_OF_ITS = 3  # times every outcome of a request, a task, a whistle, a notice
MORE = 1000  # runs more that hunt what was taken less often, as long as there is any
SHARE = 0.15  # of all of it is reached by the reduced runs
KINDS_OF = """
select what, kind, count(*) as n from (
    select 'request' as what, kind || ' ' || status as kind from case_requests
        where status <> 'lapsed' or decided_at <> asked_at
    union all select 'alarm', case when acknowledged_at is null then 'raised' else 'in hand' end
        from alarms
    union all select 'task', data ->> 'did' from case_steps where action = 'assist'
    union all select 'whistle', action from whistle_steps
    union all select 'supervision', kind || ' ' || state from supervisions
        where ended_why <> '' or state not in ('ended', 'open')) as found
group by 1, 2
"""
TAKEN = """
select coalesce(source, '') as source, action, count(*) as n from case_steps group by 1, 2
"""


def transitions() -> set[tuple[str, str]]:
    """Every state with every step that leads on from it, by people or by rule."""
    return {(source.value, move.action.value) for move in LOOP.moves for source in move.sources}


def kinds() -> set[tuple[str, str]]:
    """Every outcome of what hangs on a case: requests, alarms, tasks, whistles, supervision."""
    outcomes = ("granted", "refused", "withdrawn", "lapsed")
    by_rule = ("blow", "concluded", "cancelled", "handed_over", "late", "overdue")
    return {
        *(("request", f"{kind.code} {outcome}") for kind in KINDS for outcome in outcomes),
        *(("task", action) for action in ("give", *TaskAction)),
        *(("whistle", action) for action in (*by_rule, *CallAction)),
        *(("supervision", end) for end in ("notice answered", "notice ended", "listing ended",
                                           "criticism ended", "criticism refused")),
        ("alarm", "raised"),
        ("alarm", "in hand"),
    }  # fmt: skip


def signed_in(town: Town) -> Callable[[Walk], None]:
    """A sample at the end of every batch: the owner signs in, finds the case, and may go on."""

    def look(walk: Walk) -> None:
        with transaction(walk.cell) as tx:
            rows = [row for row in tx.rows(CASES, [walk.live]) if row["state"] not in owned.OVER]
            for case in rows:
                explained(case, tx)
            waiting = tx.rows(WAITING)
        for request in {row["kind"]: row for row in waiting}.values():
            name = walk.chance.choice(sorted(set(owned.deciders(request, request, walk.posts))))
            _decides(town.person(name), request)
            walk.troubles["decides"] += 1
        walk.chance.shuffle(rows)
        sample = {(case["state"], case["duty"]): case for case in rows}.values()
        for case in sample:
            name = walk.chance.choice(sorted(set(owned.owners(case, walk.posts, walk.only))))
            _sees(town.person(name), case)
            walk.troubles["signed in"] += 1
        sys.stdout.write(f"{walk.runs} runs, {walk.checked} looks, 0 violations\n")
        sys.stdout.flush()

    return look


def _sees(person: Person, case: dict[str, Any]) -> None:
    code = owned.TABLE[case["state"], case["duty"]][2]
    listed = {row["code"]: row["count"] for row in person.get("/cases/queues").json()}
    assert listed[code] > 0
    assert str(case["id"]) in set(_listed(person, code))
    shown = person.get(f"/cases/{case['id']}").json()
    assert shown["due_at"]
    assert any(action["primary"] for action in shown["actions"]), (person.name, case["state"])
    told = person.get(f"/cases/{case['id']}/deadline").json()
    assert datetime.fromisoformat(told["due_at"]) == case["due_at"]
    assert len(told["lines"]) >= 2


def _decides(person: Person, request: dict[str, Any]) -> None:
    listed = {row["code"]: row["count"] for row in person.get("/cases/queues").json()}
    assert listed["to_decide"] > 0
    assert str(request["case_id"]) in set(_listed(person, "to_decide"))
    shown = person.get(f"/cases/{request['case_id']}").json()
    by = {action.value for action in BY_CODE[request["kind"]].decides}
    assert by & {action["action"] for action in shown["actions"]}, (person.name, request["kind"])


def _listed(person: Person, code: str) -> Iterator[str]:
    cursor = ""
    while True:
        page = person.get("/cases", queue=code, cursor=cursor).json()
        yield from (card["id"] for card in page["items"])
        cursor = page["next"]
        if not cursor:
            return


@pytest.mark.mission("DY-16")
@pytest.mark.proof("Every open case has an owner and a due time")
@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_ever_nobodys(town: Town, cell: Cell, proof: Proof, part: int) -> None:
    """DY-16: "property test: 0 violations in 100 k random runs".

    A run is a walk of some steps by chance through the real intake and the real steps: from a new
    report, or from wherever an earlier run left its case. Four parts of 25,000 make the hundred
    thousand. After every step hold, by tables of their own: somebody has the case, its history
    says where it stands, whoever took it had the right and was not in his own cause, no clock ran
    backwards (``walk_law``); between them somebody tries what is not his. After every round, and
    again after a post ended, an account was locked or a unit was dissolved, all open cases are
    asked who has them, and child tasks, whistles and requests too; a sample of owners signs in and
    finds them with the due time that its explanation adds up to. The stated runs take every step
    of the law from every state a hundred times, a quarter in each part: they are drawn to what was
    taken least, and where the number is not reached more runs hunt what is short of it, at most
    twice as many again; else the test fails.

    Seen red: without ``seen_to`` a registered case of a desk without a dispatcher was nobody's. A
    whistle was, too, while people of a dissolved desk could blow one for it. A case set free or
    reopened was due in the whole by rules of the day of its report, and what a city narrowed to
    fewer roles was nobody's until the next sweep. With a unit's steps open to anybody a supervisor
    acknowledged a case without right.
    """
    assert REGISTERED
    walk = Walk(cell, Random(proof.seed + part))  # noqa: S311 - chance that can be repeated
    runs = proof.count(REDUCED, STATED)
    with transaction(cell) as tx:
        clock.set_to(tx, BEGINS, frozen=True)
    with transaction(cell) as tx:
        second_desk(tx)
        desk_between(tx)
        impatient(tx)
        usual = rules(tx)
    for city, share in zip(CITIES, (3, 3, 2), strict=True):
        moved_to(walk, city, usual)
        walked(walk, runs * share // 8, signed_in(town))

    more, turns = 0, cycle(CITIES[1:])
    while runs >= STATED and more < 2 * runs:
        short = fewer(cell)
        if not short and rarest(cell, kinds())[0] >= SEVERAL_OF_ITS:
            break
        walk.choice.hunt(short)
        moved_to(walk, next(turns), usual)
        walked(walk, MORE, signed_in(town))
        more += MORE

    edges, taken = transitions(), counted(cell)
    steps = sum(n for (source, _), n in taken.items() if source in {one for one, _ in edges})
    wanted = edges | kinds()
    missing = sorted(one for one in wanted if not taken[one])
    least, least_of = rarest(cell, edges)
    least_kind, _ = rarest(cell, kinds())
    proof.note(
        runs=runs + more, steps=steps, looked_at=walk.checked, violations=0,
        transitions=f"{len([one for one in edges if taken[one]])} of {len(edges)}", least=least,
        taken=f"{len(wanted) - len(missing)} of {len(wanted)}", least_of_all=least_kind,
        **{name.replace(" ", "_"): n for name, n in (walk.troubles + walk.refused).items()},
    )  # fmt: skip
    told = [f"{source:>11} --{action:-<18}> {taken[source, action]}"
            for source, action in sorted(wanted)]  # fmt: skip
    sys.stdout.write("\n".join([f"\n{runs + more} runs, {steps} steps", *told, ""]))
    assert len(missing) < len(wanted) * (1 - SHARE), missing
    if runs >= STATED:
        assert least >= SEVERAL, least_of
        assert least_kind >= SEVERAL_OF_ITS, missing


def counted(cell: Cell) -> Counter[tuple[str, str]]:
    """How often every transition was taken, and every outcome of what hangs on a case."""
    with transaction(cell) as tx:
        found = {(row["source"], row["action"]): row["n"] for row in tx.rows(TAKEN)}
        found |= {(row["what"], row["kind"]): row["n"] for row in tx.rows(KINDS_OF)}
    return Counter(found)


def rarest(cell: Cell, wanted: set[tuple[str, str]]) -> tuple[int, list[tuple[str, str]]]:
    """How often the rarest of them were taken, and which they are."""
    taken = counted(cell)
    least = min(taken[one] for one in wanted)
    return least, sorted(one for one in wanted if taken[one] == least)


def fewer(cell: Cell) -> frozenset[tuple[str, str]]:
    """The transitions that were taken less often than the stated runs take each."""
    taken = counted(cell)
    return frozenset(one for one in transitions() if taken[one] < SEVERAL)


def second_desk(tx: Tx) -> None:
    """A desk of the same level that could take anything on: else nothing is ever transferred."""
    row = tx.one(
        "select c.id, p.unit_id, p.area_id from accounts c join posts p on p.account_id = c.id"
        " where c.username = 'liulin'"
    )
    assert row
    draft = PostDraft(new_id(), "duty_leader", row["area_id"], row["unit_id"])
    appointments.appoint(tx, row["id"], draft, actor=None)


def desk_between(tx: Tx) -> None:
    """Somebody decides between township and city: else what is asked is never sent up."""
    row = tx.one(
        "select c.id, d.id as unit_id, d.area_id from accounts c, organisations d"
        " where c.username = 'citydesk' and d.code = 'desk-379901'"
    )
    assert row
    draft = PostDraft(new_id(), "duty_leader", row["area_id"], row["unit_id"])
    appointments.appoint(tx, row["id"], draft, actor=None)


def impatient(tx: Tx) -> None:
    """Two hours without a word are a silence, so that it comes over cases that walk."""
    known = rules(tx)
    body = known.supervision.model_dump(mode="json")
    body |= {"silence": "2CH", "silence_manager": "2CH", "ladder": body["ladder"][:2]}
    save(tx, "supervision", body, version=known.versions.get("supervision", 0), author_id=None)


MANUAL = {f"auto_{name}": False for name in ("register", "check", "close")} | {
    "approve_answers": True
}


@dataclass(frozen=True)
class City:
    """What a city has decided before it is walked through."""

    switches: dict[str, bool] = field(default_factory=dict)
    only: frozenset[str] | None = None  # who verifies and checks, where not all who could


CITIES = (
    City(),  # the product's own rules: most steps follow by themselves
    City(MANUAL),  # nothing runs by itself, and answers are approved
    City(MANUAL | {"decline_by_two": True}, frozenset({"grid_worker"})),  # and nobody refuses alone
)


def moved_to(walk: Walk, city: City, usual: Rules) -> None:
    """From now on the walk is in this city, which is the ``usual`` one but for its decisions."""
    with transaction(walk.cell) as tx:
        switches = usual.switches.model_dump(mode="json") | city.switches
        workflow = usual.workflow.model_dump(mode="json")
        for action in workflow["actions"]:
            if city.only and action["code"] in ("verify", "pass_check", "fail_check"):
                action["roles"] = sorted(city.only)
        for name, body in (("switches", switches), ("workflow", workflow)):
            version = rules(tx).versions.get(name, 0)
            save(tx, name, body, version=version, author_id=None)
    walk_joins.jobs(walk.cell)
    walk.approves = city.switches.get("approve_answers", False)
    walk.two = city.switches.get("decline_by_two", False)
    walk.only = city.only
