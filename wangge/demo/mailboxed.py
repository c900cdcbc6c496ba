"""The Red Mailboxes of the demo city: a week of openings and letters behind them, and the days on.

Everything is done through the services, in the city's own time: boxes at the estates of one
township, opened in turns, one day missed and explained, one missed and not, letters sorted by the
desk, two talks. The cases that letters became are marked as made, so that the city's people go on
with them like with any other.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from wangge.areas.models import Area, Level
from wangge.demo.crew import FIELD, HANDLERS
from wangge.demo.habits import id_at
from wangge.demo.inventing import MADE, Town
from wangge.demo.rulebook import text
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.mailbox import boxes, jobs, letters, openings, postings, queries, sorting, talks
from wangge.mailbox.models import (
    BoxDraft,
    Decision,
    LetterKind,
    Promise,
    Record,
    TalkDraft,
    Told,
    Way,
)
from wangge.people.models import Actor
from wangge.tenant.documents import read

FOLLOWED = jobs  # the sweeps that prepare the days on
TOWNSHIP = "370505001"
DAYS = 7
LOOK = timedelta(minutes=3)  # of the city's time between two looks at what is due
MOST_BOXES = 4
NAMES = ("北门", "便民服务站", "小广场", "物业门口")
OWN = """
update cases set source_ref = %s where id in (select case_id from mailbox_matters)
    and source_ref <> %s
"""
OLD_NEWS = "delete from pgqueuer"  # of a week that is over nobody is told any more
DUE = """
select o.* from mailbox_openings o where o.state = 'due' and o.opener_id is not null
    and o.day = %s and o.due_at - interval '1 hour' < %s order by o.due_at limit 20
"""


def told() -> dict[str, Any]:
    found: dict[str, Any] = read(text("letters.yaml"))
    return found


class Postmen:
    """Opens boxes, takes letters in and sorts them, for the past week or for today."""

    def __init__(self, town: Town, rng: Random) -> None:
        self.town, self.rng, self.told = town, rng, told()
        self.zone = town.known.calendar.days.zone
        atlas = town.directory.atlas
        self.near: dict[UUID | None, list[Area]] = defaultdict(list)
        for grid in town.grids:
            self.near[grid.parent_id].append(grid)
        self.township = atlas.codes.get(TOWNSHIP) or atlas.level(Level.TOWNSHIP)[0]

    def hang(self, tx: Tx) -> list[UUID]:
        """Boxes at the estates of one township, and the groups of its sorting desk."""
        township = self.township
        desk = self._desk(township)
        if desk is None:
            return []
        for key, words in self.told["groups"].items():
            unit = self.town.directory.units.get(f"{key}-{township.code}")
            if unit and self.town.crew.at(unit.id, *HANDLERS):
                boxes.put_group(
                    tx, desk, uuid5(unit.id, "group"), unit_id=unit.id, active=True, **words
                )
        found = []
        grids = [one for one in self.town.grids if one.code.startswith(township.code)]
        for n, grid in enumerate(self._with_people(grids)[:MOST_BOXES]):
            spot = self.town.spot(grid, self.rng)
            box = BoxDraft(
                uuid5(grid.id, "mailbox"), f"HX-{n + 1:02}", f"{grid.names[-2]}{NAMES[n]}",
                spot.lon, spot.lat, spot.name, self._openers(grid), "17:30",
            )  # fmt: skip
            boxes.put(tx, desk, box)
            found.append(box.id)
        return found

    def _desk(self, township: Area) -> Actor | None:
        unit = self.town.directory.nearest("desk", township)
        people = self.town.crew.at(unit.id, "duty_leader") if unit else []
        return self.town.crew.actor(people[0]) if people else None

    def _with_people(self, grids: Sequence[Area]) -> list[Area]:
        """One grid to a community, so that the boxes hang apart."""
        seen: dict[UUID | None, Area] = {}
        for grid in grids:
            if self._openers(grid):
                seen.setdefault(grid.parent_id, grid)
        return list(seen.values())

    def _openers(self, grid: Area) -> tuple[UUID, ...]:
        near = self.near[grid.parent_id]
        return tuple(who for one in near for who in self.town.crew.at(one.id, *FIELD))[:3]

    def open_(self, tx: Tx, opening: dict[str, Any], n: int) -> list[UUID]:
        """The day's person opens, records ``n`` letters and takes them in; returns their cases."""
        person = self.town.crew.actor(opening["opener_id"])
        openings.record(tx, person, opening["id"], Record(tx.now, n))
        found: list[UUID] = []
        for _ in range(n):
            words = self.rng.choice(self.told["letters"])
            found += self.write(tx, person, opening["id"], words)
        return found

    def write(self, tx: Tx, person: Actor, opening: UUID, words: dict[str, Any]) -> list[UUID]:
        box = queries.box(tx, _box_of(tx, opening)) or {"place_words": "小区"}
        said = words["text"].format(place=box["place_words"])
        matter = Told(id_at(tx.now, self.rng), LetterKind(words["kind"]), said)
        taken = letters.take(
            tx, person, id_at(tx.now, self.rng), opening_id=opening, told=[matter], file_ids=[],
            asker=None,
        )  # fmt: skip
        return [one.id for one in taken]

    def sort(self, tx: Tx, matter: dict[str, Any]) -> None:
        """As the words of the letter say; what nobody wrote down goes to the first group."""
        desk = self.sorter(matter["desk_id"])
        groups = {row["name"]: row for row in queries.groups(tx)}
        known = next((one for one in self.told["letters"] if _same(one, matter)), None)
        talk = any(_same(one, matter) for one in self.told["talks"])
        key = known["group"] if known else "zf"
        group = groups.get(self.told["groups"][key]["name"]) or next(iter(groups.values()), None)
        if desk is None or group is None or group["desk_id"] != matter["desk_id"]:
            return
        sorting.sort(
            tx, desk, matter["case_id"], group_id=group["id"],
            way=Way.TALK if talk else Way.GROUP, kind=LetterKind(matter["kind"]),
        )  # fmt: skip

    def sorter(self, desk_id: UUID) -> Actor | None:
        people = self.town.crew.at(desk_id, "duty_leader")
        return self.town.crew.actor(people[0]) if people else None

    def talk(self, tx: Tx, desk: Actor, cases: Sequence[UUID], units: Sequence[UUID],
             at: datetime, title: str) -> UUID:  # fmt: skip
        key = id_at(tx.now, self.rng)
        draft = TalkDraft(
            key, title, "社区议事厅", at, "社区党委书记", tuple(cases),
            tuple((unit, "负责人") for unit in units),
        )  # fmt: skip
        talks.call(tx, desk, draft)
        return key


