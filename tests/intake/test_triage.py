"""What residents write, and the three types that the desk is offered for it."""

import csv
from pathlib import Path

import pytest

from tests.town import Town

LABELLED = Path(__file__).parent / "data" / "triage.csv"
WANTED = 0.80


@pytest.mark.mission("BX-21")
def test_the_right_type_is_among_the_first_three(town: Town) -> None:
    """BX-21: "suggestion top-3 ≥80 % on a labelled test set".

    130 sentences as residents write them, over all classes of types, each with its type. They were
    written and labelled before anything was measured on them and no keyword was taken from them,
    which is how it must stay: measured, the right one is among three for 85 of a hundred.

    Seen red: with guesses by likeness left out it was 72 of a hundred.
    """
    desk = town.person("acceptor")
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 130
    found = 0
    for row in rows:
        answer = desk.get("/suggestions", text=row["text"]).json()
        assert len(answer["types"]) <= 3
        assert all(one["reasons"] for one in answer["types"])
        found += row["type"] in {one["code"] for one in answer["types"]}

    assert found / len(rows) >= WANTED
