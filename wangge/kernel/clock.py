"""The city's clock: one row per tenant, so that every process and every statement agrees."""

from datetime import datetime, timedelta

from wangge.kernel.db import Tx

SHIFT = "update clock set frozen_at = null, shift = %s - statement_timestamp()"
FREEZE = "update clock set frozen_at = %s"


def set_to(tx: Tx, moment: datetime, *, frozen: bool = False) -> None:
    """From this transaction's end on, the city's time is ``moment``, running or frozen."""
    tx.run(SHIFT, [moment])
    if frozen:
        tx.run(FREEZE, [moment])


def freeze(tx: Tx) -> None:
    tx.run(FREEZE, [tx.now])


def run_on(tx: Tx) -> None:
    """Let a frozen clock go on from where it stands."""
    tx.run(SHIFT, [tx.now])


def advance(tx: Tx, by: timedelta) -> None:
    tx.run(
        "update clock set frozen_at = frozen_at + %(by)s,"
        " shift = case when frozen_at is null then shift + %(by)s else shift end",
        {"by": by},
    )


def real(tx: Tx) -> None:
    tx.run("update clock set frozen_at = null, shift = '0'")
