"""How a played person does what he decided: by the services, or through the doors over HTTP."""

from collections import OrderedDict
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import httpx2

from wangge.cases import merging
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_account, step_of_asker
from wangge.demo import pictures
from wangge.demo.course import Move
from wangge.demo.crew import Crew
from wangge.demo.inventing import BY_WORKER, Invented
from wangge.files import service as files
from wangge.files.models import Purpose
from wangge.intake.models import Source
from wangge.intake.service import code_of, receive_many
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id

SESSIONS = 200
SIGNED_OUT = 401
SAME = "与先前反映的是同一件事，合并办理。"


class Hands(Protocol):
    """Both answer with the code of the refusal, or with nothing when it was done."""

    def report(self, one: Invented) -> str: ...

    def step(self, case_id: UUID, kind: str, move: Move) -> str: ...

    def merge(self, case_id: UUID, lead_id: UUID, by: UUID) -> str: ...

    def close(self) -> None: ...


class Services:
    """The batch intake and the steps in this process; what follows is queued for the worker."""

    def __init__(self, cell: Cell, crew: Crew) -> None:
        self.cell = cell
        self.crew = crew

    def report(self, one: Invented) -> str:
        try:
            with transaction(self.cell) as tx:
                one.report.reported_at = tx.now
                actor = self.crew.actor(one.by) if one.by else None
                receive_many(tx, [one.report], Source(actor))
        except Refusal as refusal:
            return refusal.code
        return ""

    def step(self, case_id: UUID, kind: str, move: Move) -> str:
        try:
            with transaction(self.cell) as tx:
                if move.by is None:
                    step_of_asker(tx, case_id, move.given(new_id()))
                    return ""
                shown: tuple[UUID, ...] = ()
                if move.photo:
                    shown = (new_id(),)
                    drawn = pictures.drawing(pictures.SCENE_OF.get(kind, "road"), mended=True)
                    files.take(tx, shown[0], drawn, purpose=Purpose.AFTER, uploaded_by=move.by)
                step_of_account(
                    tx, self.crew.actor(move.by), case_id, move.given(new_id(), files=shown)
                )
        except Refusal as refusal:
            return refusal.code
        return ""

    def merge(self, case_id: UUID, lead_id: UUID, by: UUID) -> str:
        step = StepInput(new_id(), Action.MERGE, note=SAME)
        try:
            with transaction(self.cell) as tx:
                merging.merge(tx, self.crew.actor(by), case_id, lead_id, step)
        except Refusal as refusal:
            return refusal.code
        return ""

    def close(self) -> None:
        """Nothing is held open."""


class Doors:
    """Real sessions of the demo's accounts, with their cookie and their CSRF word."""

    def __init__(self, base: str, tenant: str) -> None:
        self.tenant = tenant
        self.client = httpx2.Client(base_url=base, timeout=30)
        self._sessions: OrderedDict[UUID, dict[str, str]] = OrderedDict()

    def report(self, one: Invented) -> str:
        said = one.report
        body: dict[str, Any] = {"id": str(said.id), "text": said.text}
        if said.lon is not None:
            body |= {"lon": said.lon, "lat": said.lat, "place_words": said.place_words}
        if said.asker:
            body["asker"] = {
                "name": said.asker.name, "phone": said.asker.phone, "mode": said.asker.mode.value,
            }  # fmt: skip
        if one.by is None:
            return self._told(self.client.post("/api/v1/public/cases", json=body))
        body["channel"] = said.channel
        if said.channel in BY_WORKER:
            body["type"] = said.type
        return self._as(one.by, "/api/v1/cases", json=body)

    def step(self, case_id: UUID, kind: str, move: Move) -> str:
        if move.by is None:
            return self._asker(case_id, move)
        said = {key: str(value) if isinstance(value, UUID | datetime) else value
                for key, value in move.said.items()}  # fmt: skip
        body: dict[str, Any] = {"id": str(new_id()), "action": move.action.value, **said}
        if move.photo:
            file_id = str(new_id())
            drawn = pictures.drawing(pictures.SCENE_OF.get(kind, "road"), mended=True)
            refused = self._as(
                move.by, "/api/v1/files", data={"id": file_id, "purpose": Purpose.AFTER.value},
                files={"file": ("after.jpg", drawn.data, "image/jpeg")},
            )  # fmt: skip
            if refused:
                return refused
            body["files"] = [file_id]
        return self._as(move.by, f"/api/v1/cases/{case_id}/steps", json=body)

    def merge(self, case_id: UUID, lead_id: UUID, by: UUID) -> str:
        body = {"id": str(new_id()), "lead_id": str(lead_id), "note": SAME}
        return self._as(by, f"/api/v1/cases/{case_id}/merge", json=body)

    def close(self) -> None:
        self.client.close()

    def _asker(self, case_id: UUID, move: Move) -> str:
        door = f"/api/v1/public/cases/{code_of(self.tenant, case_id.bytes)}"
        words = {"id": str(new_id()), "text": move.said.get("note", "")}
        if "solved" not in move.said:
            return self._told(self.client.post(f"{door}/withdraw", json=words))
        words |= {key: move.said[key] for key in ("solved", "satisfaction") if key in move.said}
        return self._told(self.client.post(f"{door}/answer", json=words))

    def _as(self, account: UUID, path: str, **sent: Any) -> str:
        answer = self.client.post(path, headers=self._session(account), **sent)
        if answer.status_code == SIGNED_OUT:
            self._sessions.pop(account, None)
            answer = self.client.post(path, headers=self._session(account), **sent)
        return self._told(answer)

    def _session(self, account: UUID) -> dict[str, str]:
        if account not in self._sessions:
            opened = self.client.post("/api/v1/demo/session", json={"account_id": str(account)})
            self.client.cookies.clear()
            if self._told(opened):
                return {}
            self._sessions[account] = {
                "Cookie": f"wg_session={opened.cookies['wg_session']}",
                "X-CSRF-Token": opened.json()["csrf"],
            }
            while len(self._sessions) > SESSIONS:
                self._sessions.popitem(last=False)
        return self._sessions[account]

    @staticmethod
    def _told(answer: httpx2.Response) -> str:
        if answer.is_success:
            return ""
        try:
            code = answer.json().get("code")
        except ValueError:
            code = None
        return str(code or answer.status_code)
