"""A hotline's work orders at the desk: in once, tried before, doubles shown, neighbours blind."""

from datetime import datetime

from tests.hotline.sheets import (
    AGAIN,
    COLUMNS,
    DARK,
    LAYOUT,
    LEAK,
    MATCH,
    bring,
    orders,
    read,
    row,
    send,
    workbook,
)
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id


def cases(town: Town) -> int:
    with transaction(town.cell) as tx:
        (found,) = tx.rows("select count(*) as n from cases")
    return int(found["n"])


def test_columns_are_matched_by_their_headings(town: Town) -> None:
    sent = send(town.person("acceptor"), workbook(row("R1", DARK))).json()

    assert (sent["rows"], sent["state"]) == (1, "open")
    assert sent["guess"] == MATCH


def test_a_trial_tells_everything_and_keeps_nothing(town: Town) -> None:
    acceptor = town.person("acceptor")
    bad = [row("", "没有编号"), row("R4", "时间不对", 来电时间="昨天"), row("R5", "长" * 10_001)]
    batch = send(acceptor, workbook(row("R1", DARK), row("R2", LEAK), *bad)).json()

    tried = acceptor.post(f"/hotline/batches/{batch['id']}/trial", {"layout": LAYOUT}).json()

    assert (tried["rows"], tried["taken"], tried["refused"]) == (5, 2, 3)
    assert [(one["line"], one["code"]) for one in tried["problems"]] == [
        (5, "number_missing"),
        (6, "bad_time"),
        (7, "text_too_long"),
    ]
    first = tried["first"][0]
    assert (first["number"], first["caller"], first["area"], first["kind"]) == (
        "R1",
        "王** 139****0001",
        "东方社区",
        "求助",
    )
    assert cases(town) == 0
    assert orders(acceptor) == []
    with transaction(town.cell) as tx:
        assert tx.rows("select * from case_numbers") == []


def test_orders_become_cases_with_the_hotlines_promise_beside_our_limit(town: Town) -> None:
    acceptor = town.person("acceptor")

    batch = bring(acceptor, row("R1", DARK), row("R2", LEAK, 办理时限="2026-11-27"))

    assert (batch["taken"], batch["refused"]) == (2, 0)
    by_number = {one["number"]: one for one in orders(acceptor)}
    # Friday 20 November and five working days: the end of Friday 27.
    assert by_number["R1"]["promised_at"] == "2026-11-27T09:30:00Z"
    assert by_number["R2"]["promised_at"] == "2026-11-27T15:59:00Z"
    assert by_number["R1"]["total_due_at"] is not None
    case = acceptor.get(f"/cases/{by_number['R1']['case_id']}").json()
    assert (case["channel"], case["kind"], case["place"]["words"]) == (
        "hotline",
        "help",
        "东方社区和平路",
    )
    assert case["asker"]["phone_masked"] == "139****0001"


def test_the_same_file_twice_makes_nothing_twice(town: Town) -> None:
    acceptor = town.person("acceptor")
    rows = [row(f"R{n}", f"{LEAK}，第{n}处", 来电号码=f"139054601{n:02}") for n in range(30)]
    bring(acceptor, *rows)

    again = bring(acceptor, *rows)

    assert (again["taken"], again["repeated"], again["changed"]) == (0, 30, 0)
    assert cases(town) == 30


def test_a_file_sent_twice_under_one_id_is_one_file(town: Town) -> None:
    acceptor, body, at = town.person("acceptor"), workbook(row("R1", DARK)), new_id()

    def sent(content: bytes) -> int:
        answer = acceptor.client.post(
            f"/api/v1/hotline/files/{at}", files={"file": ("a.xlsx", content)}
        )
        return int(answer.status_code)

    assert [sent(body), sent(body), sent(workbook(row("R2", LEAK)))] == [200, 200, 409]
    assert len(acceptor.get("/hotline/batches").json()["items"]) == 1


def test_a_long_file_goes_in_by_parts_and_may_be_stopped(town: Town) -> None:
    """Stopped after one part and continued: every row once."""
    acceptor = town.person("acceptor")
    rows = [row(f"L{n}", f"第{n}盏路灯不亮", 来电号码="") for n in range(250)]
    batch = send(acceptor, workbook(*rows)).json()
    path = f"/hotline/batches/{batch['id']}/import"

    part = acceptor.post(path, {"layout": LAYOUT}).json()
    assert (part["state"], part["next"], cases(town)) == ("running", 200, 200)
    rest = acceptor.post(path).json()

    assert (rest["state"], rest["next"], rest["taken"], cases(town)) == ("done", 250, 250, 250)
    assert acceptor.post(path).json()["taken"] == 250
    with transaction(town.cell) as tx:
        (held,) = tx.rows("select body_sealed from hotline_batches")
    assert held["body_sealed"] is None  # nothing of the file is kept but its orders


