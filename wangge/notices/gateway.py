"""The SMS gateway as this platform speaks to it; docs/sms-gateway.md is the interface."""

import hmac
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from uuid import UUID

import httpx2

from wangge.kernel import secrets
from wangge.settings import settings

TIMEOUT = 10.0
SIGNATURE_AGE = 300  # seconds for which a signed receipt is believed


class TryAgain(Exception):  # noqa: N818 - named by what to do
    """The gateway is away or busy; the same message may be sent again."""


class NeverSent(Exception):  # noqa: N818 - named by what happened
    """The gateway refuses this message for good."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where messages go, and the secret that both sides share."""

    url: str
    token: str
    timeout: float

    def send(
        self, message_id: UUID, phone: str, text: str, *, receipts: str, replies: str = ""
    ) -> str:
        """Hand one message over and return the provider's id; the same id twice is one SMS."""
        said = {"id": str(message_id), "phone": phone, "text": text, "receipts": receipts}
        return hand_over(self, "messages", {**said, "replies": replies})


class Provider(Protocol):
    """Where something is handed over, and the secret that both sides share."""

    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def timeout(self) -> float: ...


def hand_over(provider: Provider, what: str, body: dict[str, str]) -> str:
    """Hand one thing over and return the provider's id for it.

    ``TryAgain`` when the provider is away or busy, ``NeverSent`` when it refuses for good.
    """
    try:
        answer = httpx2.post(
            f"{provider.url.rstrip('/')}/{what}",
            json=body,
            headers={"Authorization": f"Bearer {provider.token}"},
            timeout=provider.timeout,
            verify=trust(),
        )
    except httpx2.TransportError as error:
        raise TryAgain(type(error).__name__) from error
    if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
        raise TryAgain(f"HTTP {answer.status_code}")
    if answer.status_code != 202:
        raise NeverSent(f"HTTP {answer.status_code} {answer.text[:200]}")
    return str(answer.json()["provider_id"])


@cache
def trust() -> ssl.SSLContext:
    """Whom a connection believes: read once, because reading takes longer than a message."""
    return httpx2.create_ssl_context()


def gateway() -> Gateway:
    chosen = settings()
    url = chosen.sms_url or f"http://127.0.0.1:{chosen.sms_port}"
    return Gateway(url, shared_token(), TIMEOUT)


def shared_token() -> str:
    return settings().sms_token or secrets.kept(settings().keys / "sms.token")


def sign(token: str, body: bytes, *, at: int | None = None) -> str:
    """Give the header ``X-Wangge-Signature`` of a receipt: ``t=<unix seconds>,v1=<hex>``."""
    moment = int(time.time()) if at is None else at
    digest = hmac.new(token.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
    return f"t={moment},v1={digest}"


def is_signed(token: str, body: bytes, header: str) -> bool:
    """Whether the receipt comes from the gateway and is not an old one played again."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment = parts.get("t", "")
    if not moment.isdecimal() or abs(time.time() - int(moment)) > SIGNATURE_AGE:
        return False
    return hmac.compare_digest(sign(token, body, at=int(moment)).encode(), header.encode())
