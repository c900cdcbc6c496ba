"""People and units that come and go while cases walk."""

from typing import TYPE_CHECKING, Any

from tests.cases.walk_sql import DESKS
from tests.town import PEOPLE, UNITS
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people import appointments, organisations
from wangge.people import service as people
from wangge.people.models import PostDraft

if TYPE_CHECKING:
    from tests.cases.walk import Walk

MOST_GONE = 6
# The unit of a case from whose state one was followed least often.
HOLDERS = """
select distinct c.state, u.code from cases c join organisations u on u.id = c.unit_id and u.active
where c.id = any(%s) and c.state in ('dispatched', 'handling') order by 1, 2
"""


class Troubles:
    """Ends posts, locks accounts, dissolves units, and brings them back."""

    def __init__(self, walk: "Walk") -> None:
        self.walk = walk
        self.gone: list[tuple[str, Any]] = []

    def one(self, tx: Tx) -> None:
        """Somebody leaves, is locked out, or a unit is dissolved; or one of them comes back."""
        chance = self.walk.chance
        if self.gone and (len(self.gone) >= MOST_GONE or chance.random() < 0.35):
            self.come_back(tx, self.gone.pop(chance.randrange(len(self.gone))))
            return
        kind = chance.choice(["post", "post", "lock", "unit", "unit"])
        try:
            with tx.conn.transaction():
                self.gone.append((kind, getattr(self, f"end_{kind}")(tx)))
        except Refusal as refusal:
            if refusal.code != "last_duty_leader":
                raise
            self.walk.refused[refusal.code] += 1
            return
        self.walk.troubles[kind] += 1

    def end_post(self, tx: Tx) -> Any:
        post = self.walk.chance.choice(
            tx.rows("select * from posts where valid @> city_today() and reads_cases order by id")
        )
        tomorrow = tx.one("select city_today() + 1 as day") or {}
        by_date = self.walk.chance.random() < 0.3
        appointments.end(tx, post["id"], on=tomorrow["day"] if by_date else None, actor=None)
        return post

    def end_lock(self, tx: Tx) -> Any:
        admins = ("system_admin", "security_admin", "audit_admin")
        name = self.walk.chance.choice([p[0] for p in PEOPLE if p[2] not in admins])
        account = tx.one("select id from accounts where username = %s", [name])
        guard = self.walk.actor("secadmin")
        assert account
        assert guard
        people.lock_account(tx, account["id"], locked=True, reason="测试", actor=guard)
        return account["id"]

    def end_unit(self, tx: Tx) -> Any:
        """Any unit; or that of a case from whose state one was followed least often."""
        chance, taken = self.walk.chance, self.walk.choice.taken
        drawn = chance.random()
        found = []
        if drawn < 0.75:
            query, action = (DESKS, "hand_over") if drawn < 0.5 else (HOLDERS, "take_back")
            found = [(taken[row["state"], action], row["code"])
                     for row in tx.rows(query, [self.walk.live])]  # fmt: skip
        code = min(found)[1] if found else chance.choice(UNITS)[0]
        unit = tx.one("select * from organisations where code = %s", [code])
        assert unit
        organisations.put(tx, {**unit, "active": False}, actor=None)
        return unit

    def all_back(self, tx: Tx) -> None:
        while self.gone:
            self.come_back(tx, self.gone.pop())

    def come_back(self, tx: Tx, what: tuple[str, Any]) -> None:
        match what:
            case "unit", unit:
                organisations.put(tx, {**unit, "active": True}, actor=None)
            case "lock", account_id:
                tx.run("update accounts set active = true where id = %s", [account_id])
            case "post", post:
                draft = PostDraft(new_id(), post["role"], post["area_id"], post["unit_id"])
                tx.run("update organisations set active = true where id = %s", [post["unit_id"]])
                appointments.appoint(tx, post["account_id"], draft, actor=None)
