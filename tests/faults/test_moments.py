"""Back to a moment: the base copy and the archived log give the city as it was then."""

import shutil
from pathlib import Path

import psycopg
import pytest

from tests.faults.platform import until
from tests.proofs import Proof
from tests.town import populate
from wangge.intake.models import Report, Source
from wangge.intake.service import receive_many
from wangge.kernel import fact_log, tenants
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cell, Cells, transaction
from wangge.kernel.fact_log import FactsGone
from wangge.kernel.ids import new_id
from wangge.settings import Settings
from wangge.upkeep import moments

TENANT = "faults"
ARCHIVED = "select last_archived_wal >= %s from pg_stat_archiver"


def report(cell: Cell, amount: int) -> list[str]:
    """Each in a transaction of its own, as they come."""
    made = []
    for n in range(amount):
        with transaction(cell) as tx:
            told = Report(
                id=new_id(), text=f"路灯不亮 {n}", channel="resident", lon=118.1, lat=37.3
            )
            made += [str(one.id) for one in receive_many(tx, [told], Source())]
    return made


def kept(cell: Cell) -> set[str]:
    with transaction(cell) as tx:
        return {str(row["id"]) for row in tx.rows("select id from cases")}


def archived(cells: Cells) -> None:
    """What was written until now lies in the archive."""
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        (name,) = conn.execute("select pg_walfile_name(pg_switch_wal())").fetchone() or ("",)

        def done() -> bool:
            row = conn.execute(ARCHIVED, [name]).fetchone()
            return bool(row and row[0])

        until(done, f"{name} is archived")


@pytest.mark.proof("Recovery to a moment keeps what was before it and nothing that came after")
def test_back_to_the_moment_before_the_mistake(proof: Proof, tmp_path: Path) -> None:
    """As docs/operations.md says it; seen red with ``recovery_target_time`` left out."""
    amount = proof.count(10, stated=2_000)
    chosen = Settings(home=tmp_path / "home", archive=tmp_path / "archive")
    server = own_server(chosen)
    assert server
    server.start()
    cells = cells_of(chosen, server)
    tenants.migrate(cells)
    tenants.new(cells, TENANT)
    cell = cells.cell(TENANT)
    with transaction(cell) as tx:
        populate(tx)
    first = report(cell, amount)

    moments.base(cells, chosen, tmp_path / "base")
    second = report(cell, amount)
    with transaction(cell) as tx:
        page = fact_log.end(tx)
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        (moment,) = conn.execute("select clock_timestamp()").fetchone() or (None,)
    assert moment
    report(cell, amount)
    archived(cells)
    cells.close()
    server.stop()
    shutil.move(server.data, tmp_path / "aside")

    moments.recover(chosen, tmp_path / "base", moment.isoformat())

    server.start()
    try:
        assert kept(cell) == {*first, *second}
        with pytest.raises(FactsGone), transaction(cell) as tx:
            fact_log.read(tx, page.position, log=page.log)
        assert len(report(cell, 1)) == 1
    finally:
        cells.close()
        server.stop()
        shutil.rmtree(server.socket, ignore_errors=True)
    proof.note(before=len(first) + len(second), after_and_gone=amount)
