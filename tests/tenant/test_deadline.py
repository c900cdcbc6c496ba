"""Deadlines: facts that officials would check by hand, and laws that hold for every moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.kernel.errors import Invalid
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import Deadline, deadline, due_at, working_time
from wangge.tenant.documents import default
from wangge.tenant.explain import Kind
from wangge.tenant.limits import Limit, Unit

CITY = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar.model_validate(default("calendar"))


def due(start: str, limit: str, calendar: Calendar = CALENDAR) -> Deadline:
    return deadline(
        calendar, datetime.fromisoformat(start).replace(tzinfo=CITY), Limit.parse(limit)
    )


FACTS = [
    # start, limit, due, what it shows
    ("2026-11-18 09:00", "2WH", "2026-11-18 11:00", "within the morning"),
    ("2026-11-18 11:00", "2WH", "2026-11-18 14:30", "over the lunch break"),
    ("2026-11-18 12:30", "1WH", "2026-11-18 14:30", "begun in the lunch break"),
    ("2026-11-18 08:30", "3.5WH", "2026-11-18 12:00", "a span used up ends with it"),
    ("2026-11-18 17:00", "1WH", "2026-11-19 09:00", "over night"),
    ("2026-11-18 23:59", "0.5WH", "2026-11-19 09:00", "just before midnight"),
    ("2026-11-18 00:00", "0.5WH", "2026-11-18 09:00", "just after midnight"),
    ("2026-11-20 17:00", "4WH", "2026-11-23 12:00", "over a weekend"),
    ("2026-11-18 09:00", "4CH", "2026-11-18 13:00", "calendar hours run through lunch"),
    ("2026-10-01 23:00", "2UH", "2026-10-02 01:00", "urgent hours run through a holiday night"),
    ("2026-11-18 09:00", "1WD", "2026-11-19 17:30", "days count from the next day"),
    ("2026-11-18 23:59", "1WD", "2026-11-19 17:30", "however late it began"),
    ("2026-11-20 09:00", "2WD", "2026-11-24 17:30", "weekends do not count"),
    ("2026-09-18 09:00", "1WD", "2026-09-20 18:00", "a Sunday made up for National Day counts"),
    ("2026-10-09 09:00", "1WD", "2026-10-10 17:30", "and so does the Saturday after it"),
    ("2026-02-13 16:30", "2WH", "2026-02-14 09:30", "the Saturday before Spring Festival counts"),
    ("2026-02-14 17:00", "1WH", "2026-02-24 09:00", "then nine days do not"),
    ("2026-02-27 09:00", "2WD", "2026-03-02 17:30", "the Saturday after it counts"),
    ("2025-12-31 17:00", "1WH", "2026-01-04 09:00", "New Year, then a Sunday made up"),
    ("2026-05-08 09:00", "1WD", "2026-05-09 17:30", "the Saturday after Labour Day counts"),
    ("2026-10-03 10:00", "2WH", "2026-10-08 10:30", "begun in a holiday"),
    ("2026-10-03 10:00", "1WD", "2026-10-08 17:30", "begun in a holiday, in days"),
    ("2026-05-29 17:00", "5WH", "2026-06-01 15:00", "into summer hours"),
    ("2026-05-29 09:00", "1WD", "2026-06-01 18:00", "a summer day ends at six"),
    ("2026-09-30 13:30", "4WH", "2026-09-30 18:00", "the last summer day"),
    ("2026-09-30 09:00", "1WD", "2026-10-08 17:30", "winter hours after the holiday"),
    ("2026-11-18 09:00", "5CD", "2026-11-23 17:30", "calendar days count weekends"),
    ("2026-11-18 09:00", "3CD", "2026-11-23 17:30", "a last day that is Saturday moves to Monday"),
]


@pytest.mark.parametrize(("start", "limit", "end", "shows"), FACTS, ids=[f[3] for f in FACTS])
def test_it_is_due(start: str, limit: str, end: str, shows: str) -> None:
    result = due(start, limit)

    assert f"{result.due_at.astimezone(CITY):%Y-%m-%d %H:%M}" == end
    assert not result.provisional


def test_a_city_may_leave_the_last_calendar_day_where_it_falls() -> None:
    calendar = CALENDAR.model_copy(update={"roll_calendar_days": False})

    ends = due("2026-11-18 09:00", "3CD", calendar).due_at

    assert ends.astimezone(CITY) == datetime(2026, 11, 22, tzinfo=CITY)


def test_a_year_nobody_has_published_is_said_aloud() -> None:
    result = due("2026-12-31 09:00", "2WD")

    assert f"{result.due_at.astimezone(CITY):%Y-%m-%d %H:%M}" == "2027-01-04 17:30"
    assert (result.provisional, result.missing_years) == (True, [2027])
    assert result.explanation[-1].kind is Kind.MISSING
    assert "2027年" in result.explanation[-1].zh
    assert "2027" in result.explanation[-1].en


def test_hours_of_the_clock_need_no_calendar_of_next_year() -> None:
    assert due("2026-12-31 20:00", "24UH").missing_years == []


def test_the_way_is_explained_step_by_step_in_both_languages() -> None:
    lines = due("2026-09-30 17:00", "4WH").explanation

    assert [line.zh for line in lines] == [
        "9月30日 周三 17:00 开始，时限4工作时，从此刻起算",
        "9月30日 周三 17:00–18:00，计1小时",
        "10月1日 周四至10月7日 周三 国庆节放假，不计",
        "10月8日 周四 08:30–11:30，计3小时",
        "到期：2026年10月8日 周四 11:30",
    ]
    assert [line.en for line in lines] == [
        "Starts Wed 30 Sep 17:00; limit 4 working hours; hours run from here",
        "Wed 30 Sep 17:00–18:00: 1 h",
        "Thu 1 Oct to Wed 7 Oct: National Day, not counted",
        "Thu 8 Oct 08:30–11:30: 3 h",
        "Due: Thu 8 Oct 2026 11:30",
    ]


def test_made_up_days_weekends_and_moved_ends_are_named() -> None:
    made_up = [line.zh for line in due("2026-09-18 09:00", "2WD").explanation]
    moved = [line.zh for line in due("2026-09-28 10:00", "3CD").explanation]

    assert made_up[1:4] == [
        "9月19日 周六 周末，不计",
        "9月20日 周日，第1天（国庆节调休上班）",
        "9月21日 周一，第2天",
    ]
    assert moved[1] == (
        "期限最后一天逢国庆节放假（10月1日 周四至10月7日 周三），顺延到之后的第一个工作日"
    )


moments = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2024, 11, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
limits = st.one_of(
    st.builds("{}{}".format, st.integers(1, 90), st.sampled_from(Unit)).map(Limit.parse),
    st.integers(1, 200).map(lambda n: Limit.parse(f"{n / 2:g}WH")),
)
half_hours = st.integers(1, 200)


def ends(start: datetime, limit: Limit) -> datetime:
    return deadline(CALENDAR, start, limit).due_at


@settings(deadline=None)
@given(moments, limits)
def test_the_moment_alone_is_the_moment_with_its_reasons(start: datetime, limit: Limit) -> None:
    """Seen red with the hours of a day counted from its opening."""
    assert due_at(CALENDAR, start, limit) == ends(start, limit)


@settings(deadline=None)
@given(moments, moments, limits)
def test_who_starts_later_is_never_due_earlier(a: datetime, b: datetime, limit: Limit) -> None:
    assert ends(min(a, b), limit) <= ends(max(a, b), limit)


@settings(deadline=None)
@given(moments, st.sampled_from(Unit), st.integers(1, 90), st.integers(1, 90))
def test_a_longer_limit_never_ends_earlier(start: datetime, unit: Unit, a: int, b: int) -> None:
    shorter, longer = (ends(start, Limit.parse(f"{n}{unit}")) for n in sorted((a, b)))

    assert start < shorter <= longer


@settings(deadline=None)
@given(moments, half_hours, half_hours, st.sampled_from(["WH", "CH", "UH"]))
def test_hours_may_be_spent_in_two_helpings(start: datetime, a: int, b: int, unit: str) -> None:
    first, second, both = (Limit.parse(f"{n / 2:g}{unit}") for n in (a, b, a + b))

    assert ends(ends(start, first), second) == ends(start, both)


@settings(deadline=None)
@given(moments, half_hours)
def test_the_working_time_until_due_is_the_limit(start: datetime, n: int) -> None:
    limit = Limit.parse(f"{n / 2:g}WH")

    assert working_time(CALENDAR, start, ends(start, limit)) == limit.duration


@settings(deadline=None)
@given(moments, limits)
def test_the_explanation_accounts_for_the_whole_limit(start: datetime, limit: Limit) -> None:
    result = deadline(CALENDAR, start, limit)
    spans = [step for step in result.steps if step.kind in (Kind.SPAN, Kind.RUN)]
    counted = [step for step in result.steps if step.kind is Kind.COUNT]

    if limit.in_hours:
        assert sum((s.last - s.first for s in spans), timedelta()) == limit.duration
    else:
        assert counted[-1].counted == limit.days
    assert result.explanation[0].kind is Kind.START
    assert all(line.zh and line.en for line in result.explanation)


@settings(deadline=None)
@given(moments, st.integers(1, 60))
def test_working_days_end_on_the_nth_worked_day(start: datetime, n: int) -> None:
    end = ends(start, Limit.parse(f"{n}WD"))
    days = CALENDAR.days
    day, worked = days.at(start).date, 0
    while day < days.at(end).date:
        day += timedelta(1)
        worked += bool(days[day].spans)

    assert (worked, end) == (n, days.at(end).spans[-1][1])


@pytest.mark.parametrize("text", ["", "3", "WD", "3 WD", "0WD", "1.5WD", "0.001WH", "3XX", "-1WH"])
def test_a_limit_that_is_none_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Limit.parse(text)

    assert refused.value.code == "limit_unreadable"
    assert text in refused.value.zh
    assert text in refused.value.en


def test_a_limit_is_written_as_it_was_read_and_spoken_in_both_languages() -> None:
    said = [(str(x), x.zh, x.en) for x in map(Limit.parse, ["0.50WH", "1WD", "15CD"])]

    assert said == [
        ("0.5WH", "0.5工作时", "0.5 working hours"),
        ("1WD", "1个工作日", "1 working day"),
        ("15CD", "15个自然日", "15 calendar days"),
    ]