def _box_of(tx: Tx, opening: UUID) -> UUID:
    row = tx.one("select mailbox_id from mailbox_openings where id = %s", [opening])
    if row is None:
        raise LookupError(opening)
    found: UUID = row["mailbox_id"]
    return found


def _same(words: dict[str, Any], matter: dict[str, Any]) -> bool:
    """Whether the matter was written from these words, whatever place they were filled with."""
    parts: list[str] = words["text"].split("{place}")
    return all(part in matter["text"] for part in parts)


def live(tx: Tx) -> int:
    """The week before the present; returns how many letters there were."""
    town, present, rng = Town(tx), tx.now, Random(29)  # noqa: S311 - invents, keeps no secret
    men = Postmen(town, rng)
    today = present.astimezone(men.zone).date()
    tx.now = _at(men, today - timedelta(days=DAYS), 7)
    hung = men.hang(tx)
    if not hung:
        tx.now = present
        return 0
    for back in range(DAYS, -1, -1):
        _day(tx, men, today - timedelta(days=back), present)
    tx.now = present
    _talks(tx, men, present)
    tx.now = present
    tx.run(OWN, [MADE, MADE])
    tx.run(OLD_NEWS)
    row = tx.one("select count(*) as n from mailbox_letters")
    return int(row["n"]) if row else 0


def _at(men: Postmen, day: date, hour: int, minute: int = 0) -> datetime:
    return men.town.known.calendar.days.moment(day, f"{hour:02}:{minute:02}")


def _day(tx: Tx, men: Postmen, day: date, present: datetime) -> None:
    """Morning: the desk sorts what came yesterday. Afternoon: the boxes are opened."""
    tx.now = _at(men, day, 9, 20)
    if tx.now >= present:
        return
    openings.prepare(tx, day)
    for matter in queries.to_sort(tx):
        if matter["at"] < present - timedelta(days=2):
            men.sort(tx, matter)
    rows = tx.rows("select * from mailbox_openings where day = %s order by mailbox_id", [day])
    back = (present.astimezone(men.zone).date() - day).days
    for n, row in enumerate(rows):
        tx.now = _at(men, day, 15 + n % 2, 5 + 10 * n)
        missed = (back, n) in ((4, 1), (1, 0))
        if tx.now < present and not missed and row["opener_id"]:
            men.open_(tx, row, men.rng.choice((0, 1, 1, 2)))
    tx.now = min(_at(men, day, 18), present)
    openings.mark_missed(tx)
    for row in tx.rows("select * from mailbox_openings where state = 'missed' and day = %s", [day]):
        if back > 1:
            tx.now = _at(men, day + timedelta(days=1), 8, 40)
            desk = men.sorter(row["desk_id"])
            if desk:
                openings.explain(tx, desk, row["id"], men.rng.choice(men.told["reasons"]))


