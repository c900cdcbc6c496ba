"""The statements of the cubes: one grouping for a few keys, for a span of days and for a check."""

from wangge.cockpit.models import DAY, Cube

OF_KEYS = """
unnest(%(days)s::date[], %(grids)s::int[]) as d(day, pos)
cross join clock k
join cases c on c.pos = d.pos
    and c.received_at >= d.day::timestamp at time zone k.zone
    and c.received_at < (d.day + 1)::timestamp at time zone k.zone
"""
OF_DAYS = """
cases c cross join clock k
"""
IN_DAYS = """
c.received_at >= %(first)s::date::timestamp at time zone (select zone from clock)
and c.received_at < %(cap)s::date::timestamp at time zone (select zone from clock)
"""
STALE = """
with gone as (
    delete from cube_dirty where id = any(array(select id from cube_dirty order by id limit %s))
    returning id, days, grids)
select distinct day, pos from gone, unnest(days, grids) as u(day, pos) order by day, pos
"""


def _grouped(cube: Cube, source: str, where: str) -> str:
    keys = "".join(f", {said} as {name}" for name, said in cube.keys.items())
    counts = "".join(
        f", count(*) filter (where {said})::int as {name}" for name, said in cube.counts.items()
    )
    by = ", ".join(str(n + 1) for n in range(2 + len(cube.keys)))
    return (
        f"select {DAY.format('received_at')} as day, c.pos{keys}{counts} from {source}"
        f" where {where} and {cube.where} group by {by}"
    )


def forget_keys(cube: Cube) -> str:
    """Statement that takes away what is counted for ``days`` and ``grids``, pair by pair."""
    return (
        f"delete from {cube.name} t using unnest(%(days)s::date[], %(grids)s::int[]) as d(day, pos)"
        " where t.day = d.day and t.pos = d.pos"
    )


def count_keys(cube: Cube) -> str:
    """Statement that counts ``days`` and ``grids`` anew."""
    columns = ", ".join(cube.columns)
    return f"insert into {cube.name} ({columns}) {_grouped(cube, OF_KEYS, 'true')}"


def forget_days(cube: Cube) -> str:
    return f"delete from {cube.name} where day >= %(first)s and day < %(cap)s"


def count_days(cube: Cube) -> str:
    """Statement that counts all days from ``first`` to before ``cap``."""
    columns = ", ".join(cube.columns)
    return f"insert into {cube.name} ({columns}) {_grouped(cube, OF_DAYS, IN_DAYS)}"


def differences(cube: Cube) -> str:
    """Statement for what stands in the cube and should not, and what should and does not.

    One statement, so cases, cube and stale keys are of the same moment; a key that is stale is no
    error, it is about to be counted.
    """
    keys = ("day", "pos", *cube.keys)
    names = ", ".join(keys)
    told = " || '/' || ".join([f"{name}::text" for name in cube.keys] or ["''"])
    wanted, stands = (
        f"array[{', '.join(f'coalesce({side}.{name}, 0)' for name in cube.counts)}]"
        for side in ("w", "s")
    )
    return f"""
    with wanted as ({_grouped(cube, OF_DAYS, IN_DAYS)}),
    stands as (select * from {cube.name} where day >= %(first)s and day < %(cap)s)
    select day, pos, {told} as key, {wanted} as expected, {stands} as found
    from wanted w full join stands s using ({names})
    where {wanted} <> {stands} and not exists (
        select from cube_dirty d, unnest(d.days, d.grids) as u(day, pos)
        where u.day = coalesce(w.day, s.day) and u.pos = coalesce(w.pos, s.pos))
    """


def cells(cube: Cube) -> str:
    return f"select count(*) as n from {cube.name} where day >= %(first)s and day < %(cap)s"
