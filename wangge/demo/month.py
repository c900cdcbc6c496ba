"""A past of many days, computed in memory day by day and written by COPY: see cases.histories."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random

from wangge.cases.histories import Telling, load_histories
from wangge.cases.models import ASKER, SYSTEM, Duty, Opening, State
from wangge.demo import pictures
from wangge.demo.course import Course, Move, step_id
from wangge.demo.habits import chance, id_at, words
from wangge.demo.inventing import BY_WORKER, Invented, Town, invented
from wangge.dispatch import in_grid
from wangge.dispatch.service import step_by_rule
from wangge.dispatch.suggestion import after_step
from wangge.files import service as files
from wangge.files.models import FileRow, Purpose
from wangge.intake.models import Source
from wangge.intake.service import opening_of
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

SEED = 2026
SWEEP = 10  # seconds between the worker's looks at what is late
SILENCE = 300  # and at what nobody answers
WORKED = (Duty.DESK, Duty.UNIT, Duty.GRID, Duty.SUPERVISOR)


def next_sweep(moment: datetime, every: int) -> datetime:
    """The first sweep after a moment, when they run at whole multiples of ``every`` seconds."""
    return datetime.fromtimestamp((moment.timestamp() // every + 1) * every, UTC)


class Month:
    """Tells what happened on some days; the same seed tells the same."""

    def __init__(self, tx: Tx, *, seed: int = SEED, scale: float = 1.0) -> None:
        self.tx = tx
        self.present = tx.now
        self.seed = seed
        self.town = Town(tx)
        self.per_day = scale * len(self.town.grids) * words()["per_day"] / words()["grids"]
        self.course = Course(self.town)
        self.follow = partial(step_by_rule, self.town.known, self.town.directory)
        self.suggest = partial(after_step, self.town.known, self.town.directory)
        self.kept: dict[str, FileRow] = {}

    def days(self, number: int) -> list[date]:
        """The local days that lie within the last ``number`` times 24 hours."""
        zone = self.town.known.calendar.days.zone
        first = (self.present - timedelta(days=number)).astimezone(zone).date()
        last = self.present.astimezone(zone).date()
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def of(self, on: date, *, since: datetime) -> list[Telling]:
        """One day's matters from ``since`` on, in memory."""
        return [telling for _, telling in self.told(on, since=since)]

    def load(self, told: Sequence[Telling]) -> tuple[int, int]:
        """Write matters; returns how many, and how many steps."""
        load_histories(self.tx, told)
        return len(told), sum(len(telling.steps) for telling in told)

    def told(self, on: date, *, since: datetime) -> Iterator[tuple[Invented, Telling]]:
        """Each matter of a day, lived up to the present."""
        chosen = self.course.rhythm.arrivals(on, self.per_day, chance(self.seed, on))
        for number, at in enumerate(chosen):
            if since <= at < self.present:
                yield self._lived(at, chance(self.seed, on, number))
        self.tx.now = self.present

    def _opened(self, at: datetime, rng: Random) -> tuple[Invented, Opening]:
        """A matter of that moment that wakes nobody."""
        self.tx.now = at
        while True:
            one = invented(self.town, at, rng)
            actor = self.town.crew.actor(one.by) if one.by else None
            opening = opening_of(
                self.tx, self.town.known, self.town.directory, one.report, Source(actor)
            )
            if not opening.emergency:
                return one, opening

    def _lived(self, at: datetime, rng: Random) -> tuple[Invented, Telling]:
        one, opening = self._opened(at, rng)
        telling = Telling(self.town.known, opening, self.follow, self.suggest)
        if self._goes_to_the_grid(telling, one):
            telling.take(at, in_grid.step_to_grid(self.town.known, telling.case), SYSTEM)
        now = at
        while now < self.present:
            move = self.course.next(telling.case, one.mind, now)
            if late := self._late(telling, move):
                telling.fall_due(late, new_id())
            if silent := self._silent(telling, move):
                telling.end_silence(silent, new_id())
                break
            if move is None or move.at >= self.present:
                break
            self._take(telling, move, one)
            now = move.at
        return one, telling

    def _goes_to_the_grid(self, telling: Telling, one: Invented) -> bool:
        """格内先办, as the directory does by itself with what nobody of the field reports."""
        here = self.town.crew.at(telling.case["area_id"], "professional_worker")
        by_field = one.report.channel in BY_WORKER
        return bool(here) and not by_field and in_grid.is_for_the_grid(telling.case)

    def _late(self, telling: Telling, move: Move | None) -> datetime | None:
        """When the sweep finds that this stage's time is over, if nobody was quicker."""
        case = telling.case
        if case["overdue_at"] or not case["due_at"] or case["duty"] not in WORKED:
            return None
        ends = min(move.at, self.present) if move else self.present
        if case["due_at"] >= ends:
            return None
        at = next_sweep(case["due_at"], SWEEP)
        return at if at < ends else None

    def _silent(self, telling: Telling, move: Move | None) -> datetime | None:
        """When the sweep ends a closed matter as not rated, unless its asker speaks before."""
        if telling.state is not State.CLOSED:
            return None
        days = timedelta(days=self.town.known.switches.auto_evaluate_days)
        at = next_sweep(telling.case["closed_at"] + days, SILENCE)
        return at if at < min(move.at if move else self.present, self.present) else None

    def _take(self, telling: Telling, move: Move, one: Invented) -> None:
        given = move.given(step_id(move, one.mind))
        if move.by is None:
            telling.take(move.at, given, ASKER)
            return
        shown: Sequence[FileRow] = ()
        if move.photo:
            picture = self.keep_picture(one.mind.kind)._replace(
                id=id_at(move.at, one.mind.rng), uploaded_by=move.by
            )
            given = move.given(given.id, files=(picture.id,))
            shown = [picture]
        telling.take(move.at, given, self.town.crew.taker(move.by), pictures=shown)

    def keep_picture(self, kind: str) -> FileRow:
        """A drawing of the mended thing, kept once; the caller gives its row a name and a case."""
        scene = pictures.SCENE_OF.get(kind, "road")
        if scene not in self.kept:
            drawn = pictures.drawing(scene, mended=True)
            self.kept[scene] = files.take(
                self.tx, new_id(), drawn, purpose=Purpose.AFTER, token=hashed(scene)
            )._replace(upload_token_hash=None, from_asker=False)
        return self.kept[scene]
