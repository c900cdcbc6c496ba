"""Rule documents in force: read from a cache, changed as new versions, carried as one file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from wangge.audit import service as audit
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.tenant import queries
from wangge.tenant.exchange import Report, plain, report, reports, written
from wangge.tenant.facts import rules_changed
from wangge.tenant.logo import redrawn
from wangge.tenant.mistakes import Problem, crossed, told, warnings
from wangge.tenant.models import Part
from wangge.tenant.rules import DOCUMENTS, Rules, bundle, comes_with, parsed

INSERT = """
insert into rules (name, version, body, author_id, note, at, counter)
values (%s, %s, %s, %s, %s, %s, %s)
"""
NEXT = "update versions set n = n + 1 where name = 'rules' returning n"
CHANGED_HERE = "rules_changed_here"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document; ``at`` is None for what comes with the product."""

    version: int
    part: Part
    at: datetime | None


_cache: dict[str, tuple[int, int, Rules]] = {}


def rules(tx: Tx) -> Rules:
    """All documents in force; what a city has not written is the default of the product."""
    version, units = tx.versions.get("rules", 0), tx.versions.get("units", 0)
    held = _cache.get(tx.cell.tenant)
    fresh = held and held[0] == version and (held[1] == units or not held[2].own_hours)
    if held and fresh and CHANGED_HERE not in tx.versions:
        return held[2]
    found = _bundled(tx, queries.in_force(tx))
    if CHANGED_HERE not in tx.versions:
        # What this transaction changed may still be undone; others must not see it.
        _cache[tx.cell.tenant] = version, units, found
    return found


def last_read(tenant: str) -> Rules | None:
    """Without asking: the documents that this process read last, or None before the first time."""
    held = _cache.get(tenant)
    return held[2] if held else None


def as_of(tx: Tx, counter: int, at: datetime) -> Rules:
    """Every document as it was in force when the city's counter of rules stood at ``counter``.

    That is what a case keeps in ``rules_version``; ``at`` finds what was written without a counter.
    """
    if counter == tx.versions.get("rules", 0):
        return rules(tx)
    return _bundled(tx, queries.in_force_then(tx, counter, at))


def versions_then(tx: Tx, counter: int, at: datetime) -> Mapping[str, int]:
    """The versions of ``as_of`` without the documents."""
    if counter == tx.versions.get("rules", 0):
        return rules(tx).versions
    return queries.versions_then(tx, counter, at)


def version_of(tx: Tx, name: str, version: int | None, at: datetime | None) -> Version:
    """One document as a number names it or as it was at a moment; 0 comes with the product."""
    known(name)
    rows = [
        row
        for row in queries.history(tx, name)
        if (version is None or row["version"] == version) and (at is None or row["at"] <= at)
    ]
    if rows:
        return Version(rows[0]["version"], parsed(name, rows[0]["body"]), rows[0]["at"])
    if version:
        raise NotFound("no_such_version", "没有这个版本", "there is no such version")
    return Version(0, comes_with(name), None)


def _bundled(tx: Tx, rows: list[dict[str, Any]]) -> Rules:
    ours = [row for row in rows if row["name"] in DOCUMENTS]
    found = bundle(
        {row["name"]: row["body"] for row in ours}, {row["name"]: row["version"] for row in ours}
    )
    return _placed(tx, found)


def _placed(tx: Tx, found: Rules) -> Rules:
    if not found.calendar.own:
        return found
    return replace(found, own_hours=queries.hours_of(tx, list(found.calendar.own)))


def save(
    tx: Tx,
    name: str,
    body: Any,
    *,
    version: int,
    author_id: UUID | None,
    note: str = "",
    move_open: bool = False,
) -> int:
    """Append a version of one document and return its number; the same body again changes nothing.

    With ``move_open`` the clocks of open cases follow; without it they keep what was set for them.

    Refuses with ``stale_version`` when ``version`` is not the one in force, with both bodies, and
    with ``rules_invalid`` and every problem when the body or its relation to others is wrong.
    """
    known(name)
    _take_turns(tx)
    before = rules(tx)
    if before.versions.get(name, 0) != version:
        raise Refusal(
            "stale_version",
            "别人刚刚改过这份规则；两个版本都在，请核对后再保存",
            "somebody changed this document meanwhile; both versions are here to compare",
            version=before.versions.get(name, 0),
            current=plain(before.document(name)),
            yours=body,
        )
    try:
        part = parsed(name, body)
    except ValidationError as error:
        raise refused(told(name, error)) from None
    if part == before.document(name):
        return version
    _write(tx, before, {name: part}, author_id=author_id, note=note, move_open=move_open)
    return version + 1


def restore(tx: Tx, name: str, *, to: int, version: int, author_id: UUID | None, note: str) -> int:
    """Put an earlier version in force again as a new one; 0 is what comes with the product."""
    body = plain(version_of(tx, name, to, None).part)
    said = f"恢复第{to}版" if to else "恢复产品自带的规则"
    note = f"{said}：{note.strip()}" if note.strip() else said
    return save(tx, name, body, version=version, author_id=author_id, note=note)


def history(tx: Tx, name: str) -> list[dict[str, Any]]:
    """Newest first: version, author_id, note, at, body."""
    known(name)
    return queries.history(tx, name)


def export(tx: Tx) -> str:
    """Return one YAML file with every document, readable by ``import_``."""
    return written(rules(tx))


@dataclass(frozen=True)
class Import:
    """What an import did or would do; ``seen`` names the state of the rules before it."""

    documents: Sequence[Report]
    warnings: Sequence[Problem]
    seen: int
    applied: bool

    @property
    def problems(self) -> list[Problem]:
        return [problem for document in self.documents for problem in document.problems]


