"""Where each thing that staff typed must stand once it has a receipt, read as it lies in the store.

A kind names a statement that gives, by the record's or the operation's id, the words that were
typed and who typed them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wangge.kernel import crypto
from wangge.kernel.db import Tx

Typed = list[tuple[str, dict[str, Any], dict[str, Any]]]  # account, operation, receipt
MERGED = frozenset({"home.correct", "resident.correct", "care.correct"})


@dataclass(frozen=True)
class Standing:
    """``rows``: gives ``id, words, who``; ``key`` and ``said`` of an operation must be there."""

    rows: str
    key: Callable[[dict[str, Any]], str]
    said: Callable[[dict[str, Any]], str]


def _record(operation: dict[str, Any]) -> str:
    return str(operation["record"])


def _own(operation: dict[str, Any]) -> str:
    return str(operation["id"])


def _named(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda operation: str(operation["payload"][name])


RECORDS = (
    "select id::text, words, account_id::text as who from field_records where id = any(%s::uuid[])"
)
CHANGES = (
    "select id::text, words, made_by::text as who from register_changes where id = any(%s::uuid[])"
)
HELP = """
select c.id::text, c.text as words, c.created_by::text as who from cases c
join alarms a on a.case_id = c.id where c.id = any(%s::uuid[])
"""
SAID = "select id::text, text as words, account_id::text as who from group_messages"
CALLED = "select id::text, words, given_by::text as who from case_tasks where id = any(%s::uuid[])"
STANDING = {
    "visit.record": Standing(RECORDS, _record, _named("words")),
    "serve.record": Standing(RECORDS, _record, _named("words")),
    "patrol.record": Standing(RECORDS, _record, _named("words")),
    "check.record": Standing(
        f"{RECORDS} and kind = 'check'", _named("id"), _named("words")
    ),
    "task.end": Standing(
        "select id::text, end_words as words, ended_by::text as who from field_tasks"
        " where id = any(%s::uuid[])", _record, _named("words"),
    ),
    "home.screen": Standing(
        "select h.id::text, d.room as words, h.made_by::text as who from households h"
        " join dwellings d on d.id = h.dwelling_id where h.id = any(%s::uuid[])",
        _record, _named("room"),
    ),
    "resident.add": Standing(
        "select id::text, purpose as words, made_by::text as who from residents"
        " where id = any(%s::uuid[])", _record, _named("purpose"),
    ),
    "care.add": Standing(
        "select id::text, purpose as words, made_by::text as who from care_entries"
        " where id = any(%s::uuid[])", _record, _named("purpose"),
    ),
    "caution.add": Standing(
        "select id::text, words, made_by::text as who from home_cautions"
        " where id = any(%s::uuid[])", _record, _named("words"),
    ),
    "resident.erase": Standing(CHANGES, _own, _named("words")),
    "care.end": Standing(CHANGES, _own, _named("words")),
    "home.double": Standing(CHANGES, _own, lambda _: ""),
    "help.call": Standing(HELP, _record, _named("words")),
    "help.cancel": Standing(
        "select id::text, note as words, account_id::text as who from case_steps"
        " where id = any(%s::uuid[])", _own, _named("words"),
    ),
    "supervision.issue": Standing(
        "select id::text, reason as words, issued_by::text as who from supervisions"
        " where id = any(%s::uuid[])", _own, _named("reason"),
    ),
    "case.call_property": Standing(CALLED, _own, _named("words")),
    "group.say": Standing(f"{SAID} where id = any(%s::uuid[])", _record, _named("text")),
}  # fmt: skip
TURNED = (
    "select message_id::text, case_id::text from group_cases where message_id = any(%s::uuid[])"
)
FOLLOWED = """
select id::text, record_id::text, words from field_tasks where id = any(%(ids)s::uuid[])
union all
select c.id::text, f.record_id::text, c.text from cases c join field_cases f on f.case_id = c.id
where c.id = any(%(ids)s::uuid[])
"""
PAPERS = "select id::text from supervisions where id = any(%s::uuid[])"
BECAME = "select id::text, became from register_changes where id = any(%s::uuid[])"
NOTES = "select account_id::text, words_sealed from diary_notes"
# A file is the object of somebody's upload at its place; the same object may lie at others too.
PHOTOS = """
select encode(u.sha256, 'hex') as named,
    coalesce(f.case_id, f.field_record_id, f.group_message_id)::text as place, f.id::text