def _talks(tx: Tx, men: Postmen, present: datetime) -> None:
    """One talk held two days ago with its decisions, one called for the day after tomorrow."""
    opened = tx.rows(
        "select o.*, b.place_words from mailbox_openings o join mailboxes b on b.id = o.mailbox_id"
        " where o.state = 'opened' and o.day < %s order by o.day, o.id limit 2",
        [(present - timedelta(days=4)).date()],
    )
    cases = []
    for row, words in zip(opened, men.told["talks"], strict=False):
        tx.now = row["opened_at"] + timedelta(minutes=20)
        person = men.town.crew.actor(row["opener_id"])
        tx.run("update mailbox_openings set letters = letters + 1 where id = %s", [row["id"]])
        cases += [(one, words) for one in men.write(tx, person, row["id"], words)]
    for n, (case_id, words) in enumerate(cases):
        matter = queries.matter(tx, case_id) or {}
        desk, code = men.sorter(matter["desk_id"]), men.township.code
        units = [
            unit.id for key in (f"cg-{code[:6]}", f"zj-{code[:6]}", f"zf-{code}")
            if (unit := men.town.directory.units.get(key))
        ]  # fmt: skip
        if desk is None or len(units) < 2:
            return
        tx.now = present - timedelta(days=3, hours=-n)
        men.sort(tx, matter)
        at = present + (timedelta(days=2) if n else timedelta(days=-2))
        talk = men.talk(tx, desk, [case_id], units, at, words["asked"])
        if n == 0:
            _held(tx, men, desk, talk, (case_id, words), units, at)


def _held(
    tx: Tx, men: Postmen, desk: Actor, talk: UUID, item: tuple[UUID, dict[str, Any]],
    units: Sequence[UUID], at: datetime,
) -> None:  # fmt: skip
    case_id, words = item
    tx.now = at + timedelta(hours=2)
    by = (tx.now + timedelta(days=12)).astimezone(men.zone).date()
    promises = tuple(
        Promise(id_at(tx.now, men.rng), unit, said, by)
        for unit, said in zip(units, ("划线定位，增设标识", "排查并拆除地锁"), strict=False)
    )
    decision = Decision(id_at(tx.now, men.rng), case_id, words["decision"], by, promises)
    talks.decide(tx, desk, talk, decision)
    talks.end(
        tx, desk, talk, minutes="居民代表、物业和各单位参加，逐项商定分工和时间。",
        came=list(units), held=True,
    )  # fmt: skip
    postings.post(tx, desk, case_id, asked=words["asked"], decided=words["decided"])


class Mailboxes:
    """The days on: boxes are opened before their time is over, the desk sorts and posts."""

    def __init__(self, cell: Cell, town: Town, rng: Random) -> None:
        self.cell, self.men = cell, Postmen(town, rng)
        self.looked: datetime | None = None

    def turn(self, now: datetime) -> int:
        """Do what has become due; each in a transaction of its own."""
        if self.looked and abs(now - self.looked) < LOOK:
            return 0
        self.looked, done = now, 0
        for act in (self._open, self._sort, self._post):
            try:
                with transaction(self.cell) as tx:
                    done += act(tx, now)
            except Refusal:
                continue
        return done

    def _open(self, tx: Tx, now: datetime) -> int:
        rows = tx.rows(DUE, [openings.day_of(tx), now])
        for row in rows:
            self.men.open_(tx, row, self.men.rng.choice((0, 0, 1, 1, 2)))
        tx.run(OWN, [MADE, MADE])
        return len(rows)

    def _sort(self, tx: Tx, now: datetime) -> int:
        """In office hours, some hours after the letter came in."""
        if not any(a <= now < b for a, b in self.men.town.known.calendar.days.at(now).spans):
            return 0
        rows = [row for row in queries.to_sort(tx) if row["at"] < now - timedelta(hours=2)][:1]
        for row in rows:
            self.men.sort(tx, row)
        return len(rows)

    def _post(self, tx: Tx, _now: datetime) -> int:
        for row in queries.done_unposted(tx):
            known = next((one for one in self.men.told["letters"] if _same(one, row)), None)
            desk = self.men.sorter(row["desk_id"])
            if known and desk and row["closed_at"]:
                postings.post(
                    tx, desk, row["case_id"], asked=known["asked"], decided=known["decided"]
                )
                return 1
        return 0
