"""The catalogue of indicators: each with its numerator, its denominator and what is left out.

A figure that cannot say what it divides by what is not shown anywhere. ``docs/indicators.md`` is
written from this; to change a formula is to change it here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wangge.cases.figure_sets import (
    ACCEPTED,
    CALLED_BACK,
    CLOSED,
    COUNTED,
    EVERY,
    FINISHED,
    HANDLED,
    OPEN,
    RECEIVED,
    SATISFIED,
    SELF_HANDLED,
    TO_ACCEPT,
    TO_ACKNOWLEDGE,
    TO_CHECK,
    TO_CLOSE,
    TO_DISPATCH,
    TO_HANDLE,
    UNREASONABLE,
    Base,
)
from wangge.cases.models import State

Words = tuple[str, str]
GK = "GK"
# Organisations on the ground of a community or below; the party's are never given a matter.
LOCAL = """(select coalesce(array_agg(o.id), '{}') from organisations o
    join areas a on a.id = o.area_id where o.kind <> 'party'
        and a.level not in ('city', 'county', 'township'))"""
# The rung whose unit had it when it was closed; asked as a set, which is hashed once for a scan.
HAD_BY = "c.path <> 'short' and coalesce(c.unit_id, c.desk_id)"
ON_RUNG = """(select o.id from organisations o left join areas a on a.id = o.area_id
    where o.kind <> 'party' and coalesce(a.level, 'city') in ({}))"""
UPPER = ON_RUNG.format("'township', 'county', 'city'")
RUNGS: tuple[tuple[str, Words, str], ...] = (
    ("grid", ("网格", "the grid"), "c.path = 'short'"),
    ("community", ("社区（村）", "the community"), f"{HAD_BY} not in {UPPER}"),
    *(
        (code, words, f"{HAD_BY} in {ON_RUNG.format(repr(level))}")
        for code, words, level in (
            ("street", ("街道（镇）", "the street"), "township"),
            ("county", ("区县", "the county"), "county"),
            ("city", ("市级", "the city"), "city"),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """``where`` and ``states`` single the numerator out of the denominator.

    The denominator is ``base`` in the states of ``counted``, less ``aside`` (which is shown). With
    ``minutes``, a moment to count from and one to count to, it is a mean and no share.
    """

    code: str
    name: Words
    post: str
    source: str
    base: Base
    numerator: Words
    where: str = "true"
    counted: frozenset[State] = COUNTED
    states: frozenset[State] | None = None
    aside: tuple[Words, str] | None = None
    minutes: tuple[str, str] | None = None

    @property
    def is_mean(self) -> bool:
        return self.minutes is not None

    @property
    def left_out(self) -> frozenset[State]:
        return EVERY - self.counted

    @property
    def counted_where(self) -> str:
        """The denominator's condition, but for its states."""
        return f"{self.base.where} and not ({self.aside[1]})" if self.aside else self.base.where


