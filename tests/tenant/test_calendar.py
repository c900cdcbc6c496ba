"""The working calendar: what it takes for a calendar, and what its days are."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from pydantic import ValidationError

from wangge.tenant.calendar import Calendar, Why
from wangge.tenant.documents import default

HOURS = [{"first": "08:30", "last": "12:00"}, {"first": "13:30", "last": "17:30"}]


def built(**other: Any) -> Calendar:
    return Calendar.model_validate({"spans": HOURS, **other})


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.model_validate(default("calendar"))


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_is_worked_exactly_as_published(calendar: Calendar, year: int) -> None:
    days = [date(year, 1, 1) + timedelta(i) for i in range(365 + (year == 2024))]

    worked = [day for day in days if calendar.days[day].spans]

    assert worked == [day for day in days if chinese_calendar.is_workday(day)]


def test_the_year_2026_has_248_working_days_and_six_made_up(calendar: Calendar) -> None:
    days = [calendar.days[date(2026, 1, 1) + timedelta(i)] for i in range(365)]

    assert sum(bool(day.spans) for day in days) == 248
    assert [day.date.strftime("%m-%d") for day in days if day.why is Why.MAKE_UP] == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]


def test_a_holiday_is_told_by_its_name(calendar: Calendar) -> None:
    day = calendar.days[date(2026, 2, 17)]

    assert (day.why, day.name and day.name.zh, day.spans) == (Why.HOLIDAY, "春节", ())


def test_a_season_over_new_year_covers_both_ends() -> None:
    winter = {
        "zh": "冬季作息",
        "en": "Winter hours",
        "first": "11-01",
        "last": "03-31",
        "spans": [{"first": "09:00", "last": "17:00"}],
    }
    calendar = built(seasons=[winter])

    lengths = [
        sum((b - a for a, b in calendar.days[day].spans), timedelta())
        for day in (date(2026, 10, 30), date(2026, 11, 2), date(2026, 3, 31), date(2026, 4, 1))
    ]

    assert [length / timedelta(hours=1) for length in lengths] == [7.5, 8, 8, 7.5]


def test_hours_follow_the_wall_clock_when_the_zone_changes_its_clocks() -> None:
    calendar = built(zone="Europe/Berlin")

    winter, summer = calendar.days[date(2026, 3, 27)], calendar.days[date(2026, 3, 30)]

    assert (winter.spans[0][0].hour, summer.spans[0][0].hour) == (7, 6)


YEAR = {"holidays": [{"zh": "节", "en": "Feast", "first": "2026-05-01", "last": "2026-05-03"}]}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"spans": []}, "spans"),
    ({"spans": [{"first": "12:00", "last": "08:30"}]}, "结束应晚于开始"),
    ({"spans": [HOURS[1], HOURS[0]]}, "重叠或次序颠倒"),
    ({"spans": [{"first": "8:30", "last": "12:00"}]}, "spans.0.first"),
    ({"weekend": [1, 2, 3, 4, 5, 6, 7]}, "至少要有一个工作日"),
    ({"zone": "Asia/Dongying"}, "没有时区"),
    ({"hours": 8}, "hours"),
    (
        {
            "seasons": [
                {"zh": a, "en": a, "first": f, "last": t, "spans": HOURS}
                for a, f, t in (("夏", "05-01", "09-30"), ("秋", "09-30", "11-30"))
            ]
        },
        "同时属于“夏”和“秋”",
    ),
    ({"years": {2026: {"holidays": YEAR["holidays"] * 2}}}, "2026-05-01 写了两次"),
    ({"years": {2028: YEAR}}, "不在 2028 年"),
    (
        {"years": {2026: {"make_up": [{"zh": "节", "en": "Feast", "day": "2026-05-08"}]}}},
        "本来就是工作日",
    ),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_calendar_that_makes_no_sense_is_refused_with_the_reason(
    wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        built(**wrong)

    told = [
        ".".join(map(str, error["loc"])) + error.get("ctx", {}).get("zh", "")
        for error in refused.value.errors()
    ]
    assert any(said in sentence for sentence in told)
