"""Neighbours who tell the same: now and then a resident reports what another one has just told."""

from collections import deque
from dataclasses import replace
from random import Random
from uuid import UUID

from wangge.cases.models import Mode
from wangge.demo.habits import id_at, words
from wangge.demo.invented import ASKERS
from wangge.demo.inventing import Invented, Mind, Town
from wangge.intake.models import AskerWords, Report

REMEMBERED = 40
KNOWN = 2000
AGAIN = ("{} 麻烦快一点。", "跟邻居说的一样：{}", "{} 我们这边也是。", "再反映一下：{}")


class Retelling:
    """Remembers what was told last, and which matter is the same as an earlier one."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.recent: deque[Invented] = deque(maxlen=REMEMBERED)
        self.first: dict[UUID, UUID] = {}

    def instead(self, town: Town, one: Invented) -> Invented:
        """The matter as it was invented, or in its place an earlier one told by a neighbour."""
        if one.by is not None or one.report.lon is None:
            return one
        if not self.recent or self.rng.random() >= words()["retold"]:
            self.recent.append(one)
            return one
        return self._again(town, one, self.rng.choice(self.recent))

    def _again(self, town: Town, one: Invented, told: Invented) -> Invented:
        who = self.rng.randrange(len(town.people))
        mode = self.rng.choice((Mode.OPEN, Mode.OPEN, Mode.CONFIDENTIAL))
        at = one.report.reported_at or town.now
        report: Report = replace(
            told.report,
            id=id_at(at, self.rng),
            text=self.rng.choice(AGAIN).format(told.report.text),
            reported_at=at,
            asker=AskerWords(town.people[who], f"{ASKERS}{who:04}", mode),
        )
        self.first[report.id] = told.report.id
        while len(self.first) > KNOWN:
            self.first.pop(next(iter(self.first)))
        return Invented(report, None, Mind(self.rng, told.mind.kind, told.mind.done))
