"""What the desk does for many cases at once, and what it keeps for itself."""

import io
import re
import zipfile
from typing import Any

import openpyxl

from tests.cases.test_loop import taken, told
from tests.cases.test_mission import Online, Screen, online, served
from tests.town import Person, Town
from wangge.kernel.ids import new_id

__all__ = ["online", "served"]


def reported(client: Any, text: str, **more: Any) -> str:
    answer = client.post("/api/v1/public/cases", json=told(text, **more))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def rows_of(person: Person, cases: list[str]) -> list[dict[str, Any]]:
    seen = {case: person.get(f"/cases/{case}").json()["version"] for case in cases}
    return [{"case_id": case, "id": str(new_id()), "version": n} for case, n in seen.items()]


def together(person: Person, action: str, rows: list[dict[str, Any]], **more: Any) -> Any:
    return person.post("/cases/together", {"action": action, "rows": rows, **more})


def test_a_step_on_many_is_shown_first_and_then_taken_row_by_row(town: Town, client: Any) -> None:
    """Seen red with the preview's steps kept: the first read after it found them accepted.

    One row has moved on, one belongs to another desk: both stay, and say why; the rest move, each
    by a step of its own that can be sent again.
    """
    acceptor = town.person("acceptor")
    good = [reported(client, f"东方社区{n}号楼路灯不亮了") for n in (1, 2)]
    moved, foreign = (
        reported(client, "3号楼的井盖坏了"),
        reported(client, "村口路灯坏了", lon=118.5),
    )
    rows = rows_of(acceptor, [*good, moved])
    taken(acceptor, moved, "accept", type="waterlogging")
    rows.append({"case_id": foreign, "id": str(new_id()), "version": 1})

    shown = acceptor.post("/cases/together/preview", {"action": "accept", "rows": rows}).json()

    refusals = [row["refused"] and row["refused"]["code"] for row in shown["rows"]]
    assert refusals == [None, None, "stale_version", "no_such_case"]
    assert (shown["taken"], shown["rows"][0]["after"]["state"]) == (2, "registered")
    assert shown["rows"][3]["before"] is None, "what is not seen is not named"
    assert {acceptor.get(f"/cases/{case}").json()["state"] for case in good} == {"reported"}

    done = together(acceptor, "accept", rows).json()

    assert [row["refused"] is None for row in done["rows"]] == [True, True, False, False]
    for case in good:
        steps = acceptor.get(f"/cases/{case}").json()["steps"]
        mine = next(step for step in steps if step["action"] == "accept")
        assert (mine["actor"]["name"], mine["data"]["together"]) == ("郑洁", 4)
    again = together(acceptor, "accept", rows).json()
    assert again["rows"][0]["refused"] is None, "sent twice, taken once"
    assert len(acceptor.get(f"/cases/{good[0]}").json()["steps"]) == len(steps)


def test_rights_are_asked_row_by_row_and_some_steps_are_for_one_alone(
    town: Town, client: Any
) -> None:
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    cases = [reported(client, f"{n}号楼漏水") for n in (1, 2)]
    together(acceptor, "accept", rows_of(acceptor, cases), type="waterlogging")
    urban, water = town.unit("urban-379901"), town.unit("water-379901")
    for case, unit in zip(cases, (urban, water), strict=True):
        sent = together(dispatcher, "dispatch", rows_of(dispatcher, [case]), unit_id=unit).json()
        assert sent["taken"] == 1, sent
    rows = rows_of(dispatcher, cases)

    mixed = together(town.person("handler"), "acknowledge", rows).json()["rows"]

    assert mixed[0]["after"]["state"] == "handling"
    assert mixed[1]["refused"]["code"] in {"no_such_case", "not_your_step"}
    one = dispatcher.post("/cases/together", {"action": "decline", "rows": rows})
    assert one.status_code == 422


def test_many_closed_together_stand_beside_the_figures(town: Town, client: Any) -> None:
    """The count of what was closed by one desk within ten minutes sees steps taken together."""
    acceptor, dispatcher = town.person("acceptor"), town.person("dutyleader")
    cases = [reported(client, f"{n}号楼前积水") for n in range(10)]
    together(acceptor, "accept", rows_of(acceptor, cases), type="waterlogging")
    unit = town.unit("urban-379901")
    together(dispatcher, "dispatch", rows_of(dispatcher, cases), unit_id=unit)
    handler, worker = town.person("handler"), town.person("lihong")
    together(handler, "acknowledge", rows_of(handler, cases))
    for case in cases:
        assert taken(handler, case, "finish", note="抽水", answer="已抽干").status_code == 200
        assert taken(worker, case, "pass_check").status_code == 200

    states = {acceptor.get(f"/cases/{case}").json()["state"] for case in cases}
    if states != {"closed"}:
        together(acceptor, "close", rows_of(acceptor, cases))

    facts = town.person("leader").get("/indicators/facts").json()
    counted = {one["code"]: one["count"] for one in facts["facts"]}
    assert counted["bulk_closed"] == 10


