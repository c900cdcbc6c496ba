"""Organisations that keep hours of their own: what differs, what wins, and what is refused."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tenant.test_deadline import CITY
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import deadline
from wangge.tenant.documents import default
from wangge.tenant.limits import Limit

ROUND_THE_WEEK = {
    "zh": "环卫公司", "en": "Street cleaners", "weekend": [], "public_holidays": False,
    "spans": [{"first": "06:00", "last": "14:00"}],
}  # fmt: skip
SHORT_FRIDAY = {
    "zh": "东方物业", "en": "Property", "weekend": [5, 6, 7],
    "off": [{"zh": "司庆", "en": "Founders", "first": "2026-11-19", "last": "2026-11-19"}],
    "worked": [{"zh": "盘点", "en": "Stock-taking", "day": "2026-10-01"}],
}  # fmt: skip


def city(**own: Any) -> Calendar:
    return Calendar.model_validate({**default("calendar"), "own": own})


def due(calendar: Calendar, start: str, limit: str) -> str:
    begun = datetime.fromisoformat(start).replace(tzinfo=CITY)
    found = deadline(calendar, begun, Limit.parse(limit)).due_at
    return f"{found.astimezone(CITY):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "in_city", "there"),
    [
        ("2026-11-20 13:00", "2WH", "2026-11-20 15:30", "2026-11-21 07:00"),
        ("2026-09-30 10:00", "1WD", "2026-10-08 17:30", "2026-10-01 14:00"),
        ("2026-11-20 10:00", "1WD", "2026-11-23 17:30", "2026-11-21 14:00"),
        ("2026-11-20 10:00", "24UH", "2026-11-21 10:00", "2026-11-21 10:00"),
    ],
)
def test_who_works_through_is_due_on_days_when_others_rest(
    start: str, limit: str, in_city: str, there: str
) -> None:
    calendar = city(cleaners=ROUND_THE_WEEK)

    assert due(calendar, start, limit) == in_city
    assert due(calendar.of("cleaners"), start, limit) == there


@pytest.mark.parametrize(
    ("start", "limit", "there", "shows"),
    [
        ("2026-11-18 10:00", "1WD", "2026-11-23 17:30", "a day off of its own, then its weekend"),
        ("2026-09-30 10:00", "1WD", "2026-10-01 17:30", "a holiday on which it works"),
        ("2026-11-18 11:00", "2WH", "2026-11-18 14:30", "hours as in the city"),
        ("2026-09-18 10:00", "1WD", "2026-09-20 18:00", "a day made up for is worked here too"),
    ],
)
def test_what_is_not_said_is_as_in_the_city(start: str, limit: str, there: str, shows: str) -> None:
    assert due(city(property=SHORT_FRIDAY).of("property"), start, limit) == there, shows


def test_a_year_the_city_lacks_is_missing_here_too() -> None:
    calendar = city(cleaners=ROUND_THE_WEEK).of("cleaners")
    begun = datetime(2026, 12, 31, 9, tzinfo=CITY)

    assert deadline(calendar, begun, Limit.parse("3WD")).missing_years == [2027]


def test_hours_that_are_none_are_refused_with_the_city_s_own_words() -> None:
    wrong = {**ROUND_THE_WEEK, "spans": [{"first": "14:00", "last": "18:00"},
                                        {"first": "08:00", "last": "15:00"}]}  # fmt: skip

    with pytest.raises(ValidationError, match="overlap or stand in the wrong order"):
        city(cleaners=wrong)
