"""Work that follows at once but not in the request, and the sweeps; all safe to run twice."""

from typing import Any
from uuid import UUID

from wangge.cases import answers, households, older, untold
from wangge.dispatch import (
    alarms,
    asker_words,
    asking,
    lights,
    ownership,
    reckoning,
    service,
    suggestion,
    trying,
)
from wangge.kernel.queue import Open, defer, sweep, task


@task("alarm")
def alarm(open_tx: Open, case_id: str, groups: list[str]) -> None:
    with open_tx() as tx:
        alarms.raise_alarm(tx, UUID(case_id), groups)


def _once(key: str) -> UUID | None:
    """The name of what a job writes: a worker that dies after its commit runs it again."""
    return UUID(key) if key else None


@task("tell")
def tell(open_tx: Open, case_id: str, target: str, code: str = "", key: str = "") -> None:
    with open_tx() as tx:
        row: dict[str, Any] | None = tx.one("select state from cases where id = %s", [case_id])
        if row and row["state"] == target:
            said = code or f"case_{target}"
            service.tell_holders(tx, [UUID(case_id)], said, key=_once(key))
        if target == "closed":
            alarms.tell_result(tx, UUID(case_id))
            households.tell(tx, UUID(case_id), "returned")


@task("tell_late")
def tell_late(open_tx: Open, case_ids: list[str], key: str) -> None:
    ids = [UUID(one) for one in case_ids]
    with open_tx() as tx:
        # Nobody is told in vain: where nobody is left, the next in line has it and hears of it.
        ownership.see_to_these(tx, ids)
        service.tell_holders(tx, ids, "case_overdue", key=UUID(key))


@task("tell_of_request")
def tell_of_request(open_tx: Open, case_id: str, action: str, key: str) -> None:
    with open_tx() as tx:
        asking.tell(tx, UUID(case_id), action, key=UUID(key))


@task("tell_desk")
def tell_desk(open_tx: Open, case_id: str, code: str, key: str) -> None:
    with open_tx() as tx:
        service.tell_desk(tx, UUID(case_id), code, key=UUID(key))


@task("tell_asker")
def tell_asker(open_tx: Open, case_id: str, target: str, key: str = "") -> None:
    with open_tx() as tx:
        answers.wait(tx, UUID(case_id), target)
        asker_words.tell_asker(tx, UUID(case_id), target, key=_once(key))


@task("suggest_anew")
def suggest_anew(open_tx: Open) -> None:
    """The directory changed: every case that waits for a unit is looked at again, in batches."""
    after: UUID | None = None
    while True:
        with open_tx() as tx:
            batch = suggestion.waiting(tx, after)
            suggestion.announce(tx, suggestion.refresh(tx, batch))
        if not batch:
            return
        after = batch[-1]


@task("try_rules")
def try_rules(open_tx: Open, trial_id: str) -> None:
    trying.run(open_tx, UUID(trial_id))


@task("reckon_anew")
def reckon_anew(
    open_tx: Open, version: int, document: str = "calendar", *, whole: bool = False
) -> None:
    """The rules changed: clocks that rest on them are reckoned once more, a batch at a time."""
    with open_tx() as tx:
        change = reckoning.change_of(tx, document, version, whole=whole)
        ids = reckoning.clocks_of(tx, change) if change.reckons else []
    for n in range(0, len(ids), reckoning.BATCH):
        with open_tx() as tx:
            reckoning.reckon(tx, change, ids[n : n + reckoning.BATCH])


@sweep("overdue", every=10)
def overdue(open_tx: Open) -> None:
    with open_tx() as tx:
        service.mark_overdue(tx)


@sweep("yellow", every=30)
def yellow(open_tx: Open) -> None:
    with open_tx() as tx:
        lights.warn(tx)


@sweep("escalation", every=5)
def escalation(open_tx: Open) -> None:
    """Each alarm in a transaction of its own: what fails for one keeps nobody else asleep."""
    with open_tx() as tx:
        due = tx.rows(
            "select case_id from alarms where acknowledged_at is null and next_at <= %s limit 50",
            [tx.now],
        )
    for row in due:
        with open_tx() as tx:
            alarms.escalate(tx, row["case_id"])


@sweep("silence", every=300)
def silence(open_tx: Open) -> None:
    with open_tx() as tx:
        service.end_silence(tx)


@sweep("untold", every=600)
def untold_list(open_tx: Open) -> None:
    """Once a night: the first time after the city's midnight."""
    with open_tx() as tx:
        untold.make(tx)


@sweep("older", every=10)
def older_cases(open_tx: Open) -> None:
    with open_tx() as tx:
        older.fill(tx)


@task("owners")
def owned_anew(open_tx: Open) -> None:
    with open_tx() as tx:
        if ownership.see_to(tx):
            defer(tx, "owners")


@sweep("owners", every=300)
def owned(open_tx: Open) -> None:
    """The net below the facts: whatever came to be without an owner gets one."""
    owned_anew(open_tx)
