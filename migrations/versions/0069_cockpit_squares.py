"""Where cases lie on the city screen, by squares of the web map.

A tile is one range of ``wall_square``, whatever its size, because squares are numbered along a
curve that fills each tile before it goes on (Z-order). So a tile is one walk along one index.
"""

from alembic import op

revision = "0069"
down_revision = "0068"

# 2^18 squares of about 120 metres at 37° north: the finest place that the screen tells.
SQUARE = """
create function wall_spread(n bigint) returns bigint
    language sql immutable strict parallel safe as $$
    select (e | (e << 1)) & x'5555555555'::bigint
    from (select (d | (d << 2)) & x'3333333333'::bigint as e
    from (select (c | (c << 4)) & x'f0f0f0f0f'::bigint as d
    from (select (b | (b << 8)) & x'ff00ff00ff'::bigint as c
    from (select (n | (n << 16)) & x'ff0000ffff'::bigint as b) q) r) s) t
$$;
create function wall_square(lon float8, lat float8) returns bigint
    language sql immutable strict parallel safe as $$
    select public.wall_spread(x) | (public.wall_spread(y) << 1)
    from (select least(greatest(floor((lon + 180) / 360 * 262144), 0), 262143)::bigint as x,
        least(greatest(floor((1 - asinh(tan(radians(least(greatest(lat, -85.05), 85.05)))) / pi())
            / 2 * 262144), 0), 262143)::bigint as y) p
$$;
"""
SPOTS = """
create index cases_squares on cases (wall_square(lon, lat)) include (lon, lat, pos, overdue_at)
    where lon is not null and lat is not null and about_unit is null and about_account is null
        and state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split');
"""
# Under a policy the planner may not use this index by a function that is not leakproof; so the
# session's own scope is applied in here, and what comes out are counts of squares, no rows.
COUNTED = """
create function wall_squares(low bigint, high bigint, shift int, ground int4multirange,
    late_only bool) returns table (square bigint, n int, late int, lon float8, lat float8)
    language sql stable security definer set search_path = public, pg_temp as $$
    select wall_square(c.lon, c.lat) >> shift, count(*)::int, count(c.overdue_at)::int,
        avg(floor(c.lon * 1000 + 0.5) / 1000), avg(floor(c.lat * 1000 + 0.5) / 1000)
    from cases c
    where wall_square(c.lon, c.lat) >= low and wall_square(c.lon, c.lat) < high
        and c.lon is not null and c.lat is not null
        and c.about_unit is null and c.about_account is null
        and c.state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')
        and c.pos <@ (select nullif(current_setting('app.scope', true), '')::int4multirange)
        and c.pos <@ ground and (not late_only or c.overdue_at is not null)
    group by 1 order by 1
$$;
revoke execute on function wall_squares(bigint, bigint, int, int4multirange, bool) from public;
grant execute on function wall_squares(bigint, bigint, int, int4multirange, bool) to wangge_app;
"""


def upgrade() -> None:
    op.execute(SQUARE)
    op.execute(SPOTS)
    op.execute(COUNTED)
