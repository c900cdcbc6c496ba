"""What a transaction said, as pgbench says it again; and a city of any size to say it to."""

import random
import re
from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg

from bench import rows
from bench.city import Recorded, recording
from wangge.demo import loading
from wangge.demo.recipes import RECIPES
from wangge.kernel.db import OPENING, PREFIX, Cell, Cells, Tx, transaction
from wangge.people.models import Actor

KEPT = """
select s.id as step, f.id as fact, encode(k.code_hash, 'hex') as code
from case_steps s join facts f on f.subject = s.case_id join case_askers k on k.case_id = s.case_id
where s.case_id = %s
"""

TAKEN = "select id from case_steps where case_id = %s order by seq desc limit 1"
FACT = re.compile(r'"id": ?"([0-9a-f-]{36})"')
ID = re.compile(r"'([0-9a-f]{32})'::uuid")
FROM_C = "begin;\nselect * from open_session('\\x{token}');\n{body}commit;\n"


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


# No case comes to so many steps, so its number can be told from every other.
SEQ = 700_000_000


def step(
    cell: Cell, token: bytes, ids: Sequence[str], work: Callable[[Tx, Actor], object]
) -> tuple[int, str]:
    """How many statements a step says, and a script that takes it on another case each time."""
    case_id = UUID(ids[0])
    with transaction(cell, "app", token=token) as tx:
        actor = Actor.of(tx)
        tx.run("update cases set version = %s where id = %s", [SEQ, case_id])
        work(tx, actor)
        with recording(tx) as said:
            work(tx, actor)
        taken = tx.one(TAKEN, [case_id]) or {}
        raise psycopg.Rollback
    any_of = "','".join(ids)
    made = {
        "case_id": (ids[0], f"(array['{any_of}'])[1 + floor(random() * {len(ids)})]"),
        "step_id": (str(taken["id"]), "uuidv7()::text"),
    }
    facts = next(one for one in said if "record_facts" in one)
    made |= {f"fact_{n}": (one, "uuidv7()::text") for n, one in enumerate(FACT.findall(facts))}
    after = f"(select version + 1 from cases where id = '{case_id}'::uuid)"
    lines = [ID.sub(_dashed, one).replace(str(SEQ + 2), after) for one in said]
    opened = f"select * from open_session('\\x{token.hex()}')"
    return len(said) + 1, Recorded([opened, *lines]).script(made)


def _dashed(found: re.Match[str]) -> str:
    return f"'{UUID(found[1])}'::uuid"


def somebody(chance: random.Random) -> dict[str, str]:
    """Headers of a request from an address that nobody else has."""
    parts = [str(chance.randrange(256)) for _ in range(3)]
    return {"Content-Type": "application/json", "X-Forwarded-For": f"10.{'.'.join(parts)}"}


def prepare(cells: Cells, wanted: int, *, all_open: bool = False) -> Cell:
    """The demo city with ``wanted`` more cases of the last year (three years from a million on).

    If they are ``all_open``, they are of one day, so that none is late yet.
    """
    recipe = RECIPES[0]._replace(days=0)
    loading.load_all(cells, [recipe])
    owner = cells.owner(PREFIX + recipe.tenant)
    if all_open:
        rows.pour(owner, wanted, days=1, steps=1, still_open=1)
    else:
        rows.pour(owner, wanted, days=1095 if wanted > 1_000_000 else 365, steps=3)
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("delete from pgqueuer")
    return cells.cell(recipe.tenant)
