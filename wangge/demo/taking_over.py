"""Taking over one file with rules, people, roster and cases: the whole of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml
from psycopg import errors
from pydantic import ValidationError

from wangge.demo.brought import Brought, account_of, id_of
from wangge.demo.instruments import moment, zone_of
from wangge.demo.onefile import File, Organisation, Person, Post, Shift
from wangge.demo.past import LIVED
from wangge.dispatch.directory import directory
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.people import appointments, organisations, roster
from wangge.people import service as people
from wangge.people.models import AccountDraft, Created, PostDraft
from wangge.people.posts import today
from wangge.teams import party
from wangge.teams.models import PartyDraft
from wangge.tenant import service as rule_documents
from wangge.tenant.documents import read
from wangge.tenant.exchange import FORMAT as RULES_FORMAT
from wangge.tenant.mistakes import Problem, told

FOLLOWED = LIVED  # what follows from a step is part of the step
NOTE = "由文件载入"
Item = TypeVar("Item")


class UndoneError(Exception):
    """Ends the transaction without leaving anything behind."""


@dataclass
class Outcome:
    """What was taken, or every mistake with its place; codes of new accounts are nowhere else."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    applied: bool = False


def parsed(text: str) -> tuple[File | None, list[Problem]]:
    try:
        whole = read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        why = str(getattr(error, "problem", None) or error)
        zh, en = f"第{line}行读不懂：{why}", f"line {line} cannot be read: {why}"
        return None, [Problem(f"line {line}", zh, en)]
    try:
        return File.model_validate(whole), []
    except ValidationError as error:
        return None, told("file", error)


def take_over(cell: Cell, text: str, *, dry_run: bool = False) -> Outcome:
    """Load everything in one transaction; a dry run does the same and undoes it."""
    outcome = Outcome()
    file, outcome.problems = parsed(text)
    if file is None:
        return outcome
    try:
        with transaction(cell) as tx:
            _Taking(tx, outcome).everything(file)
            if outcome.problems or dry_run:
                raise UndoneError
        outcome.applied = True
    except UndoneError:
        outcome.created.clear()
    finally:
        # What this transaction read of its own changes must not outlive it in any cache.
        with transaction(cell) as tx:
            rule_documents.rules(tx)
            directory(tx)
    return outcome


