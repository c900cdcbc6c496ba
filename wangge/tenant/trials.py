"""Trials: a proposed rule document is tried on past cases first; only then it may be in force."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.tenant.exchange import plain, reports
from wangge.tenant.mistakes import crossed
from wangge.tenant.models import Part
from wangge.tenant.queries import base_map_ids, logo_ids
from wangge.tenant.rules import Rules, parsed
from wangge.tenant.service import refused, rules, with_body

# What sends matters somewhere; a city may try its types too, but need not.
TRIED = ("routes", "duties", "types")
NEEDS_TRIAL = ("routes", "duties")
MOST_DAYS = 92
KEPT = "90 days"
COLUMNS = "id, name, version, days, asked_at, state, looked, total"
ENDED = ("done", "failed", "cancelled")


def ask(
    tx: Tx, name: str, body: Any, *, trial_id: UUID, days: int, author_id: UUID | None
) -> dict[str, Any]:
    """Keep what is to be tried; refuses what could never be saved. A repeat finds the first."""
    if name not in TRIED:
        raise NotFound("not_tried", "这份规则不需要试运行", "this document is not tried on cases")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(
            "bad_days", f"天数应为1至{MOST_DAYS}", f"days must be 1 to {MOST_DAYS}", field="days"
        )
    after = with_body(tx, name, body)
    if problems := crossed(after, logo_ids(tx), base_map_ids(tx)):
        raise refused(problems)
    tx.run(f"delete from rule_trials where asked_at < %s - interval '{KEPT}'", [tx.now])
    tx.run(
        "insert into rule_trials (id, name, body, version, days, author_id, asked_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing",
        [
            trial_id,
            name,
            Jsonb(plain(after.document(name))),
            after.versions.get(name, 0),
            days,
            author_id,
            tx.now,
        ],
    )
    return found(tx, trial_id)


def found(tx: Tx, trial_id: UUID) -> dict[str, Any]:
    """How far it has come; ``result`` when it is done."""
    row = tx.one(f"select {COLUMNS}, result from rule_trials where id = %s", [trial_id])
    if row is None:
        raise NotFound("no_such_trial", "没有这次试运行", "there is no such trial")
    return row


def of(tx: Tx, name: str) -> list[dict[str, Any]]:
    """The last trials of a document, newest first, without what came of them."""
    return tx.rows(
        f"select {COLUMNS} from rule_trials where name = %s order by asked_at desc, id limit 20",
        [name],
    )


def proposed(tx: Tx, trial_id: UUID) -> tuple[dict[str, Any], Rules] | None:
    """The trial and the rules as they would be; None when it has ended or was called off."""
    row = tx.one(f"select {COLUMNS}, body from rule_trials where id = %s for update", [trial_id])
    if row is None or row["state"] in ENDED:
        return None
    return row, with_body(tx, row["name"], row["body"])


def go_on(tx: Tx, trial_id: UUID, *, looked: int, total: int) -> bool:
    """Say how far it is; False when it was called off meanwhile."""
    return bool(
        tx.run(
            "update rule_trials set state = 'running', looked = %s, total = %s"
            " where id = %s and state in ('waiting', 'running')",
            [looked, total, trial_id],
        )
    )


def end(tx: Tx, trial_id: UUID, state: str, result: Mapping[str, Any] | None = None) -> None:
    """End it as ``done``, ``failed`` or ``cancelled``; what has ended stays as it is."""
    tx.run(
        "update rule_trials set state = %s, result = %s where id = %s and state <> all(%s)",
        [state, Jsonb(result) if result is not None else None, trial_id, list(ENDED)],
    )


def check(tx: Tx, name: str, body: Any) -> None:
    """Refuse a body that was not tried against the version in force, if the city wants that.

    What was in force once needs no trial: to go back must be quick.
    """
    known = rules(tx)
    if name not in NEEDS_TRIAL or not known.switches.dry_run_first:
        return
    part = _read(name, body)
    if part is None or part == known.document(name):
        return  # saving says what is wrong with it
    tried = tx.rows(
        "select body from rule_trials where name = %s and version = %s and state = 'done'"
        " union all select body from rules where name = %s",
        [name, known.versions.get(name, 0), name],
    )
    if not any(part == _read(name, row["body"]) for row in tried):
        raise Refusal(
            "dry_run_needed",
            "请先用过去的事项试运行这一版，看过结果再启用；您的改动还在",
            "try this version on past cases first, then put it in force; your changes are kept",
            name=name,
        )


def check_file(tx: Tx, text: str) -> None:
    """The same for every document of one file that would change something."""
    for one in reports(text, rules(tx)):
        if one.state == "changed" and one.part is not None:
            check(tx, one.name, plain(one.part))


def untried(tx: Tx, name: str, part: Part | None) -> bool:
    """Whether a document of a file has still to be tried before it may be in force."""
    if part is None:
        return False
    try:
        check(tx, name, plain(part))
    except Refusal:
        return True
    return False


def _read(name: str, body: Any) -> Part | None:
    try:
        return parsed(name, body)
    except ValueError:
        return None
