"""Every reading door against every post: lists show exactly what single reads allow, no more."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from tests.conftest import clone
from tests.doors.test_every_door import STREAMS, Door, doors, is_open
from tests.hotline.sheets import MORNING, bring, row, stop_clock
from tests.proofs import Proof
from tests.rights.conftest import ELSEWHERE, GRID_1, NEXT_COMMUNITY, OTHER_TOWN
from tests.rights.oracle import POSTS
from tests.town import Person, Town
from wangge.app import build
from wangge.handovers import finding
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cells, transaction
from wangge.kernel.ids import new_id
from wangge.mailbox import openings

T, F = True, False
# Who may read which of the cases that something hangs on; by hand, as in the other table.
SEES: dict[str, tuple[bool, ...]] = {
    # case             li wq zp wu ac ll cd ha pr sy
    "letter_here": (T, F, F, T, T, F, T, F, F, F),
    "letter_there": (F, F, T, F, F, T, T, F, F, F),
    "order_here": (F, F, F, T, T, F, T, F, F, F),
    "alarm_here": (T, F, F, T, T, F, T, F, F, F),
    "alarm_there": (F, F, T, F, F, T, T, F, F, F),
    "whistled_here": (T, F, F, T, T, F, T, F, F, F),
    "whistled_there": (F, F, T, F, F, T, T, F, F, F),
    "supervised": (F, F, F, F, T, F, T, T, F, F),
    "closed_here": (T, F, F, T, T, F, T, F, F, F),
    "nowhere": (F, F, F, F, F, F, T, F, F, F),
}
# What is listed, and the door that reads one of it: what is in the one is open by the other.
PAIRS: dict[str, tuple[str, str]] = {
    "readCase": ("listCases", "id"),
    "readHotlineOrder": ("listHotlineOrders", "case_id"),
    "readMailboxMatter": ("listMailboxMatters", "case_id"),
    "readWhistle": ("listWhistles", "id"),
    "readTalk": ("listTalks", "id"),
    "talkMinutes": ("listTalks", "id"),
    "readMailboxOpening": ("listMailboxOpenings", "id"),
    "readHome": ("listHomes", "id"),
    "readFieldRecord": ("listFieldRecords", "id"),
}
# Doors that read one thing and show no case of it, each with what else shows who gets in.
OTHERWISE: dict[str, str] = {
    **dict.fromkeys(
        (
            "areaTile",
            "readArea",
            "areaBorder",
            "areaPicture",
            "areaTopology",
            "readMonth",
            "listPlacesOfArea",
        ),
        "the ground and its figures are known to all staff; no case is named",
    ),
    "readAlert": "a card is its ground's: tests/alerts/test_repeats.py",
    "wallBorders": "of one's own ground, and no case is named: tests/cockpit/test_wall.py",
    "wallCaseTile": "counts of one's own ground alone: tests/cockpit/test_squares.py",
    **dict.fromkeys(
        ("readResponsible", "readResponsibleGaps", "readGridForces"),
        "who stands where: tests/people/test_grids.py, tests/teams/test_teams.py",
    ),
    **dict.fromkeys(
        ("readParty", "partyOfAccount", "readTeam"),
        "the party's tree and the teams are known to all staff: tests/teams",
    ),
    "propertyOfArea": "known to whoever sees cases: tests/dispatch/test_property.py",
    "listPosts": "posts are known to all staff: tests/people/test_posts.py",
    **dict.fromkeys(
        ("readGroup", "readThread"),
        "a group is its members', whatever ground they have: tests/groups/test_groups.py",
    ),
    "readFile": "each picture by each post: test_oracle.py",
    "printSupervision": "of a notice on a case: tests/supervision/test_supervision.py",
    "hotlineErrors": "a batch is its desk's: tests/hotline/test_orders.py",
    "shiftPartners": "whom one may ask to swap, of one's own shift: tests/people/test_swaps.py",
    "printShift": "a shift is its desk's: tests/handovers/test_shifts.py",
    "readService": "a desk's ground, homes untold: tests/fieldwork/test_services_read.py",
    "readPatrolPlan": "a plan is its desk's and its walkers': tests/fieldwork/test_plans.py",
    **dict.fromkeys(
        ("readIncident", "printIncident", "nearestResources"),
        "seats of the desk and whoever has a task: tests/emergency/test_rights.py",
    ),
    "readTrial": "a trial is its author's office's: tests/dispatch/test_trials.py",
    **dict.fromkeys(
        ("readRule", "compareRuleVersions", "readRuleHistory", "proposeYear"),
        "the city's rules are known to all staff: tests/tenant",
    ),
    **dict.fromkeys(
        (
            "readSurvey",
            "surveyCode",
            "readAnalysis",
            "printAnalysis",
            "writeAnalysis",
            "outcomeHistory",
        ),
        "of a ground, and no case is named: tests/studies",
    ),
    "readBaseMapFile": "a map that the city bought or made, for all staff; it has no case in it",
    "readLogo": "open to the world",
}
WORD = "石榴树"
FEW = 3  # posts try each door in the reduced runs


@dataclass
class Woven:
    """The city, its people, and its cases by their names."""

    town: Town
    people: dict[str, Person]
    public: TestClient
    cases: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    home: str = ""

    def hidden(self, post: str) -> list[str]:
        column = POSTS.index(post)
        return [name for name, row in SEES.items() if not row[column]]

    def step(self, who: str, case: str, action: str, **filled: Any) -> None:
        self.done(who, f"/cases/{self.cases[case]}/steps", {"action": action, **filled})

    def done(self, who: str, path: str, body: dict[str, Any]) -> Any:
        answer = self.people[who].post(path, {"id": str(new_id()), **body})
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def told(self, name: str, place: tuple[float, float], text: str, path: str = "cases",
             **more: Any) -> None:  # fmt: skip
        body = {"id": str(new_id()), "text": text, "lon": place[0], "lat": place[1],
                "asker": {"name": "王桂英", "phone": "13854611111"}, **more}  # fmt: skip
        answer = self.public.post(f"/api/v1/public/{path}", json=body)
        assert answer.status_code == 200, answer.text
        self.cases[name] = body["id"]


def _weave(city: Woven) -> None:
    """A letter, an order, an alarm, a whistle, a notice, a task, a promise, a talk, a call."""
    town = city.town
    squad, urban = town.unit("urban-379901001"), town.unit("urban-379901")
    for name, place in (("letter_here", GRID_1), ("letter_there", OTHER_TOWN)):
        city.told(name, place, f"{WORD}下的长椅坏了", "mailbox/letters", kind="suggestion")
    for name, place in (("alarm_here", GRID_1), ("alarm_there", OTHER_TOWN)):
        city.told(name, place, f"{WORD}旁有人被困，闻到燃气味")
    for name, place, who in (("whistled_here", GRID_1, "acceptor"),
                             ("whistled_there", OTHER_TOWN, "liulin")):  # fmt: skip
        city.told(name, place, f"{WORD}占了路")
        body = {"reason": "joint", "words": "请来人", "unit_ids": [squad],
                "case_id": city.cases[name]}  # fmt: skip
        city.done(who, "/whistles", body)
    city.told("supervised", NEXT_COMMUNITY, f"{WORD}边的路灯不亮")
    city.step("acceptor", "supervised", "accept")
    city.step("dispatcher", "supervised", "dispatch", unit_id=urban)
    path = f"/cases/{city.cases['supervised']}"
    city.done("dispatcher", f"{path}/supervision", {"kind": "notice", "reason": "请抓紧"})
    city.done("leader", f"{path}/supervision", {"kind": "listing", "reason": "久拖不决"})
    city.done("dispatcher", f"{path}/tasks", {"unit_id": squad, "words": "请协助围挡"})
    by = {"words": "明早答复", "by": "2026-11-23T02:00:00Z"}
    city.done("dispatcher", f"{path}/promises", by)
    city.told("nowhere", ELSEWHERE, f"{WORD}不知在哪里")
    bring(city.people["acceptor"], row("R1", f"东方社区{WORD}北边的路灯不亮"))
    city.told("closed_here", GRID_1, f"{WORD}掉了一根枝")
    city.step("acceptor", "closed_here", "send_verify")
    city.step("lihong", "closed_here", "self_handle", note="已清走", answer="已清走")
    home = city.home = str(new_id())
    here = {"id": home, "dwelling_id": str(new_id()), "area_id": town.area("3799010010010001"),
            "building": "3号楼", "unit": "2单元", "room": "101",
            "found_at": MORNING.isoformat()}  # fmt: skip
    visit = {"id": str(new_id()), "household_id": home, "result": "in",
             "done_at": MORNING.isoformat()}  # fmt: skip
    for path, one in (("registers/screenings", here), ("fieldwork/rounds", visit)):
        answer = city.people["lihong"].post(f"/{path}", {"items": [one]})
        assert answer.status_code == 200, answer.text
    desk = city.people["dutyleader"]
    box: dict[str, Any] = {"code": "AH-01", "name": "北门", "lon": GRID_1[0], "lat": GRID_1[1],
            "place_words": "岗亭旁", "openers": [city.people["lihong"].account_id],
            "open_by": "17:30"}  # fmt: skip
    answer = desk.put(f"/mailbox/boxes/{new_id()}", box)
    assert answer.status_code == 204, answer.text
    with transaction(town.cell) as tx:
        openings.prepare(tx)
    group = str(new_id())
    body = {"name": "第一小组", "unit_id": squad, "task": "环境"}
    answer = desk.put(f"/mailbox/groups/{group}", body)
    assert answer.status_code == 204, answer.text
    letter = city.cases["letter_here"]
    sorted_ = {"group_id": group, "way": "talk", "kind": "suggestion"}
    answer = desk.post(f"/mailbox/matters/{letter}/sort", sorted_)
    assert answer.status_code == 200, answer.text
    city.done("dutyleader", "/mailbox/talks", {
        "title": "长椅专题", "place_words": "议事厅", "held_at": "2026-11-25T02:00:00Z",
        "chair": "刘书记", "case_ids": [letter], "units": [{"unit_id": squad, "post": "队长"}],
    })  # fmt: skip
    with transaction(town.cell) as tx:
        rows = tx.rows("select id::text, number from cases")
        known = set(city.cases.values())
        (city.cases["order_here"],) = (one["id"] for one in rows if one["id"] not in known)
        names = {number: name for name, number in city.cases.items()}
        city.numbers = {names[one["id"]]: one["number"] for one in rows}
        # Whoever goes leaves open what he did last at his desk.
        gone = tx.rows("select id from posts where account_id = %s",
                       [UUID(city.people["dispatcher"].account_id)])  # fmt: skip
        finding.hand_over(tx, [row["id"] for row in gone])


@pytest.fixture(scope="module")
def city(cells: Cells, town_template: str) -> Iterator[Woven]:
    cell = cells.cell(clone(cells, PREFIX + town_template))
    stop_clock(cell)
    town = Town(cell, build(cells, default_tenant=cell.tenant))
    people = {one: town.person(one) for one in (*POSTS, "dispatcher", "dutyleader", "leader")}
    public = TestClient(
        town.web, raise_server_exceptions=False, client=(f"10.2.{id(cell) % 250}.9", 4000)
    )
    made = Woven(town, people, public)
    _weave(made)
    yield made
    tenants.drop(cells, cell.tenant)


def reading(city: Woven) -> list[tuple[Door, str, list[dict[str, str]]]]:
    """Every reading door for staff: its sample, its address, and each choice that it offers."""
    description = city.town.web.openapi()
    parts = description["components"]["schemas"]
    samples = {door.name: door for door in doors(city.town)}
    found = []
    for path, methods in description["paths"].items():
        door = samples.get(methods.get("get", {}).get("operationId", ""))
        if door is None or is_open(door) or door.name in STREAMS:
            continue
        found.append((door, path, [door.query, *_choices(methods["get"], door, parts)]))
    return found


def _choices(
    operation: dict[str, Any], door: Door, parts: dict[str, Any]
) -> Iterator[dict[str, str]]:
    for asked in operation.get("parameters", []):
        schema = asked["schema"]
        schema = parts.get(schema.get("$ref", "").rpartition("/")[2], schema)
        if asked["in"] == "query":
            yield from ({**door.query, asked["name"]: one} for one in schema.get("enum", []))


def plain(answer: Any) -> str:
    """What an answer says; of a workbook or an archive, what its parts say."""
    if not answer.content.startswith(b"PK"):
        return str(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(one).decode(errors="replace") for one in packed.namelist())


def named(city: Woven, text: str) -> set[str]:
    """The cases whose id or number stands in a text."""
    return {
        name
        for name, case_id in city.cases.items()
        if case_id in text or city.numbers[name] in text
    }


def test_every_door_that_reads_one_thing_is_accounted_for(city: Woven) -> None:
    """A new one is a case's own, or has its list in the pairs, or says what else shows it.

    Seen red with the talks' minutes in neither.
    """
    single = {door.name for door, path, _ in reading(city) if "{" in path}
    of_cases = {door.name for door, path, _ in reading(city) if "{case_id}" in path}

    assert single - of_cases == (set(PAIRS) | set(OTHERWISE)) - of_cases - {"readLogo"}
    assert not set(PAIRS) & set(OTHERWISE)
    assert {one for one, _ in PAIRS.values()} <= {door.name for door, *_ in reading(city)}


def some(posts: int, n: int) -> list[str]:
    """The posts that try one door: all of them in the stated runs, else others for each door."""
    return [POSTS[(posts * n + more) % len(POSTS)] for more in range(posts)]


@pytest.mark.proof("No list names a case that its reader may not see")
def test_no_list_names_a_case_that_its_reader_may_not_see(city: Woven, proof: Proof) -> None:
    """Every reading door without an address of its own, with every choice that it offers.

    Seen red with row-level security of the cases switched off.
    """
    posts, leaks, asked = proof.count(FEW, len(POSTS)), {}, 0
    several = [one for one in reading(city) if "{" not in one[1]]
    for n, (door, _, choices) in enumerate(several):
        for post in some(posts, n):
            hidden = set(city.hidden(post))
            for query in choices:
                answer = city.people[post].client.get(door.path, params=query)
                assert answer.status_code < 500, (door.path, query)
                asked += 1
                if found := named(city, plain(answer)) & hidden:
                    leaks[door.path, str(query), post] = found
    proof.note(doors=len(several), asked=asked, leaks=len(leaks))
    assert leaks == {}


@pytest.mark.proof("No door of a case tells that a hidden one is there")
def test_no_door_of_a_case_tells_that_a_hidden_one_is_there(city: Woven, proof: Proof) -> None:
    """Hidden and absent are answered alike, and refused, at every door of a case.

    Seen red: the households and the whistles of a hidden case were an empty list.
    """
    posts, wrong, asked = proof.count(FEW, len(POSTS)), {}, 0
    single = [one for one in reading(city) if "{case_id}" in one[1]]
    for n, (door, path, _) in enumerate(single):
        address = path.replace("{kind}", "accepted")
        for post in some(posts, n):
            client = city.people[post].client
            absent = client.get(door.path, params=door.query)
            for name in city.hidden(post)[n % 3 :: 3]:
                there = client.get(
                    address.replace("{case_id}", city.cases[name]), params=door.query
                )
                asked += 1
                if _told(there) != _told(absent) or there.status_code not in (403, 404):
                    wrong[door.name, name, post] = there.text[:200]
    proof.note(doors=len(single), asked=asked, wrong=len(wrong))
    assert wrong == {}


def _told(answer: Any) -> tuple[int, Any]:
    said = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return answer.status_code, {**said, "request_id": ""} if isinstance(said, dict) else said


@pytest.mark.proof("Lists hold exactly what single reads allow")
def test_lists_hold_exactly_what_single_reads_allow(city: Woven, proof: Proof) -> None:
    """Of everything that anybody finds in a list: it is in one's own, or it cannot be read.

    Seen red with a list of talks that was empty for one who may read them.
    """
    by_name = {door.name: (door, path, choices) for door, path, choices in reading(city)}
    wrong: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    listed = {
        many: {post: _listed(city, post, by_name[many], key) for post in POSTS}
        for many, key in dict(PAIRS.values()).items()
    }
    posts, asked = proof.count(FEW, len(POSTS)), 0
    for n, (single, (many, _)) in enumerate(PAIRS.items()):
        known = set().union(*listed[many].values())
        assert known, f"nobody finds anything in {many}"
        start, _, rest = by_name[single][1].partition("{")
        for post in some(posts, n):
            client = city.people[post].client
            answers = {one: client.get(start + one + rest.partition("}")[2]) for one in known}
            allowed = {one for one, answer in answers.items() if answer.status_code == 200}
            asked += len(known)
            if allowed != listed[many][post]:
                wrong[single, post] = (allowed - listed[many][post], listed[many][post] - allowed)
    proof.note(pairs=len(PAIRS), asked=asked, wrong=len(wrong))
    assert wrong == {}


def _listed(
    city: Woven, post: str, door: tuple[Door, str, list[dict[str, str]]], key: str
) -> set[str]:
    found: set[str] = set()
    # One's own records, or those of a home: asked for as its page asks.
    more = [{"household": city.home}] if door[0].name == "listFieldRecords" else []
    for query in [*door[2], *more]:
        answer = city.people[post].client.get(door[0].path, params=query)
        if answer.status_code == 200:
            body = answer.json()
            found |= {one[key] for one in (body["items"] if isinstance(body, dict) else body)}
    return found


def test_the_table_of_this_city(city: Woven) -> None:
    for column, post in enumerate(POSTS):
        answers = {
            name: city.people[post].get(f"/cases/{city.cases[name]}").status_code for name in SEES
        }
        assert answers == {name: 200 if row[column] else 404 for name, row in SEES.items()}, post
