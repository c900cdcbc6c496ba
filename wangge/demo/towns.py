"""The tenants of the demo: which there are, which stand, and adding one while the others go on."""

import subprocess
import threading
from typing import Any, NamedTuple

from wangge.demo.resetting import Signed, see_off
from wangge.kernel.children import own
from wangge.kernel.db import Cells
from wangge.kernel.errors import NotFound, Refusal
from wangge.settings import settings

SIGN = "adding"
_adding = Signed(SIGN)


class Town(NamedTuple):
    """A tenant that the demo knows, with what there is to see in it."""

    zh: str
    en: str
    what_zh: str
    what_en: str


TOWNS = {
    "dongying": Town(
        "东营市", "Dongying", "整座城市：6098个网格，三级中心，一个月的往事",
        "A whole city: 6,098 grids, centres of three levels, a month of past",
    ),
    "beixin": Town(
        "滕州市北辛街道", "Beixin sub-district",
        "128个基础网格、48个专属网格；10个社区、60个居委共70个社会治理工作站",
        "128 base and 48 dedicated grids; 70 stations: 10 communities, 60 residents' committees",
    ),
    "dongchangfu": Town(
        "聊城市东昌府区", "Dongchangfu district",
        "城区1504+312、乡镇723+146个网格；423个网格服务团队和网格党支部，235个楼栋党小组",
        "1,504 + 312 urban and 723 + 146 rural grids; 423 teams and branches, 235 party groups",
    ),
    "dacun": Town(
        "黄岛区大村镇", "Dacun town",
        "115个自然村各为一个网格，291个微网格；团队按“1+1+N+X”（民情联络员）组成",
        "115 natural villages, a grid each, 291 micro-grids; teams with a residents' liaison",
    ),
}  # fmt: skip


def listing(cells: Cells) -> dict[str, Any]:
    """Every town with its address, whether it stands, and how far one is that is being added."""
    present = set(cells.names())
    items = [
        {
            "tenant": tenant,
            "name": {"zh": town.zh, "en": town.en},
            "what": {"zh": town.what_zh, "en": town.what_en},
            "there": tenant in present,
            "url": settings().public_url.replace("{tenant}", tenant),
        }
        for tenant, town in TOWNS.items()
    ]
    return {"items": items, "progress": _adding.progress()}


def add(cells: Cells, tenant: str) -> dict[str, Any]:
    """Begin to load one; refuses an unknown one, one that stands, and a second at a time."""
    if tenant not in TOWNS:
        raise NotFound("no_demo_city", "没有这个样板城市", "there is no such sample town")
    if tenant in cells.names():
        raise Refusal("town_stands", "这个样板城市已经装载", "this sample town is there already")
    if _adding.progress()["status"] == "loading":
        raise Refusal("already_loading", "正在装载另一个，请稍候", "another one is being loaded")
    _adding.child = subprocess.Popen(own("demo", "add", tenant))
    threading.Thread(target=see_off, args=(_adding,), daemon=True).start()
    return listing(cells)
