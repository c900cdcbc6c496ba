"""The last days of the demo city, lived through in order by the real intake and the real steps."""

import heapq
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from wangge.cases import answers, requests
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_account, step_of_asker
from wangge.demo import pictures
from wangge.demo.matters import Matter, Move
from wangge.demo.players import Players
from wangge.dispatch import handlers as dispatch_handlers
from wangge.dispatch import jobs as dispatch_jobs
from wangge.dispatch import service as dispatch
from wangge.files import service as files
from wangge.files.models import Purpose
from wangge.intake.models import Source
from wangge.intake.service import receive_many
from wangge.kernel import queue
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.notices import jobs as notice_jobs
from wangge.people import roster
from wangge.people.models import Actor
from wangge.tenant.service import rules

LIVED = (dispatch_handlers, dispatch_jobs, notice_jobs)  # facts are followed only once they exist
SWEEP_EVERY = timedelta(minutes=30)
BY_ASKER = {"evaluate", "reopen", "withdraw"}
BY_UNIT = {"acknowledge", "progress", "finish", "return", "extend"}
LOOKED = {"verify", "not_here", "self_handle", "withdraw"}
UNIT_ROLES = ("handler", "property_manager")
FIELD_ROLES = ("grid_worker", "professional_worker", "grid_leader")
CASE = "select * from cases where id = %s"
JOBS = """
delete from pgqueuer where entrypoint = any(%s) returning id, entrypoint, payload
"""
SENT = """
update sms_messages set state = 'delivered', attempts = 1, provider_id = id::text,
    sent_at = at + interval '2 seconds', receipt_at = at + interval '5 seconds'
where id = %s returning case_id, purpose, sent_at
"""
# One in so many telephones is off: whoever rang up is then called.
UNSENT = """
update sms_messages set state = 'failed', attempts = 3 where id = %s and purpose = 'asker'
returning id
"""
SILENT = 9
OLD_NEWS = "update notices set read_at = at + interval '20 minutes' where at < %s"


