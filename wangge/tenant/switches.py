"""Switches of a city: which steps run by themselves; and what no switch turns on."""

from typing import Any, NamedTuple

from pydantic import Field

from wangge.tenant.models import Part

RULE = "国务院办公厅《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）"
RULE_EN = "State Council General Office, rules for government mobile apps, letter 12 of 2026"
FORMS = (
    "不得随意或重复要求基层填表报数交材料。",
    "The grass roots may not be asked at will or again and again to fill in forms.",
)
CHECK_IN = (
    "除安保、应急等特殊场景外，不得设置打卡签到、积分排名、统计在线时长等强制性功能。",
    "Except in security or emergency scenes, no forced check-in, points ranking or time on line.",
)
INSTALLS = (
    "不得强制推广下载使用，不得考核通报用户安装使用率，不得强制要求定期登录。",
    "Downloads, install rates and regular sign-ins may be neither forced nor appraised.",
)
TRACES = (
    "不得作为日常考核的主要载体；非必要不得强制要求上传工作照片、视频和轨迹。",
    "No main vehicle of appraisal; photos, videos and tracks are not forced without need.",
)

LIKES = (
    "不得以点赞、投票、转发、学习时长等作为考核依据。",
    "Likes, votes, forwards and time spent learning are no ground of appraisal.",
)
COMMERCE = ("不得从事商业活动。", "No commercial activity.")


def _on(zh: str, en: str) -> Any:
    return Field(default=True, json_schema_extra={"zh": zh, "en": en})


def _off(zh: str, en: str) -> Any:
    return Field(default=False, json_schema_extra={"zh": zh, "en": en})


def _number(default: int, least: int, most: int, zh: str, en: str) -> Any:
    return Field(default=default, ge=least, le=most, json_schema_extra={"zh": zh, "en": en})


class Switches(Part):
    """Every switch with what it does."""

    auto_register: bool = _on("受理后自动登记，不必再点一次", "Register as soon as it is accepted")
    auto_dispatch: bool = _on(
        "找到承办单位时自动派单（紧急事项除外）",
        "Dispatch by itself when a route is found (never an emergency)",
    )
    dry_run_first: bool = _on(
        "派单目录、准入清单改动前须先用过去的事项试运行",
        "Changes of the directory and the duty lists are tried on past cases first",
    )
    auto_check: bool = _on("部门办结后自动通知网格员核查", "Ask for a check when a unit is done")
    auto_close: bool = _on("核查通过后自动结案", "Close by itself after the check is passed")
    approve_answers: bool = _off(
        "对外答复须由他人审核后才结案发出", "Somebody else approves an answer before it goes out"
    )
    decline_by_two: bool = _off(
        "不予受理须由他人审核后才告知诉求人",
        "Somebody else approves a refusal before its asker is told",
    )
    short_path_sample_percent: int = _number(
        10, 0, 100, "自行处置事项抽查比例（%）", "Share of self-handled matters that are checked, %"
    )
    auto_evaluate_days: int = _number(
        7, 1, 90, "结案后几天无人评价即归档", "Days after closing until silence ends the matter"
    )
    reopen_limit: int = _number(
        1, 0, 9, "同一事项最多重办几次", "How often a matter may be reopened"
    )
    extension_most: int = _number(
        2, 0, 9, "同一轮办理最多延期几次", "How often one round of a matter may be extended"
    )
    pause_most: int = _number(
        2, 0, 9, "同一轮办理最多停表几次", "How often the clock may be stopped in one round"
    )
    pause_days: int = _number(
        10, 1, 60, "一次停表最多几个工作日", "Working days for which a clock may be stopped"
    )
    suspension_days: int = _number(
        90, 1, 366, "挂账最多几天必须复查", "Days after which what is put by must be reviewed"
    )
    objection_days: int = _number(
        1,
        1,
        30,
        "派单后几个工作日内可以提出异议（退单）",
        "Working days in which a unit may object",
    )
    decide_hours: int = _number(
        4, 1, 80, "延期等申请须在几个工作时内审批", "Working hours in which a request is decided"
    )
    second_step_administrators: bool = _on(
        "三员登录须二次验证（手机动态码）",
        "Administrators need a second step to sign in (a code from their phone)",
    )
    second_step_desks: bool = _off(
        "网格中心坐席登录须二次验证", "The desks' staff need a second step to sign in"
    )
    second_step_others: bool = _off(
        "其他工作人员登录须二次验证", "All other staff need a second step to sign in"
    )
    doubles_metres: int = _number(
        100, 10, 1000, "疑似重复：相距多少米以内", "Possible doubles: within how many metres"
    )
    doubles_days: int = _number(
        15, 1, 90, "疑似重复：最近几天内收到的", "Possible doubles: received within how many days"
    )
    doubles_alike_percent: int = _number(
        25, 5, 100, "疑似重复：用词相近到多少（%）", "Possible doubles: how alike the words are, %"
    )
    doubles_siblings: bool = _on(
        "疑似重复：同一大类下的相邻类型也算同类",
        "Possible doubles: types of the same class count as the same",
    )
    recurrence_days: int = _number(
        15,
        0,
        366,
        "重复发生：办结后几天内同一地点、同一类型再次反映的（0 为不认定；对外公布）",
        "Recurrence: what comes again within so many days of its closing, same place and type"
        " (0: none; published)",
    )
    doubles_for_residents: bool = _on(
        "居民上报时提示附近已公开的同类事项，可改为关注",
        "Show residents released matters nearby when they report; they may follow instead",
    )
    swaps_confirmed: bool = _on(
        "换班、代班双方同意后还须值班负责人确认",
        "Swaps and stand-ins are confirmed by whoever leads, after both agreed",
    )
    estate_notices_approved: bool = _on(
        "物业公告须经社区批准才向居民公开",
        "Notices of property companies are approved by the community before residents see them",
    )
    urgent_sms_minutes: int = _number(
        0,
        0,
        60,
        "工作人员的紧急消息几分钟没看，再发一条短信（0 为不发；突发事件、吹哨本来就发短信）",
        "An urgent notice to staff unread for so many minutes also goes by SMS"
        " (0: none; emergencies and whistles go by SMS anyhow)",
    )
    yellow_percent: int = _number(
        75,
        50,
        95,
        "时限用去百分之几时亮黄灯（%）",
        "Share of a limit at which its light is yellow, %",
    )
    limits_from_found_hours: int = _number(
        0,
        0,
        72,
        "没有网络时发现、手机后来才传到的事，时限从发现时起算，最多往前算几小时"
        "（0 为一律从收到时起算；发现和收到两个时间都照样显示）",
        "What was found without a network and came late from a phone: its limits run from the"
        " discovery, at most so many hours back (0: from receipt; both times are shown)",
    )
    sms_to_asker: bool = _on("给反映人发短信告知进度", "Tell the asker of progress by SMS")
    callback_after_hours: int = _number(
        24, 0, 720, "结案后几小时无人评价即进入回访", "Hours after closing until callers ask"
    )
    dissatisfied_reopens: bool = _on(
        "回访说已解决但不满意的，也发回重办",
        "Reopen what is solved but leaves its asker dissatisfied",
    )
    group_receipts: bool = _off(
        "网格群消息允许发送人要求“已读”回执（关闭时任何人、数据库里都不知道谁读过）",
        "Writers in a grid group may ask who has read (off: nobody and no table knows it)",
    )
    group_keep_days: int = _number(
        365, 30, 3650, "网格群消息保存多少天", "Days for which messages of grid groups are kept"
    )
    fairly_satisfied_counts: bool = _on(
        "满意率中“基本满意”计入满意（对外公布）",
        "'Fairly satisfied' counts as satisfied (published)",
    )


