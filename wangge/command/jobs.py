"""What follows an order: units hear of it, and a word that does not come is noticed."""

from typing import Any
from uuid import UUID, uuid5

from wangge.command import service
from wangge.kernel.db import Tx
from wangge.kernel.queue import Open, sweep, task
from wangge.notices import service as notices

READ = """
select k.id, k.case_id, k.unit_id, k.words, k.given_by, c.number, c.title, c.desk_id,
    o.short_name as unit,
    ceil(extract(epoch from k.answer_by - k.at) / 60)::int as minutes
from command_calls k join cases c on c.id = k.case_id join organisations o on o.id = k.unit_id
where k.id = %s
"""
PEOPLE = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
join cases c on c.id = %s
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today()
    and p.account_id is distinct from c.about_account
"""
UNIT = ["handler", "department_manager", "property_manager"]
DESK = ["dispatcher", "duty_leader"]
STEP = """
select s.case_id, c.number, c.title, s.data from case_steps s join cases c on c.id = s.case_id
where s.id = %s
"""


@task("command_tell")
def tell(open_tx: Open, call_id: str, code: str) -> None:
    """The unit's people of an order, or of silence the desk and whoever sent it."""
    with open_tx() as tx:
        row = tx.one(READ, [UUID(call_id)])
        if row is None:
            return
        to_unit = code == "command_called"
        place, roles = (row["unit_id"], UNIT) if to_unit else (row["desk_id"], DESK)
        found = tx.rows(PEOPLE, [row["case_id"], place, roles])
        told = {one["account_id"] for one in found}
        if not to_unit:
            told.add(row["given_by"])
        body = {"number": row["number"], "title": row["title"], "unit": row["unit"],
                "words": row["words"][:60], "minutes": row["minutes"]}  # fmt: skip
        _notify(tx, uuid5(row["id"], code), code, row["case_id"], body, sorted(told))


@task("command_words")
def words(open_tx: Open, step_id: str, words: str, by: str) -> None:
    """A sentence of the desk to those whom it named."""
    with open_tx() as tx:
        row = tx.one(STEP, [UUID(step_id)])
        if row:
            body = {"number": row["number"], "title": row["title"], "words": words[:200], "by": by}
            told = [UUID(one) for one in row["data"].get("told", ())]
            _notify(tx, UUID(step_id), "command_words", row["case_id"], body, told)


def _notify(
    tx: Tx, key: UUID, code: str, case_id: UUID, body: dict[str, Any], told: list[UUID]
) -> None:
    notices.notify(
        tx,
        [
            notices.Notice(one, code, case_id, body, urgent=True, id=uuid5(key, str(one)))
            for one in told
        ],
    )


@sweep("command.unanswered", every=5)
def unanswered(open_tx: Open) -> None:
    with open_tx() as tx:
        service.mark_late(tx)
