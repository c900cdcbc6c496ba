"""People and units that come and go while cases walk."""

from typing import TYPE_CHECKING, Any

from tests.cases import owned
from tests.cases.walk_sql import DECIDERS, DESKS, LEAVERS
from tests.town import PEOPLE, UNITS
from wangge.cases.models import Action
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people import appointments, organisations
from wangge.people import service as people
from wangge.people.models import PostDraft

if TYPE_CHECKING:
    from tests.cases.walk import Walk

MOST_GONE = 3  # of four units that handle one always stays
AT_ONCE = 2
AIMED = 0.8  # of those who go, so many where it was seldom seen what follows of it
BY_UNITS = (Action.HAND_OVER, Action.TAKE_BACK)
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

    def some(self, tx: Tx) -> None:
        for _ in range(AT_ONCE):
            self.one(tx)

    def one(self, tx: Tx) -> None:
        """Somebody leaves, is locked out, or a unit is dissolved; or one of them comes back."""
        chance = self.walk.chance
        if self.gone and (len(self.gone) >= MOST_GONE or chance.random() < 0.35):
            self.come_back(tx, self.gone.pop(chance.randrange(len(self.gone))))
            return
        choice, live = self.walk.choice, self.walk.states(tx)
        left = max((choice.want(state, Action.LEFT_OPEN) for state in live), default=0)
        asked = max((choice.want(state, Action.RAISE_REQUEST) for state in live), default=0)
        gone = max((choice.want(state, action) for state in live for action in BY_UNITS), default=0)
        (kind,) = chance.choices(["post", "lock", "unit"], [0.2 + left, 0.2 + asked, 0.2 + gone])
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
        """Anybody's; or of whoever had work in hand where it was left open least often."""
        chance, taken = self.walk.chance, self.walk.choice.taken
        posts = {
            row["id"]: row
            for row in tx.rows("select * from posts where valid @> city_today() and reads_cases")
        }
        leaving: dict[Any, int] = {}
        if chance.random() < AIMED:
            for row in tx.rows(LEAVERS, {"live": self.walk.live, "field": sorted(owned.FIELD)}):
                least = taken[row["state"], "left_open"]
                leaving[row["id"]] = min(least, leaving.get(row["id"], least))
        aimed = [one for one in leaving if leaving[one] == min(leaving.values())]
        post = posts[chance.choice(sorted(set(aimed) & set(posts)) or sorted(posts))]
        tomorrow = tx.one("select city_today() + 1 as day") or {}
        by_date = chance.random() < 0.3
        appointments.end(tx, post["id"], on=tomorrow["day"] if by_date else None, actor=None)
        return post

    def end_lock(self, tx: Tx) -> Any:
        admins = ("system_admin", "security_admin", "audit_admin")
        name = self._decider(tx) or self.walk.chance.choice(
            [p[0] for p in PEOPLE if p[2] not in admins]
        )
        account = tx.one("select id from accounts where username = %s", [name])
        guard = self.walk.actor("secadmin")
        assert account
        assert guard
        people.lock_account(tx, account["id"], locked=True, reason="测试", actor=guard)
        return account["id"]

    def _decider(self, tx: Tx) -> str | None:
        """Mostly somebody whose word is waited for, where that was seldom given to another."""
        if self.walk.chance.random() > AIMED:
            return None
        taken = self.walk.choice.taken
        found = [(taken[row["state"], "raise_request"], row["username"])
                 for row in tx.rows(DECIDERS, [self.walk.live])]  # fmt: skip
        return min(found)[1] if found else None

    def end_unit(self, tx: Tx) -> Any:
        """Any unit; or that of a case from whose state one was followed least often."""
        chance, taken = self.walk.chance, self.walk.choice.taken
        drawn = chance.random()
        found = []
        if drawn < AIMED:
            query, action = (DESKS, "hand_over") if drawn < AIMED * 0.6 else (HOLDERS, "take_back")
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