class _Taking:
    """One section after the other; a mistake is noted and the next item tried."""

    def __init__(self, tx: Tx, outcome: Outcome) -> None:
        self.tx = tx
        self.outcome = outcome
        self.present = tx.now
        self.zone = zone_of(tx)

    def everything(self, file: File) -> None:
        if file.rules:
            self._rules(file)
        self._each("organisations", file.organisations, self._organisation)
        self._see_changes()
        self._people(file.people)
        self._each("roster", file.roster, self._shift)
        problems, present = self.outcome.problems, self.present
        Brought(self.tx, file.cases, self._noted, problems, zone=self.zone, present=present).run()
        self.outcome.counts["cases"] = len(file.cases)
        self.tx.now = self.present

    @contextmanager
    def _noted(self, path: str) -> Iterator[None]:
        try:
            with self.tx.conn.transaction():
                yield
        except Refusal as refusal:
            found = refusal.details.get("problems")
            if found:
                self.outcome.problems += [
                    Problem(f"{path}.{one['path']}", one["zh"], one["en"]) for one in found
                ]
                return
            place = refusal.details.get("field")
            where = f"{path}.{place}" if place else path
            self.outcome.problems.append(Problem(where, refusal.zh, refusal.en))
        except errors.IntegrityError as error:
            why = error.diag.message_primary or str(error)
            told_so = f"与已有数据冲突：{why}", f"in conflict with what is there: {why}"
            self.outcome.problems.append(Problem(path, *told_so))

    def _each(self, name: str, items: list[Item], take: Callable[[str, Item], None]) -> None:
        for n, item in enumerate(items):
            with self._noted(f"{name}.{n}"):
                take(f"{name}.{n}", item)
        self.outcome.counts[name] = len(items)

    def _rules(self, file: File) -> None:
        text = yaml.safe_dump({"wangge_rules": RULES_FORMAT, **file.rules}, allow_unicode=True)
        with self._noted("rules"):
            rule_documents.import_(self.tx, text, dry_run=False, note=NOTE)
        self.outcome.counts["rules"] = len(file.rules)
        self.zone = zone_of(self.tx)
        # The rules are settled for the rest of this transaction and need not be read each time.
        self.tx.versions.pop(rule_documents.CHANGED_HERE, None)

    def _see_changes(self) -> None:
        for row in self.tx.rows("select name, n from versions where name = 'units'"):
            self.tx.versions[row["name"]] = row["n"]

    def _id(self, table: str, code: str, field_name: str) -> UUID:
        return id_of(self.tx, table, code, field_name)

    def _organisation(self, _: str, one: Organisation) -> None:
        known = self.tx.one("select id from organisations where code = %s", [one.code])
        key = known["id"] if known else uuid5(NAMESPACE_URL, f"unit:{one.code}")
        if one.kind == "party" and known is None:
            self._party(key, one)
            return
        values = {
            "id": key,
            "parent_id": self._id("organisations", one.parent, "parent") if one.parent else None,
            "kind": one.kind,
            "code": one.code,
            "name": one.name,
            "short_name": one.short_name,
            "area_id": self._id("areas", one.area, "area") if one.area else None,
            "phone": one.phone,
            "active": True,
        }
        organisations.put(self.tx, values, actor=None)

    def _party(self, key: UUID, one: Organisation) -> None:
        above = self._id("organisations", one.parent, "parent") if one.parent else None
        area = self._id("areas", one.area, "area")
        draft = PartyDraft(key, one.code, one.name, one.layer, area, today(self.tx), above)
        party.load(self.tx, [draft], actor=None)

    def _people(self, everybody: list[Person]) -> None:
        """All at once, which is fast; if that is refused, one by one, which tells who is wrong."""
        before = len(self.outcome.problems)
        with self._noted("people"):
            self._hire(everybody)
        self.outcome.counts["people"] = len(everybody)
        if len(self.outcome.problems) > before and everybody:
            del self.outcome.problems[before:]
            self._each("people", everybody, lambda _, person: self._hire([person]))

    def _hire(self, everybody: list[Person]) -> None:
        names = [person.username for person in everybody]
        rows = self.tx.rows("select id, username from accounts where username = any(%s)", [names])
        known = {row["username"]: row["id"] for row in rows}
        fresh = []
        for n, person in enumerate(everybody):
            posts = tuple(self._post(person, post) for post in person.posts)
            if person.username in known:
                for post in posts:
                    appointments.appoint(self.tx, known[person.username], post, actor=None)
                continue
            shown = {"demo": {"group": person.demo, "order": 500 + n}} if person.demo else {}
            account_id = uuid5(NAMESPACE_URL, f"account:{person.username}")
            fresh.append(
                AccountDraft(account_id, person.username, person.name, person.phone, posts, shown)
            )
        if fresh:
            self.outcome.created += people.create_accounts(self.tx, fresh, actor=None)

    def _post(self, person: Person, post: Post) -> PostDraft:
        key = f"post:{person.username}:{post.role}:{post.area}:{post.unit}"
        return PostDraft(
            uuid5(NAMESPACE_URL, key),
            post.role,
            self._id("areas", post.area, "area") if post.area else None,
            self._id("organisations", post.unit, "unit") if post.unit else None,
            post.title,
            post.kind,
            post.public,
            post.begins,
            post.ends,
        )

    def _shift(self, _: str, shift: Shift) -> None:
        roster.add(
            self.tx,
            uuid5(
                NAMESPACE_URL, f"shift:{shift.unit}:{shift.duty}:{shift.username}:{shift.begins}"
            ),
            unit_id=self._id("organisations", shift.unit, "unit"),
            duty=shift.duty,
            account_id=account_of(self.tx, shift.username, "username"),
            begins=moment(shift.begins, self.zone),
            ends=moment(shift.ends, self.zone),
            note=shift.note,
            actor=None,
        )
