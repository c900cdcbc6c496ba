"""Mistakes in rule documents, said in sentences of both languages with the place they are at."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wangge.settings import settings
from wangge.tenant.routing import ANY
from wangge.tenant.rules import Rules, comes_with


class Problem(NamedTuple):
    """``path`` begins with the document's name: ``types.types.3.limits.handle``."""

    path: str
    zh: str
    en: str


SENTENCES = {
    "missing": ("缺少这一项", "this is missing"),
    "extra_forbidden": ("没有这一项，请检查拼写", "there is no such field; check its spelling"),
    "string_type": ("应当是文字（数字请加引号）", "must be text (put quotes around numbers)"),
    "string_too_short": ("文字太短", "the text is too short"),
    "string_too_long": ("文字太长", "the text is too long"),
    "string_pattern_mismatch": ("写法不对：{value}", "not written as expected: {value}"),
    "int_type": ("应当是整数", "must be a whole number"),
    "int_parsing": ("应当是整数", "must be a whole number"),
    "int_from_float": ("应当是整数", "must be a whole number"),
    "bool_type": ("应当是 true 或 false", "must be true or false"),
    "bool_parsing": ("应当是 true 或 false", "must be true or false"),
    "date_type": ("应当是日期，例如 2026-05-01", "must be a date such as 2026-05-01"),
    "date_parsing": ("应当是日期，例如 2026-05-01", "must be a date such as 2026-05-01"),
    "date_from_datetime_parsing": (
        "应当是日期，例如 2026-05-01",
        "must be a date such as 2026-05-01",
    ),
    "literal_error": ("只能是：{expected}", "must be one of {expected}"),
    "greater_than_equal": ("不能小于{ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于{le}", "must be at most {le}"),
    "too_short": ("至少要有一项", "needs at least one entry"),
    "too_long": ("条目太多", "has too many entries"),
    "tuple_type": ("应当是列表", "must be a list"),
    "dict_type": ("应当是一组“名称：值”", "must be a group of names with values"),
    "model_type": ("应当是一组“名称：值”", "must be a group of names with values"),
    "model_attributes_type": ("应当是一组“名称：值”", "must be a group of names with values"),
}


def told(name: str, error: ValidationError) -> list[Problem]:
    """Every mistake once; a list that is empty only because its entries are wrong is left out."""
    errors = error.errors(include_url=False)
    below = [item["loc"] for item in errors]
    return [
        _told(name, item)
        for item in errors
        if item["type"] != "too_short"
        or not any(
            len(loc) > len(item["loc"]) and loc[: len(item["loc"])] == item["loc"] for loc in below
        )
    ]


def _told(name: str, item: ErrorDetails) -> Problem:
    path = ".".join([name, *(str(part) for part in item["loc"])])
    context: Mapping[str, Any] = item.get("ctx", {})
    if item["type"] == "mistake":
        return Problem(path, str(context["zh"]), str(context["en"]))
    zh, en = SENTENCES.get(
        item["type"], ("填写有误", item["msg"].replace("{", "").replace("}", ""))
    )
    values = {"value": repr(item["input"])[:60], "expected": "", "ge": "", "le": "", **context}
    return Problem(path, zh.format(**values), en.format(**values))


def crossed(rules: Rules, logos: Sequence[str], base_maps: Sequence[str]) -> list[Problem]:
    """Find what is right in each document and wrong between them, or with what there is.

    ``logos`` and ``base_maps`` are the ids of those that were taken in.
    """
    return [
        *_types(rules), *_routes(rules), *_duties(rules), *_alerts(rules), *_logo(rules, logos),
        *_basemap(rules, base_maps),
    ]  # fmt: skip


