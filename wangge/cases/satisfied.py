"""Whether 基本满意 counts as satisfied: the city's published setting, and since when.

One word for all: the share of call-backs, the indicator, the city screen and the open figures. A
figure speaks by the setting in force at its moment, so that "as of" stays what it was; periods that
are compared are counted alike, and it is said where the setting changed in between.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wangge.cases.catalogue import BY_CODE, Indicator, Words, told
from wangge.kernel.db import Tx
from wangge.tenant.rules import comes_with
from wangge.tenant.service import rules

SETTING = "fairly_satisfied_counts"
SETTINGS = """
select at, coalesce((body ->> 'fairly_satisfied_counts')::boolean, %s) as fairly
from rules where name = 'switches' and at <= %s order by version
"""
COUNTED = {
    True: ("非常满意、满意和基本满意的", "very satisfied, satisfied or fairly satisfied"),
    False: (
        "非常满意和满意的（基本满意不计入）",
        "very satisfied or satisfied (fairly satisfied does not count)",
    ),
}


@dataclass(frozen=True, slots=True)
class Way:
    """``changes`` are the moments at which the setting became another, oldest first."""

    fairly: bool
    changes: tuple[datetime, ...]

    @property
    def since(self) -> datetime | None:
        """None where it is as it came with the product."""
        return self.changes[-1] if self.changes else None

    def changed_after(self, moment: datetime) -> datetime | None:
        """The last change since a moment, or None where all was counted one way since."""
        return self.since if self.since and self.since > moment else None

    def words(self, zone: ZoneInfo) -> Words:
        """What counts as satisfied, and since when."""
        zh, en = COUNTED[self.fairly]
        if self.since is None:
            return zh, en
        at = self.since.astimezone(zone)
        day = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        return f"{zh}（{day} 起这样计）", f"{en} (so since {at.day} {at:%B %Y %H:%M})"


def counts_now(tx: Tx) -> bool:
    return rules(tx).switches.fairly_satisfied_counts


def way(tx: Tx, at: datetime | None = None) -> Way:
    """The setting in force at a moment of the city, now if none is given."""
    fairly = usual = bool(getattr(comes_with("switches"), SETTING))
    changes = []
    for row in tx.rows(SETTINGS, [usual, at or tx.now]):
        if row["fairly"] != fairly:
            fairly = row["fairly"]
            changes.append(row["at"])
    return Way(fairly, tuple(changes))


def counted_then(tx: Tx, at: datetime | None) -> bool:
    """Whether it counted at a moment; the present is known without asking."""
    return way(tx, at).fairly if at else counts_now(tx)


def formula(tx: Tx, one: Indicator, at: datetime | None = None) -> dict[str, str]:
    """The formula of the catalogue in words, as the city counts it at a moment."""
    return told(one, numerator(tx, one, at))


def numerator(tx: Tx, one: Indicator, at: datetime | None = None) -> Words:
    if one is not BY_CODE["satisfaction"]:
        return one.numerator
    return way(tx, at).words(ZoneInfo(rules(tx).calendar.zone))


def published(tx: Tx) -> dict[str, Any]:
    """What everybody may read of it: how it counts now, since when, and in words."""
    now = way(tx)
    zh, en = now.words(ZoneInfo(rules(tx).calendar.zone))
    return {"fairly_counts": now.fairly, "since": now.since, "words": {"zh": zh, "en": en}}
