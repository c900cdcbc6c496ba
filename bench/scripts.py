"""What a transaction said, as pgbench says it again; and a city of any size to say it to."""

import random
from collections.abc import Sequence
from uuid import UUID

import psycopg

from bench import rows
from bench.city import Recorded
from wangge.demo import loading
from wangge.demo.recipes import RECIPES
from wangge.kernel.db import OPENING, PREFIX, Cell, Cells, Tx

KEPT = """
select s.id as step, f.id as fact, encode(k.code_hash, 'hex') as code
from case_steps s join facts f on f.subject = s.case_id join case_askers k on k.case_id = s.case_id
where s.case_id = %s
"""


def body(said: Sequence[str]) -> str:
    """Statements with their values, one a line."""
    return "".join(f"{' '.join(one.split())};\n" for one in said)


def anew(tx: Tx, case_id: UUID, said: Sequence[str]) -> str:
    """The recording of one report as a script that reports another one each time."""
    kept = tx.one(KEPT, [case_id]) or {}
    new = "uuidv7()::text"
    fresh = {
        "case_id": (str(case_id), new),
        "step_id": (str(kept["step"]), new),
        "fact_id": (str(kept["fact"]), new),
        "code": (kept["code"], "encode(sha256(uuidv7()::text::bytea), 'hex')"),
    }
    return Recorded([OPENING, *said]).script(fresh)


def somebody(chance: random.Random) -> dict[str, str]:
    """Headers of a request from an address that nobody else has."""
    parts = [str(chance.randrange(256)) for _ in range(3)]
    return {"Content-Type": "application/json", "X-Forwarded-For": f"10.{'.'.join(parts)}"}


def prepare(cells: Cells, wanted: int) -> Cell:
    """The demo city with ``wanted`` more cases of the last year (three years from a million on)."""
    recipe = RECIPES[0]._replace(days=0)
    loading.load_all(cells, [recipe])
    days = 1095 if wanted > 1_000_000 else 365
    rows.pour(cells.owner(PREFIX + recipe.tenant), wanted, days=days, steps=3)
    with psycopg.connect(cells.owner(PREFIX + recipe.tenant), autocommit=True) as conn:
        conn.execute("delete from pgqueuer")
    return cells.cell(recipe.tenant)