# 岗位: the standard judges the post by what is its work, never the person.
POSTS: dict[str, Words] = {
    "close": ("结案岗（值班长）", "closing (duty leaders)"),
    "handle": ("处置岗（承办单位）", "handling (units)"),
    "accept": ("受理岗", "accepting"),
    "dispatch": ("派遣岗", "dispatching"),
    "check": ("核查岗", "checking"),
    "callback": ("回访岗", "calling back"),
    "collect": ("采集岗（网格员）", "collecting (grid workers)"),
}
INDICATORS = (
    Indicator(
        "closing_rate", ("办结率", "closing rate"), "close", "S0、S4；公式 GK", RECEIVED,
        ("现已结案或已评价的", "now closed or evaluated"), states=FINISHED,
    ),
    Indicator(
        "overdue_share", ("在办超时率", "share of open cases past their time"), "close", GK,
        RECEIVED, ("现已超过本环节时限的", "past the limit of their stage"),
        "c.overdue_at < %(cap)s", counted=OPEN,
    ),
    Indicator(
        "close_rate", ("结案率", "closing rate of what was due"), "close", "eGova、金华", TO_CLOSE,
        ("期末前已结案的", "closed before its end"), "c.closed_at < %(cap)s", states=FINISHED,
    ),
    Indicator(
        "on_time_close_rate", ("按期结案率", "closed in time"), "close", "eGova、金华", TO_CLOSE,
        ("在总时限内结案的", "closed within the whole limit"),
        "c.closed_at < %(cap)s and c.closed_at <= c.total_due_at", states=FINISHED,
    ),
    Indicator(
        "late_close_rate", ("超期结案率", "closed late"), "close", "eGova", TO_CLOSE,
        ("超过总时限才结案的", "closed after the whole limit"),
        "c.closed_at < %(cap)s and c.closed_at > c.total_due_at", states=FINISHED,
    ),
    Indicator(
        "open_rate", ("未结案率", "not yet closed"), "close", "eGova", RECEIVED,
        ("现未结案的", "not closed now"), counted=EVERY, states=OPEN,
    ),
    Indicator(
        "rework_rate", ("返工率", "rework"), "handle", "金牛", TO_CLOSE,
        ("核查退回过的", "sent back by a check"), "c.reworked_at < %(cap)s",
    ),
    Indicator(
        "dispose_rate", ("处置率", "handled"), "handle", "eGova、金牛", TO_HANDLE,
        ("期末前处置完毕的", "handled before its end"), "c.handle_done_at < %(cap)s",
    ),
    Indicator(
        "on_time_dispose_rate", ("按期处置率", "handled in time"), "handle", "eGova、金牛",
        TO_HANDLE, ("在处置时限内完毕的", "handled within the limit"),
        "c.handle_done_at < %(cap)s"
        " and (c.handle_due_at is null or c.handle_done_at <= c.handle_due_at)",
    ),
    Indicator(
        "overdue_rate", ("超期待处置率", "overdue and not handled"), "handle", "金牛", TO_HANDLE,
        ("已过处置时限、期末仍未处置完毕的", "past the limit and not handled at its end"),
        "c.handle_due_at < %(cap)s and (c.handle_done_at is null or c.handle_done_at >= %(cap)s)",
    ),
    Indicator(
        "extension_rate",
        ("延期率", "given a longer limit"),
        "handle",
        "金牛",
        TO_HANDLE,
        ("批准过延期的", "granted an extension"),
        "c.extended_at < %(cap)s",
    ),
    Indicator(
        "response_rate", ("响应率", "response"), "handle", "北京条例第32条；公式 GK",
        TO_ACKNOWLEDGE, ("在签收时限内签收的", "acknowledged within the limit"),
        "c.acknowledge_done_at < %(cap)s and c.acknowledge_done_at <= c.acknowledge_due_at",
    ),
    Indicator(
        "mean_dispose_time", ("平均处置时长", "mean time of handling"), "handle", "eGova", HANDLED,
        ("从派出（自行处置的从收到）到处置完毕", "from dispatch (or receipt) to handled"),
        minutes=("coalesce(c.dispatch_done_at, c.received_at)", "c.handle_done_at"),
    ),
    Indicator(
        "valid_report_rate", ("有效上报率", "valid reports"), "collect", "eGova", RECEIVED,
        ("已登记（立案）且未作废的", "registered and not void"), "c.registered_at < %(cap)s",
        counted=EVERY, states=COUNTED | {State.SUSPENDED},
    ),
    Indicator(
        "self_handle_rate", ("自行处置率", "settled on the spot"), "collect", "S2", RECEIVED,
        ("网格员当场办结的", "settled on the spot by grid workers"),
        "c.path = 'short' and c.handle_done_at < %(cap)s", counted=EVERY, states=COUNTED,
    ),
    Indicator(
        "on_time_accept_rate", ("按时受理率", "accepted in time"), "accept",
        "eGova（分母用应受理数）", TO_ACCEPT,
        ("在受理时限内受理的", "accepted within the limit"),
        "c.accept_done_at < %(cap)s and c.accept_done_at <= c.accept_due_at",
    ),
    Indicator(
        "mean_accept_time", ("平均受理时长", "mean time to acceptance"), "accept", "eGova",
        ACCEPTED, ("从收到到受理", "from receipt to acceptance"),
        minutes=("c.received_at", "c.accept_done_at"),
    ),
    Indicator(
        "on_time_dispatch_rate", ("按时派遣率", "dispatched in time"), "dispatch", "eGova",
        TO_DISPATCH, ("在派遣时限内派出的", "dispatched within the limit"),
        "c.dispatch_done_at < %(cap)s and c.dispatch_done_at <= c.dispatch_due_at",
    ),
    Indicator(
        "accurate_dispatch_rate", ("准确派遣率", "dispatched to the right unit"), "dispatch",
        "eGova", TO_DISPATCH,
        ("已派出、从未被退回或撤回的", "dispatched and never returned or recalled"),
        "c.dispatch_done_at < %(cap)s"
        " and (c.misdispatched_at is null or c.misdispatched_at >= %(cap)s)",
    ),
    Indicator(
        "on_time_check_rate", ("按时核查率", "checked in time"), "check", "eGova", TO_CHECK,
        ("在核查时限内通过的", "passed within the limit"),
        "c.check_done_at < %(cap)s and c.check_done_at <= c.check_due_at",
    ),
    Indicator(
        "mean_close_time", ("平均结案时长", "mean time to closing"), "close", GK, CLOSED,
        ("从收到到结案", "from receipt to closing"), minutes=("c.received_at", "c.closed_at"),
    ),
    Indicator(
        "satisfaction", ("满意率", "satisfaction"), "callback", "eGova 字段，公式 GK", CALLED_BACK,
        ("满意的（基本满意是否计入，按本市公布的设置）",
         "satisfied (whether fairly satisfied counts is the city's published setting)"),
        SATISFIED,
        aside=(
            ("未评满意度的、经二级裁定诉求不合理的",
             "gave no grade, or were ruled to be without ground"),
            f"c.satisfaction is null or {UNREASONABLE}",
        ),
    ),
    Indicator(
        "resolution_rate", ("解决率", "solved"), "callback", "北京条例第32条；公式 GK", CALLED_BACK,
        ("反映人说已解决的", "solved, says the asker"), "c.solved",
        aside=(("经二级裁定诉求不合理的", "were ruled to be without ground"), UNREASONABLE),
    ),
    Indicator(
        "recurrence_rate", ("重复发生率", "share that came again"), "close", "GK", RECEIVED,
        ("登记时认定为公布的天数内再次发生的",
         "found on registering to come again within the published number of days"),
        "c.recurs_at < %(cap)s",
    ),
    Indicator(
        "local_resolution", ("社区化解率", "settled within the community"), "close",
        "S4；公式 GK", CLOSED,
        ("只由社区及以下经办、或当场办结的",
         "in the hands of the community and below alone, or settled on the spot"),
        f"(c.path = 'short' or c.unit_ids <@ {LOCAL})", states=FINISHED, counted=FINISHED,
    ),
    Indicator(
        "self_handled_close_rate", ("自行处置办结率", "closed of what was settled on the spot"),
        "collect", "S2", SELF_HANDLED, ("现已结案或已评价的", "now closed or evaluated"),
        states=FINISHED,
    ),
    *(
        Indicator(
            f"solved_{code}", (f"{zh}解决占比", f"share solved at {en}"), "close",
            "S4；公式 GK", CLOSED,
            ("网格员当场办结、没有出网格的" if code == "grid" else f"结案时由{zh}一级经办的",
             "settled on the spot, never out of the grid" if code == "grid"
             else f"in the hands of {en} when closed"),
            where, states=FINISHED, counted=FINISHED,
        )
        for code, (zh, en), where in RUNGS
    ),
)  # fmt: skip
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


def told(indicator: Indicator, numerator: Words | None = None) -> dict[str, str]:
    """The formula in words, in both languages; ``numerator`` where a city's setting words it."""
    zh, en = numerator or indicator.numerator
    base_zh, base_en = indicator.base.zh, indicator.base.en
    aside = indicator.aside[0] if indicator.aside else None
    out_zh = f"（不含{aside[0]}）" if aside else ""
    out_en = f" (less those that {aside[1]})" if aside else ""
    if indicator.is_mean:
        return {"zh": f"{base_zh}事项，{zh}的平均时长", "en": f"of cases {base_en}: mean time {en}"}
    return {
        "zh": f"其中{zh} ÷ {base_zh}事项{out_zh}",
        "en": f"of these {en} ÷ cases {base_en}{out_en}",
    }


def of_post(post: str) -> Iterator[Indicator]:
    return (one for one in INDICATORS if one.post == post)
