"""What a card says, in both languages: its figures as a sentence."""

from collections.abc import Callable
from typing import Any

from wangge.tenant.rules import Rules

INDICATORS = {
    "received": ("收到", "received", "件", ""),
    "open": ("在办", "in hand", "件", ""),
    "late": ("超期未办结", "late and open", "件", ""),
    "late_share": ("在办事项超期比例", "of what is in hand is late", "%", "%"),
    "unsatisfied_share": ("评价不满意比例", "of those who rated were not satisfied", "%", "%"),
}
Said = tuple[str, str]


def sentence(known: Rules, kind: str, figures: dict[str, Any]) -> Said:
    """The figures that made a card, as Chinese and as English."""
    return SAID[kind](known, figures)


def _number(value: float) -> str:
    return f"{value:g}"


def _family(known: Rules, code: str) -> Said:
    found = known.types.by_code.get(code)
    return (found.zh, found.en) if found else (code, code)


def _repeat(known: Rules, f: dict[str, Any]) -> Said:
    zh, en = _family(known, f["family"])
    near = ("同一小区", "in one estate") if f["estate"] else (
        f"相距{f['metres']}米以内", f"within {f['metres']} m of each other")  # fmt: skip
    return (
        f"{f['days']}天内{near[0]}反映“{zh}”{f['n']}次（规则：{f['at_least']}次起）",
        (
            f"“{en}” was reported {f['n']} times in {f['days']} days {near[1]}"
            f" (rule: from {f['at_least']} on)"
        ),
    )


def _threshold(_: Rules, f: dict[str, Any]) -> Said:
    zh, en, unit, sign = INDICATORS[f["indicator"]]
    value, above = _number(f["value"]), _number(f["above"])
    of = ("", "") if f["of"] is None else (f"，{f['of']}件中{f['n']}件", f", {f['n']} of {f['of']}")
    return (
        f"近{f['days']}天{zh}{value}{unit}{of[0]}，超过{above}{unit}",
        f"In {f['days']} days {value}{sign} {en}{of[1]}; the limit is {above}{sign}",
    )


def _trend(_: Rules, f: dict[str, Any]) -> Said:
    n, days, weeks, usual, sigma = f["n"], f["days"], f["weeks"], _number(f["usual"]), f["sigma"]
    season = f["season"]
    zh_season = f"，按去年同期季节系数{season:g}" if season else ""
    en_season = f", season of last year {season:g}" if season else ""
    # Cards from before the calendar was asked do not say whether it moved anything.
    by_calendar = f.get("calendar", False)
    zh_days = (
        f"按日历前{weeks}次同类日子（工作日比工作日、节假日比节假日）"
        if by_calendar
        else f"前{weeks}周同样星期"
    )
    en_days = (
        f"like days of {weeks} times before (working days beside working days, holidays beside"
        " holidays)"
        if by_calendar
        else f"the same weekdays of {weeks} weeks before"
    )
    zh = f"近{days}天收到{n}件，{zh_days}平均{usual}件{zh_season}，高出{sigma:g}倍标准差"
    en = (
        f"{n} came in in {days} days; on {en_days} {usual} on average{en_season}:"
        f" {sigma:g} standard deviations more"
    )
    return zh, en


def _burst(_: Rules, f: dict[str, Any]) -> Said:
    centre, areas, days, n, usual = f["centre"], f["areas"], f["days"], f["n"], _number(f["usual"])
    chance, runs = f"{f['p'] * 100:.1f}%", f["runs"]
    zh = (
        f"以{centre}为中心的{areas}个相邻区域，{days}天内收到{n}件，按各地各日的平常应有{usual}件；"
        f"纯属偶然的可能约{chance}（随机试算{runs}次）"
    )
    en = (
        f"{n} came in within {days} days in {areas} neighbouring areas around {centre};"
        f" {usual} were to be expected. Chance alone brings as much in about {chance}"
        f" ({runs} trials)"
    )
    return zh, en


def _silent_grid(_: Rules, f: dict[str, Any]) -> Said:
    days, usual, last, history = f["days"], f["usual"], f["last"], f["history"]
    zh = (
        f"已有{days}个工作日没有任何反映、走访和服务记录（最后一次{last}），"
        f"过去{history}天里最长间隔是{usual}个工作日。"
        "请问一问是不是需要帮助：人手、手机、网络，还是别的。"
    )
    en = (
        f"Nothing was heard for {days} working days: no reports, visits or services (last on"
        f" {last}); the longest gap in {history} days before was {usual}. Please ask whether"
        " help is needed: people, telephones, the network or else."
    )
    return zh, en


def _silent_source(known: Rules, f: dict[str, Any]) -> Said:
    named = next((one for one in known.lists.channels if one.code == f["channel"]), None)
    zh, en = (named.zh, named.en) if named else (f["channel"], f["channel"])
    last, weeks, usual = f["last"], f["weeks"], _number(f["usual"])
    said = f"“{zh}”自{last}以来没有来件，按前{weeks}周同样星期应有{usual}件。请检查接入是否正常。"
    told = (
        f"Nothing has come from “{en}” since {last}; by the same weekdays of {weeks} weeks {usual}"
        " were to be expected. Please check that it is connected."
    )
    return said, told


SAID: dict[str, Callable[[Rules, dict[str, Any]], Said]] = {
    "repeat": _repeat,
    "threshold": _threshold,
    "trend": _trend,
    "burst": _burst,
    "silent_grid": _silent_grid,
    "silent_source": _silent_source,
}
