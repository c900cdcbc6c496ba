"""An incident as the duty leader opens it, its resources, and the clock that only tests move."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from tests.dispatch.conftest import phones, work
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
HERE = (118.05, 37.30)  # 东方社区第1网格

__all__ = ["phones", "work"]


def later(open_tx: Opening, step: timedelta) -> None:
    with open_tx() as tx:
        clock.advance(tx, step)


def said(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def opened(who: Person, *, drill: bool = False, **more: Any) -> dict[str, Any]:
    body = {"id": str(new_id()), "drill": drill, "kind": "fire", "level": "4", "plan": "fire",
            "title": "3号楼配电箱起火", "lon": HERE[0], "lat": HERE[1], **more}  # fmt: skip
    found: dict[str, Any] = said(who.post("/incidents", body))
    return found


def word(
    who: Person, incident: dict[str, Any], task: dict[str, Any], what: str, note: str = ""
) -> Any:
    path = f"/incidents/{incident['id']}/tasks/{task['id']}/{what}"
    return who.post(path, {"id": str(new_id()), "note": note})


def kept(town: Town, who: Person, code: str, lon: float, lat: float, **more: Any) -> str:
    """A resource, by its code."""
    key = str(new_id())
    body = {"code": code, "name": f"{code}号", "kind": "pump", "capabilities": ["pumping"],
            "unit_id": town.unit("urban-379901"), "lon": lon, "lat": lat, "keeper": "老周",
            "phone": "13805460099", **more}  # fmt: skip
    said(who.put(f"/emergency-resources/{key}", body))
    return key
