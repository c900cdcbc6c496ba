"""An analysis on paper: its sentences, a map of how each part stands to its own usual, tables."""

from typing import Any
from uuid import UUID

from wangge.areas import atlas, picture
from wangge.kernel.db import Tx
from wangge.papers.reports import Report, Table
from wangge.studies.analyses import local
from wangge.studies.telling_en import paragraphs_en
from wangge.tenant.service import rules

TITLES = {"week": "微民情周分析", "month": "微民情月分析"}
TITLES_EN = {"week": "Weekly analysis", "month": "Monthly analysis"}
CAPTION = {
    "zh": "橙：比自己的平常多，超出波动；蓝：比平常少；浅色：平常；灰：件数少，不列。示意边界。",
    "en": "Orange: more than its own usual, beyond chance; blue: fewer; pale: as usual; grey: too"
    " few to be told. Borders are a sketch.",
}
NOTES = {
    "zh": (
        "收到：期内收到的全部事项，与大屏同一口径；其余指标的公式见指标目录。",
        "不足 {least} 件的不列；只有一处少的时候，次少的一处也不列。",
        "平常：前八期的平均；超出波动：离平均超过两个标准差又两件。",
    ),
    "en": (
        (
            "Came in: everything received in the period, as on the city screen; the other formulas"
            " stand in the catalogue of indicators."
        ),
        "What is below {least} is not told; where one place alone would be, the next goes with it.",
        (
            "Usual: the mean of the eight periods before; beyond chance: further from it than two"
            " standard deviations and two."
        ),
    ),
}
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "head": ("收到", "上期", "平常", "判断"),
        "figures": ("指标", "指标", "本期", "分子", "分母", "上期"),
        "types": ("类型", "类型"),
        "parts": ("下级区域（按名录，不排名）", "区域"),
        "places": ("同一社区同类反复出现的", "社区", "类型", "件数"),
    },
    "en": {
        "head": ("Came in", "Before", "Usual", "Judged"),
        "figures": ("Figures", "Figure", "Now", "Above", "Below", "Before"),
        "types": ("Types", "Type"),
        "parts": ("Areas below (in the order of the directory, not ranked)", "Area"),
        "places": ("The same again in one community", "Community", "Type", "Cases"),
    },
}
JUDGED = {
    "zh": ("不列", "偏多", "偏少", "平常"),
    "en": ("not told", "more", "fewer", "as usual"),
}
# One ramp that the colour-blind read: fewer than usual, usual, more than usual; grey is not told.
MORE, USUAL, LESS, UNTOLD = "#d98a4b", "#eef3f8", "#8fb4d4", "#d9dde1"


def report(tx: Tx, row: dict[str, Any], printed_by: str, language: str = "zh") -> Report:
    """The paper of an analysis as it stands; a draft says that it is one."""
    body, known, zh = row["body"], rules(tx), language == "zh"
    places = atlas.of(tx)
    fills = {UUID(one["id"]): _colour(one) for one in body["parts"]}
    drawing = picture.draw(places, places.area(row["area_id"]), fills=fills) or ""
    printed = f"{local(tx):%Y-%m-%d %H:%M}"
    name, last = row["released_name"], f"{row['last']:%Y-%m-%d}"
    if row["state"] == "released":
        state = f"{name} 发布" if zh else f"released by {name}"
    else:
        state = "草稿，未经人工审核发布" if zh else "a draft that nobody has released"
    kind = (TITLES if zh else TITLES_EN)[row["kind"]]
    return Report(
        brand=known.brand.name.zh if zh else known.brand.name.en,
        title=f"{body['area']} {kind}",
        subtitle=f"{row['first']:%Y-%m-%d} {'至' if zh else 'to'} {last} · {state}",
        paragraphs=row["words"] if zh else [*paragraphs_en(body), *_changed_by_hand(row)],
        tables=[one for one in _tables(body, language) if one.rows],
        drawing=drawing,
        caption=CAPTION[language],
        notes=[one.format(least=body["least"]) for one in NOTES[language]],
        foot=f"{printed_by} {printed}",
        made_at=tx.now,
    )


def _changed_by_hand(row: dict[str, Any]) -> list[str]:
    """What a person has changed is not translated, and the English paper says so."""
    if not row["edits"]:
        return []
    last = row["edits"][-1]
    return [
        (
            f"The Chinese text was put right by {last['name']} on {last['at']:%Y-%m-%d}; this"
            " English text is of the figures alone, and the Chinese one holds."
        )
    ]


def _colour(line: dict[str, Any]) -> str:
    if line["n"] is None or line["usual"] is None:
        return UNTOLD
    if not line["unusual"]:
        return USUAL
    return MORE if line["n"] > line["usual"] else LESS


def _tables(body: dict[str, Any], language: str) -> list[Table]:
    words = HEADINGS[language]
    figures = [
        [one["name"][language], _share(one["share"]), _n(one["numerator"]),
         _n(one["denominator"]), _share(one["before"])]
        for one in body["figures"]
    ]  # fmt: skip
    head = words["head"]
    return [
        Table(words["figures"][0], words["figures"][1:], figures),
        Table(words["types"][0], (words["types"][1], *head),
              [[one["name"][language], *_cells(one, language)] for one in body["types"]]),
        Table(words["parts"][0], (words["parts"][1], *head),
              [[one["name"], *_cells(one, language)] for one in body["parts"]]),
        Table(words["places"][0], words["places"][1:],
              [["".join(one["names"]), one["name"][language], str(one["n"])]
               for one in body["places"]]),
    ]  # fmt: skip


def _cells(line: dict[str, Any], language: str) -> list[str]:
    hidden, more, fewer, usually = JUDGED[language]
    if line["n"] is None:
        return [hidden, "", "", ""]
    usual = "—" if line["usual"] is None else f"{line['usual']:g}"
    judged = ""
    if line["usual"] is not None:
        side = more if line["n"] > line["usual"] else fewer
        judged = side if line["unusual"] else usually
    return [str(line["n"]), _n(line["before"]), usual, judged]


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _n(n: int | None) -> str:
    return "—" if n is None else str(n)
