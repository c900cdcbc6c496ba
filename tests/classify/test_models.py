"""A model from a city's own cases: it learns, says why, says when it is unsure, and is its own."""

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report, route, rule
from tests.town import Town
from wangge.classify import kept, service, training
from wangge.classify.alike import alike
from wangge.classify.commands import cli
from wangge.classify.features import Told
from wangge.classify.model import Model, read, written
from wangge.classify.service import Heard, listen
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.tenant.rules import bundle

KEY = b"k" * 32
WHAT = {
    "street_lamp": ("一到晚上乌漆麻黑", "夜里整条街乌漆麻黑", "乌漆麻黑三天了"),
    "noise": ("楼下唱歌吵得睡不着", "半夜大喇叭吵得老人睡不着", "隔壁唱歌跳舞太吵"),
    "pets": ("大黄没拴绳子追着孩子", "有人牵着大黄不拴绳子", "大黄乱跑不拴绳子吓着老人"),
}


def examples(each: int = 12) -> list[training.Example]:
    """Words of no real person, each a little different, as people say the same thing."""
    places = "东门西门南门北门河边桥头校门口菜场旁楼后车棚".strip()
    found = []
    for code, ways in WHAT.items():
        for n in range(each):
            start = n * 2 % (len(places) - 2)
            text = f"{places[start : start + 2]}{ways[n % len(ways)]}，{places[-n - 2 :][:2]}请来看"
            found.append(training.Example(Told("", text), code))
    return found


@pytest.fixture(scope="module")
def model() -> Model:
    known = examples()
    return training.fitted(
        [one.told for one in known], np.array([one.code for one in known]), least=0.5
    )


def test_it_learns_what_no_keyword_says_and_tells_by_which_words(model: Model) -> None:
    heard = listen(bundle({}, {}), model, "", "小区门口乌漆麻黑")

    assert (heard.types[0].code, heard.types[0].by) == ("street_lamp", "model")
    assert not heard.unsure
    said = "".join(heard.types[0].reasons)
    assert "麻黑" in said
    assert all(word in "小区门口乌漆麻黑" for word in heard.types[0].reasons)


def test_it_says_when_it_is_not_sure(model: Model) -> None:
    """Seen red with a lead that was too small: it was certain of words that say nothing."""
    heard = listen(bundle({}, {}), model, "", "明天几点开会")

    assert heard.unsure
    assert heard.first is None  # nobody is looked for by a guess like that
    assert heard.kept()["unsure"] is True


def test_keywords_suggest_from_day_one() -> None:
    heard = listen(bundle({}, {}), None, "", "路灯不亮")

    assert heard.types[0].by == "words"
    assert (heard.unsure, heard.model) == (False, None)
    assert listen(bundle({}, {}), None, "", "你好") == Heard((), unsure=True, model=None)


def test_a_type_that_is_no_longer_used_is_not_suggested(model: Model) -> None:
    types = bundle({}, {}).types.model_dump(mode="json")
    for kind in types["types"]:
        if kind["code"] == "street_lamp":
            kind["active"] = False

    heard = listen(bundle({"types": types}, {}), model, "", "晚上乌漆麻黑")

    assert "street_lamp" not in {one.code for one in heard.types}


def test_a_file_is_read_back_to_the_last_figure(model: Model) -> None:
    again = read(written(model, KEY), KEY, 4)

    words = Told("黑", "乌漆麻黑")
    assert np.array_equal(again.scores(words), model.scores(words))
    assert (again.codes, again.least, again.version) == (model.codes, model.least, 4)


@pytest.mark.parametrize("spoil", ["key", "byte", "short", "pickle"])
def test_what_was_not_written_here_is_refused(model: Model, spoil: str) -> None:
    data, key = written(model, KEY), KEY
    match spoil:
        case "key":
            key = b"x" * 32
        case "byte":
            data = data[:500] + bytes([data[500] ^ 1]) + data[501:]
        case "short":
            data = data[:20]
        case _:
            data = b"\x80\x04\x95cos\nsystem\n"

    with pytest.raises(Refusal) as refused:
        read(data, key)

    assert refused.value.code == "model_not_ours"


def test_nearly_the_same_words_are_one_group() -> None:
    first = "3月5日晚上东门外的路灯全部不亮，老人出门看不清路，请尽快派人维修"
    again = "3月8日晚上东门外的路灯全部不亮，老人出门看不清路，请尽快派人来维修"
    other = "小区门口的早餐摊每天占着盲道，推车过不去，希望有人管一管"

    groups = alike([first, other, again])

    assert groups[0] == groups[2] != groups[1]


def test_no_near_copy_stands_on_both_sides_of_a_fold() -> None:
    known = examples(30)
    texts = [one.told for one in known]
    groups = alike([one.text for one in texts])

    for train, test in training.folds(texts, np.array([one.code for one in known]), 3, 0):
        assert not set(groups[train]) & set(groups[test])


