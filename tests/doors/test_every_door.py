"""Every door of the API, as its own description lists them: who gets in, and what the rest read."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from tests.doors.conftest import refused
from tests.town import Person, Town
from wangge.kernel.ids import new_id
from wangge.kernel.web import COOKIE
from wangge.settings import settings

SAFE = {"get", "head", "options"}
# Whoever stands here needs no account; each is open for a reason that its own tests show.
OPEN = {
    "activate",
    "isAlive",
    "isReady",
    "metrics",
    "readLogo",
    "readTenant",
    "signIn",
    "signOut",
    "takeCallResult",
    "takeReply",
    "takeReceipt",
}
# They go on for as long as anybody listens.
STREAMS = {"live", "watchWall"}
PUBLIC = "/api/v1/public/"
# The demo's instruments: open where the settings say that this is a demo, else nowhere.
DEMO = "/api/v1/demo/"


class Door(NamedTuple):
    """One operation with everything filled in that its description asks for."""

    name: str
    method: str
    path: str
    query: dict[str, str]
    json: Any
    files: dict[str, Any] | None
    data: dict[str, str] | None


def sample(schema: dict[str, Any], parts: dict[str, Any]) -> Any:
    """A value of a schema, so that a request fails for no other reason than the one asked."""
    if "$ref" in schema:
        return sample(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            kinds = [one for one in schema[several] if one.get("type") != "null"]
            return sample(kinds[0], parts) if kinds else None
    for given in ("const", "default"):
        if schema.get(given) is not None:
            return schema[given]
    return schema["enum"][0] if "enum" in schema else _of_type(schema, parts)


def _of_type(schema: dict[str, Any], parts: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {name: sample(schema["properties"][name], parts) for name in wanted}
        case "array":
            return [sample(schema["items"], parts)] * schema.get("minItems", 0)
        case "string":
            return _string(schema)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return {}


def _string(schema: dict[str, Any]) -> str:
    match schema.get("format"):
        case "uuid":
            return str(new_id())
        case "date-time":
            return "2026-05-01T08:00:00Z"
        case "date":
            return "2026-05-01"
        case _:
            return "a" * max(int(schema.get("minLength", 1)), 1)


def doors(town: Town) -> list[Door]:
    description = town.web.openapi()
    parts = description["components"]["schemas"]
    found = []
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            address, query = path, {}
            for parameter in operation.get("parameters", []):
                value = str(sample(parameter["schema"], parts))
                if parameter["in"] == "path":
                    address = address.replace(f"{{{parameter['name']}}}", value)
                elif parameter["in"] == "query" and parameter.get("required"):
                    query[parameter["name"]] = value
            content = operation.get("requestBody", {}).get("content", {})
            json = files = data = None
            if "application/json" in content:
                json = sample(content["application/json"]["schema"], parts)
            elif forms := [kind for kind in content if "form" in kind]:
                form = sample(content[forms[0]]["schema"], parts)
                data = {key: str(value) for key, value in form.items() if key != "file"}
                files = {"file": ("a.csv", b"x", "text/csv")}
            found.append(Door(operation["operationId"], method, address, query, json, files, data))
    return found


def knock(client: TestClient, door: Door, **headers: str) -> Any:
    return client.request(
        door.method,
        door.path,
        params=door.query,
        json=door.json,
        files=door.files,
        data=door.data,
        headers=headers,
    )


def is_open(door: Door) -> bool:
    return door.name in OPEN or door.path.startswith((PUBLIC, DEMO))


def test_the_open_doors_are_still_there(city: Town) -> None:
    names = [door.name for door in doors(city)]

    assert len(names) == len(set(names)) > 60
    assert set(names) >= OPEN


def test_without_the_demo_its_doors_are_shut(
    city: Town, stranger: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "demo", False)
    inside = [door for door in doors(city) if door.path.startswith(DEMO)]
    assert len(inside) >= 2
    answers = {f"{door.method} {door.path}": knock(stranger, door).status_code for door in inside}

    assert {status for status in answers.values() if status not in (403, 404)} == set(), answers


def test_without_a_session_nobody_comes_in(city: Town, stranger: TestClient) -> None:
    closed = [door for door in doors(city) if not is_open(door)]
    assert len(closed) > 45
    wrong = {
        f"{door.method} {door.path}": answer.text[:120]
        for door in closed
        if (answer := knock(stranger, door)).status_code != 401
    }

    assert wrong == {}
    refused(knock(stranger, closed[0]), 401, "sign_in_needed")


@pytest.mark.parametrize("token", ["x", "a" * 5000, "' or 1=1 --", "%00"])
def test_an_invented_session_is_none(city: Town, stranger: TestClient, token: str) -> None:
    stranger.cookies.set(COOKIE, token)
    for door in doors(city):
        if not is_open(door) and door.method == "get":
            refused(knock(stranger, door), 401, "sign_in_needed")


def test_without_the_csrf_header_nothing_changes(city: Town, nothing_written: None) -> None:
    person = city.person("dutyleader")
    del person.client.headers["X-CSRF-Token"]
    unsafe = [
        door
        for door in doors(city)
        # It takes the token of a session that has ended, which has no such header any more.
        if not is_open(door) and door.method not in SAFE and door.name != "deliverFound"
    ]
    assert len(unsafe) > 20
    for header in ({}, {"X-CSRF-Token": "wrong"}):
        wrong = {
            f"{door.method} {door.path}": answer.text[:120]
            for door in unsafe
            if (answer := knock(person.client, door, **header)).status_code != 403
        }
        assert wrong == {}
    refused(knock(person.client, unsafe[0]), 403, "csrf_missing")
    assert knock(person.client, next(d for d in doors(city) if d.name == "me")).status_code == 200


IN_PATH = ["%00", "..%2f..%2fetc%2fpasswd", "' or 1=1 --", "💧" * 40, "a" * 3000, "-1", "null"]


@pytest.mark.parametrize("word", IN_PATH)
def test_nonsense_in_any_address_breaks_nothing(
    city: Town, staff: Callable[[str], Person], stranger: TestClient, word: str
) -> None:
    """Every door with a name in its path, by a stranger and by somebody who is signed in."""
    broken = []
    for path, methods in city.web.openapi()["paths"].items():
        if "{" not in path:
            continue
        start = path.partition("{")[0]
        rest = path.partition("}")[2]
        address = start + word + rest.replace("{", "").replace("}", "")
        if "get" not in methods:
            continue
        for client in (stranger, staff("dutyleader").client):
            answer = client.get(address)
            if answer.status_code >= 500:
                broken.append((address[:90], answer.status_code))
    assert broken == []


QUERIES = ["%00", "'; drop table cases; --", "{}", "[]", "NaN", "1e999", "9" * 40, "\\", "💧"]


@pytest.mark.parametrize("word", QUERIES)
def test_nonsense_in_any_question_breaks_nothing(
    city: Town, staff: Callable[[str], Person], word: str
) -> None:
    """Every parameter of every reading door, one after the other."""
    broken = []
    client = staff("sysadmin").client, staff("dutyleader").client
    for door_path, methods in city.web.openapi()["paths"].items():
        operation = methods.get("get")
        if operation is None or "{" in door_path or operation["operationId"] in STREAMS:
            continue
        names = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        for name in names:
            query = "&".join([f"{name}={word}"])
            for one in client:
                answer = one.get(f"{door_path}?{query}")
                if answer.status_code >= 500:
                    broken.append((door_path, name, answer.status_code))
    assert broken == []


def test_a_door_that_gives_a_file_says_which_kind(city: Town) -> None:
    """Seen red with the hotline's sheets described as JSON."""
    said = {
        path: set(door["get"]["responses"]["200"]["content"])
        for path, door in city.web.openapi()["paths"].items()
        if path.endswith((".xlsx", ".pdf", ".csv", ".svg", ".png"))
    }
    assert said
    assert {path for path, kinds in said.items() if "application/json" in kinds} == set()
