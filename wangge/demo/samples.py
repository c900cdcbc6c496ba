"""The sample towns as the demo offers them: what each is made of, by whom it can be tried."""

from wangge.demo import sample_forces
from wangge.demo.cast import ADMIN, DESK, FIELD, UNIT, WATCH
from wangge.demo.sample_forces import Members, Order
from wangge.demo.staff import Manning

ADMINISTRATORS = {"system.admin": ADMIN, "security.admin": ADMIN, "audit.admin": ADMIN}
# 水晶城社区 in 新区街道 of 东昌府区.
DONGCHANGFU = Manning(
    {
        "wg3715020030211001": FIELD,
        "wg3715020030211002": FIELD,
        "wz371502003021": FIELD,
        "zy3715020030212001": FIELD,
        "acceptor371502003.1": DESK,
        "dispatcher371502003.1": DESK,
        "dutyleader371502003.1": DESK,
        "acceptor371502.1": DESK,
        "dutyleader371502.1": DESK,
        "wy-371502003021.1": UNIT,
        "cg-371502.0": UNIT,
        "cg-371502.1": UNIT,
        "zf-371502003.1": UNIT,
        "dc371502003": WATCH,
        "ld371502": WATCH,
        **ADMINISTRATORS,
    },
    plenty=False,
)
# 杏花村社区 and its first residents' committee in 北辛街道.
BEIXIN = Manning(
    {
        "wg370481003014011001": FIELD,
        "wz370481003014": FIELD,
        "acceptor37048100301401.1": DESK,
        "dutyleader37048100301401.1": DESK,
        "acceptor370481003014.1": DESK,
        "dutyleader370481003014.1": DESK,
        "acceptor370481003.1": DESK,
        "dispatcher370481003.1": DESK,
        "dutyleader370481003.1": DESK,
        "wy-370481003014.1": UNIT,
        "cg-370481.1": UNIT,
        "zf-370481003.1": UNIT,
        "dc370481003": WATCH,
        "ld370481003": WATCH,
        **ADMINISTRATORS,
    },
    plenty=False,
    advisers=120,
)
# 丁家大村 in 大村镇.
DACUN = Manning(
    {
        "wg370211105315011001": FIELD,
        "wz370211105315": FIELD,
        "acceptor370211105.1": DESK,
        "dispatcher370211105.1": DESK,
        "dutyleader370211105.1": DESK,
        "zf-370211105.1": UNIT,
        "tj-370211105.1": UNIT,
        "dc370211105": WATCH,
        "ld370211105": WATCH,
        **ADMINISTRATORS,
    },
    plenty=False,
)
TEAMS = {
    "dongchangfu": Order(
        sample_forces.in_number(423),
        (
            Members("others", "mediator", 91),
            Members("others", "legal", 104),
            Members("others", "delegate", 107),
            Members("others", "property", 1203),
        ),
        groups=235,
    ),
    "beixin": Order(sample_forces.by_parent, (Members("others", "member", 312),)),
    "dacun": Order(
        sample_forces.by_grid,
        (
            Members("officials", "auxiliary", 20),
            Members("officials", "welfare", 115),
            Members("volunteers", "volunteer", 230),
        ),
        branches=False,
        squads=False,
    ),
}