class Past:
    """One transaction whose time moves; every job it queues is done at once, in its own hour."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.present = tx.now
        self.players = Players(tx)
        self.swept = tx.now - timedelta(days=4)

    def live(self, matters: Sequence[Matter]) -> int:
        """Take every report and step in the order of their times; returns how many steps."""
        waiting = [(matter.at, n, 0) for n, matter in enumerate(matters)]
        heapq.heapify(waiting)
        taken = 0
        while waiting:
            at, n, done = heapq.heappop(waiting)
            matter = matters[n]
            self._sweeps(at)
            self.tx.now = at
            if done == 0:
                self._report(matter)
            else:
                self._take(matter, matter.moves[done - 1])
            self.catch_up()
            taken += 1
            if done < len(matter.moves):
                later = at + timedelta(minutes=matter.moves[done].after)
                heapq.heappush(waiting, (later, n, done + 1))
        self._sweeps(self.present)
        self.tx.now = self.present
        self.tx.run(OLD_NEWS, [self.present - timedelta(days=1)])
        return taken

    def _report(self, matter: Matter) -> None:
        report = matter.report
        actor = self._reporter(matter)
        report.reported_at = self.tx.now
        scene = pictures.scene_of(matter.kind, f"{report.title}{report.text}")
        if matter.photo and scene:
            file_id, token = new_id(), None if actor else hashed(str(report.id))
            self._picture(file_id, scene, actor, token, mended=False)
            report.file_ids, report.file_token = [file_id], token
        receive_many(self.tx, [report], Source(actor))

    def _reporter(self, matter: Matter) -> Actor | None:
        if matter.by != "@acceptor":
            return self.players.named(matter.by) if matter.by else None
        code = matter.report.area_code or self.players.township(matter.report)
        return self.players.acceptor_of(code)

    def _picture(
        self,
        file_id: UUID,
        scene: str,
        actor: Actor | None,
        token: bytes | None,
        *,
        mended: bool,
    ) -> None:
        files.take(
            self.tx,
            file_id,
            pictures.drawing(scene, mended=mended),
            purpose=Purpose.AFTER if mended else Purpose.REPORT,
            uploaded_by=actor.id if actor else None,
            token=token,
        )

    def _take(self, matter: Matter, move: Move) -> None:
        case = self._case(matter)
        if case["state"] == "verifying":  # the directory may have sent it to its grid by itself
            if move.action == "send_verify":
                return
            if move.action not in LOOKED:
                self._take(matter, Move(0, "verify", {"note": "现场看过，情况属实。"}))
                case = self._case(matter)
        if move.action in BY_ASKER:
            step_of_asker(self.tx, case["id"], self._filled(case, move, None))
            return
        if move.action in BY_UNIT and case["state"] in ("registered", "reopened"):
            self._take(matter, Move(0, "dispatch", {"note": "由就近单位办理。"}))
            case = self._case(matter)
        actor = self._actor(case, move.action)
        step_of_account(self.tx, actor, case["id"], self._filled(case, move, actor))

    def _case(self, matter: Matter) -> dict[str, Any]:
        case = self.tx.one(CASE, [matter.report.id])
        if case is None:
            raise LookupError(matter.report.text)
        return case

    def _actor(self, case: dict[str, Any], action: str) -> Actor:
        match action:
            case "accept" | "decline" | "propose_decline" | "send_verify":
                return self.players.at_unit(case["desk_id"], ("acceptor",))[0]
            case "approve_decline":
                [asked] = requests.pending(self.tx, case)
                return self.players.at_unit(asked["desk_id"], ("duty_leader",))[0]
            case "acknowledge_alarm":
                turns = roster.on_duty(self.tx, case["desk_id"])
                woken = next(turn for turn in turns if turn.duty is roster.Duty.ON_DUTY)
                return self.players.with_id(woken.account_id)
            case "dispatch":
                return self.players.at_unit(case["desk_id"], ("dispatcher",))[0]
            case "self_handle" if case["state"] == "verifying":
                return self.players.at_ground(case["pos"], ("professional_worker",))[0]
            case "self_handle":
                return self.players.with_id(case["created_by"])
            case "verify" | "pass_check" | "fail_check":
                return self.players.at_ground(case["pos"], FIELD_ROLES)[0]
            case _:
                if case["holder_id"]:
                    return self.players.with_id(case["holder_id"])
                people = self.players.at_unit(case["unit_id"], UNIT_ROLES)
                return next(one for one in people if one.id != case["handler_id"])

    def _filled(self, case: dict[str, Any], move: Move, actor: Actor | None) -> StepInput:
        said = dict(move.fields)
        unit, photo = said.pop("unit", None), said.pop("photo", False)
        if move.action == "dispatch":
            said["unit_id"] = self._unit(case, unit)
        if move.action == "extend":
            said["until"] = case["due_at"] + timedelta(days=3)
        if move.action in ("finish", "self_handle") and actor:
            known = rules(self.tx).types.line(case["type"])
            scene = pictures.scene_of(case["type"], f"{case['title']}{case['text']}")
            if scene and (photo or any(kind.evidence for kind in known)):
                file_id = new_id()
                self._picture(file_id, scene, actor, None, mended=True)
                said["file_ids"] = (file_id,)
        return StepInput(id=new_id(), action=Action(move.action), **said)

    def _unit(self, case: dict[str, Any], code: str | None) -> UUID:
        if code:
            return self.players.unit(code)
        others = [unit for unit in case["unit_ids"] if unit != case["desk_id"]]
        return others[-1] if others else self.players.service_near(case["pos"])

    def catch_up(self) -> None:
        """Do what was queued, as the worker would have done it then."""
        names = [name for name in queue.TASKS if name != "sms.send"]
        while rows := self.tx.rows(JOBS, [[*names, "sms.send"]]):
            for row in sorted(rows, key=lambda row: row["id"]):
                said: dict[str, Any] = orjson.loads(bytes(row["payload"]))
                if row["entrypoint"] == "sms.send":
                    self._sent(UUID(said["message_id"]))
                else:
                    queue.TASKS[row["entrypoint"]](lambda: nullcontext(self.tx), **said)

    def _sent(self, message_id: UUID) -> None:
        if message_id.int % SILENT == 0 and self.tx.one(UNSENT, [message_id]):
            return
        row = self.tx.one(SENT, [message_id])
        if row and row["purpose"] == "asker" and row["case_id"]:
            answers.told_by_sms(self.tx, row["case_id"], row["sent_at"].isoformat())

    def _sweeps(self, until: datetime) -> None:
        while self.swept + SWEEP_EVERY <= until:
            self.swept += SWEEP_EVERY
            self.tx.now = self.swept
            if dispatch.mark_overdue(self.tx):
                self.catch_up()
