"""A clock that was stopped: facts to check by hand, and laws for every moment and every pause."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tenant.test_deadline import CALENDAR, CITY, limits, moments
from wangge.tenant.deadline import deadline, due_at, working_time, yellow_at
from wangge.tenant.explain import Kind
from wangge.tenant.limits import Limit, Unit
from wangge.tenant.pauses import Pause, Stretch, closed, counted_from, counting, free, spent
from wangge.tenant.timeline import Going, line, reading

DAYS = CALENDAR.days


def at(text: str) -> datetime:
    """Of 2026 where no year is said."""
    whole = text if text[:2] == "20" else f"2026-{text}"
    return datetime.fromisoformat(whole).replace(tzinfo=CITY)


FACTS = [
    # start, limit, stopped from, to, due, what it shows
    ("11-18 09:00", "2WH", "11-18 10:00", "11-18 10:30", "11-18 11:30", "half"),
    ("11-18 11:00", "2WH", "11-18 11:30", "11-18 14:00", "11-18 15:30", "lunch"),
    ("11-18 09:00", "2WH", "11-18 17:30", "11-19 08:00", "11-18 11:00", "after"),
    ("11-18 16:30", "2WH", "11-18 18:00", "11-19 07:00", "11-19 09:30", "night"),
    ("11-18 09:00", "24UH", "11-18 20:00", "11-19 06:00", "11-19 19:00", "urgent"),
    ("11-20 16:30", "2WH", "11-20 17:00", "11-23 09:00", "11-23 10:30", "weekend"),
    ("09-18 09:00", "2WD", "09-20 08:30", "09-20 18:00", "09-22 18:00", "made up"),
    ("11-18 09:00", "3WD", "11-18 10:00", "11-18 15:00", "11-23 17:30", "day one"),
    ("11-18 09:00", "1WD", "11-18 14:00", "11-19 10:00", "11-20 10:00", "part"),
    ("12-31 16:30", "2WH", "12-31 17:00", "2027-01-04 09:00", "2027-01-04 10:30", "year"),
    ("09-30 17:00", "2WH", "09-30 17:30", "10-08 09:00", "10-08 10:30", "winter"),
    ("11-18 23:30", "1CH", "11-18 23:45", "11-19 00:15", "11-19 01:00", "midnight"),
    ("11-16 09:00", "5CD", "11-18 00:00", "11-20 00:00", "11-23 17:30", "calendar"),
    ("11-16 09:00", "3CD", "11-18 10:00", "11-18 11:00", "11-20 17:30", "begun"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "limit", "stop", "go", "due", "shows"), FACTS)
def test_a_stopped_clock_is_due_later(
    start: str, limit: str, stop: str, go: str, due: str, shows: str
) -> None:
    held = [(at(stop), at(go))]

    found = deadline(CALENDAR, at(start), Limit.parse(limit), held)

    assert found.due_at == at(due), shows
    assert due_at(CALENDAR, at(start), Limit.parse(limit), held) == found.due_at


def test_the_explanation_says_what_the_pause_took() -> None:
    held = [(at("2026-11-18 10:00"), at("2026-11-20 10:00"))]

    lines = deadline(CALENDAR, at("2026-11-18 09:00"), Limit.parse("2WH"), held).explanation

    assert [line.zh for line in lines[2:]] == [
        "11月18日 周三 10:00至11月20日 周五 10:00 停表，其间15小时不计入时限",
        "到期：2026年11月20日 周五 11:00",
    ]
    assert lines[2].en == (
        "Wed 18 Nov 10:00 to Fri 20 Nov 10:00: the clock stood, 15 h do not count"
    )


def test_a_year_reached_only_by_the_pause_is_on_trial_too() -> None:
    held = [(at("2026-12-30 12:00"), at("2027-02-01 12:00"))]

    assert deadline(CALENDAR, at("2026-12-30 09:00"), Limit.parse("5WH"), held).missing_years == [
        2027
    ]
    urgent = deadline(CALENDAR, at("2026-12-30 09:00"), Limit.parse("24UH"), held)
    assert urgent.missing_years == []


def test_pauses_are_put_in_order_joined_and_ended_now() -> None:
    now = at("2026-11-20 09:00")
    one, two, three, four = (now - timedelta(hours=n) for n in (20, 15, 12, 5))

    assert closed([Pause(four), Pause(two, three), Pause(one, two), Pause(now, one)], now) == [
        (one, three),
        (four, now),
    ]


# --- laws -----------------------------------------------------------------------------------------
@st.composite
def held_after(draw: st.DrawFn) -> tuple[datetime, list[Stretch]]:
    """A start, and up to four pauses from two days before it to 60 days after it."""
    start = draw(moments)
    parts = draw(st.lists(st.tuples(st.integers(-2880, 86400), st.integers(0, 20160)), max_size=4))
    pauses = [
        Pause(start + timedelta(minutes=off), start + timedelta(minutes=off + long))
        for off, long in parts
    ]
    return start, closed(pauses, start)


def used(start: datetime, limit: Limit, until: datetime, held: list[Stretch]) -> timedelta:
    first = counted_from(DAYS, start, limit)
    return spent(free(counting(DAYS, first, limit), held), until)


@settings(deadline=None)
@given(held_after(), limits)
def test_what_is_left_of_the_time_is_the_limit_to_the_minute(
    given_: tuple[datetime, list[Stretch]], limit: Limit
) -> None:
    """Pauses shift exactly."""
    start, held = given_
    plain = deadline(CALENDAR, start, limit).due_at
    due = deadline(CALENDAR, start, limit, held).due_at

    assert due >= plain
    if limit.unit is not Unit.CALENDAR_DAY:
        assert used(start, limit, due, held) == used(start, limit, plain, [])
    if limit.unit is Unit.WORKING_HOUR:
        lost = sum((working_time(CALENDAR, max(a, start), min(b, due)) for a, b in held),
                   timedelta())  # fmt: skip
        assert working_time(CALENDAR, start, due) - lost == limit.duration


@settings(deadline=None)
@given(held_after(), limits)
def test_a_longer_standing_clock_is_never_due_earlier(
    given_: tuple[datetime, list[Stretch]], limit: Limit
) -> None:
    start, held = given_
    dues = [deadline(CALENDAR, start, limit, held[:n]).due_at for n in range(len(held) + 1)]

    assert dues == sorted(dues)


@settings(deadline=None)
@given(moments, limits, st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_clock_that_is_over_cannot_be_stopped(
    start: datetime, limit: Limit, off: int, long: int
) -> None:
    due = deadline(CALENDAR, start, limit).due_at
    first = DAYS.moment(DAYS.at(due).date, "24:00") + timedelta(minutes=off)

    held = [(first, first + timedelta(minutes=long))]

    assert deadline(CALENDAR, start, limit, held).due_at == due


@settings(deadline=None)
@given(moments, st.integers(1, 200), st.integers(0, 100), st.integers(1, 5000))
def test_urgent_hours_shift_by_the_pause_itself(
    start: datetime, hours: int, share: int, minutes: int
) -> None:
    limit = Limit.parse(f"{hours}UH")
    stop = start + limit.duration * share / 101
    held = [(stop, stop + timedelta(minutes=minutes))]

    assert deadline(CALENDAR, start, limit, held).due_at == start + limit.duration + timedelta(
        minutes=minutes
    )


@settings(deadline=None)
@given(moments, st.integers(1, 40), st.integers(1, 40))
def test_whole_days_of_standing_are_so_many_calendar_days_more(
    start: datetime, n: int, stood: int
) -> None:
    first = DAYS.moment(DAYS.at(start).date, "24:00")
    held = [(first, first + timedelta(stood))]

    paused = deadline(CALENDAR, start, Limit.parse(f"{n}CD"), held).due_at

    assert paused == deadline(CALENDAR, start, Limit.parse(f"{n + stood}CD")).due_at


@settings(deadline=None)
@given(held_after(), limits, st.integers(50, 95))
def test_the_light_turns_yellow_at_its_share_of_the_limits_own_time(
    given_: tuple[datetime, list[Stretch]], limit: Limit, percent: int
) -> None:
    start, held = given_
    due = deadline(CALENDAR, start, limit, held).due_at
    yellow = yellow_at(CALENDAR, start, limit, due, percent, held)

    assert start <= yellow <= due
    whole = used(start, limit, due, held)
    assert abs(used(start, limit, yellow, held) - whole * percent / 100) < timedelta(seconds=1)
    assert yellow == yellow_at(CALENDAR, start, limit, due, percent, held)


@settings(deadline=None)
@given(held_after(), limits, st.integers(0, 100_000))
def test_the_line_of_a_clock_has_no_gap_and_runs_for_the_whole_limit(
    given_: tuple[datetime, list[Stretch]], limit: Limit, after: int
) -> None:
    start, held = given_
    found = deadline(CALENDAR, start, limit, held)
    now = start + timedelta(minutes=after)

    pieces = line(found, now, held)

    assert (pieces[0].first, pieces[-1].last) == (start, max(found.due_at, now))
    assert all(one.last == two.first for one, two in pairwise(pieces))
    ran = sum((p.last - p.first for p in pieces if p.going is Going.RUNS), timedelta())
    assert ran == used(start, limit, found.due_at, held)
    told_ = reading(found, now, held)
    assert told_.left == 0 or now < found.due_at
    assert abs((told_.used + told_.left) - ran / timedelta(minutes=1)) <= 1


def test_the_line_names_nights_weekends_and_pauses() -> None:
    held = [(at("2026-11-20 10:00"), at("2026-11-20 11:00"))]
    found = deadline(CALENDAR, at("2026-11-20 09:00"), Limit.parse("8WH"), held)

    pieces = line(found, at("2026-11-20 12:00"), held)

    assert [(piece.going.value, f"{piece.last.astimezone(CITY):%d %H:%M}", piece.zh)
            for piece in pieces] == [
        ("runs", "20 10:00", ""),
        ("stood", "20 11:00", ""),
        ("runs", "20 12:00", ""),
        ("rests", "20 13:30", "下班时间"),
        ("runs", "20 17:30", ""),
        ("rests", "21 00:00", "下班时间"),
        ("rests", "23 00:00", "周末"),
        ("rests", "23 08:30", "下班时间"),
        ("runs", "23 10:30", ""),
    ]  # fmt: skip
    assert reading(found, at("2026-11-20 12:00"), held) == (120, 60, 360)


def test_every_kind_of_step_is_told() -> None:
    held = [(at("2026-11-20 10:00"), at("2026-11-20 11:00"))]
    for text in ("12WH", "2WD", "9CD", "36UH"):
        lines = deadline(CALENDAR, at("2026-11-19 09:00"), Limit.parse(text), held).explanation
        assert [line.kind for line in lines].count(Kind.STOP) == 1
        assert all(line.zh and line.en for line in lines)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    held = [(at("2026-11-18 10:00").astimezone(UTC), at("2026-11-18 10:30").astimezone(UTC))]

    found = deadline(CALENDAR, at("2026-11-18 09:00").astimezone(UTC), Limit.parse("2WH"), held)

    assert found.due_at == at("11-18 11:30")
