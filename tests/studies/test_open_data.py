"""公开数据: everybody reads how the city does, and nobody can be found in it."""

import csv
import io
from typing import Any

from fastapi.testclient import TestClient

from tests.studies.conftest import Open
from tests.town import Town
from wangge.studies import open_data
from wangge.studies.small import SMALL

CAME = """
select count(*)::int as n from cases
where (received_at at time zone 'Asia/Shanghai')::date between %s and %s
"""


def test_everybody_reads_the_open_figures(lived: Town, open_lived: Open) -> None:
    """Without an account: what came in, was closed, in time, satisfied, late and left out.

    A day late, by month and street, small counts hidden; the CSV holds the same rows and the
    dictionary every column. Meant to go red: with today counted, with the grid's name in the rows,
    and with small counts told.
    """
    open_data.forget()
    anybody = TestClient(lived.web)
    told = anybody.get("/api/v1/public/open").json()
    now = told["now"]
    with open_lived() as tx:
        count: dict[str, Any] = tx.one(CAME, [now["first"], now["last"]]) or {}
        assert (tx.now.date() - open_data.reach(tx).last).days >= 1
        numbers = [row["number"] for row in tx.rows("select number from cases limit 300")]
    assert now["received"] == count["n"] > 50
    assert now["late"] + now["closed"] + now["left_out"] <= now["received"]
    names = {field["name"] for field in told["fields"]}
    for table in ("streets", "types"):
        rows = told[table]
        assert rows
        assert set(rows[0]) <= names
        for row in rows:
            for name in ("received", "closed", "in_time", "said", "satisfied"):
                count_ = row.get(name)
                assert count_ is None or count_ == 0 or count_ >= SMALL
        body = anybody.get(f"/api/v1/public/open/{table}.csv").content.decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(body)))
        assert [line["received"] for line in lines] == [
            "" if row["received"] is None else str(row["received"]) for row in rows
        ]
        assert not any(number in body for number in numbers)
        assert "网格" not in body
        assert "社区" not in body
    assert {row["street"] for row in told["streets"]} == {"安和街道", "柳林镇"}
    assert anybody.get("/open", follow_redirects=False).headers["location"] == "/r/open"
