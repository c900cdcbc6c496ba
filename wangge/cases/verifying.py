"""先核实: what the public reports of such a type is looked at on the spot before it is taken on."""

from typing import Any

from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.tenant.rules import Rules

# What the staff found themselves they have seen; an emergency waits for nothing. Sent and come back
# because nobody could go is enough: it must not go round for ever.
WAITS = """
select 1 from cases c where c.id = %s and c.emergency = '{}'
    and (c.created_by is null or exists (select from case_askers k where k.case_id = c.id))
    and not exists (select from case_steps s where s.case_id = c.id and s.action = 'send_verify')
"""


def is_waited_for(tx: Tx, known: Rules, case: dict[str, Any], code: str | None) -> bool:
    """Whether somebody has to look before it is taken on as that."""
    return known.types.is_verified_first(code) and tx.one(WAITS, [case["id"]]) is not None


def leads_on(tx: Tx, known: Rules, case: dict[str, Any]) -> Action:
    """The step with which the desk goes on with a new report, as far as its type is known."""
    heard = (case["route"] or {}).get("suggested") or [{}]
    first = is_waited_for(tx, known, case, case["type"] or heard[0].get("code"))
    return Action.SEND_VERIFY if first else Action.ACCEPT


def check_first(tx: Tx, known: Rules, case: dict[str, Any], given: StepInput) -> None:
    """Refuse to take on what has first to be verified."""
    if given.action is not Action.ACCEPT:
        return
    if is_waited_for(tx, known, case, given.type or case["type"]):
        raise Refusal(
            "verify_first",
            "这类公众反映的事项须先派网格员核实再受理；您填写的内容仍在，可改为“派去核实”",
            "what the public reports of this type is verified on the spot before it is accepted;"
            " what you typed is kept: send somebody to verify it",
            instead=Action.SEND_VERIFY.value,
        )
