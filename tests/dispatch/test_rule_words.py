"""What a change of the rules is called: no code, no path, no JSON before an administrator."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.town import Person, Town
from wangge.dispatch.rule_words import FIELDS
from wangge.tenant.rules import DOCUMENTS
from wangge.tenant.switches import Switches


@pytest.fixture
def admin(town: Town) -> Person:
    return town.person("sysadmin")


def told(admin: Person, name: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = admin.post(f"/rules/{name}/difference", {"body": body})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    return found


def body_of(admin: Person, name: str) -> Any:
    return admin.get(f"/rules/{name}").json()["body"]


def test_a_limit_is_told_by_the_name_of_its_type_and_in_words(admin: Person) -> None:
    """Seen red with the path and the written limit shown: ``types[street_lamp]``, ``9CD``."""
    body = body_of(admin, "types")
    lamp = next(one for one in body["types"] if one["code"] == "street_lamp")
    lamp["limits"]["handle"] = "9CD"
    lamp["evidence"] = [{"photo": "before", "reason": {"zh": "看清哪一盏", "en": "Which lamp"}}]

    limit, photo = told(admin, "types", body)

    assert limit["place"] == {
        "zh": f"{lamp['zh']} › 时限 › 办理",
        "en": f"{lamp['en']} › limits › handle",
    }
    assert limit["now"] == {"zh": "9个自然日", "en": "9 calendar days"}
    assert photo["place"]["zh"].startswith(f"{lamp['zh']} › 照片或依据")
    assert "看清哪一盏" in photo["now"]["zh"]


def test_steps_posts_and_reasons_are_told_by_their_names(admin: Person) -> None:
    """Seen red with the codes of steps, posts and reasons, and with an order told in codes."""
    flow = body_of(admin, "workflow")
    decline = next(one for one in flow["actions"] if one["code"] == "decline")
    decline["roles"], decline["needs"] = ["duty_leader"], ["note"]
    roles, needs = told(admin, "workflow", flow)
    assert roles["place"] == {"zh": "步骤 › 不予受理 › 岗位", "en": "steps › Decline › posts"}
    assert roles["now"]["zh"] == "值班长"
    assert needs["now"] == {"zh": "办理意见", "en": "internal note"}

    lists = body_of(admin, "lists")
    first, second = lists["decline_reasons"][:2]
    lists["decline_reasons"][:2] = [second, first]
    lists["decline_reasons"].append({"code": "own", "zh": "小区自治事项", "en": "For the owners"})
    (added,) = told(admin, "lists", lists)
    assert added["place"]["zh"] == "不予受理的理由 › 小区自治事项"
    assert "小区自治事项 / For the owners" in added["now"]["zh"]
    lists["decline_reasons"].pop()
    (order,) = told(admin, "lists", lists)
    assert order["place"]["zh"] == "不予受理的理由 › 顺序"
    assert order["now"]["zh"].startswith(f"{second['zh']}、{first['zh']}")


def test_a_whole_file_of_rules_is_told_in_words(admin: Person, town: Town) -> None:
    """Seen red with the documents in force compared with themselves."""
    text = admin.get("/rules/export").text
    text = text.replace("auto_evaluate_days: 7", "auto_evaluate_days: 10")
    assert town.person("acceptor").post("/rules/file-difference", {"text": text}).status_code == 403

    [switches] = admin.post("/rules/file-difference", {"text": text}).json()["documents"]

    assert (switches["name"], switches["last"] - switches["first"]) == ("switches", 1)
    [change] = switches["changes"]
    assert "auto_evaluate_days" not in str(change["place"])
    assert (change["was"]["zh"], change["now"]["zh"]) == ("7", "10")
    wrong = admin.post("/rules/file-difference", {"text": "wangge_rules: 1\nswitches: 3"})
    assert wrong.json()["documents"] == []


def test_only_who_may_change_rules_asks_and_a_wrong_body_is_refused(
    admin: Person, town: Town
) -> None:
    body = body_of(admin, "types")
    refused = town.person("acceptor").post("/rules/types/difference", {"body": body})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert told(admin, "types", body) == []
    wrong = admin.post("/rules/types/difference", {"body": {"types": 3}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "rules_invalid")


def fields(schema: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {})


def test_every_field_of_every_document_has_a_word() -> None:
    """Seen red with one left out of the words."""
    found = {field for part in DOCUMENTS.values() for field in fields(part.model_json_schema())}

    assert found - FIELDS.keys() - Switches.model_fields.keys() == set()
