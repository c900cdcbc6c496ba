"""The voice gateway as this platform speaks to it; docs/voice-gateway.md is the interface."""

from dataclasses import dataclass
from uuid import UUID

from wangge.kernel import secrets
from wangge.notices.gateway import TIMEOUT, hand_over
from wangge.settings import settings

KEY = "1"  # pressed on the telephone, it says that the message was understood


@dataclass(frozen=True, slots=True)
class VoiceGateway:
    """Where calls are placed, and the secret that both sides share."""

    url: str
    token: str
    timeout: float

    def call(self, call_id: UUID, phone: str, text: str, *, results: str) -> str:
        """Hand one call over and return the provider's id; the same id twice is one call."""
        body = {"id": str(call_id), "phone": phone, "text": text, "key": KEY, "results": results}
        return hand_over(self, "calls", body)


def voice_gateway() -> VoiceGateway:
    chosen = settings()
    url = chosen.voice_url or f"http://127.0.0.1:{chosen.voice_port}"
    return VoiceGateway(url, voice_token(), TIMEOUT)


def voice_token() -> str:
    return settings().voice_token or secrets.kept(settings().keys / "voice.token")
