"""Write the parts of docs/ that follow from the code; with ``--check`` only say what is stale."""

import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import indicator_page  # noqa: E402 - beside this file

from wangge.cases import assistance  # noqa: E402 - the tree is the path
from wangge.cases.models import FINAL, STAGE, Action, State  # noqa: E402 - the tree is the path
from wangge.cases.workflow import DUTY, LOOP  # noqa: E402
from wangge.kernel.workflow import Workflow  # noqa: E402
from wangge.people.permissions import PERMISSIONS  # noqa: E402
from wangge.people.roles import ROLES  # noqa: E402
from wangge.settings import Settings  # noqa: E402
from wangge.tenant.rules import bundle  # noqa: E402
from wangge.tenant.switches import described  # noqa: E402
from wangge.whistles import workflow as whistle  # noqa: E402

MADE = "由 `make docs` 生成，请勿手改。Written by `make docs`; do not edit.\n"
SETTLED = (
    "自行处置抽查不合格的，退到受理台重新派单（已登记）。"
    "A matter settled on the spot that fails its check goes back to the desk (registered)."
)
ARROWS = (
    "上面的可以引用下面的，反之不可；同一行的互不引用。"
    "Upper rows import lower ones, never the other way round; neighbours do not import each other."
)
MOVE_COLUMNS = (
    "步骤 move", "名称 name", "从 from", "到 to", "由谁 by", "权限 permission", "必填 needs",
    "可填 may", "自动 by itself",
)  # fmt: skip
BY = {
    "desk": "主管受理台 desk in charge",
    "unit": "承办单位 unit in charge",
    "grid": "本网格 grid of the case",
    "asker": "诉求人 asker",
    "checker": "本网格或抽查的督查员 grid, or a sampling supervisor",
    "reporter": "上报人本人 the reporter, on his own ground",
    "anybody": "看得到的人 whoever sees it",
    "decider": "申请所到受理台的审批人 whoever decides, at the desk of the request",
    "caller": "主管受理台或辖区的回访员、派单员、值班长 callers and dispatchers of desk or ground",
    "applicant": "申请人或本单位 whoever asked, or his unit",
    "overseer": "辖区督办岗位 supervision of the ground",
    "own_door": "专门入口 a door of its own",
    "system": "系统 the system",
    "assisting": "协办任务 a child task",
    "whistle": "吹哨 a whistle",
    "supervisor": "督查员 supervisor",
    "none": "—",
}
BY_ITSELF = {
    Action.REGISTER: "auto_register",
    Action.DISPATCH: "auto_dispatch",
    Action.SEND_CHECK: "auto_check",
    Action.PASS_CHECK: "short_path_sample_percent",
    Action.CLOSE: "auto_close",
    Action.EVALUATE: "auto_evaluate_days",
}
FIELDS = {
    "note": "意见 note",
    "answer": "对外答复 answer",
    "author": "批示人 author",
    "reason": "理由 reason",
    "unit_id": "单位 unit",
    "until": "到什么时间 until",
    "place": "位置 place",
    "solved": "是否解决 solved",
    "type": "类型 type",
    "files": "附件 files",
    "satisfaction": "满意度 satisfaction",
    "lead": "主办件 lead case",
    "former": "并案前的状态 former state",
    "parts": "分拆的各件 parts",
}


LAW_BY = {
    "unit": "被交办、被呼叫的单位 the unit asked",
    "giver": "主管受理台或主办单位 the desk or the lead unit",
    "lead": "吹哨的人或跟进的中心 the whistler or its desk",
    "ruler": "上一级值班长 the duty leader above",
    "signer": "该单位负责人或上一级值班长 its leader, or the duty leader above",
    "system": "系统 the system",
}
TASK_TOLD = (
    "有任务没有办完（包括退回的），事项不能办结。"
    "A case is not finished while one of its tasks is open, a returned one included."
)
WHISTLE_TOLD = (
    "还有 called、contested、absent 的单位时不能作结论；arrived 的先确认。"
    "No conclusion while a unit is called, contested or absent; an arrival is confirmed first."
)