def test_a_known_number_with_other_words_is_flagged_on_the_same_case(town: Town) -> None:
    acceptor = town.person("acceptor")
    bring(acceptor, row("R1", DARK))
    (before,) = orders(acceptor)

    again = bring(acceptor, row("R1", AGAIN, 办理时限="2026-11-25 18:00", 来电号码="13905460009"))

    assert (again["taken"], again["changed"], cases(town)) == (0, 1, 1)
    (flagged,) = orders(acceptor, "changed")
    assert flagged["case_id"] == before["case_id"]
    assert {change["column"]: change["after"] for change in flagged["changes"]} == {
        "来电号码": "139****0009",
        "诉求内容": AGAIN,
        "办理时限": "2026-11-25 18:00",
    }
    assert flagged["promised_at"] == "2026-11-25T10:00:00Z"
    assert acceptor.get(f"/cases/{before['case_id']}").json()["text"] == DARK

    seen = acceptor.post(f"/hotline/orders/{before['case_id']}/seen")

    assert seen.json()["changes"] == []
    assert orders(acceptor, "changed") == []


def test_likely_doubles_are_shown_and_a_person_decides(town: Town) -> None:
    """Same caller, much the same words, a day apart; another caller or another matter is none."""
    acceptor = town.person("acceptor")
    bring(acceptor, row("R1", DARK))

    batch = bring(
        acceptor,
        row("R2", AGAIN, 来电时间="2026-11-21 09:00"),
        row("R3", DARK, 来电号码="13905460002"),
        row("R4", LEAK, 事发地址="河安社区滨河路"),
    )

    assert batch["doubles"] == 1
    (order,) = orders(acceptor, "doubles")
    (double,) = order["doubles"]
    assert (order["number"], double["decision"], double["reasons"]["hours"]) == ("R2", "open", 24)
    assert double["reasons"]["share"] > 0.3
    states = {one["number"]: one["state"] for one in orders(acceptor)}
    decided = acceptor.post(
        f"/hotline/orders/{order['case_id']}/doubles/{double['other_id']}", {"decision": "same"}
    )
    assert decided.json()["doubles"][0]["decided_by"] == "郑洁"
    assert orders(acceptor, "doubles") == []
    assert {one["number"]: one["state"] for one in orders(acceptor)} == states


def test_the_same_number_twice_in_one_file(town: Town) -> None:
    batch = bring(town.person("acceptor"), row("R1", DARK), row("R1", LEAK))

    assert (batch["taken"], batch["refused"], cases(town)) == (1, 1, 1)


def test_the_neighbour_desk_sees_nothing_of_it(town: Town) -> None:
    acceptor, neighbour = town.person("acceptor"), town.person("liulin")
    batch = bring(acceptor, row("R1", DARK), row("", "没有编号"))
    (order,) = orders(acceptor)
    acceptor.put("/hotline/layouts/市热线", {"layout": LAYOUT})

    case, other = order["case_id"], new_id()
    assert orders(neighbour) == []
    assert neighbour.get("/hotline/batches").json()["items"] == []
    assert neighbour.get("/hotline/layouts").json()["items"] == []
    assert read(neighbour.get("/hotline/replies.xlsx", unfinished=True).content) == []
    for answer in (
        neighbour.get(f"/hotline/orders/{case}"),
        neighbour.post(f"/hotline/orders/{case}/seen"),
        neighbour.post(f"/hotline/orders/{case}/doubles/{other}", {"decision": "same"}),
        neighbour.get(f"/hotline/batches/{batch['id']}/errors.xlsx"),
        neighbour.post(f"/hotline/batches/{batch['id']}/import", {"layout": LAYOUT}),
        neighbour.post(f"/hotline/batches/{batch['id']}/trial", {"layout": LAYOUT}),
    ):
        assert answer.status_code == 404, answer.text


def test_only_who_accepts_or_dispatches_comes_in(town: Town) -> None:
    for name, status in (("dispatcher", 200), ("handler", 403), ("lihong", 403), ("auditor", 403)):
        person = town.person(name)
        assert person.get("/hotline/orders").status_code == status
        assert person.get("/hotline/replies.xlsx").status_code == status
        assert send(person, workbook(row("R1", DARK))).status_code == status


def test_an_order_of_another_desk_is_not_taken_again(town: Town) -> None:
    bring(town.person("acceptor"), row("R1", DARK))

    batch = bring(town.person("citydesk"), row("R1", DARK))

    assert (batch["taken"], batch["refused"], cases(town)) == (0, 1, 1)


