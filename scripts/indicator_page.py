"""docs/indicators.md: the catalogue of indicators as it is written in the code."""

from wangge.cases.catalogue import POSTS, of_post, told
from wangge.cases.figure_facts import ALL as FACTS
from wangge.cases.figure_sets import STANDS, Standing
from wangge.tenant.rules import bundle

HEAD = """# 指标 · Indicators

{made}
页面在 `/desk/figures`，接口在 `/api/v1/indicators` 之下；
只统计本人看得到的事项（与列表同一条权限规则）。
公式写在 `wangge/cases/catalogue.py`，改公式就是改那里；页面、接口、Excel 和本页说的是同一份。

- **期**：日期按城市的日历，含首尾两天；不写日期为最近三十天。
  时限还没到的不算“应”：统计只到此刻为止。
- **应…**：时限在期内，或在期内做完。提前做完的，
  在做完的那一期和到期的那一期都算“应”。
- **现在这一轮**：退回、返工、重新办理以后，按新的一轮算；
  上一轮做过什么，看“按当时的情况”和下面的事实。
- **不计入**的分状态单列，点得开；没有事项时不给比率，不写 100%。99.96% 不写成 100%。
- **按当时的情况**：任何一个时刻的数字都可以再算出来，
  和当时一样（见 [decisions/0096](decisions/0096-figures-as-they-were.md)）。
- **岗位**：每个指标说的是一类岗位的工作，不到个人；各区域、单位按名录排列，不排名次。

What is counted, of what, and what is left out. “To be …” means that the limit falls in the
period or that it was done in it; nothing is due before its time. A case stands with its present
run: what was returned, sent back or reopened counts anew. A figure of any earlier moment can be
had again exactly. Posts are kinds of post, never persons; the order is that of the directory.
Without cases there is no share.
"""


WHISTLES = """
## 吹哨报到 Whistles

`GET /api/v1/whistles/rates?from=…&to=…&area=…`，同样只统计本人看得到的吹哨。
只给比率和分布（报到用时、事由、地点），不给单位排名。公式写在 `wangge/whistles`。

- **报到率** `arrival_rate`：已报到的 ÷ 应报到的单位次数（已报到、时限已过或吹哨已有结论）；
  裁定不属其职责、待裁定、时限未到、撤销的吹哨不计入。
- **按时报到率** `on_time_arrival_rate`：在时限内报到的 ÷ 同上。
- **解决率** `solved_rate`：结论为已解决的 ÷ 已有结论的吹哨；进行中、撤销的不计入。

Shares and distributions only; units are not ranked. Arrival: calls answered by coming ÷ calls that
came, are past their time or concluded; excused, awaiting a ruling, still in time and called off
are left out. On time: came within the time ÷ the same. Solved: concluded as solved ÷ concluded.

## 回访满意率 Satisfaction by call-back

回访满意率＝满意数÷接通数。接通：回访电话接通或上门见到、说了话的；满意：非常满意、满意，
以及（开关 `fairly_satisfied_counts` 打开时）基本满意。
拒访、三次未接通、到期未评价的单独计数，不进分子也不进分母；信访来源另算一份。
`GET /api/v1/callbacks` 连同近三十天的各数给出，回访员的页面下方写明用的是哪种口径。

Satisfied ÷ reached, of thirty days: reached are those who spoke on the telephone or at a visit.
Whether 基本满意 counts is a published switch. The share of call-backs, the indicator, the city
screen, the explorer, the alerts and the open figures all follow it and say how it counts and since
when. A figure "as of" a moment is counted by the setting of that moment; periods that are compared
are counted alike, and it is said where the setting changed in between. Refused, unreached and
silent are counted apart.

## 群众安全感测评 Safety-feeling survey

四档：不安全、不太安全、比较安全、安全（满意度题同理）。
安全感＝比较安全和安全的 ÷ 回答了这一题的有效答卷；没答的不算。
不足 10 份的不显示；分地方、分答卷方式时，小的并在一起，推算不出来。
收卷期间谁也看不到结果。

Four answers; the share is the two upper ones ÷ those who answered the question. Below ten answers
nothing is shown; small parts are told together, so that none can be reckoned from the rest. Nobody
sees a result before the survey has ended.
"""


def _states(standing: Standing) -> str:
    names = bundle({}, {}).workflow.by_state
    found = [names[s.value] for s, stands in STANDS.items() if stands is standing]
    return "、".join(f"{one.zh} {one.en}" for one in found)


def page(made: str) -> str:
    lines = [
        HEAD.format(made=made),
        "## 状态怎么算 How states count",
        "",
        "| | 状态 states |",
        "|---|---|",
    ]
    for standing, words in (
        (Standing.OPEN, "在办 open"),
        (Standing.FINISHED, "已结案 finished"),
        (Standing.LEFT_OUT, "不计入 left out"),
    ):
        lines.append(f"| {words} | {_states(standing)} |")
    for post, name in POSTS.items():
        lines += [
            "", f"## {name[0]} {name[1]}", "",
            "| 指标 indicator | 公式 formula | 依据 source |", "|---|---|---|",
        ]  # fmt: skip
        for one in of_post(post):
            formula = told(one)
            lines.append(
                f"| {one.name[0]} {one.name[1]} `{one.code}` | {formula['zh']}<br>{formula['en']}"
                f" | {one.source} |"
            )
    lines += [
        "", "## 一并要看的事实 Facts beside them", "",
        "只列件数，不下结论；每一项都点得开。Counts, no judgement; each opens its cases.", "",
        "| | |", "|---|---|",
    ]  # fmt: skip
    lines += [f"| {fact.zh} | {fact.en} `{fact.code}` |" for fact in FACTS]
    return "\n".join([*lines, WHISTLES])
