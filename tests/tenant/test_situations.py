"""Thirty-three situations of a week, after the deadline test of a peer (Signalen), by our rules.

Its situations are the days of a week on which something is reported, for one, two, three, ten and
eleven days of work and for calendar days, and each limit three times over. Its answers keep the
hour of the report; here a limit in days ends with its last day. The values are our own.
"""

from datetime import datetime

import pytest

from tests.tenant.test_deadline import CALENDAR, CITY
from wangge.tenant.deadline import deadline
from wangge.tenant.limits import Limit

# A month without a holiday: the 9th of March 2026 is a Monday.
SITUATIONS = [
    # one working day
    ("Mon 09", "1WD", "Tue 10"), ("Tue 10", "1WD", "Wed 11"), ("Fri 13", "1WD", "Mon 16"),
    ("Sat 14", "1WD", "Mon 16"), ("Sun 15", "1WD", "Mon 16"),
    # the same three times over
    ("Mon 09", "3WD", "Thu 12"), ("Tue 10", "3WD", "Fri 13"), ("Fri 13", "3WD", "Wed 18"),
    ("Sat 14", "3WD", "Wed 18"), ("Sun 15", "3WD", "Wed 18"),
    # one calendar day; a last day that is not worked moves to Monday
    ("Mon 09", "1CD", "Tue 10"), ("Tue 10", "1CD", "Wed 11"), ("Fri 13", "1CD", "Mon 16"),
    ("Sat 14", "1CD", "Mon 16"), ("Sun 15", "1CD", "Mon 16"),
    # the same three times over
    ("Mon 09", "3CD", "Thu 12"), ("Tue 10", "3CD", "Fri 13"), ("Fri 13", "3CD", "Mon 16"),
    ("Sat 14", "3CD", "Tue 17"), ("Sun 15", "3CD", "Wed 18"),
    # two working days
    ("Mon 09", "2WD", "Wed 11"), ("Thu 12", "2WD", "Mon 16"), ("Fri 13", "2WD", "Tue 17"),
    ("Sat 14", "2WD", "Tue 17"),
    # three, reported a week later
    ("Mon 16", "3WD", "Thu 19"), ("Thu 19", "3WD", "Tue 24"), ("Fri 20", "3WD", "Wed 25"),
    ("Sat 21", "3WD", "Wed 25"), ("Sun 22", "3WD", "Wed 25"),
    # whole weeks, and one day more
    ("Mon 09", "10WD", "Mon 23"), ("Fri 13", "10WD", "Fri 27"),
    ("Mon 09", "11WD", "Tue 24"), ("Fri 13", "11WD", "Mon 30"),
]  # fmt: skip


def march(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day[-2:]} {hour}").replace(tzinfo=CITY)


@pytest.mark.parametrize("hour", ["00:00", "10:20", "23:59"])
@pytest.mark.parametrize(("reported", "limit", "due"), SITUATIONS)
def test_whatever_the_hour_it_is_due_when_its_last_day_ends(
    reported: str, limit: str, due: str, hour: str
) -> None:
    assert f"{march(reported, hour):%a}" == reported[:3]

    found = deadline(CALENDAR, march(reported, hour), Limit.parse(limit)).due_at.astimezone(CITY)

    assert f"{found:%a %d %H:%M}" == f"{due} 17:30"


def test_there_are_as_many_as_with_the_peer() -> None:
    assert len(SITUATIONS) == 33
