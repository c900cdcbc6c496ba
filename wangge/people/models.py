"""The person who is signed in, with the posts of the day and what they allow where."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, SignInNeeded
from wangge.people import second_steps
from wangge.people.roles import Held, role
from wangge.settings import settings

# A post or a shift outside these is a slip of the pen.
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2150, 12, 31)
Intervals = tuple[tuple[int, int], ...]
INTERVAL = re.compile(r"\[(\d+),(\d+)\)")


def intervals(span: str | None) -> Intervals:
    """Read PostgreSQL's text of an int4multirange: ``{[1,3),[7,8)}`` is ((1, 3), (7, 8))."""
    return tuple((int(low), int(high)) for low, high in INTERVAL.findall(span or ""))


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in an area or an organisation; only posts that are valid today are seen here."""

    id: UUID
    role: str
    kind: str
    title: str
    area: dict[str, Any] | None
    unit: dict[str, Any] | None
    span: Intervals

    @property
    def unit_id(self) -> UUID | None:
        return UUID(self.unit["id"]) if self.unit else None

    @property
    def grants(self) -> frozenset[str]:
        return role(self.role).grants

    @property
    def reaches_ground(self) -> bool:
        """Whether the area counts: a post of a department or a property company reaches none."""
        return role(self.role).held is not Held.UNIT

    def covers(self, pos: int) -> bool:
        return self.reaches_ground and any(low <= pos < high for low, high in self.span)


def _post(row: dict[str, Any]) -> Post:
    return Post(
        UUID(row["id"]),
        row["role"],
        row["kind"],
        row["title"],
        row["area"],
        row["unit"],
        intervals(row["span"]),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """The ground and the organisations in which a person holds one permission."""

    scope: str
    units: list[UUID]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: rights come from the posts of the day and from nothing else."""

    id: UUID
    username: str
    name: str
    posts: tuple[Post, ...]
    permissions: frozenset[str]
    scope: Intervals
    unit_ids: frozenset[UUID]
    csrf: str
    must_change_password: bool
    must_begin_second_step: bool = False

    @classmethod
    def of(cls, tx: Tx) -> "Actor":
        """Read from ``tx.session``; refuses when nobody is signed in.

        Until a password that somebody else has set is changed, and the second step that a post
        requires has begun, no post allows anything.
        """
        if tx.session is None:
            raise SignInNeeded("sign_in_needed", "请先登录", "please sign in")
        account = tx.session.account
        posts = tuple(_post(row) for row in tx.session.posts)
        held = frozenset({"demo"} if settings().demo else ())
        unsafe = second_steps.required(tx, (post.role for post in posts)) and not (
            second_steps.since(tx, UUID(account["id"]))
        )
        if account["must_change_password"] or unsafe:
            held = frozenset()
        else:
            held = held.union(*(post.grants for post in posts))
        return cls(
            UUID(account["id"]),
            account["username"],
            account["name"],
            posts,
            held,
            intervals(account["scope"]),
            frozenset(post.unit_id for post in posts if post.unit_id),
            tx.session.csrf,
            account["must_change_password"],
            unsafe,
        )

    @property
    def title(self) -> str:
        """How this person is named in a history: the first post's title, or its role."""
        return next((post.title or role(post.role).zh for post in self.posts), "")

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_at(
        self,
        permission: str,
        *,
        pos: int | None = None,
        unit_id: UUID | None = None,
        desk_id: UUID | None = None,
    ) -> bool:
        """Whether one post that grants ``permission`` reaches one of the places that are given.

        A post of an area or a desk reaches every ``pos`` of its area; any post reaches the unit or
        the desk in which it is held. Give only what should count.
        """
        if permission not in self.permissions:
            return False
        units = {unit for unit in (unit_id, desk_id) if unit}
        return any(
            (pos is not None and post.covers(pos)) or post.unit_id in units
            for post in self.posts
            if permission in post.grants
        )

    def reach(self, permission: str) -> Reach:
        """Where the posts that grant ``permission`` reach, as PostgreSQL takes it."""
        posts = [post for post in self.posts if permission in post.grants]
        ground = [span for post in posts for span in post.span if post.reaches_ground]
        return Reach(
            "{" + ",".join(f"[{low},{high})" for low, high in ground) + "}",
            [post.unit_id for post in posts if post.unit_id],
        )

    def must(self, permission: str) -> None:
        if not self.may(permission):
            raise refused(permission)

    def must_at(
        self,
        permission: str,
        *,
        pos: int | None = None,
        unit_id: UUID | None = None,
        desk_id: UUID | None = None,
    ) -> None:
        if not self.may_at(permission, pos=pos, unit_id=unit_id, desk_id=desk_id):
            raise refused(permission)


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A post to be written; ``begins`` is today if left out, ``ends`` is its last day.

    ``deputy`` 副职: of the same rights, called where those who hold the post itself are away.
    ``lent_by`` 借调: the unit that he is lent by until ``ends``.
    """

    id: UUID
    role: str
    area_id: UUID | None = None
    unit_id: UUID | None = None
    title: str = ""
    kind: str = ""
    public: bool = False
    begins: date | None = None
    ends: date | None = None
    deputy: bool = False
    lent_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account to be written; it has a one-time activation code instead of a password."""

    id: UUID
    username: str
    name: str
    phone: str = ""
    posts: tuple[PostDraft, ...] = ()
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Created:
    """A new account and the code that is handed to its owner, which is stored nowhere."""

    account_id: UUID
    username: str
    name: str
    code: str


def refused(permission: str) -> NotAllowed:
    return NotAllowed(
        "not_allowed",
        "您的岗位没有此项权限",
        "none of your posts allows this",
        permission=permission,
    )