def test_a_program_is_refused_whatever_it_is_called(town: Town) -> None:
    refused = send(town.person("acceptor"), b"MZ\x90\x00\x03\x00\x00\x00", "orders.xlsx")

    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_table")


def test_layouts_are_kept_by_name(town: Town) -> None:
    acceptor = town.person("acceptor")
    less = {"source": "12345", "columns": {"number": "编号", "text": "内容"}}

    assert acceptor.put("/hotline/layouts/市热线", {"layout": LAYOUT}).status_code == 204
    assert acceptor.put("/hotline/layouts/市热线", {"layout": less}).status_code == 204
    assert acceptor.get("/hotline/layouts").json()["items"] == [{"name": "市热线", "layout": less}]
    acceptor.delete("/hotline/layouts/市热线")
    assert acceptor.get("/hotline/layouts").json()["items"] == []


def test_a_masked_number_does_not_keep_a_matter_out(town: Town) -> None:
    batch = bring(town.person("acceptor"), row("R1", DARK, 来电号码="139****0001"))

    assert (batch["taken"], batch["refused"]) == (1, 0)


def test_what_was_not_taken_comes_back_as_a_sheet(town: Town) -> None:
    acceptor = town.person("acceptor")
    batch = bring(acceptor, row("R1", DARK), row("", '=cmd|"/c calc"!A1'))

    (line,) = read(acceptor.get(f"/hotline/batches/{batch['id']}/errors.xlsx").content)

    assert (line["行号 row"], line["原因"], line["诉求内容"]) == (
        4,
        "此行没有工单编号",
        '=cmd|"/c calc"!A1',
    )


def test_cells_lie_sealed(town: Town) -> None:
    """Nothing of who called or what was said is legible in the tables of this module."""
    acceptor = town.person("acceptor")
    bring(acceptor, row("R1", DARK), row("", "没有编号的王小明"))
    bring(acceptor, row("R1", AGAIN))

    with transaction(town.cell) as tx:
        for table in ("hotline_orders", "hotline_refusals", "hotline_batches"):
            told = str(tx.rows(f"select t::text as whole from {table} t"))
            for word in ("王小明", "13905460001", "路灯"):
                assert word not in told
                assert word.encode().hex() not in told


def test_replies_go_back_in_the_columns_they_came_in(town: Town) -> None:
    """The answer is there; what the desk wrote for itself is not."""
    acceptor = town.person("acceptor")
    bring(acceptor, row("R1", DARK, 来电人="=1+1"), row("R2", LEAK))
    first = next(one for one in orders(acceptor) if one["number"] == "R1")
    declined = acceptor.post(
        f"/cases/{first['case_id']}/steps",
        {
            "id": str(new_id()),
            "action": "decline",
            "version": 1,
            "reason": "outside_area",
            "note": "内部意见：这是物业的事",
            "answer": "路灯由物业维修，电话 0546-1234567",
        },
    )
    assert declined.status_code == 200, declined.text

    (line,) = read(acceptor.get("/hotline/replies.xlsx").content)
    both = read(acceptor.get("/hotline/replies.xlsx", unfinished=True).content)

    added = ["办理结果", "答复内容", "办结时间", "承办单位", "是否解决", "是否满意"]
    assert list(line) == [*COLUMNS, *added]
    assert (line["工单编号"], line["来电人"], line["办理结果"]) == ("R1", "=1+1", "不予受理")
    assert line["答复内容"] == "路灯由物业维修，电话 0546-1234567"
    assert isinstance(line["办结时间"], datetime)
    assert "内部意见" not in str(line)
    assert [one["办理结果"] for one in both] == ["不予受理", "办理中"]
    assert not both[1]["答复内容"]

    case = first["case_id"]
    assert acceptor.get(f"/cases/{case}/tellings").json()["items"] == []  # a look returns nothing
    sheets = [acceptor.post("/hotline/replies.xlsx") for _ in range(2)]
    assert [read(sheet.content) for sheet in sheets] == [[line], [line]]
    [told] = acceptor.get(f"/cases/{case}/tellings").json()["items"]
    assert (told["way"], told["note"], told["by"]["name"]) == (
        "hotline", "随工单 R1 回传", "郑洁",
    )  # fmt: skip
    with transaction(town.cell) as tx:
        assert tx.one("select untold_since from cases where id = %s", [case]) == {
            "untold_since": None
        }
    assert town.person("liulin").post("/hotline/replies.xlsx").status_code == 200
    assert town.person("handler").post("/hotline/replies.xlsx").status_code == 403
