"""Who really asks, and by which scheme: only proxies that the settings name are believed."""

from collections.abc import MutableMapping
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from wangge.settings import settings

Scope = MutableMapping[str, Any]


def unwrap(scope: Scope) -> None:
    """Put the asker's own address and scheme in the place of the trusted proxy's."""
    if not settings().trusted_proxies or not scope.get("client"):
        return
    at: str = scope["client"][0]
    if not trusted(at):
        return
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        # The same header twice is one list, as the last proxy wrote it.
        headers[name] = headers[name] + b"," + value if name in headers else value
    scope["client"] = (asker(headers.get(b"x-forwarded-for", b"").decode("latin-1"), at), 0)
    scheme = headers.get(b"x-forwarded-proto", b"").decode("latin-1").split(",")[-1].strip()
    if scheme in {"http", "https"}:
        scope["scheme"] = scheme


def asker(forwarded: str, proxy: str) -> str:
    """The nearest address that is no trusted proxy; whatever stands before it anybody may write."""
    found = proxy
    for part in reversed(forwarded.split(",")):
        try:
            found = str(ip_address(part.strip()))
        except ValueError:
            return found
        if not trusted(found):
            return found
    return found


@lru_cache(maxsize=4096)
def trusted(address: str) -> bool:
    try:
        at = ip_address(address)
    except ValueError:
        return address in settings().trusted_proxies
    return any(at in ip_network(one, strict=False) for one in settings().trusted_proxies)


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str:
    """What one asker can hardly change: the address, of IPv6 the network of a household (/64)."""
    try:
        at = ip_address(address)
    except ValueError:
        return address[:60]
    if not isinstance(at, IPv6Address):
        return str(at)
    return str(at.ipv4_mapped or IPv6Network((at, 64), strict=False))
