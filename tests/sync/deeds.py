"""What staff type in on the random phones beside reports, notes, steps and corrections of cases.

Rounds, services, patrols, homes and their people, spot checks, notices, calls for help, groups and
the words of a day: each kind of operation that the server takes, so that none is left to one test
alone. `tests/sync/whereabouts.py` says where each must stand afterwards.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from PIL import Image

from tests.sync.model import ModelPhone
from tests.sync.phones import IN_GRID_1
from tests.town import Person
from wangge.kernel.ids import new_id

Deed = Callable[["Deeds", ModelPhone], None]
# Typed by the story itself.
OF_CASES = frozenset({"case.report", "case.note", "case.step", "case.correct"})
STANDS = "5号楼"  # some of its doors were written down before the story begins
DOORS = ("101", "102", "201")


@dataclass(frozen=True)
class Ground:
    """Where the people of a story work, and the group that some of them are in."""

    grids: dict[str, str]
    group: str
    water: str


def snapshot(chance: Random) -> bytes:
    """A photo like no other."""
    out = io.BytesIO()
    shade = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    Image.new("RGB", (chance.randint(20, 60), chance.randint(20, 60)), shade).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Deeds:
    """One story's; ``cases`` are the ids of the story's cases, new ones are added to them.

    The ids of people and care entries are those that were read off the page of a home.
    """

    chance: Random
    ground: Ground
    cases: list[str]
    day: str
    homes: list[str] = field(default_factory=list)
    residents: dict[str, str] = field(default_factory=dict)
    care: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def act(self, phone: ModelPhone) -> None:
        """Somebody does something of what his post does."""
        name = phone.person.name
        own = WORKERS if name in self.ground.grids else SUPERVISORS if name == "秦督" else LEADERS
        self.chance.choice(own)(self, phone)

    def begin(self, person: Person, now: datetime) -> None:
        """Two homes that stand already, each with somebody who lives there and is cared for."""
        at = now.isoformat()
        for room in DOORS[:2]:
            home = str(new_id())
            row = {"id": home, "dwelling_id": str(new_id()), "found_at": at, "room": room,
                   "area_id": self.ground.grids[person.name], "building": STANDS}  # fmt: skip
            _done(person.post("/registers/screenings", {"items": [row]}))
            agreed = {"purpose": "上门服务", "consent_at": at, "found_at": at}
            told = {"id": str(new_id()), "name": "王小明", "consent": "given", **agreed}
            _done(person.post(f"/registers/homes/{home}/residents", told))
            cared = {"id": str(new_id()), "kind": "hardship", **agreed}
            _done(person.post(f"/registers/homes/{home}/care", cared))
            self.homes.append(home)
            self.residents[told["id"]] = self.care[cared["id"]] = ""

    def words(self) -> str:
        return f"记下 {new_id()}"

    def photos(self, phone: ModelPhone) -> list[dict[str, str]]:
        data = snapshot(self.chance)
        digest = sha256(data).hexdigest()
        phone.photos[digest] = data
        return [{"sha256": digest, "purpose": "other"}]

    def follow_ups(self) -> list[dict[str, Any]]:
        """Half the time none, else a task of the ground or a case."""
        if self.chance.random() < 0.5:
            return []
        one = {"id": str(new_id()), "words": self.words(), "as_case": self.chance.random() < 0.4}
        if one["as_case"]:
            self.cases.append(str(one["id"]))
        return [one]

    def home(self, phone: ModelPhone) -> str | None:
        held = sorted(phone.store.of("home"))
        return self.chance.choice(held) if held else None

    def case(self) -> str:
        return self.chance.choice(self.cases) if self.cases else str(new_id())

    # Rounds and services
    def visit(self, phone: ModelPhone) -> None:
        result = self.chance.choice(["in", "not_home", "refused", "again"])
        told = {
            "household_id": self.home(phone), "result": result, "words": self.words(),
            "follow_ups": self.follow_ups(),
        }  # fmt: skip
        if result == "again":
            told["again_on"] = f"2099-01-{self.chance.randint(10, 28)}"
        if self.chance.random() < 0.4:
            told["photos"] = self.photos(phone)
        phone.type_in("visit.record", str(new_id()), told)

    def serve(self, phone: ModelPhone) -> None:
        kind, kept = self.chance.choice([("service", "outreach"), ("errand", ""), ("talk", "")])
        told = {"kind": kind, "type": kept, "words": self.words(), "follow_ups": self.follow_ups()}
        phone.type_in("serve.record", str(new_id()), told)

    def patrol(self, phone: ModelPhone) -> None:
        told: dict[str, Any] = {"words": self.words(), "follow_ups": self.follow_ups()}
        if self.chance.random() < 0.3:  # the city has them switched off
            told["stretches"] = [{"begins": "东门", "ends": "西门", "minutes": 10}]
        phone.type_in("patrol.record", str(new_id()), told)

    def end_task(self, phone: ModelPhone) -> None:
        tasks = sorted(phone.store.of("field_task"))
        if not tasks:
            return self.visit(phone)
        told = {"state": self.chance.choice(["done", "dropped"]), "words": self.words()}
        return phone.type_in("task.end", self.chance.choice(tasks), told)

    def write_day(self, phone: ModelPhone) -> None:
        """He goes on writing below what he saw last on this phone."""
        was, store = phone.store.diary, phone.store
        store.diary = f"{was}\n{self.words()}".strip()
        told = {"day": self.day, "words": store.diary, "was": was}
        phone.type_in("day.note", str(new_id()), told)

    # Homes and who lives there
    def screen(self, phone: ModelPhone) -> None:
        record, dwelling = str(new_id()), str(new_id())
        self.homes.append(record)
        told = {
            "dwelling_id": dwelling, "area_id": self.ground.grids[phone.person.name],
            "room": self.chance.choice(DOORS), "building": self.chance.choice(["3号楼", STANDS]),
        }  # fmt: skip
        phone.type_in("home.screen", record, told)

    def correct_home(self, phone: ModelPhone) -> None:
        home = self.home(phone)
        if home is None:
            return self.screen(phone)
        row = phone.store.of("home")[home]
        fields: dict[str, Any] = {"note": self.words()}
        if self.chance.random() < 0.5:
            fields["people"] = self.chance.randint(1, 9)
        seen = {name: row[name] for name in fields}
        return phone.type_in("home.correct", home, {"fields": fields}, based_on={"fields": seen})

    def _entry(self, phone: ModelPhone, kind: str, known: dict[str, str], told: Any) -> None:
        home = self.home(phone)
        if home is None:
            return self.screen(phone)
        record = str(new_id())
        known[record] = ""
        said = {"household_id": home, "consent_at": _clock(phone).isoformat(), **told}
        return phone.type_in(kind, record, said)

    def add_resident(self, phone: ModelPhone) -> None:
        told = {"name": "王小明", "purpose": self.words(), "consent": "given"}
        self._entry(phone, "resident.add", self.residents, told)

    def add_care(self, phone: ModelPhone) -> None:
        told = {"kind": "lonely_elderly", "purpose": self.words()}
        self._entry(phone, "care.add", self.care, told)

    def add_caution(self, phone: ModelPhone) -> None:
        home = self.home(phone)
        if home is None:
            return self.screen(phone)
        told = {"household_id": home, "kind": "dog", "words": self.words()}
        return phone.type_in("caution.add", str(new_id()), told)

    def _change(
        self, phone: ModelPhone, kind: str, name: str, known: dict[str, str], add: Deed
    ) -> None:
        """One of two who saw the same changes what the other has changed since."""
        if not known:
            return add(self, phone)
        record = self.chance.choice(sorted(known))
        words, seen = self.words(), known[record]
        if self.chance.random() < 0.5:
            known[record] = words
        told = {"fields": {name: words}}
        return phone.type_in(kind, record, told, based_on={"fields": {name: seen}})

    def correct_resident(self, phone: ModelPhone) -> None:
        self._change(phone, "resident.correct", "guardian", self.residents, Deeds.add_resident)

    def correct_care(self, phone: ModelPhone) -> None:
        self._change(phone, "care.correct", "words", self.care, Deeds.add_care)

    def _end(self, phone: ModelPhone, kind: str, known: list[str], told: Any, add: Deed) -> None:
        if not known:
            return add(self, phone)
        return phone.type_in(kind, self.chance.choice(known), told)

    def erase(self, phone: ModelPhone) -> None:
        told = {"words": self.words()}
        self._end(phone, "resident.erase", sorted(self.residents), told, Deeds.add_resident)

    def end_care(self, phone: ModelPhone) -> None:
        told = {"words": self.words()}
        self._end(phone, "care.end", sorted(self.care), told, Deeds.add_care)

    def double(self, phone: ModelPhone) -> None:
        """One that its receipt has flagged."""
        told = {"same": self.chance.random() < 0.5}
        flagged = [
            str(operation["payload"]["dwelling_id"])
            for account, operation in phone.typed
            if operation["kind"] == "home.screen"
            and phone.stores[account]
            .settled.get(operation["id"], {"result": {}})["result"]
            .get("duplicate_of")
        ]
        self._end(phone, "home.double", flagged, told, Deeds.screen)

    # Cases, beside the story's own
    def attach(self, phone: ModelPhone) -> None:
        phone.type_in("case.attach", self.case(), {"photos": self.photos(phone), "step": None})

    def call_property(self, phone: ModelPhone) -> None:
        phone.type_in("case.call_property", self.case(), {"words": self.words()})

    def help(self, phone: ModelPhone) -> None:
        record = str(new_id())
        self.cases.append(record)
        self.calls.append(record)
        phone.type_in("help.call", record, {"words": self.words()})

    def cancel(self, phone: ModelPhone) -> None:
        self._end(phone, "help.cancel", self.calls, {"words": self.words()}, Deeds.help)

    # 督查
    def check(self, phone: ModelPhone) -> None:
        """At a case of the ground, or where he stands."""
        here = not self.cases or self.chance.random() < 0.4
        follows = ["none", "case"] if here else ["none", "urge", "notice", "rework"]
        follow, key = self.chance.choice(follows), str(new_id())
        told: dict[str, Any] = {
            "id": key, "finding": "not_in_order", "words": self.words(), "follow": follow,
        }  # fmt: skip
        if here:
            told |= {name: IN_GRID_1[name] for name in ("lon", "lat")}
        else:
            told["case_id"] = self.case()
        if follow != "none":
            told["follow_id"] = str(new_id())
        if follow == "case":
            self.cases.append(told["follow_id"])
        if self.chance.random() < 0.5:
            told["photos"] = self.photos(phone)
        phone.type_in("check.record", told.get("case_id", key), told)

    def issue(self, phone: ModelPhone) -> None:
        told = {"kind": "notice", "reason": self.words()}
        phone.type_in("supervision.issue", self.case(), told)

    # Groups
    def say(self, phone: ModelPhone) -> None:
        record = str(new_id())
        self.messages.append(record)
        told: dict[str, Any] = {"group": self.ground.group, "text": self.words()}
        if self.chance.random() < 0.4:
            told["photos"] = self.photos(phone)
        phone.type_in("group.say", record, told)

    def turn(self, phone: ModelPhone) -> None:
        if not self.messages:
            return self.say(phone)
        record = str(new_id())
        self.cases.append(record)
        told = {"message": self.chance.choice(self.messages)}
        return phone.type_in("group.case", record, told)


def _done(answer: Any) -> None:
    assert answer.status_code == 200, answer.text


def _clock(phone: ModelPhone) -> datetime:
    """As web/src/shared: put right by what the phone has learnt of its clock, else as it is."""
    return phone.city + phone.ahead - timedelta(seconds=phone.learnt or 0)


WORKERS: list[Deed] = [
    Deeds.visit, Deeds.visit, Deeds.serve, Deeds.patrol, Deeds.end_task, Deeds.write_day,
    Deeds.screen, Deeds.correct_home, Deeds.add_resident, Deeds.correct_resident, Deeds.erase,
    Deeds.add_care, Deeds.correct_care, Deeds.end_care, Deeds.add_caution, Deeds.double,
    Deeds.attach, Deeds.call_property, Deeds.help, Deeds.cancel, Deeds.say, Deeds.turn,
]  # fmt: skip
SUPERVISORS: list[Deed] = [
    Deeds.check, Deeds.check, Deeds.issue, Deeds.attach, Deeds.write_day,
]  # fmt: skip
LEADERS: list[Deed] = [Deeds.attach, Deeds.write_day]
