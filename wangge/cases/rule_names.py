"""The city's rules by which a case moves or is marked without anybody's hand, in words."""

from typing import Any

from wangge.cases.models import Action
from wangge.tenant.models import Label

BY_RULE = {
    "auto_register": Label(zh="受理后自动登记", en="registered when accepted"),
    "auto_dispatch": Label(zh="按派单目录自动派单", en="sent by the directory"),
    "grid_first": Label(zh="派单目录：格内专业网格员先办", en="the grid's professional first"),
    "auto_check": Label(zh="办结后自动送核查", en="sent to be checked"),
    "auto_close": Label(zh="核查通过自动结案", en="closed once checked"),
    "within_grid": Label(zh="网格内当场办结，无须审批", en="settled in the grid, no approval"),
    "auto_evaluate_days": Label(zh="到期未评价自动归档", en="filed when nobody answered"),
    "complained_of": Label(zh="反映的就是承办方，绕开办理", en="routed around whom it is about"),
    "callback_unreached": Label(zh="回访三次未接通", en="not reached in three tries"),
    "callback_refused": Label(zh="回访时拒访", en="would not say when called back"),
    "short_path_sample": Label(zh="自行处置抽查", en="sample of what was settled on the spot"),
    "spot_check": Label(zh="现场督查", en="checked on site"),
    "short_path_not_sampled": Label(zh="自行处置未抽中", en="settled on the spot, not sampled"),
    "only_approver": Label(zh="受理台没有其他审核人", en="the desk has nobody else to approve"),
    "only_handler": Label(zh="单位没有其他承办人", en="the unit has nobody else"),
    "calendar_year": Label(zh="放假安排已公布，时限重算", en="holidays entered, due time anew"),
    "lead_closed": Label(zh="主办件已办结", en="the lead case was closed"),
    "lead_ended": Label(zh="主办件未办而止", en="the lead case ended undone"),
    "lead_reopened": Label(zh="主办件重新办理", en="the lead case is being done again"),
    "rules_calendar": Label(zh="工作日历调整，时限重算", en="calendar changed, due time anew"),
    "rules_types": Label(zh="事项类型时限调整，时限重算", en="limits changed, due time anew"),
    "nobody_rules": Label(zh="没有别的在岗人员可以裁定", en="nobody else could rule"),
    "nobody_on_post": Label(zh="原岗位无人在岗", en="nobody was on the post"),
    "unit_dissolved": Label(zh="原单位已撤销", en="the unit was dissolved"),
    "unit_report": Label(zh="单元网格员上报，先由网格员核实", en="the grid looks first"),
    "left_open": Label(zh="离岗时没有办完", en="left open by whoever went"),
    "nobody_decides": Label(zh="本级无人可批，转上级", en="nobody there could decide, sent up"),
    "ladder": Label(zh="超期逐级上报", en="late, told further up"),
    "silence": Label(zh="久无动静", en="no word for long"),
    "overdue": Label(zh="到期亮红灯", en="red light at its due time"),
}


def by_rule(action: str, data: dict[str, Any]) -> Label | None:
    """The rule that a step of the system names; the red light needs no name of its own."""
    return BY_RULE.get(data.get("rule") or ("overdue" if action == Action.OVERDUE else ""))
