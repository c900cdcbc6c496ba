"""Matters from a file: all that can be taken, nothing twice, and why for the rest."""

import csv
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.town import Town
from wangge.intake.importing import import_file, read_mapping, write_errors
from wangge.kernel.db import transaction
from wangge.kernel.errors import Refusal

DATA = Path(__file__).parent / "data"
MAPPING = read_mapping(DATA / "messages.yaml")


def cases(town: Town) -> int:
    with transaction(town.cell) as tx:
        row = tx.one("select count(*) as n from cases")
    return int(row["n"]) if row else -1


def test_sixty_messages_arrive_at_the_sorting_desk(town: Town) -> None:
    seen: list[int] = []

    outcome = import_file(
        town.cell, DATA / "messages.csv", MAPPING, progress=lambda now: seen.append(now.rows)
    )

    assert (outcome.rows, outcome.taken, outcome.errors) == (60, 60, [])
    assert seen[-1] == 60
    queue = town.person("citydesk").get("/cases", queue="to_locate").json()["items"]
    assert len(queue) == 60
    assert {card["place"]["state"] for card in queue} == {"unverified"}
    assert town.person("acceptor").get("/cases").json()["items"] == []


def test_the_same_file_twice_makes_nothing_twice(town: Town) -> None:
    import_file(town.cell, DATA / "messages.csv", MAPPING)

    again = import_file(town.cell, DATA / "messages.csv", MAPPING)

    assert (again.taken, again.repeated) == (0, 60)
    assert cases(town) == 60


def test_a_dry_run_keeps_nothing(town: Town) -> None:
    outcome = import_file(town.cell, DATA / "messages.csv", MAPPING, dry_run=True)

    assert outcome.taken == 60
    assert cases(town) == 0


def test_what_cannot_be_read_is_said_row_by_row(town: Town, tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    table.write_text(
        "id,title,reported_at,text,against,likes\n"
        "1,路灯,2026/1/2 08:00:00,路灯不亮,0,0\n"
        ",无编号,2026/1/2 08:00:00,没有编号,0,0\n"
        "3,坏时间,昨天,时间不对,0,0\n"
        f"4,长篇,2026/1/2 08:00:00,{'长' * 20_000},0,0\n",
        encoding="utf-8",
    )

    outcome = import_file(town.cell, table, MAPPING)
    write_errors(tmp_path / "errors.csv", outcome)

    assert outcome.taken == 1
    assert [(row["line"], row["code"]) for row in outcome.errors] == [
        (3, "id_missing"),
        (4, "bad_time"),
        (5, "text_too_long"),
    ]
    assert "时间不对" in (tmp_path / "errors.csv").read_text("utf-8-sig")


def test_a_table_without_the_named_columns_is_refused_whole(town: Town, tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("number,words\n1,停水\n", encoding="utf-8")

    with pytest.raises(Refusal, match="column_missing"):
        import_file(town.cell, table, MAPPING)


def test_a_workbook_is_read_as_its_csv_would_be(town: Town, tmp_path: Path) -> None:
    with (DATA / "messages.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(tmp_path / "messages.xlsx")

    outcome = import_file(town.cell, tmp_path / "messages.xlsx", MAPPING)
    again = import_file(town.cell, DATA / "messages.csv", MAPPING)

    assert (outcome.taken, outcome.errors) == (60, [])
    assert (again.taken, again.repeated) == (0, 60)


def test_old_messages_wake_nobody(town: Town, tmp_path: Path) -> None:
    table = tmp_path / "fire.csv"
    table.write_text(
        "id,title,reported_at,text,against,likes\n1,火灾,2019/1/2 08:00:00,楼道着火了,0,0\n",
        encoding="utf-8",
    )

    import_file(town.cell, table, MAPPING)

    with transaction(town.cell) as tx:
        assert tx.rows("select emergency from cases") == [{"emergency": ["fire"]}]
        assert tx.rows("select * from pgqueuer where entrypoint = 'alarm'") == []


@pytest.mark.skipif(
    "WANGGE_DATA" not in os.environ, reason="WANGGE_DATA names no folder with messages_zh.csv"
)
def test_all_real_messages_arrive(town: Town) -> None:
    table = Path(os.environ["WANGGE_DATA"]) / "messages_zh.csv"

    outcome = import_file(town.cell, table, MAPPING)

    assert (outcome.taken, outcome.errors) == (4292, [])
    with transaction(town.cell) as tx:
        desks = tx.rows(
            "select o.code, count(*) as n from cases c join organisations o on o.id = c.desk_id"
            " group by 1"
        )
    assert desks == [{"code": "desk-3799", "n": 4292}]
