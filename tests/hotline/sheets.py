"""Invented exports of a hotline, and reading back what the platform writes."""

import io
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.town import Person
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id

MATCH = {
    "number": "工单编号",
    "name": "来电人",
    "phone": "来电号码",
    "reported_at": "来电时间",
    "kind": "诉求类型",
    "text": "诉求内容",
    "place_words": "事发地址",
    "level": "紧急程度",
    "promised_at": "办理时限",
}
COLUMNS = list(MATCH.values())
LAYOUT = {"source": "12345", "columns": MATCH}
DARK = "东方社区和平路南段路灯连着三天不亮，晚上老人出门看不见路，请尽快维修"
AGAIN = "东方社区和平路南段路灯还是不亮，已经三天多了，老人晚上出门看不见路"
LEAK = "河安社区滨河路自来水管漏水，路面都是水"


MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def stop_clock(cell: Cell) -> None:
    """The city's time stands still on a Sunday, two days after the calls."""
    with transaction(cell) as tx:
        tx.run("update clock set frozen_at = %s", [MORNING])


def row(number: str, text: str, **more: str) -> list[str]:
    cells = {
        "来电人": "王小明",
        "来电号码": "13905460001",
        "来电时间": "2026-11-20 08:30",
        "诉求类型": "求助",
        "事发地址": "东方社区和平路",
        "紧急程度": "一般",
        "办理时限": "5个工作日",
        **more,
    }
    return [number if c == "工单编号" else text if c == "诉求内容" else cells[c] for c in COLUMNS]


def workbook(*rows: list[str]) -> bytes:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.append(["市12345政务服务便民热线工单导出"])
    sheet.append(COLUMNS)
    for number, line in enumerate(rows, start=3):
        for at, cell in enumerate(line, start=1):
            sheet.cell(number, at).value = cell
            sheet.cell(number, at).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(body: bytes) -> list[dict[str, Any]]:
    """Rows of an answer under its headings; a formula would read as one."""
    sheet: Any = load_workbook(io.BytesIO(body)).worksheets[0]
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def send(person: Person, body: bytes, name: str = "工单.xlsx") -> Any:
    """The answer to a file that was sent under a new id."""
    return person.client.post(f"/api/v1/hotline/files/{new_id()}", files={"file": (name, body)})


def bring(person: Person, *rows: list[str]) -> dict[str, Any]:
    """Send and import whole; the finished batch."""
    sent = send(person, workbook(*rows))
    assert sent.status_code == 200, sent.text
    batch: dict[str, Any] = sent.json()
    while batch["state"] != "done":
        answer = person.post(f"/hotline/batches/{batch['id']}/import", {"layout": LAYOUT})
        assert answer.status_code == 200, answer.text
        batch = answer.json()
    return batch


def orders(person: Person, only: str = "all") -> list[dict[str, Any]]:
    answer = person.get("/hotline/orders", only=only)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
