"""What the rule of 2026 on government apps asks, beside how this city's settings stand to it.

Nothing here is written down twice: what is not built comes from the list of the product, what a
city may choose from its rules, what it owes its users from what lies in the box.
"""

from typing import Any, NamedTuple

from wangge.feedback import service
from wangge.kernel.db import Tx
from wangge.tenant.service import rules
from wangge.tenant.switches import CHECK_IN, FORMS, INSTALLS, NOT_BUILT, RULE, RULE_EN, TRACES

KEPT, CHOSEN, LACKING, NEVER = "kept", "chosen", "lacking", "never"
TOLD = (
    "应当提供投诉、意见建议功能，标明备案号。",
    "The app takes complaints and suggestions and shows its record number.",
)
END = (
    "不再使用的应用应当及时下线，并妥善处置数据。",
    "What is no longer used is retired in time, and its data seen to.",
)
LEVEL = (
    "县级以下单位原则上不再建设政务应用；已有功能不重复建设。",
    "Below the county no apps of their own; nothing that is there is built twice.",
)


class Row(NamedTuple):
    """One point: what the rule says, how it stands here, and where the setting is."""

    code: str
    zh: str
    en: str
    law: tuple[str, str]
    state: str
    now: tuple[str, str]


def page(tx: Tx) -> dict[str, Any]:
    known, said = rules(tx), service.counts(tx)
    demanded = [kind for kind in known.types.leaves if kind.evidence]
    quota, number = known.visits.daily_homes, known.brand.record_number
    photos = (
        f"{len(demanded)}类事要照片，每类都写明理由；其余不强制",
        f"{len(demanded)} types ask for a photo, each with its reason; the others do not",
    )
    box = (
        f"收到{said['said']}条，已答复{said['answered']}条，逾期{said['late']}条",
        f"{said['said']} came, {said['answered']} answered, {said['late']} late",
    )
    if quota:
        homes = (
            f"本市定为每天{quota}户，只本人和网格长看得到",
            f"{quota} homes a day, seen by the worker and the grid leader alone",
        )
    else:
        homes = ("没有定额", "no quota")
    found = [
        Row("visit_quota", "每天走访户数的定额", "A daily number of homes", TRACES,
            CHOSEN if quota else KEPT,
            homes),
        Row("patrol_stretches", "巡查走过的路段", "Stretches of patrols", TRACES,
            CHOSEN if known.visits.stretches else KEPT,
            ("本市允许自愿记路段，不记点位和时刻", "stretches may be told, never points or moments")
            if known.visits.stretches else ("不记录", "not recorded")),
        Row("photos_with_reason", "按类型要求的照片", "Photos that a type asks for", TRACES, KEPT,
            photos),
        Row("opinions_box", "意见箱", "Complaints about the app", TOLD,
            LACKING if said["late"] else KEPT, box),
        Row("record_number", "备案号", "Record number", TOLD, KEPT if number else LACKING,
            (number, number) if number else ("还没有填写，请在“规则 › 品牌”里填",
                                             "not filled in yet: rules › brand")),
        Row("one_app", "一个应用、按岗位分面", "One app, faces by post", LEVEL, KEPT,
            ("市、县一套部署，镇街社区不另建应用；居民不装也能用",
             "one installation for city and county, none of their own below; residents need none")),
        Row("retirement", "下线", "Retirement", END, KEPT,
            ("退出即清手机；数据可整库导出后移交",
             "leaving empties the phone; the data are handed over whole")),
    ]  # fmt: skip
    never = [
        {"code": one.code, "zh": one.zh, "en": one.en, "law": one.law, "state": NEVER,
         "now": {"zh": "没有这项功能，开关也打不开", "en": "not built: no switch turns it on"}}
        for one in NOT_BUILT
    ]  # fmt: skip
    return {
        "rule": {"zh": RULE, "en": RULE_EN},
        "items": [_shown(row) for row in found] + never,
        "texts": [{"zh": zh, "en": en} for zh, en in (FORMS, CHECK_IN, INSTALLS, TRACES, TOLD)],
    }


def _shown(row: Row) -> dict[str, Any]:
    law = {"zh": f"{RULE}：{row.law[0]}", "en": f"{RULE_EN}: {row.law[1]}"}
    now = {"zh": row.now[0], "en": row.now[1]}
    return {**row._asdict(), "law": law, "now": now}
