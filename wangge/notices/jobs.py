"""The job that hands an SMS to the gateway; safe to run twice, for the gateway knows the id."""

from uuid import UUID

from wangge.kernel.queue import Open, task
from wangge.notices import service
from wangge.notices.gateway import NeverSent, TryAgain, gateway


@task(service.TASK)
def send(open_tx: Open, message_id: str) -> None:
    key = UUID(message_id)
    with open_tx() as tx:
        waiting, tenant = service.to_send(tx, key), tx.cell.tenant
    if waiting is None:
        return
    try:
        provider_id = service.hand_over(gateway(), tenant, key, *waiting)
    except (TryAgain, NeverSent) as trouble:
        with open_tx() as tx:
            service.not_sent(tx, key, trouble)
    else:
        with open_tx() as tx:
            service.sent(tx, key, provider_id)
