"""Facts beside the figures: what could flatter them, counted and shown, without a judgement."""

from dataclasses import dataclass

from wangge.cases.figure_sets import COUNTED_AS, FINISHED, OPEN, STANDS, Standing, within
from wangge.cases.models import State

MANY, SLOT_MINUTES, LAST_MINUTES, QUICK_MINUTES = 10, 10, 30, 5
SLOT = f"date_bin('{SLOT_MINUTES} minutes', {{}}.closed_at, timestamptz '2000-01-01 00:00:00+00')"


def _listed(states: frozenset[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


@dataclass(frozen=True, slots=True)
class Fact:
    """A count with its condition; one with ``past`` looks at what came in before the period."""

    code: str
    zh: str
    en: str
    where: str
    past: bool = False

    def reach(self, within_where: str) -> str:
        """The rows among which it is counted; older open cases have let the period pass them by."""
        return (
            within_where.replace("c.until_at >= %(first)s and ", "")
            if self.past
            else (within_where)
        )


GUESS = "c.route -> 'suggested' -> 0 ->> 'code'"
DONE = f"c.state in ({_listed(FINISHED)}) and c.merged_at is null and {within('closed_at')}"
OUT = {state: state.value for state, stands in STANDS.items() if stands is Standing.LEFT_OUT}
ALL = (
    Fact(
        "bulk_closed",
        f"同一受理台 {SLOT_MINUTES} 分钟内结案 {MANY} 件以上的",
        f"closed by one desk within {SLOT_MINUTES} minutes together with {MANY - 1} or more others",
        f"{DONE} and (c.desk_id, {SLOT.format('c')}) in (select x.desk_id, {SLOT.format('x')}"
        f" from cases x where x.closed_at >= %(first)s and x.closed_at < %(cap)s"
        f" and x.state in ({_listed(FINISHED)}) and x.merged_at is null"
        f" group by 1, 2 having count(*) >= {MANY})",
    ),
    Fact(
        "last_minute_closed",
        f"总时限到期前 {LAST_MINUTES} 分钟内结案的",
        f"closed in the last {LAST_MINUTES} minutes of the whole limit",
        f"{DONE} and c.total_due_at >= c.closed_at"
        f" and c.total_due_at - c.closed_at < interval '{LAST_MINUTES} minutes'",
    ),
    Fact(
        "quickly_handled",
        f"签收后 {QUICK_MINUTES} 分钟内处置完毕的",
        f"handled within {QUICK_MINUTES} minutes of being acknowledged",
        f"{within('handle_done_at')} and c.path = 'main'"
        f" and c.handle_done_at - c.acknowledge_done_at < interval '{QUICK_MINUTES} minutes'",
    ),
    Fact("reworked", "核查退回（返工）的", "sent back by a check", within("reworked_at")),
    Fact("reopened", "反映人要求重新办理的", "reopened by the asker", within("reopened_at")),
    Fact(
        "misdispatched", "派出后被退回或撤回的", "returned or recalled after dispatch",
        within("misdispatched_at"),
    ),
    Fact("merged", "并入别的事项的", "merged into another case", within("merged_at")),
    Fact("extended", "延长过时限的", "given a longer limit", within("extended_at")),
    Fact(
        "suspended", "期内挂账的", "put by in the period",
        f"c.id in (select r.case_id from case_requests r where r.kind = 'suspension'"
        f" and r.status = 'granted' and {within('decided_at').replace('c.', 'r.')})",
    ),
    Fact(
        "paused", "期内停过表的", "whose clock was stopped in the period",
        f"c.id in (select r.case_id from case_requests r where r.kind = 'pause'"
        f" and r.status = 'granted' and {within('decided_at').replace('c.', 'r.')})",
    ),
    Fact(
        "unreached",
        "回访没有联系上、不在满意率和解决率里的",
        "called back in vain, in neither satisfaction nor solved",
        "c.id in (select k.case_id from case_contacts k where k.outcome = 'unreached'"
        f" and {within('at').replace('c.', 'k.')})",
    ),
    Fact(
        "unreasonable",
        "经二级裁定诉求不合理、不在满意率和解决率里的",
        "ruled to be without ground, in neither satisfaction nor solved",
        within("unreasonable_at"),
    ),
    Fact(
        "type_guess_taken", "建议的类型被采用的", "whose suggested type was taken",
        f"{within('received_at')} and {GUESS} = c.type",
    ),
    Fact(
        "type_guess_changed", "建议了类型、人工定为别的", "given another type than suggested",
        f"{within('received_at')} and {GUESS} <> c.type",
    ),
    Fact(
        "type_unsure", "类型建议为“不确定”的", "whose type was suggested as uncertain",
        f"{within('received_at')} and c.route @> '{{\"unsure\": true}}'",
    ),
    Fact(
        "unit_guess_taken", "按目录建议的单位派出的", "sent to the unit that the directory names",
        f"{within('received_at')} and (c.route ->> 'unit_id')::uuid = c.unit_id",
    ),
    Fact(
        "unit_guess_changed", "目录有建议、派给别的单位的", "sent to another unit than that",
        f"{within('received_at')} and (c.route ->> 'unit_id')::uuid <> c.unit_id",
    ),
    Fact(
        "left_out", "收到后不计入结案的（不予受理、撤回、并案、分拆等）",
        "received and left out (declined, withdrawn, merged, split up)",
        f"{COUNTED_AS} in ({_listed(frozenset(OUT))}) and {within('received_at')}",
    ),
    Fact(
        "carried_over", "期初以前收到、现仍未结案的", "received before the period and still open",
        f"c.state in ({_listed(OPEN)}) and c.received_at < %(first)s", past=True,
    ),
)  # fmt: skip
FACTS = {fact.code: fact for fact in ALL}
