"""The sentences of an analysis in English, from the same figures as the Chinese ones."""

from typing import Any

PERIOD = {"week": ("this week", "the week before", "week"),
          "month": ("this month", "the month before", "month")}  # fmt: skip


def paragraphs_en(body: dict[str, Any]) -> list[str]:
    """One paragraph for each question, in the order of ``telling.paragraphs``."""
    return [
        _received(body), _types(body), _rising(body), _parts(body), _figures(body), _places(body),
    ]  # fmt: skip


def _received(body: dict[str, Any]) -> str:
    this, last, each = PERIOD[body["kind"]]
    line = body["received"]
    said = f"{body['area']}, {this} ({body['first']} to {body['last']}): {line['n']} came in"
    if line["before"] is not None:
        said += f"; {last} {line['before']}{_change(line['n'], line['before'])}"
    if line["usual"] is None:
        return f"{said}. There are fewer than three earlier {each}s, so nothing is called usual."
    said += f"; the mean of the {body['earlier']} {each}s before is {line['usual']:g}"
    return f"{said}: {_judged(line)}."


def _change(n: int, before: int) -> str:
    change = round(100 * (n - before) / before, 1) if before else None
    return "" if change is None else f" ({change:+g}%)"


def _judged(line: dict[str, Any]) -> str:
    if not line["unusual"]:
        return "within what chance brings"
    return f"{'more' if line['n'] > line['usual'] else 'fewer'} than chance brings"


def _named(name: str, line: dict[str, Any]) -> str:
    usual = "" if line["usual"] is None else f", usually {line['usual']:g}"
    return f"{name} ({line['n']}{usual})"


def _types(body: dict[str, Any]) -> str:
    if not body["types"]:
        return f"No type reaches {body['least']}, so none is named."
    most = ", ".join(_named(one["name"]["en"], one) for one in body["types"][:5])
    return f"Most of it: {most}."


def _rising(body: dict[str, Any]) -> str:
    more = [one for one in body["types"] if one["unusual"] and one["n"] > one["usual"]]
    if not more:
        return "Rising: no type is beyond what chance brings."
    named = ", ".join(_named(one["name"]["en"], one) for one in more)
    return f"Rising, beyond what chance brings: {named}. The figures do not say why."


def _parts(body: dict[str, Any]) -> str:
    told = [one for one in body["parts"] if one["unusual"]]
    if not told:
        return "Every area below is within its own usual; they are not compared with each other."
    named = ", ".join(_named(one["name"], one) for one in told)
    return f"Beyond their own usual: {named}. They are not compared with each other."


def _figures(body: dict[str, Any]) -> str:
    said = []
    for one in body["figures"]:
        name = one["name"]["en"]
        if one["share"] is None:
            said.append(f"{name}: fewer than {body['least']}, not told")
            continue
        before = "" if one["before"] is None else f", before {one['before']:.1%}"
        said.append(
            f"{name} {one['share']:.1%} ({one['numerator']} ÷ {one['denominator']}{before})"
        )
    found = "; ".join(said)
    return f"{found[:1].upper()}{found[1:]}."


def _places(body: dict[str, Any]) -> str:
    if not body["places"]:
        return f"In no community does one type reach {body['least']}."
    named = ", ".join(
        f"{''.join(one['names'])} {one['name']['en']} {one['n']}" for one in body["places"]
    )
    return f"The same again in one community: {named}."
