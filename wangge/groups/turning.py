"""A message becomes a case in one touch, and the answer comes back in words fit for a group."""

from typing import Any
from uuid import UUID

from wangge.cases.models import Mode, State
from wangge.cases.opening import PHOTO
from wangge.cases.service import not_found
from wangge.files import queries as file_queries
from wangge.files import service as files
from wangge.files.models import FileRow
from wangge.groups.service import tell
from wangge.groups.thread import message, must_be_in
from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many, send_code
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.mailbox import privacy
from wangge.people.models import Actor
from wangge.tenant.service import rules

CHANNEL = "grid_chat"
WITHOUT_WORDS = "网格群里发来的图片（见附件）"
KNOWN = """
select c.id, c.number from group_cases g join cases c on c.id = g.case_id where g.message_id = %s
"""
# A group of one grid says where; of more it is the group's area, and the desk asks.
GROUND = """
select coalesce((select min(g.area_id::text)::uuid from team_grids g where g.team_id = t.id
    and g.valid @> city_today() having count(*) = 1), t.area_id) as area_id
from teams t where t.id = %s
"""
PICTURES = f"select {file_queries.COLUMNS} from files f where f.group_message_id = %s"
ANSWERED = """
select c.id, c.number, c.title, c.state, c.answer, c.closed_at, desk.short_name as desk,
    unit.short_name as unit, k.mode, k.name_sealed
from cases c join organisations desk on desk.id = c.desk_id
left join organisations unit on unit.id = c.unit_id left join case_askers k on k.case_id = c.id
where c.id = %s
"""
OVER = {State.CLOSED, State.EVALUATED, State.DECLINED}


def turn(
    tx: Tx, actor: Actor, message_id: UUID, case_id: UUID, asker: AskerWords | None
) -> dict[str, Any]:
    """Open a case with the message's own words and pictures; a message becomes one case once."""
    row = message(tx, actor, message_id)
    must_be_in(tx, actor, row["team_id"])
    known = tx.one(KNOWN, [message_id])
    if known:
        return {**known, "again": True}
    if row["kind"] != "message" or row["taken_back_at"]:
        raise Refusal("message_taken_back", "这条消息已撤回", "this message was taken back")
    ground = tx.one(GROUND, [row["team_id"]]) or {}
    report = Report(
        id=case_id,
        text=row["text"] or WITHOUT_WORDS,
        channel=CHANNEL,
        area_id=ground["area_id"],
        reported_at=row["at"],
        asker=asker,
    )
    receipt, *_ = receive_many(tx, [report], Source(actor))
    send_code(tx, receipt)
    link = {"message_id": message_id, "team_id": row["team_id"], "case_id": case_id,
            "account_id": actor.id, "at": tx.now}  # fmt: skip
    tx.insert("group_cases", [link])
    pictures = [FileRow(**one) for one in tx.rows(PICTURES, [message_id])]
    files.share(tx, [one._replace(id=new_id(), case_id=case_id) for one in pictures])
    if pictures:
        tx.run(PHOTO, [case_id])
    tell(tx, row["team_id"], "GroupSaid")
    return {"id": case_id, "number": receipt.number, "again": False}


def answer_for_group(tx: Tx, case_id: UUID) -> dict[str, Any]:
    """The answer that went out, as it may stand in a chat of many: nobody's name or number in it.

    The transaction is under row-level security; the asker's own name is looked for by what he gave.
    """
    row = tx.one(ANSWERED, [case_id])
    if row is None:
        raise not_found()
    if row["mode"] == Mode.CONFIDENTIAL:
        raise Invalid(
            "confidential_not_released",
            "反映人要求保密，这件事项的答复不能发到群里",
            "its asker wants to stay unknown, so its answer is not for a group",
        )
    if State(row["state"]) not in OVER or not row["answer"].strip():
        raise NotFound("not_answered_yet", "还没有可以发出的答复", "there is no answer to pass on")
    name = crypto.open_(tx.cell.tenant, row["name_sealed"]) if row["name_sealed"] else ""
    said = (row["title"].rstrip("。."), row["answer"].strip())
    title, answer = (_Bare(words, name) for words in said)
    hotline = rules(tx).brand.hotline
    ends = f"如还有问题，请在群里说或拨打{hotline}。" if hotline else "如还有问题，请在群里说。"
    by = row["unit"] or row["desk"]
    text = f"【答复】关于“{title.words}”：\n{answer.words}\n（{by}办理）{ends}"
    return {"text": text, "left_out": sorted({*title.kinds, *answer.kinds})}


class _Bare:
    """A text with what would tell who somebody is taken out, and what kinds of it there were."""

    def __init__(self, text: str, name: str) -> None:
        found = privacy.look(text, [name])
        self.words = privacy.masked(text, found)
        self.kinds = {one.kind for one in found}