class Told(NamedTuple):
    """What a screen shows beside a switch."""

    name: str
    zh: str
    en: str
    value: bool | int
    default: bool | int


class Refused(NamedTuple):
    """Something the rule of 2026 forbids and that is not built: no switch turns it on."""

    code: str
    zh: str
    en: str
    law: dict[str, str]


def _refused(code: str, zh: str, en: str, law: tuple[str, str]) -> Refused:
    return Refused(code, zh, en, {"zh": f"{RULE}：{law[0]}", "en": f"{RULE_EN}: {law[1]}"})


NOT_BUILT = (
    _refused("forced_check_in", "上下班强制打卡签到", "Forced check-in at work", CHECK_IN),
    _refused("points_ranking", "积分和排名", "Points and rankings", CHECK_IN),
    _refused("online_time", "统计在线时长", "Statistics of time on line", CHECK_IN),
    _refused("install_rate", "统计安装率、使用率", "Install and use rates", INSTALLS),
    _refused("forced_sign_in", "强制定期登录", "Forced regular sign-in", INSTALLS),
    _refused(
        "forced_photo",
        "每件事都必须拍照（按类型要求、写明理由的除外）",
        "A photo for everything (what a type asks for, with its reason, is not meant)",
        TRACES,
    ),
    _refused("tracks", "记录工作轨迹", "Tracks of work", TRACES),
    _refused("appraisal_by_uploads", "按上报数量考核", "Appraisal by number of reports", TRACES),
    _refused(
        "appraisal_by_likes",
        "按点赞、投票、转发、学习时长考核",
        "Appraisal by likes, votes, forwards or time spent learning",
        LIKES,
    ),
    _refused(
        "commerce",
        "广告、付费推广和其他商业活动",
        "Advertisements, paid promotion and other commerce",
        COMMERCE,
    ),
    _refused("repeated_forms", "重复填报已有数据", "Ask again for data that is there", FORMS),
)


def described(switches: Switches) -> list[Told]:
    found = []
    for name, field in Switches.model_fields.items():
        said = field.json_schema_extra
        assert isinstance(said, dict)  # noqa: S101 - made by the functions above
        found.append(
            Told(name, str(said["zh"]), str(said["en"]), getattr(switches, name), field.default)
        )
    return found
