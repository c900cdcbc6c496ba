"""Who is told: the manager of a holder, the posts of a level of the ground, and who stands in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.models import Duty
from wangge.kernel.db import Tx
from wangge.notices import service as notices
from wangge.supervision.models import Row
from wangge.tenant.supervision import Rung

MANAGERS = ("department_manager", "property_manager")
LEADERS = ("duty_leader",)
# Who is away is passed over: first for his deputy, where there is none for the next place above.
# Where all are away those who hold the post hear of it all the same, so that nobody does not.
AWAY = "exists (select from absences x where x.account_id = p.account_id and x.span @> city_now())"
# Of the posts on the way up from a place, at its level or above, the nearest ones.
ON_GROUND = f"""
with asked as materialized (
    select * from jsonb_to_recordset(%s) as a(n int, pos int, level text, roles text[])),
found as (
    select a.n, p.account_id, c.name, p.title, p.role, r.short_name as place,
        nlevel(r.path) as depth, p.deputy, {AWAY} as away
    from asked a join areas here on here.pos = a.pos
    join areas r on r.path @> here.path
    left join areas top on top.path @> here.path and top.level = a.level
    join posts p on p.area_id = r.id and p.role = any(a.roles) and p.valid @> city_today()
    join accounts c on c.id = p.account_id and c.active
    where nlevel(r.path) <= coalesce(nlevel(top.path), 100)),
ranked as (
    select f.*, rank() over (partition by f.n order by f.away, f.depth desc, f.deputy) as called
    from found f)
select r.*, (select string_agg(distinct g.name, '、') from found g
    where r.deputy and not r.away and g.n = r.n and g.depth = r.depth and g.away and not g.deputy)
    as instead_of
from ranked r where r.called = 1 order by r.n, r.account_id
"""
AT_UNIT = f"""
with found as (
    select p.unit_id, p.account_id, c.name, p.title, p.role, u.short_name as place, p.deputy,
        {AWAY} as away
    from posts p join accounts c on c.id = p.account_id and c.active
    join organisations u on u.id = p.unit_id and u.active
    where p.unit_id = any(%(units)s) and p.role = any(%(roles)s) and p.valid @> city_today()),
ranked as (
    select f.*, rank() over (partition by f.unit_id order by f.deputy) as called
    from found f where not f.away or %(all)s)
select r.*, (select string_agg(distinct g.name, '、') from found g
    where r.deputy and g.unit_id = r.unit_id and g.away and not g.deputy) as instead_of
from ranked r where r.called = 1 or %(all)s order by r.unit_id, r.account_id
"""
Asked = tuple[int, str, tuple[str, ...]]


class Post(NamedTuple):
    """Somebody to be told, as the record of a case names him; ``instead_of`` of whoever is away."""

    account_id: UUID
    name: str
    title: str
    instead_of: str = ""

    @classmethod
    def of(cls, row: Row) -> "Post":
        title = row["title"] or f"{row['place']}"
        return cls(row["account_id"], row["name"], title, row["instead_of"] or "")

    @property
    def words(self) -> str:
        called = f"（{self.instead_of}不在岗）" if self.instead_of else ""
        return f"{self.title}{self.name}{called}"


def at_units(
    tx: Tx, units: Iterable[UUID], roles: Sequence[str], *, everybody: bool = False
) -> dict[UUID, list[Post]]:
    """Who is called for each unit: whoever is there, a deputy where no other is; or everybody."""
    found: dict[UUID, list[Post]] = defaultdict(list)
    asked = {"units": list(set(units)), "roles": list(roles), "all": everybody}
    for row in tx.rows(AT_UNIT, asked):
        found[row["unit_id"]].append(Post.of(row))
    return found


def on_ground(tx: Tx, asked: Iterable[Asked]) -> dict[Asked, list[Post]]:
    """The nearest holders of the roles at a level above each place; each place asked for once."""
    known = list(dict.fromkeys(asked))
    found: dict[Asked, list[Post]] = {one: [] for one in known}
    if not known:
        return found
    wanted = [
        {"n": n, "pos": pos, "level": level, "roles": list(roles)}
        for n, (pos, level, roles) in enumerate(known)
    ]
    for row in tx.rows(ON_GROUND, [Jsonb(wanted)]):
        found[known[row["n"]]].append(Post.of(row))
    return found


def managers(tx: Tx, cases: Sequence[Row]) -> dict[UUID, list[Post]]:
    """Who manages the holder of each case, by the case's id; else the nearest duty leader."""
    units = [case["unit_id"] for case in cases if case["duty"] == Duty.UNIT]
    desks = [case["desk_id"] for case in cases if case["duty"] == Duty.DESK]
    at_unit = at_units(tx, units, MANAGERS) if units else {}
    at_desk = at_units(tx, desks, LEADERS) if desks else {}
    found: dict[UUID, list[Post]] = {}
    asked: dict[UUID, Asked] = {}
    for case in cases:
        here = {Duty.UNIT: at_unit.get(case["unit_id"]), Duty.DESK: at_desk.get(case["desk_id"])}
        posts = here.get(Duty(case["duty"]))
        if posts:
            found[case["id"]] = posts
        elif case["duty"] in (Duty.GRID, Duty.SUPERVISOR):
            asked[case["id"]] = case["pos"], "community", ("grid_leader", "secretary", *LEADERS)
        else:
            asked[case["id"]] = case["pos"], "township", LEADERS
    above = on_ground(tx, asked.values())
    return found | {case_id: above[one] for case_id, one in asked.items()}


def of_rung(tx: Tx, steps: Sequence[tuple[Row, Rung]]) -> dict[UUID, list[Post]]:
    """Whom each case's rung names, by the case's id."""
    found = managers(tx, [case for case, rung in steps if rung.level == "unit"])
    asked = {
        case["id"]: (case["pos"], rung.level, rung.roles)
        for case, rung in steps
        if rung.level != "unit"
    }
    above = on_ground(tx, asked.values())
    return found | {case_id: above[one] for case_id, one in asked.items()}


def tell(
    tx: Tx,
    told: Sequence[tuple[UUID, Row, dict[str, Any]]],
    code: str,
    many: str,
    *,
    gather_from: int,
) -> None:
    """A notice for each account and case; from so many for one account on, one for them all."""
    by_account: dict[UUID, list[tuple[Row, dict[str, Any]]]] = defaultdict(list)
    for account, case, said in told:
        if account == case["about_account"]:
            continue  # nobody hears of a complaint that is about him
        by_account[account].append((case, said))
    out = []
    for account, cases in by_account.items():
        if len(cases) >= gather_from:
            case, said = cases[0]
            body = {"n": len(cases), "number": case["number"], **said}
            out.append(notices.Notice(account, many, None, body))
            continue
        out += [
            notices.Notice(
                account, code, case["id"],
                {"number": case["number"], "title": case["title"], **said},
            )
            for case, said in cases
        ]  # fmt: skip
    notices.notify(tx, out)


def held_by(case: Row) -> UUID:
    """The unit or the desk that has to answer for a case now."""
    unit: UUID = case["unit_id"] if case["duty"] == Duty.UNIT else case["desk_id"]
    return unit
