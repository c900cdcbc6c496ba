"""What is said in a group: by its members, kept its time, and who has read it only if asked.

An unread mark is each device's own: the server is never told how far somebody has read.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.files import queries as file_queries
from wangge.files import service as files
from wangge.files.models import FileRow
from wangge.groups.models import Invitation, Said
from wangge.groups.service import locked, no_such_group, run, tell
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.service import rules

LONGEST = 4000
MOST_FILES = 9
AT_ONCE = 1000
MEMBER = "select 1 from group_people where team_id = %s and account_id = %s limit 1"
FREE = "case_id is null and group_message_id is null"
ATTACH = f"""
update files set group_message_id = %(message)s
where id = any(%(ids)s) and uploaded_by = %(me)s and {FREE}
"""
# The same bytes, once more: what belongs to a case or another message stays there.
TAKEN = f"""
select {file_queries.COLUMNS} from files f where f.id = any(%(ids)s) and f.uploaded_by = %(me)s
    and not ({FREE}) and f.group_message_id is distinct from %(message)s
"""
READ = """
insert into group_reads (message_id, account_id, at) values (%s, %s, %s) on conflict do nothing
"""
PAST = f"""
delete from group_messages where id in (
    select id from group_messages where at < %s and (valid_until is null or valid_until < %s)
    order by at limit {AT_ONCE})
"""


def must_be_in(tx: Tx, actor: Actor, team: UUID) -> None:
    """To all but its members a group is not there."""
    actor.must("case.report")
    if tx.one(MEMBER, [team, actor.id]) is None:
        raise no_such_group()


def say(tx: Tx, actor: Actor, said: Said) -> bool:
    """Write a message, or answer False when it stands already; words, pictures, or both."""
    locked(tx, said.team_id)
    must_be_in(tx, actor, said.team_id)
    known = tx.one("select team_id, account_id from group_messages where id = %s", [said.id])
    if known:
        if (known["team_id"], known["account_id"]) != (said.team_id, actor.id):
            raise _id_taken()
        return False
    text = said.text.strip()
    if not text and not said.file_ids:
        raise Invalid("text_needed", "请写一句话或附一张照片", "write something", field="text")
    if len(text) > LONGEST or len(said.file_ids) > MOST_FILES:
        raise Invalid(
            "text_too_long", f"每条消息最多{LONGEST}字、{MOST_FILES}张照片",
            f"at most {LONGEST} characters and {MOST_FILES} pictures", field="text",
        )  # fmt: skip
    _write(tx, actor, said.id, said.team_id, text=text,
           receipt=said.receipt and rules(tx).switches.group_receipts)  # fmt: skip
    _attach(tx, actor, said.id, list(said.file_ids))
    tell(tx, said.team_id, "GroupSaid")
    return True


def invite(tx: Tx, actor: Actor, given: Invitation) -> None:
    """Hang out the picture by which residents join the outside group; it replaces the last one."""
    run(tx, actor, given.team_id)
    if tx.one("select 1 from group_messages where id = %s", [given.id]):
        return
    _write(tx, actor, given.id, given.team_id, kind="invitation", valid_until=given.valid_until)
    if _attach(tx, actor, given.id, [given.file_id]) != 1:
        raise NotFound("no_such_file", "没有这个文件", "there is no such file", field="file_id")
    tx.run(
        "update group_messages set taken_back_at = %s where team_id = %s and kind = 'invitation'"
        " and id <> %s and taken_back_at is null",
        [tx.now, given.team_id, given.id],
    )
    tell(tx, given.team_id, "GroupChanged")


def take_back(tx: Tx, actor: Actor, message_id: UUID) -> None:
    """The writer's words and pictures are gone; that something was said stays."""
    row = message(tx, actor, message_id)
    if row["account_id"] != actor.id:
        raise no_such_message()
    tx.run(
        "update group_messages set text = '', taken_back_at = coalesce(taken_back_at, %s)"
        " where id = %s", [tx.now, message_id],
    )  # fmt: skip
    tx.run("update files set group_message_id = null where group_message_id = %s", [message_id])
    tell(tx, row["team_id"], "GroupSaid")


def read(tx: Tx, actor: Actor, message_id: UUID) -> None:
    """Say that one has read it: kept only of a message whose writer asked, where it is allowed."""
    row = message(tx, actor, message_id)
    if not row["receipt"] or row["account_id"] == actor.id:
        return
    if rules(tx).switches.group_receipts and tx.run(READ, [message_id, actor.id, tx.now]):
        tell(tx, row["team_id"], "GroupSaid")


def message(tx: Tx, actor: Actor, message_id: UUID) -> dict[str, Any]:
    """Lock and return a message of a group one is in."""
    row = tx.one("select * from group_messages where id = %s for update", [message_id])
    if row is None or tx.one(MEMBER, [row["team_id"], actor.id]) is None:
        raise no_such_message()
    return row


def forget(tx: Tx) -> int:
    """Drop what is past its keeping, and every receipt where the city does not allow them."""
    switches = rules(tx).switches
    if not switches.group_receipts:
        tx.run("delete from group_reads")
    before = tx.now - timedelta(days=switches.group_keep_days)
    return tx.run(PAST, [before, tx.now.date()])


def _write(tx: Tx, actor: Actor, key: UUID, team: UUID, **more: Any) -> None:
    row = {"id": key, "team_id": team, "account_id": actor.id, "account_name": actor.name,
           "account_title": actor.title, "at": tx.now}  # fmt: skip
    tx.insert("group_messages", [row | more])


def _attach(tx: Tx, actor: Actor, message_id: UUID, ids: list[UUID]) -> int:
    """How many of these files are the message's now; only their uploader can attach them."""
    values = {"message": message_id, "ids": ids, "me": actor.id}
    taken = [FileRow(**row) for row in tx.rows(TAKEN, values)]
    copies = [
        one._replace(id=new_id(), case_id=None, step_id=None, released=False) for one in taken
    ]
    files.share(tx, copies)
    return tx.run(ATTACH, {**values, "ids": [*ids, *(one.id for one in copies)]})


def no_such_message() -> NotFound:
    return NotFound("no_such_message", "没有找到这条消息", "no such message")


def _id_taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
