"""Jobs that hand an SMS or a call to its gateway; safe to run twice: the gateway knows the id."""

from contextlib import suppress
from uuid import UUID

from wangge.kernel.errors import Invalid
from wangge.kernel.queue import Open, task
from wangge.notices import calling, service, unread
from wangge.notices.gateway import NeverSent, TryAgain, gateway
from wangge.notices.voice import voice_gateway


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


@task(unread.TASK)
def tell_by_sms(open_tx: Open, notice_id: str) -> None:
    with open_tx() as tx:
        found = unread.words(tx, UUID(notice_id))
        if found is None:
            return
        phone, values, case_id, message_id = found
        with suppress(Invalid):  # what is no mobile number rings nowhere
            service.send_sms(
                tx, phone, "unread_notice", values, purpose="notice", case_id=case_id,
                message_id=message_id,
            )  # fmt: skip


@task(calling.TASK)
def call(open_tx: Open, call_id: str) -> None:
    key = UUID(call_id)
    with open_tx() as tx:
        waiting, tenant = calling.waiting(tx, key), tx.cell.tenant
    if waiting is None:
        return
    try:
        provider_id = calling.hand_over(voice_gateway(), tenant, key, *waiting)
    except (TryAgain, NeverSent) as trouble:
        with open_tx() as tx:
            calling.not_placed(tx, key, trouble)
    else:
        with open_tx() as tx:
            calling.placed(tx, key, provider_id)
