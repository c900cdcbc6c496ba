"""An analysis on paper: its sentences, a map of how each part stands to its own usual, tables."""

from typing import Any
from uuid import UUID

from wangge.areas import atlas, picture
from wangge.kernel.db import Tx
from wangge.papers.reports import Report, Table
from wangge.studies.analyses import local
from wangge.tenant.service import rules

TITLES = {"week": "微民情周分析", "month": "微民情月分析"}
# One ramp that the colour-blind read: fewer than usual, usual, more than usual; grey is not told.
MORE, USUAL, LESS, UNTOLD = "#d98a4b", "#eef3f8", "#8fb4d4", "#d9dde1"


def report(tx: Tx, row: dict[str, Any], printed_by: str) -> Report:
    """The paper of an analysis as it stands; a draft says that it is one."""
    body, known = row["body"], rules(tx)
    places = atlas.of(tx)
    fills = {UUID(one["id"]): _colour(one) for one in body["parts"]}
    drawing = picture.draw(places, places.area(row["area_id"]), fills=fills) or ""
    printed = f"{local(tx):%Y-%m-%d %H:%M}"
    released = (
        f"{row['released_name']} 发布" if row["state"] == "released" else "草稿，未经人工审核发布"
    )
    return Report(
        brand=known.brand.name.zh,
        title=f"{body['area']} {TITLES[row['kind']]}",
        subtitle=f"{row['first']:%Y-%m-%d} 至 {row['last']:%Y-%m-%d} · {released}",
        paragraphs=row["words"],
        tables=[one for one in _tables(body) if one.rows],
        drawing=drawing,
        caption="橙：比自己的平常多，超出波动；蓝：比平常少；浅色：平常；灰：件数少，不列。示意边界。",
        notes=[
            "收到：期内收到的全部事项，与大屏同一口径；其余指标的公式见指标目录。",
            f"不足 {body['least']} 件的不列；只有一处少的时候，次少的一处也不列。",
            "平常：前八期的平均；超出波动：离平均超过两个标准差又两件。",
        ],
        foot=f"{printed_by} {printed}",
        made_at=tx.now,
    )


def _colour(line: dict[str, Any]) -> str:
    if line["n"] is None or line["usual"] is None:
        return UNTOLD
    if not line["unusual"]:
        return USUAL
    return MORE if line["n"] > line["usual"] else LESS


def _tables(body: dict[str, Any]) -> list[Table]:
    figures = [
        [one["name"]["zh"], _share(one["share"]), _n(one["numerator"]), _n(one["denominator"]),
         _share(one["before"])]
        for one in body["figures"]
    ]  # fmt: skip
    head = ("收到", "上期", "平常", "判断")
    return [
        Table("指标", ("指标", "本期", "分子", "分母", "上期"), figures),
        Table("类型", ("类型", *head),
              [[one["name"]["zh"], *_cells(one)] for one in body["types"]]),
        Table("下级区域（按名录，不排名）", ("区域", *head),
              [[one["name"], *_cells(one)] for one in body["parts"]]),
        Table("同一社区同类反复出现的", ("社区", "类型", "件数"),
              [["".join(one["names"]), one["name"]["zh"], str(one["n"])]
               for one in body["places"]]),
    ]  # fmt: skip


def _cells(line: dict[str, Any]) -> list[str]:
    if line["n"] is None:
        return ["不列", "", "", ""]
    usual = "—" if line["usual"] is None else f"{line['usual']:g}"
    judged = ""
    if line["usual"] is not None:
        more = "多" if line["n"] > line["usual"] else "少"
        judged = f"偏{more}" if line["unusual"] else "平常"
    return [str(line["n"]), _n(line["before"]), usual, judged]


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _n(n: int | None) -> str:
    return "—" if n is None else str(n)
