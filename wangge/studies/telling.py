"""What an analysis says in sentences: only what was counted, and whether chance would bring it."""

from datetime import date
from typing import Any

PERIOD = {"week": ("本周", "上周", "周"), "month": ("本月", "上月", "月")}


def paragraphs(body: dict[str, Any]) -> list[str]:
    """Sentences in Chinese, one paragraph for each question; who releases them may change them."""
    return [
        _received(body), _types(body), _rising(body), _parts(body), _figures(body), _places(body),
    ]  # fmt: skip


def _received(body: dict[str, Any]) -> str:
    this, last, each = PERIOD[body["kind"]]
    line = body["received"]
    first, until = (date.fromisoformat(body[name]) for name in ("first", "last"))
    said = (
        f"{this}（{first.year}年{first.month}月{first.day}日至{until.month}月{until.day}日）"
        f"{body['area']}收到 {line['n']} 件"
    )
    if line["before"] is not None:
        said += f"，{last} {line['before']} 件{_change(line['n'], line['before'])}"
    if line["usual"] is None:
        return f"{said}。以前的数据不足三{each}，还说不出平常是多少。"
    said += f"；前 {body['earlier']} {each}平均每{each} {line['usual']:g} 件"
    return f"{said}，{_judged(line)}。"


def _change(n: int, before: int) -> str:
    if not before:
        return ""
    change = round(100 * (n - before) / before, 1)
    return f"（{'增加' if change > 0 else '减少'} {abs(change):g}%）" if change else "（持平）"


def _judged(line: dict[str, Any]) -> str:
    if not line["unusual"]:
        return "在平常的波动之内"
    return f"比平常{'多' if line['n'] > line['usual'] else '少'}，超出了平常的波动"


def _named(line: dict[str, Any]) -> str:
    usual = "" if line["usual"] is None else f"，平常 {line['usual']:g} 件"
    return f"{line['name']['zh']}（{line['n']} 件{usual}）"


def _types(body: dict[str, Any]) -> str:
    if not body["types"]:
        return f"没有哪一类达到 {body['least']} 件，不分类说。"
    return f"收到最多的是{'、'.join(_named(one) for one in body['types'][:5])}。"


def _rising(body: dict[str, Any]) -> str:
    more = [one for one in body["types"] if one["unusual"] and one["n"] > one["usual"]]
    if not more:
        return "升温：没有哪一类超出平常的波动。"
    return (
        f"升温：{'、'.join(_named(one) for one in more)}比平常多，超出了平常的波动；"
        "多的原因要看事项本身，数字说明不了原因。"
    )


def _parts(body: dict[str, Any]) -> str:
    told = [one for one in body["parts"] if one["unusual"]]
    if not told:
        return "各下级区域和自己的平常比，都在平常的波动之内（不互相比，不排名次）。"
    named = "、".join(f"{one['name']}（{one['n']} 件，平常 {one['usual']:g} 件）" for one in told)
    return f"和自己的平常比，超出波动的：{named}（不互相比，不排名次）。"


def _figures(body: dict[str, Any]) -> str:
    said = []
    for one in body["figures"]:
        if one["share"] is None:
            said.append(f"{one['name']['zh']}不足 {body['least']} 件，不列")
            continue
        before = "" if one["before"] is None else f"，上期 {one['before']:.1%}"
        said.append(
            f"{one['name']['zh']} {one['share']:.1%}"
            f"（{one['numerator']} ÷ {one['denominator']}{before}）"
        )
    return f"{'；'.join(said)}。"


def _places(body: dict[str, Any]) -> str:
    if not body["places"]:
        return f"没有哪个社区的同一类事在期内达到 {body['least']} 件。"
    named = "、".join(
        f"{''.join(one['names'])}{one['name']['zh']} {one['n']} 件" for one in body["places"]
    )
    return f"同一个社区同一类反复出现的：{named}。"