def closed_past(tx: Tx, each: int = 30) -> None:
    """Closed cases in the town, made of one that came through a door."""
    for n, one in enumerate(examples(each)):
        tx.run(
            "insert into cases (id, number, request_hash, title, text, type, kind, level, channel,"
            " state, duty, pos, area_id, place_state, received_at, due_at, due_from, due_limit,"
            " yellow_at, total_due_at, desk_id, unit_ids, rules_version, terms, closed_at)"
            " select uuidv7(), %s, request_hash, %s, %s, %s, kind, level, channel, 'closed',"
            " 'none',"
            " pos, area_id, place_state, received_at, due_at, due_from, due_limit, yellow_at,"
            " total_due_at, desk_id, unit_ids, rules_version, terms, received_at"
            " from cases where number not like 'T%%' limit 1",
            [f"T{n}", one.told.text[:20], one.told.text, one.code],
        )


def test_a_city_learns_from_its_closed_cases_and_the_desk_sees_why(
    town: Town, client: Any, open_tx: Any
) -> None:
    """Trained, kept as a file, in use at the doors, and gone back from; shown with its reasons."""
    words = "乌漆麻黑"
    acceptor = town.person("acceptor")
    before = acceptor.get("/suggestions", text=words).json()
    assert (before["model"], before["types"]) == (None, [])
    report(client, text="第一件")
    with open_tx() as tx:
        closed_past(tx)
    with open_tx() as tx:
        made = service.train(tx, author="测试")
        assert made["cases"] == 90
        assert made["scores"]["macro_f1"] > 0.5
        assert kept.get(tx.cell.tenant, made["digest"])[:4] != b""

    heard = acceptor.get("/suggestions", text=words).json()

    assert heard["model"] == 1
    assert heard["types"][0]["code"] == "street_lamp"
    assert heard["types"][0]["reasons"]
    case = report(client, text=words)
    route = acceptor.get(f"/cases/{case}").json()["route"]
    assert route["model"] == 1
    assert route["suggested"][0]["code"] == "street_lamp"
    assert acceptor.get(f"/cases/{case}").json()["type"] is None  # it never decides
    with open_tx() as tx:
        service.use(tx, 0)
    assert acceptor.get("/suggestions", text=words).json()["model"] is None


def test_a_file_of_another_tenant_is_not_taken(open_tx: Any, model: Model) -> None:
    foreign = written(model, KEY)
    with open_tx() as tx, pytest.raises(Refusal) as refused:
        service.take(tx, foreign, author="x")

    assert refused.value.code == "model_not_ours"


def test_too_few_cases_teach_nothing(open_tx: Any) -> None:
    with open_tx() as tx, pytest.raises(Refusal) as refused:
        service.train(tx, author="x")

    assert refused.value.code == "too_few_cases"


DATA = os.environ.get("WANGGE_DATA", "")


def test_real_messages_are_told_apart_better_than_by_the_plain_baseline() -> None:
    """489 real messages in seven classes; they may not enter the project."""
    file = Path(DATA) / "messages_zh_labelled.csv"
    if not DATA or not file.is_file():
        pytest.skip("WANGGE_DATA names no folder with messages_zh_labelled.csv")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = [training.Example(Told(row["title"], row["text"]), row["label"]) for row in rows]

    ours = training.crossed(known, count=3)
    plain = training.crossed(known, count=3, fit=training.plain)

    assert ours.macro_f1 > plain.macro_f1 + 0.02
    assert ours.certain_right >= 0.89


def test_the_command_evaluates_a_labelled_file_beside_the_baseline(tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["title", "text", "label"])
        writer.writerows([["", one.told.text, one.code] for one in examples(20)])

    done = CliRunner().invoke(cli, ["evaluate", str(file), "--folds", "2"])

    assert done.exit_code == 0, done.output
    baseline, ours = done.output.splitlines()
    assert "macro-F1" in baseline
    assert baseline.startswith("基线")
    assert "60 条 texts, 3 类 types, 2 折 folds" in ours


def test_how_often_a_suggestion_was_taken_is_counted_with_its_cases(
    town: Town, client: Any
) -> None:
    """Taken, changed and uncertain, each count opening its cases; likewise the unit."""
    rule(town, "routes", routes=[route("*", "*", "urban-379901")])
    rule(town, "switches", auto_dispatch=False)
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    lamp, other, vague = (
        report(client, text=text) for text in ("路灯不亮", "路灯杆倒了", "有件事说不清楚")
    )
    taken(acceptor, lamp, "accept", type="street_lamp")
    taken(acceptor, other, "accept", type="noise")
    taken(acceptor, vague, "accept", type="noise")
    taken(dispatcher, lamp, "dispatch", unit_id=town.unit("urban-379901"))
    taken(dispatcher, other, "dispatch", unit_id=town.unit("water-379901"))

    facts = town.person("dutyleader").get("/indicators/facts").json()["facts"]

    counted = {fact["code"]: fact["count"] for fact in facts}
    assert counted["type_guess_taken"] == counted["type_guess_changed"] == 1
    assert counted["type_unsure"] == 1
    assert counted["unit_guess_taken"] == counted["unit_guess_changed"] == 1