def settings_page() -> str:
    lines = [
        "# 设置 · Settings",
        "",
        MADE,
        "| 环境变量 variable | 默认 default | what |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        shown = "" if default in (None, "", []) else f"`{default}`"
        lines.append(f"| `WANGGE_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _name(named: object, code: str) -> str:
    zh, en = getattr(named, "zh", code), getattr(named, "en", code)
    return f"{zh} {en}"


def _needs(fields: tuple[str, ...]) -> str:
    return "、".join(FIELDS[field] for field in fields) or "—"


def workflow_page() -> str:
    """The law of a case: the picture, who may lead it where, and what runs by itself."""
    rules = bundle({}, {})
    states, actions = rules.workflow.by_state, rules.workflow.by_action
    names = {code: _name(named, code) for code, named in states.items()}
    steps = {code: _name(named, code) for code, named in actions.items()}
    lines = [
        "# 事件闭环 · The loop of a case",
        "",
        MADE,
        "```mermaid",
        LOOP.mermaid(names, steps).rstrip(),
        "```",
        "",
        SETTLED,
        "",
        "## 状态 States",
        "",
        "| 状态 state | 名称 name | 下一步由谁 whose turn | 时限环节 limit |",
        "|---|---|---|---|",
    ]
    for state in State:
        turn = "—" if state in FINAL else BY[DUTY[state]]
        stage = STAGE.get(state, "—")
        lines.append(f"| `{state.value}` | {names[state.value]} | {turn} | {stage} |")
    lines += [
        "",
        "## 步骤 Moves",
        "",
        f"| {' | '.join(MOVE_COLUMNS)} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for move in LOOP.moves:
        sources = (
            "（任何 any）"
            if move.sources == frozenset(State)
            else "、".join(state.value for state in State if state in move.sources)
        )
        permission = PERMISSIONS[move.permission] if move.permission else None
        granted = f"`{move.permission}` {permission.zh}" if permission else "—"
        switch = BY_ITSELF.get(move.action)
        lines.append(
            f"| `{move.action.value}` | {steps[move.action.value]} | {sources}"
            f" | {move.target.value if move.target else '不变 stays'} | {BY[move.by]} | {granted}"
            f" | {_needs(move.needs)} | {_needs(move.may)} | {f'`{switch}`' if switch else '—'} |"
        )
    lines += [
        "",
        "## 开关 Switches",
        "",
        "| 开关 switch | 默认 default | |",
        "|---|---|---|",
    ]
    wanted = set(BY_ITSELF.values()) | {
        "reopen_limit",
        "sms_to_asker",
        "extension_most",
        "objection_days",
        "decide_hours",
    }
    lines += [
        f"| `{told.name}` | {told.default} | {told.zh} {told.en} |"
        for told in described(rules.switches)
        if told.name in wanted
    ]
    lines += ["", "## 岗位 Roles", "", "| 岗位 role | 权限 permissions |", "|---|---|"]
    lines += [
        f"| {role.zh} {role.en} | {'、'.join(PERMISSIONS[one].zh for one in sorted(role.grants))} |"
        for role in ROLES.values()
    ]
    return "\n".join(lines) + "\n"


def modules_page() -> str:
    """The layers of the import contract, top first, each module with its own sentence."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    lines = [
        "# 模块 · Modules",
        "",
        MADE,
        ARROWS,
        "",
        "| 层 layer | 模块 module | what |",
        "|---|---|---|",
    ]
    for number, layer in enumerate(layers, start=1):
        names = [name.strip(" ()") for name in layer.split("|")]
        lines += [f"| {number} | `wangge.{name}` | {_sentence(name)} |" for name in names]
    lines += ["", "## 模块之内 Inside a module", ""]
    lines += [f"{n}. `{layer}`" for n, layer in enumerate(contracts["contracts"][1]["layers"], 1)]
    return "\n".join(lines) + "\n"


def _sentence(name: str) -> str:
    package = ROOT / "wangge" / name / "__init__.py"
    source = package if package.exists() else ROOT / "wangge" / f"{name}.py"
    docstring = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _law_page(
    title: str,
    told: str,
    law: "Workflow[Any, Any]",
    names: tuple[dict[Any, tuple[str, str]], dict[Any, tuple[str, str]]],
) -> str:
    """A small law: the picture and who takes which step."""
    words = {one.value: " ".join(two) for part in names for one, two in part.items()}
    lines = [title, "", MADE, told, "", "```mermaid", law.mermaid(words).rstrip(), "```", ""]
    lines += [
        "| 步骤 move | 名称 name | 从 from | 到 to | 由谁 by | 必填 needs |",
        "|---|---|---|---|---|---|",
    ]
    for move in law.moves:
        sources = "、".join(sorted(source.value for source in move.sources))
        named = " ".join(names[1][move.action])
        target = move.target.value if move.target else "不变 stays"
        lines.append(
            f"| `{move.action.value}` | {named} | {sources} | {target} | {LAW_BY[move.by]}"
            f" | {_needs(move.needs)} |"
        )
    return "\n".join(lines) + "\n"


def task_page() -> str:
    names = (assistance.STATE_NAMES, assistance.ACTION_NAMES)
    return _law_page("# 协办任务 · A child task", TASK_TOLD, assistance.TASKS, names)


def whistle_page() -> str:
    names = (whistle.STATE_NAMES, whistle.ACTION_NAMES)
    return _law_page("# 吹哨的一次呼叫 · A call of a whistle", WHISTLE_TOLD, whistle.CALLS, names)


PAGES = {
    "docs/settings.md": settings_page,
    "docs/workflows/case.md": workflow_page,
    "docs/workflows/task.md": task_page,
    "docs/workflows/whistle.md": whistle_page,
    "docs/modules.md": modules_page,
    "docs/indicators.md": lambda: indicator_page.page(MADE),
}


def stale() -> list[str]:
    """Pages that differ from what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    names = stale()
    if "--check" in arguments:
        if names:
            sys.stderr.write(f"请运行 make docs · stale, run make docs: {', '.join(names)}\n")
        return bool(names)
    for name in names:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), "utf-8")
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
