"""What the public reads of a letter: a stage and days, and nobody in it."""

import pytest
from fastapi.testclient import TestClient

from tests.mailbox.conftest import Box
from tests.mailbox.test_letters import step
from tests.mailbox.test_talks import pages
from tests.town import Town
from wangge.mailbox.privacy import look, masked

LAMP = ("complaint", "我是田秀兰，住3号楼2单元501室，电话13705460001，楼前路灯不亮")
WORDS = {"asked": "楼前路灯不亮，夜间出行不便", "decided": "三日内更换灯具"}


@pytest.mark.mission("DC-30")
def test_a_posting_has_no_personal_data(town: Town, box: Box, client: TestClient) -> None:
    """DC-30, the whole acceptance: "publication has no personal data".

    A simple matter is dealt with by its group and posted. Names (the asker's own among them),
    telephones, dwellings and numbers in the words are refused with the masked sentence beside
    them; the public answer holds no number of the case and no place finer than the community.

    Seen red: with the asker's own name not looked for, and with the grid's name in the answer.
    """
    asker = {"name": "欧阳锦绣", "phone": "13705460001"}
    [case] = box.cases(LAMP, asker=asker)
    desk = town.person("dutyleader")
    box.sort(desk, case)
    posting = f"/mailbox/postings/{case}"
    for words, kinds in (
        ("居民田秀兰反映路灯不亮", ["name"]),
        ("请联系 137 0546 0001 或 0546-8331234", ["phone", "phone"]),
        ("3号楼2单元501室门前路灯不亮", ["dwelling"]),
        ("车主鲁E·12345占道，身份证370502199001011234", ["plate", "id_number"]),
        ("欧阳锦绣来信说灯坏了", ["name"]),
    ):
        answer = desk.put(posting, WORDS | {"asked": words})
        assert answer.status_code == 422, words
        refusal = answer.json()
        assert refusal["code"] == "personal_data"
        assert [one["kind"] for one in refusal["details"]["found"]] == kinds, words
        assert look(refusal["details"]["masked"], ["欧阳锦绣"]) == []
        assert refusal["message"]["en"]
    assert client.get("/api/v1/public/mailbox/postings").json()["items"] == []
    shown = desk.put(posting, WORDS | {"asked": "3号楼2单元501室门前路灯不亮", "mask": True}).json()
    assert shown["asked"] == "（门牌略）门前路灯不亮"

    [public] = client.get("/api/v1/public/mailbox/postings?area=379901001").json()["items"]
    assert set(public) == {"code", "kind", "asked", "decided", "promised_on", "stage", "done_on",
                           "area", "posted_on"}  # fmt: skip
    assert public["area"] == "安和街道 东方社区"
    whole = client.get(f"/api/v1/public/mailbox/postings/{public['code']}").text
    number = desk.get(f"/cases/{case}").json()["number"]
    for hidden in (case, number, "欧阳", "田秀兰", "13705460001", "501", "第1网格"):
        assert hidden not in whole
    sheet = pages(desk.get("/mailbox/sheet.pdf", area="379901001").content)
    assert "（门牌略）门前路灯不亮" in sheet
    assert number not in sheet


@pytest.mark.mission("DC-32")
def test_anyone_with_the_code_sees_the_stage_and_not_who_it_is(
    town: Town, box: Box, client: TestClient
) -> None:
    """DC-32, the whole acceptance: "anyone with QR sees stage, not identity".

    The address that the printed code holds opens without an account and follows the case through
    its stages; taken down it is gone at once.

    Seen red: with the stage of the moment it was posted, and with a withdrawn posting still shown.
    """
    [case] = box.cases(LAMP, asker={"name": "田秀兰", "phone": "13705460001"})
    desk, squad = town.person("dutyleader"), town.person("squad")
    code = desk.put(f"/mailbox/postings/{case}", WORDS).json()["code"]
    address = f"/api/v1/public/mailbox/postings/{code}"
    seen = []

    def look_up() -> None:
        body = client.get(address)
        assert body.status_code == 200
        assert "田" not in body.text
        assert "1370546" not in body.text
        seen.append((body.json()["stage"], body.json()["done_on"]))

    look_up()
    box.sort(desk, case)
    step(squad, case, "acknowledge")
    look_up()
    step(squad, case, "finish", note="已更换", answer="灯具已更换")
    step(town.person("lihong"), case, "pass_check")
    look_up()
    assert seen == [("received", None), ("handling", None), ("done", "2026-03-03")]
    assert desk.delete(f"/mailbox/postings/{case}").status_code == 204
    assert client.get(address).json()["code"] == "no_such_posting"
    assert client.get("/api/v1/public/mailbox/postings").json()["items"] == []


def test_who_wants_to_stay_unknown_is_not_posted(town: Town, box: Box) -> None:
    asker = {"name": "田秀兰", "phone": "13705460001", "mode": "confidential"}
    [case] = box.cases(LAMP, asker=asker)
    answer = town.person("dutyleader").put(f"/mailbox/postings/{case}", WORDS)
    assert answer.json()["code"] == "confidential_not_released"


def test_only_its_own_desk_posts(town: Town, box: Box) -> None:
    """Seen red: with the right asked for and the desk not."""
    [case] = box.cases(LAMP)
    for name, status in (("liulin", 404), ("handler", 404), ("lihong", 404), ("citydesk", 404)):
        answer = town.person(name).put(f"/mailbox/postings/{case}", WORDS)
        assert answer.status_code == status, name
    assert town.person("acceptor").put(f"/mailbox/postings/{case}", WORDS).status_code == 200
    assert town.person("liulin").get("/mailbox/postings").json() == []
    assert town.person("liulin").delete(f"/mailbox/postings/{case}").status_code == 404


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("反映人：王建国，希望加装路灯", ["name"]),
        ("张大爷摔了一跤", ["name"]),
        ("李某女士要求退费", ["name"]),
        ("１３８０５４６１２３４", ["phone"]),
        ("微信号：wangjg_1980", ["account"]),
        ("卡号6222 0200 1234 5678 901", ["account"]),
        ("住12-3-402", ["dwelling"]),
        ("二单元1201室漏水", ["dwelling"]),
        ("a.b@example.com", ["email"]),
    ],
)
def test_what_tells_who_somebody_is(text: str, kinds: list[str]) -> None:
    found = look(text)
    assert [one.kind for one in found] == kinds
    assert look(masked(text, found)) == []


@pytest.mark.parametrize(
    "text",
    [
        "楼前路灯不亮，3号楼至5号楼之间的路面2026年3月5日起维修，12345热线可查询",
        "周边居民反映夜市油烟扰民，已约谈17家商户",
        "建议在小广场加装8张长椅，方便老人歇脚",
        "物业公司4月底前更换120盏灯，费用35000元",
        "业主希望增加充电桩，居民建议设在北门",
    ],
)
def test_ordinary_sentences_have_nobody_in_them(text: str) -> None:
    assert look(text) == []