def _types(rules: Rules) -> Iterator[Problem]:
    levels = {level.code for level in rules.lists.levels}
    kinds = {kind.code for kind in rules.lists.kinds}
    for n, case_type in enumerate(rules.types.types):
        place = f"types.types.{n}"
        if case_type.level not in levels:
            yield Problem(
                f"{place}.level",
                f"“{case_type.zh}”的等级“{case_type.level}”不在选项里",
                f"'{case_type.code}' has level '{case_type.level}', which is not in the lists",
            )
        if case_type.kind and case_type.kind not in kinds:
            yield Problem(
                f"{place}.kind",
                f"“{case_type.zh}”的诉求性质“{case_type.kind}”不在选项里",
                f"'{case_type.code}' has kind '{case_type.kind}', which is not in the lists",
            )
    for level in rules.types.levels:
        if level not in levels:
            yield Problem(
                f"types.levels.{level}",
                f"等级“{level}”不在选项里",
                f"the level '{level}' is not in the lists",
            )


def _routes(rules: Rules) -> Iterator[Problem]:
    for n, route in enumerate(rules.routes.routes):
        if route.type != ANY and route.type not in rules.types.by_code:
            yield Problem(
                f"routes.routes.{n}.type",
                f"派单目录第{n + 1}行的类型“{route.type}”不存在",
                f"row {n + 1} of the dispatch directory names an unknown type '{route.type}'",
            )


def _duties(rules: Rules) -> Iterator[Problem]:
    for n, one in enumerate(rules.duties.lists):
        for code in one.types:
            if code not in rules.types.by_code:
                yield Problem(
                    f"duties.lists.{n}.types",
                    f"职责清单“{one.zh}”里的类型“{code}”不存在",
                    f"the duty list '{one.en}' names an unknown type '{code}'",
                )


def _alerts(rules: Rules) -> Iterator[Problem]:
    """Of a city's own rules: those of the product name its types and find nothing without them."""
    if rules.alerts == comes_with("alerts"):
        return
    channels = {channel.code for channel in rules.lists.channels}
    for n, rule in enumerate(rules.alerts.rules):
        for code in getattr(rule, "types", ()):
            if code not in rules.types.by_code:
                yield Problem(
                    f"alerts.rules.{n}.types",
                    f"预警规则“{rule.zh}”里的类型“{code}”不存在",
                    f"the alert rule '{rule.en}' names an unknown type '{code}'",
                )
        for code in getattr(rule, "channels", ()):
            if code not in channels:
                yield Problem(
                    f"alerts.rules.{n}.channels",
                    f"预警规则“{rule.zh}”里的来源“{code}”不在选项里",
                    f"the alert rule '{rule.en}' names an unknown channel '{code}'",
                )


def _logo(rules: Rules, logos: Sequence[str]) -> Iterator[Problem]:
    if rules.brand.logo != "builtin" and rules.brand.logo not in logos:
        yield Problem(
            "brand.logo",
            "标志图片不在本平台，请先上传，或写 builtin",
            "this logo was not uploaded here: upload it first, or write builtin",
        )


def _basemap(rules: Rules, base_maps: Sequence[str]) -> Iterator[Problem]:
    chosen = rules.basemap
    if chosen.kind == "pmtiles" and chosen.file not in base_maps:
        yield Problem(
            "basemap.file",
            "没有这份底图文件，请先用 wangge areas basemap 放进来",
            "there is no such base map: take it in by `wangge areas basemap` first",
        )
    if chosen.kind == "tianditu" and not (chosen.key or settings().tianditu_key):
        yield Problem(
            "basemap.key",
            "天地图要有密钥：写在这里，或写在环境变量 WANGGE_TIANDITU_KEY 里",
            "Tianditu needs a key: here, or as WANGGE_TIANDITU_KEY in the environment",
        )


def warnings(rules: Rules, today: date) -> list[Problem]:
    """Say what works and still wants care: a year that the working calendar lacks."""
    wanted = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    return [
        Problem(
            f"calendar.years.{year}",
            f"工作日历里还没有{year}年的放假和调休安排，到{year}年的时限暂按平常的周末推算",
            f"the working calendar lacks {year}; limits that reach it count plain weekdays",
        )
        for year in wanted
        if year not in rules.calendar.years
    ]
