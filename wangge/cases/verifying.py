"""先核实: what the public reports of such a type is looked at on the spot before it is taken on."""

from typing import Any

from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.tenant.rules import Rules

# Sent and come back because nobody could go is enough: it must not go round for ever.
SENT = "select 1 from case_steps where case_id = %s and action = 'send_verify' limit 1"


def check_first(tx: Tx, known: Rules, case: dict[str, Any], given: StepInput) -> None:
    """Refuse to take on what has first to be verified; an emergency waits for nothing."""
    if given.action is not Action.ACCEPT or not case["has_asker"] or case["emergency"]:
        return
    asks = any(kind.verify_first for kind in known.types.line(given.type or case["type"]))
    if asks and tx.one(SENT, [case["id"]]) is None:
        raise Refusal(
            "verify_first",
            "这类公众反映的事项须先派网格员核实再受理；您填写的内容仍在，可改为“派去核实”",
            "what the public reports of this type is verified on the spot before it is accepted;"
            " what you typed is kept: send somebody to verify it",
            instead=Action.SEND_VERIFY.value,
        )
