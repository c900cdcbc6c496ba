"""The public holidays of a year as somebody else has collected them: a proposal to look through."""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from wangge.kernel.errors import NotFound
from wangge.tenant.calendar import Holiday, MakeUp, YearDays

NAMES: dict[str, str] = {known.value: known.chinese for known in chinese_calendar.Holiday}
FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def proposed(year: int) -> YearDays:
    """Refuse with ``year_not_known`` a year that the installed package does not have yet."""
    days = sorted((day, name) for day, name in holidays.items() if day.year == year)
    extra = sorted((day, name) for day, name in workdays.items() if day.year == year)
    if not days:
        raise NotFound(
            "year_not_known",
            f"还没有{year}年的放假安排，请等国务院办公厅公布后手工填写",
            f"the holidays of {year} are not known yet; enter them when they are published",
        )
    spells: list[tuple[date, date, str]] = []
    for day, name in days:
        if spells and spells[-1][1] + timedelta(1) == day and spells[-1][2] == name:
            spells[-1] = spells[-1][0], day, name
        else:
            spells.append((day, day, name))
    return YearDays(
        source=f"chinesecalendar {year}，请与国务院办公厅关于{year}年部分节假日安排的通知核对",
        holidays=tuple(Holiday(zh=_zh(n), en=n, first=a, last=b) for a, b, n in spells),
        make_up=tuple(MakeUp(zh=_zh(n), en=n, day=day) for day, n in extra),
    )


def _zh(name: str) -> str:
    short = NAMES[name]
    return FULL.get(short, short)
