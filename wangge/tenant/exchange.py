"""One file with all rules of a city: to review, to keep, to carry to another city."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import ValidationError

from wangge.tenant.documents import read
from wangge.tenant.mistakes import Problem, told
from wangge.tenant.models import Part
from wangge.tenant.rules import DOCUMENTS, TITLES, Rules, parsed
from wangge.tenant.switches import NOT_BUILT, described

FORMAT = 1
HEAD = f"""# 网格化服务管理平台的全部规则。可以逐行审阅、修改后导入，先试导入看差别。
# All rules of this city. Review it, change it, import it; a dry run shows first what would change.
wangge_rules: {FORMAT}
"""
KEYS = ("code", "type", "day", "first", "number", "photo", "zh")
NARROWS = ("desk", "hours", "season")
PRODUCT = ("产品自带", "comes with the product")


class Change(NamedTuple):
    """One difference; None where the thing is not there."""

    path: str
    before: Any
    after: Any


@dataclass
class Report:
    """What an import would do to one document, or did."""

    name: str
    state: Literal["same", "changed", "wrong"]
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    part: Part | None = None


def plain(part: Part) -> dict[str, Any]:
    """Everything as plain values of JSON."""
    return part.model_dump(mode="json")


def written(rules: Rules) -> str:
    """All documents by name, with a comment on each and on each switch."""
    parts = [HEAD]
    for name in sorted(DOCUMENTS):
        zh, en = TITLES[name]
        version = rules.versions.get(name, 0)
        source = f"第{version}版 / version {version}" if version else " / ".join(PRODUCT)
        parts.append(f"\n# {zh}\n# {en}\n# {source}\n{name}:\n")
        parts.append(_switches(rules) if name == "switches" else _body(rules.document(name)))
    return "".join(parts)


def _switches(rules: Rules) -> str:
    lines = []
    for switch in described(rules.switches):
        lines += [f"  # {switch.zh} / {switch.en}"]
        lines += [f"  {switch.name}: {str(switch.value).lower()}"]
    lines += ["  # 以下各项国家规定不允许，平台没有建设 / forbidden, therefore not built:"]
    for refused in NOT_BUILT:
        lines += [f"  #   {refused.zh} / {refused.en} — {refused.law['zh']}"]
    return "\n".join(lines) + "\n"


def _body(part: Part) -> str:
    short = part.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(short, allow_unicode=True, sort_keys=False, width=110)
    return "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())


def reports(text: str, rules: Rules) -> list[Report]:
    """Compare every document in ``text`` with ``rules``; documents not in it are left alone."""
    try:
        whole = read(text)
    except yaml.YAMLError as error:
        return [Report("", "wrong", problems=[_unreadable(error)])]
    if not isinstance(whole, dict) or whole.pop("wangge_rules", None) != FORMAT:
        zh = f"这不是规则文件：第一项应当是 wangge_rules: {FORMAT}"
        en = f"this is no file of rules: it must say wangge_rules: {FORMAT}"
        return [Report("", "wrong", problems=[Problem("wangge_rules", zh, en)])]
    return [report(str(name), body, rules) for name, body in sorted(whole.items(), key=str)]


def _unreadable(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    line = mark.line + 1 if mark else 0
    return Problem(
        f"line {line}",
        f"第{line}行读不懂，请检查缩进、冒号和引号（{reason}）",
        f"line {line} cannot be read: {reason}",
    )


def report(name: str, body: Any, rules: Rules) -> Report:
    """Compare one document's body with the one in force."""
    if name not in DOCUMENTS:
        zh, en = f"没有叫“{name}”的规则文档", f"there is no rule document '{name}'"
        return Report(name, "wrong", problems=[Problem(name, zh, en)])
    try:
        part = parsed(name, body)
    except ValidationError as error:
        return Report(name, "wrong", problems=told(name, error))
    changes = list(compared(name, plain(rules.document(name)), plain(part)))
    return Report(name, "changed" if changes else "same", changes, part=part)


def compared(path: str, before: Any, after: Any) -> Iterator[Change]:
    """Yield differences at the deepest place; rows are told apart by code, not by position."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from compared(f"{path}.{key}", before.get(key), after.get(key))
        return
    rows = keyed(before), keyed(after)
    if rows[0] is None or rows[1] is None or not (rows[0] or rows[1]):
        yield Change(path, before, after)
        return
    old, new = rows[0], rows[1]
    for key in [*old, *(key for key in new if key not in old)]:
        yield from compared(f"{path}[{key}]", old.get(key), new.get(key))
    if old.keys() == new.keys() and list(old) != list(new):
        yield Change(f"{path}.order", list(old), list(new))


def keyed(rows: Any) -> dict[str, Any] | None:
    """Rows by what names them; None when nothing does."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    for key in KEYS:
        names = [_name(row, key) for row in rows]
        if None not in names and len(set(names)) == len(names):
            return dict(zip(map(str, names), rows, strict=True))
    return None


def _name(row: dict[str, Any], key: str) -> Any:
    """What names a row; a row of the directory by its area and what narrows it, too."""
    name = row.get(key)
    if name is None or "area" not in row:
        return name
    more = [str(row[narrow]) for narrow in NARROWS if row.get(narrow)]
    return " & ".join([f"{name}@{row['area']}", *more])