def import_(
    tx: Tx,
    text: str,
    *,
    dry_run: bool,
    author_id: UUID | None = None,
    note: str = "",
    seen: int | None = None,
    move_open: bool = False,
) -> Import:
    """Take the documents in ``text``, all or none. A dry run reports, it refuses nothing.

    ``seen`` is the ``seen`` of a dry run: what somebody changed since then is not written over.
    """
    if not dry_run:
        _take_turns(tx)
    before = rules(tx)
    if seen is not None and seen != _state(before):
        raise Refusal(
            "stale_version",
            "试导入之后又有人改过规则，请再试一次看看差别",
            "the rules changed since the dry run; please look at the differences again",
        )
    result = _compared(tx, before, reports(text, before), dry_run=dry_run)
    if dry_run:
        return result
    if result.problems:
        raise refused(result.problems)
    if parts := _changed(result.documents):
        _write(tx, before, parts, author_id=author_id, note=note, move_open=move_open)
    return result


def _changed(found: Sequence[Report]) -> dict[str, Part]:
    return {one.name: one.part for one in found if one.state == "changed" and one.part}


def _compared(tx: Tx, before: Rules, found: list[Report], *, dry_run: bool) -> Import:
    """Complete the reports with what is wrong between documents, and with warnings."""
    after = _with(before, _changed(found))
    if not any(one.problems for one in found):
        for problem in crossed(after, queries.logo_ids(tx), queries.base_map_ids(tx)):
            document = problem.path.split(".")[0]
            place = next((one for one in found if one.name == document), None)
            if place is None:
                place = Report(document, "wrong")
                found.append(place)
            place.state = "wrong"
            place.problems.append(problem)
    said = warnings(after, tx.now.astimezone(after.calendar.days.zone).date())
    return Import(found, said, _state(before), applied=not dry_run)


def _state(rules: Rules) -> int:
    """Count the versions ever written: it grows with every change."""
    return sum(rules.versions.values())


def preview(tx: Tx, name: str, body: Any) -> Import:
    """Say what a body for one document would change and what is wrong with it."""
    known(name)
    before = rules(tx)
    return _compared(tx, before, [report(name, body, before)], dry_run=True)


def original(name: str) -> Part:
    """Return the document as it comes with the product."""
    known(name)
    return comes_with(name)


def keep_logo(tx: Tx, content: bytes, *, author_id: UUID | None) -> UUID:
    """Redraw and keep a picture; refuses what is no PNG or JPEG, or too large."""
    logo_id = new_id()
    tx.insert(
        "brand_logos",
        [
            {
                "id": logo_id,
                "media_type": "image/png",
                "body": redrawn(content),
                "author_id": author_id,
                "at": tx.now,
            }
        ],
    )
    return logo_id


def known(name: str) -> None:
    """Refuse a name that no document has."""
    if name not in DOCUMENTS:
        raise NotFound("no_such_document", "没有这份规则文档", "there is no such rule document")


def _take_turns(tx: Tx) -> None:
    """Whoever changes rules waits for whoever is changing them, and then sees what he did."""
    tx.one("select n from versions where name = 'rules' for update")
    tx.versions[CHANGED_HERE] = 1


def with_body(tx: Tx, name: str, body: Any) -> Rules:
    """The rules as they would be with this document; refuses what is wrong with it."""
    known(name)
    try:
        part = parsed(name, body)
    except ValidationError as error:
        raise refused(told(name, error)) from None
    return _placed(tx, _with(rules(tx), {name: part}))


def with_file(tx: Tx, text: str) -> tuple[Rules, list[str]]:
    """The rules as they would be with a file's documents, and which of them are others.

    What cannot be read is left as it is in force; importing says why.
    """
    before = rules(tx)
    parts = _changed(reports(text, before))
    return _with(before, parts), list(parts)


def _with(before: Rules, parts: dict[str, Part]) -> Rules:
    documents: dict[str, Any] = {name: parts.get(name, before.document(name)) for name in DOCUMENTS}
    return Rules(**documents, versions=before.versions)


def _write(
    tx: Tx,
    before: Rules,
    parts: dict[str, Part],
    *,
    author_id: UUID | None,
    note: str,
    move_open: bool,
) -> None:
    after = _with(before, parts)
    if problems := crossed(after, queries.logo_ids(tx), queries.base_map_ids(tx)):
        raise refused(problems)
    row = tx.one(NEXT)
    tx.versions["rules"] = row["n"] if row else tx.versions["rules"] + 1
    news = []
    for name, part in parts.items():
        version = before.versions.get(name, 0) + 1
        body = Jsonb(plain(part))
        counter = tx.versions["rules"]
        tx.run(INSERT, [name, version, body, author_id, note.strip(), tx.now, counter])
        news.append(rules_changed(name, version, move_open=move_open))
        audit.record(tx, "rules.changed", reason=note.strip(), detail=news[-1].body)
    if after.calendar.zone != before.calendar.zone:
        tx.run("update clock set zone = %s", [after.calendar.zone])
    facts.record(tx, news)


def refused(problems: Sequence[Problem]) -> Invalid:
    """The refusal that carries every problem of a document."""
    first, more = problems[0], len(problems) - 1
    also = (f"（另有{more}处）", f" (and {more} more)") if more else ("", "")
    return Invalid(
        "rules_invalid",
        f"规则没有保存：{first.path}：{first.zh}{also[0]}",
        f"the rules were not saved: {first.path}: {first.en}{also[1]}",
        problems=[problem._asdict() for problem in problems],
    )
