"""What happens in the demo city: told stories and invented matters, each with the steps to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.areas.models import AreaDraft, GridKind, Ground, Level, PlaceDraft
from wangge.cases.models import Mode
from wangge.demo.ground import City
from wangge.demo.invented import ASKERS, names
from wangge.demo.pictures import SCENE_OF
from wangge.demo.rulebook import text
from wangge.intake.models import AskerWords, Report
from wangge.kernel.ids import new_id
from wangge.tenant.documents import read
from wangge.tenant.rules import Rules

SEED = 2026
MOST_HOURS = 70
WAKING = range(7, 22)
RATED = ("very_satisfied", "very_satisfied", "satisfied", "satisfied", "fairly_satisfied")
ASKED = {"evaluated", "reopened", "second_round", "withdrawn", "closed"}
FIELD_WORK = {"self_handled", "sampled"}
SAMPLED_PERCENT = 10
COMMUNITY_DIGITS = 12


@dataclass(slots=True)
class Move:
    """One step to come, so many minutes after the one before."""

    after: float
    action: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Matter:
    """A report, who brings it (a username; nobody: a resident), when, and what follows."""

    report: Report
    by: str
    at: datetime
    moves: list[Move]
    kind: str
    photo: bool = False


@dataclass(slots=True)
class Setting:
    """The ground that the writer knows: areas by code and the places in them."""

    areas: dict[str, AreaDraft]
    places: dict[str, list[PlaceDraft]]
    grids: list[AreaDraft]
    grounds: dict[UUID, Ground]

    @classmethod
    def of(cls, city: City) -> "Setting":
        code = {area.id: area.code for area in city.areas}
        places: dict[str, list[PlaceDraft]] = {}
        for place in city.places:
            if place.area_id:
                places.setdefault(code[place.area_id], []).append(place)
        grids = [area for area in city.areas if area.level is Level.GRID]
        grounds = {border.area_id: border.ground for border in city.borders}
        return cls({area.code: area for area in city.areas}, places, grids, grounds)


def _worker(grid: AreaDraft) -> str:
    """Who reports from a grid: its full-time worker, on a dedicated one the professional."""
    return f"{'zy' if grid.kind == GridKind.DEDICATED else 'wg'}{grid.code}"


class Writer:
    """Invents matters about ``now``; the same seed tells the same ones."""

    def __init__(
        self,
        setting: Setting,
        now: datetime,
        zone: ZoneInfo,
        seed: int = SEED,
        *,
        known: Rules | None = None,
    ) -> None:
        """``known``: the city's rules, which say who looks first and who refuses."""
        self.setting = setting
        self._held: dict[str, list[AreaDraft]] = {}
        self.known = known
        self.now = now
        self.zone = zone
        self.rng = Random(seed)  # noqa: S311 - invents matters, keeps no secret
        self.askers = names(seed)
        self.asked = 0
        self.words: dict[str, Any] = read(text("matters.yaml"))
        self.types = sorted(self.words["matters"])

    def everything(self, share: float = 1.0) -> list[Matter]:
        """Stories and pins whose ground is there, and a share of the rest."""
        told = [*self.stories(), *self.pinned()]
        for outcome, wanted in self.words["more"].items():
            told += [self._invented(outcome) for _ in range(round(wanted * share))]
        return told

    def stories(self) -> Iterator[Matter]:
        for story in read(text("stories.yaml")):
            grid = self.setting.areas.get(story["at"])
            if grid is None:
                continue
            moves = [
                Move(
                    step["after"],
                    step["action"],
                    {key: value for key, value in step.items() if key not in ("after", "action")},
                )
                for step in story["steps"]
            ]
            report = self._report(grid, story["text"], story["type"], story["channel"])
            report.title = story["title"]
            self._drawn(report, sampled=False)
            self._put(report, self._spot(grid, story["place"]))
            if story["asker"]:
                report.asker = self._asker(known=True)
                report.wants_code = True
            if story.get("typed"):  # whoever takes it down knows what it is
                report.type = story["type"]
            else:
                accepted = next(move for move in moves if move.action == "accept")
                accepted.fields["type"] = story["type"]
            moves = self._looked_at(story["type"], story["asker"], moves)
            at = self.now - timedelta(hours=story["hours"])
            photo = story.get("photo", False)
            yield Matter(report, story.get("by", ""), at, moves, story["type"], photo)

    def _spot(self, grid: AreaDraft, name: str) -> PlaceDraft:
        """The place of that name in the grid, or the grid's own spot under that name."""
        known = self._around(grid)
        return next((one for one in known if one.name == name), replace(known[0], name=name))

    def pinned(self) -> Iterator[Matter]:
        for pin in self.words["pins"]:
            if not pin["at"] or pin["at"] in self.setting.areas:
                yield self._matter(self.setting.areas.get(pin["at"]), pin["type"], pin["outcome"])

    def _invented(self, outcome: str) -> Matter:
        ground: dict[str, int] = self.words["ground"]
        code = self.rng.choices(list(ground), list(ground.values()))[0]
        held = self._within(code.removesuffix("00"))
        kind = "other" if outcome == "registered" else self.rng.choice(self.types)
        return self._matter(self.rng.choice(held or self.setting.grids), kind, outcome)

    def _within(self, code: str) -> list[AreaDraft]:
        if code not in self._held:
            self._held[code] = [grid for grid in self.setting.grids if grid.code.startswith(code)]
        return self._held[code]

    def _matter(self, grid: AreaDraft | None, kind: str, outcome: str) -> Matter:
        words = self.words["matters"][kind]
        moves = self._moves(kind, outcome, words["done"])
        channel = self._channel(grid, outcome)
        report = self._report(grid, self.rng.choice(words["texts"]), kind, channel)
        self._drawn(report, sampled=outcome == "sampled")
        if channel in ("resident", "phone", "hotline"):
            report.asker = self._asker(known=channel != "resident")
            report.wants_code = channel == "resident"
        moves = self._looked_at(kind, report.asker is not None, moves)
        by = _worker(grid) if grid and channel == "worker" else ""
        if channel in ("phone", "hotline"):
            by = "@acceptor"
        photo = channel in ("resident", "worker") and kind in SCENE_OF
        return Matter(report, by, self._time(outcome, moves), moves, kind, photo)

    def _channel(self, grid: AreaDraft | None, outcome: str) -> str:
        if outcome in FIELD_WORK:
            return "worker"
        if grid is None or outcome in ASKED:
            return self.rng.choice(("resident", "resident", "phone"))
        return self.rng.choices(("resident", "worker", "phone", "hotline"), (55, 28, 11, 6))[0]

    def _report(self, grid: AreaDraft | None, words: str, kind: str, channel: str) -> Report:
        place = self.rng.choice(self._around(grid)) if grid else None
        said = words.format(
            place=place.name if place else "家附近",
            n=self.rng.randint(1, 18),
            m=self.rng.randint(2, 4),
        )
        report = Report(id=new_id(), text=said, channel=channel)
        if channel == "worker":
            report.type = kind
        if place:
            self._put(report, place)
        return report

    @staticmethod
    def _drawn(report: Report, *, sampled: bool) -> None:
        """Give it an id that the sample of what was settled on the spot takes, or leaves."""
        while (report.id.int % 100 < SAMPLED_PERCENT) != sampled:
            report.id = new_id()

    def _around(self, grid: AreaDraft) -> list[PlaceDraft]:
        """Places of the grid; where it has none, a point of it under the community's name."""
        known = self.setting.places.setdefault(grid.code, [])
        if not known:
            point = self.setting.grounds[grid.id].representative_point()
            community = self.setting.areas[grid.code[:COMMUNITY_DIGITS]]
            known.append(PlaceDraft(new_id(), community.name, "", point.x, point.y))
        return known

    @staticmethod
    def _put(report: Report, place: PlaceDraft) -> None:
        report.lon, report.lat, report.place_words = place.lon, place.lat, place.name

    def _asker(self, *, known: bool) -> AskerWords:
        self.asked += 1
        mode = Mode.OPEN
        if not known:
            mode = self.rng.choices((Mode.OPEN, Mode.CONFIDENTIAL, Mode.ANONYMOUS), (84, 8, 8))[0]
        return AskerWords(next(self.askers), f"{ASKERS}{self.asked:04}", mode)

    def _moves(self, kind: str, outcome: str, done: str) -> list[Move]:
        some = self.rng.uniform
        to_unit = [Move(some(4, 45), "accept", {"type": kind}), Move(some(6, 50), "acknowledge")]
        finish = Move(some(40, 400), "finish", {"note": done, "answer": self._filled(done)})
        closed = [
            *to_unit,
            finish,
            Move(some(20, 150), "pass_check", {"note": "现场看过，已解决。"}),
        ]
        solved = {"solved": True, "satisfaction": self.rng.choice(RATED)}
        again = {"solved": False, "note": self.rng.choice(self.words["reopened"])}
        returned = Move(some(20, 90), "return", self.rng.choice(self.words["returned"]))
        more_time = self.rng.choice(self.words["more_time"])
        plans: dict[str, list[Move]] = {
            "new": [],
            "verifying": [Move(some(5, 40), "send_verify", {"note": "请到现场看一下具体情况。"})],
            "declined": self._refused(),
            "proposed": self._refused()[:1] if self._two_refuse() else [],
            "withdrawn": [Move(some(5, 30), "withdraw", {"note": "已经自己解决了。"})],
            "registered": to_unit[:1],
            "dispatched": to_unit[:1],
            "handling": to_unit,
            "returned": [to_unit[0], returned],
            "more_time": [*to_unit, Move(some(20, 90), "extend", more_time)],
            "checking": closed[:3],
            "closed": closed,
            "evaluated": [*closed, Move(some(30, 500), "evaluate", solved)],
            "reopened": [*closed, Move(some(60, 300), "reopen", again)],
            "second_round": [
                *closed,
                Move(some(60, 300), "reopen", again),
                Move(some(10, 40), "dispatch", {"note": "请换人办理。"}),
                Move(some(10, 40), "acknowledge"),
            ],
            "self_handled": [Move(0, "self_handle", {"note": self._filled(done)})],
            "sampled": [Move(0, "self_handle", {"note": self._filled(done)})],
        }  # fmt: skip
        return plans[outcome]

    def _two_refuse(self) -> bool:
        return self.known is not None and self.known.switches.decline_by_two

    def _refused(self) -> list[Move]:
        """Told by one, or proposed and then told by another."""
        after, said = self.rng.uniform(8, 60), self.rng.choice(self.words["declined"])
        if not self._two_refuse():
            return [Move(after, "decline", said)]
        note = {"note": "同意，请向诉求人解释清楚。"}
        return [
            Move(after, "propose_decline", said),
            Move(self.rng.uniform(5, 40), "approve_decline", note),
        ]

    def _looked_at(self, kind: str, asked: bool, moves: list[Move]) -> list[Move]:
        """The same with somebody going to look, where a city wants that before it accepts."""
        first = asked and self.known is not None and self.known.types.is_verified_first(kind)
        if not first or not moves or moves[0].action != "accept":
            return moves
        some = self.rng.uniform
        return [
            Move(some(4, 20), "send_verify", {"note": "请到现场看一下具体情况。"}),
            Move(some(20, 60), "verify", {"note": "现场看过，情况属实。"}),
            *moves,
        ]

    def _filled(self, done: str) -> str:
        return done.format(m=self.rng.randint(2, 4), n=self.rng.randint(1, 18), place="")

    def _time(self, outcome: str, moves: Sequence[Move]) -> datetime:
        """Early enough for all its steps, in hours when people are awake if that can be."""
        whole = sum(move.after for move in moves) + 3
        room = 200.0 if outcome == "new" else MOST_HOURS * 60 - whole
        for _ in range(12):
            at = self.now - timedelta(minutes=whole + self.rng.uniform(0, room))
            if at.astimezone(self.zone).hour in WAKING:
                break
        return at
