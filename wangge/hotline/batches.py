"""A file on its way in: kept sealed until it is taken, tried first, taken part by part."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import Rollback
from psycopg.types.json import Jsonb

from wangge.audit.service import record
from wangge.dispatch.directory import directory
from wangge.hotline import doubles
from wangge.hotline.layouts import Layout, Order, Surroundings, check, read
from wangge.intake.models import Source
from wangge.intake.service import receive_each
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.papers import tables
from wangge.papers.tables import Rounded
from wangge.people.models import Actor
from wangge.tenant.service import rules

PART = 200
KEPT = timedelta(days=7)  # a file that nobody took is forgotten after that
Cells = dict[str, str]


@dataclass
class Outcome:
    """What became of some rows; ``refused`` are (line, cells, refusal)."""

    new: list[Order] = field(default_factory=list)
    repeated: int = 0
    changed: int = 0
    doubles: int = 0
    refused: list[tuple[int, Cells, Refusal]] = field(default_factory=list)


def desk_of(actor: Actor) -> UUID:
    """The desk at which this person accepts or dispatches."""
    for post in actor.posts:
        if post.unit_id and post.grants & {"case.accept", "case.dispatch"}:
            return post.unit_id
    raise NotAllowed("not_allowed", "您的岗位没有此项权限", "none of your posts allows this")


def receive(tx: Tx, actor: Actor, batch_id: UUID, file_name: str, body: bytes) -> dict[str, Any]:
    """Keep a file sealed until it is taken; the same id with the same file answers as before."""
    unit, digest = desk_of(actor), hashlib.sha256(body).digest()
    held = tx.one("select * from hotline_batches where id = %s", [batch_id])
    if held:
        if held["unit_id"] != unit or bytes(held["sha256"]) != digest:
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return held
    table = tables.read(body)
    if not table.rows:
        raise Invalid("empty_table", "表里没有数据行", "the table has no rows", field="file")
    tx.run(
        "update hotline_batches set body_sealed = null, state = 'done'"
        " where unit_id = %s and at < %s and state <> 'done'",
        [unit, tx.now - KEPT],
    )
    rows = [[line, cells, _rounded(cells)] for line, cells in table.rows]
    tx.insert(
        "hotline_batches",
        [
            {
                "id": batch_id,
                "unit_id": unit,
                "file_name": file_name[:200],
                "sha256": digest,
                "columns": table.columns,
                "rows": len(rows),
                "body_sealed": crypto.seal(tx.cell.tenant, orjson.dumps(rows).decode()),
                "author_id": actor.id,
                "author_name": actor.name,
                "at": tx.now,
            }
        ],
    )
    return mine(tx, actor, batch_id)


def _rounded(cells: Cells) -> list[str]:
    return [name for name, cell in cells.items() if isinstance(cell, Rounded)]


def mine(tx: Tx, actor: Actor, batch_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """The batch of one's own desk; another desk's is not found."""
    row = tx.one(
        f"select * from hotline_batches where id = %s{' for update' if lock else ''}", [batch_id]
    )
    if row is None or row["unit_id"] != desk_of(actor):
        raise NotFound("no_such_batch", "没有找到这次导入", "no such import")
    return row


def rows_of(tx: Tx, batch: dict[str, Any]) -> list[tuple[int, Cells]]:
    if batch["body_sealed"] is None:
        raise Refusal("batch_done", "这份文件已处理完", "this file is done")
    read_rows = orjson.loads(crypto.open_(tx.cell.tenant, batch["body_sealed"]))
    return [
        (line, {n: Rounded(c) if n in rounded else c for n, c in cells.items()})
        for line, cells, rounded in read_rows
    ]


def tried(tx: Tx, actor: Actor, batch_id: UUID, layout: Layout) -> Outcome:
    """Do everything that taking the whole file would do, and undo it (试运行)."""
    batch = mine(tx, actor, batch_id)
    check(layout, batch["columns"])
    rows = rows_of(tx, batch)
    outcome = Outcome()
    with tx.conn.transaction():
        for start in range(0, len(rows), PART):
            _take(tx, actor, batch, layout, rows[start : start + PART], outcome)
        raise Rollback
    return outcome


def take(tx: Tx, actor: Actor, batch_id: UUID, layout: Layout | None) -> dict[str, Any]:
    """Take the next rows of a file; called again until it is done. The layout stays as begun."""
    batch = mine(tx, actor, batch_id, lock=True)
    if batch["state"] == "done":
        return batch
    if batch["layout"] is not None:
        layout = Layout.model_validate(batch["layout"])
    if layout is None:
        raise Invalid("layout_needed", "请先对应各列", "match the columns first", field="layout")
    check(layout, batch["columns"])
    rows = rows_of(tx, batch)[batch["next"] : batch["next"] + PART]
    outcome = Outcome()
    _take(tx, actor, batch, layout, rows, outcome)
    tx.insert(
        "hotline_refusals",
        [
            {
                "batch_id": batch_id,
                "line": line,
                "cells_sealed": sealed(tx, cells),
                "code": refusal.code,
                "zh": refusal.zh,
                "en": refusal.en,
            }
            for line, cells, refusal in outcome.refused
        ],
    )
    done = batch["next"] + len(rows) >= batch["rows"]
    tx.run(
        "update hotline_batches set next = next + %s, layout = %s, taken = taken + %s,"
        " repeated = repeated + %s, changed = changed + %s, refused = refused + %s,"
        " doubles = doubles + %s, state = %s, done_at = %s,"
        " body_sealed = case when %s then null else body_sealed end where id = %s",
        [
            len(rows), Jsonb(layout.model_dump()), len(outcome.new), outcome.repeated,
            outcome.changed, len(outcome.refused), outcome.doubles, "done" if done else "running",
            tx.now if done else None, done, batch_id,
        ],
    )  # fmt: skip
    if done:
        record(tx, "hotline.imported", batch_id, detail={"rows": batch["rows"]})
    return mine(tx, actor, batch_id)


def _take(
    tx: Tx,
    actor: Actor,
    batch: dict[str, Any],
    layout: Layout,
    rows: Sequence[tuple[int, Cells]],
    outcome: Outcome,
) -> None:
    known = Surroundings.of(rules(tx), directory(tx), tx.now)
    fresh: dict[str, Order] = {}
    orders: list[Order] = []
    for line, cells in rows:
        try:
            orders.append(read(line, cells, layout, known))
        except Refusal as refusal:
            outcome.refused.append((line, cells, refusal))
    held = _held(tx, layout.source, [order.number for order in orders])
    for order in orders:
        if order.number in held:
            _again(tx, batch, held[order.number], order, outcome)
        elif order.number in fresh:
            # Twice in one file: the later row is what the hotline says now.
            outcome.refused.append((order.line, order.cells, _twice(fresh[order.number].line)))
        else:
            fresh[order.number] = order
    opened = _open(tx, actor, list(fresh.values()), outcome)
    tx.insert("hotline_orders", [_row(tx, batch, layout, order) for order in opened])
    outcome.new += opened
    outcome.doubles += doubles.note(tx, [order.report.id for order in opened])


def _twice(line: int) -> Refusal:
    return Refusal(
        "number_twice",
        f"与第 {line} 行的工单编号相同，先收了第 {line} 行",
        f"the same number as row {line}, which was taken",
    )


def _held(tx: Tx, source: str, numbers: list[str]) -> dict[str, dict[str, Any]]:
    rows = tx.rows(
        "select * from hotline_orders where source = %s and number = any(%s)", [source, numbers]
    )
    return {row["number"]: row for row in rows}


def _open(tx: Tx, actor: Actor, orders: list[Order], outcome: Outcome) -> list[Order]:
    """Those that the intake took; what it refuses is told by row."""
    opened = []
    answers = receive_each(tx, [order.report for order in orders], Source(actor))
    for order, answer in zip(orders, answers, strict=True):
        if answer.refusal:
            outcome.refused.append((order.line, order.cells, answer.refusal))
        else:
            opened.append(order)
    return opened


def _again(
    tx: Tx, batch: dict[str, Any], held: dict[str, Any], order: Order, outcome: Outcome
) -> None:
    """The hotline's number is known: the same case. What it says anew is flagged, not merged in."""
    if held["unit_id"] != batch["unit_id"]:
        elsewhere = Refusal(
            "order_elsewhere",
            "这张工单已由别的受理台登记",
            "another desk has registered this order",
        )
        outcome.refused.append((order.line, order.cells, elsewhere))
        return
    if bytes(held["cells_hash"]) == _hash(order.cells):
        outcome.repeated += 1
        return
    before: Cells = unsealed(tx, held["cells_sealed"])
    changes = {c["column"]: c for c in unsealed(tx, held["changes_sealed"]) or []}
    for column in dict.fromkeys([*before, *order.cells]):
        old, new = before.get(column, ""), order.cells.get(column, "")
        if old != new:
            first = changes.get(column, {"before": old})["before"]
            changes[column] = {"column": column, "before": first, "after": new}
    told = [change for change in changes.values() if change["before"] != change["after"]]
    tx.run(
        "update hotline_orders set batch_id = %s, line = %s, columns = %s, cells_sealed = %s,"
        " cells_hash = %s, promised_at = %s, changes_sealed = %s, changed_at = %s"
        " where case_id = %s",
        [
            batch["id"], order.line, batch["columns"], sealed(tx, order.cells),
            _hash(order.cells), order.promised_at, sealed(tx, told) if told else None,
            tx.now if told else None, held["case_id"],
        ],
    )  # fmt: skip
    outcome.changed += 1


def _row(tx: Tx, batch: dict[str, Any], layout: Layout, order: Order) -> dict[str, Any]:
    return {
        "case_id": order.report.id,
        "unit_id": batch["unit_id"],
        "batch_id": batch["id"],
        "line": order.line,
        "source": layout.source,
        "number": order.number,
        "columns": batch["columns"],
        "cells_sealed": sealed(tx, order.cells),
        "cells_hash": _hash(order.cells),
        "promised_at": order.promised_at,
        "at": tx.now,
    }


def _hash(cells: Cells) -> bytes:
    filled = {name: cell for name, cell in cells.items() if cell}
    return hashlib.sha256(orjson.dumps(filled, option=orjson.OPT_SORT_KEYS)).digest()


def sealed(tx: Tx, content: Any) -> bytes:
    return crypto.seal(tx.cell.tenant, orjson.dumps(content).decode())


def unsealed(tx: Tx, body: bytes | None) -> Any:
    return None if body is None else orjson.loads(crypto.open_(tx.cell.tenant, body))
