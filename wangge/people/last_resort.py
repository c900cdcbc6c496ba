"""The last in line: the city's own desk always has a duty leader, so nothing is nobody's."""

from collections.abc import Iterator
from contextlib import contextmanager

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal

STANDS = """
select 1 from posts p join accounts a on a.id = p.account_id and a.active
join organisations o on o.id = p.unit_id and o.active and o.kind = 'desk'
join areas r on r.id = o.area_id and r.parent_id is null
where p.role = 'duty_leader' and p.valid @> city_today() and upper_inf(p.valid) limit 1
"""


@contextmanager
def kept(tx: Tx) -> Iterator[None]:
    """Refuse what leaves the city's desk without a duty leader whose post has no end."""
    before = tx.one(STANDS)
    yield
    if before and tx.one(STANDS) is None:
        raise Refusal(
            "last_duty_leader",
            "市级网格中心须始终有一名在岗且任期不设止日的值班长：请先任命接替者。"
            "如需立即阻断登录，请重发激活码",
            "the city's desk always has a duty leader without an end date: appoint a successor"
            " first. To shut the person out at once, issue a new activation code",
        )
