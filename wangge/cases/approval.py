"""The answer to the asker goes out when somebody other than its author has approved it.

Only where the city says so. To close is then to approve the text as it stands; who would have it
otherwise writes it anew, for somebody else to approve, or sends it back with words.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, Refusal
from wangge.notices import service as notices
from wangge.notices.models import Notice
from wangge.people.models import Actor
from wangge.people.roles import ROLES
from wangge.tenant.rules import Rules

DRAFTS = frozenset({Action.DRAFT_ANSWER, Action.RETURN_ANSWER})
# Who first wrote the words that now stand to be sent.
AUTHOR = """
select account_id from case_steps where case_id = %s and round = %s and account_id is not null
    and action in ('finish', 'self_handle', 'draft_answer')
    and coalesce(nullif(answer, ''), note) = %s
order by seq limit 1
"""
OTHERS = """
select 1 from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.account_id <> %s and p.valid @> city_today() and p.role = any(%s) limit 1
"""


def author(tx: Tx, case: dict[str, Any]) -> UUID | None:
    row = tx.one(AUTHOR, [case["id"], case["round"], case["answer"]])
    return row["account_id"] if row else None


def checked(
    tx: Tx, known: Rules, actor: Actor, case: dict[str, Any], given: StepInput
) -> StepInput:
    """Refuse to close with words that nobody else has approved; tell the author what came back.

    Where the desk has nobody else the author may close, and the history says by which rule.
    """
    if given.action is Action.RETURN_ANSWER:
        _tell_author(tx, case, given)
    if given.action is not Action.CLOSE or not known.switches.approve_answers:
        return given
    if given.answer != case["answer"].strip():
        raise Refusal(
            "not_approved",
            "答复须由他人审核：请按原文结案，或用“拟写答复”改写后由他人审核；您填写的内容仍在",
            "somebody else approves an answer: close with it as it stands, or write it anew",
            field="answer",
        )
    if author(tx, case) != actor.id:
        return given
    named = known.workflow.by_action.get(Action.CLOSE.value)
    only = named.roles if named else ()
    roles = [name for name, role in ROLES.items()
             if "case.close" in role.grants and (not only or name in only)]  # fmt: skip
    if tx.one(OTHERS, [case["desk_id"], actor.id, roles]):
        raise NotAllowed(
            "own_answer",
            "答复由您拟写，须由他人审核后发出；您填写的内容仍在",
            "you wrote this answer; somebody else approves it; what you typed is kept",
        )
    return replace(given, data={**given.data, "rule": "only_approver"})


def _tell_author(tx: Tx, case: dict[str, Any], given: StepInput) -> None:
    found = author(tx, case)
    if found is None:
        return
    body = {"number": case["number"], "title": case["title"], "note": given.note[:200]}
    notices.notify(tx, [Notice(account_id=found, code="answer_returned", case_id=case["id"],
                               body=body)])  # fmt: skip


def is_offered(known: Rules, action: Action) -> bool:
    """Writing an answer anew and sending one back are steps of a city that approves answers."""
    return action not in DRAFTS or known.switches.approve_answers
