"""The people of the demo whom a visitor may play, so that one story can be followed throughout.

They stand about 东方社区 in 垦利街道, with 兴业小区 in 六合街道 and 东营社区 beside it.
"""

FIELD = "一线网格"
DESK = "受理调度"
UNIT = "承办单位"
WATCH = "督查与领导"
ADMIN = "系统管理"

# Username (see staff.py) to the heading it stands under; the order is the order of the doors.
CAST = {
    "wg3705050010101001": FIELD,
    "wg3705050010101002": FIELD,
    "wz370505001010": FIELD,
    "zy3705050010012001": FIELD,
    "ld3705050010101001": FIELD,
    "jx370505001010": FIELD,
    "wg3705030020051001": FIELD,
    "wg3705020010111001": FIELD,
    "acceptor370505001.1": DESK,
    "dispatcher370505001.1": DESK,
    "dutyleader370505001.1": DESK,
    "caller370505001.1": DESK,
    "acceptor370503002.1": DESK,
    "acceptor370502001.1": DESK,
    "dutyleader370505.1": DESK,
    "acceptor370500.1": DESK,
    "dispatcher370500.1": DESK,
    "dutyleader370500.1": DESK,
    "wy-370505001010.1": UNIT,
    "cg-370505.1": UNIT,
    "cg-370505.2": UNIT,
    "cg-370505.0": UNIT,
    "sw-370505.1": UNIT,
    "sw-370503.1": UNIT,
    "zf-370505001.1": UNIT,
    "tj-370505001.1": UNIT,
    "bm-370505001.1": UNIT,
    "yb-370505.1": UNIT,
    "dc370505001": WATCH,
    "dc370505": WATCH,
    "ld370505": WATCH,
    "ld370500": WATCH,
    "system.admin": ADMIN,
    "security.admin": ADMIN,
    "audit.admin": ADMIN,
}
TENANTS = ("dongying", "beixin", "dongchangfu", "dacun")