from uploads u join files o on o.id = u.file_id join files f on f.sha256 = o.sha256
where u.sha256 = any(%s) and coalesce(f.case_id, f.field_record_id, f.group_message_id) is not null
"""


def look(tx: Tx, typed: Typed, listed: dict[str, Any]) -> None:
    """Everything that has a receipt stands once, with its words, its person and its photos."""
    by: dict[str, Typed] = {}
    for _, operation, _ in filter(_waits, typed):
        said = listed[operation["id"]]["payload"]
        assert said["words"] == operation["payload"]["words"], operation
    typed = [one for one in typed if not _waits(one)]
    for one in typed:
        by.setdefault(one[1]["kind"], []).append(one)
    for kind, those in by.items():
        if kind in STANDING:
            _stand(tx, STANDING[kind], those)
    _follow(tx, typed)
    _checks(tx, by.get("check.record", []), listed)
    _merged(tx, [one for kind in MERGED for one in by.get(kind, [])], listed)
    _turned(tx, by.get("group.case", []))
    _days(tx, by.get("day.note", []))
    _photos(tx, typed)


def _waits(one: tuple[str, dict[str, Any], dict[str, Any]]) -> bool:
    """He was alone at a door where two go: his words lie before his leader."""
    _, operation, receipt = one
    return (operation["kind"], receipt["state"]) == ("visit.record", "proposal")


def _stand(tx: Tx, known: Standing, those: Typed) -> None:
    found = tx.rows(known.rows, [[known.key(operation) for _, operation, _ in those]])
    rows = {row["id"]: row for row in found}
    assert len(rows) == len(found)
    for account, operation, receipt in those:
        row = rows[known.key(operation)]
        assert known.said(operation) in row["words"], (operation, receipt)
        assert row["who"] == account, (operation, receipt)


def _follow(tx: Tx, typed: Typed) -> None:
    """What a visit, a service or a patrol left to do: once, with its words, tied to its record."""
    wanted = {
        one["id"]: (operation["record"], one["words"])
        for _, operation, _ in typed
        for one in operation["payload"].get("follow_ups", [])
    }
    found = tx.rows(FOLLOWED, {"ids": list(wanted)})
    assert {row["id"]: (row["record_id"], row["words"]) for row in found} == wanted
    assert len(found) == len(wanted)


def _checks(tx: Tx, those: Typed, listed: dict[str, Any]) -> None:
    """What follows of a check is done, or lies before a person with what was found."""
    for _, operation, receipt in those:
        payload = operation["payload"]
        if payload["follow"] == "none":
            continue
        row = tx.one(
            "select followed, follow_id::text from spot_checks where record_id = %s",
            [payload["id"]],
        )
        assert row, operation
        assert row["followed"] == (receipt["state"] == "applied"), (operation, receipt)
        assert row["followed"] or operation["id"] in listed, (operation, receipt)
        if row["followed"] and payload["follow"] == "notice":
            assert len(tx.rows(PAPERS, [[payload["follow_id"]]])) == 1


def _merged(tx: Tx, those: Typed, listed: dict[str, Any]) -> None:
    """Each field is in the history as it was typed, stood already, or is kept beside the other."""
    found = tx.rows(BECAME, [[operation["id"] for _, operation, _ in those]])
    became = {row["id"]: row["became"] for row in found}
    for _, operation, receipt in those:
        met = {one["field"]: one["mine"] for one in receipt["details"].get("fields", [])}
        for name, value in operation["payload"]["fields"].items():
            if name in receipt["result"]["taken"]:
                assert became[operation["id"]][name] == value
            elif name in met:
                mine = {one["field"]: one["mine"] for one in listed[operation["id"]]["fields"]}
                assert mine[name] == met[name] == value
            else:
                assert name == "people", operation  # it stood already; words are never the same


def _turned(tx: Tx, those: Typed) -> None:
    """A message is one case, whoever made it one."""
    found = tx.rows(TURNED, [[operation["payload"]["message"] for _, operation, _ in those]])
    cases = {row["message_id"]: row["case_id"] for row in found}
    assert len(cases) == len(found)
    for _, operation, receipt in those:
        case = cases[operation["payload"]["message"]]
        assert (case == operation["record"]) == (receipt["state"] == "applied"), receipt


def _days(tx: Tx, those: Typed) -> None:
    """Every line that somebody wrote of his day is in it, from whichever of his phones."""
    notes = {
        row["account_id"]: crypto.open_(tx.cell.tenant, row["words_sealed"])
        for row in tx.rows(NOTES)
    }
    for account, operation, _ in those:
        for line in operation["payload"]["words"].splitlines():
            assert line in notes[account], operation


def _photos(tx: Tx, typed: Typed) -> None:
    wanted = {
        one["sha256"]: _place_of(operation)
        for _, operation, _ in typed
        for one in operation["payload"].get("photos", [])
    }
    found = Counter((row["named"], row["place"]) for row in tx.rows(PHOTOS, [
        [bytes.fromhex(one) for one in wanted]
    ]))  # fmt: skip
    for digest, place in wanted.items():
        assert found[digest, place] == 1, (digest, place, found)


def _place_of(operation: dict[str, Any]) -> str:
    """A check of a ground that opened a case gives its photos to it."""
    payload = operation["payload"]
    if operation["kind"] == "check.record" and payload["follow"] == "case":
        return str(payload["follow_id"])
    return str(operation["record"])