def test_a_filter_is_kept_on_every_screen_and_shared_within_the_organisation(town: Town) -> None:
    """Seen red without the policy: the desk of the other town read it too."""
    acceptor, colleague, other = (town.person(one) for one in ("acceptor", "dispatcher", "liulin"))
    kept, address = str(new_id()), {"queue": "to_accept", "state": ["reported"]}
    body = {"name": "东方社区", "address": address}
    assert acceptor.put(f"/desk/filters/{kept}", body).status_code == 204
    seen = [person.get("/desk/filters").json() for person in (acceptor, colleague)]
    assert [len(one) for one in seen] == [1, 0]

    acceptor.put(f"/desk/filters/{kept}", body | {"shared": True})

    shared = colleague.get("/desk/filters").json()
    assert [(one["name"], one["own"], one["by"], one["address"]) for one in shared] == [
        ("东方社区", False, "郑洁", address)
    ]
    assert other.get("/desk/filters").json() == []
    stolen = colleague.put(f"/desk/filters/{kept}", body)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "not_your_filter")
    assert colleague.delete(f"/desk/filters/{kept}").status_code == 404
    twice = acceptor.put(f"/desk/filters/{new_id()}", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "name_taken")
    assert acceptor.delete(f"/desk/filters/{kept}").status_code == 204
    assert colleague.get("/desk/filters").json() == []


def test_a_template_of_an_answer_is_filled_from_the_case_and_shown_before(
    town: Town, client: Any
) -> None:
    """Seen red with the asker among the blanks."""
    case = reported(client, "东方社区地下车库被水淹了")
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    handler_unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=handler_unit)
    handler, text = town.person("handler"), "您反映的{地点}{类型}问题（{编号}），{承办单位}已处理。"
    made = str(new_id())
    strange = handler.put(
        f"/desk/answer-templates/{made}", {"name": "积水", "text": "{诉求人}您好"}
    )
    assert (strange.status_code, strange.json()["code"]) == (422, "unknown_blank")
    kept = handler.put(f"/desk/answer-templates/{made}", {"name": "积水", "text": text})
    assert kept.status_code == 204, kept.text

    shown = town.person("handler2").get(f"/cases/{case}/answer-templates").json()

    whole = handler.get(f"/cases/{case}").json()
    filled = shown["items"][0]["filled"]
    assert filled == (
        f"您反映的东方社区第1网格东方社区地下车库路面积水问题（{whole['number']}），"
        "安东区城市管理局已处理。"
    )
    assert shown["items"][0]["open"] == []
    assert "王桂英" not in str(shown)
    assert town.person("acceptor").get(f"/cases/{case}/answer-templates").json()["items"] == []
    tried = handler.post(
        f"/cases/{case}/answer-templates/preview", {"text": "{number}，{没有}"}
    ).json()
    assert (tried["filled"], tried["open"]) == (f"{whole['number']}，{{没有}}", ["没有"])


def test_whoever_takes_a_list_out_stands_on_it(town: Town, client: Any) -> None:
    """Seen red with the queue left out of the question: the sheet held what is not in it too."""
    acceptor = town.person("acceptor")
    waiting, accepted = reported(client, "路灯不亮"), reported(client, "井盖坏了")
    taken(acceptor, accepted, "accept", type="waterlogging")

    sheet = acceptor.get("/cases/export.xlsx", queue="to_accept")

    page = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0]
    assert "郑洁 受理员" in str(page.cell(page.max_row, 1).value)
    numbers = [cell.value for cell in page["A"][1:-2]]
    assert numbers == [acceptor.get(f"/cases/{waiting}").json()["number"]]
    parts = zipfile.ZipFile(io.BytesIO(sheet.content))
    whole = parts.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r"<oddHeader>.*郑洁 受理员", whole)
    assert "<picture r:id=" in whole, "behind the cells"
    assert parts.read("xl/media/image1.png").startswith(b"\x89PNG")


def test_colleagues_on_the_same_case_read_each_others_names_and_nobody_else_does(
    client: Any, online: Online
) -> None:
    """Seen red with the names told to every open screen of the desk."""
    case, other = reported(client, "路灯不亮"), reported(client, "井盖坏了")
    first, second, third = (online(one) for one in ("acceptor", "dispatcher", "dutyleader"))
    with third.stream("GET", "/live") as line, first.stream("GET", "/live") as own:
        apart, screen = Screen(line), Screen(own)

        def who(on: Screen, at: str) -> list[str]:
            while (heard := on.next()[1])["name"] != "Presence":
                pass
            assert heard["subject"] == at
            return [one["name"] for one in heard["who"]]

        third.put(f"/cases/{other}/presence")
        assert who(apart, other) == []
        first.put(f"/cases/{case}/presence")
        assert who(screen, case) == []
        second.put(f"/cases/{case}/presence")
        assert who(screen, case) == ["冯涛"]
        second.delete(f"/cases/{case}/presence")
        assert who(screen, case) == []
        third.put(f"/cases/{other}/presence")
        assert who(apart, other) == [], "of the other case nothing was heard between"


def test_nobody_stands_at_a_case_that_he_does_not_see(town: Town, client: Any) -> None:
    path = f"/cases/{reported(client, '路灯不亮')}/presence"
    stranger, acceptor = town.person("liulin"), town.person("acceptor")

    assert [person.put(path, {}).status_code for person in (acceptor, stranger)] == [204, 404]
